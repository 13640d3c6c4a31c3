import { describe, expect, test } from '@jest/globals';

import { Scene, anOpportunity, must, refusalOf } from './testing/index.js';

describe('a new opportunity', () => {
  test('begins in the first stage, tier C, owned by who created it', async () => {
    const scene = new Scene();
    const result = must(await scene.create('zhangsan'));
    expect(result).toMatchObject({
      kind: 'created',
      held: null,
      opportunity: {
        rev: 1,
        title: '小米一期',
        customerName: '小米',
        stage: 'contact',
        tier: 'C',
        ownerId: 'zhangsan',
        createdBy: 'zhangsan',
        amountFen: null,
      },
    });
    expect(await scene.happened()).toEqual(['created']);
    expect(await scene.told()).toEqual([]);
  });

  test('is looked at again after its first day', async () => {
    const { opportunity } = must(await new Scene().create('zhangsan')) as {
      opportunity: { attention: unknown };
    };
    expect(opportunity.attention).toMatchObject({ kind: 'node' });
  });

  test('takes everything the sentence says', async () => {
    const result = must(
      await new Scene().create('zhangsan', {
        amountFen: 300_000_000,
        stage: 'qualify',
        closeOn: '2026-09-30',
        tier: 'A',
        addContacts: [{ name: '雷总' }],
        nextFollowUp: { day: '2026-03-13' },
      }),
    );
    expect(result).toMatchObject({
      kind: 'created',
      opportunity: {
        amountFen: 300_000_000,
        stage: 'qualify',
        closeOn: '2026-09-30',
        tier: 'A',
        contacts: [{ name: '雷总' }],
        nextFollowUp: { day: '2026-03-13' },
      },
    });
  });

  test('made for a colleague tells them', async () => {
    const scene = new Scene();
    must(await scene.create('lei', { ownerId: 'lisi' }));
    expect(await scene.told()).toEqual(['assigned → lisi']);
  });

  test('an amount out of range is refused', async () => {
    const decision = await new Scene().create('zhangsan', { amountFen: -1 });
    expect(refusalOf(decision).code).toBe('amount-out-of-range');
  });

  test.each([
    ['uncertain', { uncertain: true }],
    ['ambiguous-date', { ambiguousDates: ['2026-03-14', '2026-03-15'] }],
  ])('is shown first when %s', async (code, more) => {
    const scene = new Scene();
    expect(must(await scene.create('zhangsan', {}, more))).toMatchObject({
      kind: 'preview',
      title: '小米一期',
      reasons: [{ code }],
    });
    expect(scene.world.opportunities.all()).toHaveLength(1);
  });
});

describe('the same customer has one open already (撞单)', () => {
  test.each(['华为', ' 华 为 ', '华为有限公司', '华为集团', '华为（集团）'])(
    'called %s: said before creating, naming whom to ask and nothing else',
    async (customerName) => {
      const scene = new Scene();
      const preview = must(await scene.create('wangwu', {}, { customerName }));
      expect(preview).toMatchObject({
        kind: 'preview',
        reasons: [{ code: 'duplicate-customer', count: 1, ownerNames: ['张三'], own: [] }],
      });
      expect(JSON.stringify(preview)).not.toMatch(/华为二期|300000000|zhangsan/);
    },
  );

  test("one's own are named", async () => {
    const preview = must(await new Scene().create('zhangsan', {}, { customerName: '华为' }));
    expect(preview).toMatchObject({
      reasons: [{ count: 1, ownerNames: [], own: [{ id: 'opp_huawei2', title: '华为二期' }] }],
    });
  });

  test.each([
    ['closed', { outcome: { kind: 'lost' as const, on: '2026-03-01', reason: '价格' } }],
    ['archived', { archivedAt: new Date(0) }],
    ["another customer's", { customerName: '华为云' }],
  ])('not when that one is %s', async (_what, changes) => {
    const scene = new Scene({ opportunities: [anOpportunity(changes)] });
    const result = must(await scene.create('zhangsan', {}, { customerName: '华为' }));
    expect(result.kind).toBe('created');
  });

  test('confirmed, it is created', async () => {
    const scene = new Scene();
    const more = { customerName: '华为', confirmed: true };
    expect(must(await scene.create('wangwu', {}, more)).kind).toBe('created');
  });
});

describe('creating in a later stage meets the same gates as moving there', () => {
  test('criteria', async () => {
    const refusal = refusalOf(await new Scene().create('zhangsan', { stage: 'negotiate' }));
    expect(refusal).toMatchObject({ code: 'criteria-unmet', stage: 'negotiate' });
  });

  test('approval: it exists in the first stage, and the move is held', async () => {
    const scene = new Scene();
    const result = must(
      await scene.create('zhangsan', {
        stage: 'negotiate',
        amountFen: 800_000_000,
        closeOn: '2026-04-30',
      }),
    );
    expect(result).toMatchObject({
      kind: 'created',
      opportunity: { stage: 'contact', amountFen: 800_000_000 },
      held: { approverNames: ['雷经理'], approval: { causes: ['into-stage'] } },
    });
    expect(await scene.told()).toEqual(['approval-requested → lei']);
    expect(await scene.happened()).toEqual(['created', 'approval-requested']);
  });

  test('winning: shown, then held', async () => {
    const scene = new Scene();
    const won = { outcome: { kind: 'won' as const, reason: null } };
    expect(must(await scene.create('zhangsan', won))).toMatchObject({
      kind: 'preview',
      reasons: [{ code: 'win' }],
    });
    expect(must(await scene.create('zhangsan', won, { confirmed: true }))).toMatchObject({
      held: { approval: { causes: ['win'] } },
      opportunity: { outcome: null, stage: 'contact' },
    });
  });
});

describe('the same message twice', () => {
  test('creates once, and is answered as created although now there is a duplicate', async () => {
    const scene = new Scene();
    const first = must(await scene.create('zhangsan', {}, { causeId: 'm' }));
    const again = must(await scene.create('zhangsan', {}, { causeId: 'm' }));
    expect(again).toEqual(first);
    expect(scene.world.opportunities.all()).toHaveLength(2);
  });

  test('at the very same moment', async () => {
    const scene = new Scene();
    const fields = { stage: 'negotiate', amountFen: 800_000_000, closeOn: '2026-04-30' };
    const results = await Promise.all(
      [1, 2, 3].map(() => scene.create('zhangsan', fields, { causeId: 'm' })),
    );
    expect(scene.world.opportunities.all()).toHaveLength(2);
    const [first, ...others] = results.map(must);
    for (const other of others) expect(other).toEqual(first);
    expect(await scene.told()).toEqual(['approval-requested → lei']);
  });
});
