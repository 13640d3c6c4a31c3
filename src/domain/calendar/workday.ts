import chineseDays from 'chinese-days';

import { addDays, weekdayOf } from '../../kernel/index.js';
import type { Day } from '../../kernel/index.js';

/** One public holiday: every day off in a row, weekend days and exchanged days included. */
export interface Holiday {
  /** 元旦 春节 清明 劳动节 端午 中秋 国庆节, or the name given in the overlay. */
  readonly name: string;
  readonly from: Day;
  readonly to: Day;
}

/** One line of `config/calendar.yaml`: a day that differs from what the built-in calendar says. */
export interface CalendarOverlayEntry {
  readonly date: Day;
  readonly kind: 'holiday' | 'workday';
  readonly name: string;
}

/** The working days and public holidays of mainland China (含调休). */
export interface Calendar {
  isWorkday(day: Day): boolean;
  /** The first working day after `day`; `day` itself is never returned. */
  nextWorkday(day: Day): Day;
  /** The `n`th working day after (before, when negative) `day`. 0 gives `day` itself. */
  addWorkdays(day: Day, n: number): Day;
  /** `day` when it is a working day, else the first one after it. */
  rollForward(day: Day): Day;
  /** Working days in `(from, to]`: 0 for the same day, negative when `to` lies before `from`. */
  workdaysBetween(from: Day, to: Day): number;
  /** Public holidays that begin in `year`, in order. */
  holidays(year: number): readonly Holiday[];
  /** The next holiday called `name` that ends on or after `day`; `undefined` for an unknown name. */
  nextHoliday(name: string, day: Day): Holiday | undefined;
  /** Is the official calendar of `year` known, or is it weekends and statutory days only? */
  isPublished(year: number): boolean;
}

/** Walks stop here, so that a broken overlay (a year of holidays) cannot loop for ever. */
const LONGEST_WALK_DAYS = 400;

/** What is known of one year: days that are not what their weekday says, and the holidays. */
interface Year {
  readonly exceptions: ReadonlyMap<Day, boolean>;
  readonly holidays: readonly Holiday[];
  readonly published: boolean;
}

/**
 * Builds the calendar: the official one where `chinese-days` has it, weekends and statutory days
 * (lunar ones included) elsewhere, both corrected by `overlay`.
 *
 * @example createCalendar([]).nextWorkday('2026-09-30') // '2026-10-08'
 */
export function createCalendar(overlay: readonly CalendarOverlayEntry[]): Calendar {
  const years = new Map<number, Year>();
  const yearOf = (year: number): Year => {
    let known = years.get(year);
    if (!known) years.set(year, (known = buildYear(year, overlay)));
    return known;
  };
  const isWorkday = (day: Day): boolean =>
    yearOf(Number(day.slice(0, 4))).exceptions.get(day) ?? weekdayOf(day) <= 5;
  const step = (day: Day, direction: 1 | -1): Day => {
    let at = day;
    for (let i = 0; i < LONGEST_WALK_DAYS; i++) {
      at = addDays(at, direction);
      if (isWorkday(at)) return at;
    }
    return at;
  };
  const addWorkdays = (day: Day, n: number): Day => {
    let at = day;
    for (let i = Math.abs(Math.trunc(n)); i > 0; i--) at = step(at, n > 0 ? 1 : -1);
    return at;
  };
  return {
    isWorkday,
    nextWorkday: (day) => step(day, 1),
    addWorkdays,
    rollForward: (day) => (isWorkday(day) ? day : step(day, 1)),
    workdaysBetween: (from, to) => countWorkdays(from, to, isWorkday),
    holidays: (year) => yearOf(year).holidays,
    nextHoliday: (name, day) => {
      const year = Number(day.slice(0, 4));
      return [year - 1, year, year + 1]
        .flatMap((y) => yearOf(y).holidays)
        .find((holiday) => holiday.name === name && holiday.to >= day);
    },
    isPublished: (year) => yearOf(year).published,
  };
}

function countWorkdays(from: Day, to: Day, isWorkday: (day: Day) => boolean): number {
  if (to < from) return -countWorkdays(to, from, isWorkday);
  let count = 0;
  for (let day = addDays(from, 1); day <= to; day = addDays(day, 1)) if (isWorkday(day)) count++;
  return count;
}

function buildYear(year: number, overlay: readonly CalendarOverlayEntry[]): Year {
  const off = officialYear(year);
  const published = off.size > 0 || overlay.some((entry) => entry.date.startsWith(`${year}-`));
  const named = off.size > 0 ? off : statutoryYear(year);
  for (const entry of overlay) {
    if (!entry.date.startsWith(`${year}-`)) continue;
    named.set(entry.date, { work: entry.kind === 'workday', name: entry.name });
  }
  const exceptions = new Map([...named].map(([day, detail]) => [day, detail.work]));
  return { exceptions, holidays: spans(named), published };
}

interface Detail {
  readonly work: boolean;
  readonly name: string;
}

/** Days `chinese-days` names for `year`; empty when the year is not published there. */
function officialYear(year: number): Map<Day, Detail> {
  const days = new Map<Day, Detail>();
  for (let day = `${year}-01-01`; day <= `${year}-12-31`; day = addDays(day, 1)) {
    const { work, name } = chineseDays.getDayDetail(day);
    // An ordinary day is called “Friday”; an official one “National Day,国庆节,3”.
    const chinese = name.split(',')[1];
    if (chinese) days.set(day, { work, name: chinese });
  }
  return days;
}

/** The days off by law, without the exchanged ones the State Council adds each autumn. */
function statutoryYear(year: number): Map<Day, Detail> {
  const lunar = (month: number, day: number): Day =>
    chineseDays.getSolarDateFromLunar(`${year}-${month}-${day}`).date;
  const newYearsDay = lunar(1, 1);
  const off: readonly (readonly [string, readonly Day[]])[] = [
    ['元旦', [`${year}-01-01`]],
    ['春节', [-1, 0, 1, 2].map((n) => addDays(newYearsDay, n))],
    ['清明', [chineseDays.getSolarTermDate(year, 4, 'pure_brightness')]],
    ['劳动节', [`${year}-05-01`, `${year}-05-02`]],
    ['端午', [lunar(5, 5)]],
    ['中秋', [lunar(8, 15)]],
    ['国庆节', [`${year}-10-01`, `${year}-10-02`, `${year}-10-03`]],
  ];
  return new Map(off.flatMap(([name, days]) => days.map((day) => [day, { work: false, name }])));
}

/** Joins days off of one name into holidays, stretched over the weekends that touch them. */
function spans(named: ReadonlyMap<Day, Detail>): Holiday[] {
  const isOff = (day: Day): boolean => {
    const detail = named.get(day);
    return detail ? !detail.work : weekdayOf(day) > 5;
  };
  const holidays: Holiday[] = [];
  for (const [day, { work, name }] of [...named].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const last = holidays.at(-1);
    if (work || (last && day <= last.to)) continue;
    let from = day;
    while (isOff(addDays(from, -1)) && !named.has(addDays(from, -1))) from = addDays(from, -1);
    let to = day;
    while (isOff(addDays(to, 1))) to = addDays(to, 1);
    holidays.push({ name, from, to });
  }
  return holidays;
}
