import { BsonType, isNumeric, toDouble, typeAlias, type TypeAlias } from '../bson/value.js';
import { DbError } from '../errors.js';
import { truthy } from '../aggregate/truth.js';
import type { ConditionOperator } from './match.js';

const NUMBERS: readonly TypeAlias[] = ['int', 'long', 'double', 'decimal'];
const ALIAS_OF_NUMBER = new Map<number, TypeAlias>(
  (Object.entries(BsonType) as [TypeAlias, number][]).map(([alias, number]) => [number, alias]),
);

/** The aliases meant by one operand of `$type`: a number, an alias, or `number` for all four. */
function aliasesOf(operand: unknown): readonly TypeAlias[] {
  if (operand === 'number') return NUMBERS;
  if (typeof operand === 'string') {
    if (!Object.hasOwn(BsonType, operand)) {
      throw new DbError(2, `Unknown type name alias: ${operand}`);
    }
    return [operand as TypeAlias];
  }
  if (isNumeric(operand)) {
    const alias = ALIAS_OF_NUMBER.get(toDouble(operand));
    if (alias) return [alias];
    throw new DbError(2, `Invalid numerical type code: ${toDouble(operand)}`);
  }
  throw new DbError(14, 'type must be represented as a number or a string');
}

export const elementOperators: Readonly<Record<string, ConditionOperator>> = {
  $exists: (operand) => ({
    rule: 'whole',
    test: (value) => value !== undefined,
    negated: !truthy(operand),
  }),
  $type: (operand) => {
    const operands: unknown[] = Array.isArray(operand) ? operand : [operand];
    if (operands.length === 0) throw new DbError(9, '$type must match at least one type');
    const wanted = new Set<string>(operands.flatMap(aliasesOf));
    return { rule: 'each', test: (value) => wanted.has(typeAlias(value)) };
  },
};
