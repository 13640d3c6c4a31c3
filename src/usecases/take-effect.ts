import {
  applyChanges,
  changeOf,
  directionOf,
  evaluateCriteria,
  factsOf,
  gateOf,
  stageOf,
} from '../domain/index.js';
import type {
  Approval,
  CriterionResult,
  FieldChange,
  Gated,
  Happening,
  Opportunity,
  Pipeline,
  Refusal,
} from '../domain/index.js';
import { allow, dayOf, refuse } from '../kernel/index.js';
import type { Decision } from '../kernel/index.js';
import { celebrationOf } from './celebrate.js';
import type { NoticeDraft } from './commit.js';
import { lookUpPeople } from './people.js';
import type { World } from './ports.js';
import { requestApproval } from './request-approval.js';
import { settleApproval } from './settle-approval.js';
import type { Cause } from './verbs.js';

/** What became of a change past its preview: what is so now, and what waits. */
export interface Effect {
  next: Opportunity;
  /** What took effect. */
  applied: FieldChange[];
  held: { approval: Approval; approverNames: string[] } | null;
  /** Besides the change itself: approvals asked for or overtaken. */
  happenings: Happening[];
  notices: NoticeDraft[];
  won: boolean;
}

/**
 * The gates after the preview, in order: stage criteria → approval → effect. What needs no yes takes effect
 * now; the rest is held and asked for.
 *
 * @param nextRef the number people will type; asked for only when an approval is needed.
 */
export async function takeEffect(
  world: World,
  cause: Cause,
  opportunity: Opportunity,
  changes: FieldChange[],
  nextRef: () => Promise<number>,
): Promise<Decision<Effect, Refusal>> {
  const { pipeline, approval: policy } = world.policies();
  const unmet = refusalByCriteria(opportunity, changes, pipeline, cause.at);
  if (unmet) return refuse(unmet);

  const gate = gateOf(opportunity, changes, policy, pipeline);
  if (gate.held.length > 0 && opportunity.approval) {
    return refuse(await approvalOpen(world, opportunity, opportunity.approval));
  }
  const moved = applyChanges(opportunity, gate.now, cause.at);
  const effect: Effect = {
    next: moved,
    applied: gate.now,
    held: null,
    happenings: [],
    notices: await noticesOfChange(world, cause, moved, gate.now),
    won: changeOf(gate.now, 'outcome')?.to?.kind === 'won',
  };
  const ended = await withoutOpenRequest(world, cause, effect);
  return allow(
    gate.held.length > 0 ? await withRequest(world, cause, ended, gate, nextRef) : ended,
  );
}

/** A forward move meets the entry criteria of where it leads, with everything else the message says. */
function refusalByCriteria(
  opportunity: Opportunity,
  changes: readonly FieldChange[],
  pipeline: Pipeline,
  at: Date,
): Refusal | null {
  const move = changeOf(changes, 'stage');
  if (!move || directionOf(pipeline, move.from, move.to) !== 'forward') return null;
  const after = applyChanges(opportunity, changes, at);
  const stage = stageOf(pipeline, move.to);
  const unmet = evaluateCriteria(stage, after, dayOf(at)).filter(isUnmet);
  if (unmet.length === 0) return null;
  const asksReason = stage.criteria.some(({ check }) => check === 'loss-reason');
  if (asksReason && after.outcome?.kind === 'lost' && after.outcome.reason === null) {
    const reasons = pipeline.lossReasons.map(({ name }) => name);
    return { code: 'loss-reason-needed', opportunity, reasons };
  }
  return { code: 'criteria-unmet', opportunity, stage: stage.id, unmet };
}

const isUnmet = ({ met, required }: CriterionResult): boolean => required && !met;

async function approvalOpen(
  world: World,
  opportunity: Opportunity,
  approval: Approval,
): Promise<Refusal> {
  const approverIds = approval.approvers.map(({ userid }) => userid);
  const people = await lookUpPeople(world, approverIds);
  return {
    code: 'approval-open',
    opportunity,
    approval,
    approverNames: approverIds.map(people.nameOf),
  };
}

/** Whoever the opportunity was given to hears of it; a win is celebrated. */
async function noticesOfChange(
  world: World,
  cause: Cause,
  next: Opportunity,
  applied: readonly FieldChange[],
): Promise<NoticeDraft[]> {
  const notices: NoticeDraft[] = [];
  const owner = changeOf(applied, 'ownerId');
  if (owner && owner.to !== cause.by.userid) {
    const people = await lookUpPeople(world, [owner.to]);
    notices.push({
      to: { kind: 'person', userid: owner.to },
      class: 'alert',
      notice: {
        code: 'assigned',
        opportunity: factsOf(next, people.nameOf(owner.to)),
        byName: cause.by.name,
      },
    });
  }
  if (changeOf(applied, 'outcome')?.to?.kind === 'won') {
    notices.push(...(await celebrationOf(world, next)));
  }
  return notices;
}

/** An ending overtakes a request that still waits: nobody is to be asked about it any more. */
async function withoutOpenRequest(world: World, cause: Cause, effect: Effect): Promise<Effect> {
  const { next } = effect;
  if (!next.outcome || !next.approval) return effect;
  const settlement = await settleApproval(world, next, next.approval, {
    verdict: 'overtaken',
    by: cause.by.userid,
    at: cause.at,
    reason: null,
  });
  return {
    ...effect,
    next: settlement.next,
    happenings: [...effect.happenings, settlement.happening],
    notices: [...effect.notices, ...settlement.notices],
  };
}

async function withRequest(
  world: World,
  cause: Cause,
  effect: Effect,
  gate: Gated,
  nextRef: () => Promise<number>,
): Promise<Effect> {
  const request = await requestApproval(world, cause, effect.next, {
    causes: gate.causes,
    held: gate.held,
    ref: await nextRef(),
  });
  const { approval, approverNames } = request;
  return {
    ...effect,
    next: { ...effect.next, approval },
    held: { approval, approverNames },
    happenings: [...effect.happenings, request.happening],
    notices: [...effect.notices, ...request.notices],
  };
}

/** The running number of approvals, drawn once per command however often it is decided afresh. */
export function approvalNumber(world: World): () => Promise<number> {
  let drawn: Promise<number> | null = null;
  return () => (drawn ??= world.counters.next('approval'));
}
