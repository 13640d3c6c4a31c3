import type { Doc } from '../bson/value.js';
import type { Work } from '../work.js';
import type { Collection } from './collection.js';
import type { Index } from './index.js';
import { RecordSet } from './record-set.js';

/** Documents taken into an index between two chances for others. */
const BREATH = 8;

/**
 * Fills an index document by document. A document that changes meanwhile is taken out again and taken once
 * more at the end, so that the index is whole the moment none is left.
 */
export class IndexBuild {
  /** The records that were put into the index, whether they have left it or not. */
  private readonly taken = new RecordSet();
  /** Records that appeared or changed since, and are not in the index. */
  private readonly late = new Set<number>();

  constructor(
    private readonly index: Index,
    private readonly collection: Collection,
  ) {}

  /** A document was inserted, replaced or removed; `before` is what it was. */
  changed(record: number, before?: Doc): void {
    if (before && this.taken.has(record) && !this.late.has(record)) {
      this.index.remove(this.index.keysOf(before), record);
    }
    this.late.add(record);
  }

  /** @throws DbError 11000 when two documents have one key of a unique index, 171 for parallel arrays */
  *run(): Work<void> {
    let done = 0;
    for (const record of this.collection.entries.keys()) {
      if (!this.late.has(record)) this.take(record);
      if (++done % BREATH === 0) yield;
    }
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
    this.taken.add(record);
  }
}
