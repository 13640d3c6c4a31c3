import { compareValues, equalValues } from '../bson/compare.js';
import { isDoc, typeRank, type Doc } from '../bson/value.js';
import { admitsNull, type Constraint, type Constraints } from './bounds.js';
import { compileMatch } from './match.js';
import { isOperatorDoc } from './operator-doc.js';

/**
 * Whether every document that matches the filter also matches a partial index's condition, so that the index
 * knows all of them. When in doubt the answer is no.
 */
export function implies(filter: Doc, constraints: Constraints, condition: Doc): boolean {
  return Object.entries(condition).every(([name, operand]) => {
    if (name === '$and' && Array.isArray(operand)) {
      return operand.every((branch) => isDoc(branch) && implies(filter, constraints, branch));
    }
    if (name.startsWith('$')) return false;
    return impliesField(filter, constraints.get(name) ?? [], name, operand);
  });
}

function impliesField(
  filter: Doc,
  known: readonly Constraint[],
  path: string,
  operand: unknown,
): boolean {
  if (Object.hasOwn(filter, path) && equalValues(filter[path], operand)) return true;
  const operators: Doc = isDoc(operand) && isOperatorDoc(operand) ? operand : { $eq: operand };
  return Object.entries(operators).every(
    ([name, value]) =>
      known.some((constraint) => impliesOperator(constraint, name, value)) ||
      hasSame(filter[path], name, value),
  );
}

function hasSame(operand: unknown, name: string, value: unknown): boolean {
  return isDoc(operand) && Object.hasOwn(operand, name) && equalValues(operand[name], value);
}

const POSITIVE = new Set(['$eq', '$in', '$gt', '$gte', '$lt', '$lte', '$type']);

function impliesOperator(constraint: Constraint, name: string, value: unknown): boolean {
  if (name === '$exists') return value === true && !admitsNull(constraint);
  // Only for conditions that one matching value satisfies; `$not` and its kin look at all of an array.
  if (!POSITIVE.has(name)) return false;
  if (constraint.kind === 'points') {
    if (constraint.keysOnly) return false;
    const match = compileMatch({ value: { [name]: value } });
    return (
      constraint.values.length > 0 && constraint.values.every((point) => match({ value: point }))
    );
  }
  return constraint.kind === 'range' && rangeWithin(constraint, name, value);
}

/** `a > 5` implies `a > 3` and `a ≥ 5`. */
function rangeWithin(
  { operator, operand, rank }: Extract<Constraint, { kind: 'range' }>,
  name: string,
  value: unknown,
): boolean {
  if (rank !== typeRank(value) || operator === '$regex') return false;
  const order = compareValues(operand, value);
  if (name === '$gt') return operator === '$gt' ? order >= 0 : operator === '$gte' && order > 0;
  if (name === '$gte') return (operator === '$gt' || operator === '$gte') && order >= 0;
  if (name === '$lt') return operator === '$lt' ? order <= 0 : operator === '$lte' && order < 0;
  return name === '$lte' && (operator === '$lt' || operator === '$lte') && order <= 0;
}
