import { show } from '../../bson/show.js';
import {
  isDoc,
  isNumeric,
  Long,
  ObjectId,
  Timestamp,
  toDouble,
  typeAlias,
} from '../../bson/value.js';
import { DbError } from '../../errors.js';
import {
  dayOfYear,
  formatDate,
  isoDayOfWeek,
  isoWeekOf,
  parseByFormat,
  parseIsoDate,
  weekOf,
} from '../date-format.js';
import type { Evaluate, ExpressionOperator, Scope } from '../expression.js';
import { isNullish, namedOperands } from '../operands.js';
import { fromLocal, toLocal, utcMsOf, zoneOf, type Zone } from '../time-zone.js';

const DAY_MS = 86_400_000;
const UNIT_MS: Readonly<Record<string, number>> = {
  week: 7 * DAY_MS,
  day: DAY_MS,
  hour: 3_600_000,
  minute: 60_000,
  second: 1000,
  millisecond: 1,
};
const UNIT_MONTHS: Readonly<Record<string, number>> = { year: 12, quarter: 3, month: 1 };
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** The instant of a value that stands for one, in ms. @throws DbError 16006 for other values */
export function instantOf(value: unknown): number {
  if (value instanceof Date) return value.getTime();
  if (value instanceof Timestamp) return value.t * 1000;
  if (value instanceof ObjectId) return value.getTimestamp().getTime();
  throw new DbError(16006, `can't convert from BSON type ${typeAlias(value)} to Date`);
}

function zoneFrom(evaluate: Evaluate | undefined, scope: Scope): Zone | null {
  if (!evaluate) return zoneOf('UTC');
  const name = evaluate(scope);
  if (isNullish(name)) return null;
  if (typeof name !== 'string')
    throw new DbError(40533, `timezone must evaluate to a string, found ${typeAlias(name)}`);
  return zoneOf(name);
}

/** `{ $year: date }`, `{ $year: [date] }` or `{ $year: { date, timezone } }`. */
function part(name: string, read: (local: Date) => unknown): ExpressionOperator {
  return (operand, compiler) => {
    const named = isDoc(operand) && 'date' in operand;
    const single = Array.isArray(operand) ? (operand[0] as unknown) : operand;
    const { date, timezone } = named
      ? namedOperands(name, operand, compiler, ['date'], ['timezone'])
      : { date: compiler.compile(single), timezone: undefined };
    return (scope) => {
      const value = (date as Evaluate)(scope);
      const zone = zoneFrom(timezone, scope);
      return isNullish(value) || !zone ? null : read(toLocal(instantOf(value), zone));
    };
  };
}

const dateToString: ExpressionOperator = (operand, compiler) => {
  const { date, format, timezone, onNull } = namedOperands(
    '$dateToString',
    operand,
    compiler,
    ['date'],
    ['format', 'timezone', 'onNull'],
  );
  return (scope) => {
    const value = (date as Evaluate)(scope);
    if (isNullish(value)) return onNull ? onNull(scope) : null;
    const zone = zoneFrom(timezone, scope);
    const pattern = format?.(scope);
    if (!zone || (format && isNullish(pattern))) return null;
    if (pattern !== undefined && typeof pattern !== 'string') {
      throw new DbError(18533, "$dateToString requires that 'format' be a string");
    }
    return formatDate(instantOf(value), zone, pattern);
  };
};

const dateFromString: ExpressionOperator = (operand, compiler) => {
  const { dateString, format, timezone, onError, onNull } = namedOperands(
    '$dateFromString',
    operand,
    compiler,
    ['dateString'],
    ['format', 'timezone', 'onError', 'onNull'],
  );
  return (scope) => {
    const text = (dateString as Evaluate)(scope);
    if (isNullish(text)) return onNull ? onNull(scope) : null;
    const zone = zoneFrom(timezone, scope);
    if (!zone) return null;
    try {
      if (typeof text !== 'string')
        throw new DbError(
          241,
          `$dateFromString requires that 'dateString' be a string, found: ${typeAlias(text)}`,
        );
      const pattern = format?.(scope);
      const ms =
        typeof pattern === 'string' ? parseByFormat(text, pattern, zone) : parseIsoDate(text, zone);
      return new Date(ms);
    } catch (error) {
      if (onError && error instanceof DbError) return onError(scope);
      throw error;
    }
  };
};

const dateToParts: ExpressionOperator = (operand, compiler) => {
  const { date, timezone, iso8601 } = namedOperands(
    '$dateToParts',
    operand,
    compiler,
    ['date'],
    ['timezone', 'iso8601'],
  );
  return (scope) => {
    const value = (date as Evaluate)(scope);
    const zone = zoneFrom(timezone, scope);
    if (isNullish(value) || !zone) return null;
    const local = toLocal(instantOf(value), zone);
    const time = {
      hour: local.getUTCHours(),
      minute: local.getUTCMinutes(),
      second: local.getUTCSeconds(),
      millisecond: local.getUTCMilliseconds(),
    };
    if (iso8601?.(scope) === true) {
      const { year, week } = isoWeekOf(local);
      return { isoWeekYear: year, isoWeek: week, isoDayOfWeek: isoDayOfWeek(local), ...time };
    }
    return {
      year: local.getUTCFullYear(),
      month: local.getUTCMonth() + 1,
      day: local.getUTCDate(),
      ...time,
    };
  };
};

