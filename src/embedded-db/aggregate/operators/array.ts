import { compareValues } from '../../bson/compare.js';
import {
  isArray,
  isDoc,
  isNumeric,
  setField,
  toDouble,
  typeAlias,
  type Doc,
} from '../../bson/value.js';
import { DbError } from '../../errors.js';
import { compileSort } from '../../query/sort.js';
import { ACCUMULATORS } from '../accumulators.js';
import type { Compiler, Evaluate, ExpressionOperator, Scope } from '../expression.js';
import {
  binary,
  countedOperands,
  isNullish,
  namedOperands,
  operandDoc,
  operandList,
  unary,
} from '../operands.js';
import { truthy } from '../truth.js';
import { compareForExpression } from './comparison.js';
import { checkedName } from './variable.js';

function bind(scope: Scope, bindings: Readonly<Record<string, unknown>>): Scope {
  return { root: scope.root, variables: { ...scope.variables, ...bindings } };
}

/** The array an operator works on; `undefined` when it is null or missing. */
function arrayOperand(operator: string, value: unknown, code = 16883): unknown[] | undefined {
  if (isNullish(value)) return undefined;
  if (isArray(value)) return value;
  throw new DbError(code, `input to ${operator} must be an array not ${typeAlias(value)}`);
}

function nameOf(operator: string, value: unknown, otherwise: string): string {
  if (value === undefined) return otherwise;
  if (typeof value === 'string') return checkedName(value);
  throw new DbError(9, `the 'as' of ${operator} must be a string`);
}

const map: ExpressionOperator = (operand, compiler) => {
  const doc = operandDoc('$map', operand);
  if (!('input' in doc) || !('in' in doc))
    throw new DbError(16882, "Missing 'input' or 'in' parameter to $map");
  const name = nameOf('$map', doc['as'], 'this');
  const input = compiler.compile(doc['input']);
  const body = compiler.compile(doc['in']);
  return (scope) =>
    arrayOperand('$map', input(scope))?.map(
      (element) => body(bind(scope, { [name]: element })) ?? null,
    ) ?? null;
};

const filter: ExpressionOperator = (operand, compiler) => {
  const doc = operandDoc('$filter', operand);
  if (!('input' in doc) || !('cond' in doc))
    throw new DbError(28648, "Missing 'input' or 'cond' parameter to $filter");
  const name = nameOf('$filter', doc['as'], 'this');
  const input = compiler.compile(doc['input']);
  const test = compiler.compile(doc['cond']);
  const limit = 'limit' in doc ? compiler.compile(doc['limit']) : undefined;
  return (scope) => {
    const array = arrayOperand('$filter', input(scope), 28651);
    if (!array) return null;
    const most = limit
      ? Number(limit(scope) ?? Number.POSITIVE_INFINITY)
      : Number.POSITIVE_INFINITY;
    const kept: unknown[] = [];
    for (const element of array) {
      if (kept.length >= most) break;
      if (truthy(test(bind(scope, { [name]: element })))) kept.push(element);
    }
    return kept;
  };
};

const reduce: ExpressionOperator = (operand, compiler) => {
  const {
    input,
    initialValue,
    in: body,
  } = namedOperands('$reduce', operand, compiler, ['input', 'initialValue', 'in']);
  return (scope) => {
    const array = arrayOperand('$reduce', (input as Evaluate)(scope), 40080);
    if (!array) return null;
    let value = (initialValue as Evaluate)(scope);
    for (const element of array) value = (body as Evaluate)(bind(scope, { this: element, value }));
    return value;
  };
};

function size(value: unknown): number {
  if (isArray(value)) return value.length;
  throw new DbError(
    17124,
    `The argument to $size must be an array, but was of type: ${typeAlias(value)}`,
  );
}

function elementAt(array: unknown, position: unknown): unknown {
  if (isNullish(array) || isNullish(position)) return null;
  if (!isArray(array))
    throw new DbError(
      28689,
      `$arrayElemAt's first argument must be an array, but is ${typeAlias(array)}`,
    );
  if (!isNumeric(position))
    throw new DbError(
      28690,
      `$arrayElemAt's second argument must be a numeric value, but is ${typeAlias(position)}`,
    );
  return array.at(toDouble(position));
}

/** `$first` and `$last` as expressions. */
function end(name: string, at: 0 | -1): ExpressionOperator {
  return unary(name, (value) => {
    const array = arrayOperand(name, value, 28689);
    return array ? array.at(at) : null;
  });
}

const concat: ExpressionOperator = (operand, compiler) => {
  const operands = operandList(operand, compiler);
  return (scope) => {
    const out: unknown[] = [];
    for (const evaluate of operands) {
      const value = evaluate(scope);
      if (isNullish(value)) return null;
      if (!isArray(value))
        throw new DbError(28664, `$concatArrays only supports arrays, not ${typeAlias(value)}`);
      out.push(...value);
    }
    return out;
  };
};

