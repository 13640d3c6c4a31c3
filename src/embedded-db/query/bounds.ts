import { equalValues } from '../bson/compare.js';
import { truthy } from '../aggregate/truth.js';
import { isDoc, MaxKey, MinKey, typeRank, type Doc } from '../bson/value.js';
import { encodeKey, rankTag } from '../storage/key.js';
import { isOperatorDoc } from './operator-doc.js';
import { isRegExp } from './match-evaluation.js';

/** An end of an interval of keys: before or after everything that starts with `prefix`. */
export interface Edge {
  readonly prefix: string;
  readonly after: boolean;
}

export interface Interval {
  readonly low: Edge;
  readonly high: Edge;
}

/**
 * What a filter demands of the values at one path, as far as an index can serve it. It may let through
 * more than the filter does, never less.
 */
export type Constraint =
  /** One of these values (`a: 1`, `$in`). */
  | {
      readonly kind: 'points';
      readonly values: readonly unknown[];
      /** The keys are these, but the values need not be: `$exists: false` holds for `[]`, null does not. */
      readonly keysOnly?: true;
    }
  /** A value in an interval of the keys of one type. */
  | {
      readonly kind: 'range';
      readonly interval: Interval;
      readonly rank: number;
      /** The comparison it came from, for checking what it implies. */
      readonly operator: string;
      readonly operand: unknown;
    }
  /** Some value that is not null (`$exists: true`): tells sparse indexes from others. */
  | { readonly kind: 'present' };

/** The constraints of a filter by path; all of them hold for every document that matches. */
export type Constraints = ReadonlyMap<string, readonly Constraint[]>;

export function constraintsOf(filter: Doc): Constraints {
  const found = new Map<string, Constraint[]>();
  const take = (path: string, constraint: Constraint): void => {
    const list = found.get(path);
    if (list) list.push(constraint);
    else found.set(path, [constraint]);
  };
  collect(filter, '', take);
  return found;
}

type Take = (path: string, constraint: Constraint) => void;

function collect(filter: Doc, under: string, take: Take): void {
  for (const [name, operand] of Object.entries(filter)) {
    if (name === '$and' && Array.isArray(operand)) {
      for (const branch of operand) if (isDoc(branch)) collect(branch, under, take);
    } else if (
      name === '$or' &&
      Array.isArray(operand) &&
      operand.length === 1 &&
      isDoc(operand[0])
    ) {
      collect(operand[0], under, take);
    } else if (!name.startsWith('$')) {
      const path = under + name;
      for (const constraint of constraintsOfOperand(operand, path, take)) take(path, constraint);
    }
  }
}

function constraintsOfOperand(operand: unknown, path: string, take: Take): Constraint[] {
  if (isRegExp(operand)) return regexConstraint(operand.pattern, operand.options);
  if (!isDoc(operand) || !isOperatorDoc(operand)) return pointConstraint([operand]);
  return Object.entries(operand).flatMap(([name, value]) =>
    operatorConstraint(name, value, operand, path, take),
  );
}

function operatorConstraint(
  name: string,
  value: unknown,
  siblings: Doc,
  path: string,
  take: Take,
): Constraint[] {
  switch (name) {
    case '$eq':
      return isRegExp(value) ? [] : pointConstraint([value]);
    case '$in':
      return Array.isArray(value) && !value.some(isRegExp) ? pointConstraint(value) : [];
    case '$all':
      return allConstraint(value);
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return rangeConstraint(name, value);
    case '$exists':
      return truthy(value)
        ? [{ kind: 'present' }]
        : [{ kind: 'points', values: [null], keysOnly: true }];
    case '$regex':
      return typeof value === 'string'
        ? regexConstraint(
            value,
            typeof siblings['$options'] === 'string' ? siblings['$options'] : '',
          )
        : isRegExp(value)
          ? regexConstraint(value.pattern, value.options)
          : [];
    case '$elemMatch':
      return elemMatchConstraint(value, path, take);
    default:
      return [];
  }
}

/** Arrays as operands match elements and wholes alike; no index is asked about them. */
function pointConstraint(values: readonly unknown[]): Constraint[] {
  return values.some(Array.isArray) ? [] : [{ kind: 'points', values }];
}

function allConstraint(value: unknown): Constraint[] {
  if (!Array.isArray(value) || value.length === 0) return [];
  const plain = value.find(
    (member) =>
      !isRegExp(member) && !Array.isArray(member) && !(isDoc(member) && isOperatorDoc(member)),
  ) as unknown;
  return plain === undefined ? [] : pointConstraint([plain]);
}

function elemMatchConstraint(value: unknown, path: string, take: Take): Constraint[] {
  if (!isDoc(value)) return [];
  const first = Object.keys(value)[0];
  if (first !== undefined && isOperatorDoc(value) && !['$and', '$or', '$nor'].includes(first)) {
    return Object.entries(value).flatMap(([name, operand]) =>
      operatorConstraint(name, operand, value, path, take),
    );
  }
  collect(value, `${path}.`, take);
  return [];
}

function rangeConstraint(operator: string, operand: unknown): Constraint[] {
  if (Array.isArray(operand) || operand instanceof MinKey || operand instanceof MaxKey) return [];
  const rank = typeRank(operand);
  if (rank === 5) return operator.endsWith('e') ? pointConstraint([null]) : pointConstraint([]);
  const key = encodeKey(operand);
  const tag = rankTag(rank);
  const all: Interval = { low: { prefix: tag, after: false }, high: { prefix: tag, after: true } };
  const interval: Interval =
    operator === '$gt'
      ? { ...all, low: { prefix: key, after: true } }
      : operator === '$gte'
        ? { ...all, low: { prefix: key, after: false } }
        : operator === '$lt'
          ? { ...all, high: { prefix: key, after: false } }
          : { ...all, high: { prefix: key, after: true } };
  return [{ kind: 'range', interval, rank, operator, operand }];
}

const LITERAL_PREFIX = /^\^([^\\^$.|?*+()[\]{}]+)(.?)/;

/** `/^abc/` as a range of strings; a quantifier takes the last letter back out of the prefix. */
function regexConstraint(pattern: string, options: string): Constraint[] {
  if (
    options.includes('i') ||
    options.includes('m') ||
    options.includes('x') ||
    pattern.includes('|')
  )
    return [];
  const match = LITERAL_PREFIX.exec(pattern);
  if (!match) return [];
  const literal =
    '?*{'.includes(match[2] as string) && match[2] !== ''
      ? (match[1] as string).slice(0, -1)
      : (match[1] as string);
  if (literal === '') return [];
  // The key of a string ends with a terminator; without it, it is the prefix of all longer strings.
  const prefix = encodeKey(literal).slice(0, -1);
  const interval = { low: { prefix, after: false }, high: { prefix, after: true } };
  return [{ kind: 'range', interval, rank: 15, operator: '$regex', operand: literal }];
}

/** Whether values equal under a constraint can be null, and so be missing from a sparse index. */
export function admitsNull(constraint: Constraint): boolean {
  return (
    constraint.kind === 'points' && constraint.values.some((value) => equalValues(value, null))
  );
}

/** Whether a constraint speaks about strings, which only an index of the same collation orders. */
export function involvesText(constraint: Constraint): boolean {
  if (constraint.kind === 'range') return constraint.rank === 15 || constraint.rank === 20;
  return (
    constraint.kind === 'points' &&
    constraint.values.some((value) => typeof value === 'string' || isDoc(value))
  );
}
