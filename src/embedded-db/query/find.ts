import type { Doc } from '../bson/value.js';
import type { Work } from '../aggregate/pipeline.js';
import type { Collection, Entry } from '../storage/collection.js';
import type { Collation } from './collation.js';
import { compileMatch, type Match } from './match.js';
import { planQuery, type Plan } from './plan.js';
import { compileSort } from './sort.js';
import { sortWork } from './sort-work.js';

export interface FindRequest {
  readonly filter: Doc;
  readonly sort?: Doc | undefined;
  readonly skip?: number | undefined;
  /** 0 and `undefined` mean no limit. */
  readonly limit?: number | undefined;
  readonly hint?: unknown;
  readonly collation?: Collation | undefined;
  readonly variables?: Doc | undefined;
}

/** Counts what a search looked at. */
export interface Tally {
  examined: number;
}

/** How many documents are looked at between two chances for others. */
const BREATH = 32;

/** How a request would be carried out. @throws DbError for a malformed filter, sort or hint */
export function planFind(collection: Collection, request: FindRequest): Plan {
  const { limit, skip = 0 } = request;
  return planQuery(collection, { ...request, wanted: limit ? skip + limit : undefined });
}

/** The entries that match, in order. */
export function* findEntries(
  collection: Collection,
  request: FindRequest,
  compiled?: Match,
  tally?: Tally,
): Work<Entry[]> {
  const match = compiled ?? compileMatch(request.filter, request);
  const plan = planFind(collection, request);
  const skip = request.skip ?? 0;
  const wanted = request.limit ? skip + request.limit : Number.POSITIVE_INFINITY;
  const changesBefore = collection.changes;
  const found: Entry[] = [];
  let looked = 0;
  for (const entry of plan.entries()) {
    if (++looked % BREATH === 0) yield;
    if (!match(entry.doc)) continue;
    found.push(entry);
    if (plan.sorted && found.length >= wanted) break;
  }
  if (tally) tally.examined = looked;
  const result = collection.changes === changesBefore ? found : yield* firstOfEach(found);
  const sorted = plan.sorted
    ? result
    : yield* sortWork(
        result,
        compileSort(request.sort ?? {}, request.collation),
        ({ doc }) => doc,
        wanted,
      );
  return skip > 0 || wanted < sorted.length ? sorted.slice(skip, wanted) : sorted;
}

/** A document that moved along the index during a pause may have been met twice. */
function* firstOfEach(entries: readonly Entry[]): Work<Entry[]> {
  const seen = new Set<number>();
  const first: Entry[] = [];
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i] as Entry;
    if (!seen.has(entry.record)) {
      seen.add(entry.record);
      first.push(entry);
    }
    if (i % BREATH === BREATH - 1) yield;
  }
  return first;
}

/** The documents of entries. They lie scattered in memory: reading 100,000 takes some milliseconds. */
export function* docsOf(entries: readonly Entry[]): Work<Doc[]> {
  const docs = new Array<Doc>(entries.length);
  for (let i = 0; i < entries.length; i++) {
    docs[i] = (entries[i] as Entry).doc;
    if (i % BREATH === BREATH - 1) yield;
  }
  return docs;
}
