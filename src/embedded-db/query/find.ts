import { isDoc, type Doc } from '../bson/value.js';
import type { Collection, Entry } from '../storage/collection.js';
import type { Work } from '../aggregate/pipeline.js';
import type { Collation } from './collation.js';
import { compileMatch, type Match } from './match.js';
import { planQuery } from './plan.js';
import { compileSort } from './sort.js';

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

/** How many documents are looked at between two chances for others. */
const BREATH = 128;

/** The entries that match, in order. */
export function* findEntries(collection: Collection, request: FindRequest): Work<Entry[]> {
  const match = compileMatch(request.filter, request);
  const plan = planQuery(collection, request);
  const skip = request.skip ?? 0;
  const wanted = request.limit ? skip + request.limit : Number.POSITIVE_INFINITY;
  const found: Entry[] = [];
  let looked = 0;
  for (const entry of plan.entries()) {
    if (++looked % BREATH === 0) yield;
    if (!match(entry.doc)) continue;
    found.push(entry);
    if (plan.sorted && found.length >= wanted) break;
  }
  if (!plan.sorted && request.sort && isDoc(request.sort)) {
    compileSort(request.sort, request.collation).sort(found, ({ doc }) => doc);
  }
  return found.slice(skip, wanted);
}

/** The first match, looked up again until it is settled; for one document at a time there is no pause. */
export function findOne(
  collection: Collection,
  request: FindRequest,
  match: Match,
): Entry | undefined {
  const plan = planQuery(collection, request);
  if (plan.sorted) {
    for (const entry of plan.entries()) if (match(entry.doc)) return entry;
    return undefined;
  }
  const order = compileSort(request.sort ?? {}, request.collation);
  let best: Entry | undefined;
  for (const entry of plan.entries()) {
    if (!match(entry.doc)) continue;
    if (!best || order.compare(entry.doc, best.doc) < 0) best = entry;
  }
  return best;
}
