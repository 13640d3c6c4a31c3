import { describe, expect, test } from '@jest/globals';

import type { Patch } from '../domain/index.js';
import { HOUR_MS } from '../kernel/index.js';
import { Scene, anOpportunity, must, refusalOf } from './testing/index.js';

const followUp = { channel: 'call' as const, contacts: ['张总'], summary: '嫌贵' };
const WIN: Patch = { outcome: { kind: 'won', reason: null } };

describe('撤销 takes back everything one message changed', () => {
  test('all its fields, and what hung on them', async () => {
    const scene = new Scene();
    const before = await scene.opportunity();
    scene.world.clock.advance(HOUR_MS);
    await scene.wrote(
      'zhangsan',
      { stage: 'propose', amountFen: 200_000_000, closeOn: '2026-06-30', tier: 'A' },
      { causeId: 'said' },
    );
    expect((await scene.opportunity()).closePushes).toBe(1);
    const [undone] = must(await scene.undo('zhangsan', 'said'));
    expect(undone).toMatchObject({
      archived: false,
      followUpRemoved: false,
      changes: [
        { field: 'stage', from: 'propose', to: 'qualify' },
        { field: 'amountFen', from: 200_000_000, to: 300_000_000 },
        { field: 'closeOn', from: '2026-06-30', to: '2026-04-30' },
        { field: 'tier', from: 'A', to: 'C' },
      ],
    });
    const { title, stage, amountFen, closeOn, tier, stageSince, closePushes } = before;
    expect(await scene.opportunity()).toMatchObject({
      ...{ title, stage, amountFen, closeOn, tier, stageSince, closePushes },
      lastChange: null,
    });
    expect(await scene.happened()).toEqual(['changed', 'undone']);
  });

  test('the follow-up it recorded: the last contact is the one before', async () => {
    const lastContactAt = new Date('2026-03-01T10:00:00+08:00');
    const scene = new Scene({
      opportunities: [anOpportunity({ lastContactAt, nextFollowUp: { day: '2026-03-11' } })],
    });
    await scene.wrote('zhangsan', {}, { followUp, causeId: 'said' });
    expect((await scene.opportunity()).nextFollowUp).toBeNull();
    expect(must(await scene.undo('zhangsan', 'said'))).toMatchObject([{ followUpRemoved: true }]);
    expect(await scene.opportunity()).toMatchObject({
      lastContactAt,
      lastFollowUp: null,
      nextFollowUp: { day: '2026-03-11' },
    });
  });

  test('a loss', async () => {
    const scene = new Scene();
    await scene.wrote(
      'zhangsan',
      { outcome: { kind: 'lost', reason: '价格' } },
      { causeId: 'said' },
    );
    must(await scene.undo('zhangsan', 'said'));
    expect(await scene.opportunity()).toMatchObject({
      stage: 'qualify',
      outcome: null,
      probability: null,
    });
  });

  test('the creation: archived, and its owner hears of it', async () => {
    const scene = new Scene({ opportunities: [] });
    const created = must(await scene.create('lei', { ownerId: 'lisi' }, { causeId: 'said' }));
    const id = created.kind === 'created' ? created.opportunity.id : '';
    expect(must(await scene.undo('lei', 'said', [id]))).toMatchObject([{ archived: true }]);
    expect(await scene.opportunity(id)).toMatchObject({ archivedAt: scene.world.clock.now() });
    expect(await scene.told()).toEqual(['assigned → lisi', 'taken-back → lisi']);
  });

  test('a new owner who was told is told again', async () => {
    const scene = new Scene();
    await scene.wrote('zhangsan', { ownerId: 'lisi' }, { causeId: 'said' });
    must(await scene.undo('zhangsan', 'said'));
    expect((await scene.opportunity()).ownerId).toBe('zhangsan');
    expect(await scene.told()).toEqual(['assigned → lisi', 'taken-back → lisi']);
  });

  test('on every opportunity it touched', async () => {
    const other = anOpportunity({ id: 'opp_xiaomi', title: '小米', customerName: '小米' });
    const scene = new Scene({ opportunities: [anOpportunity(), other] });
    await scene.wrote('zhangsan', { tier: 'A' }, { causeId: 'said#1' });
    await scene.wrote('zhangsan', { tier: 'B' }, { causeId: 'said#2', opportunityId: other.id });
    const command = {
      ...scene.cause('zhangsan'),
      targets: [
        { opportunityId: anOpportunity().id, causeId: 'said#1' },
        { opportunityId: other.id, causeId: 'said#2' },
      ],
    };
    expect(must(await scene.verbs.undoChange(command))).toHaveLength(2);
    expect(scene.world.opportunities.all().map(({ tier }) => tier)).toEqual(['C', 'C']);
  });

  test('on all of them or on none', async () => {
    const other = anOpportunity({ id: 'opp_xiaomi', collaboratorIds: ['lisi'] });
    const scene = new Scene({ opportunities: [anOpportunity(), other] });
    await scene.wrote('zhangsan', { tier: 'A' }, { causeId: 'said' });
    await scene.wrote('zhangsan', { tier: 'B' }, { causeId: 'said', opportunityId: other.id });
    await scene.wrote('lisi', { priority: '高' }, { opportunityId: other.id });
    const refusal = refusalOf(await scene.undo('zhangsan', 'said', [anOpportunity().id, other.id]));
    expect(refusal.code).toBe('undo-changed-since');
    expect((await scene.opportunity()).tier).toBe('A');
  });
});

