import { describe, expect, test } from '@jest/globals';
import type { Chat } from '../test/support/chat-harness.js';
import { startChat } from '../test/support/chat-harness.js';

async function reminded(...opportunityIds: string[]): Promise<Chat> {
  const chat = await startChat();
  await chat.has({ contacts: [] });
  await chat.has({ id: 'opp_mi', title: '小米MES', customerName: '小米' });
  for (const id of opportunityIds)
    await chat.world.prompts.put({
      id: `reminder-${id}`,
      userid: 'zhangsan',
      kind: 'reminder',
      at: chat.world.clock.now(),
      opportunityIds: [id],
      answeredAt: null,
    });
  return chat;
}

test('a report becomes a follow-up with who, channel, summary and the next day', async () => {
  const chat = await startChat();
  await chat.has();
  const reply = await chat.person('zhangsan').says('今天电话华为张总，嫌贵，下周三再约');
  expect(reply).toContain('已记录并更新');
  expect(reply).toContain('下次跟进 未定 → 3月18日 周三');
  expect(await chat.opportunity('华为二期')).toMatchObject({
    lastFollowUp: { channel: 'call', contacts: ['张总'], by: 'zhangsan' },
    nextFollowUp: { day: '2026-03-18' },
  });
});

describe('a reminder', () => {
  test('is answered by telling what happened, without a name', async () => {
    const chat = await reminded('opp_mi');
    const zhangsan = chat.person('zhangsan');
    expect(await zhangsan.says('电话聊过，下周三再约')).toContain('【小米MES】已记录并更新');
    expect(await chat.opportunity('小米MES')).toMatchObject({
      lastFollowUp: { summary: '电话聊过，下周三再约' },
      nextFollowUp: { day: '2026-03-18' },
    });
  });

  test('small talk and questions are no follow-up', async () => {
    const chat = await reminded('opp_mi');
    const zhangsan = chat.person('zhangsan');
    for (const talk of ['好的', '在吗？', '今天好累啊', '我的商机']) await zhangsan.says(talk);
    expect((await chat.opportunity('小米MES'))?.lastFollowUp).toBeNull();
  });

  test('of two, which one is asked', async () => {
    const chat = await reminded('opp_mi', 'opp_huawei2');
    const zhangsan = chat.person('zhangsan');
    expect(await zhangsan.says('客户说考虑一下')).toContain('这是哪个商机的跟进？');
    expect(await zhangsan.says('小米MES')).toContain('【小米MES】已记录跟进');
    // The answered one is out; the other is now the only one.
    expect(await zhangsan.says('聊过了')).toContain('【华为二期】已记录跟进');
  });

  test('an answer repeated after a crash finds the same reminder', async () => {
    const chat = await reminded('opp_mi');
    const zhangsan = chat.person('zhangsan');
    const first = await zhangsan.says('电话聊过，下周三再约');
    expect((await zhangsan.repeatsLast()).reply?.text).toBe(first);
  });

  test('older than 12 hours it is no longer what a nameless sentence answers', async () => {
    const chat = await reminded('opp_mi');
    chat.world.clock.advance(13 * 3_600_000);
    expect(await chat.person('zhangsan').says('电话聊过了')).not.toContain('已记录跟进');
    expect((await chat.opportunity('小米MES'))?.lastFollowUp).toBeNull();
  });

  test('已跟进 counts at once and asks what was said, which may be answered alone', async () => {
    const chat = await reminded('opp_mi');
    const zhangsan = chat.person('zhangsan');
    const tapped = await zhangsan.tapsKey('followed:opp_mi');
    expect(tapped.card).toMatchObject({ settled: '已跟进', buttons: [] });
    expect(tapped.reply).toContain('客户怎么说？');
    await zhangsan.says('张总说要等预算，下周五再打');
    expect(await chat.opportunity('小米MES')).toMatchObject({
      lastFollowUp: { summary: '张总说要等预算，下周五再打' },
      nextFollowUp: { day: '2026-03-20' },
    });
  });

  test('推迟 turns the card into a choice of days; the day chosen holds', async () => {
    const chat = await reminded('opp_mi');
    const zhangsan = chat.person('zhangsan');
    const choices = await zhangsan.tapsKey('snooze:opp_mi');
    expect(choices.card?.buttons.map(({ text }) => text)).toEqual(['明天', '三天后']);
    const key = choices.card?.buttons[0]?.key ?? '';
    expect((await zhangsan.tapsKey(key)).card).toMatchObject({
      settled: '已推迟',
      body: '推迟到 3月12日 周四',
    });
    expect((await chat.opportunity('小米MES'))?.snoozedUntil).toEqual(
      new Date('2026-03-12T00:00:00+08:00'),
    );
  });

  test('推迟 by text means the reminded one, and rolls to a working day', async () => {
    const chat = await reminded('opp_mi');
    expect(await chat.person('zhangsan').says('推迟 三天后')).toContain(
      '“小米MES”推迟到 3月16日 周一',
    );
  });

  test('今天不提醒 rests it until tomorrow', async () => {
    const chat = await reminded('opp_mi');
    expect((await chat.person('zhangsan').tapsKey('rest:opp_mi')).card).toMatchObject({
      settled: '今天不再提醒',
    });
    expect((await chat.opportunity('小米MES'))?.snoozedUntil).toEqual(
      new Date('2026-03-12T00:00:00+08:00'),
    );
  });

  test('a colleague’s reminder cannot be answered', async () => {
    const chat = await reminded('opp_mi');
    const tapped = await chat.person('wangwu').tapsKey('followed:opp_mi');
    expect(tapped.card).toMatchObject({ settled: '已失效' });
    expect((await chat.opportunity('小米MES'))?.lastFollowUp).toBeNull();
  });
});

test('提醒我 sets the next follow-up, and asks when it was not said', async () => {
  const chat = await reminded();
  const zhangsan = chat.person('zhangsan');
  expect(await zhangsan.says('明天上午10点提醒我跟进小米MES')).toContain(
    '下次跟进 未定 → 3月12日 周四 10:00',
  );
  expect(await zhangsan.says('提醒我跟进华为二期')).toContain('什么时候提醒？');
  expect(await zhangsan.says('周五')).toContain('下次跟进 未定 → 3月13日 周五');
});
