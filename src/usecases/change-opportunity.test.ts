import { describe, expect, test } from '@jest/globals';

import type { Patch } from '../domain/index.js';
import { DAY_MS, MINUTE_MS } from '../kernel/index.js';
import { Scene, anOpportunity, must, policies, refusalOf } from './testing/index.js';

const contacted = { channel: 'call', contacts: ['张总'], summary: '嫌贵' } as const;
const asFollowUp = { ...contacted, contacts: [...contacted.contacts] };

describe('what is safe is written at once', () => {
  test.each<[string, Patch, object]>([
    ['a rising amount', { amountFen: 320_000_000 }, { amountFen: 320_000_000 }],
    ['a difference up', { amountChangeFen: 10_000_000 }, { amountFen: 310_000_000 }],
    ['a forward move', { stageMove: 'next' }, { stage: 'propose' }],
    ['a close date pulled in', { closeOn: '2026-04-01' }, { closeOn: '2026-04-01' }],
    [
      'a next date',
      { nextFollowUp: { day: '2026-03-18' } },
      { nextFollowUp: { day: '2026-03-18' } },
    ],
    ['a note', { nextStep: '出报价' }, { nextStep: '出报价' }],
  ])('%s', async (_what, patch, expected) => {
    const scene = new Scene();
    const result = must(await scene.change('zhangsan', patch));
    expect(result).toMatchObject({ kind: 'written', undoable: true, held: null, won: false });
    expect(await scene.opportunity()).toMatchObject({ ...expected, rev: 2 });
  });

  test('old → new is answered in the fixed order of fields, whatever was said first', async () => {
    const scene = new Scene();
    const { changes } = await scene.wrote('zhangsan', {
      tier: 'A',
      amountFen: 320_000_000,
      title: '华为三期',
    });
    expect(changes).toEqual([
      { field: 'title', from: '华为二期', to: '华为三期' },
      { field: 'amountFen', from: 300_000_000, to: 320_000_000 },
      { field: 'tier', from: 'C', to: 'A' },
    ]);
  });

  test('what is already so changes nothing, and is still answered', async () => {
    const scene = new Scene();
    const result = must(await scene.change('zhangsan', { amountFen: 300_000_000 }));
    expect(result).toMatchObject({ kind: 'written', changes: [], undoable: false });
    expect(await scene.happened()).toEqual([]);
  });
});

