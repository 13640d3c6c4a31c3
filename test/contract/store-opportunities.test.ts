import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import type { Opportunity } from '../../src/domain/index.js';
import type { OpportunityStore } from '../../src/usecases/index.js';
import { anOpportunity } from '../../src/usecases/testing/index.js';
import { TUESDAY, anApproval, anEvent, startStore } from '../support/store.js';
import type { TestStore } from '../support/store.js';

let world: TestStore;
let opportunities: OpportunityStore;

beforeAll(async () => {
  world = await startStore();
  opportunities = world.store.opportunities;
});
afterAll(() => world.end());
beforeEach(async () => {
  await world.store.connection.db.collection('opportunities').deleteMany({});
});

const seed = async (...several: Partial<Opportunity>[]): Promise<void> => {
  for (const changes of several) await opportunities.insert(anOpportunity(changes));
};

describe('the aggregate', () => {
  test('comes back as it was saved, whole', async () => {
    const saved = anOpportunity({
      nextFollowUp: { day: '2026-03-12', time: '09:30' },
      contacts: [{ name: '张总', phone: '13800000000' }],
      approval: anApproval(),
      attention: { at: TUESDAY, kind: 'follow-up' },
      outcome: null,
      applied: [{ causeId: 'c1', at: TUESDAY, result: { kind: 'written', 'a.b': { $gt: '' } } }],
      pending: [{ kind: 'event', id: 'evt_1', event: anEvent('evt_1') }],
    });
    expect(await opportunities.insert(saved)).toBe(true);
    expect(await opportunities.load(saved.id)).toEqual(saved);
  });

  test('inserted twice is there once, as the first made it', async () => {
    await seed({ title: '第一次' });
    expect(await opportunities.insert(anOpportunity({ title: '第二次' }))).toBe(false);
    expect((await opportunities.load('opp_huawei2'))?.title).toBe('第一次');
  });

  test('is saved only over the revision it was decided on', async () => {
    await seed({});
    expect(await opportunities.replace(anOpportunity({ rev: 2, title: '改过' }))).toBe(true);
    expect(await opportunities.replace(anOpportunity({ rev: 2, title: '晚了' }))).toBe(false);
    expect((await opportunities.load('opp_huawei2'))?.title).toBe('改过');
  });

  test('changed by twenty at once takes exactly one of them', async () => {
    await seed({});
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        opportunities.replace(anOpportunity({ rev: 2, title: `第${n}个` })),
      ),
    );
    expect(results.filter(Boolean)).toHaveLength(1);
  });

  test('that is unknown is null, and is left out among several', async () => {
    await seed({ id: 'a' }, { id: 'b' });
    expect(await opportunities.load('nobody')).toBeNull();
    const several = await opportunities.loadMany(['b', 'nobody', 'a', 'b']);
    expect(several.map(({ id }) => id)).toEqual(['b', 'a']);
  });
});

