import { z } from 'zod';
import { answered, defineCommand, newName, stageName, statedFields } from '../src/bot/index.js';

export default defineCommand({
  name: '新建',
  rank: 1,
  aliases: ['新建商机', '新增', '创建'],
  summary: '新建一个商机',
  usage: '新建 <名称> [客户<客户名>] [金额] [阶段] [签约日]',
  examples: ['新建 华为二期 客户华为 300万 需求确认 9月底签', '新建商机 小米MES 50万'],
  claims: ['create'],
  args: z.object({
    name: newName(),
    stated: statedFields(),
    stage: stageName().optional(),
    lossReason: answered('loss-reason').optional(),
  }),

  async run({ args: { name, stated, stage, lossReason }, create }) {
    const patch = {
      ...stated.patch,
      // Also one that is won or lost already: it is previewed, and approved, like any other.
      ...(stage !== undefined && { stage }),
      ...(lossReason !== undefined && { outcome: { kind: 'lost' as const, reason: lossReason } }),
    };
    await create({ ...name, stated: { ...stated, patch } });
  },
});