describe('what is risky is shown first and writes nothing', () => {
  test.each<[string, Patch]>([
    ['amount-down', { amountFen: 200_000_000 }],
    ['amount-down', { amountChangeFen: -10_000_000 }],
    ['close-pushed', { closeOn: '2026-06-30' }],
    ['close-pushed', { closeOn: null }],
    ['backward', { stage: 'contact' }],
    ['win', { outcome: { kind: 'won', reason: null } }],
    ['lose', { outcome: { kind: 'lost', reason: '价格' } }],
    ['owner', { ownerId: 'lisi' }],
  ])('%s', async (code, patch) => {
    const scene = new Scene();
    const before = await scene.opportunity();
    const result = must(await scene.change('zhangsan', patch));
    expect(result).toMatchObject({ kind: 'preview', reasons: [{ code }] });
    expect(await scene.opportunity()).toEqual(before);
  });

  test('low certainty and several readings of a date', async () => {
    const scene = new Scene();
    const result = must(
      await scene.change(
        'zhangsan',
        { closeOn: '2026-04-01' },
        { uncertain: true, ambiguousDates: ['2026-04-01', '2026-04-08'] },
      ),
    );
    expect(result).toMatchObject({
      kind: 'preview',
      reasons: [
        { code: 'uncertain' },
        { code: 'ambiguous-date', alternatives: ['2026-04-01', '2026-04-08'] },
      ],
    });
  });

  test('a follow-up waits with its preview', async () => {
    const scene = new Scene();
    const result = must(
      await scene.change('zhangsan', {}, { followUp: asFollowUp, uncertain: true }),
    );
    expect(result).toMatchObject({ kind: 'preview', changes: [], followUp: { summary: '嫌贵' } });
    expect((await scene.opportunity()).lastFollowUp).toBeNull();
  });

  test('somebody else changed the same field minutes ago', async () => {
    const scene = new Scene({ opportunities: [anOpportunity({ collaboratorIds: ['lisi'] })] });
    await scene.wrote('lisi', { amountFen: 450_000_000 });
    scene.world.clock.advance(3 * MINUTE_MS);
    const result = must(await scene.change('zhangsan', { amountFen: 460_000_000 }));
    expect(result).toMatchObject({
      kind: 'preview',
      reasons: [
        {
          code: 'recent-other',
          byName: '李四',
          changes: [{ field: 'amountFen', from: 300_000_000, to: 450_000_000 }],
        },
      ],
    });
  });

  test.each([
    ['another field', { nextStep: '出报价' }, 3],
    ['later than that', { amountFen: 460_000_000 }, 11],
  ])('not when it is %s', async (_what, patch, minutes) => {
    const scene = new Scene({ opportunities: [anOpportunity({ collaboratorIds: ['lisi'] })] });
    await scene.wrote('lisi', { amountFen: 450_000_000 });
    scene.world.clock.advance(minutes * MINUTE_MS);
    expect(must(await scene.change('zhangsan', patch)).kind).toBe('written');
  });

  test('a company may switch a preview off', async () => {
    const { confirm } = policies();
    const relaxed = { ...confirm, preview: { ...confirm.preview, 'amount-down': false } };
    const scene = new Scene({ policies: { confirm: relaxed } });
    expect(must(await scene.change('zhangsan', { amountFen: 100_000_000 })).kind).toBe('written');
  });

  test('confirmed, it is written, and pushing the close date is counted', async () => {
    const scene = new Scene();
    await scene.wrote('zhangsan', { closeOn: '2026-06-30', amountFen: 200_000_000 });
    expect(await scene.opportunity()).toMatchObject({
      closeOn: '2026-06-30',
      amountFen: 200_000_000,
      closePushes: 1,
    });
  });
});

describe('who may', () => {
  test.each([
    ['the owner', 'zhangsan', 'written'],
    ['a collaborator of another team', 'zhaoliu', 'written'],
    ['the leader', 'lei', 'written'],
    ['the leader above', 'zong', 'written'],
    ['a peer', 'lisi', 'not-visible'],
    ['another team', 'wangwu', 'not-visible'],
    ['an administrator, who only looks', 'admin', 'not-allowed'],
    ["a collaborator's leader, who only looks", 'nan', 'not-allowed'],
  ])('%s', async (_who, userid, expected) => {
    const scene = new Scene({ opportunities: [anOpportunity({ collaboratorIds: ['zhaoliu'] })] });
    const decision = await scene.change(userid, { nextStep: '出报价' });
    expect(decision.ok ? decision.value.kind : decision.refusal.code).toBe(expected);
  });

  test('a refused stranger learns nothing, not even that it was archived', async () => {
    const scene = new Scene({ opportunities: [anOpportunity({ archivedAt: new Date(0) })] });
    expect(refusalOf(await scene.change('wangwu', {}))).toEqual({ code: 'not-visible' });
    expect(refusalOf(await scene.change('zhangsan', {}))).toEqual({
      code: 'archived',
      title: '华为二期',
    });
  });

  test('what does not exist is not found', async () => {
    const decision = await new Scene().change('zhangsan', {}, { opportunityId: 'opp_none' });
    expect(refusalOf(decision).code).toBe('not-found');
  });
});

