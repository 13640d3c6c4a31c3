import type { Day, Fen } from '../../kernel/index.js';
import type { ApprovalCause, ApprovalVerdict } from '../approval/approval.js';
import type { ChaseKind, FollowUp } from '../follow-up/follow-up.js';
import type { DayAndTime, FieldChange, Tier } from '../opportunity/opportunity.js';
import type { StageId } from '../pipeline/pipeline.js';

/** A person, one of the groups named in digest.yaml, or the channel for alarms that is not WeCom. */
export type Audience =
  { kind: 'person'; userid: string } | { kind: 'group'; groupId: string } | { kind: 'alarm' };

/**
 * How it passes the gate (decisions 6, 7, 38). `reply`, `approval` and `self-reminder` pass quiet hours
 * and caps; `alert` waits for both; `digest`, `group` and `admin` keep their own hours.
 */
export type NoticeClass =
  'reply' | 'approval' | 'self-reminder' | 'alert' | 'digest' | 'group' | 'admin';

/** The facts every notice about an opportunity shows. */
export interface OpportunityFacts {
  id: string;
  title: string;
  customerName: string;
  stage: StageId;
  amountFen: Fen | null;
  closeOn: Day | null;
  nextFollowUp: DayAndTime | null;
  ownerId: string;
  ownerName: string;
  tier: Tier;
}

export interface CriterionResult {
  label: string;
  met: boolean;
  required: boolean;
  /** The evidence: ¥3,000,000; 张总; or what to type. */
  evidence: string;
}

/** Facts to tell somebody; chat/views finds the words. */
export type Notice =
  | {
      code: 'approval-requested';
      opportunity: OpportunityFacts;
      approvalId: string;
      ref: number;
      causes: ApprovalCause[];
      changes: FieldChange[];
      criteria: CriterionResult[];
      requestedByName: string;
      requestedAt: Date;
      reason: string;
      /** 0 when first asked; else how many levels it was raised. */
      raised: number;
      /** The card it replaces is about to die. */
      renewed: boolean;
    }
  | {
      code: 'approval-settled';
      opportunity: OpportunityFacts;
      ref: number;
      verdict: ApprovalVerdict;
      byName: string;
      at: Date;
      reason: string | null;
      changes: FieldChange[];
    }
  /** To the rep: nobody decided in time, so the next level was asked as well. */
  | {
      code: 'approval-raised';
      opportunity: OpportunityFacts;
      ref: number;
      requestedAt: Date;
      /** Who was asked now. */
      toNames: string[];
    }
  /** Settles a card whose buttons are about to die: 已换新卡. Always `updates` an earlier one. */
  | { code: 'approval-card-replaced'; opportunity: OpportunityFacts; ref: number }
  | { code: 'no-approver'; opportunity: OpportunityFacts; ref: number; requestedByName: string }
  | {
      code: 'reminder';
      opportunity: OpportunityFacts;
      chase: ChaseKind;
      dueOn: Day;
      step: number;
      daysSinceContact: number;
      /** The rhythm behind it, in days; for a node the age of the opportunity; null for an agreed date. */
      everyDays: number | null;
      lastFollowUp: FollowUp | null;
    }
  | {
      code: 'escalation';
      opportunity: OpportunityFacts;
      chase: ChaseKind;
      dueOn: Day;
      firstRemindedAt: Date;
      daysSinceContact: number;
      lastFollowUp: FollowUp | null;
    }
  | { code: 'won'; opportunity: OpportunityFacts; reason: string | null }
  | { code: 'assigned'; opportunity: OpportunityFacts; byName: string }
  | { code: 'taken-back'; opportunity: OpportunityFacts; byName: string; changes: FieldChange[] }
  /** The first words in a group made in chat (建群); WeCom shows a new group only once something was said. */
  | { code: 'group-created'; groupName: string; byName: string; memberNames: string[] }
  | { code: 'group-digest'; digest: GroupDigest }
  | { code: 'personal-digest'; digest: PersonalDigest }
  | { code: 'admin-alert'; title: string; detail: string; action: string };

/** One line of the change log. */
export interface DigestLine {
  opportunityId: string;
  title: string;
  customerName: string;
  ownerName: string;
  /** Old → new of what the section is about. */
  changes: FieldChange[];
  amountFen: Fen | null;
  reason: string | null;
}

export type DigestSection =
  'created' | 'advanced' | 'backward' | 'postponed' | 'amount' | 'won' | 'lost';

export interface TodoLine {
  opportunityId: string;
  title: string;
  ownerName: string;
  why:
    | 'follow-up-today'
    | 'follow-up-overdue'
    | 'contact-overdue'
    | 'closing-soon'
    | 'close-missed'
    | 'approval-waiting';
  on: Day;
  amountFen: Fen | null;
}

export interface GroupDigest {
  groupName: string;
  on: Day;
  since: Date;
  until: Date;
  sections: { section: DigestSection; lines: DigestLine[] }[];
  todos: TodoLine[];
  /** Lines of each list shown before “还有 N 项”. */
  limit: number;
}

export interface PersonalDigest {
  name: string;
  on: Day;
  /** In the order of their numbers: 1, 2, … */
  todos: TodoLine[];
  limit: number;
  /** Alerts the caps held back since the last one. */
  heldBack: number;
}

/** A notice on its way to somebody. */
export interface Addressed {
  to: Audience;
  class: NoticeClass;
  notice: Notice;
  /** Orders the lane together with `causeId` and `n`. */
  causeAt: Date;
  causeId: string;
  n: number;
  /** For a notice that settles a card sent earlier: rewrite that one instead of sending. */
  updates?: { cardId: string };
  /** Not before then: a jittered reminder hour. */
  notBefore?: Date;
}
