import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MongoClient } from 'mongodb';

import type { Store } from '../../src/store/index.js';
import type {
  NewOutboxRow,
  OpportunityFilter,
  OpportunityOrder,
} from '../../src/usecases/index.js';
import { MEMBERS, anOpportunity } from '../../src/usecases/testing/index.js';
import { questionsIn, stagesOf } from '../support/explain.js';
import { startHarness } from '../support/harness.js';
import { TUESDAY, anApproval, anEvent, databaseUri, startStore } from '../support/store.js';
import { startWireTap, type WireTap } from '../support/wire-tap.js';

/**
 * Nothing the product asks makes the database look through a whole collection. What it asks is not listed here
 * but overheard on the wire, while a company works for two weeks and while every method of every repository
 * is called; a method nobody calls fails the test, so that a new query can not escape.
 */
let tap: WireTap;
let client: MongoClient;

beforeAll(async () => {
  tap = await startWireTap(databaseUri());
  client = await MongoClient.connect(databaseUri());
});
afterAll(async () => {
  await client.close();
  await tap.stop();
});

/** How many questions were asked since `from`, and those that no index answers. */
async function unanswered(from: number): Promise<{ asked: number; scans: string[] }> {
  const questions = questionsIn(tap.commands().slice(from));
  const scans: string[] = [];
  for (const question of questions) {
    const stages = await stagesOf(client, question);
    // EOF: the collection is not even there yet.
    const isServed = stages.some((stage) =>
      /IXSCAN|COUNT_SCAN|DISTINCT_SCAN|IDHACK|^EXPRESS|^EOF/.test(stage),
    );
    if (!isServed || stages.includes('COLLSCAN')) scans.push(`${question.shape}: ${stages.join()}`);
  }
  return { asked: questions.length, scans };
}

test('a company at work never makes the database scan', async () => {
  const from = tap.commands().length;
  const mongodbUri = new URL(tap.uri);
  mongodbUri.pathname = `/walk_${Date.now().toString(36)}`;
  const harness = await startHarness({ mongodbUri: mongodbUri.href });
  const zhang = harness.member('zhangsan');
  const leader = harness.member('lijingli');

  await zhang.says('新建 华为二期 客户华为 300万 需求确认 12月底签');
  await zhang.says('新建 长江存储一期 客户长江存储 800万 方案呈现 12月底签');
  await zhang.says('新建 奇瑞总装线 客户奇瑞 30万');
  await zhang.says('华为二期 320万 下周五签');
  await zhang.says('撤销');
  await zhang.says('长江存储一期 谈判');
  await leader.says('待我审批');
  await leader.taps('同意');
  await zhang.says('长江存储一期进展');
  for (const question of ['我的商机', '本月预计', '华为的商机', '谁最近没跟进', '帮助']) {
    await zhang.says(question);
    await leader.says(question);
  }
  await harness.goTo('2026-11-25', '12:00');
  await zhang.says('聊过了，价格能谈，下周五再约');
  await zhang.says('奇瑞总装线 丢了 价格');
  await zhang.says('是');
  await harness.goTo('2026-12-02', '20:00');
  await harness.restart();
  await harness.settle();

  const { asked, scans } = await unanswered(from);
  await harness.stop();
  await client.db(mongodbUri.pathname.slice(1)).dropDatabase();
  expect(scans).toEqual([]);
  expect(asked).toBeGreaterThan(40);
});