describe('a request for approval', () => {
  test('goes back with the message that made it, and the approver sees it', async () => {
    const scene = new Scene();
    await scene.wrote(
      'zhangsan',
      { stage: 'negotiate', amountFen: 800_000_000 },
      { causeId: 'said' },
    );
    must(await scene.undo('zhangsan', 'said'));
    expect(await scene.opportunity()).toMatchObject({
      amountFen: 300_000_000,
      approval: null,
      settledApprovals: [{ verdict: 'withdrawn' }],
    });
    expect(await scene.told()).toContain('approval-settled → lei (card)');
  });

  test('that was all the message did is withdrawn', async () => {
    const scene = new Scene();
    await scene.wrote('zhangsan', { tier: 'A' });
    await scene.wrote('zhangsan', WIN, { causeId: 'said' });
    expect(must(await scene.undo('zhangsan', 'said'))).toMatchObject([
      { changes: [], requestWithdrawn: true },
    ]);
    expect(await scene.opportunity()).toMatchObject({ approval: null, tier: 'A' });
  });

  test('that was rejected meanwhile leaves nothing to take back', async () => {
    const scene = new Scene();
    await scene.wrote('zhangsan', { tier: 'A' });
    const approvalId = await scene.heldAs('zhangsan', WIN, { causeId: 'said' });
    must(await scene.decide('lei', approvalId, 'rejected'));
    expect(refusalOf(await scene.undo('zhangsan', 'said')).code).toBe('nothing-to-undo');
    expect((await scene.opportunity()).tier).toBe('A');
  });

  test('somebody else made stays', async () => {
    const scene = new Scene({ opportunities: [anOpportunity({ collaboratorIds: ['lisi'] })] });
    const approvalId = await scene.heldAs('lisi', WIN);
    await scene.wrote('zhangsan', { tier: 'A' }, { causeId: 'said' });
    must(await scene.undo('zhangsan', 'said'));
    expect((await scene.opportunity()).approval?.id).toBe(approvalId);
  });

  test('that was approved is not undone: that is a new request', async () => {
    const scene = new Scene();
    const patch = { stage: 'negotiate', amountFen: 800_000_000 };
    const approvalId = await scene.heldAs('zhangsan', patch, { causeId: 'said' });
    must(await scene.decide('lei', approvalId, 'approved', { causeId: 'tap' }));
    expect(refusalOf(await scene.undo('zhangsan', 'said')).code).toBe('undo-gated');
    expect(refusalOf(await scene.undo('lei', 'tap')).code).toBe('undo-gated');
    expect((await scene.opportunity()).stage).toBe('negotiate');
  });
});

describe('not', () => {
  test('twice', async () => {
    const scene = new Scene();
    await scene.wrote('zhangsan', { tier: 'A' }, { causeId: 'said' });
    must(await scene.undo('zhangsan', 'said'));
    expect(refusalOf(await scene.undo('zhangsan', 'said')).code).toBe('nothing-to-undo');
    expect((await scene.opportunity()).tier).toBe('C');
  });

  test('after a day', async () => {
    const scene = new Scene();
    await scene.wrote('zhangsan', { tier: 'A' }, { causeId: 'said' });
    scene.world.clock.advance(24 * HOUR_MS + 1);
    expect(refusalOf(await scene.undo('zhangsan', 'said'))).toEqual({
      code: 'undo-too-late',
      hours: 24,
    });
  });

  test('when somebody changed it since: it says who and when', async () => {
    const scene = new Scene({ opportunities: [anOpportunity({ collaboratorIds: ['lisi'] })] });
    await scene.wrote('zhangsan', { tier: 'A' }, { causeId: 'said' });
    scene.world.clock.advance(HOUR_MS);
    await scene.wrote('lisi', { priority: '高' });
    expect(refusalOf(await scene.undo('zhangsan', 'said'))).toMatchObject({
      code: 'undo-changed-since',
      byName: '李四',
      at: scene.world.clock.now(),
    });
  });

  test.each([
    ['a change of somebody else', 'lei', 'said'],
    ['a change that never was', 'zhangsan', 'never'],
  ])('%s', async (_what, userid, causeId) => {
    const scene = new Scene();
    await scene.wrote('zhangsan', { tier: 'A' }, { causeId: 'said' });
    expect(refusalOf(await scene.undo(userid, causeId)).code).toBe('nothing-to-undo');
    expect((await scene.opportunity()).tier).toBe('A');
  });

  test.each([
    ['nothing', []],
    ['what does not exist', ['opp_none']],
  ])('%s', async (_what, ids) => {
    expect(refusalOf(await new Scene().undo('zhangsan', 'said', ids)).code).toBe('nothing-to-undo');
  });

  test('when somebody is quicker', async () => {
    const scene = new Scene({ opportunities: [anOpportunity({ collaboratorIds: ['lisi'] })] });
    await scene.wrote('zhangsan', { tier: 'A' }, { causeId: 'said' });
    scene.world.opportunities.interruptNextReplace(() => scene.wrote('lisi', { tier: 'B' }, {}));
    expect(refusalOf(await scene.undo('zhangsan', 'said')).code).toBe('undo-changed-since');
    expect((await scene.opportunity()).tier).toBe('B');
  });
});

test('the same 撤销 delivered twice takes back once and is answered the same', async () => {
  const scene = new Scene();
  await scene.wrote('zhangsan', { tier: 'A' }, { causeId: 'said' });
  const first = must(await scene.undo('zhangsan', 'said', undefined, { causeId: 'undo' }));
  await scene.wrote('zhangsan', { tier: 'B' });
  const again = must(await scene.undo('zhangsan', 'said', undefined, { causeId: 'undo' }));
  expect(again.map(({ changes }) => changes)).toEqual(first.map(({ changes }) => changes));
  expect((await scene.opportunity()).tier).toBe('B');
});
