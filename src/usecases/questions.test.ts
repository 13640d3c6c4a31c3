import { describe, expect, test } from '@jest/globals';

import type { FollowUp, Opportunity } from '../domain/index.js';
import { Scene, anOpportunity, must, refusalOf } from './testing/index.js';
import type { Question } from './verbs.js';

const at = (text: string): Date => new Date(`${text.replace(' ', 'T')}:00+08:00`);

/** Spoken to yesterday, so that nothing is stale unless a row says so. */
const one = (title: string, changes: Partial<Opportunity> = {}): Opportunity =>
  anOpportunity({
    id: `opp_${title}`,
    title,
    lastContactAt: at('2026-03-10 10:00'),
    stageSince: at('2026-03-10 10:00'),
    ...changes,
  });

const lost = {
  outcome: { kind: 'lost' as const, on: '2026-03-05', reason: '价格' },
  stage: 'lost',
};
const won = { outcome: { kind: 'won' as const, on: '2026-03-06', reason: null }, stage: 'won' };
const week = { from: '2026-03-09', to: '2026-03-15' };

async function answer(
  userid: string,
  question: Question,
  ...opportunities: Opportunity[]
): Promise<string[]> {
  const scene = new Scene({ opportunities });
  const list = await scene.verbs.list(scene.world.directory.who(userid), question);
  expect(list.total).toBe(list.items.length);
  return list.items.map(({ title }) => title);
}

describe('who sees what', () => {
  const all = [
    one('张三的'),
    one('李四的', { ownerId: 'lisi' }),
    one('王五的', { ownerId: 'wangwu', collaboratorIds: ['zhangsan'] }),
    one('赵六的', { ownerId: 'zhaoliu' }),
  ];

  test.each([
    ['a rep: their own, and where they help', 'zhangsan', ['张三的', '王五的']],
    ['a colleague of the same department: not the others’', 'lisi', ['李四的']],
    // 王五的 is seen because somebody of the team helps there.
    ['a leader: the team’s', 'lei', ['张三的', '李四的', '王五的']],
    ['the director: everybody’s', 'zong', ['张三的', '李四的', '王五的', '赵六的']],
    ['an administrator: everything', 'admin', ['张三的', '李四的', '王五的', '赵六的']],
  ])('%s', async (_who, userid, expected) => {
    expect((await answer(userid, { kind: 'funnel' }, ...all)).sort()).toEqual(expected.sort());
  });

  test('asking for a colleague’s list shows only what one may see of it', async () => {
    expect(await answer('lisi', { kind: 'owner', ownerId: 'zhangsan' }, ...all)).toEqual([]);
    expect(await answer('lei', { kind: 'owner', ownerId: 'zhangsan' }, ...all)).toEqual(['张三的']);
  });

  test('what was archived is nowhere', async () => {
    const gone = one('收回的', { archivedAt: at('2026-03-10 10:00') });
    expect(await answer('admin', { kind: 'mine' }, gone)).toEqual([]);
  });
});

