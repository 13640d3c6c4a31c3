import { z } from 'zod';
import { defineCommand } from '../src/bot/index.js';
import { todosListed } from '../src/chat/index.js';

export default defineCommand({
  name: '今日待办',
  rank: 6,
  aliases: ['待办', '今天要做什么'],
  summary: '今天要处理的，按序号回复即可',
  usage: '今日待办，再按序号回复，例如“1 推到周五 2 已报价30万”',
  examples: ['今日待办'],
  menu: { todo: '今日待办' },
  args: z.object({}),

  async run({ by, today, usecases, policies, reply, numbered, view }) {
    const todos = await usecases.todosOf(by, today);
    reply(todosListed(todos, Math.max(policies.digest.limit, 20), view));
    if (todos.length > 0) await numbered(todos.map(({ opportunityId }) => opportunityId));
  },
});
