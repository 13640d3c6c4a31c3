import { customerKey } from '../domain/index.js';
import type { Opportunity, Pending } from '../domain/index.js';
import { AppError } from '../kernel/index.js';
import type { OpportunityDocument, OpportunityLookup } from './documents.js';

/** Sorts after every real day: opportunities without a date come last. */
export const NO_DAY = '9999-12-31';

export function toDocument(opportunity: Opportunity, updatedAt: Date): OpportunityDocument {
  const { id, ...fields } = opportunity;
  return { _id: id, ...fields, lookup: lookupOf(opportunity, updatedAt) };
}

function lookupOf(opportunity: Opportunity, updatedAt: Date): OpportunityLookup {
  const { archivedAt, outcome, ownerId, collaboratorIds, pending } = opportunity;
  return {
    state: archivedAt ? 'archived' : outcome ? 'closed' : 'open',
    seenBy: [...new Set([ownerId, ...collaboratorIds])],
    customer: customerKey(opportunity.customerName),
    closeOn: opportunity.closeOn ?? NO_DAY,
    followUpOn: opportunity.nextFollowUp?.day ?? NO_DAY,
    contactAt: opportunity.lastContactAt ?? opportunity.createdAt,
    updatedAt,
    ...(pending.length > 0 && { pendingAt: oldestOf(pending) }),
  };
}

function oldestOf(pending: readonly Pending[]): Date {
  const instants = pending.map((item) =>
    (item.kind === 'event' ? item.event.at : item.addressed.causeAt).getTime(),
  );
  return new Date(Math.min(...instants));
}

/** Reading an opportunity needs none of what was derived for searching it. */
export const WITHOUT_LOOKUP = { projection: { lookup: 0 } } as const;

/**
 * The opportunity in a document read with `WITHOUT_LOOKUP`. Documents of earlier releases may lack fields: those that can be
 * empty are; without the rest the document is broken, and saying so beats working on half of it.
 */
export function fromDocument(document: Omit<OpportunityDocument, 'lookup'>): Opportunity {
  const { _id, ...stored } = document;
  if (typeof stored.rev !== 'number' || !stored.title || !stored.ownerId || !stored.stage) {
    throw new AppError(`opportunity ${_id} is stored incompletely`, {
      code: 'store.broken-document',
      hint: 'compare it with a backup; it was not written by this product as it is now',
      details: { collection: 'opportunities', id: _id },
    });
  }
  return { ...EMPTY, ...stored, id: _id };
}

const EMPTY = {
  amountFen: null,
  closeOn: null,
  nextFollowUp: null,
  probability: null,
  collaboratorIds: [],
  contacts: [],
  competitors: [],
  nextStep: null,
  priority: null,
  tags: [],
  outcome: null,
  lastContactAt: null,
  lastFollowUp: null,
  chase: null,
  snoozedUntil: null,
  nodesDone: [],
  closePushes: 0,
  approval: null,
  settledApprovals: [],
  lastChange: null,
  archivedAt: null,
  attention: null,
  applied: [],
  pending: [],
} satisfies Partial<Opportunity>;
