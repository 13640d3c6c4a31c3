import { beforeEach, describe, expect, test } from '@jest/globals';

import type { Harness } from '../support/harness.js';
import { shareHarness } from '../support/shared-harness.js';
import type { TestMember } from '../support/test-member.js';

// One company for all: every test speaks of an opportunity of its own. Wednesday 18 November 2026.

const GROUP = '华东销售群';

let harness: Harness;
let zhang: TestMember;
let leader: TestMember;

shareHarness(async (started) => {
  harness = started;
  zhang = harness.member('zhangsan');
  leader = harness.member('lijingli');
  await leader.says(`建群 ${GROUP} @张三 @李四`);
});
beforeEach(() => {
  for (const member of [zhang, leader]) member.reads();
});

async function has(title: string, customer: string, rest = '50万 12月底签'): Promise<void> {
  await zhang.says(`新建 ${title} 客户${customer} ${rest}`);
  zhang.shouldSee(`已新建：${title}`);
}

const celebrations = (title: string): string[] =>
  harness.groupHeard(GROUP).filter((text) => text.includes('赢单喜报') && text.includes(title));

describe('lost', () => {
  test('“小米那单丢了，价格” is previewed with its reason, then lost', async () => {
    await has('小米MES', '小米');
    await zhang.says('小米那单丢了，价格');
    zhang.shouldSee('小米MES 输单？', '要记为输单', '价格', '[是]');
    await zhang.says('是');
    zhang.shouldSee('已记为输单：小米MES', '输单（价格）');
    await zhang.says('小米MES进展');
    zhang.shouldSee('已输单', '价格');
  });

  test.each([
    ['立讯昆山线', '丢了 他们选了友商', '竞品'],
    ['歌尔潍坊线', '黄了，客户没预算了', '预算'],
    ['蓝思长沙线', '输单 项目取消', '需求变化'],
  ])('as reps type it: %s %s', async (title, said, reason) => {
    await has(title, title.slice(0, 2));
    await zhang.says(`${title} ${said}`);
    zhang.shouldSee(`${title} 输单？`, `输单（${reason}）`);
    await zhang.taps('是');
    zhang.shouldSee(`已记为输单：${title}`);
  });

  test('without a reason it is asked from the list, answered by number, by words or by tap', async () => {
    await has('波司登门店', '波司登');
    await zhang.says('波司登门店 丢了');
    zhang.shouldSee('输单的原因是？', '1. 价格', '8. 其他');
    await zhang.says('3');
    zhang.shouldSee('输单（预算）', '[是]');
    await zhang.says('取消');
    zhang.shouldSee('没有写入');
    await zhang.says('波司登门店 丢了');
    await zhang.says('太贵了');
    zhang.shouldSee('输单（价格）');
    await zhang.says('取消');
    await zhang.says('波司登门店 丢了');
    await zhang.taps('确定', { select: { choice: '2' } });
    zhang.shouldSee('输单（竞品）');
    await zhang.says('是');
    zhang.shouldSee('已记为输单：波司登门店');
  });

  test('撤销 brings it back; 取消 at the question loses nothing', async () => {
    await has('李宁导购', '李宁');
    await zhang.says('李宁导购 丢了 价格');
    await zhang.says('是');
    await zhang.says('撤销');
    zhang.shouldSee('已撤销：李宁导购', '输单 → 初步接洽');
    await zhang.says('李宁导购 丢了');
    await zhang.says('取消');
    zhang.shouldSee('先不处理');
    await zhang.says('李宁导购进展');
    zhang.shouldSee('初步接洽');
    zhang.shouldNotSee('已输单');
  });

  test('afterwards it is closed to changes, and says how to take it up again', async () => {
    await has('特步工厂', '特步');
    await zhang.says('特步工厂 丢了 价格');
    await zhang.says('是');
    await zhang.says('特步工厂 60万');
    zhang.shouldSee('特步工厂', '已经输单', '退回');
    await zhang.says('特步工厂 丢了 价格');
    zhang.shouldNotSee('已记为');
  });
});

