import type { DomainEvent, Member, Opportunity } from '../domain/index.js';
import type { Incoming } from '../chat/index.js';
import type { Day } from '../kernel/index.js';
import type { InboxOutcome, NameAlias, OutboxRow, Prompt, SalesGroup } from '../usecases/index.js';

/**
 * How things lie in the database. `storedAt` is always the machine's time, for the database's own
 * expiry, which knows no other clock; everything else goes by ours. A document is its domain object with `_id` for `id`, plus what
 * queries need and the domain does not: derived at every save, never edited by themselves.
 */
export interface OpportunityDocument extends Omit<Opportunity, 'id'> {
  _id: string;
  lookup: OpportunityLookup;
}

/** What repositories search and sort opportunities by. */
export interface OpportunityLookup {
  state: 'open' | 'closed' | 'archived';
  /** Owner and collaborators: who sees it by themselves. */
  seenBy: string[];
  /** The customer's name made comparable (`customerKey`). */
  customer: string;
  /** The close date, or a day after all others: those without one come last. */
  closeOn: Day;
  followUpOn: Day;
  /** Last contact, or the creation while there was none. */
  contactAt: Date;
  updatedAt: Date;
  /** Since when something waits for the relay; absent when nothing does. */
  pendingAt?: Date;
}

export type EventDocument = Omit<DomainEvent, 'id'> & { _id: string };

/** `_id` is the userid in lower case: WeCom compares them so, and echoes them so. */
export interface MemberDocument extends Member {
  _id: string;
  /** When a poll of the contacts last changed it. */
  changedAt: Date;
}

export interface InboxDocument {
  _id: string;
  /** Layout of `incoming` and `outcome`; a row of a newer release is left to that release. */
  v: number;
  sender: string;
  at: Date;
  /** The MsgId, padded, so that text order is number order; empty for events. */
  seq: string;
  receivedAt: Date;
  incoming: Incoming;
  state: 'waiting' | 'done' | 'failed';
  attempts: number;
  retryAt: Date | null;
  outcome: InboxOutcome | null;
  storedAt: Date;
}

export interface OutboxDocument extends Omit<OutboxRow, 'id'> {
  _id: string;
  v: number;
  /** `causeId` with its number padded: MsgIds of different length sort as numbers. */
  causeSeq: string;
  storedAt: Date;
  /** Waiting or sending: still part of its lane's queue. */
  queued: boolean;
  /** When it left the queue. */
  settledAt: Date | null;
}

export interface PromptDocument extends Omit<Prompt, 'id'> {
  _id: string;
  storedAt: Date;
}

export interface AliasDocument extends Omit<NameAlias, 'id'> {
  _id: string;
}

export interface DialogDocument {
  _id: string;
  state: object;
  savedAt: Date;
  storedAt: Date;
}

export interface GroupDocument extends Omit<SalesGroup, 'id'> {
  _id: string;
}

export interface DigestDocument {
  _id: string;
  reader: string;
  on: Day;
  until: Date;
}

export interface CounterDocument {
  _id: string;
  count: number;
}

export interface LeaseDocument {
  _id: string;
  owner: string | null;
  token: number;
  expiresAt: Date;
}

export interface TokenDocument {
  _id: string;
  value: string;
  expiresAt: Date;
}

/** Who took a place in windows of the rate limiter, when, and under which labels. */
export interface Place {
  id: string;
  at: Date;
  labels: string[];
}

/** Windows of the rate limiter that are always reserved together. */
export interface WindowsDocument {
  _id: string;
  rev: number;
  places: Place[];
  storedAt: Date;
}

export interface MetaDocument {
  _id: string;
  version: number;
  changedAt: Date;
}
