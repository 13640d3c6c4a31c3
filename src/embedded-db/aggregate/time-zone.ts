import { DbError } from '../errors.js';

/** A time zone as the one question asked of it: how far local time is ahead of UTC at an instant, in ms. */
export interface Zone {
  readonly name: string;
  offsetAt(utcMs: number): number;
}

const DAY_MS = 86_400_000;
const QUARTER_MS = 900_000;

const UTC: Zone = { name: 'UTC', offsetAt: () => 0 };
const zones = new Map<string, Zone>();

/** `Asia/Shanghai`, `+08:00`, `+0800`, `+08`, `UTC`, `GMT`, `Z`. @throws DbError 40485 for anything else */
export function zoneOf(name: string): Zone {
  const known = zones.get(name);
  if (known) return known;
  const zone = fixedZone(name) ?? namedZone(name);
  zones.set(name, zone);
  return zone;
}

function fixedZone(name: string): Zone | undefined {
  if (name === 'UTC' || name === 'GMT' || name === 'Z') return UTC;
  const match = /^([+-])(\d{2}):?(\d{2})?$/.exec(name);
  if (!match) return undefined;
  const [, sign, hours, minutes = '0'] = match;
  const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  return { name, offsetAt: () => offset };
}

/**
 * Asking `Intl` is slow (some microseconds), so answers are kept: per day where the offset is the same at its
 * start and its end, per quarter of an hour around a change.
 */
function namedZone(name: string): Zone {
  const format = formatFor(name);
  const byDay = new Map<number, number | undefined>();
  const byQuarter = new Map<number, number>();
  const cached = (quarter: number): number => {
    let offset = byQuarter.get(quarter);
    if (offset === undefined) {
      if (byQuarter.size > 50_000) byQuarter.clear();
      offset = measure(format, quarter * QUARTER_MS);
      byQuarter.set(quarter, offset);
    }
    return offset;
  };
  return {
    name,
    offsetAt: (utcMs) => {
      const day = Math.floor(utcMs / DAY_MS);
      let offset = byDay.get(day);
      if (offset === undefined && !byDay.has(day)) {
        if (byDay.size > 50_000) byDay.clear();
        const start = measure(format, day * DAY_MS);
        offset = start === measure(format, (day + 1) * DAY_MS) ? start : undefined;
        byDay.set(day, offset);
      }
      return offset ?? cached(Math.floor(utcMs / QUARTER_MS));
    },
  };
}

function formatFor(name: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      era: 'short',
    });
  } catch {
    throw new DbError(40485, `unrecognized time zone identifier: "${name}"`);
  }
}

function measure(format: Intl.DateTimeFormat, utcMs: number): number {
  const parts: Record<string, string> = {};
  for (const { type, value } of format.formatToParts(utcMs)) parts[type] = value;
  const year = parts['era'] === 'BC' ? 1 - Number(parts['year']) : Number(parts['year']);
  const local = utcMsOf(
    year,
    Number(parts['month']) - 1,
    Number(parts['day']),
    Number(parts['hour']),
    Number(parts['minute']),
    Number(parts['second']),
    0,
  );
  return local - Math.floor(utcMs / 1000) * 1000;
}

/** `Date.UTC` without its special treatment of the years 0–99; overflowing parts carry over. */
export function utcMsOf(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  millisecond: number,
): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  date.setUTCHours(hour, minute, second, millisecond);
  return date.getTime();
}

/** A date whose UTC fields read as the local time of the zone. */
export function toLocal(utcMs: number, zone: Zone): Date {
  return new Date(utcMs + zone.offsetAt(utcMs));
}

/** The instant at which the zone's clocks show the given local time. */
export function fromLocal(localMs: number, zone: Zone): number {
  const guess = localMs - zone.offsetAt(localMs);
  const second = localMs - zone.offsetAt(guess);
  return second;
}
