import { Context } from 'mingo/core';
import type { Options } from 'mingo/types';
import * as expressionOperators from 'mingo/operators/expression';
import { DbError } from '../../errors.js';
import { Decimal128, Double, Int32, isDoc, isLong, Long } from '../../bson/value.js';
import type { Compiler, Evaluate, ExpressionOperator } from '../expression.js';

/**
 * The long tail of expression operators (trigonometry, sets, bits and the like) comes from mingo. Its operands are
 * evaluated here first and handed over as literals, so that fields, variables and comparisons follow
 * this server's rules, and nothing of a stored document is ever within mingo's reach.
 */
const context = Context.init({ expression: { ...expressionOperators } });
const options: Partial<Options> = { context, scriptEnabled: false, failOnError: true };

type MingoOperator = (doc: unknown, operand: unknown, options: unknown) => unknown;

export function borrowedOperator(name: string): ExpressionOperator | undefined {
  const operators = expressionOperators as unknown as Record<string, MingoOperator>;
  const operator = Object.hasOwn(operators, name) ? operators[name] : undefined;
  if (!operator) return undefined;
  return (operand, compiler) => {
    const evaluate = operandOf(operand, compiler);
    return (scope) => run(name, operator, evaluate(scope));
  };
}

function run(name: string, operator: MingoOperator, operand: unknown): unknown {
  try {
    return fromMingo(operator({}, operand, options));
  } catch (error) {
    throw new DbError(2, `${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Keeps the shape of the operand (one, a list, or named ones); each part becomes a literal. */
function operandOf(operand: unknown, compiler: Compiler): Evaluate {
  if (Array.isArray(operand)) {
    const parts = operand.map((part) => compiler.compile(part));
    return (scope) => parts.map((part) => literal(part(scope)));
  }
  if (isDoc(operand) && !Object.keys(operand)[0]?.startsWith('$')) {
    const parts = Object.entries(operand).map(
      ([name, part]) => [name, compiler.compile(part)] as const,
    );
    return (scope) => Object.fromEntries(parts.map(([name, part]) => [name, literal(part(scope))]));
  }
  const only = compiler.compile(operand);
  return (scope) => literal(only(scope));
}

function literal(value: unknown): unknown {
  return { $literal: toMingo(value) };
}

/** mingo knows JavaScript numbers only. */
function toMingo(value: unknown): unknown {
  if (value instanceof Double || value instanceof Int32) return value.value;
  if (isLong(value)) return value.toNumber();
  if (value instanceof Decimal128) return Number(value.toString());
  if (Array.isArray(value)) return value.map(toMingo);
  if (isDoc(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, toMingo(inner)]));
  }
  return value;
}

function fromMingo(value: unknown): unknown {
  return typeof value === 'bigint' ? Long.fromBigInt(value) : value;
}
