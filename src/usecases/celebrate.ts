import { factsOf } from '../domain/index.js';
import type { Opportunity } from '../domain/index.js';
import type { NoticeDraft } from './commit.js';
import { allGroups, covers } from './groups.js';
import type { World } from './ports.js';

/** A win is celebrated in the owner's groups, once it has taken effect. */
export async function celebrationOf(
  world: World,
  opportunity: Opportunity,
): Promise<NoticeDraft[]> {
  const owner = await world.directory.member(opportunity.ownerId);
  const groups = (await allGroups(world)).filter((group) => owner && covers(group, owner));
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
