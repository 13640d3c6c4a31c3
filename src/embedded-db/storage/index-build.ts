import type { Work } from '../aggregate/pipeline.js';
import type { Doc } from '../bson/value.js';
import type { Collection } from './collection.js';
import type { Index } from './index.js';

/** Documents taken into an index between two chances for others. */
const BREATH = 8;

/**
 * Fills an index document by document. A document that changes meanwhile is taken out again and taken once
 * more at the end, so that the index is whole the moment none is left.
 */
export class IndexBuild {
  /** The records there were at the beginning, ascending. */
  private readonly first: readonly number[];
  /** Up to here the first ones have been taken. */
  private takenUpTo = -1;
  /** Records that appeared or changed since, and are not in the index. */
  private readonly late = new Set<number>();

  constructor(
    private readonly index: Index,
    private readonly collection: Collection,
  ) {
    this.first = [...collection.entries.keys()].sort((a, b) => a - b);
  }

  /** A document was inserted, replaced or removed; `before` is what it was. */
  changed(record: number, before?: Doc): void {
    if (before && record <= this.takenUpTo && !this.late.has(record)) {
      this.index.remove(this.index.keysOf(before), record);
    }
    this.late.add(record);
  }

  /** @throws DbError 11000 when two documents have one key of a unique index, 171 for parallel arrays */
  *run(): Work<void> {
    let done = 0;
    for (const record of this.first) {
      if (!this.late.has(record)) this.take(record);
      this.takenUpTo = record;
      if (++done % BREATH === 0) yield;
    }
    this.takenUpTo = Number.POSITIVE_INFINITY;
    // A set can grow while it is walked; what is added again comes last.
    for (const record of this.late) {
      this.take(record);
      this.late.delete(record);
      if (++done % BREATH === 0) yield;
    }
  }

  private take(record: number): void {
    const doc = this.collection.entries.get(record)?.doc;
    if (!doc) return;
    const keys = this.index.keysOf(doc);
    const conflict = this.index.conflict(keys, record);
    if (conflict) throw this.index.duplicate(this.collection.namespace, doc, conflict.key);
    this.index.add(keys, record);
  }
}