const slice: ExpressionOperator = (operand, compiler) => {
  const operands = countedOperands('$slice', operand, compiler, 2, 3);
  return (scope) => {
    const [array, ...numbers] = operands.map((evaluate) => evaluate(scope));
    if (isNullish(array) || numbers.some(isNullish)) return null;
    if (!isArray(array))
      throw new DbError(
        28724,
        `First argument to $slice must be an array, but is of type: ${typeAlias(array)}`,
      );
    const [first, second] = numbers.map((n) => (isNumeric(n) ? toDouble(n) : Number.NaN)) as [
      number,
      number?,
    ];
    if (second === undefined) return first >= 0 ? array.slice(0, first) : array.slice(first);
    if (second <= 0) throw new DbError(28729, 'Third argument to $slice must be positive');
    const start = first >= 0 ? first : Math.max(0, array.length + first);
    return array.slice(start, start + second);
  };
};

function isIn(value: unknown, array: unknown): boolean {
  if (!isArray(array))
    throw new DbError(
      40081,
      `$in requires an array as a second argument, found: ${typeAlias(array)}`,
    );
  return array.some((element) => compareForExpression(element, value) === 0);
}

const indexOfArray: ExpressionOperator = (operand, compiler) => {
  const operands = countedOperands('$indexOfArray', operand, compiler, 2, 4);
  return (scope) => {
    const [array, wanted, from = 0, to] = operands.map((evaluate) => evaluate(scope));
    if (isNullish(array)) return null;
    if (!isArray(array))
      throw new DbError(
        40090,
        `$indexOfArray requires an array as a first argument, found: ${typeAlias(array)}`,
      );
    const stop = isNumeric(to) ? Math.min(toDouble(to), array.length) : array.length;
    for (let i = Number(from); i < stop; i++)
      if (compareForExpression(array[i], wanted) === 0) return i;
    return -1;
  };
};

function reverse(value: unknown): unknown {
  return arrayOperand('$reverseArray', value, 34435)?.toReversed() ?? null;
}

const sortArray: ExpressionOperator = (operand, compiler) => {
  const doc = operandDoc('$sortArray', operand);
  const input = compiler.compile(doc['input']);
  const by = doc['sortBy'];
  const strings = compiler.options.collation?.compare;
  const compare = isDoc(by)
    ? (
        (order) => (a: unknown, b: unknown) =>
          order.compare(isDoc(a) ? a : {}, isDoc(b) ? b : {})
      )(compileSort(by, compiler.options.collation))
    : (a: unknown, b: unknown) => Number(by) * compareValues(a, b, strings);
  return (scope) => arrayOperand('$sortArray', input(scope), 2942504)?.toSorted(compare) ?? null;
};

const range: ExpressionOperator = (operand, compiler) => {
  const operands = countedOperands('$range', operand, compiler, 2, 3);
  return (scope) => {
    const [start, stop, step = 1] = operands.map((evaluate) => {
      const value = evaluate(scope);
      if (!isNumeric(value) || !Number.isInteger(toDouble(value))) {
        throw new DbError(
          34443,
          `$range requires numeric arguments, found value of type: ${typeAlias(value)}`,
        );
      }
      return toDouble(value);
    }) as [number, number, number?];
    if (step === 0) throw new DbError(34449, '$range requires a non-zero step value');
    const out: number[] = [];
    for (let i = start; step > 0 ? i < stop : i > stop; i += step) out.push(i);
    return out;
  };
};

function arrayToObject(value: unknown): unknown {
  const array = arrayOperand('$arrayToObject', value, 40386);
  if (!array) return null;
  const doc: Doc = {};
  for (const entry of array) {
    const [k, v]: unknown[] = isArray(entry) ? entry : isDoc(entry) ? [entry['k'], entry['v']] : [];
    if (typeof k !== 'string') {
      throw new DbError(
        40394,
        '$arrayToObject requires an array of key-value pairs, where the key must be of type string',
      );
    }
    setField(doc, k, v ?? null);
  }
  return doc;
}

const zip: ExpressionOperator = (operand, compiler) => {
  const doc = operandDoc('$zip', operand);
  const inputs = compiler.compile(doc['inputs']);
  const defaults = 'defaults' in doc ? compiler.compile(doc['defaults']) : undefined;
  const longest = doc['useLongestLength'] === true;
  return (scope) => {
    const arrays = inputs(scope);
    if (!isArray(arrays) || arrays.some(isNullish)) return null;
    const lengths = arrays.map((array) => (isArray(array) ? array.length : 0));
    const length = longest ? Math.max(...lengths) : Math.min(...lengths);
    const fill = defaults?.(scope);
    return Array.from({ length }, (_, i) =>
      arrays.map((array, which) =>
        isArray(array) && i < array.length ? array[i] : isArray(fill) ? fill[which] : null,
      ),
    );
  };
};

