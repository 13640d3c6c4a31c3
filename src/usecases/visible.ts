import type { Member } from '../domain/index.js';
import type { OpportunityFilter, World } from './ports.js';

/**
 * Whose opportunities this person may know of (decisions 17): their own and those of everybody below
 * them; administrators see all. For filters; `refusalToSee` judges a single opportunity.
 */
export async function visibleTo(
  world: World,
  member: Member,
): Promise<OpportunityFilter['visibleTo']> {
  return member.isAdmin ? 'all' : world.directory.reportsOf(member.userid);
}
