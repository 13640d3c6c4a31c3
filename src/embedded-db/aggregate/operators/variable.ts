import { isDoc } from '../../bson/value.js';
import { DbError } from '../../errors.js';
import type { Evaluate, ExpressionOperator } from '../expression.js';
import { operandDoc } from '../operands.js';

const letIn: ExpressionOperator = (operand, compiler) => {
  const doc = operandDoc('$let', operand);
  const vars = doc['vars'];
  if (!isDoc(vars) || !('in' in doc)) throw new DbError(16876, "$let needs 'vars' and 'in'");
  const bindings = Object.entries(vars).map(([name, value]): readonly [string, Evaluate] => [
    checkedName(name),
    compiler.compile(value),
  ]);
  const body = compiler.compile(doc['in']);
  return (scope) => {
    const variables: Record<string, unknown> = { ...scope.variables };
    for (const [name, evaluate] of bindings) variables[name] = evaluate(scope);
    return body({ root: scope.root, variables });
  };
};

/** User variables start with a lower-case letter (or are `CURRENT`). */
export function checkedName(name: string): string {
  if (/^([a-z\u0080-\uffff][\w\u0080-\uffff]*|CURRENT)$/.test(name)) return name;
  throw new DbError(9, `'${name}' starts with an invalid character for a user variable name`);
}

export const variableOperators: Readonly<Record<string, ExpressionOperator>> = {
  $let: letIn,
  $literal: (operand) => () => operand,
  $expr: (operand, compiler) => compiler.compile(operand),
  $rand: () => () => Math.random(),
};