describe('the questions', () => {
  test.each<[string, Question, Opportunity[], string[]]>([
    [
      'mine: open ones of which I am the owner, the next to close first',
      { kind: 'mine' },
      [
        one('晚', { closeOn: '2026-06-30' }),
        one('早', { closeOn: '2026-04-01' }),
        one('丢了', lost),
        one('帮忙', { ownerId: 'lisi', collaboratorIds: ['zhangsan'] }),
      ],
      ['早', '晚'],
    ],
    [
      'follow-ups of this week: those agreed for it, and those that are late',
      { kind: 'followups', ...week },
      [
        one('周五', { nextFollowUp: { day: '2026-03-13' } }),
        one('迟了', { nextFollowUp: { day: '2026-03-02' }, lastContactAt: at('2026-03-01 10:00') }),
        one('下周', { nextFollowUp: { day: '2026-03-16' } }),
        one('跟过了', { nextFollowUp: { day: '2026-03-10' } }),
        one('没约'),
      ],
      ['迟了', '周五'],
    ],
    [
      'follow-ups of next week: not those that are late today',
      { kind: 'followups', from: '2026-03-16', to: '2026-03-22' },
      [
        one('迟了', { nextFollowUp: { day: '2026-03-02' }, lastContactAt: at('2026-03-01 10:00') }),
        one('下周', { nextFollowUp: { day: '2026-03-16' } }),
      ],
      ['下周'],
    ],
    [
      'a stage: the largest first',
      { kind: 'stage', stage: 'negotiate' },
      [
        one('小', { stage: 'negotiate', amountFen: 100 }),
        one('大', { stage: 'negotiate', amountFen: 900 }),
        one('别的阶段'),
      ],
      ['大', '小'],
    ],
    [
      'a customer: closed ones too',
      { kind: 'customer', customerName: '华为' },
      [one('华为二期'), one('华为一期', won), one('小米', { customerName: '小米' })],
      ['华为二期', '华为一期'],
    ],
    [
      'closing in a period: open ones only',
      { kind: 'closing', ...week },
      [
        one('周五签', { closeOn: '2026-03-13' }),
        one('下周签', { closeOn: '2026-03-16' }),
        one('丢了', { ...lost, closeOn: '2026-03-13' }),
      ],
      ['周五签'],
    ],
    [
      'left alone: beyond the rhythm or the stage, unless a date is agreed',
      { kind: 'stale' },
      [
        one('超期', { tier: 'A', lastContactAt: at('2026-02-20 10:00'), amountFen: 900_000_000 }),
        one('停滞', { lastContactAt: at('2026-02-20 10:00'), stageSince: at('2026-02-20 10:00') }),
        one('静默', { lastContactAt: at('2026-01-10 10:00'), nextFollowUp: { day: '2026-03-20' } }),
        one('刚推进', { lastContactAt: at('2026-02-20 10:00') }),
        one('刚聊过'),
      ],
      ['超期', '停滞'],
    ],
    [
      'won in a period',
      { kind: 'won', from: '2026-03-01', to: '2026-03-31' },
      [one('赢了', won), one('丢了', lost), one('进行中')],
      ['赢了'],
    ],
    [
      'lost in a period',
      { kind: 'lost', from: '2026-03-01', to: '2026-03-31' },
      [
        one('赢了', won),
        one('丢了', lost),
        one('早丢了', { ...lost, outcome: { ...lost.outcome, on: '2026-02-01' } }),
      ],
      ['丢了'],
    ],
  ])('%s', async (_what, question, opportunities, expected) => {
    expect(await answer('zhangsan', question, ...opportunities)).toEqual(expected);
  });

  test.each<[string, Question]>([
    ['found by the database', { kind: 'mine' }],
    ['found by the rules', { kind: 'stale' }],
  ])('a long list is cut, but counted and summed whole: %s', async (_how, question) => {
    const many = Array.from({ length: 45 }, (_, n) =>
      one(`第${n}个`, { amountFen: 100, lastContactAt: at('2025-06-01 10:00') }),
    );
    const scene = new Scene({ opportunities: many });
    const list = await scene.verbs.list(scene.world.directory.who('zhangsan'), question);
    expect(list.items).toHaveLength(30);
    expect(list).toMatchObject({ total: 45, amountFen: 4_500, ownerNames: { zhangsan: '张三' } });
  });
});