describe('what cannot be', () => {
  test.each<[string, Patch, object]>([
    ['amount-out-of-range', { amountChangeFen: -300_000_001 }, {}],
    ['amount-out-of-range', { amountFen: 1e15 }, {}],
    ['no-next-stage', { stageMove: 'next' }, { stage: 'negotiate' }],
    ['no-next-stage', { stageMove: 'prev' }, { stage: 'contact' }],
  ])('%s', async (code, patch, changes) => {
    const scene = new Scene({ opportunities: [anOpportunity(changes)] });
    expect(refusalOf(await scene.change('zhangsan', patch)).code).toBe(code);
  });

  test('a move without what its stage requires names what to type, and nothing is written', async () => {
    const scene = new Scene({ opportunities: [anOpportunity({ amountFen: null, closeOn: null })] });
    const refusal = refusalOf(await scene.change('zhangsan', { stage: 'negotiate', tier: 'A' }));
    expect(refusal).toMatchObject({
      code: 'criteria-unmet',
      stage: 'negotiate',
      unmet: [{ label: '有报价金额' }, { label: '有预计签约日' }],
    });
    expect((await scene.opportunity()).tier).toBe('C');
  });

  test('the rest of the sentence may bring what the stage requires', async () => {
    const scene = new Scene({ opportunities: [anOpportunity({ amountFen: null, closeOn: null })] });
    const patch = { stage: 'negotiate', amountFen: 100_000_000, closeOn: '2026-04-01' };
    expect(must(await scene.change('zhangsan', patch))).toMatchObject({ kind: 'written' });
  });
});

describe('a follow-up', () => {
  const chase = {
    kind: 'follow-up' as const,
    key: 'follow-up:2026-03-11:zhangsan',
    dueOn: '2026-03-11',
    startedAt: new Date('2026-03-11T09:10:00+08:00'),
    step: 1,
  };

  test('is recorded with its next date, and answers the reminder', async () => {
    const scene = new Scene({
      opportunities: [
        anOpportunity({ chase, snoozedUntil: new Date(), nextFollowUp: { day: '2026-03-11' } }),
      ],
    });
    const result = await scene.wrote(
      'zhangsan',
      { nextFollowUp: { day: '2026-03-18' } },
      { followUp: asFollowUp },
    );
    expect(result).toMatchObject({ followedUp: true, changes: [{ field: 'nextFollowUp' }] });
    const opportunity = await scene.opportunity();
    expect(opportunity).toMatchObject({
      lastContactAt: scene.world.clock.now(),
      lastFollowUp: { ...contacted, by: 'zhangsan', next: { day: '2026-03-18' } },
      chase: null,
      snoozedUntil: null,
      attention: { kind: 'follow-up' },
    });
    expect(await scene.happened()).toEqual(['followed-up', 'changed']);
  });

  test.each([
    ['the agreed date that has come', '2026-03-11', null],
    ['not one still ahead', '2026-03-20', { day: '2026-03-20' }],
  ])('without a next date clears %s', async (_what, day, expected) => {
    const scene = new Scene({ opportunities: [anOpportunity({ nextFollowUp: { day } })] });
    await scene.wrote('zhangsan', {}, { followUp: asFollowUp });
    expect((await scene.opportunity()).nextFollowUp).toEqual(expected);
  });

  test('is taken on a closed opportunity; a change is not', async () => {
    const outcome = { kind: 'lost' as const, on: '2026-03-01', reason: '价格' };
    const scene = new Scene({ opportunities: [anOpportunity({ stage: 'lost', outcome })] });
    expect((await scene.wrote('zhangsan', {}, { followUp: asFollowUp })).followedUp).toBe(true);
    expect(refusalOf(await scene.change('zhangsan', { tier: 'A' })).code).toBe('closed');
    const again = { outcome: { kind: 'lost' as const, reason: '价格' } };
    expect(refusalOf(await scene.change('zhangsan', again)).code).toBe('closed');
  });
});

