import { equalValues } from '../bson/compare.js';
import { isArray, isDoc, isNumeric, toDouble, type Doc } from '../bson/value.js';
import { DbError } from '../errors.js';
import type { Collection } from '../storage/collection.js';
import type { Index } from '../storage/index.js';
import { RecordSet } from '../storage/record-set.js';
import { BREATH } from '../work.js';
import { constraintsOf, type Constraints } from './bounds.js';
import type { Collation } from './collation.js';
import { implies } from './implies.js';
import { once, scanEntries, scanFor, type Entries, type IndexScan } from './index-scan.js';
import { parseSort, type SortKey } from './sort.js';

export interface Plan {
  /** Documents that may match, each once, a few at a time; the filter is still applied to them. */
  entries(): Entries;
  /** Whether they come in the order asked for. */
  readonly sorted: boolean;
  /** Roughly how many documents it looks at. */
  readonly cost: number;
  /** The plan the way `explain` shows it. */
  readonly explain: Doc;
}

export interface PlanRequest {
  readonly filter: Doc;
  readonly sort?: Doc | undefined;
  /** Skip and limit together, when there is a limit. */
  readonly wanted?: number | undefined;
  readonly hint?: unknown;
  readonly collation?: Collation | undefined;
}

/** Sorting in memory costs about this much per document on top of looking at it. */
const SORT_FACTOR = 1.3;
/** What share of an ordered walk is expected to suffice when a limit cuts it and a filter thins it out. */
const LIMITED_SHARE = 0.25;

/**
 * Chooses how to find candidates: one index, a union of indexes for `$or`, or everything.
 * @throws DbError 2 when a hint names no index
 */
export function planQuery(collection: Collection, request: PlanRequest): Plan {
  const sort = parseSort(request.sort ?? {});
  const natural = naturalDirection(request);
  if (natural !== undefined) return wholeCollection(collection, sort, natural);
  const constraints = constraintsOf(request.filter);
  if (request.hint !== undefined && request.hint !== null) {
    return hinted(collection, request, constraints, sort);
  }
  let best: Plan | undefined;
  for (const index of collection.indexes) {
    const plan = planOf(collection, index, request, constraints, sort);
    if (plan && (!best || plan.cost < best.cost)) best = plan;
  }
  // Like MongoDB, everything is looked through only where no index knows a shorter way.
  return planUnion(collection, request, best?.cost) ?? best ?? wholeCollection(collection, sort, 1);
}

function planOf(
  collection: Collection,
  index: Index,
  request: PlanRequest,
  constraints: Constraints,
  sort: readonly SortKey[],
): Plan | undefined {
  const { hidden, partialFilterExpression } = index.spec;
  if (hidden) return undefined;
  if (partialFilterExpression && !implies(request.filter, constraints, partialFilterExpression)) {
    return undefined;
  }
  const scan = scanFor(index, constraints, sort, request.collation);
  return scan && scanPlan(collection, scan, request, sort);
}

function scanPlan(
  collection: Collection,
  scan: IndexScan,
  request: PlanRequest,
  sort: readonly SortKey[],
): Plan {
  return {
    entries: () => {
      scan.index.uses++;
      return scanEntries(collection, scan);
    },
    sorted: scan.sorted,
    cost: costOf(scan, request, sort),
    explain: explainScan(scan),
  };
}

function costOf(scan: IndexScan, request: PlanRequest, sort: readonly SortKey[]): number {
  // One for the look-up itself; more narrowed fields break ties.
  const base = 1 + scan.keysToExamine - scan.boundFields * 0.01;
  if (sort.length > 0 && !scan.sorted) return base * SORT_FACTOR;
  if (request.wanted === undefined) return base;
  const coversFilter = Object.keys(request.filter).length <= scan.boundFields;
  const likely = coversFilter ? request.wanted + 1 : Math.max(request.wanted, base * LIMITED_SHARE);
  return Math.min(base, likely);
}

function wholeCollection(
  collection: Collection,
  sort: readonly SortKey[],
  direction: 1 | -1,
): Plan {
  const count = collection.entries.size;
  const sorted = sort.length === 0;
  return {
    entries: () => (direction === 1 ? collection.walk() : backward(collection)),
    sorted,
    cost: (1 + count) * (sorted ? 1 : SORT_FACTOR),
    explain: { stage: 'COLLSCAN', direction: direction === 1 ? 'forward' : 'backward' },
  };
}

