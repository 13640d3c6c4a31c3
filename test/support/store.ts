import { randomUUID } from 'node:crypto';

import type { Approval, DomainEvent } from '../../src/domain/index.js';
import { MovableClock, silentLogger } from '../../src/kernel/index.js';
import type { Clock } from '../../src/kernel/index.js';
import { connectStore } from '../../src/store/index.js';
import type { Store } from '../../src/store/index.js';
import { PIPELINE } from '../../src/usecases/testing/index.js';

/** Tuesday 10 March 2026, 10:00 in Shanghai. */
export const TUESDAY = new Date('2026-03-10T10:00:00+08:00');

export function databaseUri(): string {
  const uri = process.env.TEST_MONGODB_URI;
  if (!uri) throw new Error('TEST_MONGODB_URI is not set: run through jest, which starts it');
  return uri;
}

export interface TestStore {
  store: Store;
  clock: MovableClock;
  dbName: string;
  /** Another instance on the same database. */
  another(clock?: Clock): Promise<Store>;
  end(): Promise<void>;
}

/** A store on a database of its own, with a clock that stands still. */
export async function startStore(): Promise<TestStore> {
  const clock = new MovableClock(TUESDAY);
  const dbName = `test_${randomUUID().slice(0, 8)}`;
  const opened: Store[] = [];
  const open = async (itsClock: Clock): Promise<Store> => {
    const store = await connectStore({
      uri: databaseUri(),
      dbName,
      clock: itsClock,
      log: silentLogger,
      pipeline: () => PIPELINE,
    });
    opened.push(store);
    return store;
  };
  const store = await open(clock);
  return {
    store,
    clock,
    dbName,
    another: (itsClock = clock) => open(itsClock),
    end: async () => {
      await store.connection.db.dropDatabase();
      for (const one of opened) await one.close();
    },
  };
}

/** 张三 asked 雷经理 on Tuesday whether 华为二期 may be won. */
export const anApproval = (changes: Partial<Approval> = {}): Approval => ({
  id: 'apr_1',
  ref: 12,
  causes: ['win'],
  changes: [{ field: 'stage', from: 'qualify', to: 'won' }],
  requestedBy: 'zhangsan',
  requestedAt: TUESDAY,
  reason: '',
  approvers: [{ userid: 'lei', cardId: 'ntc_1', cardSentAt: TUESDAY, generation: 1 }],
  raised: 0,
  askedAt: TUESDAY,
  ...changes,
});

/** 张三 gave 华为二期 its amount on Tuesday. */
export const anEvent = (id: string, changes: Partial<DomainEvent> = {}): DomainEvent =>
  ({
    type: 'changed',
    changes: [{ field: 'amountFen', from: null, to: 100 }],
    id,
    opportunityId: 'opp_1',
    title: '华为二期',
    customerName: '华为',
    ownerId: 'zhangsan',
    by: 'zhangsan',
    at: TUESDAY,
    causeId: `cause of ${id}`,
    said: '华为二期 100万',
    ...changes,
  }) as DomainEvent;
