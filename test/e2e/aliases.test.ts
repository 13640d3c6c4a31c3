import { describe, expect, test } from '@jest/globals';

import type { Harness } from '../support/harness.js';
import { shareHarness } from '../support/shared-harness.js';
import type { TestMember } from '../support/test-member.js';

// What people call opportunities besides their titles (N7). Wednesday 18 November 2026.

let harness: Harness;
let zhang: TestMember;

shareHarness((started) => {
  harness = started;
  zhang = harness.member('zhangsan');
});

/** A fresh opportunity; another of the same customer needs a yes. */
async function has(title: string, customer: string): Promise<void> {
  await zhang.says(`新建 ${title} 客户${customer} 100万 需求确认`);
  if (zhang.last().includes('仍要新建')) await zhang.says('是');
  zhang.shouldSee(`已新建：${title}`);
}

describe('an ambiguous name that was picked once', () => {
  test('needs no pick the second time, nor after a restart', async () => {
    await has('蔚来电池产线二期', '蔚来汽车');
    await has('蔚来涂装产线二期', '蔚来汽车');
    await zhang.says('蔚来二期 加10万');
    zhang.shouldSee('说的是哪一个', '蔚来电池产线二期', '蔚来涂装产线二期');
    await zhang.says('蔚来涂装产线二期');
    zhang.shouldSee('已更新：蔚来涂装产线二期', '¥1,000,000 → ¥1,100,000');
    await zhang.says('蔚来二期 加5万');
    zhang.shouldSee('已更新：蔚来涂装产线二期', '¥1,100,000 → ¥1,150,000');
    await harness.restart();
    await zhang.says('蔚来二期 方案');
    zhang.shouldSee('已更新：蔚来涂装产线二期', '需求确认 → 方案呈现');
  });

  test('is asked about again when it may mean a newer one', async () => {
    await has('理想北京扩容二期', '理想汽车');
    await has('理想常州扩容二期', '理想汽车');
    await zhang.says('理想二期 加10万');
    await zhang.says('理想北京扩容二期');
    await has('理想上海扩容二期', '理想汽车');
    await zhang.says('理想二期 加10万');
    zhang.shouldSee('说的是哪一个', '理想上海扩容二期');
    await zhang.says('取消');
  });

  test('is nobody else’s', async () => {
    await has('小鹏肇庆扩容二期', '小鹏汽车');
    await has('小鹏广州扩容二期', '小鹏汽车');
    await zhang.says('小鹏二期 加10万');
    await zhang.says('小鹏广州扩容二期');
    const leader = harness.member('lijingli');
    await leader.says('小鹏二期 加10万');
    leader.shouldSee('说的是哪一个', '小鹏肇庆扩容二期');
    await leader.says('取消');
  });

  test('is asked about every time when it is the customer’s name', async () => {
    await zhang.says('小鹏 加10万');
    await zhang.says('小鹏广州扩容二期');
    await zhang.says('小鹏 加10万');
    zhang.shouldSee('说的是哪一个');
    await zhang.says('取消');
  });
});

describe('a loose word for a deal', () => {
  test('is never taken for the one last spoken of, and is learnt from one pick', async () => {
    await has('宁德MES', '宁德时代');
    await has('隆基扩容', '隆基绿能');
    await zhang.says('老王那单 加10万');
    zhang.shouldSee('“老王”说的是哪个商机');
    await zhang.says('宁德MES');
    zhang.shouldSee('已更新：宁德MES', '¥1,000,000 → ¥1,100,000');
    await zhang.says('隆基扩容 加10万');
    await zhang.says('老王那单推进到方案');
    zhang.shouldSee('已更新：宁德MES', '需求确认 → 方案呈现');
  });
});

describe('别名', () => {
  test('names, shares, lists and takes back', async () => {
    await has('比亚迪叉车', '比亚迪');
    await zhang.says('别名 大单 是 比亚迪叉车');
    zhang.shouldSee('记住了：你说“大单”就是 比亚迪叉车');
    await zhang.says('别名');
    zhang.shouldSee('大单 → 比亚迪叉车');
    await zhang.says('别名 大单 共享');
    zhang.shouldSee('记住了：大家说“大单”就是 比亚迪叉车');
    const lei = harness.member('lijingli');
    await lei.says('大单那个项目 加10万');
    lei.shouldSee('比亚迪叉车', '¥1,100,000');
    await lei.says('别名 大单 取消');
    lei.shouldSee('没有别名“大单”');
    await zhang.says('别名 大单 取消');
    zhang.shouldSee('已取消别名“大单”');
    await zhang.says('别名 大单 取消');
    await zhang.says('别名 大单 取消');
    zhang.shouldSee('没有别名“大单”');
  });

  test('of what does not exist, or is another team’s, is not kept', async () => {
    await zhang.says('别名 飞船 是 月球基地');
    zhang.shouldSee('没找到“月球基地”');
    const sun = harness.member('wangwu');
    await has('广汽焊装', '广汽');
    await sun.says('别名 焊装 是 广汽焊装');
    sun.shouldSee('没找到“广汽焊装”');
  });
});

test('shown by 帮助', async () => {
  await zhang.says('帮助 别名');
  expect(zhang.fresh()).toHaveLength(1);
  zhang.shouldSee('别名 老王那单 是 华为二期');
});
