/**
 * Work on many documents that can be interrupted: each `yield` is a place where other clients may have
 * their turn. What is returned is the result.
 */
export type Work<T> = Generator<undefined, T>;

/**
 * Items in order, a few at a time, so that nobody holds all of them. A `yield` is a place where others may have
 * their turn, whether it hands on items or not; work of any other kind can be done on the way by `yield*`.
 */
export type Flow<T> = Generator<readonly T[] | undefined, void>;

/** How many documents are handled between two chances for others. */
export const BREATH = 32;

/** Runs interruptible work in one go. */
export function finish<T>(work: Work<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** Does something with each item. */
export function* forEach<T>(items: Flow<T>, take: (item: T) => void): Work<void> {
  for (const batch of items) {
    if (batch) for (let i = 0; i < batch.length; i++) take(batch[i] as T);
    yield;
  }
}

/** How many items there are. */
export function* counted(items: Flow<unknown>): Work<number> {
  let count = 0;
  yield* forEach(items, () => count++);
  return count;
}

/** All items. Large lists are made once in their full length: growing step by step copies them again and again. */
export function* collect<T>(items: Flow<T>): Work<readonly T[]> {
  const batches: (readonly T[])[] = [];
  let count = 0;
  for (const batch of items) {
    if (batch && batch.length > 0) {
      batches.push(batch);
      count += batch.length;
    }
    yield;
  }
  if (batches.length < 2) return batches[0] ?? [];
  const all = new Array<T>(count);
  let at = 0;
  for (const batch of batches) {
    for (let i = 0; i < batch.length; i++) all[at++] = batch[i] as T;
    yield;
  }
  return all;
}

/** A list, a few at a time. */
export function* flowOf<T>(items: readonly T[]): Flow<T> {
  for (let from = 0; from < items.length; from += BREATH) yield items.slice(from, from + BREATH);
}

/** Each item made into another one. */
export function* mapped<T, U>(items: Flow<T>, map: (item: T) => U): Flow<U> {
  // The item alone: what is handed in may take more arguments, of another meaning than an array's.
  for (const batch of items) yield batch?.map((item) => map(item));
}

/** The items `accepts` is true of. */
export function* filtered<T>(items: Flow<T>, accepts: (item: T) => boolean): Flow<T> {
  for (const batch of items) yield batch?.filter((item) => accepts(item));
}

/** Leaves out the first `skip` items and ends after `most` others, without asking for more. */
export function* part<T>(items: Flow<T>, skip: number, most = Number.POSITIVE_INFINITY): Flow<T> {
  const end = skip + most;
  let met = 0;
  for (const batch of items) {
    if (batch) {
      const first = met;
      met += batch.length;
      const isWhole = first >= skip && met <= end;
      yield isWhole ? batch : batch.slice(Math.max(0, skip - first), end - first);
    } else {
      yield;
    }
    if (met >= end) return;
  }
}
