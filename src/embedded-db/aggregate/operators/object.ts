import { field, isDoc, setField, typeAlias, type Doc } from '../../bson/value.js';
import { DbError } from '../../errors.js';
import type { Evaluate, ExpressionOperator } from '../expression.js';
import { isNullish, namedOperands, operandList, unary } from '../operands.js';

const mergeObjects: ExpressionOperator = (operand, compiler) => {
  const operands = operandList(operand, compiler);
  return (scope) => {
    const merged: Doc = {};
    for (const evaluate of operands) {
      const value = evaluate(scope);
      const parts: unknown[] = operands.length === 1 && Array.isArray(value) ? value : [value];
      for (const part of parts) mergeInto(merged, part);
    }
    return merged;
  };
};

export function mergeInto(merged: Doc, part: unknown): void {
  if (isNullish(part)) return;
  if (!isDoc(part)) {
    throw new DbError(
      40400,
      `$mergeObjects requires object inputs, but an input is of type ${typeAlias(part)}`,
    );
  }
  for (const name of Object.keys(part)) setField(merged, name, part[name]);
}

function objectToArray(value: unknown): unknown {
  if (isNullish(value)) return null;
  if (!isDoc(value)) {
    throw new DbError(
      40390,
      `$objectToArray requires a document input, found: ${typeAlias(value)}`,
    );
  }
  return Object.entries(value).map(([k, v]) => ({ k, v }));
}

const getField: ExpressionOperator = (operand, compiler) => {
  const named = isDoc(operand) && 'field' in operand;
  const { field: name, input } = named
    ? namedOperands('$getField', operand, compiler, ['field'], ['input'])
    : { field: compiler.compile(operand), input: undefined };
  return (scope) => {
    const wanted = (name as Evaluate)(scope);
    if (typeof wanted !== 'string')
      throw new DbError(5654602, "$getField requires 'field' to evaluate to type String");
    const source = input ? input(scope) : scope.root;
    return isDoc(source) ? field(source, wanted) : isNullish(source) ? source : undefined;
  };
};

const setFieldOperator: ExpressionOperator = (operand, compiler) => {
  const {
    field: name,
    input,
    value,
  } = namedOperands('$setField', operand, compiler, ['field', 'input', 'value']);
  return (scope) =>
    withField((input as Evaluate)(scope), (name as Evaluate)(scope), (value as Evaluate)(scope));
};

const unsetField: ExpressionOperator = (operand, compiler) => {
  const { field: name, input } = namedOperands('$unsetField', operand, compiler, [
    'field',
    'input',
  ]);
  return (scope) => withField((input as Evaluate)(scope), (name as Evaluate)(scope), undefined);
};

function withField(source: unknown, name: unknown, value: unknown): unknown {
  if (isNullish(source)) return null;
  if (!isDoc(source))
    throw new DbError(4161105, "$setField requires 'input' to evaluate to type Object");
  const copy = { ...source };
  if (value === undefined) delete copy[String(name)];
  else setField(copy, String(name), value);
  return copy;
}

export const objectOperators: Readonly<Record<string, ExpressionOperator>> = {
  $mergeObjects: mergeObjects,
  $objectToArray: unary('$objectToArray', objectToArray),
  $getField: getField,
  $setField: setFieldOperator,
  $unsetField: unsetField,
};
