import { compareValues } from '../bson/compare.js';
import { isDoc, isNumeric, toDouble, type Doc } from '../bson/value.js';
import { DbError, notSupported } from '../errors.js';
import { extractTuples, plainTuple } from '../storage/extract.js';
import { EMPTY_ARRAY } from '../storage/key.js';
import type { Collation } from './collation.js';

export interface SortKey {
  readonly path: string;
  readonly direction: 1 | -1;
}

export interface SortOrder {
  readonly keys: readonly SortKey[];
  compare(a: Doc, b: Doc): number;
  /** What a document sorts by; comparing two of these is what `compare` does. */
  keyOf(doc: Doc): readonly unknown[];
  compareKeys(a: readonly unknown[], b: readonly unknown[]): number;
  /** Does the document sort behind `key`, as its first field alone tells? Makes nothing, unlike `keyOf`. */
  isBehind(doc: Doc, key: readonly unknown[]): boolean;
  /** Sorts in place; the order of equals is kept. */
  sort<T>(items: T[], docOf: (item: T) => Doc): T[];
}

/** @throws DbError 2 for a direction that is not ±1, 115 for `{ $meta: 'textScore' }` */
export function parseSort(sort: Doc): SortKey[] {
  return Object.entries(sort).flatMap(([path, direction]): SortKey[] => {
    if (isDoc(direction)) throw notSupported('$meta sort is');
    const value = isNumeric(direction) ? toDouble(direction) : Number.NaN;
    if (path === '') throw new DbError(40352, 'FieldPath cannot be constructed with empty string');
    if (value !== 1 && value !== -1) {
      throw new DbError(
        15975,
        '$sort key ordering must be 1 (for ascending) or -1 (for descending)',
      );
    }
    if (path === '$natural') return [];
    return [{ path, direction: value }];
  });
}

/**
 * Compiles a sort. A field that holds an array sorts by its smallest element when ascending, its greatest
 * when descending; an empty array sorts before null.
 */
export function compileSort(sort: Doc, collation?: Collation): SortOrder {
  const keys = parseSort(sort);
  const paths = keys.map(({ path }) => path.split('.'));
  const compareKeys = (a: readonly unknown[], b: readonly unknown[]): number => {
    for (let i = 0; i < keys.length; i++) {
      const order = compareSortValues(a[i], b[i], collation);
      if (order !== 0) return (keys[i] as SortKey).direction * order;
    }
    return 0;
  };
  const keyOf = (doc: Doc): readonly unknown[] => sortKeyOf(doc, keys, paths, compareKeys);
  const [first] = keys;
  const field = first && !first.path.includes('.') ? first.path : undefined;
  const isBehind = (doc: Doc, [leading]: readonly unknown[]): boolean => {
    const value = field === undefined ? undefined : doc[field];
    if (value === undefined || Array.isArray(value) || leading === EMPTY_ARRAY) return false;
    return (first?.direction ?? 1) * compareValues(value, leading, collation?.compare) > 0;
  };
  return {
    keys,
    keyOf,
    compareKeys,
    isBehind,
    compare: (a, b) => compareKeys(keyOf(a), keyOf(b)),
    sort: (items, docOf) => {
      if (keys.length === 0) return items;
      const keyed = items.map((item) => ({ item, key: keyOf(docOf(item)) }));
      keyed.sort((a, b) => compareKeys(a.key, b.key));
      for (let i = 0; i < items.length; i++) items[i] = (keyed[i] as (typeof keyed)[number]).item;
      return items;
    },
  };
}

function compareSortValues(a: unknown, b: unknown, collation: Collation | undefined): number {
  if (a === EMPTY_ARRAY || b === EMPTY_ARRAY) {
    if (a === b) return 0;
    return a === EMPTY_ARRAY ? compareEmpty(b) : -compareEmpty(a);
  }
  return compareValues(a, b, collation?.compare);
}

/** An empty array sorts after MinKey and before everything else. */
function compareEmpty(other: unknown): number {
  return compareValues(other, null) < 0 ? 1 : -1;
}

function sortKeyOf(
  doc: Doc,
  keys: readonly SortKey[],
  paths: readonly (readonly string[])[],
  compareKeys: (a: readonly unknown[], b: readonly unknown[]) => number,
): readonly unknown[] {
  const plain = plainTuple(doc, paths);
  if (plain) return plain;
  const tuples = tuplesOf(doc, paths);
  let best = tuples[0] as unknown[];
  for (const tuple of tuples) if (compareKeys(tuple, best) < 0) best = tuple;
  return best;
}

function tuplesOf(doc: Doc, paths: readonly (readonly string[])[]): unknown[][] {
  try {
    return extractTuples(doc, paths);
  } catch (error) {
    if (error instanceof DbError && error.code === 171) {
      throw new DbError(2, 'cannot sort with keys that are parallel arrays');
    }
    throw error;
  }
}
