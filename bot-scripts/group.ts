import { z } from 'zod';
import { colleagues, defineCommand, plainWords } from '../src/bot/index.js';
import { groupCreated, groupNeedsName } from '../src/chat/index.js';

export default defineCommand({
  name: '建群',
  rank: 19,
  aliases: ['创建群', '新建群'],
  summary: '建一个销售群，日报和喜报会发到那里',
  usage: '建群 <群名> @成员 @成员',
  examples: ['建群 华东销售群 @张三 @李四'],
  permission: 'leader',
  args: z.object({ name: plainWords().optional(), members: colleagues() }),

  async run({ args, usecases, cause, reply, refuse }) {
    const { name, members } = args;
    if (!name || members.length === 0) {
      reply(groupNeedsName());
      return;
    }
    const memberIds = members.map(({ userid }) => userid);
    const decision = await usecases.createGroup({ ...cause(), name, memberIds });
    if (decision.ok) reply(groupCreated(decision.value));
    else refuse(decision.refusal);
  },
});
