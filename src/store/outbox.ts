import type { Collection, Filter } from 'mongodb';

import { AppError } from '../kernel/index.js';
import type { Clock } from '../kernel/index.js';
import type { NewOutboxRow, OutboxRow, OutboxState, OutboxStore } from '../usecases/index.js';
import type { OutboxDocument } from './documents.js';
import { duplicatePositions } from './duplicate-key.js';

/** The layout this release writes; rows of a newer release are left to the instances that know it. */
const LAYOUT = 1;

const LANE_ORDER = { causeAt: 1, causeSeq: 1, n: 1 } as const;

/** Messages on their way out, in lanes. Hot: the driver's own calls throughout. */
export class Outbox implements OutboxStore {
  constructor(
    private readonly documents: Collection<OutboxDocument>,
    private readonly clock: Clock,
    private readonly machine: Clock,
  ) {}

  async put(rows: readonly NewOutboxRow[], _now: Date): Promise<void> {
    if (rows.length === 0) return;
    const storedAt = this.machine.now();
    try {
      await this.documents.insertMany(
        rows.map((row) => toDocument(row, storedAt)),
        { ordered: false },
      );
    } catch (error) {
      duplicatePositions(error);
    }
  }

  async find(id: string): Promise<OutboxRow | null> {
    const found = await this.documents.findOne({ _id: id });
    return found && fromDocument(found);
  }

  /** Those whose head has been due longest first. */
  async lanesWaiting(now: Date, limit: number): Promise<string[]> {
    const lanes = await this.documents
      .aggregate<{ _id: string }>([
        ...HEADS,
        { $match: { notBefore: { $lte: now }, v: { $lte: LAYOUT } } },
        { $sort: { notBefore: 1, _id: 1 } },
        { $limit: limit },
      ])
      .toArray();
    return lanes.map(({ _id }) => _id);
  }

  async dueOf(lane: string, now: Date, limit: number): Promise<OutboxRow[]> {
    const queue = await this.documents
      .find({ queued: true, lane })
      .sort(LANE_ORDER)
      .limit(limit)
      .toArray();
    const blocked = queue.findIndex(({ v, notBefore }) => v > LAYOUT || notBefore > now);
    return (blocked < 0 ? queue : queue.slice(0, blocked)).map(fromDocument);
  }

  async keepBody(id: string, body: string): Promise<string> {
    const kept = await this.documents.updateOne({ _id: id, body: null }, { $set: { body } });
    if (kept.matchedCount === 1) return body;
    const stored = await this.documents.findOne({ _id: id }, { projection: { body: 1 } });
    if (!stored?.body) throw missing(id);
    return stored.body;
  }

  async startSending(id: string): Promise<boolean> {
    const started = await this.documents.updateOne(
      { _id: id, state: 'waiting' },
      { $set: { state: 'sending' } },
    );
    return started.matchedCount === 1;
  }

  async mark(
    id: string,
    change: Partial<
      Pick<OutboxRow, 'state' | 'attempts' | 'notBefore' | 'sentAt' | 'receipt' | 'why'>
    >,
  ): Promise<void> {
    const marked = await this.documents.updateOne(
      { _id: id },
      { $set: { ...change, ...(change.state && this.#placeOf(change.state)) } },
    );
    if (marked.matchedCount === 0) throw missing(id);
  }

  async spendResponseCode(id: string): Promise<string | null> {
    const before = await this.documents.findOneAndUpdate(
      { _id: id, 'receipt.responseCode': { $type: 'string' } },
      { $set: { 'receipt.responseCode': null } },
      { returnDocument: 'before', projection: { receipt: 1 } },
    );
    return before?.receipt?.responseCode ?? null;
  }

  /** By when they were held back, not by when they were caused: a digest counts each once. */
  async heldBackFor(userid: string, since: Date): Promise<number> {
    return this.documents.countDocuments({
      'to.userid': userid,
      state: 'folded',
      settledAt: { $gt: since },
    });
  }

  async nextDueAt(now: Date): Promise<Date | null> {
    const [next] = await this.documents
      .aggregate<{ notBefore: Date }>([...HEADS, { $sort: { notBefore: 1 } }, { $limit: 1 }])
      .toArray();
    if (!next) return null;
    return next.notBefore > now ? next.notBefore : now;
  }

  async dead(limit: number): Promise<OutboxRow[]> {
    const found = await this.documents
      .find({ state: 'dead' })
      .sort({ settledAt: -1 })
      .limit(limit)
      .toArray();
    return found.map(fromDocument);
  }

  /** The stored body is kept: if an earlier try arrived after all, WeCom shows it once. */
  async replay(id: string, now: Date): Promise<boolean> {
    const replayable: Filter<OutboxDocument> = { _id: id, state: { $in: ['dead', 'unknown'] } };
    const replayed = await this.documents.updateOne(replayable, {
      $set: {
        ...this.#placeOf('waiting'),
        state: 'waiting',
        attempts: 0,
        notBefore: now,
        why: null,
      },
    });
    return replayed.matchedCount === 1;
  }

  #placeOf(state: OutboxState): Pick<OutboxDocument, 'queued' | 'settledAt'> {
    const queued = state === 'waiting' || state === 'sending';
    return { queued, settledAt: queued ? null : this.clock.now() };
  }
}

/** The first row of every lane, in lane order. */
const HEADS = [
  { $match: { queued: true } },
  { $sort: { lane: 1, ...LANE_ORDER } },
  { $group: { _id: '$lane', notBefore: { $first: '$notBefore' }, v: { $first: '$v' } } },
] as const;

function toDocument({ id, ...row }: NewOutboxRow, storedAt: Date): OutboxDocument {
  return {
    _id: id,
    v: LAYOUT,
    ...row,
    causeSeq: row.causeId.replace(/\d+/, (digits) => digits.padStart(20, '0')),
    state: 'waiting',
    attempts: 0,
    body: null,
    sentAt: null,
    receipt: null,
    why: null,
    storedAt,
    queued: true,
    settledAt: null,
  };
}

function fromDocument(document: OutboxDocument): OutboxRow {
  return {
    id: document._id,
    lane: document.lane,
    to: document.to,
    class: document.class,
    content: document.content,
    updatesCardId: document.updatesCardId,
    causeAt: document.causeAt,
    causeId: document.causeId,
    n: document.n,
    state: document.state,
    attempts: document.attempts,
    notBefore: document.notBefore,
    body: document.body,
    sentAt: document.sentAt,
    receipt: document.receipt,
    why: document.why,
  };
}

function missing(id: string): AppError {
  return new AppError(`outbox row ${id} is gone`, {
    code: 'store.outbox-row',
    hint: 'rows are kept for 30 days',
    details: { id },
  });
}
