import { z } from 'zod';
import { defineCommand, newName, statedFields } from '../src/bot/index.js';

export default defineCommand({
  name: '新建',
  rank: 1,
  aliases: ['新建商机', '新增', '创建'],
  summary: '新建一个商机',
  usage: '新建 <名称> [客户<客户名>] [金额] [阶段] [签约日]',
  examples: ['新建 华为二期 客户华为 300万 需求确认 9月底签', '新建商机 小米MES 50万'],
  claims: ['create'],
  args: z.object({ name: newName(), stated: statedFields() }),

  async run({ args, create }) {
    await create({ ...args.name, stated: args.stated });
  },
});
