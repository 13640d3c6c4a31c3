import type { Connection } from 'mongoose';
import type { IndexDescription } from 'mongodb';

import { AppError, messageOf } from '../kernel/index.js';

const DAY_S = 86_400;

/** How long the inbox and the outbox remember: far longer than any replay window (decisions 3). */
const RETENTION_DAYS = 30;
export const DIALOG_HOURS = 24;

const ROWS_KEPT_S = RETENTION_DAYS * DAY_S;
/** The longest window of a cap is a day. */
const WINDOWS_KEPT_S = 3 * DAY_S;

/**
 * Every index there is, by collection. Each query of a repository is served by one of them, or by
 * `_id`. Events carry no expiry: they are the history.
 */
export const INDEXES: Readonly<Record<string, readonly IndexDescription[]>> = {
  opportunities: [
    // find, sumByStage: the narrowest of these carries, the rest of the filter is checked on it.
    { key: { 'lookup.seenBy': 1, 'lookup.state': 1, 'lookup.closeOn': 1 } },
    { key: { ownerId: 1, 'lookup.state': 1, 'lookup.closeOn': 1 } },
    { key: { 'lookup.state': 1, 'lookup.closeOn': 1 } },
    { key: { 'lookup.state': 1, 'lookup.followUpOn': 1 } },
    { key: { 'lookup.state': 1, 'lookup.contactAt': 1 } },
    { key: { 'lookup.state': 1, stage: 1, amountFen: -1 } },
    { key: { 'lookup.customer': 1, 'lookup.state': 1 } },
    { key: { 'outcome.on': 1 }, sparse: true },
    // namesSince, order by last touched
    { key: { 'lookup.updatedAt': -1 } },
    // the heartbeats: what is due, what waits to be relayed
    { key: { 'attention.at': 1 }, sparse: true },
    { key: { 'lookup.pendingAt': 1 }, sparse: true },
    { key: { 'approval.id': 1 }, sparse: true },
    { key: { 'approval.ref': 1 }, sparse: true },
    { key: { 'approval.approvers.userid': 1 }, sparse: true },
    { key: { 'approval.requestedBy': 1 }, sparse: true },
    { key: { 'settledApprovals.id': 1 }, sparse: true },
    { key: { 'settledApprovals.ref': 1 }, sparse: true },
  ],
  events: [
    { key: { opportunityId: 1, at: -1, _id: -1 } },
    { key: { at: 1, _id: 1 } },
    { key: { ownerId: 1, at: 1, _id: 1 } },
    { key: { approvalId: 1, type: 1 }, sparse: true },
  ],
  members: [{ key: { isActive: 1, isAdmin: 1 } }, { key: { managerIds: 1 } }],
  inbox: [
    { key: { sender: 1, state: 1, at: 1, seq: 1, receivedAt: 1 } },
    { key: { state: 1, receivedAt: 1 } },
    { key: { storedAt: 1 }, expireAfterSeconds: ROWS_KEPT_S },
  ],
  outbox: [
    { key: { queued: 1, lane: 1, causeAt: 1, causeSeq: 1, n: 1 } },
    { key: { 'to.userid': 1, state: 1, settledAt: 1 } },
    { key: { state: 1, settledAt: -1 } },
    { key: { storedAt: 1 }, expireAfterSeconds: ROWS_KEPT_S },
  ],
  prompts: [
    { key: { userid: 1, answeredAt: 1, at: -1 } },
    { key: { storedAt: 1 }, expireAfterSeconds: ROWS_KEPT_S },
  ],
  aliases: [{ key: { userid: 1, key: 1 } }, { key: { userid: 1, at: -1 } }],
  dialogs: [{ key: { storedAt: 1 }, expireAfterSeconds: DIALOG_HOURS * 3_600 }],
  digests: [{ key: { reader: 1, on: -1 }, unique: true }],
  windows: [{ key: { storedAt: 1 }, expireAfterSeconds: WINDOWS_KEPT_S }],
};

/** Creates what is missing; cheap when everything is there. */
export async function createIndexes(connection: Connection): Promise<void> {
  for (const [collection, indexes] of Object.entries(INDEXES)) {
    try {
      await connection.collection(collection).createIndexes([...indexes]);
    } catch (error) {
      throw new AppError(`could not create the indexes of ${collection}: ${messageOf(error)}`, {
        code: 'store.indexes',
        hint: 'an index of the same name with other options is there: drop it, then start again',
        cause: error,
        details: { collection },
      });
    }
  }
}