describe('looking for opportunities', () => {
  const idsOf = async (
    filter: Parameters<OpportunityStore['find']>[0],
    order: Parameters<OpportunityStore['find']>[1]['order'] = 'close-date',
  ): Promise<string[]> =>
    (await opportunities.find(filter, { limit: 50, order })).items.map(({ id }) => id);

  test('shows owners and collaborators theirs, and nobody the archived', async () => {
    await seed(
      { id: 'own', ownerId: 'zhangsan' },
      { id: 'helps', ownerId: 'lisi', collaboratorIds: ['zhangsan'] },
      { id: 'other', ownerId: 'lisi' },
      { id: 'gone', ownerId: 'zhangsan', archivedAt: TUESDAY },
    );
    expect((await idsOf({ visibleTo: ['zhangsan'] })).sort()).toEqual(['helps', 'own']);
    expect((await idsOf({ visibleTo: 'all' })).sort()).toEqual(['helps', 'other', 'own']);
    expect(await idsOf({ visibleTo: [] })).toEqual([]);
    expect(await idsOf({ visibleTo: 'all', ownerIds: ['lisi'] })).toHaveLength(2);
  });

  test('tells open from closed', async () => {
    const won = { kind: 'won', on: '2026-03-02', reason: null } as const;
    await seed({ id: 'open' }, { id: 'won', stage: 'won', outcome: won });
    expect(await idsOf({ visibleTo: 'all', open: true })).toEqual(['open']);
    expect(await idsOf({ visibleTo: 'all', open: false })).toEqual(['won']);
    const march = { outcomeFrom: '2026-03-01', outcomeTo: '2026-03-31' };
    expect(await idsOf({ visibleTo: 'all', ...march })).toEqual(['won']);
    expect(await idsOf({ visibleTo: 'all', outcomeFrom: '2026-03-03' })).toEqual([]);
  });

  test('a bound on a day leaves out those without one, an order puts them last', async () => {
    await seed(
      { id: 'none', closeOn: null },
      { id: 'late', closeOn: '2026-06-30' },
      { id: 'soon', closeOn: '2026-03-20', nextFollowUp: { day: '2026-03-11' } },
    );
    expect(await idsOf({ visibleTo: 'all' })).toEqual(['soon', 'late', 'none']);
    expect(await idsOf({ visibleTo: 'all', closeFrom: '2026-03-21' })).toEqual(['late']);
    expect(await idsOf({ visibleTo: 'all', closeTo: '2026-03-20' })).toEqual(['soon']);
    expect(await idsOf({ visibleTo: 'all', nextFollowUpTo: '2026-03-11' })).toEqual(['soon']);
  });

  test('orders by amount with the largest first and the unknown last', async () => {
    await seed(
      { id: 'none', amountFen: null },
      { id: 'big', amountFen: 10_000_000_000_000 },
      { id: 'small', amountFen: 100 },
    );
    expect(await idsOf({ visibleTo: 'all' }, 'amount')).toEqual(['big', 'small', 'none']);
  });

  test('counts silence from the creation while nobody has been in contact', async () => {
    await seed({ id: 'never' }, { id: 'lately', lastContactAt: TUESDAY });
    expect(await idsOf({ visibleTo: 'all', lastContactBefore: TUESDAY })).toEqual(['never']);
  });

  test('finds by stage and by customer together', async () => {
    await seed({ id: 'a' }, { id: 'b', stage: 'propose' }, { id: 'c', customerName: '小米' });
    const filter = { visibleTo: 'all', stages: ['qualify'], customerName: '华为' } as const;
    expect(await idsOf({ ...filter, stages: [...filter.stages] })).toEqual(['a']);
  });

  test('finds a customer however the name is written', async () => {
    await seed(
      { id: 'a', customerName: '华为（集团）有限公司' },
      { id: 'b', customerName: '华 为' },
      { id: 'c', customerName: '华为云' },
    );
    expect(await idsOf({ visibleTo: 'all', customerName: '华为' })).toEqual(['a', 'b']);
  });

  test('shows no more than asked for and says how many there are', async () => {
    await seed({ id: 'a' }, { id: 'b' }, { id: 'c' });
    const page = await opportunities.find(
      { visibleTo: 'all' },
      { limit: 2, order: 'last-touched' },
    );
    expect(page.items).toHaveLength(2);
    expect(page.total).toBe(3);
  });

  test('sums by stage, weighed by the chosen probability or else the stage’s own', async () => {
    await seed(
      { id: 'a', amountFen: 1_000 },
      { id: 'b', amountFen: 1_000, probability: 0.9 },
      { id: 'c', amountFen: null },
      { id: 'd', amountFen: 500, stage: 'propose' },
    );
    const sums = await opportunities.sumByStage({ visibleTo: 'all', open: true });
    expect(sums.sort((x, y) => (x.stage < y.stage ? -1 : 1))).toEqual([
      { stage: 'propose', count: 1, amountFen: 500, weightedFen: 250 },
      { stage: 'qualify', count: 3, amountFen: 2_000, weightedFen: 250 + 900 },
    ]);
  });
});

describe('the names the reader knows', () => {
  test('are the open ones and those closed lately, not the archived', async () => {
    const lost = (on: string) => ({ kind: 'lost', on, reason: '价格' }) as const;
    await seed(
      { id: 'open', collaboratorIds: ['lisi'] },
      { id: 'lately', outcome: lost('2026-03-01') },
      { id: 'long-ago', outcome: lost('2025-03-01') },
      { id: 'gone', archivedAt: TUESDAY },
    );
    const names = await opportunities.names();
    expect(names.map(({ id, open }) => ({ id, open }))).toEqual([
      { id: 'open', open: true },
      { id: 'lately', open: false },
    ]);
    expect(names[0]).toMatchObject({ title: '华为二期', collaboratorIds: ['lisi'] });
  });

  test('can be followed: what changed since is told, archived ones too', async () => {
    await seed({ id: 'before' }, { id: 'renamed' });
    world.clock.advance(60_000);
    const since = world.clock.now();
    expect(await opportunities.namesSince(since)).toEqual([]);
    await opportunities.replace(anOpportunity({ id: 'renamed', rev: 2, title: '新名字' }));
    await seed({ id: 'gone', archivedAt: TUESDAY });
    const told = await opportunities.namesSince(since);
    expect(told.map(({ id, archived }) => [id, archived]).sort()).toEqual([
      ['gone', true],
      ['renamed', false],
    ]);
  });
});

