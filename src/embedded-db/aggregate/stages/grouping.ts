import { compareValues } from '../../bson/compare.js';
import { isDoc, isNumeric, setField, toDouble, type Doc } from '../../bson/value.js';
import { DbError } from '../../errors.js';
import { textFolding } from '../../query/collation.js';
import { compileSort } from '../../query/sort.js';
import { mergeSort, sorted } from '../../query/sort-work.js';
import { encodeKey } from '../../storage/key.js';
import { compileAccumulator, type Accumulator, type Gathering } from '../accumulators.js';
import { compilerFor, outerVariables, type Evaluate, type Scope } from '../expression.js';
import { BREATH, collect, flowOf, forEach, mapped, type Flow } from '../../work.js';
import type { PipelineOptions, Stage, StageOperator } from '../pipeline.js';

interface Group {
  readonly id: unknown;
  readonly gatherings: Gathering[];
}

type Outputs = readonly (readonly [name: string, accumulator: Accumulator])[];

function compileOutputs(spec: Doc, options: PipelineOptions): Outputs {
  const compiler = compilerFor(options);
  return Object.entries(spec).map(([name, accumulator]) => {
    if (name.includes('.')) {
      throw new DbError(40235, `The field name '${name}' cannot contain '.'`);
    }
    return [name, compileAccumulator(name, accumulator, compiler)] as const;
  });
}

function newGroup(id: unknown, outputs: Outputs): Group {
  return { id, gatherings: outputs.map(([, start]) => start()) };
}

function gather(group: Group, scope: Scope): void {
  for (const gathering of group.gatherings) gathering.add(scope);
}

function groupDoc(group: Group, outputs: Outputs): Doc {
  const doc: Doc = { _id: group.id ?? null };
  outputs.forEach(([name], i) => {
    setField(doc, name, group.gatherings[i]?.result());
  });
  return doc;
}

const group: StageOperator = (operand, { options }) => {
  if (!isDoc(operand)) throw new DbError(15947, "a group's fields must be specified in an object");
  const { _id, ...rest } = operand;
  if (!('_id' in operand)) throw new DbError(15955, 'a group specification must include an _id');
  return groupBy(compilerFor(options).compile(_id), compileOutputs(rest, options), options);
};

/** Groups in order of first appearance, which clients must not rely on but tests like to see. */
function groupBy(id: Evaluate, outputs: Outputs, options: PipelineOptions): Stage {
  const outer = outerVariables(options);
  const fold = options.collation ? textFolding(options.collation) : undefined;
  return function* (docs) {
    const groups = new Groups(outputs);
    yield* forEach(docs, (doc) => {
      const scope = { root: doc, variables: outer };
      const value = id(scope);
      const same = fold && typeof value === 'string' ? fold(value) : value;
      gather(groups.of(same, value), scope);
    });
    yield* mapped(flowOf(groups.inOrder), (found) => groupDoc(found, outputs));
  };
}

/** Groups by their value. Texts and dates, the most frequent ones, are found as they are, without a key being made. */
class Groups {
  readonly inOrder: Group[] = [];
  private readonly byText = new Map<string, Group>();
  private readonly byTime = new Map<number, Group>();
  private readonly byKey = new Map<string, Group>();

  constructor(private readonly outputs: Outputs) {}

  /** @param id what a new group shows as its `_id`; the value may have been folded */
  of(value: unknown, id: unknown): Group {
    if (typeof value === 'string') return this.find(this.byText, value, id);
    if (value instanceof Date) return this.find(this.byTime, value.getTime(), id);
    return this.find(this.byKey, encodeKey(value ?? null), id);
  }

  private find<K>(known: Map<K, Group>, key: K, id: unknown): Group {
    let found = known.get(key);
    if (!found) {
      found = newGroup(id, this.outputs);
      known.set(key, found);
      this.inOrder.push(found);
    }
    return found;
  }
}

const sortByCount: StageOperator = (operand, { options }) => {
  const grouped = groupBy(
    compilerFor(options).compile(operand),
    compileOutputs({ count: { $sum: 1 } }, options),
    options,
  );
  const order = compileSort({ count: -1 });
  return (docs) => sorted(grouped(docs), order, (doc) => doc);
};

