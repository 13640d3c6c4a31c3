import { describe, expect, test } from '@jest/globals';

import { createCalendar } from '../domain/index.js';
import { MINUTE_MS } from '../kernel/index.js';
import { PASSAGES, capWindows, quietUntil } from './policy.js';

const calendar = createCalendar([]);
const quiet = { from: '20:00', to: '08:30', nonWorkdays: true };

const at = (text: string): Date => new Date(`${text}:00+08:00`);

describe('quiet hours', () => {
  test.each([
    ['a working morning', '2026-03-11T10:00', null],
    ['the first minute of the day', '2026-03-11T08:30', null],
    ['the last minute before the evening', '2026-03-11T19:59', null],
    ['the evening', '2026-03-11T20:00', '2026-03-12T08:30'],
    ['past midnight', '2026-03-11T00:30', '2026-03-11T08:30'],
    ['the early morning', '2026-03-11T08:29', '2026-03-11T08:30'],
    ['Friday night', '2026-03-13T21:00', '2026-03-16T08:30'],
    ['Saturday noon', '2026-03-14T12:00', '2026-03-16T08:30'],
    ['Sunday small hours', '2026-03-15T03:00', '2026-03-16T08:30'],
    ['the eve of a holiday', '2026-09-30T21:00', '2026-10-08T08:30'],
    ['a Saturday worked in exchange (调休)', '2026-10-10T10:00', null],
  ])('%s (%s) is quiet until %s', (_, now, until) => {
    const ends = quietUntil(at(now), quiet, calendar, 'alert:zhangsan');
    if (until === null) {
      expect(ends).toBeNull();
      return;
    }
    // A few minutes later, so that not everything leaves at once, on the hour.
    const late = (ends?.getTime() ?? 0) - at(until).getTime();
    expect(late).toBeGreaterThanOrEqual(MINUTE_MS);
    expect(late).toBeLessThan(10 * MINUTE_MS);
  });

  test('end at the same moment for all that waits in one lane, at others for other lanes', () => {
    const ends = (now: string, lane: string) => quietUntil(at(now), quiet, calendar, lane);
    expect(ends('2026-03-11T21:00', 'alert:a')).toEqual(ends('2026-03-12T07:00', 'alert:a'));
    expect(ends('2026-03-11T21:00', 'alert:a')).not.toEqual(ends('2026-03-11T21:00', 'alert:b'));
  });

  test('may lie within one day, and may leave days off alone', () => {
    const lunch = { from: '12:00', to: '13:30', nonWorkdays: false };
    expect(quietUntil(at('2026-03-14T11:59'), lunch, calendar, 'x')).toBeNull();
    expect(quietUntil(at('2026-03-14T12:00'), lunch, calendar, 'x')).not.toBeNull();
    expect(quietUntil(at('2026-03-14T13:30'), lunch, calendar, 'x')).toBeNull();
  });

  test('are kept by alerts alone', () => {
    const keeping = Object.entries(PASSAGES).filter(([, { keepsQuiet }]) => keepsQuiet);
    expect(keeping.map(([name]) => name)).toEqual(['alert']);
  });
});

test('caps count by the Shanghai day and by any hour', () => {
  expect(capWindows('zhangsan', { perDay: 3, perHour: 2 }, at('2026-03-11T00:10'))).toEqual([
    { key: 'alert:zhangsan:day', windowMs: 86_400_000, limit: 3, label: '2026-03-11' },
    { key: 'alert:zhangsan:hour', windowMs: 3_600_000, limit: 2 },
  ]);
});
