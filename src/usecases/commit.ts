import type { Addressed, DomainEvent, Happening, Opportunity, Pending } from '../domain/index.js';
import { MAX_APPLIED, MAX_SETTLED_APPROVALS, nextAttention } from '../domain/index.js';
import { allow, derivedId, refuse } from '../kernel/index.js';
import type { Decision } from '../kernel/index.js';
import type { World } from './ports.js';
import type { Refusal } from './verbs.js';

/** Why something is saved. Doing the same cause twice to one opportunity changes it once. */
export interface CommitCause {
  /** Derived from the callback (`<inbox key>#<n>`), or from what fell due for the clock. */
  causeId: string;
  /** userid, or `system` for the clock. */
  by: string;
  /** When it was said (CreateTime); orders the notices it causes. */
  at: Date;
  /** The exact sentence or button; empty for the clock. */
  said: string;
}

/**
 * A notice before it is stamped. Its id is derived from the cause and its place in the list, unless
 * the opportunity has to know the id itself (approval cards): then it is given.
 */
export type NoticeDraft = Omit<Addressed, 'causeAt' | 'causeId' | 'n'> & { id?: string };

/** What a rule decided to save. */
export interface Planned<T> {
  /** The opportunity afterwards. `rev`, `attention`, `applied` and `pending` are seen to here. */
  next: Opportunity;
  /** Kept with the cause, so that a replay answers the same. JSON only: no Date, no Opportunity. */
  result: T;
  happenings: Happening[];
  notices: NoticeDraft[];
}

/** Answered without saving anything: a preview. Asking again computes it again. */
export interface Unsaved<T> {
  unsaved: T;
}

export interface Committed<T> {
  /** As it is now; for a replay this may be later than the result. */
  opportunity: Opportunity;
  result: T;
  replayed: boolean;
}

/** How often a change is decided afresh when others save the same opportunity in between. */
const MAX_ATTEMPTS = 12;

/**
 * The one place that saves an opportunity: load, decide, compare-and-set on `rev`, again on conflict.
 *
 * `decide` sees the opportunity as it is on every attempt, so a rule never works on a stale one. The
 * events and notices of the change are saved in the same document and moved on by the relay.
 */
export async function commitChange<T>(
  world: World,
  cause: CommitCause & { opportunityId: string },
  decide: (
    opportunity: Opportunity,
  ) =>
    | Decision<Planned<T> | Unsaved<T>, Refusal>
    | Promise<Decision<Planned<T> | Unsaved<T>, Refusal>>,
): Promise<Decision<Committed<T>, Refusal>> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const opportunity = await world.opportunities.load(cause.opportunityId);
    if (!opportunity) return refuse({ code: 'not-found' });

    const earlier = earlierResult<T>(opportunity, cause.causeId);
    if (earlier) return allow({ opportunity, result: earlier.result, replayed: true });

    const decision = await decide(opportunity);
    if (!decision.ok) return decision;
    if ('unsaved' in decision.value) {
      return allow({ opportunity, result: decision.value.unsaved, replayed: false });
    }

    const next = stamped(world, cause, decision.value, opportunity.rev + 1);
    if (await world.opportunities.replace(next)) {
      world.nudge.relay(next.id);
      return allow({ opportunity: next, result: decision.value.result, replayed: false });
    }
  }
  world.log.warn(
    { opportunityId: cause.opportunityId, causeId: cause.causeId, attempts: MAX_ATTEMPTS },
    'gave up saving: others kept changing the same opportunity',
  );
  return refuse({ code: 'busy' });
}

/**
 * Saves a new opportunity. Its id is derived from the cause, so a replay finds the first one and
 * answers what was answered then.
 */
export async function commitNew<T>(
  world: World,
  cause: CommitCause,
  planned: Planned<T>,
): Promise<Committed<T>> {
  const next = stamped(world, cause, planned, 1);
  if (await world.opportunities.insert(next)) {
    world.nudge.relay(next.id);
    return { opportunity: next, result: planned.result, replayed: false };
  }
  const existing = await world.opportunities.load(next.id);
  const earlier = existing && earlierResult<T>(existing, cause.causeId);
  // Past MAX_APPLIED later changes the original answer is gone; the same command gives the same one.
  return {
    opportunity: existing ?? next,
    result: earlier ? earlier.result : planned.result,
    replayed: true,
  };
}

/** The answer this cause got before, if it was applied. */
export function earlierResult<T>(
  opportunity: Opportunity,
  causeId: string,
): { result: T } | undefined {
  const applied = opportunity.applied.find((entry) => entry.causeId === causeId);
  // What is stored under a cause was put there by the same verb: a cause belongs to one command.
  return applied && { result: applied.result as T };
}

function stamped<T>(
  world: World,
  cause: CommitCause,
  planned: Planned<T>,
  rev: number,
): Opportunity {
  const now = world.clock.now();
  const { cadence, approval, calendar } = world.policies();
  const { next } = planned;
  return {
    ...next,
    rev,
    attention: nextAttention(next, { cadence, approval, calendar }, now),
    settledApprovals: next.settledApprovals.slice(-MAX_SETTLED_APPROVALS),
    applied: [...next.applied, { causeId: cause.causeId, at: now, result: planned.result }].slice(
      -MAX_APPLIED,
    ),
    pending: [
      ...next.pending,
      ...planned.happenings.map((happening, n) => pendingEvent(next, cause, happening, n, now)),
      ...planned.notices.map((draft, n) => pendingNotice(next, cause, draft, n)),
    ],
  };
}

/**
 * An event carries the instant it took effect, not the one it was said: history and digests read
 * them in that order, and a message that was long on its way must not slip behind a sent digest.
 */
function pendingEvent(
  opportunity: Opportunity,
  cause: CommitCause,
  happening: Happening,
  n: number,
  now: Date,
): Pending {
  const event: DomainEvent = {
    ...happening,
    id: derivedId('evt', opportunity.id, cause.causeId, n),
    opportunityId: opportunity.id,
    title: opportunity.title,
    customerName: opportunity.customerName,
    ownerId: opportunity.ownerId,
    by: cause.by,
    at: now,
    causeId: cause.causeId,
    said: cause.said,
  };
  return { kind: 'event', id: event.id, event };
}

function pendingNotice(
  opportunity: Opportunity,
  cause: CommitCause,
  draft: NoticeDraft,
  n: number,
): Pending {
  const { id, ...addressed } = draft;
  return {
    kind: 'notice',
    id: id ?? derivedId('ntc', opportunity.id, cause.causeId, n),
    addressed: { ...addressed, causeAt: cause.at, causeId: cause.causeId, n },
  };
}
