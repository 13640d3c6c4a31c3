import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { collect, finish } from '../work.js';
import type { Doc } from '../bson/value.js';
import { memoryLog } from '../storage/log.js';
import type { Collection } from '../storage/collection.js';
import type { IndexSpec } from '../storage/index.js';
import { Store } from '../storage/store.js';
import { findEntries, planFind } from './find.js';
import { compileMatch } from './match.js';
import { compileSort } from './sort.js';

async function collectionOf(
  docs: readonly Doc[],
  specs: readonly Partial<IndexSpec>[],
): Promise<Collection> {
  const store = await Store.open(memoryLog());
  const collection = store.create('test.things', {});
  docs.forEach((doc, i) => collection.insert({ _id: i, ...doc }));
  specs.forEach((spec, i) => {
    finish(collection.buildIndex({ v: 2, key: {}, name: `index${i}`, ...spec }));
  });
  return collection;
}

function stageOf(collection: Collection, filter: Doc, sort?: Doc): unknown {
  const { explain } = planFind(collection, { filter, sort });
  const input = explain['inputStage'] as Doc | undefined;
  return input ? (input['indexName'] ?? input['stage']) : explain['stage'];
}

describe('the planner', () => {
  const docs = Array.from({ length: 200 }, (_, i) => ({
    owner: `u${i % 10}`,
    amount: i,
    stage: i % 3,
  }));
  const specs = [{ key: { owner: 1, amount: -1 } }, { key: { stage: 1 } }];

  test.each([
    ['an equality', { owner: 'u1' }, 'index0'],
    ['an $in', { owner: { $in: ['u1', 'u2'] } }, 'index0'],
    ['a prefix and a range', { owner: 'u1', amount: { $gt: 5, $lte: 60 } }, 'index0'],
    ['a range', { stage: { $gte: 2 } }, 'index1'],
    ['an $or of indexed branches', { $or: [{ owner: 'u1' }, { _id: 7 }] }, 'OR'],
    ['an equality on _id', { _id: 4 }, '_id_'],
    ['an anchored pattern', { owner: { $regex: '^u1' } }, 'index0'],
  ])('answers %s from an index', async (_what, filter, expected) => {
    expect(stageOf(await collectionOf(docs, specs), filter)).toBe(expected);
  });

  test('scans when no index knows the field', async () => {
    expect(stageOf(await collectionOf(docs, specs), { amount: 4 })).toBe('COLLSCAN');
  });

  test('takes the order from the index behind an equality', async () => {
    const collection = await collectionOf(docs, specs);
    const plan = planFind(collection, { filter: { owner: 'u3' }, sort: { amount: 1 } });
    expect(plan.sorted).toBe(true);
    expect(plan.explain).toMatchObject({ inputStage: { direction: 'backward' } });
  });

  test('leaves a sparse index alone when missing values may match', async () => {
    const collection = await collectionOf(docs, [{ key: { maybe: 1 }, sparse: true }]);
    expect(stageOf(collection, { maybe: null })).toBe('COLLSCAN');
    expect(stageOf(collection, { maybe: 3 })).toBe('index0');
  });

  test('uses a partial index only for queries inside its condition', async () => {
    const partialFilterExpression = { stage: { $gt: 0 } };
    const collection = await collectionOf(docs, [{ key: { owner: 1 }, partialFilterExpression }]);
    expect(stageOf(collection, { owner: 'u1' })).toBe('COLLSCAN');
    expect(stageOf(collection, { owner: 'u1', stage: { $gte: 1 } })).toBe('index0');
    expect(stageOf(collection, { owner: 'u1', stage: { $gte: 0 } })).toBe('COLLSCAN');
  });

  test('refuses a hint that names no index', async () => {
    const collection = await collectionOf(docs, specs);
    expect(() => planFind(collection, { filter: {}, hint: 'nope' })).toThrow(/hint provided/);
  });
});

