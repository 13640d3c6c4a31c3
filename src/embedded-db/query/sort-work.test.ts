import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { collect, finish, flowOf } from '../work.js';
import { compileSort } from './sort.js';
import { sorted } from './sort-work.js';

const RUNS = process.env['DEEP'] ? 10_000 : 100;

test('the first of many are the same, ties included, however many are thrown away on the way', () => {
  const order = compileSort({ a: 1, b: -1 });
  const doc = fc.record({ a: fc.integer({ min: 0, max: 40 }), b: fc.integer({ min: 0, max: 3 }) });
  fc.assert(
    fc.property(
      fc.array(doc, { minLength: 500, maxLength: 2_500, size: 'max' }),
      fc.integer({ min: 1, max: 60 }),
      (docs, wanted) => {
        const all = docs.toSorted((x, y) => x.a - y.a || y.b - x.b);
        const first = finish(collect(sorted(flowOf(docs), order, (one) => one, wanted)));
        expect(first).toHaveLength(Math.min(wanted, docs.length));
        // The very objects: of equals the earlier ones come first.
        expect(first.every((one, i) => one === all[i])).toBe(true);
      },
    ),
    { numRuns: RUNS, seed: 41 },
  );
});
