import type { Filter, Sort } from 'mongodb';

import { customerKey } from '../domain/index.js';
import type { OpportunityFilter, OpportunityOrder } from '../usecases/index.js';
import type { OpportunityDocument } from './documents.js';
import { NO_DAY } from './opportunity-document.js';

/** What is looked at, and in which order; equal ones by id, so that a list does not flicker. */
export const SORTS: Readonly<Record<OpportunityOrder, Sort>> = {
  'close-date': { 'lookup.closeOn': 1, _id: 1 },
  'next-follow-up': { 'lookup.followUpOn': 1, _id: 1 },
  amount: { amountFen: -1, _id: 1 },
  'last-touched': { 'lookup.updatedAt': -1, _id: 1 },
};

/** Archived ones are never listed. A bound on a day leaves out those that have none. */
export function queryOf(filter: OpportunityFilter): Filter<OpportunityDocument> {
  const query: Filter<OpportunityDocument> = {
    'lookup.state':
      filter.open === undefined ? { $in: ['open', 'closed'] } : filter.open ? 'open' : 'closed',
  };
  if (filter.visibleTo !== 'all') query['lookup.seenBy'] = { $in: filter.visibleTo };
  if (filter.ownerIds) query.ownerId = { $in: filter.ownerIds };
  if (filter.stages) query.stage = { $in: filter.stages };
  if (filter.customerName !== undefined) {
    query['lookup.customer'] = customerKey(filter.customerName);
  }
  if (filter.closeFrom !== undefined || filter.closeTo !== undefined) {
    query['lookup.closeOn'] = { $lt: NO_DAY, ...range(filter.closeFrom, filter.closeTo) };
  }
  if (filter.nextFollowUpTo !== undefined) {
    query['lookup.followUpOn'] = { $lt: NO_DAY, ...range(undefined, filter.nextFollowUpTo) };
  }
  if (filter.lastContactBefore) query['lookup.contactAt'] = { $lt: filter.lastContactBefore };
  if (filter.outcomeFrom !== undefined || filter.outcomeTo !== undefined) {
    query['outcome.on'] = range(filter.outcomeFrom, filter.outcomeTo);
  }
  return query;
}

function range(from: string | undefined, to: string | undefined): { $gte?: string; $lte?: string } {
  return {
    ...(from !== undefined && { $gte: from }),
    ...(to !== undefined && { $lte: to }),
  };
}