describe('the repositories', () => {
  const FILTERS: readonly Omit<OpportunityFilter, 'visibleTo'>[] = [
    {},
    { open: true },
    { open: false },
    { ownerIds: ['zhangsan'] },
    { stages: ['qualify'] },
    { customerName: '华为' },
    { closeFrom: '2026-03-01', closeTo: '2026-03-31' },
    { nextFollowUpTo: '2026-03-11' },
    { lastContactBefore: TUESDAY },
    { outcomeFrom: '2026-03-01', outcomeTo: '2026-03-31' },
    { open: true, ownerIds: ['zhangsan'], stages: ['qualify'], closeTo: '2026-03-31' },
  ];
  const ORDERS: readonly OpportunityOrder[] = [
    'close-date',
    'next-follow-up',
    'amount',
    'last-touched',
  ];

  const row: NewOutboxRow = {
    id: 'row_1',
    lane: 'reply:zhangsan',
    to: { kind: 'person', userid: 'zhangsan' },
    class: 'reply',
    content: { kind: 'message', message: { kind: 'text', text: '好' } },
    updatesCardId: null,
    causeAt: TUESDAY,
    causeId: '1',
    n: 0,
    notBefore: TUESDAY,
  };

  async function askOpportunities({ opportunities }: Store): Promise<void> {
    for (let n = 0; n < 30; n++) {
      await opportunities.insert(
        anOpportunity({
          id: `opp_${n}`,
          attention: { at: TUESDAY, kind: 'follow-up' },
          ...(n === 0 && { approval: anApproval() }),
          pending: [{ kind: 'event', id: `evt_${n}`, event: anEvent(`evt_${n}`) }],
        }),
      );
    }
    await opportunities.load('opp_1');
    await opportunities.loadMany(['opp_1', 'opp_2']);
    await opportunities.replace(anOpportunity({ id: 'opp_1', rev: 2 }));
    for (const filter of FILTERS) {
      for (const visibleTo of ['all', ['zhangsan', 'lisi']] as const) {
        const whole: OpportunityFilter = {
          ...filter,
          visibleTo: visibleTo === 'all' ? 'all' : [...visibleTo],
        };
        for (const order of ORDERS) await opportunities.find(whole, { limit: 5, order });
        await opportunities.sumByStage(whole);
      }
    }
    await opportunities.names();
    await opportunities.namesSince(TUESDAY);
    await opportunities.needingAttention(TUESDAY, 10);
    await opportunities.nextAttentionAt();
    await opportunities.withPending(10);
    await opportunities.pullPending('opp_3', ['evt_3']);
    await opportunities.pullPending('opp_3', ['evt_3', 'evt_9']);
    await opportunities.withApproval('apr_1');
    await opportunities.withApproval('12');
    await opportunities.withApproval('apr_settled');
    await opportunities.approvalsWaitingFor('lei');
    await opportunities.approvalsWithoutApprover();
  }

  async function askQueues({ inbox, outbox }: Store): Promise<void> {
    const incoming = { key: '1', from: 'zhangsan', at: TUESDAY, kind: 'text', text: '好' } as const;
    await inbox.claim([incoming], TUESDAY);
    await inbox.find('1');
    await inbox.waitingOf('zhangsan', 5);
    await inbox.sendersWaiting(5);
    await inbox.countAttempt('1', TUESDAY);
    await inbox.decide('1', { reply: null, passive: { kind: 'none' }, dialog: null });
    await inbox.finish('1', 'done');
    await outbox.put([row, { ...row, id: 'row_2' }], TUESDAY);
    await outbox.find('row_1');
    await outbox.lanesWaiting(TUESDAY, 5);
    await outbox.dueOf(row.lane, TUESDAY, 5);
    await outbox.keepBody('row_1', '{}');
    await outbox.keepBody('row_1', '{ }');
    await outbox.startSending('row_1');
    await outbox.mark('row_1', { state: 'dead' });
    await outbox.spendResponseCode('row_1');
    await outbox.heldBackFor('zhangsan', TUESDAY);
    await outbox.nextDueAt(TUESDAY);
    await outbox.dead(5);
    await outbox.replay('row_1', TUESDAY);
  }

  async function askRecords(store: Store): Promise<void> {
    const { events, directory, aliases, prompts, dialogs, groups, digests } = store;
    await events.append([anEvent('evt_1'), anEvent('evt_2')]);
    await events.ofOpportunity('opp_1', { limit: 5 });
    await events.ofOpportunity('opp_1', { types: ['changed', 'created'], limit: 5 });
    await events.between(new Date(0), TUESDAY, 'all', 5);
    await events.between(new Date(0), TUESDAY, ['zhangsan', 'lisi'], 5);
    await events.settledApproval('apr_1');
    await directory.replaceAll(MEMBERS, TUESDAY);
    await directory.replaceAll(MEMBERS.slice(1), TUESDAY);
    await directory.member('zhangsan');
    await directory.members(['zhangsan', 'lisi']);
    await directory.everyone();
    await directory.reportsOf('lei');
    await directory.admins();
    await prompts.put({
      id: 'ntc_1',
      userid: 'zhangsan',
      kind: 'reminder',
      at: TUESDAY,
      opportunityIds: ['opp_1'],
      answeredAt: null,
    });
    await prompts.find('ntc_1');
    await prompts.openFor('zhangsan', new Date(0));
    await prompts.answered('ntc_1', TUESDAY);
    await aliases.put({
      id: 'alias_1',
      userid: 'zhangsan',
      words: '老王那单',
      key: '老王',
      opportunityId: 'opp_1',
      among: null,
      by: 'zhangsan',
      at: TUESDAY,
    });
    await aliases.named('zhangsan', '老王');
    await aliases.of('zhangsan');
    await aliases.drop('alias_1');
    await dialogs.save('zhangsan', { about: 'opp_1' }, TUESDAY);
    await dialogs.load('zhangsan');
    await groups.put({
      id: 'east',
      name: '华东',
      channel: { via: 'appchat', chatId: 'east' },
      departmentIds: [1],
      memberIds: ['zhangsan'],
    });
    await groups.all();
    await digests.record({ reader: 'east', on: '2026-03-10', until: TUESDAY });
    await digests.last('east');
  }

  async function askShared(store: Store): Promise<void> {
    const { counters, leases, tokens, limiter } = store;
    await counters.next('approvals');
    await leases.acquire('outbox:east', 'one', 1_000);
    await leases.acquire('outbox:east', 'two', 1_000);
    await leases.release('outbox:east', 'one');
    await tokens.save('corp', { value: 't', expiresAt: TUESDAY });
    await tokens.load('corp');
    await tokens.forget('corp', 't');
    const windows = [{ key: 'alert:zhangsan:hour', windowMs: 3_600_000, limit: 2 }];
    await limiter.reserve('r1', windows, TUESDAY);
    await limiter.reserve('r2', windows, TUESDAY);
    await limiter.release('r1', windows, TUESDAY);
    await store.ping();
  }

  test('are answered from indexes, whatever they are asked', async () => {
    process.env.TEST_MONGODB_URI = tap.uri;
    const from = tap.commands().length;
    const world = await startStore();
    const { store, uncalled } = noteCalls(world.store);
    await askOpportunities(store);
    await askQueues(store);
    await askRecords(store);
    await askShared(store);
    const { asked, scans } = await unanswered(from);
    await world.end();
    expect(scans).toEqual([]);
    expect(uncalled()).toEqual([]);
    expect(asked).toBeGreaterThan(100);
  });
});

/** The store with every repository's calls noted; `uncalled` names the methods nobody has called. */
function noteCalls(store: Store): { store: Store; uncalled: () => string[] } {
  const left = new Set<string>();
  const noted = Object.entries(store).map(([room, repository]: [string, unknown]) => {
    if (room === 'connection' || room === 'close' || room === 'ping') return [room, repository];
    const prototype: unknown = Object.getPrototypeOf(repository);
    const methods = Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor');
    for (const method of methods) left.add(`${room}.${method}`);
    const noting = new Proxy(repository as object, {
      get(target, name) {
        left.delete(`${room}.${String(name)}`);
        const method = Reflect.get(target, name, target) as (...args: unknown[]) => unknown;
        return (...args: unknown[]) => method.apply(target, args);
      },
    });
    return [room, noting];
  });
  return { store: Object.fromEntries(noted) as Store, uncalled: () => [...left] };
}
