import { z } from 'zod';
import { defineCommand, moment, opportunityRef, snoozeDays } from '../src/bot/index.js';
import {
  dayWords,
  question,
  reminderSettledCard,
  snoozeChoices,
  snoozed,
  whenWords,
} from '../src/chat/index.js';
import { isDay } from '../src/kernel/index.js';

export default defineCommand({
  name: '推迟',
  rank: 11,
  aliases: ['稍后', '推迟提醒'],
  summary: '把一个商机的提醒往后放',
  usage: '推迟 [<商机>] <到什么时候>',
  examples: ['推迟 华为二期 三天后', '推迟 明天'],
  ofReminder: true,
  args: z.object({
    opportunity: opportunityRef(),
    until: moment(),
  }),

  async run({ args, usecases, cause, policies, reply, refuse, spokeOf, view }) {
    const { opportunity, until: said } = args;
    // Nobody is reminded on a day off (decisions 15), unless they named the minute.
    const until = said.time ? said : { day: policies.calendar.rollForward(said.day) };
    const decision = await usecases.snooze({ ...cause(), opportunityId: opportunity.id, until });
    spokeOf(opportunity);
    if (decision.ok) reply(snoozed(decision.value, whenWords(until, view.today)));
    else refuse(decision.refusal);
  },

  buttons: {
    /** 推迟: the card turns into the choice of days; another day may be typed. */
    async snooze({ argument, usecases, by, today, policies, refuse, show, askThen, view }) {
      const shown = await usecases.show(by, argument);
      if (shown.ok) {
        const { opportunity } = shown.value;
        show(snoozeChoices(opportunity, snoozeDays(today, policies), view));
        askThen(
          {
            kind: 'open',
            about: 'when',
            words: question({ about: 'when' }),
            optional: true,
            silent: true,
          },
          { opportunity: opportunity.id },
        );
        return;
      }
      refuse(shown.refusal);
      show(reminderSettledCard('跟进提醒', '已失效'));
    },

    async 'snooze-until'({ argument, usecases, cause, refuse, show, view }) {
      const [opportunityId = '', day = ''] = argument.split(':');
      if (!isDay(day)) {
        show(reminderSettledCard('跟进提醒', '已失效'));
        return;
      }
      const decision = await usecases.snooze({ ...cause(), opportunityId, until: { day } });
      if (!decision.ok) {
        refuse(decision.refusal);
        show(reminderSettledCard('跟进提醒', '已失效'));
        return;
      }
      const until = dayWords(day, view.today);
      show(reminderSettledCard(decision.value.title, '已推迟', `推迟到 ${until}`));
    },
  },
});
