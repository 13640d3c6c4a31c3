import {
  addDecimals,
  decimalText,
  multiplyDecimals,
  parseDecimal,
  type Decimal,
} from '../bson/decimal.js';
import {
  Decimal128,
  Double,
  isInt32,
  isLong,
  Long,
  toDouble,
  type Numeric,
} from '../bson/value.js';

/**
 * Arithmetic that keeps MongoDB's types: int32 grows into int64 when it overflows, a double makes the
 * result a double, a decimal makes it a decimal.
 */
export type Arithmetic = 'add' | 'multiply' | 'subtract';

/** `undefined` when an int64 overflows. */
export function compute(operation: Arithmetic, a: Numeric, b: Numeric): Numeric | undefined {
  if (typeof a === 'number' && typeof b === 'number' && isInt32(a) && isInt32(b)) {
    // `+ 0` because no int32 is −0. Whatever fits into 32 bits was computed exactly.
    const quick = doubleResult(operation, a, b) + 0;
    if (isInt32(quick)) return quick;
    return fromInteger(integerResult(operation, BigInt(a), BigInt(b)), false);
  }
  if (a instanceof Decimal128 || b instanceof Decimal128) return decimalResult(operation, a, b);
  if (isIntegral(a) && isIntegral(b)) {
    return fromInteger(integerResult(operation, integerOf(a), integerOf(b)), true);
  }
  return keepDouble(doubleResult(operation, toDouble(a), toDouble(b)));
}

/** Marks an integral result of floating-point arithmetic as the double it is. */
export function keepDouble(value: number): number | Double {
  return isInt32(value) ? new Double(value) : value;
}

function isIntegral(value: Numeric): boolean {
  return (
    isLong(value) || (typeof value === 'number' && isInt32(value)) || typeof value === 'bigint'
  );
}

export function integerOf(value: Numeric): bigint {
  if (isLong(value)) return value.toBigInt();
  return typeof value === 'bigint' ? value : BigInt(toDouble(value));
}

function integerResult(operation: Arithmetic, a: bigint, b: bigint): bigint {
  if (operation === 'add') return a + b;
  return operation === 'subtract' ? a - b : a * b;
}

const MAX_INT32 = 2n ** 31n - 1n;
const MAX_INT64 = 2n ** 63n - 1n;

function fromInteger(value: bigint, long: boolean): Numeric | undefined {
  if (!long && value <= MAX_INT32 && value >= -MAX_INT32 - 1n) return Number(value);
  if (value > MAX_INT64 || value < -MAX_INT64 - 1n) return undefined;
  return Long.fromBigInt(value);
}

function doubleResult(operation: Arithmetic, a: number, b: number): number {
  if (operation === 'add') return a + b;
  return operation === 'subtract' ? a - b : a * b;
}

export function toDecimal(value: Numeric): Decimal | undefined {
  if (value instanceof Decimal128 || isLong(value)) return parseDecimal(value.toString());
  const double = toDouble(value);
  return parseDecimal(
    Number.isInteger(double) ? String(double) : String(Number(double.toPrecision(15))),
  );
}

function decimalResult(operation: Arithmetic, a: Numeric, b: Numeric): Numeric {
  const x = toDecimal(a);
  const y = toDecimal(b);
  if (!x || !y)
    return Decimal128.fromString(String(doubleResult(operation, toDouble(a), toDouble(b))));
  return fromDecimal(decimalOf(operation, x, y));
}

function decimalOf(operation: Arithmetic, a: Decimal, b: Decimal): Decimal {
  if (operation === 'multiply') return multiplyDecimals(a, b);
  return addDecimals(a, operation === 'subtract' ? { ...b, digits: -b.digits } : b);
}

/** Kept plain where that is exact; 34 significant digits otherwise. */
export function fromDecimal(value: Decimal): Decimal128 {
  const { digits, exponent } = value;
  if (exponent < 0 && exponent > -34) {
    const text = (digits < 0n ? -digits : digits).toString().padStart(1 - exponent, '0');
    const at = text.length + exponent;
    const plain = `${digits < 0n ? '-' : ''}${text.slice(0, at)}.${text.slice(at)}`;
    return Decimal128.fromStringWithRounding(plain);
  }
  return Decimal128.fromStringWithRounding(exponent === 0 ? digits.toString() : decimalText(value));
}
