import { compareValues, type Comparison } from '../../bson/compare.js';
import { countedOperands } from '../operands.js';
import type { Evaluate, ExpressionOperator } from '../expression.js';

/** Unlike in queries, a missing value is less than null, and every type compares with every other. */
export function compareForExpression(
  a: unknown,
  b: unknown,
  strings?: (a: string, b: string) => Comparison,
): Comparison {
  if (a === undefined || b === undefined) {
    if (a === b) return 0;
    return a === undefined ? (isMinKey(b) ? 1 : -1) : isMinKey(a) ? -1 : 1;
  }
  return compareValues(a, b, strings);
}

function isMinKey(value: unknown): boolean {
  return compareValues(value, null) < 0;
}

function comparison(name: string, result: (order: Comparison) => unknown): ExpressionOperator {
  return (operand, compiler) => {
    const [a, b] = countedOperands(name, operand, compiler, 2) as [Evaluate, Evaluate];
    const strings = compiler.options.collation?.compare;
    return (scope) => result(compareForExpression(a(scope), b(scope), strings));
  };
}

export const comparisonOperators: Readonly<Record<string, ExpressionOperator>> = {
  $eq: comparison('$eq', (order) => order === 0),
  $ne: comparison('$ne', (order) => order !== 0),
  $gt: comparison('$gt', (order) => order > 0),
  $gte: comparison('$gte', (order) => order >= 0),
  $lt: comparison('$lt', (order) => order < 0),
  $lte: comparison('$lte', (order) => order <= 0),
  $cmp: comparison('$cmp', Math.sign),
};
