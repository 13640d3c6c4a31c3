import { randomBytes } from 'node:crypto';
import { encode } from '../bson/encode.js';
import { Long, type Doc } from '../bson/value.js';
import type { Clock } from '../clock.js';
import { DbError } from '../errors.js';
import { EncodedBatch } from '../wire/reply.js';
import { BREATH, type Work } from '../work.js';

/** Large results go out in pieces of this size; a client accepts up to 16 MB. */
const MAX_BATCH_BYTES = 4 * 1024 * 1024;
/** Type byte, position and terminator of an array element. */
const PER_DOCUMENT_BYTES = 8;
const FIRST_BATCH = 101;
const IDLE_MS = 10 * 60_000;
const MOST_CURSORS = 10_000;

interface Cursor {
  readonly namespace: string;
  readonly docs: readonly Doc[];
  readonly project: (doc: Doc) => Doc;
  next: number;
  usedAt: number;
}

/**
 * Results not yet fetched. A cursor holds references to immutable documents: it is a snapshot for free,
 * and costs little memory. Idle ones end after ten minutes, as in MongoDB.
 */
export class Cursors {
  private readonly open = new Map<string, Cursor>();

  constructor(private readonly clock: Clock) {}

  get size(): number {
    return this.open.size;
  }

  /** The first batch of a result, and a cursor for the rest if there is any. */
  *start(
    namespace: string,
    docs: readonly Doc[],
    batchSize: number | undefined,
    single: boolean,
    project: (doc: Doc) => Doc,
  ): Work<Doc> {
    const cursor: Cursor = { namespace, docs, project, next: 0, usedAt: this.clock.now() };
    const firstBatch = yield* this.batch(cursor, batchSize ?? FIRST_BATCH);
    const finished = cursor.next >= docs.length || single;
    const id = finished ? Long.ZERO : this.keep(cursor);
    return { firstBatch, id, ns: namespace };
  }

  /** @throws DbError 43 when the cursor is gone */
  *more(id: Long, namespace: string, batchSize: number | undefined): Work<Doc> {
    const cursor = this.open.get(id.toString());
    if (!cursor) throw new DbError(43, `cursor id ${id.toString()} not found`);
    if (cursor.namespace !== namespace) {
      throw new DbError(
        13,
        `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace ${cursor.namespace}`,
      );
    }
    cursor.usedAt = this.clock.now();
    const nextBatch = yield* this.batch(cursor, batchSize || Number.POSITIVE_INFINITY);
    const finished = cursor.next >= cursor.docs.length;
    if (finished) this.open.delete(id.toString());
    return { nextBatch, id: finished ? Long.ZERO : id, ns: namespace };
  }

  kill(id: Long): boolean {
    return this.open.delete(id.toString());
  }

  /** Ends what was not used for ten minutes. */
  expire(): void {
    const before = this.clock.now() - IDLE_MS;
    for (const [id, cursor] of this.open) if (cursor.usedAt < before) this.open.delete(id);
  }

  private keep(cursor: Cursor): Long {
    if (this.open.size >= MOST_CURSORS) throw new DbError(96, 'too many open cursors');
    const id = Long.fromBigInt(randomBytes(8).readBigUInt64LE() >> 2n);
    this.open.set(id.toString(), cursor);
    return id;
  }

  private *batch(cursor: Cursor, size: number): Work<EncodedBatch> {
    const batch: Uint8Array[] = [];
    let bytes = 0;
    while (batch.length < size && cursor.next < cursor.docs.length) {
      const doc = encode(cursor.project(cursor.docs[cursor.next] as Doc));
      bytes += doc.length + PER_DOCUMENT_BYTES;
      if (batch.length > 0 && bytes > MAX_BATCH_BYTES) break;
      cursor.next++;
      batch.push(doc);
      if (batch.length % BREATH === 0) yield;
    }
    return new EncodedBatch(batch);
  }
}
