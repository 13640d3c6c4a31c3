import { compareValues } from '../bson/compare.js';
import { encodeKey } from '../storage/key.js';
import {
  Decimal128,
  isDoc,
  isInt32,
  isNumeric,
  Long,
  toDouble,
  type Doc,
  type Numeric,
} from '../bson/value.js';
import { DbError, notSupported } from '../errors.js';
import { divideDecimals } from '../bson/decimal.js';
import { compileSort } from '../query/sort.js';
import { fromDecimal, keepDouble, toDecimal } from '../update/numbers.js';
import type { Compiler, Evaluate, Scope } from './expression.js';
import { plus } from './operators/arithmetic.js';
import { mergeInto } from './operators/object.js';

/** Gathers one value of a group, document by document. */
export interface Gathering {
  add(scope: Scope): void;
  result(): unknown;
}

/** A compiled accumulator: starts an empty gathering for each group. */
export type Accumulator = () => Gathering;

type AccumulatorOperator = (operand: unknown, compiler: Compiler) => Accumulator;

function over(start: () => { add(value: unknown): void; result(): unknown }): AccumulatorOperator {
  return (operand, compiler) => {
    const evaluate = compiler.compile(operand);
    return () => {
      const gathering = start();
      return { add: (scope) => gathering.add(evaluate(scope)), result: () => gathering.result() };
    };
  };
}

/**
 * The sum of what is numeric; everything else counts as nothing. Integers, which are most of what is summed, are
 * gathered in a plain number as long as that is exact: a sum makes no garbage then.
 */
function sum(): { add(value: unknown): void; result(): Numeric } {
  let whole = 0;
  // An int32 that once grew beyond its bits stays an int64.
  let long = false;
  let total: Numeric | undefined;
  const wholeTotal = (): Numeric => (long ? Long.fromNumber(whole) : whole);
  return {
    add: (value) => {
      if (total === undefined && typeof value === 'number' && isInt32(value)) {
        const next = whole + value;
        if (Number.isSafeInteger(next)) {
          whole = next;
          long ||= !isInt32(next);
          return;
        }
      }
      if (isNumeric(value)) total = plus(total ?? wholeTotal(), value);
    },
    result: () => total ?? wholeTotal(),
  };
}

function average(): { add(value: unknown): void; result(): unknown } {
  const total = sum();
  let count = 0;
  return {
    add: (value) => {
      if (!isNumeric(value)) return;
      count++;
      total.add(value);
    },
    result: () => (count === 0 ? null : divided(total.result(), count)),
  };
}

function divided(total: Numeric, count: number): Numeric {
  if (total instanceof Decimal128) {
    const exact = toDecimal(total);
    if (exact) return fromDecimal(divideDecimals(exact, { digits: BigInt(count), exponent: 0 }));
  }
  return keepDouble(toDouble(total) / count);
}

function extreme(sign: 1 | -1): () => { add(value: unknown): void; result(): unknown } {
  return () => {
    let best: unknown;
    return {
      add: (value) => {
        if (value === undefined || value === null) return;
        if (best === undefined || sign * compareValues(value, best) < 0) best = value;
      },
      result: () => best ?? null,
    };
  };
}

function first(): { add(value: unknown): void; result(): unknown } {
  let seen = false;
  let kept: unknown;
  return {
    add: (value) => {
      if (!seen) kept = value;
      seen = true;
    },
    result: () => kept ?? null,
  };
}

function last(): { add(value: unknown): void; result(): unknown } {
  let kept: unknown;
  return {
    add: (value) => {
      kept = value;
    },
    result: () => kept ?? null,
  };
}

function push(): { add(value: unknown): void; result(): unknown } {
  const values: unknown[] = [];
  return {
    add: (value) => {
      if (value !== undefined) values.push(value);
    },
    result: () => values,
  };
}

function set(): { add(value: unknown): void; result(): unknown } {
  const values = new Map<string, unknown>();
  return {
    add: (value) => {
      if (value === undefined) return;
      const key = encodeKey(value);
      if (!values.has(key)) values.set(key, value);
    },
    result: () => [...values.values()],
  };
}

function merge(): { add(value: unknown): void; result(): unknown } {
  const merged: Doc = {};
  return { add: (value) => mergeInto(merged, value), result: () => merged };
}

function deviation(sample: boolean): () => { add(value: unknown): void; result(): unknown } {
  return () => {
    let count = 0;
    let mean = 0;
    let squares = 0;
    return {
      add: (value) => {
        if (!isNumeric(value)) return;
        const number = toDouble(value);
        count++;
        const delta = number - mean;
        mean += delta / count;
        squares += delta * (number - mean);
      },
      result: () => {
        const divisor = sample ? count - 1 : count;
        return divisor <= 0 ? null : keepDouble(Math.sqrt(squares / divisor));
      },
    };
  };
}

/** `$firstN`, `$lastN`, `$minN`, `$maxN`: `{ input, n }`. */
function several(
  name: string,
  choose: (values: unknown[], n: number) => unknown[],
): AccumulatorOperator {
  return (operand, compiler) => {
    if (!isDoc(operand))
      throw new DbError(5787900, `specification must be an object; found ${name}`);
    const input = compiler.compile(operand['input']);
    const count = countOperand(name, operand['n'], compiler);
    return () => {
      const values: unknown[] = [];
      return {
        add: (scope) => {
          const value = input(scope);
          if (name === '$minN' || name === '$maxN') {
            if (value !== undefined && value !== null) values.push(value);
          } else {
            values.push(value ?? null);
          }
        },
        result: () => choose(values, count),
      };
    };
  };
}

