import { factsOf, firstApprovers, possibleApprovers } from '../domain/index.js';
import type {
  Approval,
  ApprovalCause,
  FieldChange,
  Happening,
  Opportunity,
} from '../domain/index.js';
import { derivedId } from '../kernel/index.js';
import { approvalCard, approverAskedAt } from './approval-card.js';
import type { NoticeDraft } from './commit.js';
import { lookUpPeople } from './people.js';
import type { World } from './ports.js';
import type { Cause } from './verbs.js';

/** The approval one message asks for has an id of its own making, so that undoing the message finds it. */
export function approvalIdOf(opportunityId: string, causeId: string): string {
  return derivedId('apr', opportunityId, causeId);
}

export interface ApprovalRequest {
  approval: Approval;
  approverNames: string[];
  happening: Happening;
  notices: NoticeDraft[];
}

/**
 * Asks for a yes to the held changes. Every approver gets a card of their own; when there is nobody to ask,
 * it is held all the same and the administrators are told.
 *
 * @param opportunity as it is with everything that takes effect now.
 */
export async function requestApproval(
  world: World,
  cause: Cause,
  opportunity: Opportunity,
  asked: { causes: ApprovalCause[]; held: FieldChange[]; ref: number },
): Promise<ApprovalRequest> {
  const { approval: policy } = world.policies();
  const people = await lookUpPeople(world, [
    ...possibleApprovers(cause.by, policy),
    opportunity.ownerId,
  ]);
  const now = world.clock.now();
  const id = approvalIdOf(opportunity.id, cause.causeId);
  const approvers = firstApprovers(cause.by, people.list, policy).map((userid) =>
    approverAskedAt(id, userid, 1, now),
  );
  const approval: Approval = {
    id,
    ref: asked.ref,
    causes: asked.causes,
    changes: asked.held,
    requestedBy: cause.by.userid,
    requestedAt: cause.at,
    reason: cause.said,
    approvers,
    raised: 0,
    askedAt: now,
  };
  const next = { ...opportunity, approval };
  const names = { owner: people.nameOf(next.ownerId), requestedBy: cause.by.name };
  const notices =
    approvers.length > 0
      ? approvers.map((approver) => approvalCard(world, next, approval, approver, names))
      : await noApproverNotices(world, next, approval, names);
  return {
    approval,
    approverNames: approvers.map(({ userid }) => people.nameOf(userid)),
    happening: {
      type: 'approval-requested',
      ref: approval.ref,
      approvalId: id,
      changes: approval.changes,
      approverIds: approvers.map(({ userid }) => userid),
    },
    notices,
  };
}

export async function noApproverNotices(
  world: World,
  opportunity: Opportunity,
  approval: Approval,
  names: { owner: string; requestedBy: string },
): Promise<NoticeDraft[]> {
  const admins = await world.directory.admins();
  return admins.map(({ userid }) => ({
    to: { kind: 'person', userid },
    class: 'admin',
    notice: {
      code: 'no-approver',
      opportunity: factsOf(opportunity, names.owner),
      ref: approval.ref,
      requestedByName: names.requestedBy,
    },
  }));
}
