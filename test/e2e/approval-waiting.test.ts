import { afterEach, expect, test } from '@jest/globals';

import { instantOf } from '../../src/kernel/index.js';
import { expectNothingRefused, startHarness, type Harness } from '../support/harness.js';
import { wordsOf } from '../support/test-member.js';

let harness: Harness;
afterEach(() => harness.stop());

/** 张三 asks for 赢单 at the given moment; 李经理 has the card and does nothing. */
async function asked(day: string, time: string): Promise<void> {
  harness = await startHarness({ now: '2026-09-22T10:00:00+08:00' });
  const zhang = harness.member('zhangsan');
  await zhang.says('新建 华为二期 客户华为 300万 需求确认 12月底签');
  await zhang.says('今天电话华为张总，聊得不错，12月1日再约');
  harness.clock.advanceTo(instantOf(day, time));
  await zhang.says('华为二期 赢了');
  await zhang.says('是');
  for (const userid of ['zhangsan', 'lijingli', 'zongjian']) harness.member(userid).reads();
}

const cards = (userid: string): string[] =>
  harness
    .member(userid)
    .received()
    .map(wordsOf)
    .filter((text) => text.startsWith('商机审批'));

test('nobody decides for a working day: the next level is asked too, the rep is told, and either may decide', async () => {
  await asked('2026-09-23', '15:00');
  await harness.goTo('2026-09-24', '14:59');
  expect(cards('zongjian')).toEqual([]);
  await harness.goTo('2026-09-24', '15:01');
  harness.member('zongjian').shouldSee('华为二期', '[同意] [驳回]');
  harness.member('zhangsan').shouldSee('#1', '赵总监');

  await harness.member('lijingli').taps('同意');
  expect(cards('lijingli').at(-1)).toContain('李经理 已同意');
  expect(cards('zongjian').at(-1)).toContain('李经理 已同意');
  harness.member('zhangsan').shouldSee('审批 #1 已同意');
  expectNothingRefused(harness.wecom);
});

test('over a long holiday nobody higher is asked, but the card is replaced before it dies, and works', async () => {
  await asked('2026-09-30', '17:00');
  await harness.goTo('2026-10-03', '14:59');
  expect(cards('lijingli')).toHaveLength(1);
  await harness.goTo('2026-10-03', '15:01');
  expect(cards('lijingli')).toHaveLength(2);
  expect(cards('lijingli')[0]).toContain('已换新卡');
  expect(cards('zongjian')).toEqual([]);

  // Past the 72 hours of the first card.
  harness.clock.advanceTo(instantOf('2026-10-04', '10:00'));
  await harness.member('lijingli').taps('同意');
  expect(cards('lijingli')[1]).toContain('李经理 已同意');
  harness.member('zhangsan').shouldSee('审批 #1 已同意');
  expectNothingRefused(harness.wecom);
});
