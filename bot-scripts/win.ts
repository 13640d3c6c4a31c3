import { z } from 'zod';
import { defineCommand, opportunityRef, statedFields, winReason } from '../src/bot/index.js';

export default defineCommand({
  name: '赢单',
  rank: 7,
  aliases: ['赢了', '成交'],
  summary: '商机赢了；先给你确认，再按规定审批',
  usage: '<商机> 赢了 [金额] [赢在哪]',
  examples: ['华为二期 赢了', '华为二期 签下来了 320万'],
  claims: ['win'],
  args: z.object({
    opportunity: opportunityRef(),
    stated: statedFields(),
    reason: winReason().optional(),
  }),

  async run({ args, change }) {
    const { opportunity, stated, reason } = args;
    const patch = { ...stated.patch, outcome: { kind: 'won' as const, reason: reason ?? null } };
    await change({ opportunity, stated: { ...stated, patch } });
  },
});
