import type { Clock } from './clock.js';
import { toDouble, type Doc } from './bson/value.js';
import { deleteAll } from './commands/delete.js';
import { Turns } from './turns.js';
import { compileMatch } from './query/match.js';
import type { IndexSpec } from './storage/index.js';
import type { Store } from './storage/store.js';

/** Deletes what TTL indexes say has expired. */
export async function deleteExpired(store: Store, clock: Clock): Promise<number> {
  const turns = new Turns();
  let deleted = 0;
  for (const { namespace, indexes } of store.all()) {
    for (const { spec } of indexes) {
      if (spec.expireAfterSeconds === undefined) continue;
      const collection = await store.find(namespace);
      const filter = expiredFilter(spec, clock.now());
      if (!collection) continue;
      deleted += await turns.run(deleteAll(collection, { filter }, compileMatch(filter)));
    }
  }
  if (deleted > 0) await store.committer.durable();
  return deleted;
}

/** Only dates expire; of an array of them the earliest counts. */
function expiredFilter(spec: IndexSpec, now: number): Doc {
  const path = Object.keys(spec.key)[0] as string;
  const before = new Date(now - toDouble(spec.expireAfterSeconds ?? 0) * 1000);
  const { partialFilterExpression: partial } = spec;
  return { $and: [{ [path]: { $lte: before } }, ...(partial ? [partial] : [])] };
}
