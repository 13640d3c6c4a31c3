import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import type { Tapped } from '../../src/emulator/index.js';
import { startHarness, type Harness } from '../support/harness.js';
import { shareHarness } from '../support/shared-harness.js';
import { wordsOf, type TestMember } from '../support/test-member.js';

// One company for all: every test asks about an opportunity of its own. Wednesday 18 November 2026.
// Waiting too long and cards older than 70 h: approval-waiting.test.ts.

let harness: Harness;
let zhang: TestMember;
let leader: TestMember;
let director: TestMember;

shareHarness((started) => {
  harness = started;
  zhang = harness.member('zhangsan');
  leader = harness.member('lijingli');
  director = harness.member('zongjian');
});
beforeEach(() => {
  for (const userid of ['zhangsan', 'lijingli', 'zongjian', 'guanli', 'wangwu'])
    harness.member(userid).reads();
});

/** 张三 asks to move a deal of ¥8,000,000 into 商务谈判; answers the request’s number. */
async function asksToNegotiate(title: string, customer: string): Promise<string> {
  await zhang.says(`新建 ${title} 客户${customer} 800万 方案呈现 12月底签`);
  await zhang.says(`${title} 谈判`);
  zhang.shouldSee('已提交审批', '李经理');
  return /待审批 #(\d+)/.exec(zhang.last())?.[1] ?? '';
}

const stageOf = async (title: string): Promise<string> => {
  await zhang.says(`${title}进展`);
  return /阶段：(?:<[^>]*>)?([^<\n]+)/.exec(zhang.last())?.[1] ?? '';
};

/** The newest card of this person about the opportunity, as it looks now. */
const cardAbout = (member: TestMember, title: string): string =>
  member
    .received()
    .map(wordsOf)
    .filter((text) => text.startsWith('商机审批') && text.includes(title))
    .at(-1) ?? '';

function isAnsweredAtOnce(tapped: Tapped): void {
  expect(tapped.httpStatuses).toEqual([200]);
  expect(tapped.passive?.kind).toBe('card-update');
}

describe('a move that needs a yes', () => {
  test('changes nothing yet; the approver’s card shows criteria, amount, owner and reason', async () => {
    const ref = await asksToNegotiate('国网江苏调度', '国网江苏');
    leader.shouldSee(
      `#${ref} 国网江苏调度`,
      '✗ 有客户联系人',
      '✓ 有报价金额 ¥8,000,000',
      '阶段：方案呈现 → 商务谈判',
      '负责人：张三',
      '张三 说',
      '国网江苏调度 谈判',
      '[同意] [驳回]',
    );
    expect(await stageOf('国网江苏调度')).toBe('方案呈现');
    zhang.shouldSee(`待审批 #${ref}：等 李经理`);
  });

  test('同意 by tap: the card says who and when at once, the rep is told, the stage moves', async () => {
    const ref = await asksToNegotiate('长江存储一期', '长江存储');
    zhang.reads();
    isAnsweredAtOnce(await leader.taps('同意'));
    expect(cardAbout(leader, '长江存储一期')).toContain('李经理 已同意');
    expect(cardAbout(leader, '长江存储一期')).toMatch(/今天 \d\d:\d\d 同意/);
    zhang.shouldSee(`审批 #${ref} 已同意：长江存储一期`, '已生效');
    expect(await stageOf('长江存储一期')).toBe('商务谈判');
  });

  test('a second tap, from a phone that has not heard of the first, shows the truth and changes nothing', async () => {
    await asksToNegotiate('紫光展锐流片', '紫光展锐');
    await leader.taps('同意');
    zhang.reads();
    isAnsweredAtOnce(await leader.taps('驳回', { stale: true }));
    expect(cardAbout(leader, '紫光展锐流片')).toContain('李经理 已同意');
    leader.shouldSeeNothing();
    zhang.shouldSeeNothing();
    expect(await stageOf('紫光展锐流片')).toBe('商务谈判');
  });

  test('驳回 by tap takes effect at once and then asks why; the reason reaches the rep', async () => {
    const ref = await asksToNegotiate('中芯北方厂', '中芯国际');
    isAnsweredAtOnce(await leader.taps('驳回'));
    expect(cardAbout(leader, '中芯北方厂')).toContain('李经理 已驳回');
    leader.shouldSee('原因是什么？');
    zhang.shouldSee(`审批 #${ref} 已驳回`, '没有改动');
    await leader.says('报价单还没出');
    leader.shouldSee('原因：报价单还没出', '已告知 张三');
    zhang.shouldSee('原因：报价单还没出');
    expect(await stageOf('中芯北方厂')).toBe('方案呈现');
  });

  test('the reason may stay unsaid: something else afterwards is something else', async () => {
    await asksToNegotiate('京东方模组', '京东方');
    await leader.taps('驳回');
    zhang.reads();
    await leader.says('我的商机');
    leader.shouldNotSee('原因');
    zhang.shouldSeeNothing();
  });

  test('the request outlives a restart', async () => {
    await asksToNegotiate('天合光能组件', '天合光能');
    await harness.restart();
    isAnsweredAtOnce(await leader.taps('同意'));
    expect(await stageOf('天合光能组件')).toBe('商务谈判');
  });
});

