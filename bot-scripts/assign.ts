import { z } from 'zod';
import { colleague, defineCommand, opportunityRef, statedFields } from '../src/bot/index.js';

export default defineCommand({
  name: '转派',
  rank: 17,
  aliases: ['转给', '分派'],
  summary: '把商机转给同事；先给你确认',
  usage: '<商机> 转给 <同事>',
  examples: ['华为二期 转给李四'],
  claims: ['assign'],
  args: z.object({
    opportunity: opportunityRef(),
    to: colleague(),
    stated: statedFields(),
  }),

  async run({ args, change }) {
    const { opportunity, to, stated } = args;
    const patch = { ...stated.patch, ownerId: to.userid };
    await change({ opportunity, stated: { ...stated, patch } });
  },
});
