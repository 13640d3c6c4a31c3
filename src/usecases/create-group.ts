import { digestCutOff, digestDueAt } from '../domain/index.js';
import type { Member, Refusal } from '../domain/index.js';
import { allow, dayOf, derivedId, refuse } from '../kernel/index.js';
import type { Decision } from '../kernel/index.js';
import { covers } from './groups.js';
import type { SalesGroup, World } from './ports.js';
import { outboxRowOf } from './relay.js';
import type { Cause } from './verbs.js';

/** WeCom's own minimum for a group chat. */
const LEAST_MEMBERS = 2;

export interface GroupCreated {
  groupId: string;
  name: string;
  memberNames: string[];
  existed: boolean;
}

/**
 * Makes a sales group (建群): a WeCom group chat that hears the digest and the wins of its people.
 *
 * When everybody named shares a department, the group follows that department and is kept in step with
 * it. The chat's id is derived from the name, so saying it again reaches the same group: its members are
 * added to, and it is not greeted twice. Leaders and administrators only; a group that is there already is
 * changed by its own members.
 */
export async function createGroup(
  world: World,
  command: Cause & { name: string; memberIds: string[] },
): Promise<Decision<GroupCreated, Refusal>> {
  const { by } = command;
  const name = command.name.trim();
  const id = derivedId('grp', name);
  const existing = (await world.groups.all()).find((group) => group.id === id) ?? null;
  if (!(await mayCreate(world, by))) {
    return refuse({ code: 'not-allowed', what: 'create-group', ownerName: null });
  }
  if (existing && !by.isAdmin && !covers(existing, by)) {
    return refuse({ code: 'group-taken', name });
  }
  const named = (await world.directory.members(command.memberIds)).filter(
    ({ isActive }) => isActive,
  );
  const group: SalesGroup = {
    id,
    name,
    channel: { via: 'appchat', chatId: id },
    departmentIds: existing?.departmentIds ?? sharedDepartments(named),
    memberIds: distinct([
      ...(existing?.memberIds ?? [by.userid]),
      ...named.map(({ userid }) => userid),
    ]),
  };
  const members = await membersOf(world, group);
  const [first] = members;
  if (!first || members.length < LEAST_MEMBERS) {
    return refuse({ code: 'group-too-small', least: LEAST_MEMBERS });
  }
  await world.groupChats.create({
    chatId: id,
    name,
    // An administrator may add to a group without joining it.
    ownerId: members.some(({ userid }) => userid === by.userid) ? by.userid : first.userid,
    memberIds: members.map(({ userid }) => userid),
  });
  if (!existing) await beginWithNextDigest(world, id, command.at);
  await world.groups.put(group);
  await greet(world, command, group, members);
  return allow({
    groupId: id,
    name,
    memberNames: members.map((member) => member.name),
    existed: existing !== null,
  });
}

/** Everybody the group is for, as the directory has them today. */
export async function membersOf(world: World, group: SalesGroup): Promise<Member[]> {
  return (await world.directory.everyone()).filter((member) => covers(group, member));
}

async function mayCreate(world: World, by: Member): Promise<boolean> {
  if (by.isAdmin) return true;
  return (await world.directory.reportsOf(by.userid)).some((userid) => userid !== by.userid);
}

/** Departments all of them belong to; none when nobody was named. */
function sharedDepartments(members: readonly Member[]): number[] {
  const [first, ...others] = members;
  if (!first) return [];
  return first.departmentIds.filter((id) =>
    others.every(({ departmentIds }) => departmentIds.includes(id)),
  );
}

/** Made after this morning's digest, it hears the next one: of everything since this morning. */
async function beginWithNextDigest(world: World, groupId: string, at: Date): Promise<void> {
  const { digest, calendar } = world.policies();
  const on = dayOf(at);
  const due = digestDueAt(groupId, on, digest);
  if (!calendar.isWorkday(on) || at < due) return;
  await world.digests.record({ reader: groupId, on, until: digestCutOff(due) });
}

/** WeCom shows a new group only once something is said in it. Once per group, by its derived id. */
async function greet(
  world: World,
  { by, at, causeId }: Cause,
  group: SalesGroup,
  members: readonly Member[],
): Promise<void> {
  const row = outboxRowOf(derivedId('ntc', 'greeting', group.id), {
    to: { kind: 'group', groupId: group.id },
    class: 'group',
    notice: {
      code: 'group-created',
      groupName: group.name,
      byName: by.name,
      memberNames: members.map(({ name }) => name),
    },
    causeAt: at,
    causeId,
    n: 0,
  });
  await world.outbox.put([row], world.clock.now());
  world.nudge.outbox();
}

const distinct = (userids: readonly string[]): string[] => [...new Set(userids)];