describe('what waits', () => {
  const at = (minutes: number): Date => new Date(TUESDAY.getTime() + minutes * 60_000);

  test('attention is due in order of time, and never for the archived', async () => {
    await seed(
      { id: 'second', attention: { at: at(2), kind: 'follow-up' } },
      { id: 'first', attention: { at: at(1), kind: 'node' } },
      { id: 'later', attention: { at: at(9), kind: 'follow-up' } },
      { id: 'gone', archivedAt: TUESDAY, attention: { at: at(0), kind: 'follow-up' } },
      { id: 'never' },
    );
    const due = await opportunities.needingAttention(at(5), 10);
    expect(due).toEqual([
      { id: 'first', at: at(1) },
      { id: 'second', at: at(2) },
    ]);
    expect(await opportunities.needingAttention(at(5), 1)).toHaveLength(1);
    expect(await opportunities.nextAttentionAt()).toEqual(at(1));
  });

  test('nothing is due when nothing waits', async () => {
    await seed({});
    expect(await opportunities.nextAttentionAt()).toBeNull();
    expect(await opportunities.withPending(10)).toEqual([]);
  });

  test('pending is found oldest first and pulled without touching the revision', async () => {
    const pending = (id: string, when: Date) => ({
      kind: 'event' as const,
      id,
      event: anEvent(id, { at: when }),
    });
    await seed(
      { id: 'young', pending: [pending('e3', at(3))] },
      { id: 'old', pending: [pending('e1', at(1)), pending('e2', at(2))] },
    );
    const waiting = await opportunities.withPending(10);
    expect(waiting.map(({ id, pending: items }) => [id, items.length])).toEqual([
      ['old', 2],
      ['young', 1],
    ]);

    await opportunities.pullPending('old', ['e1']);
    expect((await opportunities.load('old'))?.pending.map(({ id }) => id)).toEqual(['e2']);
    await opportunities.pullPending('old', ['e1', 'e2']);
    await opportunities.pullPending('young', ['e3']);
    expect(await opportunities.withPending(10)).toEqual([]);
    expect(await opportunities.load('old')).toMatchObject({ rev: 1, pending: [] });
  });

  test('an approval is found by its id, by its #ref, and by who may decide', async () => {
    await seed({ id: 'a', approval: anApproval() }, { id: 'b' });
    expect((await opportunities.withApproval('apr_1'))?.id).toBe('a');
    expect((await opportunities.withApproval('12'))?.id).toBe('a');
    expect((await opportunities.withApproval('#12'))?.id).toBe('a');
    expect(await opportunities.withApproval('#13')).toBeNull();
    expect((await opportunities.approvalsWaitingFor('lei')).map(({ id }) => id)).toEqual(['a']);
    expect(await opportunities.approvalsWaitingFor('nan')).toEqual([]);
  });

  test('one that nobody could be asked for is found', async () => {
    await seed(
      { id: 'a', approval: anApproval() },
      { id: 'b', approval: anApproval({ id: 'apr_2', ref: 13, approvers: [] }) },
      { id: 'c' },
    );
    const found = await opportunities.approvalsWithoutApprover();
    expect(found.map(({ id }) => id)).toEqual(['b']);
  });

  test('whoever asked for it finds it as well', async () => {
    await seed({ id: 'a', approval: anApproval() }, { id: 'b' });
    const found = await opportunities.approvalsWaitingFor('zhangsan');
    expect(found.map(({ id }) => id)).toEqual(['a']);
  });

  test('a settled one is found by its id or #ref, so that a late tap or word sees the truth', async () => {
    const { id, ref, changes, requestedBy } = anApproval();
    const settled = { id, ref, changes, requestedBy, by: 'lei', at: TUESDAY, reason: null };
    await seed(
      { id: 'a', settledApprovals: [{ ...settled, verdict: 'rejected' }] },
      { id: 'b', approval: anApproval({ id: 'apr_2', ref: 13 }) },
    );
    expect((await opportunities.withApproval('apr_1'))?.id).toBe('a');
    expect((await opportunities.withApproval('#12'))?.id).toBe('a');
    expect((await opportunities.withApproval('apr_2'))?.id).toBe('b');
    expect(await opportunities.withApproval('#14')).toBeNull();
  });
});
