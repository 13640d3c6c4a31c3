import type { Doc } from '../bson/value.js';
import type { Collection, Entry } from '../storage/collection.js';
import { flowOf, mapped, part, type Flow } from '../work.js';
import type { Collation } from './collation.js';
import { compileMatch, type Match } from './match.js';
import { planQuery, type Plan } from './plan.js';
import { compileSort } from './sort.js';
import { sorted } from './sort-work.js';

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

/** How a request would be carried out. @throws DbError for a malformed filter, sort or hint */
export function planFind(collection: Collection, request: FindRequest): Plan {
  const { limit, skip = 0 } = request;
  return planQuery(collection, { ...request, wanted: limit ? skip + limit : undefined });
}

/** The entries that match, in order. @throws DbError like {@link planFind} */
export function findEntries(
  collection: Collection,
  request: FindRequest,
  compiled?: Match,
  tally?: Tally,
): Flow<Entry> {
  const match = compiled ?? compileMatch(request.filter, request);
  const plan = planFind(collection, request);
  const skip = request.skip ?? 0;
  const wanted = request.limit ? skip + request.limit : Number.POSITIVE_INFINITY;
  const inOrder = plan.sorted
    ? matching(plan, match, wanted, tally)
    : sorted(
        matching(plan, match, Number.POSITIVE_INFINITY, tally),
        compileSort(request.sort ?? {}, request.collation),
        ({ doc }) => doc,
        wanted,
      );
  return skip > 0 ? part(inOrder, skip) : inOrder;
}

/** What of a plan matches, up to as many as are wanted. */
function* matching(plan: Plan, match: Match, wanted: number, tally?: Tally): Flow<Entry> {
  let left = wanted;
  for (const batch of plan.entries()) {
    const { found, examined } = firstMatches(batch, match, left);
    if (tally) tally.examined += examined;
    yield found;
    left -= found.length;
    if (left <= 0) return;
  }
}

/** Mostly all match or none: then no list is made. */
function firstMatches(
  batch: readonly Entry[],
  match: Match,
  most: number,
): { found: readonly Entry[]; examined: number } {
  let n = 0;
  while (n < batch.length && n < most && match((batch[n] as Entry).doc)) n++;
  if (n === batch.length) return { found: batch, examined: n };
  const found = batch.slice(0, n);
  if (n === most) return { found, examined: n };
  for (n++; n < batch.length && found.length < most; n++) {
    if (match((batch[n] as Entry).doc)) found.push(batch[n] as Entry);
  }
  return { found, examined: n };
}

/** The documents that match, in order. @throws DbError like {@link planFind} */
export function findDocs(collection: Collection | undefined, request: FindRequest): Flow<Doc> {
  return collection ? mapped(findEntries(collection, request), docOf) : flowOf([]);
}

function docOf({ doc }: Entry): Doc {
  return doc;
}
