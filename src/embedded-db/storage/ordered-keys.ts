import type { Work } from '../aggregate/pipeline.js';
import { mergeSort } from '../query/sort-work.js';

const CHUNK = 256;
/** Chunks that are filled at once leave some room. */
const FILLED = 200;

interface Chunk {
  keys: string[];
  records: number[];
}

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

  /** Records with `low ≤ key < high` in key order. */
  *ascending(low: string, high: string): Generator<number, void> {
    let [c, i] = this.seek(low);
    let version = this.version;
    for (;;) {
      const chunk = this.chunks[c];
      if (!chunk) return;
      if (i >= chunk.keys.length) {
        c++;
        i = 0;
        continue;
      }
      const key = chunk.keys[i] as string;
      if (key >= high) return;
      yield chunk.records[i] as number;
      if (version === this.version) {
        i++;
      } else {
        version = this.version;
        [c, i] = this.seek(`${key}\0`);
      }
    }
  }

  /** Records with `low ≤ key < high` from the greatest key down. */
  *descending(low: string, high: string): Generator<number, void> {
    let [c, i] = this.seek(high);
    let version = this.version;
    for (;;) {
      i--;
      while (i < 0) {
        c--;
        const previous = this.chunks[c];
        if (!previous) return;
        i = previous.keys.length - 1;
      }
      const chunk = this.chunks[c] as Chunk;
      const key = chunk.keys[i] as string;
      if (key < low) return;
      yield chunk.records[i] as number;
      if (version !== this.version) {
        version = this.version;
        [c, i] = this.seek(key);
      }
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
