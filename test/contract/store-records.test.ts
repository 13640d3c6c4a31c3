import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import type { DomainEvent, Member } from '../../src/domain/index.js';
import { HOUR_MS } from '../../src/kernel/index.js';
import { INDEXES, connectStore } from '../../src/store/index.js';
import type { Store } from '../../src/store/index.js';
import { MEMBERS, PIPELINE } from '../../src/usecases/testing/index.js';
import { silentLogger } from '../../src/kernel/index.js';
import { TUESDAY, anEvent, startStore } from '../support/store.js';
import type { TestStore } from '../support/store.js';

let world: TestStore;
let store: Store;

beforeAll(async () => {
  world = await startStore();
  store = world.store;
});
afterAll(() => world.end());
beforeEach(async () => {
  for (const name of Object.keys(INDEXES)) {
    await store.connection.db.collection(name).deleteMany({});
  }
});

const after = (seconds: number): Date => new Date(TUESDAY.getTime() + seconds * 1000);

describe('events', () => {
  const event = (id: string, seconds: number, changes: Partial<DomainEvent> = {}): DomainEvent =>
    anEvent(id, { at: after(seconds), ...changes });

  test('are appended once, and come back as they were, newest first', async () => {
    await store.events.append([event('a', 1), event('b', 2)]);
    await store.events.append([event('b', 2, { said: '又一次' }), event('c', 3)]);
    await store.events.append([]);
    const history = await store.events.ofOpportunity('opp_1', { limit: 2 });
    expect(history).toEqual([event('c', 3), event('b', 2)]);
  });

  test('can be asked for by type', async () => {
    await store.events.append([event('a', 1), event('b', 2, { type: 'created' })]);
    const created = await store.events.ofOpportunity('opp_1', { types: ['created'], limit: 9 });
    expect(created.map(({ id }) => id)).toEqual(['b']);
  });

  test('between two instants leave out the first and take in the last, oldest first', async () => {
    await store.events.append([
      event('a', 1),
      event('b', 2, { ownerId: 'lisi' }),
      event('c', 3),
      event('d', 4),
    ]);
    const ids = async (owners: string[] | 'all', limit = 9): Promise<string[]> =>
      (await store.events.between(after(1), after(3), owners, limit)).map(({ id }) => id);
    expect(await ids('all')).toEqual(['b', 'c']);
    expect(await ids('all', 1)).toEqual(['b']);
    expect(await ids(['zhangsan'])).toEqual(['c']);
    expect(await ids([])).toEqual([]);
  });

  test('remember how an approval was settled', async () => {
    const settled = event('s', 5, {
      type: 'approval-settled',
      ref: 3,
      approvalId: 'apr_1',
      verdict: 'approved',
      reason: null,
      requestedBy: 'zhangsan',
    });
    const asked = { type: 'approval-requested', approvalId: 'apr_1' } as Partial<DomainEvent>;
    await store.events.append([event('r', 4, asked), settled]);
    expect((await store.events.settledApproval('apr_1'))?.id).toBe('s');
    expect(await store.events.settledApproval('apr_2')).toBeNull();
  });
});

describe('the directory', () => {
  beforeEach(() => store.directory.replaceAll(MEMBERS, TUESDAY));

  const idsOf = (members: Member[]): string[] => members.map(({ userid }) => userid).sort();

  test('finds people whatever the case of their userid', async () => {
    expect(await store.directory.member('ZhangSan')).toEqual(
      MEMBERS.find(({ userid }) => userid === 'zhangsan'),
    );
    expect(await store.directory.member('nobody')).toBeNull();
    expect(idsOf(await store.directory.members(['LISI', 'zong', 'nobody']))).toEqual([
      'lisi',
      'zong',
    ]);
    expect(await store.directory.members([])).toEqual([]);
  });

  test('knows everybody below a leader, however deep, and the administrators', async () => {
    expect((await store.directory.reportsOf('lei')).sort()).toEqual(['lei', 'lisi', 'zhangsan']);
    expect(await store.directory.reportsOf('zong')).toHaveLength(7);
    expect(await store.directory.reportsOf('lisi')).toEqual(['lisi']);
    expect(idsOf(await store.directory.admins())).toEqual(['admin']);
  });

  test('those gone from the contacts become inactive but stay known', async () => {
    const left = MEMBERS.filter(({ userid }) => userid !== 'lisi');
    await store.directory.replaceAll(left, after(60));
    expect(await store.directory.member('lisi')).toMatchObject({ name: '李四', isActive: false });
    expect(idsOf(await store.directory.everyone())).not.toContain('lisi');
    expect(await store.directory.reportsOf('lei')).toContain('lisi');

    await store.directory.replaceAll(MEMBERS, after(120));
    expect(await store.directory.member('lisi')).toMatchObject({ isActive: true });
  });

  test('a poll that brings nothing leaves everybody as they were', async () => {
    await expect(store.directory.replaceAll([], after(60))).rejects.toMatchObject({
      code: 'store.empty-directory',
    });
    expect(await store.directory.everyone()).toHaveLength(MEMBERS.length);
  });

  test('takes over what changed', async () => {
    const moved = MEMBERS.map((member) =>
      member.userid === 'lisi' ? { ...member, managerIds: ['nan', 'zong'] } : member,
    );
    await store.directory.replaceAll(moved, after(60));
    expect(await store.directory.reportsOf('nan')).toContain('lisi');
    expect(await store.directory.reportsOf('lei')).not.toContain('lisi');
  });
});

