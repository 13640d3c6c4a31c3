import { describe, expect, test } from '@jest/globals';
import type { Chat } from '../test/support/chat-harness.js';
import { startChat } from '../test/support/chat-harness.js';

const BIG = {
  id: 'opp_big',
  title: '国网江苏调度',
  customerName: '国网江苏',
  stage: 'propose',
  amountFen: 800_000_000,
};

/** 张三 asks to move a deal of ¥8,000,000 into 商务谈判; 雷经理 has the card. */
async function asked(): Promise<Chat> {
  const chat = await startChat();
  await chat.has(BIG);
  await chat.person('zhangsan').says('国网江苏调度 谈判');
  return chat;
}

test('the stage is held, the rest is applied, and both are said', async () => {
  const chat = await startChat();
  await chat.has(BIG);
  const reply = await chat.person('zhangsan').says('国网江苏调度 谈判 810万');
  expect(reply).toContain('金额 ¥8,000,000 → ¥8,100,000');
  expect(reply).toContain('待审批 #1：阶段→商务谈判，已请 雷经理 审批，同意后生效。');
  expect(await chat.opportunity('国网江苏调度')).toMatchObject({
    stage: 'propose',
    amountFen: 810_000_000,
  });
});

test('the card shows the criteria, and a second tap the truth', async () => {
  const chat = await asked();
  const lei = chat.person('lei');
  expect(lei.receives()).toContain('✗ 有客户联系人');
  const key = lei.lastCard()?.buttons.find(({ text }) => text === '同意')?.key ?? '';

  expect((await lei.tapsKey(key)).card).toMatchObject({ settled: '雷经理 已同意' });
  expect((await chat.opportunity('国网江苏调度'))?.stage).toBe('negotiate');
  const late = await lei.tapsKey(key);
  expect(late.card).toMatchObject({ settled: '雷经理 已同意', buttons: [] });
  expect(late.reply).toBe('');
});

test('someone who may not approve learns nothing by tap or text', async () => {
  const chat = await asked();
  const lei = chat.person('lei');
  lei.receives();
  const key = lei.lastCard()?.buttons[0]?.key ?? '';
  const wangwu = chat.person('wangwu');

  const tapped = await wangwu.tapsKey(key);
  expect(tapped.card).toMatchObject({ settled: '不由你处理' });
  expect(JSON.stringify(tapped)).not.toMatch(/国网|8,000,000/);
  expect(await wangwu.says('同意 #1')).not.toMatch(/国网|8,000,000/);
  expect(await chat.person('zhangsan').says('同意 #1')).toContain('不能自己审批');
  expect((await chat.opportunity('国网江苏调度'))?.stage).toBe('propose');
});

test('同意 is enough when one waits; several give a pick list', async () => {
  const chat = await asked();
  await chat.has({ ...BIG, id: 'opp_2', title: '南网二期', customerName: '南网' });
  await chat.person('zhangsan').says('南网二期 谈判');
  const lei = chat.person('lei');

  expect(await lei.says('同意')).toContain('有 2 项等你审批，同意哪一项？\n1. #1 国网江苏调度');
  expect(await lei.says('2')).toContain('已同意 #2“南网二期”');
  expect(await lei.says('同意')).toContain('已同意 #1“国网江苏调度”');
  expect(await lei.says('同意')).toBe('现在没有等你审批的事项。');
});

test('驳回 with its reason is told to the requester', async () => {
  const chat = await asked();
  expect(await chat.person('lei').says('驳回 价格没谈清')).toContain('原因：价格没谈清');
  expect(chat.person('zhangsan').receives()).toContain('原因：价格没谈清');
});

test('驳回 by tap takes effect at once, then asks why; the answer reaches the requester', async () => {
  const chat = await asked();
  const lei = chat.person('lei');
  lei.receives();

  const tapped = await lei.taps('驳回');
  expect(tapped.card).toMatchObject({ settled: '雷经理 已驳回' });
  expect(tapped.reply).toContain('原因是什么？');
  expect((await chat.opportunity('国网江苏调度'))?.approval).toBeNull();
  expect(await lei.says('报价单没有')).toContain('原因：报价单没有');
  expect(chat.person('zhangsan').receives()).toContain('原因：报价单没有');
});

test('the question for a reason may be left unanswered', async () => {
  const chat = await asked();
  const lei = chat.person('lei');
  await lei.says('驳回 #1');
  expect(await lei.says('待我审批')).toBe('现在没有等你审批的事项。');
});

