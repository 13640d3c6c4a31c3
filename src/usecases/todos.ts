import { todosOn } from '../domain/index.js';
import type { Member, Opportunity, TodoLine } from '../domain/index.js';
import type { Day } from '../kernel/index.js';
import { lookUpPeople } from './people.js';
import type { World } from './ports.js';

/** More than one person can own and still have a list worth reading. */
const MAX_OWNED = 1_000;

/** What this person should do on a day (今日待办): approvals asked of them, and their own opportunities. */
export async function todosOf(world: World, member: Member, on: Day): Promise<TodoLine[]> {
  const { userid } = member;
  const [own, waiting] = await Promise.all([
    world.opportunities.find(
      { visibleTo: [userid], ownerIds: [userid], open: true },
      { limit: MAX_OWNED, order: 'next-follow-up' },
    ),
    world.opportunities.approvalsWaitingFor(userid),
  ]);
  const asked = waiting.filter(
    ({ approval }) => approval?.approvers.some((approver) => approver.userid === userid) ?? false,
  );
  const ownTodos = await listed(world, own.items, on, userid);
  const askedTodos = await listed(world, asked, on, userid);
  // A leader decides about others' opportunities; following them up stays with the owners.
  const decisions = askedTodos.filter(
    ({ why, opportunityId }) =>
      why === 'approval-waiting' && !ownTodos.some((todo) => todo.opportunityId === opportunityId),
  );
  return [...decisions, ...ownTodos];
}

async function listed(
  world: World,
  opportunities: readonly Opportunity[],
  on: Day,
  approverId: string,
): Promise<TodoLine[]> {
  const people = await lookUpPeople(
    world,
    opportunities.map(({ ownerId }) => ownerId),
  );
  return todosOn(opportunities, on, {
    policies: world.policies(),
    nameOf: (userid) => people.nameOf(userid),
    approverId,
  });
}
