import { z } from 'zod';
import { defineCommand, requestsOf, waitingFor } from '../src/bot/index.js';
import { approvalsListed } from '../src/chat/index.js';

export default defineCommand({
  name: '待我审批',
  rank: 13,
  aliases: ['审批', '待审批'],
  summary: '看等你审批的有哪些，你提交的批了没有',
  usage: '待我审批',
  examples: ['待我审批'],
  phrases: ['审批到哪', '审批进度', '审批进展', '批了吗', '批了没', '我的申请', '我提交的审批'],
  permission: 'leader',
  args: z.object({}),

  async run(context) {
    const waiting = await waitingFor(context);
    const own = await requestsOf(context);
    context.reply(
      approvalsListed(
        waiting.map(({ title, approval }) => ({
          ...approval,
          title,
          requestedByName: context.nameOf(approval.requestedBy),
        })),
        own.map(({ title, approval }) => ({
          ...approval,
          title,
          approverNames: approval.approvers.map(({ userid }) => context.nameOf(userid)),
        })),
        context.view,
      ),
    );
  },
});
