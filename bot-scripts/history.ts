import { z } from 'zod';
import { defineCommand, field, opportunityRef } from '../src/bot/index.js';
import { fieldHistoryShown, opportunityShown } from '../src/chat/index.js';

export default defineCommand({
  name: '改动记录',
  rank: 18,
  aliases: ['历史', '变更记录'],
  summary: '谁在什么时候改了什么，原话是什么',
  usage: '<商机> 谁改的<金额/阶段/签约日…>',
  examples: ['华为二期 谁改的金额', '改动记录 华为二期 阶段'],
  phrases: [
    ...['谁改', '谁把', '谁动', '谁调'],
    ...['改过几次', '改过吗', '改过没', '有没有改', '什么时候改', '啥时候改'],
    ...['改动记录', '修改记录', '变更记录'],
  ],
  args: z.object({ opportunity: opportunityRef(), field: field().optional() }),

  async run({ args, by, usecases, reply, refuse, spokeOf, view, nameOf }) {
    spokeOf(args.opportunity);
    if (!args.field) {
      const shown = await usecases.show(by, args.opportunity.id);
      if (shown.ok) reply(opportunityShown(shown.value, view));
      else refuse(shown.refusal);
      return;
    }
    const history = await usecases.fieldHistory(by, args.opportunity.id, args.field);
    if (history.ok) reply(fieldHistoryShown(history.value, args.field, { ...view, nameOf }));
    else refuse(history.refusal);
  },
});
