import { describe, expect, test } from '@jest/globals';
import type { Chat } from '../test/support/chat-harness.js';
import { MEMBERS } from '../src/usecases/testing/index.js';
import { startChat } from '../test/support/chat-harness.js';

async function company(): Promise<Chat> {
  const chat = await startChat();
  await chat.has({ stage: 'negotiate', closeOn: '2026-03-31' });
  await chat.has({
    id: 'opp_mi',
    title: '小米MES',
    customerName: '小米',
    amountFen: 50_000_000,
    nextFollowUp: { day: '2026-03-12' },
  });
  await chat.has({ id: 'opp_dj', title: '大疆仓储', customerName: '大疆', ownerId: 'wangwu' });
  return chat;
}

test('我的商机 lists one’s own; a number opens one of them', async () => {
  const chat = await company();
  const zhangsan = chat.person('zhangsan');
  const list = await zhangsan.says('我的商机');
  expect(list).toContain('你的商机：2 个，合计 ¥3,500,000');
  expect(list).not.toContain('大疆');
  const first = /1\. (\S+?)｜/.exec(list)?.[1] ?? '';
  expect(await zhangsan.says('1')).toContain(`【${first}】`);
});

test('a long list is cut to thirty and says how many are left', async () => {
  const chat = await startChat();
  for (let n = 1; n <= 40; n++) await chat.has({ id: `opp_${n}`, title: `项目${n}号` });
  expect(await chat.person('zhangsan').says('我的商机')).toMatch(/40 个[\s\S]*还有 \d+ 项/);
});

test('this week’s follow-ups, a stage, a customer, the forecast', async () => {
  const chat = await company();
  const zhangsan = chat.person('zhangsan');
  expect(await zhangsan.says('本周要跟进的')).toContain('1. 小米MES');
  expect(await zhangsan.says('谈判阶段有哪些')).toContain('商务谈判阶段的商机：1 个');
  expect(await zhangsan.says('华为进展')).toContain('【华为二期】\n客户：华为');
  expect(await zhangsan.says('本月预测')).toContain('预计还能签：¥2,100,000');
  expect(await zhangsan.says('漏斗')).toContain('销售漏斗：进行中 2 个');
});

test('谁改的金额 answers with the sentence that did it', async () => {
  const chat = await company();
  await chat.person('zhangsan').says('华为二期 320万');
  const history = await chat.person('lei').says('华为二期 谁改的金额');
  expect(history).toContain('张三：¥3,000,000 → ¥3,200,000');
  expect(history).toContain('原话：“华为二期 320万”');
});

test('only what the asker may see: owner, leader chain, administrators', async () => {
  const chat = await company();
  expect(await chat.person('lei').says('大疆仓储进展')).toContain('没找到');
  expect(await chat.person('nan').says('大疆仓储进展')).toContain('【大疆仓储】');
  expect(await chat.person('zong').says('大疆仓储进展')).toContain('【大疆仓储】');
  expect(await chat.person('lisi').says('谈判阶段有哪些')).toContain('没有');
});

describe('a name after 商机', () => {
  test.each([
    ['商机 比亚迪', '没找到“比亚迪”'],
    ['我的商机 比亚迪', '没找到“比亚迪”'],
    // Another team's customer is as unknown as one that does not exist.
    ['商机 大疆', '没找到“大疆”'],
    ['商机 华为', '【华为二期】'],
    ['列表 小米MES', '【小米MES】'],
    ['我的商机 谈判阶段', '商务谈判阶段的商机：1 个'],
    ['商机 本月', '预计 3月1日 周日 – 3月31日 周二 签约的：1 个'],
    ['商机 全部', '你的商机：2 个'],
    ['商机 有哪些？', '你的商机：2 个'],
  ])('%s', async (said, seen) => {
    const chat = await company();
    expect(await chat.person('zhangsan').says(said)).toContain(seen);
  });

  test('several of one customer are listed; of several, one is picked', async () => {
    const chat = await company();
    await chat.has({ id: 'opp_mi2', title: '小米汽车', customerName: '小米' });
    const zhangsan = chat.person('zhangsan');
    expect(await zhangsan.says('商机 小米')).toContain('小米 的商机：2 个');
    await chat.has({ id: 'opp_mes', title: 'MES咨询', customerName: '海尔' });
    expect(await zhangsan.says('商机 MES')).toContain('说的是哪一个？');
    expect(await zhangsan.says('MES咨询')).toContain('【MES咨询】\n客户：海尔');
  });

  test('a leader asks for a report by name', async () => {
    const chat = await company();
    expect(await chat.person('lei').says('商机 张三')).toContain('张三 的商机：2 个');
  });
});

describe('a phase the customer does not have', () => {
  test.each([
    '华为三期进展',
    '华为三期怎么样了',
    '查看 华为三期',
    '华为第三期进展',
    '华为三期 谁改的金额',
    '今天拜访华为三期张总，嫌贵',
    '明天提醒我跟进华为三期',
    '华为三期那单丢了，价格',
  ])('“%s” is not about 华为二期', async (said) => {
    const chat = await company();
    const before = await chat.opportunity('华为二期');
    const reply = await chat.person('zhangsan').says(said);
    expect(reply).toContain('期”。\n你是不是想说：“华为二期”？');
    expect(reply).toMatch(/^没找到“华为第?三期”/);
    expect(await chat.opportunity('华为二期')).toEqual(before);
  });

  test.each(['华为二期进展', '华为2期怎么样了', '华为第二期进展', '华为进展'])(
    '“%s” is',
    async (said) => {
      const chat = await company();
      expect(await chat.person('zhangsan').says(said)).toContain('【华为二期】');
    },
  );

  test('nor is the whole title of another, said with a phase behind it', async () => {
    const chat = await company();
    await chat.has({ id: 'opp_nd', title: '宁德时代', customerName: '宁德时代' });
    const before = await chat.opportunity('宁德时代');
    const zhangsan = chat.person('zhangsan');
    expect(await zhangsan.says('宁德时代二期进展')).toContain('没找到“宁德时代二期”');
    expect(await zhangsan.says('今天拜访宁德时代二期王总，嫌贵')).toContain('没找到');
    expect(await chat.opportunity('宁德时代')).toEqual(before);
  });

  test('an instalment is no phase', async () => {
    const chat = await company();
    const reply = await chat.person('zhangsan').says('今天电话华为，三期款下周到');
    expect(reply).toContain('【华为二期】');
  });
});

