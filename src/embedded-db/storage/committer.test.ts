import { expect, test } from '@jest/globals';
import type { Doc } from '../bson/value.js';
import type { Change, Log } from './log.js';
import { Store } from './store.js';

/** A disk that can be filled up and emptied again. */
function fillableLog(): Log & { full: boolean; commits: number } {
  return {
    full: false,
    commits: 0,
    commit(_changes: readonly Change[]) {
      this.commits++;
      return this.full ? Promise.reject(new Error('No space left on device')) : Promise.resolve();
    },
    read: async function* () {
      // It starts empty.
    },
    close: () => Promise.resolve(),
  };
}

test('what can not be stored is refused and disappears, reads and later writes go on', async () => {
  const log = fillableLog();
  const store = await Store.open(log);
  const collection = store.create('test.things', {});
  const kept = collection.insert({ _id: 1, state: 'old' });
  const removed = collection.insert({ _id: 2 });
  await store.committer.durable();
  const docs = (): Doc[] => [...collection.entries.values()].map(({ doc }) => doc);

  log.full = true;
  const changed = collection.replace(kept, { _id: 1, state: 'new' });
  collection.replace(changed, { _id: 1, state: 'newer' });
  collection.remove(removed);
  collection.insert({ _id: 3 });
  await expect(store.committer.durable()).rejects.toMatchObject({ code: 14031 });
  expect(docs()).toEqual(expect.arrayContaining([{ _id: 1, state: 'old' }, { _id: 2 }]));
  expect(docs()).toHaveLength(2);

  log.full = false;
  collection.insert({ _id: 3 });
  await store.committer.durable();
  expect(docs()).toHaveLength(3);
  expect(() => collection.insert({ _id: 2 })).toThrow(/E11000/);
});

test('writes that arrive together share one sync', async () => {
  const log = fillableLog();
  const store = await Store.open(log);
  const collection = store.create('test.things', {});
  for (let i = 0; i < 100; i++) collection.insert({ _id: i });
  await store.committer.durable();
  expect(log.commits).toBe(1);
});