const scalar = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom('', 'a', 'ab', 'b', '中', 'ａ', '😀'),
  fc.constantFrom(null, true, false),
  fc.constantFrom(new Date(0), new Date(5)),
  fc.double({ min: -2, max: 2, noNaN: true }),
);
const value = fc.oneof(
  { weight: 6, arbitrary: scalar },
  { weight: 2, arbitrary: fc.array(scalar, { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.record({ x: scalar, y: scalar }, { requiredKeys: [] }) },
  {
    weight: 1,
    arbitrary: fc.array(fc.record({ x: scalar, y: scalar }, { requiredKeys: [] }), {
      maxLength: 3,
    }),
  },
);
const document = fc.record({ a: value, b: value, c: value }, { requiredKeys: [] });
const path = fc.constantFrom('a', 'b', 'c', 'a.x', 'a.y');
const condition = fc.oneof(
  scalar,
  fc.record({ $gt: scalar }),
  fc.record({ $gte: scalar, $lt: scalar }),
  fc.record({ $lte: scalar }),
  fc.record({ $in: fc.array(scalar, { maxLength: 4 }) }),
  fc.record({ $ne: scalar }),
  fc.record({ $exists: fc.boolean() }),
  fc.record({ $elemMatch: fc.record({ $gte: scalar, $lte: scalar }) }),
  fc.record({ $elemMatch: fc.record({ x: scalar, y: scalar }) }),
  fc.record({ $not: fc.record({ $gt: scalar }) }),
);
const simple = fc.dictionary(path, condition, { maxKeys: 3 }).map((filter): Doc => ({ ...filter }));
const filter = fc.oneof(
  { weight: 4, arbitrary: simple },
  { weight: 1, arbitrary: fc.record({ $or: fc.array(simple, { minLength: 1, maxLength: 3 }) }) },
  {
    weight: 1,
    arbitrary: fc.tuple(simple, simple).map(([a, b]): Doc => ({ $and: [a, { $or: [b, a] }] })),
  },
);
const direction = fc.constantFrom(1, -1);
// Two arrays can not be sorted by at once; one free field and _id suffice.
const sort = fc
  .tuple(fc.constantFrom('a', 'b', 'c'), fc.option(direction), fc.option(direction))
  .map(([field, by, id]): Doc => ({ ...(by ? { [field]: by } : {}), ...(id ? { _id: id } : {}) }));
const partialCondition = fc.oneof(
  scalar,
  fc.record({ $gt: scalar }),
  fc.record({ $lte: scalar }),
  fc.record({ $in: fc.array(scalar, { maxLength: 3 }) }),
  fc.constant({ $exists: true }),
);
const index = fc
  .record({
    key: fc.dictionary(path, direction, { minKeys: 1, maxKeys: 3 }),
    sparse: fc.boolean(),
    partial: fc.option(fc.dictionary(path, partialCondition, { maxKeys: 2 })),
  })
  .map(({ key, sparse, partial }): Partial<IndexSpec> => ({
    key: { ...key },
    ...(partial ? { partialFilterExpression: { ...partial } } : sparse ? { sparse } : {}),
  }));

const RUNS = process.env['DEEP'] ? 100_000 : 1500;
const TIMEOUT_MS = process.env['DEEP'] ? 900_000 : 60_000;

test(
  'any plan finds exactly what a full scan finds, in the order asked for',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(document, { maxLength: 25 }),
        fc.array(index, { minLength: 1, maxLength: 4 }),
        filter,
        sort,
        async (docs, specs, where, by) => {
          const usable = await indexable(docs, specs);
          const collection = await collectionOf(docs, usable);
          const order = compileSort({ ...by });
          const matches = compileMatch(where);
          const expected = [...collection.entries.values()].filter(({ doc }) => matches(doc));
          const found = finish(
            collect(findEntries(collection, { filter: where, sort: { ...by } })),
          );
          expect(new Set(found)).toEqual(new Set(expected));
          for (let i = 1; i < found.length; i++) {
            const [before, after] = [found[i - 1], found[i]] as [
              (typeof found)[0],
              (typeof found)[0],
            ];
            expect(order.compare(before.doc, after.doc)).toBeLessThanOrEqual(0);
          }
          // Stores commit in a later turn of the event loop; without one, all of them stay in memory.
          await nextTurn();
        },
      ),
      { numRuns: RUNS, seed: 20250312 },
    );
  },
  TIMEOUT_MS,
);

/** Leaves out indexes the documents do not allow (two arrays in one entry). */
async function indexable(
  docs: readonly Doc[],
  specs: readonly Partial<IndexSpec>[],
): Promise<Partial<IndexSpec>[]> {
  const kept: Partial<IndexSpec>[] = [];
  for (const spec of specs) {
    try {
      await collectionOf(docs, [spec]);
      kept.push(spec);
    } catch {
      // Parallel arrays can not be indexed; MongoDB refuses such documents as well.
      continue;
    }
  }
  return kept;
}
