import { encode } from '../../bson/encode.js';
import {
  Binary,
  Decimal128,
  isDoc,
  isInt32,
  isLong,
  isNumeric,
  Long,
  ObjectId,
  toDouble,
  typeAlias,
  BsonType,
  type Numeric,
  type TypeAlias,
} from '../../bson/value.js';
import { DbError } from '../../errors.js';
import { keepDouble } from '../../update/numbers.js';
import { formatDate, parseIsoDate } from '../date-format.js';
import type { Evaluate, ExpressionOperator } from '../expression.js';
import { isNullish, namedOperands, unary } from '../operands.js';
import { zoneOf } from '../time-zone.js';
import { instantOf } from './date.js';

const FAILED = 241;

function cannot(value: unknown, target: string): DbError {
  return new DbError(
    FAILED,
    `Unsupported conversion from ${typeAlias(value)} to ${target} in $convert with no onError value`,
  );
}

function unparsable(value: string, target: string): DbError {
  return new DbError(
    FAILED,
    `Failed to parse number '${value}' in $convert with no onError value: Did not consume whole string to ${target}.`,
  );
}

export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (value instanceof Date) return formatDate(value.getTime(), zoneOf('UTC'), undefined);
  if (value instanceof ObjectId) return value.toHexString();
  if (isNumeric(value)) return value.toString();
  if (value instanceof Binary && value.sub_type === Binary.SUBTYPE_UUID)
    return value.toUUID().toString();
  throw cannot(value, 'string');
}

function numberOf(value: unknown, target: string): Numeric {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (isNumeric(value)) return value;
  if (value instanceof Date && target !== 'int') return Long.fromNumber(value.getTime());
  if (typeof value === 'string') {
    const text = value;
    if (
      text.trim() !== text ||
      text === '' ||
      /^[+-]?0x/i.test(text) ||
      Number.isNaN(Number(text))
    ) {
      if (target !== 'decimal' && text !== 'NaN') throw unparsable(text, target);
    }
    if ((target === 'int' || target === 'long') && !/^[+-]?\d+$/.test(text))
      throw unparsable(text, target);
    return target === 'decimal' || target === 'long' ? decimalOf(text, target) : Number(text);
  }
  throw cannot(value, target);
}

function decimalOf(text: string, target: string): Decimal128 {
  try {
    return Decimal128.fromString(text);
  } catch {
    throw unparsable(text, target);
  }
}

function overflow(value: unknown): DbError {
  return new DbError(
    FAILED,
    `Conversion would overflow target type in $convert with no onError value: ${String(value)}`,
  );
}

const MAX_LONG = 2n ** 63n - 1n;

function toInt(value: unknown): number {
  const number = Math.trunc(toDouble(numberOf(value, 'int')));
  if (Number.isNaN(number) || number > 2_147_483_647 || number < -2_147_483_648)
    throw overflow(number);
  return number + 0;
}

function toLong(value: unknown): Long {
  const number = numberOf(value, 'long');
  if (isLong(number)) return number;
  const big = number instanceof Decimal128 ? bigOf(number) : bigOfDouble(toDouble(number));
  if (big > MAX_LONG || big < -MAX_LONG - 1n) throw overflow(big.toString());
  return Long.fromBigInt(big);
}

function bigOf(value: Decimal128): bigint {
  const text = value.toString();
  return /^[+-]?\d+$/.test(text) ? BigInt(text) : bigOfDouble(Number(text));
}

function bigOfDouble(value: number): bigint {
  if (!Number.isFinite(value)) throw overflow(value);
  return BigInt(Math.trunc(value));
}

function toDecimal(value: unknown): Decimal128 {
  const number = numberOf(value, 'decimal');
  if (number instanceof Decimal128) return number;
  if (isLong(number)) return Decimal128.fromString(number.toString());
  const double = toDouble(number);
  const text = Number.isInteger(double) ? String(double) : String(Number(double.toPrecision(15)));
  return Decimal128.fromString(
    typeof number === 'number' && isInt32(number) ? String(number) : text,
  );
}

