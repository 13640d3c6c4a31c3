import { changeOf, factsOf, undoChange as takeBack } from '../domain/index.js';
import type { FieldChange, Happening, Opportunity, Refusal, TakenBack } from '../domain/index.js';
import type { UndoRefusal } from '../domain/index.js';
import { allow, refuse } from '../kernel/index.js';
import type { Decision } from '../kernel/index.js';
import { commitChange, earlierResult } from './commit.js';
import type { NoticeDraft, Planned } from './commit.js';
import { causeOf } from './decide-approval.js';
import { lookUpPeople } from './people.js';
import type { World } from './ports.js';
import { approvalIdOf } from './request-approval.js';
import { settleApproval } from './settle-approval.js';
import type { UndoCommand, Undone } from './verbs.js';

type Stored = Omit<Undone, 'opportunity'>;
type Target = UndoCommand['targets'][number];

/**
 * Takes back what one message changed (撤销), on every opportunity it touched, with the request for approval
 * it made. If any of them cannot be taken back, none is; only a change made at that very moment by somebody
 * else can still come in between, and then the answer lists what was taken back.
 */
export async function undoChange(
  world: World,
  command: UndoCommand,
): Promise<Decision<Undone[], Refusal>> {
  if (command.targets.length === 0) return refuse({ code: 'nothing-to-undo' });
  for (const target of command.targets) {
    const opportunity = await world.opportunities.load(target.opportunityId);
    if (!opportunity) return refuse({ code: 'nothing-to-undo' });
    if (earlierResult(opportunity, command.causeId)) continue;
    const decision = await decide(world, command, target, opportunity);
    if (!decision.ok) return decision;
  }
  const undone: Undone[] = [];
  let refused: Refusal | null = null;
  for (const target of command.targets) {
    const committed = await commitChange<Stored>(
      world,
      { ...causeOf(command), opportunityId: target.opportunityId },
      (opportunity) => decide(world, command, target, opportunity),
    );
    if (committed.ok) {
      undone.push({ ...committed.value.result, opportunity: committed.value.opportunity });
    } else {
      refused = committed.refusal;
    }
  }
  return refused && undone.length === 0 ? refuse(refused) : allow(undone);
}

async function decide(
  world: World,
  command: UndoCommand,
  target: Target,
  opportunity: Opportunity,
): Promise<Decision<Planned<Stored>, Refusal>> {
  const { by } = command;
  const approvalId = approvalIdOf(opportunity.id, target.causeId);
  const isRequested =
    opportunity.approval?.id === approvalId && opportunity.approval.requestedBy === by.userid;
  const wasApproved = opportunity.settledApprovals.some(
    ({ id, verdict, requestedBy }) =>
      id === approvalId && verdict === 'approved' && requestedBy === by.userid,
  );
  if (wasApproved) return refuse({ code: 'undo-gated', opportunity });

  const taken = takeBack(opportunity, {
    causeId: target.causeId,
    by: by.userid,
    now: command.at,
    withinHours: world.policies().confirm.undoHours,
  });
  if (taken.ok) {
    return allow(await planOf(world, command, target, opportunity, taken.value, isRequested));
  }
  const onlyAsked = isRequested && opportunity.lastChange?.causeId !== target.causeId;
  if (!onlyAsked) return refuse(await worded(world, opportunity, taken.refusal));
  const nothing = { next: opportunity, changes: [], followUpRemoved: false, archived: false };
  return allow(await planOf(world, command, target, opportunity, nothing, true));
}

async function planOf(
  world: World,
  command: UndoCommand,
  target: Target,
  before: Opportunity,
  taken: TakenBack,
  isRequested: boolean,
): Promise<Planned<Stored>> {
  const { changes, followUpRemoved, archived } = taken;
  const plan: Planned<Stored> = {
    next: taken.next,
    result: { changes, followUpRemoved, archived, requestWithdrawn: false },
    happenings: [],
    notices: await corrections(world, command, before, taken),
  };
  if (changes.length > 0 || followUpRemoved || archived) {
    const undone: Happening = { type: 'undone', undoneCauseId: target.causeId, changes };
    plan.happenings.push(undone);
  }
  const { approval } = plan.next;
  // Archived ones have nothing left to decide, whoever asked.
  if (!approval || !(isRequested || archived)) return plan;
  const settlement = await settleApproval(world, plan.next, approval, {
    verdict: 'withdrawn',
    by: command.by.userid,
    at: command.at,
    reason: null,
  });
  return {
    ...plan,
    result: { ...plan.result, requestWithdrawn: true },
    next: settlement.next,
    happenings: [...plan.happenings, settlement.happening],
    notices: [...plan.notices, ...settlement.notices],
  };
}

/** Whoever was told that it is theirs hears that it is not. */
async function corrections(
  world: World,
  { by }: UndoCommand,
  before: Opportunity,
  { next, changes, archived }: TakenBack,
): Promise<NoticeDraft[]> {
  const told = new Set<string>();
  const given = changeOf(changes, 'ownerId');
  if (given) told.add(given.from);
  if (archived) told.add(before.ownerId);
  told.delete(by.userid);
  const people = await lookUpPeople(world, [next.ownerId]);
  const facts = factsOf(next, people.nameOf(next.ownerId));
  return [...told].map((userid) => ({
    to: { kind: 'person', userid },
    class: 'alert',
    notice: {
      code: 'taken-back',
      opportunity: facts,
      byName: by.name,
      changes: changes satisfies FieldChange[],
    },
  }));
}

async function worded(
  world: World,
  opportunity: Opportunity,
  refusal: UndoRefusal,
): Promise<Refusal> {
  switch (refusal.code) {
    case 'undo-changed-since': {
      const people = await lookUpPeople(world, [refusal.by]);
      const byName = people.nameOf(refusal.by);
      return { code: 'undo-changed-since', opportunity, byName, at: refusal.at };
    }
    case 'undo-gated':
      return { code: 'undo-gated', opportunity };
    case 'nothing-to-undo':
    case 'undo-too-late':
      return refusal;
  }
}
