import type { Doc } from '../bson/value.js';
import { part, type Flow, type Work } from '../work.js';
import type { SortOrder } from './sort.js';

/** Items merged between two chances for others. */
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
export function* sorted<T>(
  items: Flow<T>,
  order: SortOrder,
  docOf: (item: T) => Doc,
  wanted = Number.POSITIVE_INFINITY,
): Flow<T> {
  if (order.keys.length === 0) {
    yield* part(items, 0, wanted);
    return;
  }
  const compare = (a: Keyed<T>, b: Keyed<T>): number => order.compareKeys(a.key, b.key);
  const isFew = wanted <= FEW;
  const runLength = isFew ? wanted + SURPLUS : RUN;
  const runs: Keyed<T>[][] = [];
  let run: Keyed<T>[] = [];
  // Once so many are sorted, whatever does not come before the last of them is not wanted.
  let last: readonly unknown[] | undefined;
  const take = (item: T): void => {
    const doc = docOf(item);
    if (last && order.isBehind(doc, last)) return;
    const key = order.keyOf(doc);
    if (last && order.compareKeys(key, last) >= 0) return;
    if (run.push({ item, key }) < runLength) return;
    run.sort(compare);
    if (isFew) {
      run.length = wanted;
      last = run.at(-1)?.key;
    } else {
      runs.push(run);
      run = [];
    }
  };
  for (const batch of items) {
    if (batch) for (let i = 0; i < batch.length; i++) take(batch[i] as T);
    yield;
  }
  runs.push(run.sort(compare));
  const all = yield* mergeAll(runs, compare);
  for (let from = 0; from < all.length && from < wanted; from += BREATH) {
    yield all.slice(from, Math.min(from + BREATH, wanted)).map(({ item }) => item);
  }
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
  const out = new Array<T>(left.length + right.length);
  let l = 0;
  let r = 0;
  for (let i = 0; i < out.length; i++) {
    const takesLeft =
      r >= right.length || (l < left.length && compare(left[l] as T, right[r] as T) <= 0);
    out[i] = takesLeft ? (left[l++] as T) : (right[r++] as T);
    if (i % BREATH === BREATH - 1) yield;
  }
  return out;
}