describe('typed', () => {
  beforeAll(async () => {
    // What earlier tests left waiting.
    await leader.says('待我审批');
    for (const [, ref = ''] of leader.last().matchAll(/^#(\d+) /gm))
      await leader.says(`同意 #${ref}`);
  });

  test('同意 is enough when one waits', async () => {
    const ref = await asksToNegotiate('隆基切片', '隆基');
    await leader.says('同意');
    leader.shouldSee(`已同意 #${ref}“隆基切片”`, '方案呈现 → 商务谈判');
    expect(cardAbout(leader, '隆基切片')).toContain('李经理 已同意');
    zhang.shouldSee(`审批 #${ref} 已同意`);
  });

  test('驳回 价格没谈清 turns it down with its reason', async () => {
    const ref = await asksToNegotiate('晶科拉晶', '晶科');
    await leader.says('驳回 价格没谈清');
    leader.shouldSee(`已驳回 #${ref}“晶科拉晶”`, '原因：价格没谈清');
    zhang.shouldSee(`审批 #${ref} 已驳回`, '原因：价格没谈清');
    expect(cardAbout(leader, '晶科拉晶')).toContain('李经理 已驳回');
  });

  test('several waiting: a pick list, by number or by tap; #编号 says it directly', async () => {
    const first = await asksToNegotiate('阳光电源储能', '阳光电源');
    const second = await asksToNegotiate('固德威逆变', '固德威');
    const third = await asksToNegotiate('通威硅料', '通威');
    await leader.says('待我审批');
    leader.shouldSee('等你审批的有 3 项', `#${first} 阳光电源储能`, `#${third} 通威硅料`);
    await leader.says('同意');
    leader.shouldSee(
      '有 3 项等你审批，同意哪一项？',
      `#${first} 阳光电源储能`,
      `#${second} 固德威逆变`,
    );
    await leader.says('9');
    leader.shouldSee('列表里共 3 项');
    await leader.says(/(\d)\. #\d+ 固德威逆变/.exec(cardWith(leader, '有 3 项'))?.[1] ?? '');
    leader.shouldSee(`已同意 #${second}`);
    await leader.says(`驳回 #${third} 缺报价单`);
    leader.shouldSee(`已驳回 #${third}`, '缺报价单');
    await leader.says('批准');
    leader.shouldSee(`已同意 #${first}`);
    await leader.says('同意');
    leader.shouldSee('现在没有等你审批的事项');
  });

  test('too late, it says who decided', async () => {
    const ref = await asksToNegotiate('大全新能源', '大全');
    await leader.taps('同意');
    await leader.says(`驳回 #${ref}`);
    leader.shouldSee('已由 李经理', '同意，不用再处理');
    expect(await stageOf('大全新能源')).toBe('商务谈判');
  });
});

const cardWith = (member: TestMember, words: string): string =>
  member
    .received()
    .map(wordsOf)
    .filter((text) => text.includes(words))
    .at(-1) ?? '';

describe('who may', () => {
  test('a stranger’s words learn nothing and change nothing; nor may the one who asked', async () => {
    const ref = await asksToNegotiate('三一重卡', '三一重工');
    const wang = harness.member('wangwu');
    for (const said of ['同意', `同意 #${ref}`, `驳回 #${ref} 不行`]) {
      await wang.says(said);
      expect(wang.fresh()).toHaveLength(1);
      wang.shouldNotSee(/三一|8,000,000|张三/);
    }
    await zhang.says('同意');
    zhang.shouldSee('没有等你审批的事项');
    await zhang.says(`同意 #${ref}`);
    zhang.shouldSee('不能自己审批');
    expect(await stageOf('三一重卡')).toBe('方案呈现');
    await leader.taps('驳回');
    await leader.says('再等等');
  });

  test('a leader’s own request goes a level up, and not to the leader', async () => {
    await leader.says('新建 徐工泵车 客户徐工 800万 方案呈现 12月底签');
    await leader.says('徐工泵车 谈判');
    leader.shouldSee('已请 赵总监 审批');
    await leader.says('同意');
    leader.shouldSee('没有等你审批的事项');
    isAnsweredAtOnce(await director.taps('同意'));
    leader.shouldSee('徐工泵车', '已同意', '赵总监');
  });

  test('nobody above: held, never approved by itself; the administrator is told and may decide', async () => {
    await director.says('新建 中车标动 客户中车 800万 方案呈现 12月底签');
    await director.says('中车标动 谈判');
    director.shouldSee('暂时没有可以审批的人，已通知管理员');
    const admin = harness.member('guanli');
    admin.shouldSee('找不到审批人', '中车标动', '赵总监');
    const ref = /#(\d+)/.exec(admin.last())?.[1] ?? '';
    await director.says(`同意 #${ref}`);
    director.shouldSee('不能自己审批');
    await admin.says(`同意 #${ref}`);
    director.shouldSee(`审批 #${ref} 已同意`, '管理员');
  });
});

describe('meanwhile', () => {
  test('withdrawn: the card says so, and a late tap or word changes nothing', async () => {
    const ref = await asksToNegotiate('中联塔吊', '中联重科');
    await zhang.says('撤回申请');
    zhang.shouldSee(`已撤回 #${ref}`);
    expect(cardAbout(leader, '中联塔吊')).toContain('张三 已撤回');
    isAnsweredAtOnce(await leader.taps('同意', { stale: true }));
    expect(cardAbout(leader, '中联塔吊')).toContain('张三 已撤回');
    await leader.says(`同意 #${ref}`);
    leader.shouldSee('张三', '撤回，不用再处理');
    expect(await stageOf('中联塔吊')).toBe('方案呈现');
  });

  test('撤销 right after asking takes the request back too', async () => {
    const ref = await asksToNegotiate('柳工装载机', '柳工');
    await zhang.says('撤销');
    zhang.shouldSee('审批申请已撤回');
    expect(cardAbout(leader, '柳工装载机')).toContain('已撤回');
    await leader.says(`同意 #${ref}`);
    leader.shouldSee('不用再处理');
  });

  test('another field may change; the request stays and the card’s yes still counts', async () => {
    await asksToNegotiate('潍柴发动机', '潍柴');
    await zhang.says('潍柴发动机 加20万');
    zhang.shouldSee('¥8,000,000 → ¥8,200,000');
    isAnsweredAtOnce(await leader.taps('同意'));
    await zhang.says('潍柴发动机进展');
    zhang.shouldSee('商务谈判', '¥8,200,000');
  });

  test('asking again while it waits does not make a second card', async () => {
    await asksToNegotiate('玉柴混动', '玉柴');
    leader.reads();
    await zhang.says('玉柴混动 谈判');
    zhang.shouldSee('还在等 李经理');
    leader.shouldSeeNothing();
    await leader.taps('同意');
  });

  test('lost meanwhile: the request is void, every card says so, and a late yes changes nothing', async () => {
    await asksToNegotiate('福田皮卡', '福田');
    await zhang.says('福田皮卡 丢了 价格');
    await zhang.says('是');
    zhang.shouldSee('已记为输单：福田皮卡');
    expect(cardAbout(leader, '福田皮卡')).toContain('已作废');
    isAnsweredAtOnce(await leader.taps('同意', { stale: true }));
    expect(cardAbout(leader, '福田皮卡')).toContain('已作废');
    expect(await stageOf('福田皮卡')).toBe('输单');
  });

  test('turned down, it can be asked for again, and the second card counts', async () => {
    const first = await asksToNegotiate('江汽重卡', '江汽');
    await leader.says(`驳回 #${first} 先补联系人`);
    await zhang.says('江汽重卡 联系人 陈总 谈判');
    zhang.shouldSee('待审批');
    leader.shouldSee('江汽重卡', '✓ 有客户联系人');
    await leader.taps('同意');
    expect(await stageOf('江汽重卡')).toBe('商务谈判');
  });
});

test('raising the amount in a gated stage, and moving back, need a yes as well', async () => {
  await zhang.says('新建 蔚来换电 客户蔚来 300万 方案呈现 12月底签');
  await zhang.says('蔚来换电 谈判');
  zhang.shouldSee('方案呈现 → 商务谈判');
  await zhang.says('蔚来换电 600万');
  zhang.shouldSee('待审批', '¥6,000,000');
  leader.shouldSee('蔚来换电', '¥3,000,000 → ¥6,000,000');
  await leader.taps('同意');
  await zhang.says('蔚来换电 退回方案');
  zhang.shouldSee('阶段往回退了');
  await zhang.says('是');
  leader.shouldSee('阶段后退', '商务谈判 → 方案呈现');
  await leader.taps('同意');
  expect(await stageOf('蔚来换电')).toBe('方案呈现');
});

test('a tap forged for somebody who was never asked learns nothing and changes nothing', async () => {
  const own = await startHarness();
  try {
    const rep = own.member('zhangsan');
    await rep.says('新建 小鹏城市领航 客户小鹏 800万 方案呈现 12月底签');
    await rep.says('小鹏城市领航 谈判');
    const card = own.member('lijingli').received().at(-1);
    const key = card?.kind === 'card' ? card.card.button_list?.[0]?.key : undefined;
    expect(key).toMatch(/^approve:/);
    const { corpId, agentId } = own.keys;
    const { passive } = await own.wecom.deliver(
      `<xml><ToUserName>${corpId}</ToUserName><FromUserName>wangwu</FromUserName>` +
        `<CreateTime>${Math.floor(own.clock.now().getTime() / 1000)}</CreateTime>` +
        `<MsgType>event</MsgType><Event>template_card_event</Event><EventKey>${key ?? ''}</EventKey>` +
        `<TaskId>made-up</TaskId><CardType>button_interaction</CardType>` +
        `<ResponseCode>made-up</ResponseCode><AgentID>${agentId}</AgentID></xml>`,
    );
    await own.settle();
    expect(JSON.stringify(passive)).not.toMatch(/小鹏|8,000,000/);
    for (const text of own.member('wangwu').fresh()) expect(text).not.toMatch(/小鹏|8,000,000/);
    await rep.says('小鹏城市领航进展');
    rep.shouldSee('方案呈现', '待审批');
  } finally {
    await own.stop();
  }
});
