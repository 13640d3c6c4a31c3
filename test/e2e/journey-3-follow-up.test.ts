import { afterEach, describe, expect, test } from '@jest/globals';

import { instantOf } from '../../src/kernel/index.js';
import {
  expectNothingRefused,
  startHarness,
  type Harness,
  type ShownMessage,
} from '../support/harness.js';
import { wordsOf, type TestMember } from '../support/test-member.js';

let harness: Harness;
afterEach(() => harness.stop());

/** Wednesday 18 November: 华为二期 is created and spoken about, with a next date if `said` names one. */
async function begin(
  said: string | null,
  options: Parameters<typeof startHarness>[0] = {},
): Promise<Harness> {
  harness = await startHarness(options);
  const zhang = harness.member('zhangsan');
  await zhang.says('新建 华为二期 客户华为 300万 需求确认 12月底签');
  if (said) await zhang.says(said);
  for (const userid of ['zhangsan', 'lijingli']) harness.member(userid).reads();
  return harness;
}

const reminders = (userid: string): string[] =>
  harness
    .member(userid)
    .fresh()
    .filter((text) => text.startsWith('跟进提醒'));

describe('a follow-up that falls due', () => {
  test('arrives as a card that says why, with what was said last; answering it is the follow-up', async () => {
    await begin('今天电话华为张总，嫌贵，下周三再约');
    await harness.goTo('2026-11-24', '20:00');
    expect(reminders('zhangsan')).toEqual([]);
    await harness.goTo('2026-11-25', '09:40');
    const zhang = harness.member('zhangsan');
    zhang.shouldSee(
      '该跟进了：华为二期',
      '你约了 11月25日',
      '嫌贵',
      '[已跟进] [推迟] [今天不提醒]',
    );

    await zhang.says('聊过了，价格能谈，下周五再约');
    zhang.shouldSee('华为二期', '下次跟进', '12月4日');
    await harness.goTo('2026-12-03', '20:00');
    expect(reminders('zhangsan')).toEqual([]);
    expect(harness.member('lijingli').fresh()).toEqual([]);
    expectNothingRefused(harness.wecom);
  });

  test('unanswered, is repeated and then told to the leader, never to the leader first', async () => {
    await begin('今天电话华为张总，嫌贵，周五再约');
    await harness.goTo('2026-11-24', '12:00');
    expect(reminders('zhangsan')).toHaveLength(2);
    expect(harness.member('lijingli').fresh()).toEqual([]);
    await harness.goTo('2026-11-25', '12:00');
    harness.member('lijingli').shouldSee('华为二期', '张三');
    await harness.goTo('2026-11-27', '12:00');
    expect(reminders('zhangsan')).toHaveLength(2);
    expect(harness.member('lijingli').fresh()).toHaveLength(1);
    expectNothingRefused(harness.wecom);
  });

  test('put off with a tap, comes back the next working morning only', async () => {
    await begin('今天电话华为张总，嫌贵，周五再约');
    await harness.goTo('2026-11-20', '12:00');
    const zhang = harness.member('zhangsan');
    expect(reminders('zhangsan')).toHaveLength(1);
    await zhang.taps('今天不提醒');
    zhang.reads();
    await harness.goTo('2026-11-22', '23:00');
    expect(reminders('zhangsan')).toEqual([]);
    await harness.goTo('2026-11-23', '12:00');
    expect(reminders('zhangsan')).toHaveLength(1);
    expectNothingRefused(harness.wecom);
  });

  test('is told once by two instances, and once when one of them dies in between', async () => {
    await begin('今天电话华为张总，嫌贵，明天再约', { instances: 2 });
    harness.clock.advanceTo(instantOf('2026-11-19', '09:40'));
    await Promise.all(harness.apps.map((app) => app.beat()));
    await harness.restart();
    await Promise.all(harness.apps.map((app) => app.beat()));
    await harness.settle();
    expect(reminders('zhangsan')).toHaveLength(1);
    expectNothingRefused(harness.wecom);
  });

  test('of a lost opportunity does not arrive', async () => {
    await begin('今天电话华为张总，嫌贵，明天再约');
    const zhang = harness.member('zhangsan');
    await zhang.says('华为二期 丢了 价格');
    await zhang.says('是');
    zhang.reads();
    await harness.goTo('2026-11-26', '12:00');
    expect(reminders('zhangsan')).toEqual([]);
  });
});

