import { compareValues, type Comparison } from '../bson/compare.js';
import { isDoc, MaxKey, MinKey, toDouble, typeRank, type Numeric } from '../bson/value.js';
import { DbError } from '../errors.js';
import { encodeKey } from '../storage/key.js';
import type { Collation } from './collation.js';
import type { Condition, ConditionOperator } from './match.js';
import { isRegExp, regexTest } from './match-evaluation.js';
import type { ValueTest } from './path.js';

/** Equality with a value; null also matches a missing field. */
export function equality(operand: unknown, collation: Collation | undefined): Condition {
  return { rule: 'each', test: equals(operand, collation) };
}

function equals(operand: unknown, collation: Collation | undefined): ValueTest {
  if (operand === null || operand === undefined)
    return (value) => value === undefined || value === null;
  if (typeof operand === 'string' && !collation) {
    return (value) => value === operand || (typeof value === 'object' && same(value, operand));
  }
  return (value) => value === operand || same(value, operand, collation);
}

function same(value: unknown, operand: unknown, collation?: Collation): boolean {
  if (value === undefined) return false;
  return compareValues(value, operand, collation?.compare) === 0;
}

/** A range condition; it never crosses types, except towards MinKey and MaxKey. */
function range(accepts: (order: Comparison) => boolean): ConditionOperator {
  return (operand, { collation }) => {
    if (isRegExp(operand)) {
      throw new DbError(2, "Can't have RegEx as arg to predicate over field.");
    }
    const rank = typeRank(operand);
    const crossesTypes = operand instanceof MinKey || operand instanceof MaxKey;
    const isNaNOperand = rank === 10 && Number.isNaN(toDouble(operand as Numeric));
    return {
      rule: 'each',
      test: (value) => {
        if (!crossesTypes) {
          if (typeRank(value) !== rank) return false;
          // NaN is neither above nor below anything; it only equals itself.
          if (rank === 10 && Number.isNaN(toDouble(value as Numeric)) !== isNaNOperand)
            return false;
        } else if (value === undefined) {
          return false;
        }
        return accepts(compareValues(value, operand, collation?.compare));
      },
    };
  };
}

function listOf(name: string, operand: unknown): unknown[] {
  if (!Array.isArray(operand)) throw new DbError(2, `${name} needs an array`);
  for (const value of operand) {
    const first = isDoc(value) ? Object.keys(value)[0] : undefined;
    if (first?.startsWith('$') && !['$ref', '$id', '$db'].includes(first)) {
      throw new DbError(2, `cannot nest $ under ${name}`);
    }
  }
  return operand;
}

function oneOf(operand: unknown[], collation: Collation | undefined): ValueTest {
  const plain = operand.filter((value) => !isRegExp(value));
  const patterns = operand.filter(isRegExp).map(regexTest);
  const member = collation ? memberByCollation(plain, collation) : memberByKey(plain);
  if (patterns.length === 0) return member;
  return (value, details) =>
    member(value, details) || patterns.some((pattern) => pattern(value, details));
}

function memberByCollation(values: unknown[], collation: Collation): ValueTest {
  const tests = values.map((value) => equals(value, collation));
  return (value, details) => tests.some((test) => test(value, details));
}

const FEW = 6;

/** Long lists are looked up by key instead of compared one by one. */
function memberByKey(values: unknown[]): ValueTest {
  if (values.length <= FEW) {
    const tests = values.map((value) => equals(value, undefined));
    return (value, details) => tests.some((test) => test(value, details));
  }
  const keys = new Set(values.map(encodeKey));
  return (value) => keys.has(encodeKey(value ?? null));
}

export const comparisonOperators: Readonly<Record<string, ConditionOperator>> = {
  $eq: (operand, { collation }) => equality(operand, collation),
  $ne: (operand, { collation }) => {
    if (isRegExp(operand)) throw new DbError(2, "Can't have regex as arg to $ne.");
    return { ...equality(operand, collation), negated: true };
  },
  $gt: range((order) => order > 0),
  $gte: range((order) => order >= 0),
  $lt: range((order) => order < 0),
  $lte: range((order) => order <= 0),
  $in: (operand, { collation }) => ({
    rule: 'each',
    test: oneOf(listOf('$in', operand), collation),
  }),
  $nin: (operand, { collation }) => ({
    rule: 'each',
    test: oneOf(listOf('$nin', operand), collation),
    negated: true,
  }),
};
