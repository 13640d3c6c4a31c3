import {
  changeOf,
  changesTo,
  keepsAppointment,
  lastContactOf,
  recordFollowUp,
  resolvePatch,
  risksOf,
  teamOf,
} from '../domain/index.js';
import type { FieldChange, FollowUp, Happening, Opportunity } from '../domain/index.js';
import { MINUTE_MS, allow, dayOf, derivedId, refuse } from '../kernel/index.js';
import type { Decision } from '../kernel/index.js';
import { refusalToChange } from './access.js';
import { commitChange } from './commit.js';
import type { Planned, Unsaved } from './commit.js';
import { lookUpPeople } from './people.js';
import type { People } from './people.js';
import type { World } from './ports.js';
import { approvalNumber, takeEffect } from './take-effect.js';
import type { Effect } from './take-effect.js';
import type { ChangeCommand, ChangeResult, PreviewReason, Refusal } from './verbs.js';
import { revivedHold, storedHold } from './written.js';
import type { Written } from './written.js';

type Preview = Omit<Extract<ChangeResult, { kind: 'preview' }>, 'opportunity'>;
type Outcome = Written | Preview;

/**
 * Changes an opportunity as a sentence says, and records the contact it reports.
 *
 * Gates in order: may they → preview → stage criteria → approval → effect. A preview writes nothing; what
 * is written is answered the same for ever to the same cause.
 */
export async function changeOpportunity(
  world: World,
  command: ChangeCommand,
): Promise<Decision<ChangeResult, Refusal>> {
  const { opportunityId, causeId, by, at, said } = command;
  const nextRef = approvalNumber(world);
  const committed = await commitChange<Outcome>(
    world,
    { opportunityId, causeId, by: by.userid, at, said },
    (opportunity) => decide(world, command, opportunity, nextRef),
  );
  if (!committed.ok) return committed;
  const { opportunity, result } = committed.value;
  if (result.kind === 'preview') return allow({ ...result, opportunity });
  return allow({ ...result, opportunity, held: result.held && revivedHold(result.held) });
}

async function decide(
  world: World,
  command: ChangeCommand,
  opportunity: Opportunity,
  nextRef: () => Promise<number>,
): Promise<Decision<Planned<Outcome> | Unsaved<Outcome>, Refusal>> {
  const people = await lookUpPeople(world, [...teamOf(opportunity), opportunity.lastChange?.by]);
  const refusal = refusalToChange(command.by, opportunity, people);
  if (refusal) return refuse(refusal);

  const resolved = resolvePatch(opportunity, command.patch, {
    pipeline: world.policies().pipeline,
    on: dayOf(command.at),
  });
  if (!resolved.ok) {
    return refuse(
      resolved.refusal.code === 'no-next-stage'
        ? { ...resolved.refusal, opportunity }
        : resolved.refusal,
    );
  }
  const changes = resolved.value;
  if (isBarredByEnding(opportunity, command, changes)) {
    return refuse({ code: 'closed', opportunity });
  }
  const reasons = command.confirmed
    ? []
    : previewReasons(world, command, opportunity, changes, people);
  if (reasons.length > 0) {
    const followUp = command.followUp ?? null;
    return allow({ unsaved: { kind: 'preview', changes, reasons, followUp } });
  }
  const all = [...changes, ...keptAppointment(command, opportunity)];
  const effect = await takeEffect(world, command, opportunity, all, nextRef);
  return effect.ok ? allow(planOf(command, opportunity, effect.value)) : effect;
}

/** A closed opportunity takes notes, and can be opened again; nothing else. */
function isBarredByEnding(
  opportunity: Opportunity,
  { patch }: ChangeCommand,
  changes: readonly FieldChange[],
): boolean {
  if (!opportunity.outcome) return false;
  const reopens = changeOf(changes, 'outcome')?.to === null;
  return !reopens && (changes.length > 0 || patch.outcome !== undefined);
}

/** Why this one is shown before it is written, by the company's policy (confirm.yaml). */
function previewReasons(
  world: World,
  command: ChangeCommand,
  opportunity: Opportunity,
  changes: FieldChange[],
  people: People,
): PreviewReason[] {
  const { confirm, pipeline } = world.policies();
  const { ambiguousDates = [], uncertain, followUp } = command;
  const reasons: PreviewReason[] = risksOf(changes, pipeline).map((code) => ({ code }));
  if (changes.length > 0 || followUp) {
    if (uncertain) reasons.push({ code: 'uncertain' });
    if (ambiguousDates.length > 1) {
      reasons.push({ code: 'ambiguous-date', alternatives: ambiguousDates });
    }
  }
  const other = recentOther(opportunity, command, changes, confirm.recentMinutes);
  if (other) {
    const { by, at, changes: theirs } = other;
    reasons.push({ code: 'recent-other', byName: people.nameOf(by), at, changes: theirs });
  }
  return reasons.filter(({ code }) => code === 'duplicate-customer' || confirm.preview[code]);
}

/** Somebody else changed the same fields minutes ago (N19). */
function recentOther(
  { lastChange }: Opportunity,
  { by, at }: ChangeCommand,
  changes: readonly FieldChange[],
  withinMinutes: number,
): { by: string; at: Date; changes: FieldChange[] } | null {
  if (!lastChange || lastChange.by === by.userid) return null;
  if (at.getTime() - lastChange.at.getTime() > withinMinutes * MINUTE_MS) return null;
  const theirs = lastChange.changes.filter(({ field }) =>
    changes.some((change) => change.field === field),
  );
  return theirs.length > 0 ? { by: lastChange.by, at: lastChange.at, changes: theirs } : null;
}

/** A contact that keeps the agreed date and names no next one leaves none standing. */
function keptAppointment(
  { followUp, patch, at }: ChangeCommand,
  opportunity: Opportunity,
): FieldChange[] {
  if (!followUp || patch.nextFollowUp !== undefined || !keepsAppointment(opportunity, at))
    return [];
  return opportunity.outcome ? [] : changesTo(opportunity, { nextFollowUp: null });
}

function planOf(command: ChangeCommand, before: Opportunity, effect: Effect): Planned<Outcome> {
  const { causeId, by, at, patch } = command;
  const { applied, held, won } = effect;
  const followUp: FollowUp | null = command.followUp
    ? {
        ...command.followUp,
        id: derivedId('fup', before.id, causeId),
        at,
        by: by.userid,
        next: patch.nextFollowUp ?? null,
      }
    : null;
  const didChange = applied.length > 0 || followUp !== null;
  const next = followUp ? recordFollowUp(effect.next, followUp) : effect.next;
  const happenings: Happening[] = [];
  if (followUp) happenings.push({ type: 'followed-up', followUp });
  if (applied.length > 0) happenings.push({ type: 'changed', changes: applied });
  return {
    next: didChange
      ? {
          ...next,
          lastChange: {
            causeId,
            by: by.userid,
            at,
            changes: applied,
            followUp: followUp && { id: followUp.id, before: lastContactOf(before) },
            created: false,
            gated: false,
            stageSinceBefore: changeOf(applied, 'stage') ? before.stageSince : null,
          },
        }
      : next,
    result: {
      kind: 'written',
      changes: applied,
      followedUp: followUp !== null,
      held: held && storedHold(held),
      undoable: didChange || held !== null,
      won,
    },
    happenings: [...happenings, ...effect.happenings],
    notices: effect.notices,
  };
}
