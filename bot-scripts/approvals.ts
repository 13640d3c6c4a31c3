import { z } from 'zod';
import { defineCommand, waitingFor } from '../src/bot/index.js';
import { approvalsListed } from '../src/chat/index.js';

export default defineCommand({
  name: '待我审批',
  rank: 13,
  aliases: ['审批', '待审批'],
  summary: '看等你审批的有哪些',
  usage: '待我审批',
  examples: ['待我审批'],
  permission: 'leader',
  args: z.object({}),

  async run(context) {
    const waiting = await waitingFor(context);
    context.reply(
      approvalsListed(
        waiting.map(({ title, approval }) => ({
          ...approval,
          title,
          requestedByName: context.nameOf(approval.requestedBy),
        })),
        context.view,
      ),
    );
  },
});