describe('conversations', () => {
  test('a dialog is kept whole, replaced whole, and forgotten after a day', async () => {
    const { clock } = world;
    await store.dialogs.save('zhangsan', { preview: { at: TUESDAY, x: {} } }, clock.now());
    expect(await store.dialogs.load('zhangsan')).toEqual({ preview: { at: TUESDAY, x: {} } });
    await store.dialogs.save('zhangsan', {}, clock.now());
    expect(await store.dialogs.load('zhangsan')).toEqual({});
    clock.advance(24 * HOUR_MS);
    expect(await store.dialogs.load('zhangsan')).toBeNull();
    expect(await store.dialogs.load('lisi')).toBeNull();
  });

  test('prompts stay open until they are answered, the first answer counts', async () => {
    const prompt = (id: string, seconds: number) => ({
      id,
      userid: 'zhangsan',
      kind: 'reminder' as const,
      at: after(seconds),
      opportunityIds: ['opp_2', 'opp_1'],
      answeredAt: null,
    });
    await store.prompts.put(prompt('old', 1));
    await store.prompts.put(prompt('new', 9));
    await store.prompts.put(prompt('answered', 5));
    await store.prompts.answered('answered', after(10));
    await store.prompts.answered('answered', after(11));
    await store.prompts.put(prompt('answered', 5));
    expect(await store.prompts.openFor('zhangsan', after(0))).toEqual([
      prompt('new', 9),
      prompt('old', 1),
    ]);
    expect(await store.prompts.openFor('zhangsan', after(2))).toHaveLength(1);
    expect(await store.prompts.openFor('lisi', after(0))).toEqual([]);
    expect(await store.prompts.find('answered')).toEqual({
      ...prompt('answered', 5),
      answeredAt: after(10),
    });
    expect(await store.prompts.find('never')).toBeNull();
  });
});

describe('groups, digests, counts, tokens', () => {
  test('a group is put once and kept up to date', async () => {
    const group = {
      id: 'grp_1',
      name: '华东销售群',
      channel: { via: 'appchat', chatId: 'chat_1' } as const,
      departmentIds: [2],
      memberIds: ['zhangsan'],
    };
    await store.groups.put(group);
    await store.groups.put({ ...group, memberIds: ['zhangsan', 'lisi'] });
    expect(await store.groups.all()).toEqual([{ ...group, memberIds: ['zhangsan', 'lisi'] }]);
  });

  test('a digest is recorded once a day, by one of two instances', async () => {
    const entry = { reader: 'east', on: '2026-03-10', until: TUESDAY };
    const recorded = await Promise.all([1, 2, 3].map(() => store.digests.record(entry)));
    expect(recorded.filter(Boolean)).toHaveLength(1);
    await store.digests.record({ reader: 'east', on: '2026-03-09', until: after(-90_000) });
    await store.digests.record({ reader: 'person:lisi', on: '2026-03-11', until: after(9) });
    expect(await store.digests.last('east')).toEqual({ on: '2026-03-10', until: TUESDAY });
    expect(await store.digests.last('west')).toBeNull();
  });

  test('a count goes on, no number twice', async () => {
    await store.connection.db.collection('counters').deleteMany({});
    const numbers = await Promise.all(
      Array.from({ length: 20 }, () => store.counters.next('approval')),
    );
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
    expect(await store.counters.next('other')).toBe(1);
  });

  test('a token is forgotten only while it is the one that failed', async () => {
    const token = { value: 'first', expiresAt: after(7200) };
    await store.tokens.save('corp:1', token);
    await store.tokens.forget('corp:1', 'older');
    expect(await store.tokens.load('corp:1')).toEqual(token);
    await store.tokens.forget('corp:1', 'first');
    expect(await store.tokens.load('corp:1')).toBeNull();
  });
});

describe('the connection', () => {
  test('answers a ping, and shares its database', async () => {
    await expect(store.ping()).resolves.toBeUndefined();
    expect(store.connection.db.databaseName).toBe(world.dbName);
  });

  test('every index listed is there, and creating them again is harmless', async () => {
    await world.another();
    for (const [collection, indexes] of Object.entries(INDEXES)) {
      const there = await store.connection.db.collection(collection).indexes();
      expect(there.map(({ key }) => key)).toEqual(
        expect.arrayContaining(indexes.map(({ key }) => key)),
      );
    }
  });

  test('a database that is away is told quickly, and as something that passes', async () => {
    const away = connectStore({
      uri: 'mongodb://127.0.0.1:1/',
      clock: world.clock,
      log: silentLogger,
      pipeline: () => PIPELINE,
      unavailableAfterMs: 200,
    });
    await expect(away).rejects.toMatchObject({ code: 'store.unreachable', retryable: true });
  });
});