function naturalDirection({ sort, hint }: PlanRequest): 1 | -1 | undefined {
  const natural = sort?.['$natural'] ?? (isDoc(hint) ? hint['$natural'] : undefined);
  if (!isNumeric(natural)) return undefined;
  return toDouble(natural) < 0 ? -1 : 1;
}

/** The index a hint names, walked whole if the filter does not narrow it. */
function hinted(
  collection: Collection,
  request: PlanRequest,
  constraints: Constraints,
  sort: readonly SortKey[],
): Plan {
  const index = hintedIndex(collection, request.hint);
  const scan = scanFor(index, constraints, sort, request.collation) ?? wholeIndex(index);
  return scanPlan(collection, scan, request, sort);
}

/** @throws DbError 2 when there is no such index, 9 when the hint is neither a name nor a key pattern */
function hintedIndex(collection: Collection, hint: unknown): Index {
  if (typeof hint !== 'string' && !isDoc(hint))
    throw new DbError(9, 'Hint must be a string or an object');
  const index =
    typeof hint === 'string'
      ? collection.findIndex(hint)
      : collection.indexes.find(({ spec }) => equalValues(spec.key, hint));
  if (index && !index.spec.hidden) return index;
  throw new DbError(
    2,
    'error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index',
  );
}

function wholeIndex(index: Index): IndexScan {
  return {
    index,
    ranges: [{ low: '', high: '\uffff\uffff' }],
    boundFields: 0,
    fixedFields: 0,
    backward: false,
    sorted: false,
    keysToExamine: index.keys.size,
    shownBounds: Object.fromEntries(index.fields.map(({ path }) => [path, ['[MinKey, MaxKey]']])),
  };
}

function explainScan(scan: IndexScan): Doc {
  const { index } = scan;
  return {
    stage: 'FETCH',
    inputStage: {
      stage: 'IXSCAN',
      keyPattern: { ...index.spec.key },
      indexName: index.spec.name,
      isMultiKey: index.multikey,
      isUnique: Boolean(index.spec.unique) || index.isId,
      isSparse: Boolean(index.spec.sparse),
      isPartial: index.spec.partialFilterExpression !== undefined,
      direction: scan.backward ? 'backward' : 'forward',
      indexBounds: scan.shownBounds,
    },
  };
}

/** `$or` answered branch by branch, when every branch has an index and together they are cheaper. */
function planUnion(
  collection: Collection,
  request: PlanRequest,
  limit = Number.POSITIVE_INFINITY,
): Plan | undefined {
  const branches = orBranches(request.filter);
  if (!branches) return undefined;
  const plans: Plan[] = [];
  let cost = 1;
  for (const filter of branches) {
    const plan = planQuery(collection, { filter, collation: request.collation });
    if (plan.explain['stage'] === 'COLLSCAN') return undefined;
    cost += plan.cost;
    if (cost >= limit) return undefined;
    plans.push(plan);
  }
  return {
    entries: () => union(plans),
    sorted: !request.sort || Object.keys(request.sort).length === 0,
    cost,
    explain: {
      stage: 'FETCH',
      inputStage: {
        stage: 'OR',
        inputStages: plans.map(({ explain }) => explain['inputStage'] ?? explain),
      },
    },
  };
}

/** The first `$or` of a filter, each branch joined with the conditions beside it. */
function orBranches(filter: Doc): Doc[] | undefined {
  const { $or, ...rest } = filter;
  const hasRest = Object.keys(rest).length > 0;
  if (isArray($or)) {
    return $or.map((branch) => (hasRest ? { $and: [rest, branch as Doc] } : (branch as Doc)));
  }
  const and = filter['$and'];
  if (!isArray(and)) return undefined;
  const at = and.findIndex((part) => isDoc(part) && isArray(part['$or']));
  if (at < 0) return undefined;
  const others = [...and.slice(0, at), ...and.slice(at + 1), without(filter, '$and')] as Doc[];
  const { $or: inner, ...besideOr } = and[at] as { $or: Doc[] };
  return inner.map((branch) => ({ $and: [branch, besideOr, ...others] }));
}

function without(doc: Doc, name: string): Doc {
  return Object.fromEntries(Object.entries(doc).filter(([other]) => other !== name));
}

function* union(plans: readonly Plan[]): Entries {
  const seen = new RecordSet();
  for (const plan of plans) yield* once(plan.entries(), seen);
}

function* backward(collection: Collection): Entries {
  const all = [...collection.entries.values()];
  for (let end = all.length; end > 0; end -= BREATH) {
    yield all.slice(Math.max(0, end - BREATH), end).reverse();
  }
}
