import type { Member, PersonalDigest } from '../domain/index.js';
import type { Day } from '../kernel/index.js';
import type { World } from './ports.js';
import { todosOf } from './todos.js';

/** A rep's numbered list of the day (个人清单), with the number of alerts the caps held back since `since`. */
export async function personalDigest(
  world: World,
  member: Member,
  on: Day,
  since: Date,
): Promise<PersonalDigest> {
  const [todos, heldBack] = await Promise.all([
    todosOf(world, member, on),
    world.outbox.heldBackFor(member.userid, since),
  ]);
  return { name: member.name, on, todos, limit: world.policies().digest.limit, heldBack };
}
