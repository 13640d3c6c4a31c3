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

  test('a day of another release’s card that is none puts nothing off', async () => {
    const chat = await reminded('opp_mi');
    const tapped = await chat.person('zhangsan').tapsKey('snooze-until:opp_mi:tomorrow');
    expect(tapped.card).toMatchObject({ settled: '已失效' });
    expect((await chat.opportunity('小米MES'))?.snoozedUntil).toBeNull();
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

describe('the next date, asked for with a record', () => {
  test('a day alone is the next contact, not the day of signing', async () => {
    const chat = await reminded();
    const zhangsan = chat.person('zhangsan');
    expect(await zhangsan.says('今天拜访华为张总，聊了付款方式')).toContain('下次什么时候联系？');
    expect(await zhangsan.says('下周二')).toContain('下次跟进 未定 → 3月17日 周二');
    expect((await chat.opportunity('华为二期'))?.closeOn).toBe('2026-04-30');
  });

  test('nor an answer to the reminder about another one', async () => {
    const chat = await reminded('opp_mi');
    const zhangsan = chat.person('zhangsan');
    await zhangsan.says('今天拜访华为张总，聊了付款方式');
    expect(await zhangsan.says('下周二')).toContain('【华为二期】');
    expect((await chat.opportunity('小米MES'))?.nextFollowUp).toBeNull();
  });

  test('whatever else is said is not swallowed, and 撤销 ends the question', async () => {
    const chat = await reminded();
    const zhangsan = chat.person('zhangsan');
    await zhangsan.says('今天拜访华为张总，聊了付款方式');
    expect(await zhangsan.says('320万')).toContain('¥3,000,000 → ¥3,200,000');
    await zhangsan.says('今天又拜访华为张总，聊了交付');
    await zhangsan.says('撤销');
    expect(await zhangsan.says('下周二')).toContain('是指？');
  });

  test('a kept appointment without a next one is asked for as well', async () => {
    const chat = await reminded();
    const zhangsan = chat.person('zhangsan');
    await zhangsan.says('华为二期 今天跟进');
    expect(await zhangsan.says('今天电话华为张总，嫌贵')).toContain('下次什么时候联系？');
  });

  test('已跟进 asks what was said, then when next', async () => {
    const chat = await reminded('opp_mi');
    const zhangsan = chat.person('zhangsan');
    expect((await zhangsan.tapsKey('followed:opp_mi')).reply).not.toContain('什么时候');
    expect(await zhangsan.says('客户说考虑一下')).toContain('下次什么时候联系？');
    expect(await zhangsan.says('下周三')).toContain(
      '【小米MES】已更新\n下次跟进 未定 → 3月18日 周三',
    );
  });

  test('a closed one has no next contact', async () => {
    const chat = await startChat();
    await chat.has({ outcome: { kind: 'lost', on: '2026-03-10', reason: '价格' }, stage: 'lost' });
    expect(await chat.person('zhangsan').says('今天电话华为张总，嫌贵')).not.toContain('下次');
  });
});

describe('a bare day about the one last spoken of', () => {
  test.each([
    ['1', 'nextFollowUp', { day: '2026-03-17' }],
    ['下次跟进', 'nextFollowUp', { day: '2026-03-17' }],
    ['签约', 'closeOn', '2026-03-17'],
  ])('is asked about; “%s” is %s', async (answer, field, value) => {
    const chat = await startChat();
    const before = await chat.has();
    const zhangsan = chat.person('zhangsan');
    await zhangsan.says('华为二期进展');
    expect(await zhangsan.says('下周二')).toBe(
      '“华为二期” 3月17日 周二 是指？\n1. 下次跟进\n2. 预计签约\n回复序号即可，“取消”放弃。',
    );
    expect(await chat.opportunity('华为二期')).toEqual(before);
    await zhangsan.says(answer);
    expect(await chat.opportunity('华为二期')).toMatchObject({ [field]: value });
  });

  test('with its verb it is not', async () => {
    const chat = await startChat();
    await chat.has();
    const zhangsan = chat.person('zhangsan');
    await zhangsan.says('华为二期进展');
    expect(await zhangsan.says('下周二签')).toContain('预计签约 4月30日 周四 → 3月17日 周二');
    expect(await zhangsan.says('周五跟进')).toContain('下次跟进 未定 → 3月13日 周五');
  });
});

describe('推迟 and 今天不提醒 without a name', () => {
  test.each(['今天不提醒', '推迟 明天'])(
    '“%s” is about the reminder that waits, not the deal spoken of last',
    async (said) => {
      const chat = await reminded('opp_mi');
      const zhangsan = chat.person('zhangsan');
      await zhangsan.says('华为二期 320万');
      expect(await zhangsan.says(said)).toContain('“小米MES”推迟到');
      expect((await chat.opportunity('华为二期'))?.snoozedUntil).toBeNull();
    },
  );

  test('of two reminders, which one is asked', async () => {
    const chat = await reminded('opp_mi', 'opp_huawei2');
    const zhangsan = chat.person('zhangsan');
    expect(await zhangsan.says('今天不提醒')).toContain('说的是哪一个的提醒？');
    expect(await zhangsan.says('小米MES')).toContain('“小米MES”推迟到');
  });
});