const bucket: StageOperator = (operand, { options }) => {
  if (!isDoc(operand) || !('groupBy' in operand)) {
    throw new DbError(40198, "$bucket requires 'groupBy' and 'boundaries' to be specified.");
  }
  const boundaries = operand['boundaries'];
  if (!Array.isArray(boundaries) || boundaries.length < 2) {
    throw new DbError(40192, "The $bucket 'boundaries' field must have at least 2 values");
  }
  const by = compilerFor(options).compile(operand['groupBy']);
  const fallback = operand['default'];
  const id: Evaluate = (scope) => {
    const value = by(scope);
    for (let i = 0; i < boundaries.length - 1; i++) {
      const above = value !== undefined && compareValues(value, boundaries[i]) >= 0;
      if (above && compareValues(value, boundaries[i + 1]) < 0) return boundaries[i] as unknown;
    }
    if (fallback !== undefined) return fallback;
    throw new DbError(
      40066,
      '$switch could not find a matching branch for an input, and no default was specified.',
    );
  };
  const output = isDoc(operand['output']) ? operand['output'] : { count: { $sum: 1 } };
  const grouped = groupBy(id, compileOutputs(output, options), options);
  const order = compileSort({ _id: 1 });
  return (docs) => sorted(grouped(docs), order, (doc) => doc);
};

const bucketAuto: StageOperator = (operand, { options }) => {
  const count =
    isDoc(operand) && isNumeric(operand['buckets']) ? toDouble(operand['buckets']) : Number.NaN;
  if (!isDoc(operand) || !Number.isInteger(count) || count < 1) {
    throw new DbError(40243, "The $bucketAuto 'buckets' field must be greater than 0");
  }
  const by = compilerFor(options).compile(operand['groupBy']);
  const output = isDoc(operand['output']) ? operand['output'] : { count: { $sum: 1 } };
  const outputs = compileOutputs(output, options);
  const outer = outerVariables(options);
  return function* (docs) {
    const valued: { scope: Scope; value: unknown }[] = [];
    yield* forEach(docs, (doc) => {
      const scope = { root: doc, variables: outer };
      valued.push({ scope, value: by(scope) });
    });
    const inOrder = yield* mergeSort(valued, (a, b) => compareValues(a.value, b.value));
    yield* evenBuckets(inOrder, count, outputs);
  };
};

/** Cuts sorted values into buckets of about equal size; equal values share a bucket. */
function* evenBuckets(
  valued: readonly { scope: Scope; value: unknown }[],
  count: number,
  outputs: Outputs,
): Flow<Doc> {
  const size = Math.max(1, Math.round(valued.length / count));
  for (let start = 0, nth = 1; start < valued.length; nth++) {
    let end = nth === count ? valued.length : Math.min(valued.length, start + size);
    while (end < valued.length && compareValues(valued[end]?.value, valued[end - 1]?.value) === 0)
      end++;
    const found = newGroup(null, outputs);
    for (let i = start; i < end; i++) {
      gather(found, (valued[i] as { scope: Scope }).scope);
      if (i % BREATH === 0) yield;
    }
    const max = end < valued.length ? valued[end]?.value : valued[end - 1]?.value;
    const _id = { min: valued[start]?.value ?? null, max: max ?? null };
    yield [{ ...groupDoc(found, outputs), _id }];
    start = end;
  }
}

const facet: StageOperator = (operand, { compilePipeline }) => {
  if (!isDoc(operand) || Object.keys(operand).length === 0) {
    throw new DbError(40169, 'the $facet specification must be a non-empty object');
  }
  const facets = Object.entries(operand).map(
    ([name, stages]) => [name, compilePipeline(stages)] as const,
  );
  return function* (docs) {
    const all = yield* collect(docs);
    const result: Doc = {};
    for (const [name, stage] of facets) {
      setField(result, name, yield* collect(stage(flowOf(all))));
    }
    yield [result];
  };
};

export const groupingStages: Readonly<Record<string, StageOperator>> = {
  $group: group,
  $sortByCount: sortByCount,
  $bucket: bucket,
  $bucketAuto: bucketAuto,
  $facet: facet,
};
