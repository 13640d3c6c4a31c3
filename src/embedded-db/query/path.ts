import { field, isDoc } from '../bson/value.js';

/** How a condition meets an array at the end of its path. */
export type ArrayRule =
  /** Its elements and the array itself are tried: most conditions. */
  | 'each'
  /** Only the array itself: `$size`, `$exists`, `$elemMatch`. */
  | 'whole';

/** Receives which element of the outermost array matched, for the positional `$` of updates. */
export interface MatchDetails {
  index: number | undefined;
}

/** A condition on one value; `undefined` is a missing field. */
export type ValueTest = (value: unknown, details: MatchDetails | undefined) => boolean;

const DIGITS = /^\d+$/;

export interface Path {
  readonly text: string;
  readonly parts: readonly string[];
  /** Per part, the array position it names, or −1. */
  readonly positions: readonly number[];
}

export function parsePath(text: string): Path {
  const parts = text.split('.');
  return { text, parts, positions: parts.map((part) => (DIGITS.test(part) ? Number(part) : -1)) };
}

/**
 * Whether any value under the path passes the test, walking through arrays on the way the way MongoDB
 * does: into their embedded documents, but not into arrays directly inside arrays.
 */
export function anyValue(
  doc: unknown,
  path: Path,
  rule: ArrayRule,
  test: ValueTest,
  details: MatchDetails | undefined,
): boolean {
  return walk(doc, path, 0, rule, test, details);
}

function walk(
  start: unknown,
  path: Path,
  from: number,
  rule: ArrayRule,
  test: ValueTest,
  details: MatchDetails | undefined,
): boolean {
  let value = start;
  const { parts } = path;
  for (let i = from; i < parts.length; i++) {
    if (Array.isArray(value)) return walkArray(value, path, i, rule, test, details);
    if (!isDoc(value)) return test(undefined, details);
    value = field(value, parts[i] as string);
    if (value === undefined) return test(undefined, details);
  }
  return Array.isArray(value) && rule === 'each'
    ? testElements(value, test, details)
    : test(value, details);
}

function walkArray(
  array: readonly unknown[],
  path: Path,
  at: number,
  rule: ArrayRule,
  test: ValueTest,
  details: MatchDetails | undefined,
): boolean {
  const position = path.positions[at] as number;
  if (position >= 0 && position < array.length) {
    if (walk(array[position], path, at + 1, rule, test, details)) return true;
  }
  for (let i = 0; i < array.length; i++) {
    const element = array[i];
    if (!isDoc(element)) continue;
    if (walk(element, path, at, rule, test, details)) {
      if (details) details.index = i;
      return true;
    }
  }
  return false;
}

function testElements(
  array: readonly unknown[],
  test: ValueTest,
  details: MatchDetails | undefined,
): boolean {
  for (let i = 0; i < array.length; i++) {
    if (test(array[i], details)) {
      if (details) details.index = i;
      return true;
    }
  }
  return test(array, details);
}
