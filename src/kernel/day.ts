/**
 * Calendar days of the business, as `YYYY-MM-DD` in Asia/Shanghai whatever the machine's zone.
 * China has kept +08:00 without daylight saving since 1991, so the offset is a constant.
 */
export type Day = string;

const SHANGHAI_OFFSET_MS = 8 * 3_600_000;
export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;
export const MINUTE_MS = 60_000;

const DAY_SHAPE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Whether `text` is a real day: `2026-02-30` is not. */
export function isDay(text: string): text is Day {
  if (!DAY_SHAPE.test(text)) return false;
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

const two = (n: number): string => (n < 10 ? `0${n}` : String(n));

/** The UTC day of `at`. Written out by hand: a sentence is measured with dozens of days. */
const written = (at: Date): Day =>
  `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}`;

const midnightMs = (day: Day): number =>
  Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1, Number(day.slice(8, 10)));

/** The Shanghai day an instant falls on. */
export function dayOf(instant: Date): Day {
  return written(new Date(instant.getTime() + SHANGHAI_OFFSET_MS));
}

/** `HH:mm` in Shanghai. */
export function clockTimeOf(instant: Date): string {
  const at = new Date(instant.getTime() + SHANGHAI_OFFSET_MS);
  return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
}

/** The instant at which `day` reaches `time` (`HH:mm`, default midnight) in Shanghai. */
export function instantOf(day: Day, time = '00:00'): Date {
  return new Date(`${day}T${time}:00+08:00`);
}

export function addDays(day: Day, count: number): Day {
  return written(new Date(midnightMs(day) + count * DAY_MS));
}

/** Calendar days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return (midnightMs(to) - midnightMs(from)) / DAY_MS;
}

/** 1 = Monday … 7 = Sunday. */
export function weekdayOf(day: Day): number {
  return new Date(midnightMs(day)).getUTCDay() || 7;
}

/** First and last day of the Monday–Sunday week `day` lies in. */
export function weekOf(day: Day): { first: Day; last: Day } {
  const first = addDays(day, 1 - weekdayOf(day));
  return { first, last: addDays(first, 6) };
}

/** First and last day of the month `day` lies in. */
export function monthOf(day: Day): { first: Day; last: Day } {
  const lastDay = new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)), 0));
  return { first: `${day.slice(0, 7)}-01`, last: written(lastDay) };
}
