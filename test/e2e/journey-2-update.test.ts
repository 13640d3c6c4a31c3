import { beforeAll, describe, expect, test } from '@jest/globals';

import type { Harness } from '../support/harness.js';
import { shareHarness } from '../support/shared-harness.js';
import type { TestMember } from '../support/test-member.js';

// One company for all: every test speaks of opportunities of its own. Wednesday 18 November 2026.

let harness: Harness;
let zhang: TestMember;

shareHarness((started) => {
  harness = started;
  zhang = harness.member('zhangsan');
});

/** A fresh opportunity of 张三, with what the sentence adds. */
async function has(title: string, customer: string, rest: string): Promise<void> {
  await zhang.says(`新建 ${title} 客户${customer} ${rest}`);
  zhang.shouldSee(`已新建：${title}`);
}

/** Says whether the opportunity now shows all of this. */
async function shows(title: string, ...words: string[]): Promise<void> {
  await zhang.says(`${title}进展`);
  zhang.shouldSee(title, ...words);
}

describe('safe changes', () => {
  test('are written at once, old → new, with absolute days, and 撤销 takes all fields back', async () => {
    await has('华为二期', '华为', '300万 需求确认 12月底签');
    await zhang.says('华为二期 谈判 320万 下周五签');
    expect(zhang.fresh()).toHaveLength(1);
    zhang.shouldSee(
      '已更新：华为二期',
      '阶段：需求确认 → 商务谈判',
      '金额：¥3,000,000 → ¥3,200,000',
      '预计签约：12月31日 周四 → 11月27日 周五',
      '[撤销]',
    );
    await zhang.says('撤销');
    zhang.shouldSee(
      '已撤销：华为二期',
      '商务谈判 → 需求确认',
      '¥3,200,000 → ¥3,000,000',
      '12月31日',
    );
    await zhang.says('撤销');
    zhang.shouldSee('没有可以撤销的改动');
    await shows('华为二期', '需求确认', '¥3,000,000', '12月31日');
  });

  test.each([
    ['把京东仓配的金额改成三百二十万', '¥2,000,000 → ¥3,200,000'],
    ['京东仓配 加10w', '¥3,200,000 → ¥3,300,000'],
    ['京东仓配进方案了', '初步接洽 → 方案呈现'],
    ['京东仓配 推进一步', '方案呈现 → 商务谈判'],
    ['京东仓配 赢率60%', '60%'],
    ['京东仓配 优先级高', '高'],
    ['京东仓配 竞争对手 顺丰科技', '顺丰科技'],
    ['京东仓配 下周二跟进', '11月24日'],
  ])('as reps type it: %s', async (said, seen) => {
    if (said.startsWith('把京东')) await has('京东仓配', '京东', '200万 12月底签');
    await zhang.says(said);
    zhang.shouldSee('京东仓配', seen);
    zhang.shouldNotSee('请确认');
  });

  test('setting a contact is an update, not a contact with the customer', async () => {
    await has('蓝湾银行风控', '蓝湾银行', '120万');
    await zhang.says('蓝湾银行风控 联系人 姚处');
    zhang.shouldSee('已更新：蓝湾银行风控', '联系人：无 → 姚处');
    zhang.shouldNotSee('跟进');
    await shows('蓝湾银行风控', '还没有联系记录', '联系人：姚处');
  });

  test('the same again changes nothing and says so', async () => {
    await has('滴滴调度', '滴滴', '80万');
    await zhang.says('滴滴调度 80万');
    zhang.shouldSee('滴滴调度', '没有变化');
  });

  test('a tap on 撤销 works once, also after a restart', async () => {
    await has('快手直播', '快手', '80万');
    await zhang.says('快手直播 加20万');
    await harness.restart();
    await zhang.taps('撤销');
    zhang.shouldSee('¥1,000,000 → ¥800,000');
    await zhang.taps('撤销', { stale: true });
    zhang.shouldNotSee('→');
    await shows('快手直播', '¥800,000');
  });
});

