import { isDoc, isNumeric, toDouble, type Doc } from '../bson/value.js';
import { DbError } from '../errors.js';
import type { Condition, ConditionContext, ConditionOperator } from './match.js';
import { equality } from './match-comparison.js';
import { isOperatorDoc } from './operator-doc.js';
import { isRegExp, regexTest } from './match-evaluation.js';
import type { ValueTest } from './path.js';

const DOCUMENT_LEVEL = new Set(['$and', '$or', '$nor', '$where', '$expr']);

function elemMatch(operand: unknown, context: ConditionContext): Condition {
  if (!isDoc(operand)) throw new DbError(2, '$elemMatch needs an Object');
  const test = isValueForm(operand)
    ? elementValueTest(operand, context)
    : elementDocTest(operand, context);
  return {
    rule: 'whole',
    test: (value, details) => {
      if (!Array.isArray(value)) return false;
      const at = value.findIndex((element) => test(element, undefined));
      if (at >= 0 && details) details.index = at;
      return at >= 0;
    },
  };
}

/** `{ $elemMatch: { $gt: 1 } }` tests the elements themselves; otherwise they are documents. */
function isValueForm(operand: Doc): boolean {
  const first = Object.keys(operand)[0];
  return isOperatorDoc(operand) && !DOCUMENT_LEVEL.has(first as string);
}

function elementValueTest(operand: Doc, context: ConditionContext): ValueTest {
  const conditions = context.compileConditions(operand);
  return (element) =>
    conditions.every(({ test, negated }) => test(element, undefined) !== (negated ?? false));
}

function elementDocTest(operand: Doc, context: ConditionContext): ValueTest {
  const match = context.compileFilter(operand);
  return (element) => {
    if (isDoc(element)) return match(element);
    // An array in an array is matched as a document with its positions for names.
    return Array.isArray(element) && match({ ...(element as unknown[]) });
  };
}

function allOf(operand: unknown, context: ConditionContext): Condition[] {
  if (!Array.isArray(operand)) throw new DbError(2, '$all needs an array');
  if (operand.length === 0) return [{ rule: 'whole', test: () => false }];
  return operand.map((value): Condition => {
    if (isRegExp(value)) return { rule: 'each', test: regexTest(value) };
    if (isDoc(value) && Object.hasOwn(value, '$elemMatch')) {
      return elemMatch(value['$elemMatch'], context);
    }
    if (isDoc(value) && isOperatorDoc(value)) throw new DbError(2, 'no $ expressions in $all');
    return equality(value, context.collation);
  });
}

export const arrayOperators: Readonly<Record<string, ConditionOperator>> = {
  $elemMatch: elemMatch,
  $all: allOf,
  $size: (operand) => {
    const size = isNumeric(operand) ? toDouble(operand) : Number.NaN;
    if (!Number.isInteger(size)) {
      throw new DbError(
        2,
        `Failed to parse $size. Expected a number in: $size: ${String(operand)}`,
      );
    }
    if (size < 0) {
      throw new DbError(
        2,
        `Failed to parse $size. Expected a non-negative number in: $size: ${size}`,
      );
    }
    return { rule: 'whole', test: (value) => Array.isArray(value) && value.length === size };
  },
};
