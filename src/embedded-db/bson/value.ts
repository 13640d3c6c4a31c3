import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  DBRef,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';

/**
 * A stored document. Numbers keep their BSON type: an integral `number` within 32 bits is an int32,
 * any other `number` a double; `Double` marks the integral doubles, `Long` and `Decimal128` are kept.
 * Documents are never changed once stored; an update makes a new one that shares what did not change.
 */
export type Doc = Record<string, unknown>;

export {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  DBRef,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
};

/** BSON type numbers, as `$type` knows them. */
export const BsonType = {
  double: 1,
  string: 2,
  object: 3,
  array: 4,
  binData: 5,
  undefined: 6,
  objectId: 7,
  bool: 8,
  date: 9,
  null: 10,
  regex: 11,
  dbPointer: 12,
  javascript: 13,
  symbol: 14,
  javascriptWithScope: 15,
  int: 16,
  timestamp: 17,
  long: 18,
  decimal: 19,
  minKey: -1,
  maxKey: 127,
} as const;

export type TypeAlias = keyof typeof BsonType;

/** True for embedded documents, false for arrays, dates and every BSON class. */
export function isDoc(value: unknown): value is Doc {
  if (typeof value !== 'object' || value === null) return false;
  const proto: unknown = Object.getPrototypeOf(value);
  return proto === Object.prototype || proto === null;
}

/** `Array.isArray` without the `any` it lets in. */
export function isArray(value: unknown): value is unknown[] {
  return Array.isArray(value);
}

/** Reads an own field; a field named `toString` or `__proto__` is no different from any other. */
export function field(doc: Doc, name: string): unknown {
  const value = doc[name];
  if (typeof value === 'function' || name === '__proto__') {
    return Object.hasOwn(doc, name) ? value : undefined;
  }
  return value;
}

/** Sets an own field, also when it is called `__proto__`. */
export function setField(doc: Doc, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(doc, name, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } else {
    doc[name] = value;
  }
}

/** Whether a `number` is written as an int32 (integral, 32 bits, not −0). */
export function isInt32(value: number): boolean {
  return (value | 0) === value && !Object.is(value, -0);
}

export type Numeric = number | Double | Int32 | Long | Decimal128 | bigint;

export function isNumeric(value: unknown): value is Numeric {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return true;
    case 'object':
      return (
        value instanceof Double ||
        value instanceof Decimal128 ||
        value instanceof Int32 ||
        isLong(value)
      );
    default:
      return false;
  }
}

/** `Timestamp` extends `Long` in the library but is no number. */
export function isLong(value: unknown): value is Long {
  return value instanceof Long && !(value instanceof Timestamp);
}

/** The nearest double; exact for everything but large longs and decimals. */
export function toDouble(value: Numeric): number {
  if (typeof value === 'number') return value;
  if (value instanceof Double || value instanceof Int32) return value.value;
  if (value instanceof Decimal128) return decimalToDouble(value);
  return Number(typeof value === 'bigint' ? value : value.toBigInt());
}

function decimalToDouble(value: Decimal128): number {
  const text = value.toString();
  if (text === 'Infinity' || text === '-Infinity' || text === 'NaN') return Number(text);
  return Number(text);
}

/** The type number and alias of a value; `undefined` (a missing field) reads as “missing”. */
export function typeAlias(value: unknown): TypeAlias | 'missing' {
  switch (typeof value) {
    case 'undefined':
      return 'missing';
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'number':
      return isInt32(value) ? 'int' : 'double';
    case 'bigint':
      return 'long';
    default:
      return value === null ? 'null' : objectAlias(value as object);
  }
}

function objectAlias(value: object): TypeAlias {
  if (Array.isArray(value)) return 'array';
  if (isDoc(value)) return 'object';
  if (value instanceof ObjectId) return 'objectId';
  if (value instanceof Date) return 'date';
  if (value instanceof Double) return 'double';
  if (value instanceof Timestamp) return 'timestamp';
  if (value instanceof Long) return 'long';
  if (value instanceof Decimal128) return 'decimal';
  if (value instanceof Int32) return 'int';
  if (value instanceof Binary || value instanceof Uint8Array) return 'binData';
  if (value instanceof BSONRegExp || value instanceof RegExp) return 'regex';
  if (value instanceof MinKey) return 'minKey';
  if (value instanceof MaxKey) return 'maxKey';
  if (value instanceof Code) return value.scope ? 'javascriptWithScope' : 'javascript';
  if (value instanceof BSONSymbol) return 'symbol';
  return 'object';
}

/**
 * MongoDB's sort order of types; values of one rank are compared with each other, and a range
 * condition never crosses ranks. A missing value ranks with null.
 */
export function typeRank(value: unknown): number {
  switch (typeof value) {
    case 'undefined':
      return 5;
    case 'number':
    case 'bigint':
      return 10;
    case 'string':
      return 15;
    case 'boolean':
      return 40;
    default:
      return value === null ? 5 : objectRank(value as object);
  }
}

const RANK_OF_ALIAS: Partial<Record<TypeAlias, number>> = {
  minKey: -1,
  double: 10,
  int: 10,
  long: 10,
  decimal: 10,
  symbol: 15,
  object: 20,
  array: 25,
  binData: 30,
  objectId: 35,
  date: 45,
  timestamp: 47,
  regex: 50,
  javascript: 60,
  javascriptWithScope: 65,
  maxKey: 127,
};

function objectRank(value: object): number {
  return RANK_OF_ALIAS[objectAlias(value)] ?? 20;
}
