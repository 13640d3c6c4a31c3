import type { Day, Fen } from '../../kernel/index.js';
import type { Approval, SettledApproval } from '../approval/approval.js';
import type { Chase, FollowUp } from '../follow-up/follow-up.js';
import type { Pending } from '../event.js';
import type { StageId } from '../pipeline/pipeline.js';

export type Tier = 'A' | 'B' | 'C';
export type Priority = '高' | '中' | '低';

/** A person at the customer (客户联系人). */
export interface Contact {
  name: string;
  title?: string;
  phone?: string;
  email?: string;
}

/** A day, with a clock time when one was said. */
export interface DayAndTime {
  day: Day;
  /** `HH:mm` */
  time?: string;
}

/** How it ended. */
export interface Outcome {
  kind: 'won' | 'lost';
  on: Day;
  /** For lost: one of pipeline.yaml's reasons (输单原因). For won: as said, or null. */
  reason: string | null;
}

/** The fields a sentence may change. Everything here can be shown old → new and taken back. */
export interface OpportunityFields {
  /** What people call it: 华为二期. */
  title: string;
  customerName: string;
  stage: StageId;
  amountFen: Fen | null;
  /** Expected signing day (预计签约日). */
  closeOn: Day | null;
  /** The next agreed contact (下次跟进). */
  nextFollowUp: DayAndTime | null;
  /** 0 … 1, overriding the stage's own; null follows the stage. */
  probability: number | null;
  ownerId: string;
  collaboratorIds: string[];
  contacts: Contact[];
  competitors: string[];
  /** What the rep will do next, in their words. */
  nextStep: string | null;
  priority: Priority | null;
  tier: Tier;
  tags: string[];
  outcome: Outcome | null;
}

export type FieldName = keyof OpportunityFields;

/** One field, old → new. */
export type FieldChange = {
  [F in FieldName]: { field: F; from: OpportunityFields[F]; to: OpportunityFields[F] };
}[FieldName];

/** What the latest change of one message was, so that it can be taken back whole (撤销). */
export interface LastChange {
  causeId: string;
  by: string;
  at: Date;
  changes: FieldChange[];
  /** The follow-up the same message recorded, and what it replaced. */
  followUp: { id: string; before: LastContact } | null;
  /** True when the message created the opportunity: taking it back archives it. */
  created: boolean;
  /** A gate (approval) stood between: undoing it is a new request. */
  gated: boolean;
  /** When the stage it left had begun; null when the stage stayed. */
  stageSinceBefore: Date | null;
}

/** What a follow-up replaces and an undo restores. */
export interface LastContact {
  lastFollowUp: FollowUp | null;
  lastContactAt: Date | null;
  chase: Chase | null;
}

/** The answer a cause got, so that a replay gets the same one. JSON only. */
export interface Applied {
  causeId: string;
  at: Date;
  result: unknown;
}

/** When this opportunity next needs something of us, whatever it is; indexed, looked up by the heartbeat. */
export interface Attention {
  at: Date;
  kind:
    'follow-up' | 'contact-overdue' | 'node' | 'escalation' | 'approval-raise' | 'approval-renew';
}

/**
 * The aggregate (商机): one document, saved whole by compare-and-set on `rev`.
 * Its events and notices ride in `pending` until the relay has moved them on.
 */
export interface Opportunity extends OpportunityFields {
  id: string;
  rev: number;
  createdAt: Date;
  createdBy: string;
  /** When the present stage began. */
  stageSince: Date;
  lastContactAt: Date | null;
  lastFollowUp: FollowUp | null;
  /** The reminder that stands open, until the rep answers it. */
  chase: Chase | null;
  /** Reminders rest until then: 推迟, 今天不提醒. */
  snoozedUntil: Date | null;
  /** Nodes after creation (1, 3, 7 days) that have been reminded. */
  nodesDone: number[];
  /** How often the close date was pushed out. */
  closePushes: number;
  approval: Approval | null;
  /** The latest decided ones, newest last, so that a late tap sees what became of them. */
  settledApprovals: SettledApproval[];
  lastChange: LastChange | null;
  archivedAt: Date | null;
  attention: Attention | null;
  applied: Applied[];
  pending: Pending[];
}

export const MAX_APPLIED = 30;
export const MAX_SETTLED_APPROVALS = 10;
