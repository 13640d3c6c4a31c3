import { z } from 'zod';
import { defineCommand, opportunityRef } from '../src/bot/index.js';
import { dayWords, reminderSettledCard, snoozed } from '../src/chat/index.js';
import { addDays } from '../src/kernel/index.js';

export default defineCommand({
  name: '今天不提醒',
  rank: 12,
  aliases: ['今天别提醒'],
  summary: '这个商机今天不再提醒',
  usage: '今天不提醒 [<商机>]',
  examples: ['今天不提醒', '今天不提醒 华为二期'],
  ofReminder: true,
  args: z.object({ opportunity: opportunityRef() }),

  async run({ args, today, usecases, cause, reply, refuse, spokeOf }) {
    const until = { day: addDays(today, 1) };
    const decision = await usecases.snooze({
      ...cause(),
      opportunityId: args.opportunity.id,
      until,
    });
    spokeOf(args.opportunity);
    if (decision.ok) reply(snoozed(decision.value, dayWords(until.day, today)));
    else refuse(decision.refusal);
  },

  buttons: {
    async rest({ argument, today, usecases, cause, refuse, show }) {
      const until = { day: addDays(today, 1) };
      const decision = await usecases.snooze({ ...cause(), opportunityId: argument, until });
      if (!decision.ok) {
        refuse(decision.refusal);
        show(reminderSettledCard('跟进提醒', '已失效'));
        return;
      }
      show(reminderSettledCard(decision.value.title, '今天不再提醒'));
    },
  },
});
