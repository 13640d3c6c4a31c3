import { z } from 'zod';
import {
  defineCommand,
  followUpNote,
  opportunityRef,
  reportsContact,
  statedFields,
  undoTargets,
} from '../src/bot/index.js';
import { undoneCard } from '../src/chat/index.js';

export default defineCommand({
  name: '更新',
  rank: 2,
  aliases: ['修改商机'],
  summary: '改阶段、金额、签约日、联系人等，或记一笔进展',
  usage: '<商机> [阶段] [金额] [几号签] [其他]',
  examples: [
    '华为二期 谈判 320万 下周五签',
    '华为二期 加10万',
    '今天电话华为张总，嫌贵，下周三再约',
  ],
  claims: ['update', 'log'],
  args: z.object({
    opportunity: opportunityRef(),
    stated: statedFields(),
    told: reportsContact(),
    followUp: followUpNote().optional(),
  }),

  async run({ args, change }) {
    const { opportunity, stated, told, followUp } = args;
    await change({ opportunity, stated, ...(told && followUp && { followUp }) });
  },

  buttons: {
    async undo({ argument, undo, show, by, usecases }) {
      const targets = undoTargets(argument);
      const done = await undo(targets);
      const [first] = targets;
      const shown = first && (await usecases.show(by, first.opportunityId));
      const title = shown?.ok ? shown.value.opportunity.title : '刚才的改动';
      show(undoneCard(title, done ? '已撤销' : '不能撤销'));
    },
  },
});
