import { show } from '../bson/show.js';
import type { Doc } from '../bson/value.js';
import type { Collection, Entry } from '../storage/collection.js';
import type { Index, IndexField } from '../storage/index.js';
import { AFTER_ALL, invertKey } from '../storage/key.js';
import { RecordSet } from '../storage/record-set.js';
import { BREATH } from '../work.js';
import {
  admitsNull,
  involvesText,
  type Constraint,
  type Constraints,
  type Edge,
  type Interval,
} from './bounds.js';
import { sameCollation, type Collation } from './collation.js';
import type { SortKey } from './sort.js';

/** A part of an index to walk through: keys from `low` up to, not including, `high`. */
interface KeyRange {
  readonly low: string;
  readonly high: string;
}

/** Documents a few at a time. Between two of them others may have had their turn, and changed documents. */
export type Entries = Generator<readonly Entry[], void>;

/** One way to answer a query from one index. */
export interface IndexScan {
  readonly index: Index;
  readonly ranges: readonly KeyRange[];
  /** How many leading fields of the index are narrowed down. */
  readonly boundFields: number;
  /** How many of these are held to a single value. */
  readonly fixedFields: number;
  readonly backward: boolean;
  readonly sorted: boolean;
  readonly keysToExamine: number;
  readonly shownBounds: Doc;
}

/** More ranges than this are not worth enumerating; the last field that multiplied them is left open. */
const MOST_RANGES = 5_000;
/** Up to this many ranges are counted exactly when plans are compared. */
const COUNTED_RANGES = 64;

/**
 * The scan of an index for a filter, or `undefined` when the index can not know all matching documents or would
 * neither narrow nor sort anything.
 */
export function scanFor(
  index: Index,
  constraints: Constraints,
  sort: readonly SortKey[],
  collation: Collation | undefined,
): IndexScan | undefined {
  if (index.spec.sparse && !excludesMissing(index, constraints)) return undefined;
  const bounds = boundsOf(index, constraints, collation);
  const order = sortFrom(index, bounds, sort, collation);
  const isUseful = bounds.boundFields > 0 || (sort.length > 0 && order !== undefined);
  if (!isUseful) return undefined;
  const ranges = bounds.prefixes.map((prefix): KeyRange =>
    bounds.last
      ? { low: prefix + edgeKey(bounds.last.low), high: prefix + edgeKey(bounds.last.high) }
      : { low: prefix, high: prefix + AFTER_ALL },
  );
  return {
    index,
    ranges,
    boundFields: bounds.boundFields,
    fixedFields: bounds.fixedFields,
    backward: order?.backward ?? false,
    sorted: order !== undefined,
    keysToExamine: keysIn(index, ranges),
    shownBounds: bounds.shown,
  };
}

function excludesMissing(index: Index, constraints: Constraints): boolean {
  return index.fields.some(({ path }) =>
    constraints.get(path)?.some((constraint) => !admitsNull(constraint)),
  );
}

interface Bounds {
  prefixes: string[];
  last: Interval | undefined;
  boundFields: number;
  fixedFields: number;
  shown: Doc;
}

function boundsOf(
  index: Index,
  constraints: Constraints,
  collation: Collation | undefined,
): Bounds {
  const bounds: Bounds = {
    prefixes: [''],
    last: undefined,
    boundFields: 0,
    fixedFields: 0,
    shown: {},
  };
  const sameOrder = sameCollation(index.collation, collation);
  for (const [position, field] of index.fields.entries()) {
    const usable = usableConstraints(index, field, position, constraints, sameOrder);
    const points = fewestPoints(usable);
    if (points && bounds.prefixes.length * points.length <= MOST_RANGES) {
      const keys = [...new Set(points.map((value) => index.keyPart(position, value ?? null)))];
      bounds.prefixes = bounds.prefixes.flatMap((prefix) => keys.map((key) => prefix + key));
      bounds.shown[field.path] = points.map((value) => `[${show(value)}, ${show(value)}]`);
      bounds.boundFields++;
      if (bounds.prefixes.length === 1) bounds.fixedFields++;
      continue;
    }
    const interval = index.collation
      ? undefined
      : intersection(usable, index.multikeyFields[position] === true);
    if (interval) {
      bounds.last = field.direction === -1 ? invertInterval(interval) : interval;
      bounds.boundFields++;
      bounds.shown[field.path] = usable.flatMap((constraint) =>
        constraint.kind === 'range' ? [`${constraint.operator} ${show(constraint.operand)}`] : [],
      );
    }
    break;
  }
  for (const { path } of index.fields) bounds.shown[path] ??= ['[MinKey, MaxKey]'];
  return bounds;
}

