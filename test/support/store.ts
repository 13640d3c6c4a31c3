import { randomUUID } from 'node:crypto';

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
