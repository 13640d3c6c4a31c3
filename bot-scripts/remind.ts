import { z } from 'zod';
import { defineCommand, moment, opportunityRef, statedFields } from '../src/bot/index.js';

export default defineCommand({
  name: '提醒我',
  rank: 10,
  aliases: ['提醒'],
  summary: '约下次跟进的时间，到时提醒你',
  usage: '<什么时候> 提醒我 <商机>',
  examples: ['三天后提醒我问华为二期的反馈', '明天上午10点提醒我跟进华为二期'],
  claims: ['remind'],
  args: z.object({
    opportunity: opportunityRef(),
    at: moment(),
    stated: statedFields(),
  }),

  async run({ args, change }) {
    const { opportunity, at, stated } = args;
    const patch = { ...stated.patch, nextFollowUp: at };
    await change({ opportunity, stated: { ...stated, patch } });
  },
});
