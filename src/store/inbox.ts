import type { Collection } from 'mongodb';

import type { Incoming } from '../chat/index.js';
import { AppError } from '../kernel/index.js';
import type { Clock } from '../kernel/index.js';
import type { InboxOutcome, InboxRow, InboxStore } from '../usecases/index.js';
import type { InboxDocument } from './documents.js';
import { duplicatePositions } from './duplicate-key.js';

/** The layout this release writes; rows of a newer release are left to the instances that know it. */
const LAYOUT = 1;

/** A MsgId, perhaps behind a prefix. It is a 64-bit number: compared as padded text, never as a number. */
const MSG_ID = /^(?:[a-z]+[:_-])?(\d{1,20})$/i;

/** Callbacks, stored whole before they are answered. Hot: the driver's own calls throughout. */
export class Inbox implements InboxStore {
  constructor(
    private readonly documents: Collection<InboxDocument>,
    private readonly machine: Clock,
  ) {}

  async claim(incomings: readonly Incoming[], receivedAt: Date): Promise<boolean[]> {
    if (incomings.length === 0) return [];
    const storedAt = this.machine.now();
    const rows = incomings.map((incoming) => toDocument(incoming, receivedAt, storedAt));
    try {
      await this.documents.insertMany(rows, { ordered: false });
      return incomings.map(() => true);
    } catch (error) {
      const seen = duplicatePositions(error);
      return incomings.map((_, position) => !seen.has(position));
    }
  }

  async find(key: string): Promise<InboxRow | null> {
    const found = await this.documents.findOne({ _id: key });
    return found && fromDocument(found);
  }

  async waitingOf(sender: string, limit: number): Promise<InboxRow[]> {
    const queue = await this.documents
      .find({ sender, state: 'waiting' })
      .sort({ at: 1, seq: 1, receivedAt: 1 })
      .limit(limit)
      .toArray();
    const foreign = queue.findIndex(({ v }) => v > LAYOUT);
    return (foreign < 0 ? queue : queue.slice(0, foreign)).map(fromDocument);
  }

  /** Those waiting longest first. */
  async sendersWaiting(limit: number): Promise<string[]> {
    const senders = await this.documents
      .aggregate<{ _id: string }>([
        { $match: { state: 'waiting', v: { $lte: LAYOUT } } },
        { $group: { _id: '$sender', since: { $min: '$receivedAt' } } },
        { $sort: { since: 1 } },
        { $limit: limit },
      ])
      .toArray();
    return senders.map(({ _id }) => _id);
  }

  async decide(key: string, outcome: InboxOutcome): Promise<InboxOutcome> {
    const decided = await this.documents.updateOne(
      { _id: key, state: 'waiting', outcome: null },
      { $set: { outcome } },
    );
    if (decided.matchedCount === 1) return outcome;
    const stored = await this.documents.findOne({ _id: key });
    if (!stored?.outcome) {
      throw new AppError(`inbox row ${key} takes no outcome`, {
        code: 'store.inbox-row',
        hint: 'it was finished without one, or expired',
        details: { key, state: stored?.state },
      });
    }
    return stored.outcome;
  }

  async finish(key: string, state: 'done' | 'failed'): Promise<void> {
    await this.documents.updateOne({ _id: key, state: 'waiting' }, { $set: { state } });
  }

  async countAttempt(key: string, retryAt: Date | null): Promise<number> {
    const counted = await this.documents.findOneAndUpdate(
      { _id: key },
      { $inc: { attempts: 1 }, $set: { retryAt } },
      { returnDocument: 'after', projection: { attempts: 1 } },
    );
    return counted?.attempts ?? 0;
  }
}

function toDocument(incoming: Incoming, receivedAt: Date, storedAt: Date): InboxDocument {
  return {
    _id: incoming.key,
    v: LAYOUT,
    sender: incoming.from,
    at: incoming.at,
    seq: MSG_ID.exec(incoming.key)?.[1]?.padStart(20, '0') ?? '',
    receivedAt,
    incoming,
    state: 'waiting',
    attempts: 0,
    retryAt: null,
    outcome: null,
    storedAt,
  };
}

function fromDocument(document: InboxDocument): InboxRow {
  const { incoming, receivedAt, state, attempts, retryAt, outcome } = document;
  return { incoming, receivedAt, state, attempts, retryAt, outcome };
}
