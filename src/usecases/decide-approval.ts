import {
  applyChanges,
  canSee,
  changeOf,
  isStillOpenTo,
  mayDecide,
  teamOf,
} from '../domain/index.js';
import type {
  Approval,
  Happening,
  Member,
  Opportunity,
  Refusal,
  SettledApproval,
} from '../domain/index.js';
import { allow, refuse } from '../kernel/index.js';
import type { Decision } from '../kernel/index.js';
import { findApproval, keptSettled } from './approval-state.js';
import { celebrationOf } from './celebrate.js';
import { commitChange } from './commit.js';
import type { Planned } from './commit.js';
import { lookUpPeople } from './people.js';
import type { World } from './ports.js';
import { settleApproval } from './settle-approval.js';
import type { Cause, DecideCommand, Decided } from './verbs.js';

/** What is kept of a decision under its cause: JSON. */
export interface StoredDecision {
  settled: Omit<SettledApproval, 'at'> & { at: string };
  won: boolean;
  /** Absent in what earlier releases kept. */
  celebrated?: boolean;
}

export function storedDecision(
  settled: SettledApproval,
  win: { won: boolean; celebrated: boolean } = { won: false, celebrated: false },
): StoredDecision {
  return { settled: { ...settled, at: settled.at.toISOString() }, ...win };
}

/** What a decision came to, from what was kept of it. */
export async function decidedFrom(
  world: World,
  opportunity: Opportunity,
  { settled, won, celebrated = false }: StoredDecision,
): Promise<Decided> {
  const people = await lookUpPeople(world, [settled.requestedBy]);
  return {
    opportunity,
    settled: { ...settled, at: new Date(settled.at) },
    requestedByName: people.nameOf(settled.requestedBy),
    won,
    celebrated,
  };
}

/**
 * Decides an approval (同意, 驳回), typed or tapped alike. The first decision wins: it is one
 * compare-and-set on the opportunity, and whoever comes later is shown what was decided.
 *
 * A yes applies the held changes, unless one of their fields moved on meanwhile: then it was overtaken,
 * nothing is applied and everybody is told. A rejection by tap has no reason yet; the same person may add it.
 */
export async function decideApproval(
  world: World,
  command: DecideCommand,
): Promise<Decision<Decided, Refusal>> {
  const found = await findApproval(world, command.approvalId);
  if (!found) return refuse({ code: 'no-such-approval' });
  const approvalId = (found.open ?? found.settled)?.id ?? command.approvalId;
  const committed = await commitChange<StoredDecision>(
    world,
    { ...causeOf(command), opportunityId: found.opportunity.id },
    (opportunity) => {
      const open = opportunity.approval;
      if (open?.id === approvalId) return decideOpen(world, command, opportunity, open);
      const settled = keptSettled(opportunity, approvalId) ?? found.settled;
      if (!settled) return refuse<Refusal>({ code: 'no-such-approval' });
      return decideSettled(world, command, opportunity, settled);
    },
  );
  if (!committed.ok) return committed;
  return allow(await decidedFrom(world, committed.value.opportunity, committed.value.result));
}

export const causeOf = ({
  causeId,
  by,
  at,
  said,
}: Cause): { causeId: string; by: string; at: Date; said: string } => ({
  causeId,
  by: by.userid,
  at,
  said,
});

async function decideOpen(
  world: World,
  command: DecideCommand,
  opportunity: Opportunity,
  approval: Approval,
): Promise<Decision<Planned<StoredDecision>, Refusal>> {
  const { by, at } = command;
  if (by.userid === approval.requestedBy) return refuse({ code: 'own-approval', opportunity });
  const requester = await world.directory.member(approval.requestedBy);
  if (!mayDecide(by, approval, requester, world.policies().approval)) {
    return refuse(await notAllowed(world, by, opportunity));
  }
  const isOvertaken =
    command.verdict === 'approved' &&
    !isStillOpenTo(opportunity, approval, world.policies().pipeline, at);
  const verdict = isOvertaken ? 'overtaken' : command.verdict;
  const isApproved = verdict === 'approved';
  const effect = isApproved ? withHeldChanges(command, opportunity, approval) : opportunity;
  const { next, settled, happening, notices } = await settleApproval(world, effect, approval, {
    verdict,
    by: by.userid,
    at,
    reason: command.reason,
  });
  const won = isApproved && changeOf(approval.changes, 'outcome')?.to?.kind === 'won';
  const celebration = won ? await celebrationOf(world, next) : [];
  const changed: Happening = {
    type: 'changed',
    changes: approval.changes,
    request: { ref: approval.ref, by: approval.requestedBy, said: approval.reason },
  };
  return allow({
    next,
    result: storedDecision(settled, { won, celebrated: celebration.length > 0 }),
    happenings: isApproved ? [happening, changed] : [happening],
    notices: [...notices, ...celebration],
  });
}