test('a numbered list is answered by number, the risky parts in one preview', async () => {
  const chat = await company();
  await chat.has({ id: 'opp_3', title: '海尔冷柜', customerName: '海尔', closeOn: '2026-12-31' });
  await chat.world.prompts.put({
    id: 'digest',
    userid: 'zhangsan',
    kind: 'numbered-list',
    at: chat.world.clock.now(),
    opportunityIds: ['opp_huawei2', 'opp_mi', 'opp_3'],
    answeredAt: null,
  });
  const zhangsan = chat.person('zhangsan');

  const reply = await zhangsan.says('1 推到周五 2 已报价30万 3 输单 价格高');
  expect(reply).toContain('【华为二期】已更新\n下次跟进 未定 → 3月13日 周五');
  expect(reply).toContain('1. 【小米MES】\n金额 ¥500,000 → ¥300,000');
  expect(reply).toContain('2. 【海尔冷柜】\n阶段 需求确认 → 输单');
  await zhangsan.says('是');
  expect(await chat.opportunity('小米MES')).toMatchObject({ amountFen: 30_000_000 });
  expect(await chat.opportunity('海尔冷柜')).toMatchObject({ stage: 'lost' });
  expect(await zhangsan.says('7 推到周五')).toContain('请回复 1 到 3 之间的序号');
});

test('今日待办 by sentence and by menu', async () => {
  const chat = await company();
  chat.world.clock.advance(24 * 3_600_000);
  const zhangsan = chat.person('zhangsan');
  expect(await zhangsan.says('今日待办')).toContain('小米MES');
  const outcome = await zhangsan.sends({ kind: 'menu', item: 'todo' });
  expect(outcome.reply?.text).toContain('小米MES');
});

test('帮助 shows what this person can do, and a topic with examples', async () => {
  const chat = await company();
  expect(await chat.person('zhangsan').says('帮助')).not.toContain('待我审批');
  expect(await chat.person('lei').says('帮助')).toContain('待我审批');
  expect(await chat.person('zhangsan').says('帮助 更新')).toContain(
    '例如：\n· 华为二期 谈判 320万',
  );
  expect(await chat.person('zhangsan').says('帮助 飞行')).toContain('没有“飞行”这个话题');
});

test('建群 is for leaders, and says who is in', async () => {
  const chat = await company();
  expect(await chat.person('zhangsan').says('建群 华东销售群 @张三 @李四')).toContain('只有主管');
  expect(await chat.person('lei').says('建群 华东销售群 @张三 @李四')).toContain('建好了');
  expect(await chat.person('lei').says('建群 华东销售群 @没这人')).toContain('没找到同事“没这人”');
  expect(await chat.person('lei').says('建群')).toContain('请写群名和成员');
});

test('colleagues who share a name are told apart by their account', async () => {
  const [lei, ...others] = MEMBERS.filter(({ userid }) => userid === 'lei');
  const lisi = MEMBERS.find(({ userid }) => userid === 'lisi');
  if (!lei || !lisi) throw new Error('the test company changed');
  const members = [lei, ...others, lisi, { ...lisi, userid: 'lisi2', departmentName: '华南组' }];
  const chat = await startChat({ members });
  const say = (text: string) => chat.person('lei').says(text);
  expect(await say('建群 华东销售群 @李四')).toContain('有 2 位同事叫“李四”');
  expect(await say('建群 华东销售群 @lisi2')).toContain('成员：雷经理、李四');
});

describe('团队商机', () => {
  test.each(['团队商机', '我的团队', '所有商机', '部门商机'])(
    '“%s” of a leader is everything they see',
    async (said) => {
      const chat = await company();
      expect(await chat.person('lei').says(said)).toContain('团队的商机：2 个');
      expect(await chat.person('lei').says('我的商机')).toContain('你的商机：没有');
      expect(await chat.person('zong').says(said)).toContain('团队的商机：3 个');
    },
  );

  test('“所有商机” of a rep is their own', async () => {
    const chat = await company();
    expect(await chat.person('zhangsan').says('所有商机')).toContain('你的商机：2 个');
  });

  test('those it was handed to are shown by name', async () => {
    const chat = await company();
    await chat.person('lei').says('小米MES 转给李四');
    await chat.person('lei').says('是');
    await chat.person('lei').says('撤销');
    expect(await chat.person('admin').says('小米MES进展')).toContain('负责人 张三 → 李四');
  });
});

test('a day that was not taken into a new one is said', async () => {
  const chat = await startChat();
  const reply = await chat
    .person('zhangsan')
    .says('新建 美的空调 客户美的 900万 12月底签 明天跟进');
  const made = await chat.opportunity('美的空调');
  expect(made?.closeOn).toBe('2026-12-31');
  expect(made?.nextFollowUp ?? reply).toEqual(
    made?.nextFollowUp ? { day: '2026-03-12' } : expect.stringContaining('没用上的话'),
  );
});
