import {
  Decimal128,
  Double,
  isInt32,
  isLong,
  isNumeric,
  Long,
  toDouble,
  typeAlias,
  type Numeric,
} from '../../bson/value.js';
import { divideDecimals } from '../../bson/decimal.js';
import { DbError } from '../../errors.js';
import { compute, fromDecimal, integerOf, keepDouble, toDecimal } from '../../update/numbers.js';
import type { ExpressionOperator } from '../expression.js';
import { binary, countedOperands, isNullish, operandList, unary } from '../operands.js';
import type { Evaluate } from '../expression.js';

/** Sums and products overflow from int64 to double, as MongoDB's do in expressions. */
export function plus(a: Numeric, b: Numeric): Numeric {
  return compute('add', a, b) ?? toDouble(a) + toDouble(b);
}

function numeric(name: string, value: unknown): Numeric {
  if (isNumeric(value)) return value;
  throw new DbError(14, `${name} only supports numeric types, not ${typeAlias(value)}`);
}

const add: ExpressionOperator = (operand, compiler) => {
  const operands = operandList(operand, compiler);
  return (scope) => {
    let sum: Numeric = 0;
    let date: Date | undefined;
    for (const evaluate of operands) {
      const value = evaluate(scope);
      if (isNullish(value)) return null;
      if (value instanceof Date) {
        if (date) throw new DbError(16612, 'only one date allowed in an $add expression');
        date = value;
      } else if (isNumeric(value)) {
        sum = plus(sum, value);
      } else {
        throw new DbError(14, `$add only supports numeric or date types, not ${typeAlias(value)}`);
      }
    }
    return date ? new Date(date.getTime() + Math.round(toDouble(sum))) : sum;
  };
};

const multiply: ExpressionOperator = (operand, compiler) => {
  const operands = operandList(operand, compiler);
  return (scope) => {
    let product: Numeric = 1;
    for (const evaluate of operands) {
      const value = evaluate(scope);
      if (isNullish(value)) return null;
      const factor = numeric('$multiply', value);
      product = compute('multiply', product, factor) ?? toDouble(product) * toDouble(factor);
    }
    return product;
  };
};

function subtract(a: unknown, b: unknown): unknown {
  if (isNullish(a) || isNullish(b)) return null;
  if (a instanceof Date) {
    if (b instanceof Date) return Long.fromNumber(a.getTime() - b.getTime());
    if (isNumeric(b)) return new Date(a.getTime() - Math.round(toDouble(b)));
  }
  if (isNumeric(a) && isNumeric(b)) return compute('subtract', a, b) ?? toDouble(a) - toDouble(b);
  throw new DbError(14, `can't $subtract ${typeAlias(b)} from ${typeAlias(a)}`);
}

function divide(a: unknown, b: unknown): unknown {
  if (isNullish(a) || isNullish(b)) return null;
  if (!isNumeric(a) || !isNumeric(b)) {
    throw new DbError(
      14,
      `$divide only supports numeric types, not ${typeAlias(a)} and ${typeAlias(b)}`,
    );
  }
  if (toDouble(b) === 0) throw new DbError(2, "can't $divide by zero");
  if (a instanceof Decimal128 || b instanceof Decimal128) {
    const x = toDecimal(a);
    const y = toDecimal(b);
    if (x && y) return fromDecimal(divideDecimals(x, y));
  }
  return keepDouble(toDouble(a) / toDouble(b));
}

function mod(a: unknown, b: unknown): unknown {
  if (isNullish(a) || isNullish(b)) return null;
  if (!isNumeric(a) || !isNumeric(b)) {
    throw new DbError(
      14,
      `$mod only supports numeric types, not ${typeAlias(a)} and ${typeAlias(b)}`,
    );
  }
  if (toDouble(b) === 0) throw new DbError(16610, "can't $mod by zero");
  if (isLong(a) || isLong(b)) {
    if (!isFraction(a) && !isFraction(b)) return Long.fromBigInt(integerOf(a) % integerOf(b));
  }
  const result = toDouble(a) % toDouble(b);
  return isFraction(a) || isFraction(b) ? keepDouble(result) : result + 0;
}

function isFraction(value: Numeric): boolean {
  return value instanceof Double || (typeof value === 'number' && !isInt32(value));
}

