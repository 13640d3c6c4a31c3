import { DbError } from '../errors.js';
import { fromLocal, toLocal, utcMsOf, zoneOf, type Zone } from './time-zone.js';

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const DAY_MS = 86_400_000;

export interface IsoWeek {
  readonly year: number;
  readonly week: number;
}

/** 1 for Monday … 7 for Sunday. */
export function isoDayOfWeek(local: Date): number {
  return local.getUTCDay() || 7;
}

export function isoWeekOf(local: Date): IsoWeek {
  const thursday = new Date(local.getTime() + (4 - isoDayOfWeek(local)) * DAY_MS);
  const year = thursday.getUTCFullYear();
  return { year, week: Math.floor((dayOfYear(thursday) - 1) / 7) + 1 };
}

export function dayOfYear(local: Date): number {
  const start = utcMsOf(local.getUTCFullYear(), 0, 1, 0, 0, 0, 0);
  return Math.floor((local.getTime() - start) / DAY_MS) + 1;
}

/** Weeks begin on Sunday; days before the year's first Sunday are in week 0. */
export function weekOf(local: Date): number {
  return Math.floor((dayOfYear(local) + 6 - local.getUTCDay()) / 7);
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

function offsetText(offsetMs: number, separator: string): string {
  const minutes = Math.abs(Math.round(offsetMs / 60_000));
  return `${offsetMs < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60), 2)}${separator}${pad(minutes % 60, 2)}`;
}

type Piece = (local: Date, offsetMs: number) => string;

const PIECES: Readonly<Record<string, Piece>> = {
  Y: (d) => pad(d.getUTCFullYear(), 4),
  m: (d) => pad(d.getUTCMonth() + 1, 2),
  d: (d) => pad(d.getUTCDate(), 2),
  H: (d) => pad(d.getUTCHours(), 2),
  M: (d) => pad(d.getUTCMinutes(), 2),
  S: (d) => pad(d.getUTCSeconds(), 2),
  L: (d) => pad(d.getUTCMilliseconds(), 3),
  j: (d) => pad(dayOfYear(d), 3),
  w: (d) => String(d.getUTCDay() + 1),
  u: (d) => String(isoDayOfWeek(d)),
  U: (d) => pad(weekOf(d), 2),
  V: (d) => pad(isoWeekOf(d).week, 2),
  G: (d) => pad(isoWeekOf(d).year, 4),
  b: (d) => (MONTHS[d.getUTCMonth()] as string).slice(0, 3),
  B: (d) => MONTHS[d.getUTCMonth()] as string,
  z: (_d, offset) => offsetText(offset, ''),
  Z: (_d, offset) => String(Math.round(offset / 60_000)),
  '%': () => '%',
};

const compiled = new Map<string, Piece>();

/** Compiles a format of `$dateToString`. @throws DbError 18536 for an unknown letter */
function compileDateFormat(format: string): Piece {
  const known = compiled.get(format);
  if (known) return known;
  const pieces: Piece[] = [];
  for (let i = 0; i < format.length; i++) {
    const letter = format[i] as string;
    if (letter !== '%') {
      pieces.push(() => letter);
      continue;
    }
    const code = format[++i];
    if (code === undefined) throw new DbError(18535, "Unmatched '%' at end of format string");
    const piece = Object.hasOwn(PIECES, code) ? PIECES[code] : undefined;
    if (!piece) throw new DbError(18536, `Invalid format character '%${code}' in format string`);
    pieces.push(piece);
  }
  const whole: Piece = (local, offset) => {
    let text = '';
    for (const piece of pieces) text += piece(local, offset);
    return text;
  };
  if (compiled.size > 200) compiled.clear();
  compiled.set(format, whole);
  return whole;
}

export function formatDate(utcMs: number, zone: Zone, format: string | undefined): string {
  const standard = zone.name === 'UTC' ? '%Y-%m-%dT%H:%M:%S.%LZ' : '%Y-%m-%dT%H:%M:%S.%L';
  return compileDateFormat(format ?? standard)(toLocal(utcMs, zone), zone.offsetAt(utcMs));
}

const PARSERS: Readonly<Record<string, string>> = {
  Y: '(?<Y>\\d{4})',
  m: '(?<m>\\d{1,2})',
  d: '(?<d>\\d{1,2})',
  H: '(?<H>\\d{1,2})',
  M: '(?<M>\\d{1,2})',
  S: '(?<S>\\d{1,2})',
  L: '(?<L>\\d{1,3})',
  j: '(?<j>\\d{1,3})',
  z: '(?<z>Z|[+-]\\d{2}:?\\d{2})',
  b: '(?<b>[A-Za-z]{3})',
  B: '(?<B>[A-Za-z]+)',
  G: '(?<G>\\d{4})',
  V: '(?<V>\\d{1,2})',
  u: '(?<u>\\d)',
  '%': '%',
};

/** Reads a date text by a format. @throws DbError 241 when it does not fit */
export function parseByFormat(text: string, format: string, zone: Zone): number {
  const source = format.replace(/%(.)|[.*+?^${}()|[\]\\]/g, (piece, code?: string) => {
    if (code === undefined) return `\\${piece}`;
    const pattern = PARSERS[code];
    if (pattern === undefined)
      throw new DbError(18536, `Invalid format character '%${code}' in format string`);
    return pattern;
  });
  const groups = new RegExp(`^${source}$`).exec(text)?.groups;
  if (!groups)
    throw new DbError(
      241,
      `Error parsing date string '${text}'; does not match format '${format}'`,
    );
  return fromParts(groups, zone);
}

function fromParts(parts: Readonly<Record<string, string | undefined>>, zone: Zone): number {
  const number = (name: string, otherwise: number): number => Number(parts[name] ?? otherwise);
  const named = parts['B'] ?? parts['b'];
  const month = named
    ? MONTHS.findIndex(
        (name) => name.slice(0, 3).toLowerCase() === named.slice(0, 3).toLowerCase(),
      ) + 1
    : number('m', 1);
  const day = parts['j'] === undefined ? number('d', 1) : Number(parts['j']);
  const local = utcMsOf(
    number('Y', 1970),
    parts['j'] === undefined ? month - 1 : 0,
    day,
    number('H', 0),
    number('M', 0),
    number('S', 0),
    Number((parts['L'] ?? '0').padEnd(3, '0')),
  );
  return parts['z'] === undefined ? fromLocal(local, zone) : local - zoneOf(parts['z']).offsetAt(0);
}

const ISO =
  /^(\d{4})-?(\d{2})-?(\d{2})(?:[T ](\d{2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d{2}:?\d{2}|[+-]\d{2})?$/;

/** Reads an ISO date text, in the zone when it names none itself. @throws DbError 241 when it is none */
export function parseIsoDate(text: string, zone: Zone): number {
  const match = ISO.exec(text.trim());
  if (match) {
    const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '0', offset] =
      match;
    const local = utcMsOf(
      Number(year),
      Number(month) - 1,
      Number(day),
      Number(hour),
      Number(minute),
      Number(second),
      Number(fraction.padEnd(3, '0').slice(0, 3)),
    );
    return offset === undefined ? fromLocal(local, zone) : local - zoneOf(offset).offsetAt(0);
  }
  const loose = /[a-z]{3}/i.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(loose)) {
    throw new DbError(
      241,
      `Error parsing date string '${text}'; 0: passing a time zone identifier or an unknown format`,
    );
  }
  return loose;
}
