import type { Work } from '../aggregate/pipeline.js';
import type { Doc } from '../bson/value.js';
import type { SortOrder } from './sort.js';

/** Documents whose keys are taken, or that are merged, between two chances for others. */
const BREATH = 64;
/** Sorted in one go: what costs about as much. */
const RUN = 256;
/** Up to so many wanted, the others are thrown away on the way. */
const FEW = 1_000;
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
  const keepAtMost = wanted <= FEW ? wanted + SURPLUS : Number.POSITIVE_INFINITY;
  const kept: Keyed<T>[] = [];
  // Once so many are sorted, whatever does not come before the last of them is not wanted.
  let last: readonly unknown[] | undefined;
  for (let i = 0; i < items.length; i++) {
    if (i % BREATH === BREATH - 1) yield;
    const item = items[i] as T;
    const doc = docOf(item);
    if (last && order.isBehind(doc, last)) continue;
    const key = order.keyOf(doc);
    if (last && order.compareKeys(key, last) >= 0) continue;
    kept.push({ item, key });
    if (kept.length <= keepAtMost) continue;
    kept.sort(compare).length = wanted;
    last = kept.at(-1)?.key;
  }
  const sorted = yield* mergeSort(kept, compare);
  return sorted.slice(0, wanted).map(({ item }) => item);
}

/** Sorts with pauses; equals keep their order. */
export function* mergeSort<T>(items: readonly T[], compare: (a: T, b: T) => number): Work<T[]> {
  const runs: T[][] = [];
  for (let from = 0; from < items.length; from += RUN) {
    runs.push(items.slice(from, from + RUN).sort(compare));
    yield;
  }
  return yield* mergeAll(runs, compare);
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
  const [rest, from] = l < left.length ? [left, l] : [right, r];
  for (let i = from; i < rest.length; i++) {
    out.push(rest[i] as T);
    if (out.length % BREATH === 0) yield;
  }
  return out;
}
