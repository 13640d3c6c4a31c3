import { compileExpression } from '../aggregate/expression.js';
import { truthy } from '../aggregate/truth.js';
import { field, isDoc, type Doc } from '../bson/value.js';
import { DbError, notSupported } from '../errors.js';
import type { Collation } from './collation.js';
import { arrayOperators } from './match-array.js';
import { bitOperators } from './match-bits.js';
import { comparisonOperators, equality } from './match-comparison.js';
import { elementOperators } from './match-element.js';
import { evaluationOperators, isRegExp, regexTest } from './match-evaluation.js';
import { isOperatorDoc, isReference } from './operator-doc.js';
import { anyValue, parsePath, type ArrayRule, type MatchDetails, type ValueTest } from './path.js';

/** A compiled filter. */
export type Match = (doc: Doc, details?: MatchDetails) => boolean;

export interface MatchOptions {
  readonly collation?: Collation | undefined;
  /** Values of `let`, for `$expr`. */
  readonly variables?: Doc | undefined;
}

/** One condition on the value at a path. */
export interface Condition {
  readonly rule: ArrayRule;
  readonly test: ValueTest;
  /** Holds when no value under the path passes `test` (`$ne`, `$nin`, `$not`, `$exists: false`). */
  readonly negated?: boolean;
}

export interface ConditionContext extends MatchOptions {
  /** The other operators beside this one (`$options` of `$regex`). */
  readonly siblings: Doc;
  compileFilter(filter: Doc): Match;
  compileConditions(operators: Doc): Condition[];
}

export type ConditionOperator = (
  operand: unknown,
  context: ConditionContext,
) => Condition | Condition[];

const OPERATORS: Readonly<Record<string, ConditionOperator>> = {
  ...comparisonOperators,
  ...elementOperators,
  ...arrayOperators,
  ...evaluationOperators,
  ...bitOperators,
};

const REFUSED = new Set([
  '$near',
  '$nearSphere',
  '$geoWithin',
  '$geoIntersects',
  '$within',
  '$text',
  '$where',
  '$jsonSchema',
  '$_internalSchemaType',
]);

/**
 * Compiles a filter once, to be run over many documents.
 *
 * @throws DbError 2 for a malformed filter, 115 for an operator on the closed list of refusals
 */
export function compileMatch(filter: Doc, options: MatchOptions = {}): Match {
  const matches = Object.entries(filter).flatMap(([name, operand]) => {
    const match = compileEntry(name, operand, options);
    return match ? [match] : [];
  });
  return all(matches);
}

function all(matches: readonly Match[]): Match {
  const [first, second] = matches;
  if (!first) return () => true;
  if (!second) return first;
  if (matches.length === 2) return (doc, details) => first(doc, details) && second(doc, details);
  return (doc, details) => {
    for (const match of matches) if (!match(doc, details)) return false;
    return true;
  };
}

function compileEntry(name: string, operand: unknown, options: MatchOptions): Match | undefined {
  if (!name.startsWith('$') || isReference(name)) return compilePath(name, operand, options);
  switch (name) {
    case '$and':
      return all(branches(name, operand, options));
    case '$or': {
      const options_ = branches(name, operand, options);
      return (doc, details) => options_.some((match) => match(doc, details));
    }
    case '$nor': {
      const options_ = branches(name, operand, options);
      return (doc) => !options_.some((match) => match(doc));
    }
    case '$expr': {
      const evaluate = compileExpression(operand, options);
      return (doc) => truthy(evaluate(doc));
    }
    case '$comment':
      return undefined;
    case '$alwaysTrue':
      return () => true;
    case '$alwaysFalse':
      return () => false;
    case '$sampleRate':
      return () => Math.random() < Number(operand);
    default:
      if (REFUSED.has(name)) throw notSupported(`${name} is`);
      throw new DbError(
        2,
        `unknown top level operator: ${name}. If you have a field name that starts with a '$' symbol, ` +
          `consider using $getField or $setField.`,
      );
  }
}

function branches(name: string, operand: unknown, options: MatchOptions): Match[] {
  if (!Array.isArray(operand)) throw new DbError(2, `${name} must be an array`);
  if (operand.length === 0) throw new DbError(2, '$and/$or/$nor must be a nonempty array');
  return operand.map((branch) => {
    if (!isDoc(branch)) {
      throw new DbError(2, '$or/$and/$nor entries need to be full objects');
    }
    return compileMatch(branch, options);
  });
}

function compilePath(text: string, operand: unknown, options: MatchOptions): Match {
  const path = parsePath(text);
  const conditions = conditionsOf(operand, options);
  return all(
    conditions.map(({ rule, test, negated }): Match => {
      const single = path.parts.length === 1 ? (path.parts[0] as string) : undefined;
      if (negated) return (doc) => !anyValue(doc, path, rule, test, undefined);
      if (single === undefined) return (doc, details) => anyValue(doc, path, rule, test, details);
      return (doc, details) => {
        const value = field(doc, single);
        // The common case, a plain value in a top-level field, needs no walk.
        return Array.isArray(value)
          ? anyValue(doc, path, rule, test, details)
          : test(value, details);
      };
    }),
  );
}

/** `{ a: 5 }`, `{ a: /x/ }` and `{ a: { $gt: 1, $lt: 9 } }` alike as a list of conditions. */
function conditionsOf(operand: unknown, options: MatchOptions): Condition[] {
  if (isRegExp(operand)) return [{ rule: 'each', test: regexTest(operand) }];
  if (isDoc(operand) && isOperatorDoc(operand)) return compileConditions(operand, options);
  return [equality(operand, options.collation)];
}

function compileConditions(operators: Doc, options: MatchOptions): Condition[] {
  const context: ConditionContext = {
    ...options,
    siblings: operators,
    compileFilter: (filter) => compileMatch(filter, options),
    compileConditions: (inner) => compileConditions(inner, options),
  };
  return Object.entries(operators).flatMap(([name, operand]) => {
    if (name === '$not') return [negation(operand, context)];
    if (name === '$options' || name === '$comment') return checkLone(name, operators);
    const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
    if (operator) return operator(operand, context);
    if (REFUSED.has(name)) throw notSupported(`${name} is`);
    throw new DbError(2, `unknown operator: ${name}`);
  });
}

function checkLone(name: string, operators: Doc): Condition[] {
  if (name === '$options' && !('$regex' in operators)) {
    throw new DbError(2, '$options needs a $regex');
  }
  return [];
}

/** `$not` is true when its conditions do not all hold, each over the whole path. */
function negation(operand: unknown, context: ConditionContext): Condition {
  if (isRegExp(operand)) return { rule: 'each', test: regexTest(operand), negated: true };
  if (!isDoc(operand)) throw new DbError(2, '$not needs a regex or a document');
  if (Object.keys(operand).length === 0) throw new DbError(2, '$not cannot be empty');
  const match = context.compileFilter({ value: operand });
  const conditions = context.compileConditions(operand);
  const only = conditions[0];
  if (conditions.length === 1 && only) return { ...only, negated: !only.negated };
  // Several operators under one $not: they see the whole value, arrays included, at the end of the path.
  return { rule: 'whole', test: (value) => match({ value }), negated: true };
}
