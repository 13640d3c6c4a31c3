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

const modulo = (n: number, by: number): number => ((n % by) + by) % by;
const two = (n: number): string => (n < 10 ? `0${n}` : String(n));

/** The UTC day of `at`. Written out by hand: a sentence is measured with dozens of days. */
const written = (at: Date): Day =>
  `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}`;

/** The figures of `day` from `at` on, as a number. */
function figures(day: Day, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) value = value * 10 + day.charCodeAt(i) - 0x30;
  return value;
}

const midnightMs = (day: Day): number =>
  Date.UTC(figures(day, 0, 4), figures(day, 5, 2) - 1, figures(day, 8, 2));

/** The Shanghai day an instant falls on. */
export function dayOf(instant: Date): Day {
  return written(new Date(instant.getTime() + SHANGHAI_OFFSET_MS));
}

/** `HH:mm` in Shanghai. */
export function clockTimeOf(instant: Date): string {
  const sinceMidnight = modulo(instant.getTime() + SHANGHAI_OFFSET_MS, DAY_MS);
  return `${two(Math.floor(sinceMidnight / HOUR_MS))}:${two(Math.floor((sinceMidnight % HOUR_MS) / MINUTE_MS))}`;
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

const MONDAY = 1;
/** Of 1 January 1970. */
const THURSDAY = 4;

/** 1 = Monday … 7 = Sunday. */
export function weekdayOf(day: Day): number {
  return modulo(midnightMs(day) / DAY_MS + THURSDAY - MONDAY, 7) + MONDAY;
}

/** First and last day of the Monday–Sunday week `day` lies in. */
export function weekOf(day: Day): { first: Day; last: Day } {
  const first = addDays(day, 1 - weekdayOf(day));
  return { first, last: addDays(first, 6) };
}

/** First and last day of the month `day` lies in. */
export function monthOf(day: Day): { first: Day; last: Day } {
  const lastDay = new Date(Date.UTC(figures(day, 0, 4), figures(day, 5, 2), 0));
  return { first: `${day.slice(0, 7)}-01`, last: written(lastDay) };
}
