import { z } from 'zod';
import { approvalRef, decideTapped, decideTyped, defineCommand, reason } from '../src/bot/index.js';

export default defineCommand({
  name: '驳回',
  rank: 15,
  aliases: ['拒绝', '不同意'],
  summary: '驳回一项审批，最好说原因',
  usage: '驳回 [#编号] [原因]',
  examples: ['驳回 价格没谈清', '驳回 #12 缺报价单'],
  claims: ['reject'],
  args: z.object({ ref: approvalRef().optional(), reason: reason().optional() }),

  async run(context) {
    const { ref, reason } = context.args;
    await decideTyped(context, { verdict: 'rejected', ref, reason });
  },

  buttons: {
    reject: (context) => decideTapped(context, 'rejected'),
  },
});