describe('what needs a yes', () => {
  test('waits; the rest of the sentence is applied now, and both are said', async () => {
    const scene = new Scene();
    const result = await scene.wrote('zhangsan', { stage: 'negotiate', amountFen: 800_000_000 });
    expect(result).toMatchObject({
      changes: [{ field: 'amountFen', to: 800_000_000 }],
      held: {
        approverNames: ['雷经理'],
        approval: {
          ref: 1,
          causes: ['into-stage'],
          changes: [{ field: 'stage', from: 'qualify', to: 'negotiate' }],
          requestedBy: 'zhangsan',
          reason: '张三说的话',
        },
      },
    });
    expect(await scene.opportunity()).toMatchObject({ stage: 'qualify', amountFen: 800_000_000 });
    expect(await scene.told()).toEqual(['approval-requested → lei']);
    expect(await scene.happened()).toEqual(['changed', 'approval-requested']);
  });

  test("the approver's card is known to the approval by the notice that carries it", async () => {
    const scene = new Scene();
    const { held } = await scene.wrote('zhangsan', { stage: 'negotiate', amountFen: 800_000_000 });
    await scene.told();
    const [row] = scene.world.outbox.all();
    expect(held?.approval.approvers).toMatchObject([{ userid: 'lei', cardId: row?.id }]);
    expect(row).toMatchObject({
      lane: 'reply:lei',
      content: {
        notice: {
          approvalId: held?.approval.id,
          requestedByName: '张三',
          criteria: [
            { label: '有报价金额', met: true, evidence: '¥8,000,000' },
            { label: '有预计签约日', met: true, evidence: '2026-04-30' },
            { label: '有客户联系人', met: false },
          ],
        },
      },
    });
  });

  test.each<[string, string, Patch, object]>([
    ['entering the gated stage', 'into-stage', { stage: 'negotiate' }, { amountFen: 500_000_000 }],
    [
      'raising the amount in the gated stage',
      'amount-raised',
      { amountFen: 600_000_000 },
      { stage: 'negotiate' },
    ],
    ['going back', 'backward', { stageMove: 'prev' }, {}],
    ['winning', 'win', { outcome: { kind: 'won', reason: null } }, {}],
  ])('%s', async (_what, cause, patch, changes) => {
    const before = anOpportunity(changes);
    const scene = new Scene({ opportunities: [before] });
    const { held, changes: applied, undoable } = await scene.wrote('zhangsan', patch);
    expect(undoable).toBe(true);
    expect(held?.approval.causes).toEqual([cause]);
    expect(applied).toEqual([]);
    const { stage, amountFen, outcome } = await scene.opportunity();
    expect({ stage, amountFen, outcome }).toEqual({
      stage: before.stage,
      amountFen: before.amountFen,
      outcome: null,
    });
  });

  test('only one request at a time', async () => {
    const scene = new Scene();
    await scene.heldAs('zhangsan', { stageMove: 'prev' });
    const refusal = refusalOf(
      await scene.change(
        'zhangsan',
        { outcome: { kind: 'won', reason: null } },
        { confirmed: true },
      ),
    );
    expect(refusal).toMatchObject({ code: 'approval-open', approverNames: ['雷经理'] });
    expect(must(await scene.change('zhangsan', { tier: 'A' })).kind).toBe('written');
  });

  test.each([
    ['the requester is the leader: the next level up', 'lei', ['宗总']],
    ['a collaborator asks: their own leader', 'zhaoliu', ['南经理']],
  ])('%s', async (_what, userid, approverNames) => {
    const scene = new Scene({ opportunities: [anOpportunity({ collaboratorIds: ['zhaoliu'] })] });
    const { held } = await scene.wrote(userid, { stageMove: 'prev' });
    expect(held?.approverNames).toEqual(approverNames);
  });

  test('a leader who left is passed over', async () => {
    const scene = new Scene();
    const rest = (await scene.world.directory.everyone()).filter(({ userid }) => userid !== 'lei');
    await scene.world.directory.replaceAll(rest);
    expect((await scene.wrote('zhangsan', { stageMove: 'prev' })).held?.approverNames).toEqual([
      '宗总',
    ]);
  });

  test('nobody above: held all the same, and the administrators are told', async () => {
    const scene = new Scene({ opportunities: [anOpportunity({ ownerId: 'zong' })] });
    const { held } = await scene.wrote('zong', { stageMove: 'prev' });
    expect(held?.approverNames).toEqual([]);
    expect((await scene.opportunity()).stage).toBe('qualify');
    expect(await scene.told()).toEqual(['no-approver → admin']);
  });

  test('nobody above, but the company named somebody', async () => {
    const approval = { ...policies().approval, fallbackApprovers: ['zong', 'nan'] };
    const opportunities = [anOpportunity({ ownerId: 'zong' })];
    const scene = new Scene({ opportunities, policies: { approval } });
    expect((await scene.wrote('zong', { stageMove: 'prev' })).held?.approverNames).toEqual([
      '南经理',
    ]);
  });
});

