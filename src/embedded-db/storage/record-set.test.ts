import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RecordSet } from './record-set.js';

test('holds what a set holds, beyond 32 bits as well', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.nat(10_000), fc.maxSafeNat(), fc.constant(2 ** 32 + 31))),
      fc.array(fc.nat(10_000)),
      (records, others) => {
        const [set, plain] = [new RecordSet(), new Set<number>()];
        for (const record of records) {
          expect(set.add(record)).toBe(!plain.has(record));
          plain.add(record);
        }
        for (const record of [...records, ...others])
          expect(set.has(record)).toBe(plain.has(record));
      },
    ),
    { seed: 53 },
  );
});