/** The change is the requester's, with a gate in between: undoing it is a new request. */
function withHeldChanges(
  { causeId, at }: DecideCommand,
  opportunity: Opportunity,
  { changes, requestedBy }: Approval,
): Opportunity {
  return {
    ...applyChanges(opportunity, changes, at),
    lastChange: {
      causeId,
      by: requestedBy,
      at,
      changes,
      followUp: null,
      created: false,
      gated: true,
      stageSinceBefore: changeOf(changes, 'stage') ? opportunity.stageSince : null,
    },
  };
}

/** Too late, except for the reason of a rejection made by tap: cards take no text, so it comes after. */
async function decideSettled(
  world: World,
  command: DecideCommand,
  opportunity: Opportunity,
  settled: SettledApproval,
): Promise<Decision<Planned<StoredDecision>, Refusal>> {
  const { by, verdict, reason } = command;
  const addsReason =
    settled.verdict === 'rejected' &&
    verdict === 'rejected' &&
    settled.by === by.userid &&
    settled.reason === null &&
    reason !== null;
  if (addsReason) return allow(await withReason(world, opportunity, settled, reason));

  const people = await lookUpPeople(world, [
    ...teamOf(opportunity),
    settled.by,
    settled.requestedBy,
  ]);
  const requester = people.find(settled.requestedBy);
  const mayKnow =
    canSee(by, opportunity, people.list) ||
    by.userid === settled.requestedBy ||
    (requester?.managerIds.includes(by.userid) ?? false) ||
    (world.policies().approval.fallbackApprovers ?? []).includes(by.userid);
  if (!mayKnow) return refuse(await notAllowed(world, by, opportunity));
  const byName = people.nameOf(settled.by);
  return refuse({ code: 'approval-settled', settled, byName, opportunity });
}

async function withReason(
  world: World,
  opportunity: Opportunity,
  settled: SettledApproval,
  reason: string,
): Promise<Planned<StoredDecision>> {
  const explained = { ...settled, reason };
  // Said again with its reason, to the requester only: the cards already show the verdict.
  const again = await settleApproval(
    world,
    opportunity,
    { ...asApproval(settled), approvers: [] },
    { verdict: 'rejected', by: settled.by, at: settled.at, reason },
  );
  return {
    next: {
      ...opportunity,
      settledApprovals: opportunity.settledApprovals.map((kept) =>
        kept.id === settled.id ? explained : kept,
      ),
    },
    result: storedDecision(explained),
    happenings: [again.happening],
    notices: again.notices,
  };
}

/** As much of the approval as is needed to word its end again. */
function asApproval(settled: SettledApproval): Approval {
  const { id, ref, changes, requestedBy, at } = settled;
  return {
    id,
    ref,
    changes,
    requestedBy,
    causes: [],
    requestedAt: at,
    reason: '',
    approvers: [],
    raised: 0,
    askedAt: at,
  };
}

/** Names the owner only to those who may know of the opportunity. */
async function notAllowed(
  world: World,
  member: Member,
  opportunity: Opportunity,
): Promise<Refusal> {
  const people = await lookUpPeople(world, teamOf(opportunity));
  const ownerName = canSee(member, opportunity, people.list)
    ? people.nameOf(opportunity.ownerId)
    : null;
  return { code: 'not-allowed', what: 'approve', ownerName };
}