describe('an ending', () => {
  test('losing asks for a reason from the list', async () => {
    const scene = new Scene();
    const patch = (reason: string | null): Patch => ({ outcome: { kind: 'lost', reason } });
    const none = refusalOf(await scene.change('zhangsan', patch(null), { confirmed: true }));
    expect(none).toMatchObject({ code: 'loss-reason-needed', reasons: ['价格', '竞品'] });
    const unknown = await scene.change('zhangsan', patch('客户倒闭'), { confirmed: true });
    expect(refusalOf(unknown).code).toBe('loss-reason-needed');
  });

  test('lost with a reason in the words of the rep; nobody is chased afterwards', async () => {
    const scene = new Scene();
    await scene.wrote('zhangsan', { outcome: { kind: 'lost', reason: '客户嫌贵' } });
    expect(await scene.opportunity()).toMatchObject({
      stage: 'lost',
      probability: 0,
      outcome: { kind: 'lost', on: '2026-03-11', reason: '价格' },
      attention: null,
    });
  });

  test('a request that still waits is overtaken by the loss', async () => {
    const scene = new Scene();
    const approvalId = await scene.heldAs('zhangsan', { stageMove: 'prev' });
    await scene.wrote('zhangsan', { outcome: { kind: 'lost', reason: '价格' } });
    expect(await scene.opportunity()).toMatchObject({
      approval: null,
      settledApprovals: [{ id: approvalId, verdict: 'overtaken' }],
    });
    expect(await scene.told()).toEqual([
      'approval-requested → lei',
      'approval-settled → lei (card)',
    ]);
  });

  test('without a policy for wins it is won at once, and celebrated in the groups of the owner', async () => {
    const approval = { ...policies().approval, rules: [] };
    const scene = new Scene({ policies: { approval } });
    const result = await scene.wrote('zhangsan', { outcome: { kind: 'won', reason: '关系好' } });
    expect(result).toMatchObject({ won: true, held: null });
    expect(await scene.opportunity()).toMatchObject({ stage: 'won', probability: 1 });
    expect(await scene.told()).toEqual(['won → group east']);
  });

  test('opening it again is a move backwards that holds everything said with it', async () => {
    const outcome = { kind: 'lost' as const, on: '2026-03-01', reason: '价格' };
    const scene = new Scene({
      opportunities: [anOpportunity({ stage: 'lost', outcome, probability: 0 })],
    });
    const { held, changes } = await scene.wrote('zhangsan', { stage: 'qualify', tier: 'A' });
    expect(changes).toEqual([]);
    expect(held?.approval.changes.map(({ field }) => field)).toEqual([
      'stage',
      'probability',
      'tier',
      'outcome',
    ]);
  });
});

