import type { Day, Fen } from '../kernel/index.js';
import type { Approval, SettledApproval } from './approval/approval.js';
import type { CriterionResult } from './notice/notice.js';
import type { FieldChange, Opportunity } from './opportunity/opportunity.js';
import type { StageId } from './pipeline/pipeline.js';

/** Every expected no, with the facts its wording needs. */
export type Refusal =
  | { code: 'not-found' }
  /** Says nothing of what it is: the asker may not know. */
  | { code: 'not-visible' }
  | {
      code: 'not-allowed';
      what: 'change' | 'approve' | 'withdraw' | 'create-group';
      ownerName: string | null;
    }
  | { code: 'closed'; opportunity: Opportunity }
  | { code: 'archived'; title: string }
  | { code: 'criteria-unmet'; opportunity: Opportunity; stage: StageId; unmet: CriterionResult[] }
  | { code: 'loss-reason-needed'; opportunity: Opportunity; reasons: string[] }
  | { code: 'approval-open'; opportunity: Opportunity; approval: Approval; approverNames: string[] }
  | { code: 'no-next-stage'; opportunity: Opportunity; direction: 'next' | 'prev' }
  | { code: 'amount-out-of-range'; limitFen: Fen }
  | { code: 'nothing-to-undo' }
  | { code: 'undo-too-late'; hours: number }
  | { code: 'undo-changed-since'; opportunity: Opportunity; byName: string; at: Date }
  | { code: 'undo-gated'; opportunity: Opportunity }
  | { code: 'no-such-approval' }
  | { code: 'approval-settled'; settled: SettledApproval; byName: string; opportunity: Opportunity }
  | { code: 'own-approval'; opportunity: Opportunity }
  /** A group of this name is there, and this leader is not in it. */
  | { code: 'group-taken'; name: string }
  /** WeCom makes no group of fewer people. */
  | { code: 'group-too-small'; least: number }
  | { code: 'busy' };

/** Why a change is shown before it is written (decisions 9). */
export type PreviewReason =
  | { code: 'amount-down' | 'close-pushed' | 'backward' | 'win' | 'lose' | 'owner' | 'uncertain' }
  | { code: 'ambiguous-date'; alternatives: Day[] }
  | { code: 'recent-other'; byName: string; at: Date; changes: FieldChange[] }
  /** Same customer already has open ones: whom to ask, never amount or content (decisions 17, 41). */
  | {
      code: 'duplicate-customer';
      count: number;
      ownerNames: string[];
      own: { id: string; title: string }[];
    };
