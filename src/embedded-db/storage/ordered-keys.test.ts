import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { OrderedKeys } from './ordered-keys.js';

const RUNS = process.env['DEEP'] ? 10_000 : 200;
const MOST = 2_000;

/** Keys whose order is that of their numbers, which are their records as well. */
function keyOf(record: number): string {
  return String(record).padStart(4, '0');
}

test.each(['ascending', 'descending'] as const)(
  'an %s walk under changes meets in order, once, whatever was there all the time',
  (direction) => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(MOST), { maxLength: 900, size: 'max' }),
        fc.array(fc.array(fc.nat(MOST), { maxLength: 60, size: 'max' }), { maxLength: 40 }),
        fc.nat(MOST),
        fc.nat(MOST),
        (records, changes, one, other) => {
          const [low, high] = [Math.min(one, other), Math.max(one, other)];
          const keys = new OrderedKeys();
          const present = new Set(records);
          for (const record of records) keys.insert(keyOf(record), record);
          const stayed = new Set(records.filter((record) => record >= low && record < high));
          const met: number[] = [];
          const left = [...changes];
          for (const batch of keys[direction](keyOf(low), keyOf(high))) {
            met.push(...batch);
            for (const record of left.shift() ?? []) {
              stayed.delete(record);
              if (present.delete(record)) {
                keys.delete(keyOf(record));
              } else {
                present.add(record);
                keys.insert(keyOf(record), record);
              }
            }
          }
          const order = direction === 'ascending' ? 1 : -1;
          expect(met).toEqual([...new Set(met)].sort((a, b) => order * (a - b)));
          const seen = new Set(met);
          expect([...stayed].filter((record) => !seen.has(record))).toEqual([]);
          expect(met.every((record) => record >= low && record < high)).toBe(true);
        },
      ),
      { numRuns: RUNS, seed: 47 },
    );
  },
);
