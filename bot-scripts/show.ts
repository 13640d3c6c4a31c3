import { z } from 'zod';
import { defineCommand, opportunityRef } from '../src/bot/index.js';
import { opportunityShown } from '../src/chat/index.js';

export default defineCommand({
  name: '进展',
  rank: 5,
  aliases: ['查看', '详情'],
  summary: '看一个商机的现状和最近动态',
  usage: '<商机>进展',
  examples: ['华为进展', '查看 华为二期'],
  claims: ['query', 'query:customer'],
  args: z.object({ opportunity: opportunityRef() }),

  async run({ args, by, usecases, reply, refuse, spokeOf, view }) {
    const shown = await usecases.show(by, args.opportunity.id);
    if (!shown.ok) {
      refuse(shown.refusal);
      return;
    }
    spokeOf(shown.value.opportunity);
    reply(opportunityShown(shown.value, view));
  },
});
