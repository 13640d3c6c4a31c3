import { describe, expect, test } from '@jest/globals';

import { clockTimeOf, dayOf } from '../../kernel/index.js';
import { createCalendar } from '../calendar/index.js';
import { digestDueAt, isDigestTime, nextDigestAt } from './schedule.js';

const at = (text: string): Date => new Date(`${text.replace(' ', 'T')}:00+08:00`);
const calendar = createCalendar([]);
const hours = { at: '08:30', until: '12:00' };
const shown = (instant: Date): string => `${dayOf(instant)} ${clockTimeOf(instant)}`;

test('every reader has a minute of their own, 3 to 27 past, the same every day', () => {
  const readers = Array.from({ length: 200 }, (_, n) => `group_${n}`);
  const minutes = readers.map((reader) => clockTimeOf(digestDueAt(reader, '2026-09-09', hours)));
  expect(minutes.every((minute) => minute >= '08:33' && minute <= '08:57')).toBe(true);
  expect(new Set(minutes).size).toBe(25);
  expect(minutes).toEqual(
    readers.map((reader) => clockTimeOf(digestDueAt(reader, '2026-10-08', hours))),
  );
});

describe('the time for a digest', () => {
  test.each([
    ['before its minute', '2026-09-09 08:32', false],
    ['after it', '2026-09-09 08:58', true],
    ['late in the morning', '2026-09-09 12:00', true],
    ['in the afternoon: it merges into the next', '2026-09-09 12:01', false],
    ['on a Saturday', '2026-09-12 09:30', false],
    ['on a Sunday worked for the holiday', '2026-09-20 09:30', true],
    ['on a Saturday worked for the holiday', '2026-10-10 09:30', true],
    ['in the National Day week', '2026-10-05 09:30', false],
  ])('%s', (_when, now, expected) => {
    expect(isDigestTime('east', at(now), hours, calendar)).toBe(expected);
  });
});

describe('the next digest', () => {
  test.each([
    ['tonight: tomorrow', null, '2026-09-09 20:00', '2026-09-10'],
    ['had today: tomorrow', '2026-09-09', '2026-09-09 09:30', '2026-09-10'],
    ['on the eve of the holiday: after it', '2026-09-30', '2026-09-30 18:00', '2026-10-08'],
    ['before the exchanged Saturday: on it', '2026-10-09', '2026-10-09 18:00', '2026-10-10'],
    ['in the early morning: today', '2026-09-08', '2026-09-09 06:00', '2026-09-09'],
  ])('%s', (_when, lastOn, now, expected) => {
    const next = nextDigestAt('east', lastOn, at(now), hours, calendar);
    expect(next).toEqual(digestDueAt('east', expected, hours));
  });

  test('one that is late is due now', () => {
    const now = at('2026-09-09 10:00');
    expect(shown(nextDigestAt('east', '2026-09-08', now, hours, calendar))).toBe(
      '2026-09-09 10:00',
    );
  });
});