/** A function of one number; null stays null. `keepsType` for those that map integers to integers. */
function real(
  name: string,
  compute_: (value: number) => number,
  keepsType = false,
): ExpressionOperator {
  return unary(name, (value) => {
    if (isNullish(value)) return null;
    const number = numeric(name, value);
    if (keepsType && !isFraction(number)) {
      if (typeof number === 'number') return compute_(number);
      return number;
    }
    if (keepsType && number instanceof Decimal128) {
      return Decimal128.fromString(String(compute_(toDouble(number))));
    }
    return keepDouble(compute_(toDouble(number)));
  });
}

const abs: ExpressionOperator = unary('$abs', (value) => {
  if (isNullish(value)) return null;
  const number = numeric('$abs', value);
  if (isLong(number)) return number.isNegative() ? number.negate() : number;
  if (number instanceof Decimal128)
    return Decimal128.fromString(number.toString().replace(/^-/, ''));
  return number instanceof Double ? new Double(Math.abs(number.value)) : Math.abs(toDouble(number));
});

/** Rounds to decimal places, half to even for `$round`. */
function rounding(name: '$round' | '$trunc'): ExpressionOperator {
  return (operand, compiler) => {
    const [number, digits] = countedOperands(name, operand, compiler, 1, 2) as [
      Evaluate,
      Evaluate?,
    ];
    return (scope) => {
      const value = number(scope);
      const places = digits ? digits(scope) : 0;
      if (isNullish(value) || isNullish(places)) return null;
      const exact = numeric(name, value);
      const scale = toDouble(numeric(name, places));
      if (scale < -20 || scale > 100 || !Number.isInteger(scale)) {
        throw new DbError(
          51083,
          `cannot apply ${name} with precision value ${scale} value must be in [-20, 100]`,
        );
      }
      if (!isFraction(exact) && !(exact instanceof Decimal128) && scale >= 0) return exact;
      const result = roundTo(toDouble(exact), scale, name);
      if (exact instanceof Decimal128) return Decimal128.fromString(String(result));
      if (isLong(exact)) return Long.fromNumber(result);
      return isFraction(exact) ? keepDouble(result) : result;
    };
  };
}

function roundTo(value: number, places: number, name: '$round' | '$trunc'): number {
  if (!Number.isFinite(value)) return value;
  const scaled = Number(`${shifted(value, places)}`);
  const whole = name === '$trunc' ? Math.trunc(scaled) : halfToEven(scaled);
  return shifted(whole, -places);
}

/** Moves the decimal point by text, which does not add the error of a multiplication. */
function shifted(value: number, places: number): number {
  const [mantissa = '0', exponent = '0'] = String(value).split('e');
  return Number(`${mantissa}e${Number(exponent) + places}`);
}

function halfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

function power(a: unknown, b: unknown): unknown {
  if (isNullish(a) || isNullish(b)) return null;
  const base = numeric('$pow', a);
  const exponent = numeric('$pow', b);
  if (toDouble(base) === 0 && toDouble(exponent) < 0) {
    throw new DbError(28764, '$pow cannot take a base of 0 and a negative exponent');
  }
  const result = toDouble(base) ** toDouble(exponent);
  if (isFraction(base) || isFraction(exponent) || toDouble(exponent) < 0) return keepDouble(result);
  if (Number.isSafeInteger(result)) return isInt32(result) ? result : Long.fromNumber(result);
  return result;
}

function logarithm(a: unknown, b: unknown): unknown {
  if (isNullish(a) || isNullish(b)) return null;
  const value = toDouble(numeric('$log', a));
  const base = toDouble(numeric('$log', b));
  if (value <= 0)
    throw new DbError(28758, `$log's argument must be a positive number, but is ${value}`);
  if (base <= 0 || base === 1)
    throw new DbError(
      28759,
      `$log's base must be a positive number not equal to 1, but is ${base}`,
    );
  return keepDouble(Math.log(value) / Math.log(base));
}

export const arithmeticOperators: Readonly<Record<string, ExpressionOperator>> = {
  $add: add,
  $multiply: multiply,
  $subtract: binary('$subtract', subtract),
  $divide: binary('$divide', divide),
  $mod: binary('$mod', mod),
  $abs: abs,
  $ceil: real('$ceil', Math.ceil, true),
  $floor: real('$floor', Math.floor, true),
  $round: rounding('$round'),
  $trunc: rounding('$trunc'),
  $sqrt: real('$sqrt', Math.sqrt),
  $exp: real('$exp', Math.exp),
  $ln: real('$ln', Math.log),
  $log10: real('$log10', Math.log10),
  $log: binary('$log', logarithm),
  $pow: binary('$pow', power),
};
