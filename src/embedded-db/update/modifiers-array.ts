import { compareValues, equalValues } from '../bson/compare.js';
import { isArray, isDoc, isNumeric, toDouble, typeAlias, type Doc } from '../bson/value.js';
import { DbError } from '../errors.js';
import { compileMatch } from '../query/match.js';
import { isOperatorDoc } from '../query/operator-doc.js';
import { isRegExp } from '../query/match-evaluation.js';
import { compileSort } from '../query/sort.js';
import type { Draft, Place } from './draft.js';
import type { Modifier, ModifierContext } from './modifier.js';

/** The array at a place; `undefined` when there is none yet. @throws DbError 2 when it is something else */
function arrayAt(name: string, draft: Draft, place: Place, code = 2): unknown[] | undefined {
  const value = draft.get(place);
  if (value === undefined) return undefined;
  if (isArray(value)) return value;
  const id = draft.root['_id'];
  const message =
    name === '$addToSet'
      ? `Cannot apply $addToSet to non-array field. Field named '${place.at(-1) ?? ''}' has non-array type ${typeAlias(value)}`
      : name === '$push'
        ? `The field '${place.join('.')}' must be an array but is of type ${typeAlias(value)} in document {_id: ${String(id)}}`
        : name === '$pop'
          ? `Path '${place.join('.')}' contains an element of non-array type '${typeAlias(value)}'`
          : `Cannot apply ${name} to a non-array value`;
  throw new DbError(code, message);
}

interface PushClauses {
  readonly values: readonly unknown[];
  readonly slice: number | undefined;
  readonly position: number | undefined;
  readonly order: ((a: unknown, b: unknown) => number) | undefined;
}

function integerClause(name: string, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const number = isNumeric(value) ? toDouble(value) : Number.NaN;
  if (!Number.isInteger(number)) {
    throw new DbError(
      2,
      `The value for ${name} must be an integer value but was given type: ${typeAlias(value)}`,
    );
  }
  return number;
}

function pushClauses(operand: unknown, context: ModifierContext): PushClauses {
  if (!isDoc(operand) || !Object.hasOwn(operand, '$each')) {
    return { values: [operand], slice: undefined, position: undefined, order: undefined };
  }
  const each = operand['$each'];
  if (!isArray(each)) {
    throw new DbError(
      2,
      `The argument to $each in $push must be an array but it was of type: ${typeAlias(each)}`,
    );
  }
  for (const name of Object.keys(operand)) {
    if (!['$each', '$slice', '$sort', '$position'].includes(name)) {
      throw new DbError(2, `Unrecognized clause in $push: ${name}`);
    }
  }
  return {
    values: each,
    slice: integerClause('$slice', operand['$slice']),
    position: integerClause('$position', operand['$position']),
    order: elementOrder(operand['$sort'], context),
  };
}

function elementOrder(sort: unknown, { collation }: ModifierContext): PushClauses['order'] {
  if (sort === undefined) return undefined;
  if (isNumeric(sort)) {
    const direction = toDouble(sort);
    if (direction !== 1 && direction !== -1) {
      throw new DbError(2, 'The $sort element value must be either 1 or -1');
    }
    return (a, b) => direction * compareValues(a, b, collation?.compare);
  }
  if (!isDoc(sort) || Object.keys(sort).length === 0) {
    throw new DbError(
      2,
      'The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields',
    );
  }
  const order = compileSort(sort, collation);
  return (a, b) => order.compare(isDoc(a) ? a : {}, isDoc(b) ? b : {});
}

const push: Modifier = (operand, context) => {
  const { values, slice, position, order } = pushClauses(operand, context);
  return (draft, place) => {
    const array = arrayAt('$push', draft, place)?.slice() ?? [];
    const at =
      position === undefined
        ? array.length
        : position < 0
          ? Math.max(0, array.length + position)
          : position;
    array.splice(at, 0, ...values);
    if (order) array.sort(order);
    draft.set(place, slice === undefined ? array : sliced(array, slice));
  };
};

function sliced(array: unknown[], slice: number): unknown[] {
  if (slice >= 0) return array.slice(0, slice);
  return array.slice(Math.max(0, array.length + slice));
}

const pushAll: Modifier = (operand, context) => push({ $each: operand }, context);

const addToSet: Modifier = (operand, { collation }) => {
  const isEach = isDoc(operand) && Object.keys(operand)[0] === '$each';
  const values: unknown = isEach ? operand['$each'] : [operand];
  if (!isArray(values)) {
    throw new DbError(
      14,
      `The argument to $each in $addToSet must be an array but it was of type ${typeAlias(values)}`,
    );
  }
  return (draft, place) => {
    const array = arrayAt('$addToSet', draft, place);
    const next = array?.slice() ?? [];
    for (const value of values) {
      if (!next.some((member) => equalValues(member, value, collation?.compare))) next.push(value);
    }
    if (!array || next.length !== array.length) draft.set(place, next);
  };
};

const pop: Modifier = (operand) => {
  const direction = isNumeric(operand) ? toDouble(operand) : Number.NaN;
  if (direction !== 1 && direction !== -1) {
    throw new DbError(9, `$pop expects 1 or -1, found: ${String(operand)}`);
  }
  return (draft, place) => {
    const array = arrayAt('$pop', draft, place, 14);
    if (!array || array.length === 0) return;
    draft.set(place, direction === 1 ? array.slice(0, -1) : array.slice(1));
  };
};

function keepUnless(
  name: string,
  drops: (element: unknown) => boolean,
): (draft: Draft, place: Place) => void {
  return (draft, place) => {
    const array = arrayAt(name, draft, place);
    if (!array) return;
    const kept = array.filter((element) => !drops(element));
    if (kept.length !== array.length) draft.set(place, kept);
  };
}

const pull: Modifier = (operand, options) => keepUnless('$pull', pullTest(operand, options));

/** A document operand is a filter on the elements; operators and patterns apply to the elements themselves. */
function pullTest(operand: unknown, options: ModifierContext): (element: unknown) => boolean {
  if (isRegExp(operand) || (isDoc(operand) && isOperatorDoc(operand) && !hasLogic(operand))) {
    const match = compileMatch({ element: operand }, options);
    return (element) => match({ element });
  }
  if (isDoc(operand)) {
    const match = compileMatch(operand, options);
    return (element) => isDoc(element) && match(element);
  }
  return (element) => equalValues(element, operand, options.collation?.compare);
}

function hasLogic(operand: Doc): boolean {
  return Object.keys(operand).some((name) => name === '$or' || name === '$and' || name === '$nor');
}

const pullValues: Modifier = (operand, { collation }) => {
  if (!isArray(operand)) {
    throw new DbError(
      2,
      `$pullAll requires an array argument but was given a ${typeAlias(operand)}`,
    );
  }
  return keepUnless('$pullAll', (element) =>
    operand.some((value) => equalValues(element, value, collation?.compare)),
  );
};

export const arrayModifiers: Readonly<Record<string, Modifier>> = {
  $push: push,
  $pushAll: pushAll,
  $addToSet: addToSet,
  $pop: pop,
  $pull: pull,
  $pullAll: pullValues,
};