describe('won', () => {
  test('preview, approval, won, and only then celebrated in the group, once', async () => {
    await has('华为二期', '华为', '300万 需求确认 12月底签');
    await zhang.says('华为二期 赢了');
    zhang.shouldSee('华为二期 赢单？', '要记为赢单');
    zhang.shouldNotSee('修改 华为二期？');
    await zhang.taps('是');
    zhang.shouldSee('待审批', '李经理');
    expect(celebrations('华为二期')).toEqual([]);
    leader.shouldSee('华为二期', '赢单 · 等你审批', '✓ 有成交金额 ¥3,000,000');
    await leader.taps('同意');
    zhang.shouldSee('已同意：华为二期');
    expect(celebrations('华为二期')).toHaveLength(1);
    expect(celebrations('华为二期')[0]).toMatch(/¥3,000,000[\s\S]*恭喜 张三/);
    await leader.taps('同意', { stale: true });
    await harness.restart();
    await harness.settle();
    expect(celebrations('华为二期')).toHaveLength(1);
    await zhang.says('华为二期进展');
    zhang.shouldSee('已赢单');
  });

  test('with its amount and what it was won by, as reps type it', async () => {
    await has('周大福门店', '周大福');
    await zhang.says('周大福门店 签下来了 62万');
    zhang.shouldSee('周大福门店 赢单？', '¥620,000');
    await zhang.says('对');
    await leader.says('同意');
    leader.shouldSee('周大福门店', '恭喜赢单');
    expect(celebrations('周大福门店')[0]).toContain('¥620,000');
  });

  test('turned down, it is not won and not celebrated; it may be asked for again', async () => {
    await has('老凤祥溯源', '老凤祥');
    await zhang.says('老凤祥溯源 赢了');
    await zhang.says('是');
    await leader.says('驳回 合同还没盖章');
    zhang.shouldSee('已驳回：老凤祥溯源', '合同还没盖章');
    expect(celebrations('老凤祥溯源')).toEqual([]);
    await zhang.says('老凤祥溯源 赢了');
    await zhang.says('是');
    await leader.taps('同意');
    expect(celebrations('老凤祥溯源')).toHaveLength(1);
  });

  test('取消 at the preview, and hopes, win nothing', async () => {
    await has('六福系统', '六福');
    await zhang.says('六福系统 赢了');
    await zhang.says('取消');
    leader.shouldSeeNothing();
    for (const said of ['六福系统 应该能赢', '要是六福系统能签下来就好了', '六福系统 赢了吗']) {
      await zhang.says(said);
      zhang.shouldNotSee('赢单？');
    }
    await zhang.says('六福系统进展');
    zhang.shouldNotSee('已赢单');
  });

  test('an approved win cannot be undone by word', async () => {
    await has('谢瑞麟会员', '谢瑞麟');
    await zhang.says('谢瑞麟会员 赢了');
    await zhang.says('是');
    await leader.taps('同意');
    await zhang.says('撤销');
    zhang.shouldSee('经过审批，不能直接撤销');
    await zhang.says('谢瑞麟会员进展');
    zhang.shouldSee('已赢单');
  });
});

test('nobody is chased afterwards', async () => {
  await has('周生生门店', '周生生');
  await zhang.says('今天电话周生生门店的周总，聊得不错，明天再约');
  await zhang.says('周生生门店 赢了');
  await zhang.says('是');
  await leader.taps('同意');
  await has('潮宏基门店', '潮宏基');
  await zhang.says('今天电话潮宏基门店的廖总，嫌贵，明天再约');
  await zhang.says('潮宏基门店 丢了 价格');
  await zhang.says('是');
  zhang.reads();
  leader.reads();
  await harness.goTo('2026-11-20', '12:00');
  for (const text of [...zhang.fresh(), ...leader.fresh()].filter((one) => one.includes('跟进')))
    expect(text).not.toMatch(/周生生|潮宏基|华为二期/);
});
