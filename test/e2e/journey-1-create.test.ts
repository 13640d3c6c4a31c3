import { beforeAll, describe, expect, test } from '@jest/globals';

import type { Harness } from '../support/harness.js';
import { shareHarness } from '../support/shared-harness.js';
import type { TestMember } from '../support/test-member.js';

// One company for all: every test speaks of customers of its own. Wednesday 18 November 2026.

let harness: Harness;
let zhang: TestMember;
let li: TestMember;

shareHarness((started) => {
  harness = started;
  zhang = harness.member('zhangsan');
  li = harness.member('lisi');
});

describe('a sentence creates', () => {
  test('the card shows customer, ¥ amount, stage, owner and the close date in absolute form', async () => {
    await zhang.says('新建 华为二期 客户华为 300万 需求确认 12月底签');
    zhang.shouldSee(
      '已新建：华为二期',
      '客户：华为',
      '阶段：需求确认',
      '金额：¥3,000,000',
      '预计签约：12月31日 周四',
      '下次跟进：',
      '负责人：张三',
      '[撤销]',
    );
  });

  test('a month that is over this year is meant next year', async () => {
    await zhang.says('新建 联想采购平台 客户联想 88.5万 9月底签');
    zhang.shouldSee('¥885,000', '预计签约：2027年9月30日');
  });

  test.each([
    [
      '帮我新建个商机：顺丰分拣改造，客户顺丰，120w，方案阶段',
      '顺丰分拣改造',
      '客户：顺丰',
      '¥1,200,000',
    ],
    ['新建商机 海信冷链监控 客户海信 六十万', '海信冷链监控', '客户：海信', '¥600,000'],
    ['新建 招行信用卡中台 客户:招商银行 2.3亿', '招行信用卡中台', '客户：招商银行', '¥230,000,000'],
    ['  新建　　格力空调MES　客户格力　５０万  ', '格力空调MES', '客户：格力', '¥500,000'],
  ])('as reps type it: %s', async (said, title, customer, amount) => {
    await zhang.says(said);
    zhang.shouldSee(`已新建：${title}`, customer, amount);
  });

  test('what is missing is named with what to type, and added by saying only that', async () => {
    await zhang.says('新建 安踏门店系统 客户安踏');
    zhang.shouldSee('已新建：安踏门店系统', '金额 50万', '下月底签');
    await zhang.says('45万 下月底签');
    zhang.shouldSee('安踏门店系统', '金额：未定 → ¥450,000', '12月31日');
  });

  test('two in one message are two, in one reply', async () => {
    await zhang.says('新建 百度云盘 客户百度 20万；新建 网易邮箱 客户网易 30万');
    expect(zhang.fresh()).toHaveLength(1);
    zhang.shouldSee('百度云盘', '¥200,000', '网易邮箱', '¥300,000');
  });
});

describe('something needed is missing', () => {
  test('nothing said: one question, answered alone, together with the values', async () => {
    await zhang.says('新建');
    expect(zhang.fresh()).toHaveLength(1);
    zhang.shouldSee('新商机叫什么、客户是谁？');
    await zhang.says('江铃产线改造 客户江铃 80万 年底签');
    zhang.shouldSee('已新建：江铃产线改造', '客户：江铃', '¥800,000', '12月31日');
  });

  test('取消 ends the question, and nothing is created', async () => {
    await zhang.says('新建商机');
    await zhang.says('取消');
    zhang.shouldSee('先不处理');
    await zhang.says('江淮产线改造');
    zhang.shouldNotSee('已新建');
  });

  test('something else instead of an answer is done, and nothing is created', async () => {
    await zhang.says('新建');
    await zhang.says('我的商机');
    zhang.shouldSee('你的商机');
    zhang.shouldNotSee('已新建');
  });

  test('a whole 新建 instead of an answer is read whole', async () => {
    await li.says('新建');
    await li.says('新建 奇瑞总装线 客户奇瑞 30万');
    li.shouldSee('已新建：奇瑞总装线', '客户：奇瑞', '¥300,000');
  });

  test('the question outlives a restart of the server', async () => {
    await li.says('新建');
    await harness.restart();
    await li.says('五粮液追溯 客户五粮液 60万');
    li.shouldSee('已新建：五粮液追溯', '客户：五粮液', '¥600,000');
  });
});

