import { changeLog, todosOn } from '../domain/index.js';
import type { GroupDigest } from '../domain/index.js';
import type { Day } from '../kernel/index.js';
import { covers, groupOf } from './groups.js';
import { lookUpPeople } from './people.js';
import type { World } from './ports.js';

/** More than a team does between two mornings; also what its open opportunities may number. */
const MAX_EVENTS = 5_000;
const MAX_OPEN = 5_000;

/**
 * What a sales group hears in the morning (群日报): the change log of its people's opportunities from
 * `since` (exclusive) to `until` (inclusive), and what they have to do on the day.
 */
export async function groupDigest(
  world: World,
  groupId: string,
  on: Day,
  since: Date,
  until: Date,
): Promise<GroupDigest> {
  const group = await groupOf(world, groupId);
  const owners = (await world.directory.everyone()).filter((member) => covers(group, member));
  const ownerIds = owners.map(({ userid }) => userid);
  const [events, open] = await Promise.all([
    world.events.between(since, until, ownerIds, MAX_EVENTS),
    world.opportunities.find(
      { visibleTo: 'all', ownerIds, open: true },
      { limit: MAX_OPEN, order: 'next-follow-up' },
    ),
  ]);
  const told = [...new Set(events.map(({ opportunityId }) => opportunityId))];
  const amounts = new Map(
    (await world.opportunities.loadMany(told)).map(({ id, amountFen }) => [id, amountFen]),
  );
  const people = await lookUpPeople(world, [...ownerIds, ...events.map(({ ownerId }) => ownerId)]);
  const policies = world.policies();
  const nameOf = (userid: string): string => people.nameOf(userid);
  return {
    groupName: group.name,
    on,
    since,
    until,
    sections: changeLog(events, {
      pipeline: policies.pipeline,
      nameOf,
      amountOf: (opportunityId) => amounts.get(opportunityId) ?? null,
    }),
    todos: todosOn(open.items, on, { policies, nameOf }),
    limit: policies.digest.limit,
  };
}
