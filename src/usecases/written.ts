import type { Approval, FieldChange } from '../domain/index.js';

/** What is kept of a change under its cause: plain JSON, so that a replay answers the same. */
export interface Written {
  kind: 'written';
  changes: FieldChange[];
  followedUp: boolean;
  held: StoredHold | null;
  undoable: boolean;
  won: boolean;
}

/** The request as it was made, its instants written out. */
export interface StoredHold {
  approval: Omit<Approval, 'requestedAt' | 'askedAt' | 'approvers'> & {
    requestedAt: string;
    askedAt: string;
    approvers: (Omit<Approval['approvers'][number], 'cardSentAt'> & { cardSentAt: string })[];
  };
  approverNames: string[];
}

export interface Hold {
  approval: Approval;
  approverNames: string[];
}

export function storedHold({ approval, approverNames }: Hold): StoredHold {
  return {
    approverNames,
    approval: {
      ...approval,
      requestedAt: approval.requestedAt.toISOString(),
      askedAt: approval.askedAt.toISOString(),
      approvers: approval.approvers.map((approver) => ({
        ...approver,
        cardSentAt: approver.cardSentAt.toISOString(),
      })),
    },
  };
}

export function revivedHold({ approval, approverNames }: StoredHold): Hold {
  return {
    approverNames,
    approval: {
      ...approval,
      requestedAt: new Date(approval.requestedAt),
      askedAt: new Date(approval.askedAt),
      approvers: approval.approvers.map((approver) => ({
        ...approver,
        cardSentAt: new Date(approver.cardSentAt),
      })),
    },
  };
}
