import { applyChanges, changeOf, standsAt } from '../opportunity/changes.js';
import type { Opportunity } from '../opportunity/opportunity.js';
import { evaluateCriteria } from '../pipeline/criteria.js';
import { directionOf, stageOf } from '../pipeline/stage.js';
import type { Pipeline } from '../pipeline/pipeline.js';
import type { CriterionResult } from '../notice/notice.js';
import { dayOf } from '../../kernel/index.js';
import type { Approval, ApprovalVerdict, SettledApproval } from './approval.js';

/**
 * Can what was asked for still take effect? Not when one of its own fields moved on meanwhile, when what
 * its stage requires is gone, or when the opportunity was archived. Other fields may have changed: they
 * are shown as they are.
 */
export function isStillOpenTo(
  opportunity: Opportunity,
  approval: Approval,
  pipeline: Pipeline,
  at: Date,
): boolean {
  if (opportunity.archivedAt !== null) return false;
  if (!standsAt(opportunity, approval.changes, 'from')) return false;
  if (!changeOf(approval.changes, 'stage')) return true;
  const criteria = criteriaFor(opportunity, approval, pipeline, at);
  return criteria.every(({ required, met }) => met || !required);
}

export function settledFrom(
  approval: Approval,
  decision: { verdict: ApprovalVerdict; by: string; at: Date; reason: string | null },
): SettledApproval {
  const { id, ref, changes, requestedBy } = approval;
  return { id, ref, changes, requestedBy, ...decision };
}

/** The opportunity with its approval closed and remembered; what was asked for is not applied here. */
export function withSettled(opportunity: Opportunity, settled: SettledApproval): Opportunity {
  return {
    ...opportunity,
    approval: null,
    settledApprovals: [...opportunity.settledApprovals, settled],
  };
}

/** The criteria an approver sees (✓/✗): those of the stage it would enter or, for a raised amount, is in. */
export function criteriaFor(
  opportunity: Opportunity,
  approval: Pick<Approval, 'changes'>,
  pipeline: Pipeline,
  at: Date,
): CriterionResult[] {
  const move = changeOf(approval.changes, 'stage');
  if (move && directionOf(pipeline, move.from, move.to) === 'backward') return [];
  const after = applyChanges(opportunity, approval.changes, at);
  return evaluateCriteria(stageOf(pipeline, after.stage), after, dayOf(at));
}