const PARTS = [
  'year',
  'month',
  'day',
  'hour',
  'minute',
  'second',
  'millisecond',
  'isoWeekYear',
  'isoWeek',
  'isoDayOfWeek',
];

const dateFromParts: ExpressionOperator = (operand, compiler) => {
  const { timezone, ...parts } = namedOperands(
    '$dateFromParts',
    operand,
    compiler,
    [],
    [...PARTS, 'timezone'],
  );
  return (scope) => {
    const zone = zoneFrom(timezone, scope);
    const numbers: Record<string, number> = {};
    for (const [name, evaluate] of Object.entries(parts)) {
      const value = evaluate?.(scope);
      if (isNullish(value)) return null;
      if (!isNumeric(value))
        throw new DbError(
          40515,
          `'${name}' must evaluate to an integer, found ${typeAlias(value)}`,
        );
      numbers[name] = toDouble(value);
    }
    return zone ? new Date(fromLocal(localOfParts(numbers), zone)) : null;
  };
};

function localOfParts(parts: Readonly<Record<string, number>>): number {
  const { hour = 0, minute = 0, second = 0, millisecond = 0 } = parts;
  if (parts['isoWeekYear'] !== undefined) {
    const { isoWeekYear, isoWeek = 1, isoDayOfWeek: weekday = 1 } = parts;
    const january4 = new Date(utcMsOf(isoWeekYear, 0, 4, 0, 0, 0, 0));
    const monday = january4.getTime() - (isoDayOfWeek(january4) - 1) * DAY_MS;
    const days = (isoWeek - 1) * 7 + weekday - 1;
    return (
      monday + days * DAY_MS + hour * 3_600_000 + minute * 60_000 + second * 1000 + millisecond
    );
  }
  const { year = 1970, month = 1, day = 1 } = parts;
  return utcMsOf(year, month - 1, day, hour, minute, second, millisecond);
}

function unitOf(operator: string, value: unknown): string {
  if (typeof value === 'string' && (value in UNIT_MS || value in UNIT_MONTHS)) return value;
  throw new DbError(9, `${operator} requires a valid unit, found ${String(value)}`);
}

/** Months keep the day of the month, or take the last one there is. */
function shift(utcMs: number, unit: string, amount: number, zone: Zone): number {
  const months = UNIT_MONTHS[unit];
  if (months === undefined) {
    const step = UNIT_MS[unit] as number;
    if (step < DAY_MS) return utcMs + amount * step;
    return fromLocal(utcMs + zone.offsetAt(utcMs) + amount * step, zone);
  }
  const local = toLocal(utcMs, zone);
  const month = local.getUTCMonth() + amount * months;
  const last = new Date(utcMsOf(local.getUTCFullYear(), month + 1, 0, 0, 0, 0, 0)).getUTCDate();
  const day = Math.min(local.getUTCDate(), last);
  const time = local.getTime() - Math.floor(local.getTime() / DAY_MS) * DAY_MS;
  return fromLocal(utcMsOf(local.getUTCFullYear(), month, day, 0, 0, 0, 0) + time, zone);
}

function moved(name: '$dateAdd' | '$dateSubtract', sign: 1 | -1): ExpressionOperator {
  return (operand, compiler) => {
    const { startDate, unit, amount, timezone } = namedOperands(
      name,
      operand,
      compiler,
      ['startDate', 'unit', 'amount'],
      ['timezone'],
    );
    return (scope) => {
      const start = (startDate as Evaluate)(scope);
      const count = (amount as Evaluate)(scope);
      const by = (unit as Evaluate)(scope);
      const zone = zoneFrom(timezone, scope);
      if (isNullish(start) || isNullish(count) || isNullish(by) || !zone) return null;
      if (!isNumeric(count))
        throw new DbError(5166405, `${name} expects integer amount of time units`);
      return new Date(shift(instantOf(start), unitOf(name, by), sign * toDouble(count), zone));
    };
  };
}

/** Days since the epoch on the local calendar. */
function dayNumber(local: Date): number {
  return Math.floor(local.getTime() / DAY_MS);
}

function weekNumber(local: Date, firstWeekday: number): number {
  // The epoch was a Thursday.
  return Math.floor((dayNumber(local) + 4 - firstWeekday) / 7);
}

function monthNumber(local: Date): number {
  return local.getUTCFullYear() * 12 + local.getUTCMonth();
}

function weekdayFrom(evaluate: Evaluate | undefined, scope: Scope): number {
  const name = evaluate?.(scope);
  if (isNullish(name)) return 0;
  const at = WEEKDAYS.findIndex(
    (weekday) =>
      typeof name === 'string' &&
      (weekday === name.toLowerCase() || weekday.slice(0, 3) === name.toLowerCase()),
  );
  if (at < 0) throw new DbError(9, `invalid startOfWeek: ${show(name)}`);
  return at;
}

