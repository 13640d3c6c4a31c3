import { z } from 'zod';
import { approvalRef, decideTapped, decideTyped, defineCommand } from '../src/bot/index.js';

export default defineCommand({
  name: '同意',
  rank: 14,
  aliases: ['批准', '通过'],
  summary: '同意一项审批',
  usage: '同意 [#编号]',
  examples: ['同意', '同意 #12'],
  claims: ['approve'],
  args: z.object({ ref: approvalRef().optional() }),

  async run(context) {
    await decideTyped(context, {
      verdict: 'approved',
      ref: context.args.ref,
      reason: undefined,
    });
  },

  buttons: {
    approve: (context) => decideTapped(context, 'approved'),
  },
});
