import { z } from 'zod';
import { askedQuestion, defineCommand } from '../src/bot/index.js';
import type { AskedList } from '../src/bot/index.js';
import {
  forecastShown,
  funnelShown,
  opportunitiesListed,
  opportunityShown,
} from '../src/chat/index.js';
import type { ListTitle } from '../src/chat/index.js';

export default defineCommand({
  name: '我的商机',
  rank: 4,
  aliases: ['商机', '列表', '团队商机', '我的团队', '部门商机', '全部商机', '所有商机'],
  summary: '查商机：我的、团队的、本周要跟进的、某阶段、快签的、赢单、输单、漏斗、预测',
  usage: '我的商机 / 本周要跟进的 / <阶段>有哪些 / 本月预测 / 漏斗',
  examples: ['我的商机', '本周要跟进的', '谈判阶段有哪些', '本月预测', '本月赢单'],
  claims: [
    'query:mine',
    'query:owner',
    'query:followups',
    'query:stage',
    'query:closing',
    'query:stale',
    'query:won',
    'query:lost',
    'query:funnel',
    'query:forecast',
  ],
  menu: { mine: '我的商机' },
  args: z.object({ asked: askedQuestion() }),

  async run({ args: { asked }, by, usecases, reply, refuse, spokeOf, numbered, view, nameOf }) {
    if ('forecast' in asked) {
      reply(forecastShown(await usecases.forecast(by, asked.forecast), view));
      return;
    }
    if ('opportunity' in asked) {
      const shown = await usecases.show(by, asked.opportunity.id);
      if (!shown.ok) {
        refuse(shown.refusal);
        return;
      }
      spokeOf(shown.value.opportunity);
      reply(opportunityShown(shown.value, view));
      return;
    }
    const question = asked.list;
    const list = await usecases.list(by, question);
    if (question.kind === 'funnel') {
      reply(funnelShown(list, view));
      return;
    }
    const title = titled(question, nameOf);
    reply(opportunitiesListed(list, title, view));
    if (list.items.length > 0) await numbered(list.items.map(({ id }) => id));
  },
});

/** What was asked, as the list's headline. */
function titled(
  question: Exclude<AskedList, { kind: 'funnel' }>,
  nameOf: (userid: string) => string,
): ListTitle {
  switch (question.kind) {
    case 'mine':
    case 'team':
    case 'stale':
      return { about: question.kind };
    case 'owner':
      return { about: 'owner', name: nameOf(question.ownerId) };
    case 'stage':
      return { about: 'stage', stage: question.stage };
    case 'customer':
      return { about: 'customer', customerName: question.customerName };
    case 'followups':
    case 'closing':
    case 'won':
    case 'lost':
      return { about: question.kind, from: question.from, to: question.to };
  }
}
