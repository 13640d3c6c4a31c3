import type { FindRequest } from '../query/find.js';
import { findEntries } from '../query/find.js';
import type { Match } from '../query/match.js';
import type { Collection, Entry } from '../storage/collection.js';
import { collect } from '../work.js';
import type { Call } from './command.js';

/**
 * Finds the one document to change. A long search pauses for others, who may change what was found; it is
 * then repeated, so that finding and changing are one step to everybody else. The caller must change the
 * entry, or insert in its absence, without waiting for anything in between.
 */
export async function selectOne(
  call: Call,
  collection: Collection,
  request: FindRequest,
  match: Match,
): Promise<Entry | undefined> {
  const one = { ...request, limit: 1 };
  for (;;) {
    const changesBefore = collection.changes;
    const [entry] = await call.context.turns.run(collect(findEntries(collection, one, match)));
    if (collection.changes === changesBefore) return entry;
    // Others wrote meanwhile: what was found may still do, what was not found must be looked for again.
    if (entry && collection.entries.get(entry.record) === entry) return entry;
  }
}
