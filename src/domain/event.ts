import type { ApprovalVerdict } from './approval/approval.js';
import type { FollowUp } from './follow-up/follow-up.js';
import type { Addressed } from './notice/notice.js';
import type { FieldChange } from './opportunity/opportunity.js';

/** What happened in the business; kept for ever, and the source of history and digests. */
export type Happening =
  | { type: 'created'; changes: FieldChange[] }
  | {
      type: 'changed';
      changes: FieldChange[];
      /** It waited for a yes: who had asked, and in which words. The event's own `by` said yes. */
      request?: { ref: number; by: string; said: string };
    }
  | { type: 'followed-up'; followUp: FollowUp }
  | {
      type: 'approval-requested';
      ref: number;
      approvalId: string;
      changes: FieldChange[];
      approverIds: string[];
    }
  | {
      type: 'approval-settled';
      ref: number;
      approvalId: string;
      verdict: ApprovalVerdict;
      reason: string | null;
      requestedBy: string;
    }
  /** `changes` as undoing made them: from what the message had set, back to what was there before. */
  | { type: 'undone'; undoneCauseId: string; changes: FieldChange[] }
  | { type: 'reminded'; key: string; step: number }
  | { type: 'snoozed'; until: Date };

/** Every change links to the exact sentence that caused it (N20). */
export type DomainEvent = Happening & {
  id: string;
  opportunityId: string;
  /** As they were when it happened, so that a change log needs no second look-up. */
  title: string;
  customerName: string;
  ownerId: string;
  /** userid, or `system`. */
  by: string;
  at: Date;
  causeId: string;
  /** What was typed or tapped; empty for the clock. */
  said: string;
};

/** What waits on the aggregate for the relay: moved to `events` and `outbox` under its own id. */
export type Pending =
  | { kind: 'event'; id: string; event: DomainEvent }
  | { kind: 'notice'; id: string; addressed: Addressed };
