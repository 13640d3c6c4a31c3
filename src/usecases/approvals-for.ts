import type { Member, Opportunity } from '../domain/index.js';
import type { World } from './ports.js';

/**
 * What this person could decide now, and what they asked for themselves; oldest request first. What found no
 * approver is the administrators' and the fallback approvers' to decide: they were told of it.
 */
export async function approvalsFor(world: World, member: Member): Promise<Opportunity[]> {
  const own = await world.opportunities.approvalsWaitingFor(member.userid);
  const { fallbackApprovers = [] } = world.policies().approval;
  const isLastResort = member.isAdmin || fallbackApprovers.includes(member.userid);
  const orphans = isLastResort ? await world.opportunities.approvalsWithoutApprover() : [];
  const waiting = new Map([...own, ...orphans].map((one) => [one.id, one]));
  return [...waiting.values()]
    .filter(({ archivedAt }) => archivedAt === null)
    .sort((a, b) => (a.approval?.ref ?? 0) - (b.approval?.ref ?? 0));
}
