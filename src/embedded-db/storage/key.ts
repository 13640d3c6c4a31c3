import { codePointOrder } from '../bson/compare.js';
import { canonicalDecimalText, compareDecimalText, parseDecimal } from '../bson/decimal.js';
import type { BSONSymbol, ObjectId } from '../bson/value.js';
import {
  Decimal128,
  isLong,
  toDouble,
  typeRank,
  type Binary,
  type BSONRegExp,
  type Code,
  type Doc,
  type Numeric,
  type Timestamp,
} from '../bson/value.js';

/**
 * Order-preserving keys: comparing two keys with `<` gives MongoDB's order of the values, so that one
 * sorted list serves equality, ranges, uniqueness and sorting. No key is a prefix of another one,
 * so keys of several fields can simply be joined.
 */

/** Greater than any continuation of a key prefix. */
export const AFTER_ALL = '\uffff';

/** The key of an empty array's missing element: sorts below null, above MinKey. */
const EMPTY_ARRAY_KEY = '\x04';

const END = '\x00';

/** Marks “missing element of an empty array” among extracted index values. */
export const EMPTY_ARRAY: unique symbol = Symbol('empty array');

/** The tag every key of a type rank begins with; bounds of “all values of one type” are made of it. */
export function rankTag(rank: number): string {
  return rank < 0 ? '\x01' : String.fromCharCode(rank);
}

export function encodeKey(value: unknown): string {
  if (value === EMPTY_ARRAY) return EMPTY_ARRAY_KEY;
  if (typeof value === 'string') return `\x0f${encodeText(value)}`;
  if (typeof value === 'number') return `\x0a${encodeDouble(value)}\x80`;
  const rank = typeRank(value);
  return rankTag(rank) + encodeBody(rank, value);
}

/** Turns the order of a key around, for the descending fields of a compound index. */
export function invertKey(key: string): string {
  const units = new Array<number>(key.length);
  for (let i = 0; i < key.length; i++) units[i] = 0xfffe - key.charCodeAt(i);
  if (units.length <= MOST_ARGUMENTS) return String.fromCharCode(...units);
  let inverted = '';
  for (const unit of units) inverted += String.fromCharCode(unit);
  return inverted;
}

/** A call takes so many arguments without fear for the stack. */
const MOST_ARGUMENTS = 1024;

function encodeBody(rank: number, value: unknown): string {
  switch (rank) {
    case 10:
      return encodeNumber(value as Numeric);
    case 15:
      return encodeText((value as BSONSymbol).value);
    case 20:
      return encodeDoc(value as Doc);
    case 25:
      return (value as unknown[]).map(encodeKey).join('') + END;
    case 30:
      return encodeBinary(value as Binary);
    case 35:
      return latin1((value as ObjectId).id);
    case 40:
      return value ? '\x02' : '\x01';
    case 45:
      return encodeDouble((value as Date).getTime());
    case 47:
      return encodeUnsigned((value as Timestamp).toBigInt());
    case 50: {
      const { pattern, options } = value as BSONRegExp;
      return encodeText(pattern) + encodeText(options);
    }
    case 60:
    case 65:
      return encodeText((value as Code).code);
    default:
      return '';
  }
}

const scratch = new DataView(new ArrayBuffer(8));

/** Eight one-byte characters; NaN first, −0 like 0. */
function encodeDouble(value: number): string {
  if (Number.isNaN(value)) return '\0\0\0\0\0\0\0\0';
  scratch.setFloat64(0, value + 0);
  let high = scratch.getUint32(0);
  let low = scratch.getUint32(4);
  if (high >>> 31) {
    high = ~high >>> 0;
    low = ~low >>> 0;
  } else {
    high = (high | 0x80000000) >>> 0;
  }
  return fourBytes(high) + fourBytes(low);
}

function fourBytes(word: number): string {
  return String.fromCharCode(word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255);
}

/**
 * The nearest double, then where the exact value lies relative to it: `\x80` on it, `\x7f` below, `\x81`
 * above, the latter two followed by what tells apart the values that share the double.
 */
function encodeNumber(value: Numeric): string {
  const double = toDouble(value);
  const base = encodeDouble(double);
  if (isLong(value) && Math.abs(double) > Number.MAX_SAFE_INTEGER) {
    const rest = Number(value.toBigInt() - BigInt(double));
    if (rest !== 0) return `${base}${rest < 0 ? '\x7f' : '\x81'}${encodeDouble(rest)}\x00`;
  }
  if (value instanceof Decimal128) return base + encodeDecimalRest(value, double);
  return `${base}\x80`;
}

function encodeDecimalRest(value: Decimal128, double: number): string {
  const text = value.toString();
  const exact = parseDecimal(text);
  if (!exact || !Number.isFinite(double)) return '\x80';
  const order = compareDecimalText(text, Number(double.toPrecision(15)).toString());
  if (order === 0) return '\x80';
  return `${order < 0 ? '\x7f' : '\x81'}${encodeText(canonicalDecimalText(exact))}`;
}

function encodeUnsigned(value: bigint): string {
  return fourBytes(Number((value >> 32n) & 0xffffffffn)) + fourBytes(Number(value & 0xffffffffn));
}

const NEEDS_ESCAPE = /[\x00\x01]/g;
const NEEDS_REORDER = /[\ud800-\uffff]/;

function encodeText(text: string): string {
  let body = text;
  if (NEEDS_REORDER.test(body)) body = reorderUnits(body);
  if (body.includes('\x00') || body.includes('\x01')) {
    body = body.replace(NEEDS_ESCAPE, (c) => (c === '\x00' ? '\x01\x01' : '\x01\x02'));
  }
  return body + END;
}

/** Shifted units stay below U+FFFF, which is reserved for {@link AFTER_ALL}. */
function reorderUnits(text: string): string {
  let out = '';
  for (let i = 0; i < text.length; i++) {
    out += String.fromCharCode(Math.min(codePointOrder(text.charCodeAt(i)), 0xfffd));
  }
  return out;
}

function encodeDoc(doc: Doc): string {
  let out = '';
  for (const name of Object.keys(doc)) {
    const key = encodeKey(doc[name]);
    out += (key[0] as string) + encodeText(name) + key.slice(1);
  }
  return out + END;
}

function encodeBinary(value: Binary): string {
  const length = value.length();
  return (
    fourBytes(length) +
    String.fromCharCode(value.sub_type) +
    latin1(value.buffer.subarray(0, length))
  );
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** The record number as a fixed-width key suffix; keeps entries of equal values apart and in order. */
export function recordSuffix(record: number): string {
  return (
    String.fromCharCode(Math.floor(record / 0x100000000) & 255) + fourBytes(record % 0x100000000)
  );
}

/** An index entry: the key, then the record. Joined, because `+` would keep both halves alive behind it. */
export function entryKey(key: string, suffix: string): string {
  return [key, suffix].join('');
}
