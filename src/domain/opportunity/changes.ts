import { isDeepStrictEqual } from 'node:util';

import type { FieldChange, FieldName, Opportunity, OpportunityFields } from './opportunity.js';

/** The order in which changes are listed everywhere: what it is, where it stands, what is next, who, the rest. */
export const FIELD_ORDER: readonly FieldName[] = [
  'title',
  'customerName',
  'stage',
  'amountFen',
  'closeOn',
  'nextFollowUp',
  'probability',
  'ownerId',
  'collaboratorIds',
  'contacts',
  'competitors',
  'nextStep',
  'priority',
  'tier',
  'tags',
  'outcome',
];

/** The change of one field among several. */
export function changeOf<F extends FieldName>(
  changes: readonly FieldChange[],
  field: F,
): Extract<FieldChange, { field: F }> | undefined {
  return changes.find(
    (change): change is Extract<FieldChange, { field: F }> => change.field === field,
  );
}

/** What differs between the opportunity and what is wanted of it, in the fixed order of fields. */
export function changesTo(
  opportunity: OpportunityFields,
  wanted: Partial<OpportunityFields>,
): FieldChange[] {
  return FIELD_ORDER.flatMap((field) => {
    const [from, to] = [opportunity[field], wanted[field]];
    if (to === undefined || sameValue(from, to)) return [];
    // A field and its two values, taken under one name: the union cannot be seen from here.
    return [{ field, from, to } as FieldChange];
  });
}

/** Equal as stored: an absent key and an undefined one are the same, the order of keys is nothing. */
export function sameValue(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(asStored(a), asStored(b));
}

const asStored = (value: unknown): unknown =>
  value === undefined ? null : (JSON.parse(JSON.stringify(value)) as unknown);

/** Does every field still hold the value it is being changed from? */
export function standsAt(
  opportunity: OpportunityFields,
  changes: readonly FieldChange[],
  end: 'from' | 'to',
): boolean {
  return changes.every((change) => sameValue(opportunity[change.field], change[end]));
}

/** The close date moves out (延期): later, or to nobody knows when. */
export function isPushedOut(change: Extract<FieldChange, { field: 'closeOn' }>): boolean {
  return change.from !== null && (change.to === null || change.to > change.from);
}

/**
 * The opportunity after the changes. What hangs on a field moves with it: the stage's age, the count of
 * pushes, and reminders that are no longer about anything true.
 */
export function applyChanges(
  opportunity: Opportunity,
  changes: readonly FieldChange[],
  at: Date,
): Opportunity {
  const next = { ...opportunity, ...fieldsAt(changes, 'to') };
  if (changeOf(changes, 'stage')) next.stageSince = at;
  const close = changeOf(changes, 'closeOn');
  if (close && isPushedOut(close)) next.closePushes++;
  if (changeOf(changes, 'nextFollowUp')) {
    next.snoozedUntil = null;
    if (next.chase?.kind === 'follow-up') next.chase = null;
  }
  if (next.outcome) {
    next.chase = null;
    next.snoozedUntil = null;
  }
  return next;
}

/** The fields as the changes found them (`from`) or left them (`to`). */
export function fieldsAt(
  changes: readonly FieldChange[],
  end: 'from' | 'to',
): Partial<OpportunityFields> {
  return Object.fromEntries(changes.map((change) => [change.field, change[end]]));
}