test('撤回申请 takes one’s own request back', async () => {
  const chat = await asked();
  expect(await chat.person('zhangsan').says('撤回申请')).toContain('已撤回 #1');
  expect((await chat.opportunity('国网江苏调度'))?.approval).toBeNull();
  expect(await chat.person('lei').says('同意')).toBe('现在没有等你审批的事项。');
});

describe('repeated after a crash', () => {
  const words = (outcome: { reply: { text: string } | null }): string => outcome.reply?.text ?? '';

  test.each([
    ['同意', '已同意 #1“国网江苏调度”'],
    ['驳回 价格没谈清', '原因：价格没谈清'],
  ])('a typed %s answers what it did, and decides nothing that came since', async (said, seen) => {
    const chat = await asked();
    const lei = chat.person('lei');
    const first = await lei.says(said);
    expect(first).toContain(seen);

    await chat.has({ ...BIG, id: 'opp_2', title: '南网二期', customerName: '南网' });
    await chat.person('zhangsan').says('南网二期 谈判');
    expect(words(await lei.repeatsLast())).toBe(first);
    expect((await chat.opportunity('南网二期'))?.approval).not.toBeNull();
  });

  test('撤回申请 takes back the same request again, not another one', async () => {
    const chat = await asked();
    const zhangsan = chat.person('zhangsan');
    const first = await zhangsan.says('撤回申请');
    await chat.has({ ...BIG, id: 'opp_2', title: '南网二期', customerName: '南网' });
    const other = await chat.usecases.changeOpportunity({
      causeId: 'other',
      by: chat.world.directory.who('zhangsan'),
      at: chat.world.clock.now(),
      said: '南网二期 谈判',
      opportunityId: 'opp_2',
      patch: { stage: 'negotiate' },
      confirmed: true,
    });
    expect(other.ok).toBe(true);
    expect(words(await zhangsan.repeatsLast())).toBe(first);
    expect((await chat.opportunity('南网二期'))?.approval).not.toBeNull();
  });

  test('同意 is no yes to what was asked after it was typed', async () => {
    const chat = await asked();
    const typedAt = chat.world.clock.now();
    chat.world.clock.advance(60_000);
    await chat.has({ ...BIG, id: 'opp_2', title: '南网二期', customerName: '南网' });
    await chat.person('zhangsan').says('南网二期 谈判');
    const late = { kind: 'text', text: '同意', key: 'late', from: 'lei', at: typedAt } as const;
    expect(words(await chat.bot.handle(late))).toContain('已同意 #1“国网江苏调度”');
    expect((await chat.opportunity('南网二期'))?.approval).not.toBeNull();
  });
});

test('what found no approver waits for the administrator, who was told to answer', async () => {
  const chat = await startChat();
  await chat.has({ ...BIG, ownerId: 'zong' });
  await chat.person('zong').says('国网江苏调度 谈判');
  const admin = chat.person('admin');
  expect(admin.receives()).toContain('同意 #1');
  expect(await admin.says('待我审批')).toContain('等你审批的有 1 项');
  expect(await chat.person('lei').says('待我审批')).toContain('没有等你审批');
  expect(await admin.says('同意')).toContain('已同意 #1“国网江苏调度”');
});

test('喜报 is promised only where a group will hear it', async () => {
  const won = async (ownerId: string, leader: string) => {
    const chat = await startChat();
    await chat.has({ ownerId });
    await chat.person(ownerId).says('华为二期 赢了');
    await chat.person(ownerId).says('是');
    return chat.person(leader).says('同意');
  };
  expect(await won('zhangsan', 'lei')).toContain('恭喜赢单！喜报会发到销售群。');
  const quiet = await won('wangwu', 'nan');
  expect(quiet).toContain('恭喜赢单！');
  expect(quiet).not.toContain('销售群');
});

test.each(['待我审批', '审批到哪了', '国网江苏调度批了吗', '我的申请'])(
  '%s tells the requester whom it waits for',
  async (said) => {
    const chat = await asked();
    expect(await chat.person('zhangsan').says(said)).toBe(
      [
        '现在没有等你审批的事项。',
        '你提交、还没批的有 1 项：',
        '#1 国网江苏调度｜今天 10:00｜阶段 方案呈现 → 商务谈判｜等 雷经理',
        '不申请了请说“撤回申请”。',
      ].join('\n'),
    );
  },
);
