import { canChange, canSee } from '../domain/index.js';
import type { Member, Opportunity, Refusal } from '../domain/index.js';
import type { People } from './people.js';

/**
 * The one permission gate: a sentence, a tap and the clock's offers pass the same check. Someone who may not
 * know of an opportunity learns nothing of it, not even that it was archived.
 */
export function refusalToChange(
  member: Member,
  opportunity: Opportunity,
  people: People,
): Refusal | null {
  if (!canSee(member, opportunity, people.list)) return { code: 'not-visible' };
  if (!canChange(member, opportunity, people.list)) {
    return { code: 'not-allowed', what: 'change', ownerName: people.nameOf(opportunity.ownerId) };
  }
  if (opportunity.archivedAt) return { code: 'archived', title: opportunity.title };
  return null;
}