/**
 * Accumulators used as expressions: over the elements when the one operand is an array, else over the
 * operands.
 */
function overList(name: string): ExpressionOperator {
  return (operand, compiler) => {
    const operands = operandList(operand, compiler);
    const start = ACCUMULATORS[name]?.('$$value', compiler);
    if (!start) throw new DbError(168, `Unrecognized expression '${name}'`);
    return (scope) => {
      const values = operands.map((evaluate) => evaluate(scope));
      const only = values[0];
      const list: unknown[] = values.length === 1 && isArray(only) ? only : values;
      const gathering = start();
      for (const value of list) gathering.add({ root: {}, variables: { value } });
      return gathering.result();
    };
  };
}

/** `$firstN`, `$maxN` and the like over the elements of `input`. */
function overInput(name: string): ExpressionOperator {
  return (operand, compiler) => {
    const doc = operandDoc(name, operand);
    const input = compiler.compile(doc['input']);
    return (scope) => {
      const array = arrayOperand(name, input(scope), 5788200);
      const n = 'n' in doc ? compiler.compile(doc['n'])(scope) : undefined;
      const start = ACCUMULATORS[name]?.(
        { ...doc, input: '$$value', ...(n === undefined ? {} : { n }) },
        compiler,
      );
      if (!array || !start) return null;
      const gathering = start();
      for (const value of array) gathering.add({ root: {}, variables: { value } });
      return gathering.result();
    };
  };
}

/** Sets keep the first of equal elements. */
function setOperator(name: string, compute: (sets: unknown[][]) => unknown): ExpressionOperator {
  return (operand, compiler: Compiler) => {
    const operands = operandList(operand, compiler);
    return (scope) => {
      const sets: unknown[][] = [];
      for (const evaluate of operands) {
        const value = evaluate(scope);
        if (isNullish(value)) return null;
        if (!isArray(value))
          throw new DbError(
            17043,
            `All operands of ${name} must be arrays. One argument is of type: ${typeAlias(value)}`,
          );
        sets.push(value);
      }
      return compute(sets);
    };
  };
}

function has(set: readonly unknown[], value: unknown): boolean {
  return set.some((member) => compareForExpression(member, value) === 0);
}

function unique(values: readonly unknown[]): unknown[] {
  const out: unknown[] = [];
  for (const value of values) if (!has(out, value)) out.push(value);
  return out;
}

function truthOf(name: string, all: boolean): ExpressionOperator {
  return unary(name, (value) => {
    if (!isArray(value))
      throw new DbError(17040, `${name}'s argument must be an array, but is ${typeAlias(value)}`);
    return all ? value.every(truthy) : value.some(truthy);
  });
}

export const arrayOperators: Readonly<Record<string, ExpressionOperator>> = {
  $map: map,
  $filter: filter,
  $reduce: reduce,
  $size: unary('$size', size),
  $arrayElemAt: binary('$arrayElemAt', elementAt),
  $first: end('$first', 0),
  $last: end('$last', -1),
  $concatArrays: concat,
  $slice: slice,
  $in: binary('$in', isIn),
  $isArray: unary('$isArray', isArray),
  $indexOfArray: indexOfArray,
  $reverseArray: unary('$reverseArray', reverse),
  $sortArray: sortArray,
  $range: range,
  $arrayToObject: unary('$arrayToObject', arrayToObject),
  $zip: zip,
  $sum: overList('$sum'),
  $avg: overList('$avg'),
  $min: overList('$min'),
  $max: overList('$max'),
  $stdDevPop: overList('$stdDevPop'),
  $stdDevSamp: overList('$stdDevSamp'),
  $firstN: overInput('$firstN'),
  $lastN: overInput('$lastN'),
  $minN: overInput('$minN'),
  $maxN: overInput('$maxN'),
  $median: overInput('$median'),
  $percentile: overInput('$percentile'),
  $setUnion: setOperator('$setUnion', (sets) => unique(sets.flat(1))),
  $setIntersection: setOperator('$setIntersection', ([first = [], ...rest]) =>
    unique(first.filter((value) => rest.every((set) => has(set, value)))),
  ),
  $setDifference: setOperator('$setDifference', ([first = [], second = []]) =>
    unique(first.filter((value) => !has(second, value))),
  ),
  $setEquals: setOperator('$setEquals', ([first = [], ...rest]) =>
    rest.every((set) => set.every((v) => has(first, v)) && first.every((v) => has(set, v))),
  ),
  $setIsSubset: setOperator('$setIsSubset', ([first = [], second = []]) =>
    first.every((v) => has(second, v)),
  ),
  $allElementsTrue: truthOf('$allElementsTrue', true),
  $anyElementTrue: truthOf('$anyElementTrue', false),
};