describe('the same customer has an open opportunity', () => {
  beforeAll(async () => {
    await zhang.says('新建 比亚迪充电桩 客户比亚迪 900万 下月底签');
  });

  test('a colleague is told whom to ask, and neither title nor amount; 取消 creates nothing', async () => {
    await li.says('新建 比亚迪仓储 客户比亚迪 70万');
    li.shouldSee('同客户已有 1 个进行中商机，请联系 张三。仍要新建？', '[是] [取消]');
    li.shouldNotSee(/充电桩|9,000,000/);
    await li.says('取消');
    li.shouldSee('没有写入', '比亚迪仓储');
    await li.says('我的商机');
    li.shouldNotSee('比亚迪');
  });

  test('是 by tap creates it once; a second tap shows what became of it', async () => {
    await li.says('新建 比亚迪涂装线 客户比亚迪股份有限公司 70万');
    li.shouldSee('请联系 张三');
    const tapped = await li.taps('是');
    expect(tapped.passive?.kind).toBe('card-update');
    li.shouldSee('已新建：比亚迪涂装线');
    await li.taps('是', { stale: true });
    li.shouldNotSee('已新建');
    await li.says('我的商机');
    expect(li.last().match(/\d\. 比亚迪涂装线/g)?.length).toBe(1);
  });

  test('one’s own is named', async () => {
    await zhang.says('新建 比亚迪二厂 客户比亚迪 30万');
    zhang.shouldSee('其中有你的“比亚迪充电桩”', '李四');
    await zhang.says('算了');
    zhang.shouldNotSee('已新建');
  });
});

describe('a customer typed as such', () => {
  beforeAll(async () => {
    await zhang.says('新建 小米一期 客户小米科技 50万 下月底签');
  });

  test('is never silently another: the known one is offered, and then its 撞单 is said', async () => {
    await li.says('新建 小米手环质检 客户小米 40万');
    li.shouldSee('客户“小米”是哪一家？', '1. 小米科技', '2. 小米（新客户）');
    await li.says('1');
    li.shouldSee('新建 小米手环质检？', '请联系 张三', '客户：小米科技');
    await li.says('取消');
  });

  test('may be a new one, by number, by its name or by tap', async () => {
    await li.says('新建 小米之家导购 客户小米 40万');
    await li.taps('确定', { select: { choice: '2' } });
    li.shouldSee('已新建：小米之家导购');
    expect(li.last()).toMatch(/客户：小米$/m);
  });
});

describe('repeated, odd and taken back', () => {
  test('撤销 takes a new one back, by word or by its button', async () => {
    await zhang.says('新建 伊利奶源 客户伊利 20万');
    await zhang.says('撤销');
    zhang.shouldSee('已撤销：新建的“伊利奶源”已收回');
    await zhang.says('伊利奶源 30万');
    zhang.shouldSee('没找到“伊利奶源”');

    await zhang.says('新建 蒙牛奶源 客户蒙牛 20万');
    await zhang.taps('撤销');
    zhang.shouldSee('蒙牛奶源', '已收回');
    await zhang.says('新建 蒙牛奶源 客户蒙牛 20万');
    zhang.shouldSee('已新建：蒙牛奶源');
  });

  test('saying it twice by mistake asks before there are two', async () => {
    await zhang.says('新建 立白工厂 客户立白 20万');
    await zhang.says('新建 立白工厂 客户立白 20万');
    zhang.shouldSee('其中有你的“立白工厂”', '仍要新建？');
    await zhang.says('不用');
    zhang.shouldNotSee('已新建');
  });

  test('what cannot be is left out and said, the rest is created', async () => {
    await zhang.says('新建 农夫山泉灌装 客户农夫山泉 60万 4月31号签');
    zhang.shouldSee('农夫山泉灌装', '¥600,000', '“4月31号”不是有效日期，没有写入');
  });

  test('a gated stage holds the stage only: the rest is created, the leader has the card', async () => {
    await zhang.says('新建 宁德时代MES 客户宁德时代 800万 商务谈判 12月底签');
    zhang.shouldSee('已新建：宁德时代MES', '阶段：初步接洽', '待审批', '李经理');
    harness.member('lijingli').shouldSee('宁德时代MES', '初步接洽 → 商务谈判', '[同意] [驳回]');
  });

  test('one created as won is previewed and approved like any other', async () => {
    await zhang.says('新建 美团骑手保险 客户美团 30万 赢单');
    zhang.shouldSee('要记为赢单', '¥300,000');
    await zhang.says('是');
    zhang.shouldSee('已新建：美团骑手保险', '阶段：初步接洽', '待审批');
  });

  test('another team’s rep creates without hearing of ours, except whom to ask', async () => {
    const wang = harness.member('wangwu');
    await wang.says('新建 华为南区 客户华为 10万');
    wang.shouldSee('请联系 张三');
    wang.shouldNotSee(/华为二期|3,000,000/);
    await wang.says('是');
    wang.shouldSee('已新建：华为南区', '负责人：王五');
    await wang.says('我的商机');
    wang.shouldNotSee('华为二期');
  });
});