describe('a new owner', () => {
  test('is told, and no longer listed as a collaborator', async () => {
    const scene = new Scene({
      opportunities: [anOpportunity({ collaboratorIds: ['lisi', 'zhaoliu'] })],
    });
    await scene.wrote('zhangsan', { ownerId: 'lisi' });
    expect(await scene.opportunity()).toMatchObject({
      ownerId: 'lisi',
      collaboratorIds: ['zhaoliu'],
    });
    expect(await scene.told()).toEqual(['assigned → lisi']);
  });

  test('who takes it on is not told of it', async () => {
    const scene = new Scene();
    await scene.wrote('lei', { ownerId: 'lei' });
    expect(await scene.told()).toEqual([]);
  });
});

describe('the same message twice', () => {
  test('changes once and answers the original old → new, also after later changes', async () => {
    const scene = new Scene();
    const first = await scene.wrote('zhangsan', { amountChangeFen: 10_000_000 }, { causeId: 'm' });
    await scene.wrote('zhangsan', { amountFen: 500_000_000 });
    const again = await scene.wrote('zhangsan', { amountChangeFen: 10_000_000 }, { causeId: 'm' });
    expect(again.changes).toEqual(first.changes);
    expect((await scene.opportunity()).amountFen).toBe(500_000_000);
    expect(await scene.happened()).toEqual(['changed', 'changed']);
  });

  test('a held one answers with the same request and sends no second card', async () => {
    const scene = new Scene();
    const first = await scene.wrote('zhangsan', { stageMove: 'prev' }, { causeId: 'm' });
    await scene.decide('lei', first.held?.approval.id ?? '', 'rejected');
    const again = await scene.wrote('zhangsan', { stageMove: 'prev' }, { causeId: 'm' });
    expect(again.held).toEqual(first.held);
    const cards = (await scene.told()).filter((line) => line === 'approval-requested → lei');
    expect(cards).toHaveLength(1);
  });

  test('what was written wins over the preview a repeat would see', async () => {
    const scene = new Scene();
    await scene.wrote('zhangsan', { amountFen: 310_000_000 }, { causeId: 'm' });
    scene.world.clock.advance(DAY_MS);
    await scene.wrote('zhangsan', { amountFen: 900_000_000 });
    const again = must(
      await scene.change('zhangsan', { amountFen: 310_000_000 }, { causeId: 'm' }),
    );
    expect(again).toMatchObject({ kind: 'written', changes: [{ to: 310_000_000 }] });
  });
});

describe('two at the same moment', () => {
  test('a difference is added to what the other one wrote', async () => {
    const scene = new Scene({ opportunities: [anOpportunity({ collaboratorIds: ['lisi'] })] });
    scene.world.opportunities.interruptNextReplace(() =>
      scene.wrote('lisi', { amountFen: 400_000_000 }),
    );
    const { changes } = await scene.wrote('zhangsan', { amountChangeFen: 10_000_000 });
    expect(changes).toEqual([{ field: 'amountFen', from: 400_000_000, to: 410_000_000 }]);
    expect((await scene.opportunity()).rev).toBe(3);
  });

  test('a quick colleague turns an unconfirmed change into a question', async () => {
    const scene = new Scene({ opportunities: [anOpportunity({ collaboratorIds: ['lisi'] })] });
    scene.world.opportunities.interruptNextReplace(() =>
      scene.wrote('lisi', { amountFen: 400_000_000 }),
    );
    expect(must(await scene.change('zhangsan', { amountFen: 450_000_000 }))).toMatchObject({
      kind: 'preview',
      reasons: [{ code: 'recent-other' }],
    });
  });

  test('twenty messages at once all take effect', async () => {
    const scene = new Scene();
    const results = await Promise.all(
      Array.from({ length: 20 }, () => scene.change('zhangsan', { amountChangeFen: 100 })),
    );
    const written = results.filter((result) => result.ok).length;
    expect((await scene.opportunity()).amountFen).toBe(300_000_000 + written * 100);
    const refused = results.flatMap((result) => (result.ok ? [] : [result.refusal.code]));
    expect(new Set(refused)).toEqual(new Set(refused.length > 0 ? ['busy'] : []));
  });
});