describe('nobody spoke to the customer', () => {
  test('a new opportunity is asked about on day 1, 3 and 7', async () => {
    await begin(null);
    const days: string[] = [];
    for (const day of ['2026-11-19', '2026-11-20', '2026-11-23', '2026-11-24', '2026-11-25']) {
      harness.member('zhangsan').reads();
      await harness.goTo(day, '12:00');
      if (reminders('zhangsan').length > 0) days.push(day);
    }
    expect(days).toEqual(['2026-11-19', '2026-11-23', '2026-11-25']);
    expect(harness.member('lijingli').fresh()).toEqual([]);
  });

  test('a customer left alone beyond the rhythm is asked about; an agreed date silences that', async () => {
    await begin('今天电话华为张总，聊得不错', {
      config: {
        'cadence.yaml': [
          ['C: 60', 'C: 8'],
          ['B: 30', 'B: 8'],
        ],
      },
    });
    const zhang = harness.member('zhangsan');
    await zhang.says('新建 小米一期 客户小米 50万 需求确认 12月底签');
    await zhang.says('今天电话小米雷总，聊得不错，12月2日再约');
    zhang.reads();
    await harness.goTo('2026-11-26', '12:00');
    // Beside the nodes of a new opportunity, which come on day 3 and 7.
    const overdue = reminders('zhangsan').filter((text) => text.includes('没联系'));
    expect(overdue).toHaveLength(1);
    expect(overdue[0]).toContain('该跟进了：华为二期');
    zhang.shouldNotSee(/该跟进了：小米一期/);
    expectNothingRefused(harness.wecom);
  });
});

describe('a reminder is answered as reps really type', () => {
  const dueToday = async (): Promise<TestMember> => {
    await begin('今天电话华为张总，嫌贵，明天再约');
    await harness.goTo('2026-11-19', '09:40');
    return harness.member('zhangsan');
  };

  test('a day typed after tapping 推迟 snoozes, and is no follow-up', async () => {
    const zhang = await dueToday();
    await zhang.taps('推迟');
    await zhang.says('明天');
    zhang.shouldSee('“华为二期”推迟到 11月20日 周五 再提醒');
    zhang.shouldNotSee('已记录');
    await zhang.says('华为二期进展');
    zhang.shouldNotSee('联系：明天');
    zhang.reads();
    await harness.goTo('2026-11-20', '09:40');
    expect(reminders('zhangsan')).toHaveLength(1);
    expectNothingRefused(harness.wecom);
  });

  test('a tapped day ends the question: a day typed later is something else', async () => {
    const zhang = await dueToday();
    await zhang.taps('推迟');
    await zhang.taps('下周');
    expect(wordsOf(lastCard(zhang))).toContain('已推迟');
    await zhang.says('华为二期 后天再约');
    zhang.shouldSee('华为二期', '下次跟进', '11月21日');
  });

  test.each([
    ['打过了，没人接', '下次什么时候联系'],
    ['聊了付款方式，下周二再约', '11月24日'],
    ['没接电话，明天再打', '11月20日'],
    ['客户说要等预算，下周三再聊', '11月25日'],
  ])('%s counts as the follow-up', async (said, next) => {
    const zhang = await dueToday();
    await zhang.says(said);
    zhang.shouldSee('华为二期', said.slice(0, 4), next.startsWith('下次') ? '跟进' : next);
    zhang.shouldSee('已记录');
    expectNothingRefused(harness.wecom);
  });

  test('a new day alone moves the date, and small talk does neither', async () => {
    const zhang = await dueToday();
    await zhang.says('今天天气不错');
    zhang.shouldNotSee('华为二期进展');
    zhang.shouldNotSee(/已记录|已更新/);
    await zhang.says('推到周五');
    zhang.shouldSee('已更新：华为二期', '11月20日');
    zhang.shouldNotSee('已记录');
  });
});

function lastCard(member: TestMember): ShownMessage {
  const card = member.received().findLast(({ kind }) => kind === 'card');
  if (!card) throw new Error('no card came');
  return card;
}
