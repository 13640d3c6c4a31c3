import { mergeSort } from '../query/sort-work.js';
import { BREATH, type Work } from '../work.js';

const CHUNK = 256;
/** Chunks that are filled at once leave some room. */
const FILLED = 200;

interface Chunk {
  keys: string[];
  records: number[];
}

/** Record numbers, a few at a time; the list may change between two of them. */
type Records = Generator<readonly number[], void>;

/**
 * A sorted list of (key, record number), in chunks small enough that an insertion moves little.
 * It may be changed while it is being walked: the walk goes on after the last key it gave out.
 */
export class OrderedKeys {
  private chunks: Chunk[] = [];
  private version = 0;
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** Fills an empty list; quicker than inserting one by one. */
  *fill(keys: readonly string[], records: readonly number[]): Work<void> {
    const order = yield* mergeSort(Array.from(keys.keys()), (a, b) =>
      (keys[a] as string) < (keys[b] as string) ? -1 : 1,
    );
    this.version++;
    this.count = keys.length;
    for (let from = 0; from < order.length; from += FILLED) {
      const part = order.slice(from, from + FILLED);
      this.chunks.push({
        keys: part.map((i) => keys[i] as string),
        records: part.map((i) => records[i] as number),
      });
      yield;
    }
  }

  insert(key: string, record: number): void {
    this.version++;
    this.count++;
    const last = this.chunks[this.chunks.length - 1];
    if (!last) {
      this.chunks.push({ keys: [key], records: [record] });
      return;
    }
    const c = this.chunkFor(key);
    const chunk = this.chunks[c] as Chunk;
    const at = lowerBound(chunk.keys, key);
    chunk.keys.splice(at, 0, key);
    chunk.records.splice(at, 0, record);
    if (chunk.keys.length > CHUNK) this.split(c, chunk, at);
  }

  private split(c: number, chunk: Chunk, insertedAt: number): void {
    // Keys mostly arrive in order; then a nearly full left half is worth keeping.
    const half = insertedAt === chunk.keys.length - 1 ? CHUNK - 8 : CHUNK >> 1;
    this.chunks.splice(c + 1, 0, {
      keys: chunk.keys.splice(half),
      records: chunk.records.splice(half),
    });
  }

  delete(key: string): boolean {
    if (this.count === 0) return false;
    const c = this.chunkFor(key);
    const chunk = this.chunks[c] as Chunk;
    const at = lowerBound(chunk.keys, key);
    if (chunk.keys[at] !== key) return false;
    this.version++;
    this.count--;
    chunk.keys.splice(at, 1);
    chunk.records.splice(at, 1);
    if (chunk.keys.length === 0) this.chunks.splice(c, 1);
    return true;
  }

  /** The first record at or after `low` and before `high`. */
  first(low: string, high: string): number | undefined {
    const [c, i] = this.seek(low);
    const chunk = this.chunks[c];
    const key = chunk?.keys[i];
    return key !== undefined && key < high ? chunk?.records[i] : undefined;
  }

  /** Records with `low ≤ key < high` in key order, a few at a time. */
  *ascending(low: string, high: string): Records {
    let [c, i] = this.seek(low);
    for (let chunk = this.chunks[c]; chunk; chunk = this.chunks[c]) {
      const { keys, records } = chunk;
      const end = firstFrom(keys, high);
      if (i < end) {
        const to = Math.min(end, i + BREATH);
        const lastKey = keys[to - 1] as string;
        const { version } = this;
        yield records.slice(i, to);
        [c, i] = version === this.version ? [c, to] : this.seek(`${lastKey}\0`);
      } else if (end < keys.length) {
        return;
      } else {
        c++;
        i = 0;
      }
    }
  }

  /** Records with `low ≤ key < high` from the greatest key down, a few at a time. */
  *descending(low: string, high: string): Records {
    let [c, i] = this.seek(high);
    for (;;) {
      if (i === 0) {
        c--;
        const previous = this.chunks[c];
        if (!previous) return;
        i = previous.keys.length;
      }
      const { keys, records } = this.chunks[c] as Chunk;
      const start = firstFrom(keys, low);
      if (start >= i) return;
      const from = Math.max(start, i - BREATH);
      const firstKey = keys[from] as string;
      const { version } = this;
      yield records.slice(from, i).reverse();
      [c, i] = version === this.version ? [c, from] : this.seek(firstKey);
    }
  }

  /** How many keys lie in `[low, high)`, by position; cheap enough to compare plans with. */
  countBetween(low: string, high: string): number {
    const [c1, i1] = this.seek(low);
    const [c2, i2] = this.seek(high);
    if (c1 === c2) return Math.max(0, i2 - i1);
    let total = (this.chunks[c1]?.keys.length ?? 0) - i1 + i2;
    for (let c = c1 + 1; c < c2; c++) total += (this.chunks[c] as Chunk).keys.length;
    return Math.max(0, total);
  }

  /** The position of the first key ≥ `key`. */
  private seek(key: string): [chunk: number, index: number] {
    if (this.chunks.length === 0) return [0, 0];
    const c = this.chunkFor(key);
    return [c, lowerBound((this.chunks[c] as Chunk).keys, key)];
  }

  /** The last chunk whose first key is ≤ `key`, or the first chunk. */
  private chunkFor(key: string): number {
    let low = 0;
    let high = this.chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (((this.chunks[middle] as Chunk).keys[0] as string) <= key) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** The position of the first of a chunk's keys that is ≥ `key`. Walks mostly ask about chunks that lie on one side. */
function firstFrom(keys: string[], key: string): number {
  if ((keys[keys.length - 1] as string) < key) return keys.length;
  return (keys[0] as string) >= key ? 0 : lowerBound(keys, key);
}

function lowerBound(keys: string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] as string) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
