import { z } from 'zod';
import { defineCommand, opportunityRef, statedFields } from '../src/bot/index.js';

export default defineCommand({
  name: '推进',
  rank: 3,
  aliases: ['进阶段', '下一阶段'],
  summary: '把商机推进到下一阶段，或指定的阶段',
  usage: '推进 <商机> [到 <阶段>]',
  examples: ['推进 华为二期', '推进 华为二期 到方案呈现'],
  args: z.object({ opportunity: opportunityRef(), stated: statedFields() }),

  async run({ args, change }) {
    const { opportunity, stated } = args;
    const isNamed = stated.patch.stage !== undefined || stated.patch.stageMove !== undefined;
    const patch = isNamed ? stated.patch : { ...stated.patch, stageMove: 'next' as const };
    await change({ opportunity, stated: { ...stated, patch } });
  },
});