function usableConstraints(
  index: Index,
  field: IndexField,
  position: number,
  constraints: Constraints,
  sameOrder: boolean,
): readonly Constraint[] {
  const all = constraints.get(field.path) ?? [];
  // Two fields of one array's elements: a document may match with two elements, a key holds just one.
  const sharesArray =
    index.multikeyFields[position] === true &&
    index.fields
      .slice(0, position)
      .some(({ parts }, i) => index.multikeyFields[i] && parts[0] === field.parts[0]);
  if (sharesArray) return [];
  return sameOrder ? all : all.filter((constraint) => !involvesText(constraint));
}

function fewestPoints(constraints: readonly Constraint[]): readonly unknown[] | undefined {
  let best: readonly unknown[] | undefined;
  for (const constraint of constraints) {
    if (constraint.kind !== 'points') continue;
    if (!best || constraint.values.length < best.length) best = constraint.values;
  }
  return best;
}

/** In an array, one element may satisfy the lower and another the upper bound: then only one side counts. */
function intersection(constraints: readonly Constraint[], multikey: boolean): Interval | undefined {
  let result: Interval | undefined;
  for (const constraint of constraints) {
    if (constraint.kind !== 'range') continue;
    if (!result) result = constraint.interval;
    else if (!multikey) {
      result = {
        low: later(result.low, constraint.interval.low),
        high: earlier(result.high, constraint.interval.high),
      };
    }
  }
  return result;
}

function edgeKey({ prefix, after }: Edge): string {
  return after ? prefix + AFTER_ALL : prefix;
}

function later(a: Edge, b: Edge): Edge {
  return edgeKey(a) >= edgeKey(b) ? a : b;
}

function earlier(a: Edge, b: Edge): Edge {
  return edgeKey(a) <= edgeKey(b) ? a : b;
}

function invertInterval({ low, high }: Interval): Interval {
  const invert = ({ prefix, after }: Edge): Edge => ({ prefix: invertKey(prefix), after: !after });
  return { low: invert(high), high: invert(low) };
}

/**
 * Whether walking the index gives the wanted order: the sort names the index fields in turn, each in its
 * direction or each against it, where fields held to one value may be left out.
 */
function sortFrom(
  index: Index,
  bounds: Bounds,
  sort: readonly SortKey[],
  collation: Collation | undefined,
): { backward: boolean } | undefined {
  if (sort.length === 0) return { backward: false };
  if (index.collation || collation || bounds.prefixes.length > 1) return undefined;
  // Behind a single value of the fields before it, an entry tells a document's only value of a field.
  if (index.multikeyFields.some((multikey, i) => multikey && i >= bounds.fixedFields))
    return undefined;
  // An array found by one of its elements still sorts by another one.
  const fixed = new Set(
    index.fields
      .slice(0, bounds.fixedFields)
      .flatMap(({ path }, i) => (index.multikeyFields[i] ? [] : [path])),
  );
  const wanted = sort.filter(({ path }) => !fixed.has(path));
  const rest = index.fields.slice(bounds.fixedFields);
  let backward: boolean | undefined;
  for (const [i, key] of wanted.entries()) {
    const field = rest[i];
    if (field?.path !== key.path) return undefined;
    const against = field.direction !== key.direction;
    if (backward !== undefined && backward !== against) return undefined;
    backward = against;
  }
  return { backward: backward ?? false };
}

function keysIn(index: Index, ranges: readonly KeyRange[]): number {
  let total = 0;
  for (const { low, high } of ranges.slice(0, COUNTED_RANGES))
    total += index.keys.countBetween(low, high);
  return ranges.length <= COUNTED_RANGES
    ? total
    : Math.ceil((total * ranges.length) / COUNTED_RANGES);
}

/** The documents of a scan, each once. */
export function scanEntries(collection: Collection, scan: IndexScan): Entries {
  // A document that moves along the index during a pause would be met twice as well.
  const mayRepeat = scan.index.multikey || scan.ranges.length > 1 || scan.keysToExamine > BREATH;
  const entries = walkRanges(collection, scan);
  return mayRepeat ? once(entries, new RecordSet()) : entries;
}

function* walkRanges(collection: Collection, scan: IndexScan): Entries {
  const { index, backward } = scan;
  for (const { low, high } of backward ? scan.ranges.toReversed() : scan.ranges) {
    const batches = backward ? index.keys.descending(low, high) : index.keys.ascending(low, high);
    for (const records of batches) {
      const entries: Entry[] = [];
      for (let i = 0; i < records.length; i++) {
        const entry = collection.entries.get(records[i] as number);
        if (entry) entries.push(entry);
      }
      yield entries;
    }
  }
}

/** Leaves out the documents that are in `seen`, and remembers the others there. */
export function* once(batches: Entries, seen: RecordSet): Entries {
  for (const batch of batches) yield batch.filter(({ record }) => seen.add(record));
}
