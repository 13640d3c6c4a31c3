import { show } from '../bson/show.js';
import { field, isDoc, setField, type Doc } from '../bson/value.js';
import { DbError, notSupported } from '../errors.js';
import type { Collation } from '../query/collation.js';
import { arithmeticOperators } from './operators/arithmetic.js';
import { arrayOperators } from './operators/array.js';
import { comparisonOperators } from './operators/comparison.js';
import { conditionalOperators } from './operators/conditional.js';
import { objectOperators } from './operators/object.js';
import { dateOperators } from './operators/date.js';
import { stringOperators } from './operators/string.js';
import { typeOperators } from './operators/type.js';
import { variableOperators } from './operators/variable.js';
import { borrowedOperator } from './operators/borrowed.js';

export interface ExpressionOptions {
  readonly collation?: Collation | undefined;
  /** Values of `let`, visible as `$$name`. */
  readonly variables?: Doc | undefined;
  /** Milliseconds since the epoch, for `$$NOW`. */
  readonly now?: number | undefined;
}

/** What an expression sees: the document and the variables bound around it. */
export interface Scope {
  readonly root: unknown;
  readonly variables: Readonly<Record<string, unknown>>;
}

export type Evaluate = (scope: Scope) => unknown;

/** Handed to operators, to compile their operands. */
export interface Compiler {
  readonly options: ExpressionOptions;
  compile(expression: unknown): Evaluate;
}

export type ExpressionOperator = (operand: unknown, compiler: Compiler) => Evaluate;

const OPERATORS: Readonly<Record<string, ExpressionOperator>> = {
  ...arithmeticOperators,
  ...arrayOperators,
  ...comparisonOperators,
  ...conditionalOperators,
  ...objectOperators,
  ...dateOperators,
  ...stringOperators,
  ...typeOperators,
  ...variableOperators,
};

const REFUSED = new Set(['$function', '$accumulator', '$meta']);

/** Compiles an aggregation expression once, to be evaluated over many documents. */
export function compileExpression(
  expression: unknown,
  options: ExpressionOptions = {},
): (doc: unknown, variables?: Readonly<Record<string, unknown>>) => unknown {
  const evaluate = compilerFor(options).compile(expression);
  const outer = outerVariables(options);
  return (doc, variables) =>
    evaluate({ root: doc, variables: variables ? { ...outer, ...variables } : outer });
}

export function compilerFor(options: ExpressionOptions): Compiler {
  const compiler: Compiler = { options, compile: (expression) => compile(expression, compiler) };
  return compiler;
}

export function outerVariables(options: ExpressionOptions): Readonly<Record<string, unknown>> {
  return { ...options.variables, NOW: new Date(options.now ?? Date.now()) };
}

function compile(expression: unknown, compiler: Compiler): Evaluate {
  if (typeof expression === 'string') {
    return expression.startsWith('$') ? compileReference(expression) : () => expression;
  }
  if (Array.isArray(expression)) {
    const elements = expression.map((element) => compiler.compile(element));
    return (scope) => elements.map((element) => element(scope) ?? null);
  }
  if (!isDoc(expression)) return () => expression;
  const names = Object.keys(expression);
  const first = names[0];
  if (!first?.startsWith('$')) return compileObject(expression, compiler);
  if (names.length > 1) {
    throw new DbError(
      15983,
      `An object representing an expression must have exactly one field: ${show(expression)}`,
    );
  }
  return compileOperator(first, expression[first], compiler);
}

function compileObject(expression: Doc, compiler: Compiler): Evaluate {
  const fields = Object.entries(expression).map(([name, value]) => {
    if (name.includes('.')) {
      throw new DbError(
        16412,
        `FieldPath field names may not contain '.'. Consider using $getField or $setField.`,
      );
    }
    return [name, compiler.compile(value)] as const;
  });
  return (scope) => {
    const doc: Doc = {};
    for (const [name, evaluate] of fields) {
      const value = evaluate(scope);
      if (value !== undefined) setField(doc, name, value);
    }
    return doc;
  };
}

function compileOperator(name: string, operand: unknown, compiler: Compiler): Evaluate {
  if (Object.hasOwn(OPERATORS, name)) {
    return (OPERATORS[name] as ExpressionOperator)(operand, compiler);
  }
  if (REFUSED.has(name)) throw notSupported(`${name} is`);
  const borrowed = borrowedOperator(name);
  if (borrowed) return borrowed(operand, compiler);
  throw new DbError(168, `Unrecognized expression '${name}'`);
}

function compileReference(reference: string): Evaluate {
  if (!reference.startsWith('$$')) {
    const path = checkedPath(reference.slice(1));
    const only = path.length === 1 ? (path[0] as string) : undefined;
    if (only !== undefined) {
      return ({ root }) => (isDoc(root) ? field(root, only) : followPath(root, path, 0));
    }
    return ({ root }) => followPath(root, path, 0);
  }
  const [name, ...path] = reference.slice(2).split('.') as [string, ...string[]];
  switch (name) {
    case 'ROOT':
    case 'CURRENT':
      return ({ root }) => followPath(root, path, 0);
    case 'REMOVE':
      return () => undefined;
    case 'KEEP':
    case 'PRUNE':
    case 'DESCEND':
      return () => reference;
    default:
      return ({ variables }) => {
        if (!(name in variables)) throw new DbError(17276, `Use of undefined variable: ${name}`);
        return followPath(variables[name], path, 0);
      };
  }
}

function checkedPath(text: string): string[] {
  if (text === '') throw new DbError(16872, "'$' by itself is not a valid FieldPath");
  const path = text.split('.');
  if (path.includes('')) {
    throw new DbError(15998, 'FieldPath field names may not be empty strings.');
  }
  for (const name of path) {
    if (name.startsWith('$')) {
      throw new DbError(
        16410,
        `FieldPath field names may not start with '$'. Consider using $getField or $setField.`,
      );
    }
  }
  return path;
}

/** A path through documents; an array on the way gives the array of what its documents have. */
export function followPath(value: unknown, path: readonly string[], at: number): unknown {
  let current = value;
  for (let i = at; i < path.length; i++) {
    if (Array.isArray(current)) {
      return current.flatMap((element) => {
        const inner = followPath(element, path, i);
        return inner === undefined ? [] : [inner];
      });
    }
    if (!isDoc(current)) return undefined;
    current = field(current, path[i] as string);
  }
  return current;
}
