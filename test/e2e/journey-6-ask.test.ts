import { describe, expect, test } from '@jest/globals';

import type { Harness } from '../support/harness.js';
import { shareHarness } from '../support/shared-harness.js';
import type { TestMember } from '../support/test-member.js';

// One company for all. Wednesday 18 November 2026: what was written on its morning is asked about.

let harness: Harness;
let zhang: TestMember;
let li: TestMember;
let wang: TestMember;
let leader: TestMember;

shareHarness(async (started) => {
  harness = started;
  zhang = harness.member('zhangsan');
  li = harness.member('lisi');
  wang = harness.member('wangwu');
  leader = harness.member('lijingli');
  await zhang.says('新建 华为二期 客户华为 300万 需求确认 11月底签');
  await zhang.says('华为二期 谈判 320万');
  await zhang.says('今天电话华为张总，嫌贵，周五再约');
  await zhang.says('新建 小米MES 客户小米 50万 12月底签');
  await zhang.says('新建 海底捞后厨 客户海底捞 80万 方案呈现 11月底签');
  await li.says('新建 顾家导购 客户顾家 60万 方案呈现 11月底签');
  await wang.says('新建 腾讯会展 客户腾讯 90万 方案呈现 11月底签');
});

describe('lists', () => {
  test.each(['我的商机', '我有哪些商机', '看看我手上的单子'])(
    '%s: one’s own, numbered',
    async (said) => {
      await zhang.says(said);
      zhang.shouldSee('你的商机：3 个', '华为二期', '¥3,200,000', '小米MES', '海底捞后厨');
      zhang.shouldNotSee(/顾家|腾讯/);
    },
  );

  test('a number opens one of them, a wrong one says how many there are', async () => {
    await zhang.says('我的商机');
    const number = /(\d)\. 小米MES/.exec(zhang.last())?.[1] ?? '';
    await zhang.says(number);
    zhang.shouldSee('小米MES', '客户：');
    await zhang.says('我的商机');
    await zhang.says('8');
    zhang.shouldSee('列表里共 3 项，请回复 1 到 3 之间的序号');
  });

  test('本周要跟进的 holds what was agreed for this week', async () => {
    await zhang.says('本周要跟进的');
    zhang.shouldSee('华为二期', '11月20日');
    zhang.shouldNotSee('小米MES');
  });

  test('谈判阶段有哪些, and a stage where nothing is', async () => {
    await zhang.says('谈判阶段有哪些');
    zhang.shouldSee('商务谈判', '1 个', '华为二期');
    await zhang.says('初步接洽阶段有哪些');
    zhang.shouldSee('小米MES');
    zhang.shouldNotSee('华为二期');
    await zhang.says('需求确认阶段有哪些');
    zhang.shouldSee('没有');
  });

  test('本月预测 sums what is to be signed this month, weighted', async () => {
    await zhang.says('本月预测');
    zhang.shouldSee('预测', '¥');
    await zhang.says('漏斗');
    zhang.shouldSee('漏斗', '商务谈判', '方案呈现');
  });

  test('今日待办 by word and by menu, also when there is nothing', async () => {
    await zhang.says('今日待办');
    expect(zhang.fresh()).toHaveLength(1);
    await zhang.presses('我的商机');
    zhang.shouldSee('你的商机');
    await harness.member('wujingli').says('我的商机');
    harness.member('wujingli').shouldSee(/没有|0 个/);
  });

  test('a long list is capped and says how many are left', async () => {
    const names = [...'甲乙丙丁戊己'].flatMap((a) => [...'金木水火土石'].map((b) => `${a}${b}`));
    for (const [n, name] of names.entries()) {
      if (n % 12 === 0) harness.clock.advance(61_000);
      await wang.says(`新建 ${name}会展系统 客户${name}会展公司 ${n + 1}万`);
    }
    harness.clock.advance(61_000);
    await wang.says('我的商机');
    wang.shouldSee('37 个', /还有 \d+ 项/);
    expect(Buffer.byteLength(wang.last())).toBeLessThanOrEqual(2048);
  }, 60_000);
});

describe('one opportunity', () => {
  test.each(['华为进展', '华为二期怎么样了', '查看 华为二期', '华为二期'])('%s', async (said) => {
    await zhang.says(said);
    zhang.shouldSee('华为二期', '商务谈判', '¥3,200,000', '11月30日', '嫌贵');
  });

  test.each([
    ['华为二期 谁改的金额', '¥3,000,000 → ¥3,200,000', '原话：“华为二期 谈判 320万”'],
    ['华为二期 谁改的阶段', '需求确认 → 商务谈判', '张三'],
    ['华为二期谁改的签约日？', '11月30日', '张三'],
    ['谁把华为二期的联系人改了', '张总', '张三'],
    ['华为二期 谁改的下次跟进', '11月20日', '张三'],
    ['华为二期 改过几次金额', '¥3,000,000 → ¥3,200,000', '张三'],
  ])('%s answers with who, what and the sentence that did it', async (said, what, who) => {
    await zhang.says(said);
    zhang.shouldSee('华为二期', what, who);
  });

  test('a field nobody touched says so', async () => {
    await zhang.says('小米MES 谁改的赢率');
    zhang.shouldSee('“小米MES”的赢率没有改动记录');
  });

  test('what does not exist is not found, with the nearest of one’s own', async () => {
    await zhang.says('特斯拉二期进展');
    zhang.shouldSee('没找到“特斯拉二期”');
    await zhang.says('华为三期 加10万');
    zhang.shouldSee('没找到“华为三期”', '华为二期');
  });
});

describe('only what the asker may see', () => {
  test('peers and other teams see nothing, as if it did not exist', async () => {
    for (const asker of [li, wang]) {
      for (const said of ['华为二期进展', '华为二期 谁改的金额', '查看 华为二期']) {
        await asker.says(said);
        asker.shouldSee('没找到');
        asker.shouldNotSee(/3,200,000|张总|商务谈判/);
      }
    }
    await li.says('谈判阶段有哪些');
    li.shouldNotSee('华为');
  });

  test('the leader chain and administrators do', async () => {
    for (const userid of ['lijingli', 'zongjian', 'guanli']) {
      const asker = harness.member(userid);
      await asker.says('华为二期进展');
      asker.shouldSee('华为二期', '¥3,200,000', '张三');
    }
    await harness.member('wujingli').says('华为二期进展');
    harness.member('wujingli').shouldSee('没找到');
  });

  test('a leader’s stage list spans the team, not the other', async () => {
    await leader.says('方案阶段有哪些');
    leader.shouldSee('海底捞后厨', '顾家导购');
    leader.shouldNotSee('腾讯会展');
  });
});

describe('帮助', () => {
  test('shows what this person can do; leaders are offered approvals', async () => {
    await zhang.says('帮助');
    zhang.shouldSee('新建', '更新', '撤销');
    zhang.shouldNotSee('待我审批');
    await leader.says('你能做什么');
    leader.shouldSee('待我审批');
    await zhang.presses('帮助');
    zhang.shouldSee('新建');
  });

  test('a topic has its examples; an unknown one says which there are', async () => {
    await zhang.says('帮助 更新');
    zhang.shouldSee('例如', '华为二期 谈判 320万');
    await zhang.says('帮助 飞行');
    zhang.shouldSee('没有“飞行”这个话题', '更新');
  });
});