const dateDiff: ExpressionOperator = (operand, compiler) => {
  const { startDate, endDate, unit, timezone, startOfWeek } = namedOperands(
    '$dateDiff',
    operand,
    compiler,
    ['startDate', 'endDate', 'unit'],
    ['timezone', 'startOfWeek'],
  );
  return (scope) => {
    const start = (startDate as Evaluate)(scope);
    const end = (endDate as Evaluate)(scope);
    const by = (unit as Evaluate)(scope);
    const zone = zoneFrom(timezone, scope);
    if (isNullish(start) || isNullish(end) || isNullish(by) || !zone) return null;
    const weekday = weekdayFrom(startOfWeek, scope);
    const count = (value: unknown): number =>
      boundaries(toLocal(instantOf(value), zone), unitOf('$dateDiff', by), weekday);
    return Long.fromNumber(count(end) - count(start));
  };
};

/** How many unit boundaries lie before a local time, counted from a fixed one. */
function boundaries(local: Date, unit: string, firstWeekday: number): number {
  const months = UNIT_MONTHS[unit];
  if (months !== undefined) return Math.floor(monthNumber(local) / months);
  if (unit === 'week') return weekNumber(local, firstWeekday);
  return Math.floor(local.getTime() / (UNIT_MS[unit] as number));
}

const dateTrunc: ExpressionOperator = (operand, compiler) => {
  const { date, unit, binSize, timezone, startOfWeek } = namedOperands(
    '$dateTrunc',
    operand,
    compiler,
    ['date', 'unit'],
    ['binSize', 'timezone', 'startOfWeek'],
  );
  return (scope) => {
    const value = (date as Evaluate)(scope);
    const by = (unit as Evaluate)(scope);
    const size = binSize ? binSize(scope) : 1;
    const zone = zoneFrom(timezone, scope);
    if (isNullish(value) || isNullish(by) || isNullish(size) || !zone) return null;
    const bin = isNumeric(size) ? toDouble(size) : 0;
    if (!(bin >= 1))
      throw new DbError(5439017, "$dateTrunc requires 'binSize' to be greater than 0");
    return new Date(
      truncate(
        instantOf(value),
        unitOf('$dateTrunc', by),
        bin,
        zone,
        weekdayFrom(startOfWeek, scope),
      ),
    );
  };
};

/** The first day of the year 2000, in days since the epoch. */
const SATURDAY_2000 = 10_957;

/** Bins are counted from the year 2000 of the zone, weeks from its first week. */
function truncate(
  utcMs: number,
  unit: string,
  bin: number,
  zone: Zone,
  firstWeekday: number,
): number {
  const months = UNIT_MONTHS[unit];
  if (months !== undefined) {
    const since = monthNumber(toLocal(utcMs, zone)) - 2000 * 12;
    const floor = Math.floor(since / (months * bin)) * months * bin;
    return fromLocal(utcMsOf(2000, floor, 1, 0, 0, 0, 0), zone);
  }
  if (unit === 'day' || unit === 'week') {
    const origin = unit === 'day' ? SATURDAY_2000 : SATURDAY_2000 + ((firstWeekday - 6 + 7) % 7);
    const step = unit === 'day' ? bin : bin * 7;
    const day = Math.floor((utcMs + zone.offsetAt(utcMs)) / DAY_MS);
    const days = Math.floor((day - origin) / step) * step + origin;
    return fromLocal(days * DAY_MS, zone);
  }
  const origin = fromLocal(SATURDAY_2000 * DAY_MS, zone);
  const step = (UNIT_MS[unit] as number) * bin;
  return Math.floor((utcMs - origin) / step) * step + origin;
}

export const dateOperators: Readonly<Record<string, ExpressionOperator>> = {
  $year: part('$year', (d) => d.getUTCFullYear()),
  $month: part('$month', (d) => d.getUTCMonth() + 1),
  $dayOfMonth: part('$dayOfMonth', (d) => d.getUTCDate()),
  $dayOfYear: part('$dayOfYear', dayOfYear),
  $dayOfWeek: part('$dayOfWeek', (d) => d.getUTCDay() + 1),
  $isoDayOfWeek: part('$isoDayOfWeek', isoDayOfWeek),
  $week: part('$week', weekOf),
  $isoWeek: part('$isoWeek', (d) => isoWeekOf(d).week),
  $isoWeekYear: part('$isoWeekYear', (d) => Long.fromNumber(isoWeekOf(d).year)),
  $hour: part('$hour', (d) => d.getUTCHours()),
  $minute: part('$minute', (d) => d.getUTCMinutes()),
  $second: part('$second', (d) => d.getUTCSeconds()),
  $millisecond: part('$millisecond', (d) => d.getUTCMilliseconds()),
  $dateToString: dateToString,
  $dateFromString: dateFromString,
  $dateToParts: dateToParts,
  $dateFromParts: dateFromParts,
  $dateAdd: moved('$dateAdd', 1),
  $dateSubtract: moved('$dateSubtract', -1),
  $dateDiff: dateDiff,
  $dateTrunc: dateTrunc,
};
