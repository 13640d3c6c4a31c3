import { isDoc, isNumeric, toDouble } from '../../bson/value.js';
import { DbError } from '../../errors.js';
import { compileSort } from '../../query/sort.js';
import { sorted } from '../../query/sort-work.js';
import { counted, part } from '../../work.js';
import type { StageOperator } from '../pipeline.js';

const sort: StageOperator = (operand, { options }) => {
  if (!isDoc(operand)) throw new DbError(15973, 'the $sort key specification must be an object');
  if (Object.keys(operand).length === 0)
    throw new DbError(15976, '$sort stage must have at least one sort key');
  const order = compileSort(operand, options.collation);
  return (docs) => sorted(docs, order, (doc) => doc);
};

function countArgument(name: string, operand: unknown, least: number): number {
  const count = isNumeric(operand) ? toDouble(operand) : Number.NaN;
  if (!Number.isInteger(count) || count < least) {
    const kind = least > 0 ? 'positive' : 'non-negative';
    throw new DbError(
      name === '$limit' ? 15958 : 15956,
      `invalid argument to ${name} stage: Expected a ${kind} number in: ${name}: ${String(operand)}`,
    );
  }
  return count;
}

const limit: StageOperator = (operand) => {
  const count = countArgument('$limit', operand, 1);
  return (docs) => part(docs, 0, count);
};

const skip: StageOperator = (operand) => {
  const count = countArgument('$skip', operand, 0);
  return (docs) => part(docs, count);
};

const count: StageOperator = (operand) => {
  if (
    typeof operand !== 'string' ||
    operand === '' ||
    operand.startsWith('$') ||
    operand.includes('.')
  ) {
    throw new DbError(40156, 'the count field must be a non-empty string without $ and dots');
  }
  return function* (docs) {
    const n = yield* counted(docs);
    // Counting nothing gives no document at all.
    if (n > 0) yield [{ [operand]: n }];
  };
};

export const orderingStages: Readonly<Record<string, StageOperator>> = {
  $sort: sort,
  $limit: limit,
  $skip: skip,
  $count: count,
};
