import type { Work } from '../aggregate/pipeline.js';
import type { Doc } from '../bson/value.js';
import type { Collection } from './collection.js';
import type { Index } from './index.js';

/** Documents taken into an index between two chances for others. */
const BREATH = 8;

/**
 * Fills an index document by document. A document that changes meanwhile is taken out again and queued once
 * more, so that the index is whole the moment the queue is empty.
 */
export class IndexBuild {
  /** Records not in the index yet. */
  private readonly queue: Set<number>;

  constructor(
    private readonly index: Index,
    private readonly collection: Collection,
  ) {
    this.queue = new Set(collection.entries.keys());
  }

  /** A document was inserted, replaced or removed; `before` is what it was. */
  changed(record: number, before?: Doc): void {
    if (before && !this.queue.has(record)) this.index.remove(this.index.keysOf(before), record);
    this.queue.add(record);
  }

  /** @throws DbError 11000 when two documents have one key of a unique index, 171 for parallel arrays */
  *run(): Work<void> {
    let done = 0;
    // A set can grow while it is walked; what is added again comes last.
    for (const record of this.queue) {
      const entry = this.collection.entries.get(record);
      if (entry) this.take(record, entry.doc);
      this.queue.delete(record);
      if (++done % BREATH === 0) yield;
    }
  }

  private take(record: number, doc: Doc): void {
    const keys = this.index.keysOf(doc);
    const conflict = this.index.conflict(keys, record);
    if (conflict) throw this.index.duplicate(this.collection.namespace, doc, conflict.key);
    this.index.add(keys, record);
  }
}