function countOperand(name: string, operand: unknown, compiler: Compiler): number {
  const value = compiler.compile(operand)({ root: {}, variables: {} });
  const count = isNumeric(value) ? toDouble(value) : Number.NaN;
  if (!Number.isInteger(count) || count <= 0) {
    throw new DbError(5787902, `'n' must be a positive integer for ${name}`);
  }
  return count;
}

/** `$top`, `$topN`, `$bottom`, `$bottomN`: `{ sortBy, output, n }`. */
function ranked(name: string): AccumulatorOperator {
  const many = name.endsWith('N');
  const bottom = name.startsWith('$bottom');
  return (operand, compiler) => {
    if (!isDoc(operand) || !isDoc(operand['sortBy'])) {
      throw new DbError(5788004, `${name} needs 'sortBy' and 'output'`);
    }
    const order = compileSort(operand['sortBy'], compiler.options.collation);
    const output = compiler.compile(operand['output']);
    const count = many ? countOperand(name, operand['n'], compiler) : 1;
    return () => {
      const items: { doc: Doc; value: unknown }[] = [];
      return {
        add: (scope) => {
          items.push({ doc: isDoc(scope.root) ? scope.root : {}, value: output(scope) ?? null });
        },
        result: () => {
          const sorted = order.sort(items, (item) => item.doc);
          const chosen = bottom ? sorted.slice(-count) : sorted.slice(0, count);
          return many ? chosen.map(({ value }) => value) : (chosen[0]?.value ?? null);
        },
      };
    };
  };
}

function percentile(
  operand: unknown,
  compiler: Compiler,
  wanted: unknown,
  many: boolean,
): Accumulator {
  if (!isDoc(operand)) throw new DbError(7429703, 'specification must be an object');
  const input: Evaluate = compiler.compile(operand['input']);
  const shares = compiler.compile(wanted)({ root: {}, variables: {} });
  const list = (Array.isArray(shares) ? shares : [shares]).map((share) =>
    isNumeric(share) ? toDouble(share) : Number.NaN,
  );
  return () => {
    const values: number[] = [];
    return {
      add: (scope) => {
        const value = input(scope);
        if (isNumeric(value)) values.push(toDouble(value));
      },
      result: () => {
        values.sort((a, b) => a - b);
        const found = list.map((share) =>
          values.length === 0
            ? null
            : keepDouble(values[Math.max(0, Math.ceil(share * values.length) - 1)] as number),
        );
        return many ? found : found[0];
      },
    };
  };
}

const byOrder = (sign: 1 | -1) => (values: unknown[], n: number) =>
  values.sort((a, b) => sign * compareValues(a, b)).slice(0, n);

export const ACCUMULATORS: Readonly<Record<string, AccumulatorOperator>> = {
  $sum: over(sum),
  $avg: over(average),
  $min: over(extreme(1)),
  $max: over(extreme(-1)),
  $first: over(first),
  $last: over(last),
  $push: over(push),
  $addToSet: over(set),
  $mergeObjects: over(merge),
  $stdDevPop: over(deviation(false)),
  $stdDevSamp: over(deviation(true)),
  $count: (operand) => {
    if (!isDoc(operand) || Object.keys(operand).length > 0) {
      throw new DbError(9, '$count takes no arguments, i.e. $count:{}');
    }
    return () => {
      let count = 0;
      return {
        add: () => {
          count++;
        },
        result: () => count,
      };
    };
  },
  $firstN: several('$firstN', (values, n) => values.slice(0, n)),
  $lastN: several('$lastN', (values, n) => values.slice(-n)),
  $minN: several('$minN', byOrder(1)),
  $maxN: several('$maxN', byOrder(-1)),
  $top: ranked('$top'),
  $topN: ranked('$topN'),
  $bottom: ranked('$bottom'),
  $bottomN: ranked('$bottomN'),
  $median: (operand, compiler) => percentile(operand, compiler, 0.5, false),
  $percentile: (operand, compiler) =>
    percentile(operand, compiler, isDoc(operand) ? operand['p'] : undefined, true),
};

/** Compiles `{ $sum: … }`. @throws DbError 15952 for an unknown accumulator */
export function compileAccumulator(name: string, spec: unknown, compiler: Compiler): Accumulator {
  const [operator, ...more] = isDoc(spec) ? Object.keys(spec) : [];
  if (operator === undefined || !isDoc(spec)) {
    throw new DbError(40234, `The field '${name}' must be an accumulator object`);
  }
  if (more.length > 0) throw new DbError(40238, `The field '${name}' must specify one accumulator`);
  if (operator === '$accumulator') throw notSupported('$accumulator is');
  if (!Object.hasOwn(ACCUMULATORS, operator)) {
    throw new DbError(15952, `unknown group operator '${operator}'`);
  }
  return (ACCUMULATORS[operator] as AccumulatorOperator)(spec[operator], compiler);
}