describe('risky changes are previewed', () => {
  beforeAll(() => has('美的空调线', '美的', '300万 方案呈现 12月底签'));

  test.each([
    ['a falling amount', '美的空调线 250万', '金额变小了'],
    ['a difference downwards', '美的空调线 减30万', '金额变小了'],
    ['a later close date', '美的空调线 推到明年3月底签', '签约日往后推了'],
    ['a backward move', '美的空调线 退回需求确认', '阶段往回退了'],
    ['another owner', '美的空调线 转给李四', '要换负责人'],
  ])('%s, and 取消 writes nothing', async (_, said, why) => {
    await zhang.says(said);
    zhang.shouldSee(why, '[是] [修改] [取消]');
    await zhang.says('取消');
    zhang.shouldSee('没有写入');
    await shows('美的空调线', '方案呈现', '¥3,000,000', '12月31日', '张三');
  });

  test('是 by tap writes, greys the card, and a second tap changes nothing more', async () => {
    await zhang.says('美的空调线 280万');
    const tapped = await zhang.taps('是');
    expect(tapped.passive?.kind).toBe('card-update');
    zhang.shouldSee('¥3,000,000 → ¥2,800,000');
    await zhang.taps('是', { stale: true });
    zhang.shouldNotSee('→');
  });

  test('修改 by tap or text takes the next words into the preview', async () => {
    await zhang.says('美的空调线 200万');
    await zhang.taps('修改');
    zhang.shouldSee('改成什么');
    await zhang.says('260万');
    zhang.shouldSee('¥2,800,000 → ¥2,600,000', '[是]');
    await zhang.says('修改');
    await zhang.says('金额270万');
    zhang.shouldSee('¥2,800,000 → ¥2,700,000');
    await zhang.says('好的');
    zhang.shouldSee('已更新：美的空调线', '¥2,700,000');
  });

  test('the preview outlives a restart', async () => {
    await zhang.says('美的空调线 240万');
    await harness.restart();
    await zhang.says('是');
    zhang.shouldSee('¥2,700,000 → ¥2,400,000');
  });

  test('撤销 while it is open ends the preview, and reaches nothing behind it', async () => {
    await zhang.says('美的空调线 加60万');
    await zhang.says('美的空调线 100万');
    zhang.shouldSee('金额变小了');
    await zhang.says('撤销');
    zhang.shouldSee('没有写入：美的空调线');
    await shows('美的空调线', '¥3,000,000');
    await zhang.says('撤销');
    zhang.shouldSee('¥3,000,000 → ¥2,400,000');
  });

  test('是 with nothing open says so and writes nothing', async () => {
    await zhang.says('是');
    zhang.shouldSee('没有等你确认的内容');
  });
});

