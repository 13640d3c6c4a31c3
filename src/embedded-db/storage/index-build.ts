import type { Work } from '../aggregate/pipeline.js';
import type { Doc } from '../bson/value.js';
import type { Collection } from './collection.js';
import type { Index } from './index.js';

/** Documents taken into an index between two chances for others. */
const BREATH = 64;

/**
 * Fills an index document by document. A document that changes meanwhile is taken out again and queued once
 * more, so that the index is whole the moment the queue is empty.
 */
export class IndexBuild {
  private readonly taken = new Map<number, readonly string[]>();
  private readonly queue: Set<number>;

  constructor(
    private readonly index: Index,
    private readonly collection: Collection,
  ) {
    this.queue = new Set(collection.entries.keys());
  }

  /** A document was inserted, replaced or removed. */
  changed(record: number): void {
    const keys = this.taken.get(record);
    if (keys) {
      this.index.remove(keys, record);
      this.taken.delete(record);
    }
    this.queue.add(record);
  }

  /** @throws DbError 11000 when two documents have one key of a unique index, 171 for parallel arrays */
  *run(): Work<void> {
    let done = 0;
    // A set can grow while it is walked; what is added again comes last.
    for (const record of this.queue) {
      this.queue.delete(record);
      const entry = this.collection.entries.get(record);
      if (entry) this.take(record, entry.doc);
      if (++done % BREATH === 0) yield;
    }
  }

  private take(record: number, doc: Doc): void {
    const keys = this.index.keysOf(doc);
    const conflict = this.index.conflict(keys, record);
    if (conflict) throw this.index.duplicate(this.collection.namespace, doc, conflict.key);
    this.index.add(keys, record);
    this.taken.set(record, keys);
  }
}