function toBool(value: unknown): boolean {
  if (isNumeric(value)) return toDouble(value) !== 0;
  return value !== false;
}

function toDate(value: unknown): Date {
  if (typeof value === 'string') return new Date(parseIsoDate(value, zoneOf('UTC')));
  if (isNumeric(value) && !(typeof value === 'number' && isInt32(value))) {
    return new Date(Math.trunc(toDouble(value)));
  }
  if (isNumeric(value)) throw cannot(value, 'date');
  try {
    return new Date(instantOf(value));
  } catch {
    throw cannot(value, 'date');
  }
}

function toObjectId(value: unknown): ObjectId {
  if (value instanceof ObjectId) return value;
  if (typeof value !== 'string') throw cannot(value, 'objectId');
  if (!/^[0-9a-f]{24}$/i.test(value)) {
    throw new DbError(
      FAILED,
      `Failed to parse objectId '${value}' in $convert with no onError value: Invalid string length for parsing to OID, expected 24 but found ${value.length}`,
    );
  }
  return new ObjectId(value);
}

const CONVERSIONS: Partial<Record<TypeAlias, (value: unknown) => unknown>> = {
  string: textOf,
  int: toInt,
  long: toLong,
  double: (value) => keepDouble(toDouble(numberOf(value, 'double'))),
  decimal: toDecimal,
  bool: toBool,
  date: toDate,
  objectId: toObjectId,
};

function conversion(name: string, target: TypeAlias): ExpressionOperator {
  const convert = CONVERSIONS[target] as (value: unknown) => unknown;
  return unary(name, (value) => (isNullish(value) ? null : convert(value)));
}

const ALIAS_OF = new Map<number, TypeAlias>(
  (Object.entries(BsonType) as [TypeAlias, number][]).map(([alias, number]) => [number, alias]),
);

const convertTo: ExpressionOperator = (operand, compiler) => {
  const { input, to, onError, onNull } = namedOperands(
    '$convert',
    operand,
    compiler,
    ['input', 'to'],
    ['onError', 'onNull', 'format', 'byteOrder'],
  );
  return (scope) => {
    const value = (input as Evaluate)(scope);
    let target = (to as Evaluate)(scope);
    if (isNullish(value)) return onNull ? onNull(scope) : null;
    if (isNullish(target)) return null;
    if (isDoc(target)) target = target['type'];
    const alias = isNumeric(target) ? ALIAS_OF.get(toDouble(target)) : (target as TypeAlias);
    const convert = alias && CONVERSIONS[alias];
    if (!convert) throw new DbError(2, `Unknown type name: ${String(target)}`);
    try {
      return convert(value);
    } catch (error) {
      if (onError && error instanceof DbError) return onError(scope);
      throw error;
    }
  };
};

function binarySize(value: unknown): unknown {
  if (isNullish(value)) return null;
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (value instanceof Binary) return value.length();
  throw new DbError(
    51276,
    `$binarySize requires a string or BinData argument, found: ${typeAlias(value)}`,
  );
}

function bsonSize(value: unknown): unknown {
  if (isNullish(value)) return null;
  if (isDoc(value)) return encode(value).length;
  throw new DbError(31393, `$bsonSize requires a document input, found: ${typeAlias(value)}`);
}

export const typeOperators: Readonly<Record<string, ExpressionOperator>> = {
  $type: unary('$type', typeAlias),
  $isNumber: unary('$isNumber', isNumeric),
  $convert: convertTo,
  $toString: conversion('$toString', 'string'),
  $toInt: conversion('$toInt', 'int'),
  $toLong: conversion('$toLong', 'long'),
  $toDouble: conversion('$toDouble', 'double'),
  $toDecimal: conversion('$toDecimal', 'decimal'),
  $toBool: conversion('$toBool', 'bool'),
  $toDate: conversion('$toDate', 'date'),
  $toObjectId: conversion('$toObjectId', 'objectId'),
  $binarySize: unary('$binarySize', binarySize),
  $bsonSize: unary('$bsonSize', bsonSize),
};
