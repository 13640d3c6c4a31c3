import { isDoc } from '../../bson/value.js';
import { DbError } from '../../errors.js';
import type { Evaluate, ExpressionOperator } from '../expression.js';
import { countedOperands, isNullish, namedOperands, operandDoc, operandList } from '../operands.js';
import { truthy } from '../truth.js';

const cond: ExpressionOperator = (operand, compiler) => {
  const [test, then, otherwise] = Array.isArray(operand)
    ? (countedOperands('$cond', operand, compiler, 3) as [Evaluate, Evaluate, Evaluate])
    : conditionByName(namedOperands('$cond', operand, compiler, ['if', 'then', 'else']));
  return (scope) => (truthy(test(scope)) ? then(scope) : otherwise(scope));
};

function conditionByName(
  operands: Readonly<Record<string, Evaluate | undefined>>,
): [Evaluate, Evaluate, Evaluate] {
  return [operands['if'], operands['then'], operands['else']] as [Evaluate, Evaluate, Evaluate];
}

const ifNull: ExpressionOperator = (operand, compiler) => {
  const operands = operandList(operand, compiler);
  if (operands.length < 2) {
    throw new DbError(1257300, `$ifNull needs at least two arguments, had: ${operands.length}`);
  }
  return (scope) => {
    let value: unknown;
    for (const evaluate of operands) {
      value = evaluate(scope);
      if (!isNullish(value)) return value;
    }
    return value;
  };
};

const switchCase: ExpressionOperator = (operand, compiler) => {
  const doc = operandDoc('$switch', operand);
  const branches = doc['branches'];
  if (!Array.isArray(branches))
    throw new DbError(40061, "$switch expected an array for 'branches'");
  if (branches.length === 0) throw new DbError(40068, '$switch requires at least one branch.');
  const cases = branches.map((branch) => {
    if (!isDoc(branch) || !('case' in branch) || !('then' in branch)) {
      throw new DbError(
        40067,
        "$switch requires each branch have a 'case' and a 'then' expression",
      );
    }
    return [compiler.compile(branch['case']), compiler.compile(branch['then'])] as const;
  });
  const fallback = 'default' in doc ? compiler.compile(doc['default']) : undefined;
  return (scope) => {
    for (const [test, then] of cases) if (truthy(test(scope))) return then(scope);
    if (fallback) return fallback(scope);
    throw new DbError(
      40066,
      '$switch could not find a matching branch for an input, and no default was specified.',
    );
  };
};

export const conditionalOperators: Readonly<Record<string, ExpressionOperator>> = {
  $cond: cond,
  $ifNull: ifNull,
  $switch: switchCase,
  $and: (operand, compiler) => {
    const operands = operandList(operand, compiler);
    return (scope) => operands.every((evaluate) => truthy(evaluate(scope)));
  },
  $or: (operand, compiler) => {
    const operands = operandList(operand, compiler);
    return (scope) => operands.some((evaluate) => truthy(evaluate(scope)));
  },
  $not: (operand, compiler) => {
    const [evaluate] = countedOperands('$not', operand, compiler, 1) as [Evaluate];
    return (scope) => !truthy(evaluate(scope));
  },
};
