/**
 * Exact decimal arithmetic for `Decimal128`, which the bson library stores but does not compute with.
 * A finite value is `digits × 10^exponent`.
 */
export interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

const FINITE = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** Reads decimal text such as `-1.50E+3`; `undefined` for NaN and the infinities. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = FINITE.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const digits = BigInt(`${whole}${fraction}` || '0');
  return {
    digits: sign === '-' ? -digits : digits,
    exponent: Number(exponent) - fraction.length,
  };
}

/** Orders two numbers given as text; NaN first, then −Infinity … Infinity. */
export function compareDecimalText(a: string, b: string): number {
  const x = parseDecimal(a);
  const y = parseDecimal(b);
  if (!x || !y) return specialOrder(a, x) - specialOrder(b, y);
  return compareDecimals(x, y);
}

function specialOrder(text: string, finite: Decimal | undefined): number {
  if (finite) return 0;
  if (text === 'NaN') return -2;
  return text.startsWith('-') ? -1 : 1;
}

function compareDecimals(a: Decimal, b: Decimal): number {
  const signs = sign(a.digits) - sign(b.digits);
  if (signs !== 0 || a.digits === 0n) return signs;
  // Far apart: comparing magnitudes avoids scaling by an enormous power of ten.
  const magnitude = orderOf(a) - orderOf(b);
  if (magnitude !== 0) return sign(a.digits) * magnitude;
  const [x, y] = align(a, b);
  return x < y ? -1 : x > y ? 1 : 0;
}

function sign(digits: bigint): number {
  return digits < 0n ? -1 : digits > 0n ? 1 : 0;
}

function orderOf(value: Decimal): number {
  return digitCount(value.digits) + value.exponent;
}

function digitCount(digits: bigint): number {
  return (digits < 0n ? -digits : digits).toString().length;
}

function align(a: Decimal, b: Decimal): [bigint, bigint] {
  const exponent = Math.min(a.exponent, b.exponent);
  return [
    a.digits * 10n ** BigInt(a.exponent - exponent),
    b.digits * 10n ** BigInt(b.exponent - exponent),
  ];
}

export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const [x, y] = align(a, b);
  return { digits: x + y, exponent: Math.min(a.exponent, b.exponent) };
}

export function multiplyDecimals(a: Decimal, b: Decimal): Decimal {
  return { digits: a.digits * b.digits, exponent: a.exponent + b.exponent };
}

/** Quotient to 34 significant digits, rounded half to even. The divisor is not zero. */
export function divideDecimals(a: Decimal, b: Decimal): Decimal {
  const shift = Math.max(0, 36 + digitCount(b.digits) - digitCount(a.digits));
  const scaled = a.digits * 10n ** BigInt(shift);
  return { digits: scaled / b.digits, exponent: a.exponent - b.exponent - shift };
}

/** Text that `Decimal128.fromStringWithRounding` accepts. */
export function decimalText(value: Decimal): string {
  return `${value.digits}E${value.exponent}`;
}

/** One spelling per value (no trailing zeros), for use in keys. */
export function canonicalDecimalText(value: Decimal): string {
  if (value.digits === 0n) return '0';
  let { digits, exponent } = value;
  while (digits % 10n === 0n) {
    digits /= 10n;
    exponent += 1;
  }
  return `${digits}E${exponent}`;
}
