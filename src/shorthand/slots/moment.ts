import { addDays, clockTimeOf, dayOf, monthOf, weekdayOf, weekOf } from '../../kernel/index.js';
import type { Day } from '../../kernel/index.js';
import type { ReadingCalendar } from '../reading.js';

/** The moment a message was sent, and the calendar its words are measured with. */
export interface Moment {
  readonly today: Day;
  /** `HH:mm` in Shanghai. */
  readonly time: string;
  readonly at: Date;
  readonly year: number;
  readonly month: number;
  readonly dayOfMonth: number;
  readonly weekday: number;
  readonly calendar: ReadingCalendar;
}

export function momentOf(at: Date, calendar: ReadingCalendar): Moment {
  const today = dayOf(at);
  return {
    today,
    time: clockTimeOf(at),
    at,
    year: Number(today.slice(0, 4)),
    month: Number(today.slice(5, 7)),
    dayOfMonth: Number(today.slice(8)),
    weekday: weekdayOf(today),
    calendar,
  };
}

export interface DaySpan {
  readonly from: Day;
  readonly to: Day;
}

const two = (n: number): string => String(n).padStart(2, '0');

/** `undefined` when the month has no such day. */
export function dayAt(year: number, month: number, day: number): Day | undefined {
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  return `${year}-${two(month)}-${two(day)}`;
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** The whole month, `offset` months from the month of `moment`. */
export function monthSpan(year: number, month: number): DaySpan {
  const index = year * 12 + month - 1;
  const { first, last } = monthOf(`${Math.floor(index / 12)}-${two((index % 12) + 1)}-01`);
  return { from: first, to: last };
}

/** Quarter 1–4; numbers outside roll over into other years. */
export function quarterSpan(year: number, quarter: number): DaySpan {
  const index = year * 4 + quarter - 1;
  const month = (index % 4) * 3 + 1;
  const at = Math.floor(index / 4);
  return { from: monthSpan(at, month).from, to: monthSpan(at, month + 2).to };
}

/** The Monday–Sunday week `offset` weeks from today's. */
export function weekSpan(moment: Moment, offset: number): DaySpan {
  const { first, last } = weekOf(addDays(moment.today, 7 * offset));
  return { from: first, to: last };
}

/** The same day `months` later, clamped to the month's last day. */
export function addMonths(moment: Moment, months: number): Day {
  const index = moment.year * 12 + moment.month - 1 + months;
  const year = Math.floor(index / 12);
  const month = (index % 12) + 1;
  return `${year}-${two(month)}-${two(Math.min(moment.dayOfMonth, daysIn(year, month)))}`;
}

/** The last working day in the span, or its last day when there is none. */
export function lastWorkdayIn(span: DaySpan, calendar: ReadingCalendar): Day {
  for (let day = span.to; day >= span.from; day = addDays(day, -1)) {
    if (calendar.isWorkday(day)) return day;
  }
  return span.to;
}

/** The first working day in the span, or its first day when there is none. */
export function firstWorkdayIn(span: DaySpan, calendar: ReadingCalendar): Day {
  for (let day = span.from; day <= span.to; day = addDays(day, 1)) {
    if (calendar.isWorkday(day)) return day;
  }
  return span.from;
}

/** The first working day after `day`. */
export function workdayAfter(day: Day, calendar: ReadingCalendar): Day {
  let at = addDays(day, 1);
  for (let i = 0; i < 60 && !calendar.isWorkday(at); i++) at = addDays(at, 1);
  return at;
}

/** The `n`th working day after today. */
export function workdaysFrom(today: Day, n: number, calendar: ReadingCalendar): Day {
  let at = today;
  for (let i = 0; i < Math.min(n, 250); i++) at = workdayAfter(at, calendar);
  return at;
}
