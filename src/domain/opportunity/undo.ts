import { HOUR_MS, allow, refuse } from '../../kernel/index.js';
import type { Decision } from '../../kernel/index.js';
import { changeOf, fieldsAt, isPushedOut, standsAt } from './changes.js';
import type { FieldChange, Opportunity } from './opportunity.js';

export type UndoRefusal =
  | { code: 'nothing-to-undo' }
  | { code: 'undo-too-late'; hours: number }
  | { code: 'undo-changed-since'; by: string; at: Date }
  | { code: 'undo-gated' };

export interface TakenBack {
  next: Opportunity;
  /** As they are shown: from what it was to what it is again. */
  changes: FieldChange[];
  followUpRemoved: boolean;
  archived: boolean;
}

/**
 * Takes back everything one message changed (撤销, decisions 11 and 42): its fields, the follow-up it
 * recorded, or the opportunity it created. Only one's own latest change, unchanged since; never one that
 * needed a yes: restoring that is a new request.
 */
export function undoChange(
  opportunity: Opportunity,
  wish: { causeId: string; by: string; now: Date; withinHours: number },
): Decision<TakenBack, UndoRefusal> {
  const last = opportunity.lastChange;
  if (!last || opportunity.archivedAt) return refuse({ code: 'nothing-to-undo' });
  if (last.causeId !== wish.causeId) {
    return refuse(
      cameBefore(opportunity, wish.causeId, last.causeId)
        ? { code: 'undo-changed-since', by: last.by, at: last.at }
        : { code: 'nothing-to-undo' },
    );
  }
  if (last.gated) return refuse({ code: 'undo-gated' });
  if (last.by !== wish.by) return refuse({ code: 'nothing-to-undo' });
  if (wish.now.getTime() - last.at.getTime() > wish.withinHours * HOUR_MS) {
    return refuse({ code: 'undo-too-late', hours: wish.withinHours });
  }
  if (!standsAt(opportunity, last.changes, 'to')) {
    return refuse({ code: 'undo-changed-since', by: last.by, at: last.at });
  }
  if (last.created) {
    const next = { ...opportunity, archivedAt: wish.now, lastChange: null };
    return allow({ next, changes: [], followUpRemoved: false, archived: true });
  }
  return allow({
    next: restored(opportunity, last),
    changes: last.changes.map(reversed),
    followUpRemoved: last.followUp !== null,
    archived: false,
  });
}

/** A cause that came later than the latest change has changed nothing itself. */
function cameBefore({ applied }: Opportunity, causeId: string, latest: string): boolean {
  const place = (id: string): number => applied.findIndex((entry) => entry.causeId === id);
  return place(causeId) >= 0 && place(causeId) < place(latest);
}

function restored(
  opportunity: Opportunity,
  last: NonNullable<Opportunity['lastChange']>,
): Opportunity {
  const close = changeOf(last.changes, 'closeOn');
  const wasPushed = close !== undefined && isPushedOut(close);
  return {
    ...opportunity,
    ...fieldsAt(last.changes, 'from'),
    ...(last.followUp && last.followUp.before),
    stageSince: last.stageSinceBefore ?? opportunity.stageSince,
    closePushes: opportunity.closePushes - (wasPushed ? 1 : 0),
    lastChange: null,
  };
}

const reversed = (change: FieldChange): FieldChange =>
  ({ field: change.field, from: change.to, to: change.from }) as FieldChange;
