import { canSee, canWithdraw, teamOf } from '../domain/index.js';
import type { Opportunity, Refusal } from '../domain/index.js';
import { allow, refuse } from '../kernel/index.js';
import type { Decision } from '../kernel/index.js';
import { commitChange } from './commit.js';
import type { Planned } from './commit.js';
import { causeOf, decidedFrom, storedDecision } from './decide-approval.js';
import type { StoredDecision } from './decide-approval.js';
import { lookUpPeople } from './people.js';
import type { World } from './ports.js';
import { settleApproval } from './settle-approval.js';
import type { Cause, Decided } from './verbs.js';

type WithdrawCommand = Cause & { opportunityId: string };

/** Takes a request back (撤回申请): by who asked or by the owner, as long as nobody decided. */
export async function withdrawApproval(
  world: World,
  command: WithdrawCommand,
): Promise<Decision<Decided, Refusal>> {
  const committed = await commitChange<StoredDecision>(
    world,
    { ...causeOf(command), opportunityId: command.opportunityId },
    (opportunity) => decide(world, command, opportunity),
  );
  if (!committed.ok) return committed;
  return allow(await decidedFrom(world, committed.value.opportunity, committed.value.result));
}

async function decide(
  world: World,
  { by, at }: WithdrawCommand,
  opportunity: Opportunity,
): Promise<Decision<Planned<StoredDecision>, Refusal>> {
  const { approval } = opportunity;
  const people = await lookUpPeople(world, teamOf(opportunity));
  const isRequester = approval?.requestedBy === by.userid;
  if (!isRequester && !canSee(by, opportunity, people.list)) return refuse({ code: 'not-visible' });
  if (!approval) return refuse({ code: 'no-such-approval' });
  if (!canWithdraw(by, opportunity, approval)) {
    const ownerName = people.nameOf(opportunity.ownerId);
    return refuse({ code: 'not-allowed', what: 'withdraw', ownerName });
  }
  const { next, settled, happening, notices } = await settleApproval(world, opportunity, approval, {
    verdict: 'withdrawn',
    by: by.userid,
    at,
    reason: null,
  });
  return allow({
    next,
    result: storedDecision(settled),
    happenings: [happening],
    notices,
  });
}
