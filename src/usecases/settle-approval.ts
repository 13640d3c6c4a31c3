import { factsOf, settledFrom, withSettled } from '../domain/index.js';
import type {
  Approval,
  ApprovalVerdict,
  Happening,
  Notice,
  Opportunity,
  SettledApproval,
} from '../domain/index.js';
import type { NoticeDraft } from './commit.js';
import { lookUpPeople } from './people.js';
import type { World } from './ports.js';

export interface Settlement {
  next: Opportunity;
  settled: SettledApproval;
  happening: Happening;
  notices: NoticeDraft[];
}

/**
 * Closes an approval: it is remembered, every approver's card is rewritten to say who decided and when,
 * and the requester hears of it unless they closed it themselves.
 *
 * @param opportunity as it is once the verdict has had its effect.
 */
export async function settleApproval(
  world: World,
  opportunity: Opportunity,
  approval: Approval,
  decision: { verdict: ApprovalVerdict; by: string; at: Date; reason: string | null },
): Promise<Settlement> {
  const settled = settledFrom(approval, decision);
  const people = await lookUpPeople(world, [opportunity.ownerId, decision.by]);
  const next = withSettled(opportunity, settled);
  const notice: Notice = {
    code: 'approval-settled',
    opportunity: factsOf(next, people.nameOf(next.ownerId)),
    ref: settled.ref,
    verdict: settled.verdict,
    byName: people.nameOf(decision.by),
    at: settled.at,
    reason: settled.reason,
    changes: settled.changes,
  };
  const cards: NoticeDraft[] = approval.approvers.map(({ userid, cardId }) => ({
    to: { kind: 'person', userid },
    class: 'approval',
    notice,
    updates: { cardId },
  }));
  const word: NoticeDraft = {
    to: { kind: 'person', userid: approval.requestedBy },
    class: 'approval',
    notice,
  };
  return {
    next,
    settled,
    happening: {
      type: 'approval-settled',
      ref: settled.ref,
      approvalId: settled.id,
      verdict: settled.verdict,
      reason: settled.reason,
      requestedBy: settled.requestedBy,
    },
    notices: decision.by === approval.requestedBy ? cards : [...cards, word],
  };
}
