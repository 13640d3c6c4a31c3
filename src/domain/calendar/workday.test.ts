import { describe, expect, test } from '@jest/globals';

import { createCalendar } from './workday.js';

const calendar = createCalendar([]);

describe('the working calendar', () => {
  test('public holidays and the weekend days worked for them follow the official calendar', () => {
    expect(calendar.isWorkday('2026-10-01')).toBe(false);
    expect(calendar.isWorkday('2026-10-10')).toBe(true);
    expect(calendar.isWorkday('2026-02-14')).toBe(true);
    expect(calendar.isWorkday('2026-11-21')).toBe(false);
    expect(calendar.isWorkday('2026-11-23')).toBe(true);
  });

  test('the first working day after a holiday is found across the exchanged days', () => {
    expect(calendar.nextWorkday('2026-09-30')).toBe('2026-10-08');
    expect(calendar.nextWorkday('2026-02-14')).toBe('2026-02-24');
    expect(calendar.rollForward('2026-10-10')).toBe('2026-10-10');
    expect(calendar.rollForward('2026-10-11')).toBe('2026-10-12');
  });

  test('working days are counted forwards and backwards', () => {
    expect(calendar.addWorkdays('2026-11-18', 3)).toBe('2026-11-23');
    expect(calendar.addWorkdays('2026-11-23', -3)).toBe('2026-11-18');
    expect(calendar.addWorkdays('2026-11-21', 0)).toBe('2026-11-21');
    expect(calendar.workdaysBetween('2026-11-18', '2026-11-23')).toBe(3);
    expect(calendar.workdaysBetween('2026-11-23', '2026-11-18')).toBe(-3);
    expect(calendar.workdaysBetween('2026-11-18', '2026-11-18')).toBe(0);
  });

  test('holidays are spans with a name', () => {
    expect(calendar.holidays(2026).map(({ name, from, to }) => `${name} ${from} ${to}`)).toEqual([
      '元旦 2026-01-01 2026-01-03',
      '春节 2026-02-15 2026-02-23',
      '清明 2026-04-04 2026-04-06',
      '劳动节 2026-05-01 2026-05-05',
      '端午 2026-06-19 2026-06-21',
      '中秋 2026-09-25 2026-09-27',
      '国庆节 2026-10-01 2026-10-07',
    ]);
    expect(calendar.nextHoliday('国庆节', '2026-10-08')?.from.slice(0, 4)).toBe('2027');
    expect(calendar.nextHoliday('周年庆', '2026-10-08')).toBeUndefined();
  });

  test('a year that is not published has its weekends and statutory days, the lunar ones too', () => {
    expect(calendar.isPublished(2026)).toBe(true);
    expect(calendar.isPublished(2027)).toBe(false);
    expect(calendar.isWorkday('2027-01-01')).toBe(false);
    expect(calendar.isWorkday('2027-02-08')).toBe(false);
    expect(calendar.isWorkday('2027-02-09')).toBe(true);
    expect(calendar.nextHoliday('端午', '2027-01-01')).toEqual({
      name: '端午',
      from: '2027-06-09',
      to: '2027-06-09',
    });
  });

  test('the overlay has the last word', () => {
    const ours = createCalendar([
      { date: '2026-11-20', kind: 'holiday', name: '司庆' },
      { date: '2026-11-21', kind: 'workday', name: '司庆' },
      { date: '2027-01-02', kind: 'holiday', name: '元旦' },
    ]);
    expect(ours.isWorkday('2026-11-20')).toBe(false);
    expect(ours.isWorkday('2026-11-21')).toBe(true);
    expect(ours.nextHoliday('司庆', '2026-11-01')).toEqual({
      name: '司庆',
      from: '2026-11-20',
      to: '2026-11-20',
    });
    expect(ours.isWorkday('2026-10-10')).toBe(true);
  });
});
