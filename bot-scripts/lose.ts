import { z } from 'zod';
import { defineCommand, lossReason, opportunityRef, statedFields } from '../src/bot/index.js';

export default defineCommand({
  name: '输单',
  rank: 8,
  aliases: ['丢单', '输了', '丢了'],
  summary: '商机丢了；要选一个原因',
  usage: '<商机> 丢了 <原因>',
  examples: ['小米那单丢了，价格', '华为二期 输单 竞品'],
  claims: ['lose'],
  args: z.object({
    opportunity: opportunityRef(),
    reason: lossReason(),
    stated: statedFields(),
  }),

  async run({ args, change }) {
    const { opportunity, stated, reason } = args;
    const patch = { ...stated.patch, outcome: { kind: 'lost' as const, reason } };
    await change({ opportunity, stated: { ...stated, patch } });
  },
});
