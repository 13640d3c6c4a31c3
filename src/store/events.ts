import type { Model } from 'mongoose';

import type { DomainEvent, Happening } from '../domain/index.js';
import type { EventStore } from '../usecases/index.js';
import type { EventDocument } from './documents.js';
import { duplicatePositions } from './duplicate-key.js';

/** The history: appended to, never changed, never deleted. */
export class Events implements EventStore {
  constructor(private readonly model: Model<EventDocument>) {}

  async append(events: readonly DomainEvent[]): Promise<void> {
    if (events.length === 0) return;
    const documents = events.map(({ id, ...event }) => ({ _id: id, ...event }));
    try {
      await this.model.collection.insertMany(documents as never[], { ordered: false });
    } catch (error) {
      duplicatePositions(error);
    }
  }

  async ofOpportunity(
    opportunityId: string,
    options: { types?: Happening['type'][]; limit: number },
  ): Promise<DomainEvent[]> {
    const found = await this.model
      .find({ opportunityId, ...(options.types && { type: { $in: options.types } }) })
      .sort({ at: -1, _id: -1 })
      .limit(options.limit)
      .lean<EventDocument[]>();
    return found.map(fromDocument);
  }

  async between(
    from: Date,
    to: Date,
    ownerIds: string[] | 'all',
    limit: number,
  ): Promise<DomainEvent[]> {
    const found = await this.model
      .find({
        at: { $gt: from, $lte: to },
        ...(ownerIds !== 'all' && { ownerId: { $in: ownerIds } }),
      })
      .sort({ at: 1, _id: 1 })
      .limit(limit)
      .lean<EventDocument[]>();
    return found.map(fromDocument);
  }

  async settledApproval(approvalId: string): Promise<DomainEvent | null> {
    const found = await this.model
      .findOne({ approvalId, type: 'approval-settled' })
      // A reason given afterwards is a second event: it knows more.
      .sort({ at: -1 })
      .lean<EventDocument>();
    return found && fromDocument(found);
  }
}

function fromDocument({ _id, ...event }: EventDocument): DomainEvent {
  return { ...event, id: _id } as DomainEvent;
}
