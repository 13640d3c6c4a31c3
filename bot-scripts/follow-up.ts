import { z } from 'zod';
import { defineCommand, followUpNote, opportunityRef, statedFields } from '../src/bot/index.js';
import { question, reminderSettledCard, instantWords } from '../src/chat/index.js';

export default defineCommand({
  name: '跟进',
  rank: 3,
  aliases: ['记录', '跟进记录'],
  summary: '记一次和客户的联系',
  usage: '跟进 <商机> <说了什么> [下次什么时候]',
  examples: ['跟进 华为二期 电话张总，嫌贵，下周三再约'],
  args: z.object({
    opportunity: opportunityRef(),
    followUp: followUpNote(),
    stated: statedFields(),
  }),

  async run({ args, change }) {
    await change(args);
  },

  buttons: {
    /** 已跟进: the contact counts at once; what was said may follow, or not. */
    async followed({ argument, usecases, by, at, view, refuse, change, show, askThen }) {
      const shown = await usecases.show(by, argument);
      if (!shown.ok) {
        refuse(shown.refusal);
        show(reminderSettledCard('跟进提醒', '已失效'));
        return;
      }
      const { opportunity } = shown.value;
      await change({
        opportunity,
        stated: { patch: {}, uncertain: false, ambiguousDates: [], remarks: [] },
        followUp: { channel: null, contacts: [], summary: '已跟进' },
        asksMore: true,
      });
      show(
        reminderSettledCard(
          opportunity.title,
          '已跟进',
          `${by.name} ${instantWords(at, view.today)} 已跟进`,
        ),
      );
      askThen(
        {
          kind: 'open',
          about: 'summary',
          words: question({ about: 'contact-summary', title: opportunity.title }),
          takesWords: true,
          optional: true,
        },
        { opportunity: opportunity.id },
      );
    },
  },
});
