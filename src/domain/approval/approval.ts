import type { Fen } from '../../kernel/index.js';
import type { FieldChange } from '../opportunity/opportunity.js';
import type { StageId } from '../pipeline/pipeline.js';

/** Why a yes is needed. */
export type ApprovalCause = 'into-stage' | 'win' | 'backward' | 'amount-raised';

/** One rule of approval.yaml. */
export interface ApprovalRule {
  cause: ApprovalCause;
  /** For into-stage and amount-raised: the gated stage. */
  stage?: StageId;
  /** Only from this amount on; 0 = always. */
  fromFen: Fen;
}

export interface ApprovalPolicy {
  rules: ApprovalRule[];
  /** Working days without a decision before it is raised to the next level. */
  raiseAfterWorkdays: number;
  /** Hours after which a card is replaced by a fresh one: below WeCom's 72. */
  renewCardAfterHours: number;
  /** Who decides for people with nobody above them; without any it is held and administrators told. */
  fallbackApprovers?: string[];
}

/** A pending approval (待审批), riding on its opportunity: at most one at a time. */
export interface Approval {
  id: string;
  /** The number people type: 同意 #12. */
  ref: number;
  causes: ApprovalCause[];
  /** What takes effect on a yes; nothing has changed yet. */
  changes: FieldChange[];
  requestedBy: string;
  requestedAt: Date;
  /** The rep's own words. */
  reason: string;
  /** Everyone who may decide, in the order they were asked. */
  approvers: Approver[];
  /** How many levels it has been raised. */
  raised: number;
  /** When it was last asked or raised: the waiting clock. */
  askedAt: Date;
}

export interface Approver {
  userid: string;
  /** The notice that carries the card now in their chat; its task_id. */
  cardId: string;
  cardSentAt: Date;
  /** 1 for the first card, 2 after a replacement, … */
  generation: number;
}

export type ApprovalVerdict = 'approved' | 'rejected' | 'withdrawn' | 'overtaken';

/** A decided one, kept so that every later tap shows the truth. */
export interface SettledApproval {
  id: string;
  ref: number;
  verdict: ApprovalVerdict;
  by: string;
  at: Date;
  reason: string | null;
  changes: FieldChange[];
  requestedBy: string;
}
