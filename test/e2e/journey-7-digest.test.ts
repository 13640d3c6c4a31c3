import { afterEach, describe, expect, test } from '@jest/globals';

import { instantOf } from '../../src/kernel/index.js';
import { expectNothingRefused, startHarness, type Harness } from '../support/harness.js';

const GROUP = '华东销售群';

let harness: Harness;
afterEach(() => harness.stop());

/** A group made in chat, and an opportunity of 张三 in it. */
async function begin(options: Parameters<typeof startHarness>[0] = {}): Promise<Harness> {
  harness = await startHarness(options);
  await harness.member('lijingli').says(`建群 ${GROUP} @张三 @李四`);
  await harness.member('zhangsan').says('新建 华为二期 客户华为 300万 需求确认 12月底签');
  return harness;
}

/** The digests a group has heard, oldest first. */
const digests = (): string[] =>
  harness.groupHeard(GROUP).filter((text) => text.includes('商机日报'));

describe('the group’s digest', () => {
  test('tells every working morning what changed since the last, and what is to do', async () => {
    await begin();
    expect(harness.groupHeard(GROUP)[0]).toContain('李经理 建了“华东销售群”');
    await harness.goTo('2026-11-19', '12:00');
    expect(digests()).toHaveLength(1);
    expect(digests()[0]).toContain('新增');
    expect(digests()[0]).toContain('华为二期');

    const zhang = harness.member('zhangsan');
    await zhang.says('华为二期 方案呈现 加20万 下周二再约');
    await harness.goTo('2026-11-20', '12:00');
    const second = digests()[1] ?? '';
    expect(second).toMatch(/推进[\s\S]*需求确认 → 方案呈现/);
    expect(second).toMatch(/金额变化[\s\S]*¥3,000,000 → ¥3,200,000/);
    expect(second).not.toContain('新增');

    await harness.goTo('2026-11-24', '12:00');
    expect(digests()).toHaveLength(4);
    expect(digests()[2]).toContain('没有变化');
    expect(digests()[3]).toMatch(/今天要处理[\s\S]*华为二期[\s\S]*今天约好跟进/);
    expectNothingRefused(harness.wecom);
  });

  test('does not mention what was taken back, nor what other teams did', async () => {
    await begin();
    await harness.goTo('2026-11-19', '12:00');
    await harness.member('zhangsan').says('华为二期 加20万');
    await harness.member('zhangsan').says('撤销');
    await harness.member('wangwu').says('新建 腾讯一期 客户腾讯 80万 需求确认 12月底签');
    await harness.goTo('2026-11-20', '12:00');
    expect(digests()[1]).toContain('没有变化');
  });

  test('keeps the Chinese calendar: silent on a holiday, told on an exchanged Saturday', async () => {
    await begin({ now: '2026-09-30T14:00:00+08:00' });
    await harness.goTo('2026-10-07', '23:00');
    expect(digests()).toHaveLength(0);
    await harness.goTo('2026-10-08', '12:00');
    expect(digests()).toHaveLength(1);
    expect(digests()[0]).toContain('华为二期');
    await harness.goTo('2026-10-10', '12:00');
    expect(digests()).toHaveLength(3);
  });

  test('is sent once by two instances, also when one is replaced in between', async () => {
    await begin({ instances: 2 });
    harness.clock.advanceTo(instantOf('2026-11-19', '09:30'));
    await Promise.all(harness.apps.map((app) => app.beat()));
    await harness.restart();
    await Promise.all(harness.apps.map((app) => app.beat()));
    await harness.settle();
    expect(digests()).toHaveLength(1);
    const lists = harness
      .member('zhangsan')
      .received()
      .filter((message) => message.kind === 'markdown' && message.content.includes('早上好'));
    expect(lists.length).toBeLessThanOrEqual(1);
    expectNothingRefused(harness.wecom);
  });

  test('reaches an existing group by its webhook, the key known to the environment only', async () => {
    const key = 'b2c1a0f4-6d1f-4f0e-9a53-5f7a0e9d1c22';
    harness = await startHarness({
      now: '2026-11-18T14:00:00+08:00',
      secrets: { SALES_EAST_KEY: key },
      config: {
        'digest.yaml': [
          [
            'groups: []',
            'groups: [{ id: east, name: 华东老群, channel: { via: webhook, keyEnv: SALES_EAST_KEY }, departments: [2] }]',
          ],
        ],
      },
    });
    harness.wecom.registerWebhook({ name: '华东老群', key });
    await harness.member('zhangsan').says('新建 华为二期 客户华为 300万 需求确认 12月底签');
    await harness.goTo('2026-11-19', '12:00');
    const heard = harness.groupHeard('华东老群');
    expect(heard).toHaveLength(1);
    expect(heard[0]).toContain('华为二期');
    expect(harness.logLines.join('\n')).not.toContain(key);
    expectNothingRefused(harness.wecom);
  });
});

describe('the personal list', () => {
  test('is numbered, and answered by number', async () => {
    await begin();
    const zhang = harness.member('zhangsan');
    await zhang.says('今天电话华为张总，嫌贵，明天再约');
    await zhang.says('新建 小米一期 客户小米 50万 需求确认 12月底签');
    await zhang.says('今天电话小米雷总，要方案，明天再约');
    zhang.reads();
    await harness.goTo('2026-11-19', '09:00');
    zhang.shouldSee('早上好', '1. 华为二期', '2. 小米一期');

    await zhang.says('1 推到周五 2 已报价30万');
    zhang.shouldSee('华为二期', '11月20日');
    zhang.shouldSee('小米一期', '30');
    expectNothingRefused(harness.wecom);
  });
});
