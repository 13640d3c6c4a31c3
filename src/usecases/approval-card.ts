import { approvalCardId, criteriaFor, factsOf } from '../domain/index.js';
import type { Approval, Approver, Opportunity } from '../domain/index.js';
import type { NoticeDraft } from './commit.js';
import type { World } from './ports.js';

/** Somebody asked at `at`, with the card that is on its way to them. */
export function approverAskedAt(
  approvalId: string,
  userid: string,
  generation: number,
  at: Date,
): Approver {
  const cardId = approvalCardId(approvalId, userid, generation);
  return { userid, cardId, cardSentAt: at, generation };
}

/** The card that asks one approver, with everything they decide on as it is now. */
export function approvalCard(
  world: World,
  opportunity: Opportunity,
  approval: Approval,
  { userid, cardId, generation, cardSentAt }: Approver,
  names: { owner: string; requestedBy: string },
): NoticeDraft {
  return {
    id: cardId,
    to: { kind: 'person', userid },
    class: 'approval',
    notice: {
      code: 'approval-requested',
      opportunity: factsOf(opportunity, names.owner),
      approvalId: approval.id,
      ref: approval.ref,
      causes: approval.causes,
      changes: approval.changes,
      criteria: criteriaFor(opportunity, approval, world.policies().pipeline, cardSentAt),
      requestedByName: names.requestedBy,
      requestedAt: approval.requestedAt,
      reason: approval.reason,
      raised: approval.raised,
      renewed: generation > 1,
    },
  };
}
