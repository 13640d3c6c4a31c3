import { field, isDoc } from '../bson/value.js';
import { DbError } from '../errors.js';
import { EMPTY_ARRAY } from './key.js';

/** Where the walk along one indexed path stands: a value, and the names still to follow. */
interface Walk {
  value: unknown;
  readonly parts: readonly string[];
  at: number;
}

const DIGITS = /^\d+$/;

/**
 * The values a document has under the paths of an index: one tuple, or one per array element where a
 * path runs through an array (a multikey entry). A missing field is `undefined`.
 *
 * @throws DbError 171 when two paths run through different arrays
 */
export function extractTuples(doc: unknown, paths: readonly (readonly string[])[]): unknown[][] {
  const plain = plainTuple(doc, paths);
  if (plain) return [plain];
  const walks = paths.map((parts) => ({ value: doc, parts, at: 0 }));
  const tuples: unknown[][] = [];
  expand(walks, tuples);
  return tuples;
}

/** The one tuple of a document without arrays under the paths: nearly all, and cheap. `undefined` for others. */
export function plainTuple(
  doc: unknown,
  paths: readonly (readonly string[])[],
): unknown[] | undefined {
  const tuple = new Array<unknown>(paths.length);
  for (let i = 0; i < paths.length; i++) {
    const parts = paths[i] as readonly string[];
    let value = doc;
    for (let at = 0; at < parts.length && value !== undefined; at++) {
      if (Array.isArray(value)) return undefined;
      value = isDoc(value) ? field(value, parts[at] as string) : undefined;
    }
    if (Array.isArray(value)) return undefined;
    tuple[i] = value;
  }
  return tuple;
}

function expand(walks: Walk[], tuples: unknown[][]): void {
  let array: unknown[] | undefined;
  for (const walk of walks) {
    advance(walk);
    if (!Array.isArray(walk.value)) continue;
    if (array && array !== walk.value) {
      throw new DbError(171, 'cannot index parallel arrays');
    }
    array = walk.value;
  }
  if (!array) {
    tuples.push(walks.map((walk) => walk.value));
    return;
  }
  const elements = array.length === 0 ? [EMPTY_ARRAY] : array;
  for (const element of elements) {
    const next = walks.map((walk) => (walk.value === array ? into(walk, element) : { ...walk }));
    expandElement(next, tuples);
  }
}

function into(walk: Walk, element: unknown): Walk {
  if (walk.at < walk.parts.length) {
    // Only embedded documents have fields to go on with; anything else in the array counts as missing.
    if (!isDoc(element)) return { value: undefined, parts: walk.parts, at: walk.parts.length };
    return { value: element, parts: walk.parts, at: walk.at };
  }
  return { value: leaf(element), parts: walk.parts, at: walk.parts.length };
}

/** An array inside an array is one value; it is wrapped so that it is not expanded again. */
class Leaf {
  constructor(readonly value: unknown[]) {}
}

function leaf(element: unknown): unknown {
  return Array.isArray(element) ? new Leaf(element) : element;
}

function expandElement(walks: Walk[], tuples: unknown[][]): void {
  const before = tuples.length;
  expand(walks, tuples);
  for (let i = before; i < tuples.length; i++) {
    const tuple = tuples[i] as unknown[];
    for (let f = 0; f < tuple.length; f++) {
      const value = tuple[f];
      if (value instanceof Leaf) tuple[f] = value.value;
    }
  }
}

/** Follows names until the path ends or an array stands in the way. */
function advance(walk: Walk): void {
  while (walk.at < walk.parts.length) {
    const name = walk.parts[walk.at] as string;
    if (isDoc(walk.value)) {
      walk.value = field(walk.value, name);
    } else if (Array.isArray(walk.value)) {
      if (!DIGITS.test(name)) return;
      walk.value = walk.value[Number(name)] as unknown;
    } else {
      walk.value = undefined;
    }
    walk.at++;
    if (walk.value === undefined) {
      walk.at = walk.parts.length;
    }
  }
}