describe('one opportunity', () => {
  const followUp: FollowUp = {
    id: 'fup_1',
    at: at('2026-03-10 10:00'),
    by: 'zhangsan',
    channel: 'call',
    contacts: [],
    summary: '嫌贵',
    next: null,
  };

  test('is shown with its people and what happened last, newest first', async () => {
    const scene = new Scene({
      opportunities: [anOpportunity({ collaboratorIds: ['lisi'], lastFollowUp: followUp })],
    });
    await scene.wrote('zhangsan', { amountFen: 400_000_000 });
    scene.world.clock.advance(60_000);
    await scene.heldAs('zhangsan', { outcome: { kind: 'won', reason: null } });
    await scene.verbs.relayAll(10);
    const view = must(await scene.verbs.show(scene.world.directory.who('lei'), anOpportunity().id));
    expect(view).toMatchObject({
      ownerName: '张三',
      collaboratorNames: ['李四'],
      approverNames: ['雷经理'],
    });
    expect(view.recent.map(({ type }) => type)).toEqual(['approval-requested', 'changed']);
    expect(view.names).toMatchObject({ zhangsan: '张三', lei: '雷经理' });
  });

  test('says who changed a field, when, and with which sentence', async () => {
    const scene = new Scene();
    await scene.wrote('zhangsan', { amountFen: 400_000_000 }, { said: '华为二期 加100万' });
    scene.world.clock.advance(60_000);
    await scene.wrote('zhangsan', { priority: '高' });
    scene.world.clock.advance(60_000);
    const slip = await scene.wrote('lei', { amountFen: 900_000_000 }, { causeId: 'slip' });
    expect(slip.undoable).toBe(true);
    scene.world.clock.advance(60_000);
    must(await scene.undo('lei', 'slip'));
    await scene.verbs.relayAll(10);
    const history = must(
      await scene.verbs.fieldHistory(
        scene.world.directory.who('zhangsan'),
        anOpportunity().id,
        'amountFen',
      ),
    );
    expect(
      history.entries.map(({ event, change, byName }) => [
        event.type,
        byName,
        change.from,
        change.to,
      ]),
    ).toEqual([
      ['undone', '雷经理', 900_000_000, 400_000_000],
      ['changed', '雷经理', 400_000_000, 900_000_000],
      ['changed', '张三', 300_000_000, 400_000_000],
    ]);
    expect(history.entries.at(-1)?.event.said).toBe('华为二期 加100万');
  });

  test('of others is not shown, nor its history, nor that it exists', async () => {
    const scene = new Scene();
    const wang = scene.world.directory.who('wangwu');
    const { id } = anOpportunity();
    expect(refusalOf(await scene.verbs.show(wang, id)).code).toBe('not-visible');
    expect(refusalOf(await scene.verbs.fieldHistory(wang, id, 'amountFen')).code).toBe(
      'not-visible',
    );
    expect(refusalOf(await scene.verbs.show(wang, 'opp_none')).code).toBe('not-found');
  });

  test('that was archived is said to be', async () => {
    const archivedAt = at('2026-03-10 10:00');
    const scene = new Scene({ opportunities: [anOpportunity({ archivedAt })] });
    const zhang = scene.world.directory.who('zhangsan');
    expect(refusalOf(await scene.verbs.show(zhang, anOpportunity().id))).toEqual({
      code: 'archived',
      title: '华为二期',
    });
  });
});

describe('a forecast', () => {
  const month = { from: '2026-03-01', to: '2026-03-31' };
  const closing = { closeOn: '2026-03-20', amountFen: 100_000 };
  const all = [
    one('谈判', { ...closing, stage: 'negotiate' }),
    one('谈判二', { ...closing, stage: 'negotiate', probability: 0.9 }),
    one('需求', { ...closing, ownerId: 'lisi' }),
    one('下月', { ...closing, closeOn: '2026-04-01' }),
    one('没日期', { ...closing, closeOn: null }),
    one('赢了', { ...won, amountFen: 50_000 }),
    one('丢了', lost),
  ];

  test('weighs what is open by stage, beside what was won', async () => {
    const scene = new Scene({ opportunities: all });
    const forecast = await scene.verbs.forecast(scene.world.directory.who('lei'), month);
    expect(forecast).toEqual({
      ...month,
      stages: [
        { stage: 'qualify', count: 1, amountFen: 100_000, weightedFen: 25_000 },
        { stage: 'negotiate', count: 2, amountFen: 200_000, weightedFen: 160_000 },
      ],
      weightedFen: 185_000,
      openFen: 300_000,
      wonFen: 50_000,
      wonCount: 1,
    });
  });

  test('of a rep counts their own only; without any it is all noughts', async () => {
    const scene = new Scene({ opportunities: all });
    const zhang = await scene.verbs.forecast(scene.world.directory.who('zhangsan'), month);
    expect(zhang.openFen).toBe(200_000);
    const wang = await scene.verbs.forecast(scene.world.directory.who('wangwu'), month);
    expect(wang).toEqual({
      ...month,
      stages: [],
      weightedFen: 0,
      openFen: 0,
      wonFen: 0,
      wonCount: 0,
    });
  });
});
