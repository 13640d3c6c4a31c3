import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Doc } from '../bson/value.js';
import type { Collection } from './collection.js';
import { memoryLog } from './log.js';
import { Store } from './store.js';

const RUNS = process.env['DEEP'] ? 10_000 : 200;

/** A change made while the index is being built, of a document picked by number. */
type Change = readonly [kind: 'insert' | 'replace' | 'remove', which: number, value: number];

const value = fc.integer({ min: 0, max: 9 });
const change: fc.Arbitrary<Change> = fc.tuple(
  fc.constantFrom('insert', 'replace', 'remove'),
  fc.nat(1_000),
  value,
);

test('an index built under writes holds what one built afterwards holds', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(value, { minLength: 1, maxLength: 60 }),
      fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 30 }),
      async (values, steps) => {
        const store = await Store.open(memoryLog());
        const collection = store.create('test.things', {});
        for (const [_id, a] of values.entries()) collection.insert({ _id, a });
        const building = collection.buildIndex({ v: 2, key: { a: 1 }, name: 'under writes' });
        const left = [...steps];
        while (!building.next().done)
          for (const each of left.shift() ?? []) apply(collection, each);
        const afterwards = collection.buildIndex({ v: 2, key: { a: 1 }, name: 'afterwards' });
        while (!afterwards.next().done);
        expect(recordsOf(collection, 'under writes')).toEqual(recordsOf(collection, 'afterwards'));
        await store.committer.durable();
      },
    ),
    { numRuns: RUNS, seed: 43 },
  );
});

function apply(collection: Collection, [kind, which, a]: Change): void {
  const entries = [...collection.entries.values()];
  const entry = entries[which % Math.max(1, entries.length)];
  // An array stands under several keys.
  const doc: Doc = { a: which % 5 === 0 ? [a, a + 1] : a };
  if (kind === 'insert' || !entry) collection.insert({ _id: `${collection.changes}`, ...doc });
  else if (kind === 'replace') collection.replace(entry, { _id: entry.doc['_id'], ...doc });
  else collection.remove(entry);
}

function recordsOf(collection: Collection, name: string): number[] {
  return [...(collection.findIndex(name)?.keys.ascending('', '\uffff') ?? [])].flat();
}
