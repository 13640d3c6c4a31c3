import { z } from 'zod';
import { defineCommand, keyOfName, nameOrder } from '../src/bot/index.js';
import type { Talk } from '../src/bot/index.js';
import { aliasForgotten, aliasKept, aliasList, aliasUnknown } from '../src/chat/index.js';

export default defineCommand({
  name: '别名',
  rank: 19,
  aliases: ['我的别名'],
  summary: '给商机起个顺口的叫法，自己用或共享给同事',
  usage: '别名 <叫法> 是 <商机>；别名 <叫法> 共享；别名 <叫法> 取消',
  examples: ['别名', '别名 老王那单 是 华为二期', '别名 老王那单 取消'],
  args: z.object({ order: nameOrder().optional() }),

  async run({ args: { order }, ...talk }) {
    const { by, usecases, reply } = talk;
    if (!order) return list(talk);
    const key = keyOfName(order.words);
    if (order.does === 'forget') {
      const gone = await usecases.forgetName(by, key);
      reply(gone ? aliasForgotten(gone.words) : aliasUnknown(order.words));
    } else if (order.does === 'name') {
      await keep(talk, { ...order, key, opportunityId: order.opportunity.id });
    } else {
      const known = await usecases.named(by.userid, key);
      if (!known) return reply(aliasUnknown(order.words));
      await keep(talk, { ...known, shared: true });
    }
  },
});

async function keep(
  { by, at, usecases, reply, refuse }: Talk,
  name: { words: string; key: string; opportunityId: string; shared: boolean },
): Promise<void> {
  const named = await usecases.nameOpportunity({ ...name, by, at, among: null });
  if (named.ok) reply(aliasKept(name.words, named.value.title, name.shared));
  else refuse(named.refusal);
}

async function list({ by, usecases, reply }: Talk): Promise<void> {
  const rows: { words: string; title: string; shared: boolean }[] = [];
  for (const { words, opportunityId, userid } of await usecases.namesOf(by.userid)) {
    const shown = await usecases.show(by, opportunityId);
    if (shown.ok)
      rows.push({ words, title: shown.value.opportunity.title, shared: userid === null });
  }
  reply(aliasList(rows));
}
