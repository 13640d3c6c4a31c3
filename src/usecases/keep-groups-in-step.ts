import { messageOf } from '../kernel/index.js';
import { membersOf } from './create-group.js';
import type { World } from './ports.js';

/**
 * Brings the members of every group made in chat in line with its department (decisions 31): newcomers are
 * added, those who left are taken out. One group that fails does not keep the others waiting.
 */
export async function keepGroupsInStep(world: World): Promise<void> {
  const made = (await world.groups.all()).flatMap((group) =>
    group.channel.via === 'appchat' ? [{ group, chatId: group.channel.chatId }] : [],
  );
  const failures: unknown[] = [];
  for (const { group, chatId } of made) {
    try {
      const members = await membersOf(world, group);
      await world.groupChats.setMembers(
        chatId,
        members.map(({ userid }) => userid),
      );
    } catch (cause) {
      failures.push(cause);
      world.log.warn({ groupId: group.id, error: messageOf(cause) }, 'a group is out of step');
    }
  }
  if (failures.length > 0) {
    throw new AggregateError(failures, `${failures.length} of ${made.length} groups out of step`);
  }
}
