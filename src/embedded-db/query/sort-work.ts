import type { Work } from '../aggregate/pipeline.js';
import type { Doc } from '../bson/value.js';
import type { SortOrder } from './sort.js';

/** Documents whose keys are taken, or that are merged, between two chances for others. */
const BREATH = 64;
/** Sorted in one go: what costs about as much. */
const RUN = 256;
/** How much more than wanted is kept before the surplus is sorted away. */
const SURPLUS = 512;

interface Keyed<T> {
  readonly item: T;
  readonly key: readonly unknown[];
}

/**
 * Sorts with pauses; equals keep their order. With a limit far below the number of items only the best are
 * kept on the way, so that “the ten greatest of all” never sorts everything.
 */
export function* sortWork<T>(
  items: readonly T[],
  order: SortOrder,
  docOf: (item: T) => Doc,
  wanted = Number.POSITIVE_INFINITY,
): Work<T[]> {
  if (order.keys.length === 0) return items.slice(0, wanted);
  const compare = (a: Keyed<T>, b: Keyed<T>): number => order.compareKeys(a.key, b.key);
  const keepAtMost = wanted + SURPLUS;
  const runs: Keyed<T>[][] = [];
  let run: Keyed<T>[] = [];
  for (let i = 0; i < items.length; i++) {
    const item = items[i] as T;
    run.push({ item, key: order.keyOf(docOf(item)) });
    if (i % BREATH === BREATH - 1) yield;
    if (wanted < items.length && run.length > keepAtMost) {
      run.sort(compare).length = wanted;
    } else if (wanted >= items.length && run.length === RUN) {
      runs.push(run.sort(compare));
      run = [];
      yield;
    }
  }
  runs.push(run.sort(compare));
  const merged = yield* mergeAll(runs, compare);
  return merged.slice(0, wanted).map(({ item }) => item);
}

/** Merges neighbours pairwise, which keeps the order of equals. */
function* mergeAll<T>(runs: T[][], compare: (a: T, b: T) => number): Work<T[]> {
  let current = runs;
  while (current.length > 1) {
    const next: T[][] = [];
    for (let i = 0; i < current.length; i += 2) {
      const left = current[i] as T[];
      const right = current[i + 1];
      next.push(right ? yield* merge(left, right, compare) : left);
    }
    current = next;
  }
  return current[0] ?? [];
}

function* merge<T>(left: T[], right: T[], compare: (a: T, b: T) => number): Work<T[]> {
  const out: T[] = [];
  let l = 0;
  let r = 0;
  while (l < left.length && r < right.length) {
    out.push(compare(left[l] as T, right[r] as T) <= 0 ? (left[l++] as T) : (right[r++] as T));
    if (out.length % BREATH === 0) yield;
  }
  while (l < left.length) out.push(left[l++] as T);
  while (r < right.length) out.push(right[r++] as T);
  return out;
}
