import type { Member } from '../domain/index.js';
import { AppError } from '../kernel/index.js';
import type { SalesGroup, World } from './ports.js';

/** Every sales group: those of digest.yaml, and those made in chat (建群). One named in both is one group, as digest.yaml has it. */
export async function allGroups(world: World): Promise<SalesGroup[]> {
  const groups = [...(await world.groups.all()), ...world.policies().digest.groups];
  return [...new Map(groups.map((group) => [group.id, group])).values()];
}

/** @throws AppError `group.unknown`: it was taken out of digest.yaml. */
export async function groupOf(world: World, groupId: string): Promise<SalesGroup> {
  const group = (await allGroups(world)).find(({ id }) => id === groupId);
  if (group) return group;
  throw new AppError(`no sales group ${groupId}`, {
    code: 'group.unknown',
    hint: 'name it in config/digest.yaml, or make it in chat (建群)',
    details: { groupId },
  });
}

/** Does this group hear of this person's opportunities: by department, or by name? */
export function covers(
  { departmentIds, memberIds }: Pick<SalesGroup, 'departmentIds' | 'memberIds'>,
  member: Member,
): boolean {
  return (
    memberIds.includes(member.userid) ||
    departmentIds.some((id) => member.departmentIds.includes(id))
  );
}
