import type { Clock } from './clock.js';
import { toDouble } from './bson/value.js';
import { parsePath, anyValue } from './query/path.js';
import type { Collection, Entry } from './storage/collection.js';
import type { Store } from './storage/store.js';

/** Deletes what TTL indexes say has expired. */
export async function deleteExpired(store: Store, clock: Clock): Promise<number> {
  let deleted = 0;
  for (const { namespace, indexes } of store.all()) {
    if (!indexes.some(({ spec }) => spec.expireAfterSeconds !== undefined)) continue;
    const collection = await store.find(namespace);
    if (collection) deleted += expireIn(collection, clock.now());
  }
  if (deleted > 0) await store.committer.durable();
  return deleted;
}

function expireIn(collection: Collection, now: number): number {
  const expired: Entry[] = [];
  for (const { spec, fields } of collection.indexes) {
    const seconds = spec.expireAfterSeconds;
    const path = fields[0]?.path;
    if (seconds === undefined || path === undefined) continue;
    const before = now - toDouble(seconds) * 1000;
    const parsed = parsePath(path);
    const isPast = (value: unknown): boolean => value instanceof Date && value.getTime() <= before;
    for (const entry of collection.entries.values()) {
      if (anyValue(entry.doc, parsed, 'each', isPast, undefined)) expired.push(entry);
    }
  }
  for (const entry of expired) {
    if (collection.entries.get(entry.record) === entry) collection.remove(entry);
  }
  return expired.length;
}
