import { isDoc, typeAlias, type Doc } from '../bson/value.js';
import { DbError } from '../errors.js';
import type { Compiler, Evaluate, ExpressionOperator } from './expression.js';

/** The operands of an operator that takes a list; a single one may stand without its brackets. */
export function operandList(operand: unknown, compiler: Compiler): Evaluate[] {
  const list: unknown[] = Array.isArray(operand) ? operand : [operand];
  return list.map((expression) => compiler.compile(expression));
}

/** @throws DbError 16020 unless there are between `least` and `most` operands */
export function countedOperands(
  name: string,
  operand: unknown,
  compiler: Compiler,
  least: number,
  most = least,
): Evaluate[] {
  const operands = operandList(operand, compiler);
  if (operands.length < least || operands.length > most) {
    const wanted =
      least === most
        ? `exactly ${least} arguments`
        : `at least ${least} arguments, and at most ${most}`;
    throw new DbError(
      16020,
      `Expression ${name} takes ${wanted}. ${operands.length} were passed in.`,
    );
  }
  return operands;
}

/** An operator on one value. */
export function unary(name: string, compute: (value: unknown) => unknown): ExpressionOperator {
  return (operand, compiler) => {
    const [evaluate] = countedOperands(name, operand, compiler, 1) as [Evaluate];
    return (scope) => compute(evaluate(scope));
  };
}

/** An operator on two values. */
export function binary(
  name: string,
  compute: (a: unknown, b: unknown) => unknown,
): ExpressionOperator {
  return (operand, compiler) => {
    const [a, b] = countedOperands(name, operand, compiler, 2) as [Evaluate, Evaluate];
    return (scope) => compute(a(scope), b(scope));
  };
}

export interface NamedOperands {
  readonly [name: string]: Evaluate | undefined;
}

/** Operands given by name. @throws DbError for unknown and missing names */
export function namedOperands(
  operator: string,
  operand: unknown,
  compiler: Compiler,
  required: readonly string[],
  optional: readonly string[] = [],
): NamedOperands {
  const doc = operandDoc(operator, operand);
  for (const name of Object.keys(doc)) {
    if (!required.includes(name) && !optional.includes(name)) {
      throw new DbError(9, `Unrecognized argument to ${operator}: ${name}`);
    }
  }
  for (const name of required) {
    if (!Object.hasOwn(doc, name))
      throw new DbError(9, `Missing '${name}' parameter to ${operator}`);
  }
  return Object.fromEntries(
    Object.entries(doc).map(([name, value]) => [name, compiler.compile(value)]),
  );
}

export function operandDoc(operator: string, operand: unknown): Doc {
  if (isDoc(operand)) return operand;
  throw new DbError(
    9,
    `${operator} only supports an object as its argument, found ${typeAlias(operand)}`,
  );
}

export function isNullish(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}
