import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { addDays, clockTimeOf, dayOf, daysBetween, monthOf, weekdayOf, weekOf } from './day.js';

const instants = fc.date({
  min: new Date('1995-01-01T00:00:00Z'),
  max: new Date('2199-12-31T00:00:00Z'),
  noInvalidDate: true,
});

test('an instant has the day and the time that Shanghai shows', () => {
  const shanghai = new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'Asia/Shanghai',
    dateStyle: 'short',
    timeStyle: 'short',
  });
  fc.assert(
    fc.property(instants, (at) => {
      expect(`${dayOf(at)} ${clockTimeOf(at)}`).toBe(shanghai.format(at));
    }),
    { seed: 7 },
  );
});

test('days added are days between, over month ends and leap years', () => {
  fc.assert(
    fc.property(instants, fc.integer({ min: -4000, max: 4000 }), (at, count) => {
      const day = dayOf(at);
      const later = addDays(day, count);
      expect(daysBetween(day, later)).toBe(count);
      expect((weekdayOf(later) - weekdayOf(day) - count) % 7 === 0).toBe(true);
    }),
    { seed: 7 },
  );
});

test('weeks begin on Monday and months end on their last day', () => {
  expect(weekOf('2026-11-22')).toEqual({ first: '2026-11-16', last: '2026-11-22' });
  expect(weekOf('2027-01-01')).toEqual({ first: '2026-12-28', last: '2027-01-03' });
  expect(monthOf('2028-02-10')).toEqual({ first: '2028-02-01', last: '2028-02-29' });
  expect(monthOf('2026-12-31')).toEqual({ first: '2026-12-01', last: '2026-12-31' });
});
