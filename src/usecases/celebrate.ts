import { factsOf } from '../domain/index.js';
import type { Member, Opportunity } from '../domain/index.js';
import type { NoticeDraft } from './commit.js';
import type { SalesGroup, World } from './ports.js';

/** The groups that hear of an owner's opportunities: by department, or as a member. */
export async function groupsCovering(world: World, owner: Member | null): Promise<SalesGroup[]> {
  if (!owner) return [];
  const all = [...world.policies().digest.groups, ...(await world.groups.all())];
  const covering = all.filter(
    ({ departmentIds, memberIds }) =>
      memberIds.includes(owner.userid) ||
      departmentIds.some((id) => owner.departmentIds.includes(id)),
  );
  // One named in digest.yaml and made in chat as well is still one group.
  return [...new Map(covering.map((group) => [group.id, group])).values()];
}

/** A win is celebrated in the owner's groups, once it has taken effect. */
export async function celebrationOf(
  world: World,
  opportunity: Opportunity,
): Promise<NoticeDraft[]> {
  const owner = await world.directory.member(opportunity.ownerId);
  const groups = await groupsCovering(world, owner);
  return groups.map(({ id }) => ({
    to: { kind: 'group', groupId: id },
    class: 'group',
    notice: {
      code: 'won',
      opportunity: factsOf(opportunity, owner?.name ?? opportunity.ownerId),
      reason: opportunity.outcome?.reason ?? null,
    },
  }));
}