describe('who is meant', () => {
  beforeAll(async () => {
    await has('招商银行信贷', '招商银行', '100万');
    await zhang.says('新建 招商银行反欺诈 客户招商银行 100万');
    await zhang.says('是');
  });

  test('an ambiguous name gives a pick list, by number', async () => {
    await zhang.says('招商银行 加20万');
    zhang.shouldSee('说的是哪一个？', '1. ', '2. ');
    const number = /(\d)\. 招商银行信贷/.exec(zhang.last())?.[1] ?? '';
    await zhang.says(number);
    zhang.shouldSee('已更新：招商银行信贷', '¥1,000,000 → ¥1,200,000');
  });

  test('by tap, and by its name', async () => {
    await zhang.says('招行 加20万');
    const option = /(\d)\. 招商银行反欺诈/.exec(zhang.last())?.[1] ?? '';
    await zhang.taps('确定', { select: { choice: option } });
    zhang.shouldSee('已更新：招商银行反欺诈', '¥1,000,000 → ¥1,200,000');
    await zhang.says('招商银行 减5万');
    await zhang.says('反欺诈');
    zhang.shouldSee('招商银行反欺诈', '金额变小了');
    await zhang.says('取消');
  });

  test('a number beyond the list says how many there are; 取消 and 撤销 end it', async () => {
    await zhang.says('招商银行 加20万');
    await zhang.says('5');
    zhang.shouldSee('列表里共 2 项，请回复 1 到 2 之间的序号');
    await zhang.says('取消');
    zhang.shouldSee('先不处理');
    await zhang.says('招商银行 加20万');
    await zhang.says('撤销');
    zhang.shouldSee('先不处理');
    zhang.shouldNotSee('已撤销');
  });

  test('它 and 这单 are the last one spoken of', async () => {
    await has('传音质检', '传音', '50万');
    await zhang.says('这单 60万');
    zhang.shouldSee('传音质检', '¥500,000 → ¥600,000');
    await zhang.says('它到方案了');
    zhang.shouldSee('传音质检', '初步接洽 → 方案呈现');
    await zhang.says('不对，70万');
    zhang.shouldSee('传音质检', '¥600,000 → ¥700,000');
  });

  test('two opportunities in one message are both updated in one reply, and taken back together', async () => {
    await has('OPPO影像', 'OPPO', '50万');
    await has('vivo渠道', 'vivo', '60万');
    await zhang.says('OPPO影像 加10万；vivo渠道 加20万');
    expect(zhang.fresh()).toHaveLength(1);
    zhang.shouldSee('¥500,000 → ¥600,000', '¥600,000 → ¥800,000');
    await zhang.says('撤销');
    zhang.shouldSee('¥600,000 → ¥500,000', '¥800,000 → ¥600,000');
  });

  test('of two, the risky one waits for a yes and the other is written', async () => {
    await has('中兴基站', '中兴', '50万');
    await has('烽火光缆', '烽火', '60万');
    await zhang.says('中兴基站 加10万；烽火光缆 40万');
    zhang.shouldSee('¥500,000 → ¥600,000', '烽火光缆', '金额变小了');
    await zhang.says('是');
    zhang.shouldSee('烽火光缆', '¥600,000 → ¥400,000');
  });

  test('an unknown name is never taken for another', async () => {
    await zhang.says('特斯拉二期 350万');
    zhang.shouldSee('没找到“特斯拉二期”');
  });

  test('a colleague’s is as unknown as one that does not exist', async () => {
    const wang = harness.member('wangwu');
    await wang.says('华为二期 加10万');
    const hidden = wang.last();
    await wang.says('特斯拉二期 加10万');
    expect(wang.last().replaceAll('特斯拉二期', '华为二期')).toBe(hidden);
    expect(hidden).toContain('没找到“华为二期”');
  });
});

describe('what cannot be', () => {
  beforeAll(() => has('海尔冷柜', '海尔', '50万 12月底签'));

  test.each([
    ['海尔冷柜 4月31号签', '“4月31号”不是有效日期，没有写入'],
    ['海尔冷柜 赢率120%', '不是有效赢率，没有写入'],
    ['海尔冷柜 5万美元', '只支持人民币'],
  ])('%s is refused with why', async (said, why) => {
    await zhang.says(said);
    zhang.shouldSee(why);
    await shows('海尔冷柜', '¥500,000', '12月31日');
  });

  test('required criteria are asked for, and the answer alone goes on with the move', async () => {
    await has('春秋航空客服', '春秋航空', '方案呈现');
    await zhang.says('春秋航空客服 谈判');
    zhang.shouldSee('进入商务谈判前还差', '有报价金额', '有预计签约日');
    await zhang.says('50万 下月底签');
    zhang.shouldSee('方案呈现 → 商务谈判', '¥500,000', '12月31日');
  });

  test('somebody else’s change minutes ago is shown first', async () => {
    await has('盒马门店', '盒马', '50万');
    const leader = harness.member('lijingli');
    await leader.says('盒马门店 60万');
    leader.shouldSee('张三', '刚改过', '你仍要改吗？');
    await leader.says('是');
    leader.shouldSee('¥500,000 → ¥600,000');
    await zhang.says('盒马门店 70万');
    zhang.shouldSee('李经理', '刚改过', '你仍要改吗？');
    await zhang.says('不改');
    await shows('盒马门店', '¥600,000');
  });
});
