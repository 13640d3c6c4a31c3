import {
  approvalCardId,
  criteriaFor,
  factsOf,
  firstApprovers,
  possibleApprovers,
} from '../domain/index.js';
import type {
  Approval,
  ApprovalCause,
  Approver,
  FieldChange,
  Happening,
  Opportunity,
} from '../domain/index.js';
import { derivedId } from '../kernel/index.js';
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
  const approvers: Approver[] = firstApprovers(cause.by, people.list, policy).map((userid) => ({
    userid,
    cardId: approvalCardId(id, userid, 1),
    cardSentAt: now,
    generation: 1,
  }));
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
  const notices =
    approvers.length > 0
      ? requestNotices(world, cause, next, approval, people.nameOf(next.ownerId))
      : await noApproverNotices(world, cause, next, approval, people.nameOf(next.ownerId));
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

function requestNotices(
  world: World,
  cause: Cause,
  opportunity: Opportunity,
  approval: Approval,
  ownerName: string,
): NoticeDraft[] {
  const criteria = criteriaFor(opportunity, approval, world.policies().pipeline, cause.at);
  return approval.approvers.map(({ userid, cardId }) => ({
    id: cardId,
    to: { kind: 'person', userid },
    class: 'approval',
    notice: {
      code: 'approval-requested',
      opportunity: factsOf(opportunity, ownerName),
      approvalId: approval.id,
      ref: approval.ref,
      causes: approval.causes,
      changes: approval.changes,
      criteria,
      requestedByName: cause.by.name,
      requestedAt: approval.requestedAt,
      reason: approval.reason,
      raised: 0,
      renewed: false,
    },
  }));
}

async function noApproverNotices(
  world: World,
  cause: Cause,
  opportunity: Opportunity,
  approval: Approval,
  ownerName: string,
): Promise<NoticeDraft[]> {
  const admins = await world.directory.admins();
  return admins.map(({ userid }) => ({
    to: { kind: 'person', userid },
    class: 'admin',
    notice: {
      code: 'no-approver',
      opportunity: factsOf(opportunity, ownerName),
      ref: approval.ref,
      requestedByName: cause.by.name,
    },
  }));
}
