import type { Binary, BSONRegExp, Code, ObjectId, Timestamp } from './value.js';
import {
  BSONSymbol,
  Decimal128,
  isLong,
  toDouble,
  typeRank,
  type Doc,
  type Numeric,
} from './value.js';
import { compareDecimalText } from './decimal.js';

export type Comparison = number;
/** Orders two strings; `undefined` means MongoDB's own order, by code point. */
export type StringOrder = ((a: string, b: string) => Comparison) | undefined;

/**
 * MongoDB's total order over all values: first by type, then within the type.
 * Numbers of every BSON type compare by value; embedded documents field by field in their own order;
 * arrays element by element (the array rule of sorting and matching lies with the caller).
 */
export function compareValues(a: unknown, b: unknown, strings?: StringOrder): Comparison {
  if (typeof a === 'number' && typeof b === 'number') return compareDoubles(a, b);
  if (typeof a === 'string' && typeof b === 'string') return (strings ?? compareStrings)(a, b);
  const rank = typeRank(a);
  const difference = rank - typeRank(b);
  if (difference !== 0) return difference;
  return compareSameRank(rank, a, b, strings);
}

/** Whether two values are the same to a query; `undefined` equals null. */
export function equalValues(a: unknown, b: unknown, strings?: StringOrder): boolean {
  if (a === b) return true;
  return compareValues(a, b, strings) === 0;
}

function compareSameRank(rank: number, a: unknown, b: unknown, strings: StringOrder): Comparison {
  switch (rank) {
    case 10:
      return compareNumbers(a as Numeric, b as Numeric);
    case 15:
      return (strings ?? compareStrings)(stringOf(a), stringOf(b));
    case 20:
      return compareDocs(a as Doc, b as Doc, strings);
    case 25:
      return compareArrays(a as unknown[], b as unknown[], strings);
    case 30:
      return compareBinary(a as Binary, b as Binary);
    case 35:
      return Buffer.compare((a as ObjectId).id, (b as ObjectId).id);
    case 40:
      return Number(a) - Number(b);
    case 45:
      return (a as Date).getTime() - (b as Date).getTime();
    case 47:
      return Number((a as Timestamp).toBigInt() - (b as Timestamp).toBigInt());
    case 50:
      return compareRegExps(a as BSONRegExp, b as BSONRegExp);
    case 60:
    case 65:
      return compareStrings((a as Code).code, (b as Code).code);
    default:
      return 0;
  }
}

function stringOf(value: unknown): string {
  return value instanceof BSONSymbol ? value.value : (value as string);
}

/** NaN sorts before every other number and equals itself. */
function compareDoubles(a: number, b: number): Comparison {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return 0;
  return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
}

function compareNumbers(a: Numeric, b: Numeric): Comparison {
  const rough = compareDoubles(toDouble(a), toDouble(b));
  if (rough !== 0) return rough;
  if (a instanceof Decimal128 || b instanceof Decimal128) {
    return compareDecimalText(exactText(a), exactText(b));
  }
  if (isLong(a) || isLong(b)) return compareExactIntegers(a, b);
  return 0;
}

function compareExactIntegers(a: Numeric, b: Numeric): Comparison {
  const x = toBigInt(a);
  const y = toBigInt(b);
  if (x === undefined || y === undefined) return 0;
  return x < y ? -1 : x > y ? 1 : 0;
}

function toBigInt(value: Numeric): bigint | undefined {
  if (isLong(value)) return value.toBigInt();
  const double = toDouble(value);
  return Number.isInteger(double) ? BigInt(double) : undefined;
}

function exactText(value: Numeric): string {
  if (value instanceof Decimal128) return value.toString();
  if (isLong(value)) return value.toString();
  return exactDoubleText(toDouble(value));
}

/** A double's exact decimal expansion, so that 0.1 (double) and 0.1 (decimal) are told apart. */
function exactDoubleText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value)) return BigInt(value).toString();
  // MongoDB widens a double to a decimal with 15 significant digits before comparing.
  return Number(value.toPrecision(15)).toString();
}

/** By code point, as MongoDB's byte order of UTF-8; JavaScript's own `<` misplaces U+E000–U+FFFF. */
export function compareStrings(a: string, b: string): Comparison {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return codePointOrder(x) - codePointOrder(y);
  }
  return a.length - b.length;
}

/** Moves surrogates above the rest of the basic plane, where their code points lie. */
export function codePointOrder(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}

function compareDocs(a: Doc, b: Doc, strings: StringOrder): Comparison {
  const keysA = Object.keys(a);
  const keysB = Object.keys(b);
  const length = Math.min(keysA.length, keysB.length);
  for (let i = 0; i < length; i++) {
    const nameA = keysA[i] as string;
    const nameB = keysB[i] as string;
    const byType = typeRank(a[nameA]) - typeRank(b[nameB]);
    if (byType !== 0) return byType;
    const byName = compareStrings(nameA, nameB);
    if (byName !== 0) return byName;
    const byValue = compareValues(a[nameA], b[nameB], strings);
    if (byValue !== 0) return byValue;
  }
  return keysA.length - keysB.length;
}

function compareArrays(a: unknown[], b: unknown[], strings: StringOrder): Comparison {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const byValue = compareValues(a[i], b[i], strings);
    if (byValue !== 0) return byValue;
  }
  return a.length - b.length;
}

function compareBinary(a: Binary, b: Binary): Comparison {
  return (
    a.length() - b.length() ||
    a.sub_type - b.sub_type ||
    Buffer.compare(a.buffer.subarray(0, a.position), b.buffer.subarray(0, b.position))
  );
}

function compareRegExps(a: BSONRegExp, b: BSONRegExp): Comparison {
  return compareStrings(a.pattern, b.pattern) || compareStrings(a.options, b.options);
}
