import type { Member, Opportunity } from '../domain/index.js';
import type { World } from './ports.js';

/** What this person could decide now, and what they asked for themselves; oldest request first. */
export async function approvalsFor(world: World, member: Member): Promise<Opportunity[]> {
  const waiting = await world.opportunities.approvalsWaitingFor(member.userid);
  return waiting
    .filter(({ archivedAt }) => archivedAt === null)
    .sort((a, b) => (a.approval?.ref ?? 0) - (b.approval?.ref ?? 0));
}
