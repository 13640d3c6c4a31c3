import { compareValues } from '../bson/compare.js';
import { show } from '../bson/show.js';
import {
  Double,
  isDoc,
  isInt32,
  isLong,
  isNumeric,
  Long,
  Timestamp,
  toDouble,
  typeAlias,
  type Numeric,
} from '../bson/value.js';
import { DbError } from '../errors.js';
import type { Modifier } from './modifier.js';
import { compute, integerOf, type Arithmetic } from './numbers.js';

const set: Modifier = (operand) => (draft, place) => {
  draft.set(place, operand);
};

const unset: Modifier = () => (draft, place) => {
  draft.unset(place);
};

function arithmetic(name: '$inc' | '$mul', operation: Arithmetic): Modifier {
  return (operand, { path }) => {
    if (!isNumeric(operand)) {
      const verb = name === '$inc' ? 'increment' : 'multiply';
      throw new DbError(
        14,
        `Cannot ${verb} with non-numeric argument: {${path}: ${show(operand)}}`,
      );
    }
    return (draft, place) => {
      const current = draft.get(place);
      if (current === undefined) {
        draft.set(place, name === '$inc' ? operand : compute('multiply', operand, 0));
        return;
      }
      if (!isNumeric(current)) throw wrongType(name, draft.root['_id'], place, current);
      const result = compute(operation, current, operand);
      if (result === undefined) {
        throw new DbError(
          2,
          `Failed to apply ${name} operations to current value (${show(current)}) for document {_id: ${show(draft.root['_id'])}}`,
        );
      }
      draft.set(place, result);
    };
  };
}

function wrongType(name: string, id: unknown, place: readonly string[], value: unknown): DbError {
  return new DbError(
    14,
    `Cannot apply ${name} to a value of non-numeric type. {_id: ${show(id)}} has the field ` +
      `'${place.at(-1) ?? ''}' of non-numeric type ${typeAlias(value)}`,
  );
}

function extreme(wins: (order: number) => boolean): Modifier {
  return (operand, { collation }) =>
    (draft, place) => {
      const current = draft.get(place);
      if (current === undefined || wins(compareValues(operand, current, collation?.compare))) {
        draft.set(place, operand);
      }
    };
}

const rename: Modifier = (operand, { path }) => {
  if (typeof operand !== 'string') {
    throw new DbError(2, `The 'to' field for $rename must be a string: ${path}: ${show(operand)}`);
  }
  const target = operand.split('.');
  return (draft, place) => {
    const value = draft.get(place);
    if (value === undefined) return;
    for (const end of [place, target]) {
      for (let i = 1; i < end.length; i++) {
        if (Array.isArray(draft.get(end.slice(0, i)))) {
          const which = end === place ? 'source' : 'destination';
          throw new DbError(
            2,
            `The ${which} field cannot be an array element, '${end.join('.')}' in doc with _id: ${show(draft.root['_id'])} has an array field called '${end[i - 1] ?? ''}'`,
          );
        }
      }
    }
    draft.unset(place);
    draft.set(target, value);
  };
};

const currentDate: Modifier = (operand, { now, path }) => {
  const type = isDoc(operand) ? operand['$type'] : operand;
  if (type === true || type === false || type === 'date') {
    return (draft, place) => {
      draft.set(place, new Date(now));
    };
  }
  if (type === 'timestamp') {
    return (draft, place) => {
      draft.set(place, new Timestamp({ t: Math.floor(now / 1000), i: 1 }));
    };
  }
  throw new DbError(
    2,
    `The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {${path}: ...}}`,
  );
};

const bit: Modifier = (operand, { path }) => {
  const operations = isDoc(operand) ? Object.entries(operand) : [];
  if (operations.length === 0) {
    throw new DbError(
      2,
      `The $bit modifier is not compatible with a ${typeAlias(operand)}. You must pass in an embedded document: {$bit: {field: {and/or/xor: #}}`,
    );
  }
  for (const [name, mask] of operations) {
    if (!['and', 'or', 'xor'].includes(name)) {
      throw new DbError(2, `The $bit modifier only supports 'and', 'or', and 'xor', not '${name}'`);
    }
    if (!isIntegerType(mask)) {
      throw new DbError(
        2,
        `The $bit modifier field must be an Integer(32/64 bit); a '${typeAlias(mask)}' is not supported here: {${path}: ...}`,
      );
    }
  }
  return (draft, place) => {
    let value = draft.get(place) ?? 0;
    for (const [name, mask] of operations) {
      if (!isIntegerType(value)) {
        throw new DbError(
          2,
          `Cannot apply $bit to a value of non-integral type. _id: ${show(draft.root['_id'])} has the field ${place.at(-1) ?? ''} of non-integer type ${typeAlias(value)}`,
        );
      }
      value = applyBits(name, value, mask as Numeric);
    }
    draft.set(place, value);
  };
};

function isIntegerType(value: unknown): value is Numeric {
  return isLong(value) || (typeof value === 'number' && isInt32(value));
}

function applyBits(name: string, a: Numeric, b: Numeric): Numeric {
  const x = integerOf(a);
  const y = integerOf(b);
  const result = name === 'and' ? x & y : name === 'or' ? x | y : x ^ y;
  return isLong(a) || isLong(b)
    ? Long.fromBigInt(BigInt.asIntN(64, result))
    : Number(BigInt.asIntN(32, result));
}

export const fieldModifiers: Readonly<Record<string, Modifier>> = {
  $set: set,
  $unset: unset,
  $inc: arithmetic('$inc', 'add'),
  $mul: arithmetic('$mul', 'multiply'),
  $min: extreme((order) => order < 0),
  $max: extreme((order) => order > 0),
  $rename: rename,
  $currentDate: currentDate,
  $bit: bit,
};

/** Whether two values are the same down to their BSON type, so that writing one over the other is no change. */
export function identical(a: unknown, b: unknown): boolean {
  if (a === b) return !Object.is(a, -0) === !Object.is(b, -0);
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((value, i) => identical(value, b[i]));
  }
  if (isDoc(a) && isDoc(b)) {
    const namesA = Object.keys(a);
    const namesB = Object.keys(b);
    return (
      namesA.length === namesB.length &&
      namesA.every((name, i) => name === namesB[i] && identical(a[name], b[name]))
    );
  }
  if (typeAlias(a) !== typeAlias(b)) return false;
  if (a instanceof Double && b instanceof Double) return toDouble(a) === toDouble(b);
  return (
    typeof a === 'object' &&
    a !== null &&
    !isDoc(a) &&
    !Array.isArray(a) &&
    compareValues(a, b) === 0
  );
}
