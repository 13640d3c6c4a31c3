import { changeOf, newOpportunity, resolvePatch, risksOf } from '../domain/index.js';
import type { FieldChange, Opportunity } from '../domain/index.js';
import { allow, dayOf, derivedId, refuse } from '../kernel/index.js';
import type { Decision } from '../kernel/index.js';
import { commitNew, earlierResult } from './commit.js';
import type { Planned } from './commit.js';
import { lookUpPeople } from './people.js';
import type { World } from './ports.js';
import { approvalNumber, takeEffect } from './take-effect.js';
import type { Effect } from './take-effect.js';
import type { CreateCommand, CreateResult, PreviewReason, Refusal } from './verbs.js';
import { revivedHold, storedHold } from './written.js';
import type { StoredHold } from './written.js';

/** Open ones of one customer looked at for whom to ask; more are only counted. */
const MAX_DUPLICATES = 20;

interface Created {
  held: StoredHold | null;
}

/**
 * Creates an opportunity. Its id comes from the cause, so the same message creates it once, and what was
 * created wins over any preview the repeat would have seen (撞单 with itself).
 *
 * It begins in the first stage and moves from there: creating directly in a gated stage meets the same
 * criteria and the same policy as moving into it.
 */
export async function createOpportunity(
  world: World,
  command: CreateCommand,
): Promise<Decision<CreateResult, Refusal>> {
  const { causeId, by, at, said } = command;
  const id = derivedId('opp', causeId);
  const existing = await world.opportunities.load(id);
  if (existing) {
    const earlier = earlierResult<Created>(existing, causeId);
    return allow(createdResult(existing, earlier?.result ?? { held: null }));
  }
  const { pipeline } = world.policies();
  const draft = newOpportunity(
    { id, title: command.title, customerName: command.customerName, by: by.userid, at },
    pipeline,
  );
  const resolved = resolvePatch(draft, command.fields, { pipeline, on: dayOf(at) });
  if (!resolved.ok) {
    return refuse(
      resolved.refusal.code === 'no-next-stage'
        ? { ...resolved.refusal, opportunity: draft }
        : resolved.refusal,
    );
  }
  const changes = resolved.value;
  const reasons = command.confirmed ? [] : await previewReasons(world, command, changes);
  if (reasons.length > 0) {
    const { title, customerName } = command;
    return allow({ kind: 'preview', title, customerName, changes, reasons });
  }
  const effect = await takeEffect(world, command, draft, changes, approvalNumber(world));
  if (!effect.ok) return effect;
  const cause = { causeId, by: by.userid, at, said };
  const { opportunity, result } = await commitNew(world, cause, planOf(command, effect.value));
  return allow(createdResult(opportunity, result));
}

function createdResult(opportunity: Opportunity, { held }: Created): CreateResult {
  return { kind: 'created', opportunity, held: held && revivedHold(held) };
}

async function previewReasons(
  world: World,
  { by, customerName, uncertain, ambiguousDates = [] }: CreateCommand,
  changes: readonly FieldChange[],
): Promise<PreviewReason[]> {
  const { confirm, pipeline } = world.policies();
  const endings = risksOf(changes, pipeline).filter((risk) => risk === 'win' || risk === 'lose');
  const reasons: PreviewReason[] = endings.map((code) => ({ code }));
  if (uncertain) reasons.push({ code: 'uncertain' });
  if (ambiguousDates.length > 1) {
    reasons.push({ code: 'ambiguous-date', alternatives: ambiguousDates });
  }
  const wanted = reasons.filter(
    ({ code }) => code === 'duplicate-customer' || confirm.preview[code],
  );
  const duplicate = await duplicatesOf(world, customerName, by.userid);
  return duplicate ? [duplicate, ...wanted] : wanted;
}

/**
 * Open ones of the same customer (撞单, decisions 17 and 41): how many and whom to ask. Only one's own are
 * named; of a colleague's neither title nor amount.
 */
async function duplicatesOf(
  world: World,
  customerName: string,
  userid: string,
): Promise<PreviewReason | null> {
  const { items, total } = await world.opportunities.find(
    { visibleTo: 'all', open: true, customerName },
    { limit: MAX_DUPLICATES, order: 'last-touched' },
  );
  if (total === 0) return null;
  const own = items.filter(({ ownerId }) => ownerId === userid);
  const otherIds = [...new Set(items.map(({ ownerId }) => ownerId))].filter((id) => id !== userid);
  const people = await lookUpPeople(world, otherIds);
  return {
    code: 'duplicate-customer',
    count: total,
    ownerNames: otherIds.map(people.nameOf),
    own: own.map(({ id, title }) => ({ id, title })),
  };
}

function planOf({ causeId, by, at }: CreateCommand, effect: Effect): Planned<Created> {
  const { next, applied, held, happenings, notices } = effect;
  return {
    next: {
      ...next,
      lastChange: {
        causeId,
        by: by.userid,
        at,
        changes: applied,
        followUp: null,
        created: true,
        gated: false,
        stageSinceBefore: changeOf(applied, 'stage') ? at : null,
      },
    },
    result: { held: held && storedHold(held) },
    happenings: [{ type: 'created', changes: applied }, ...happenings],
    notices,
  };
}
