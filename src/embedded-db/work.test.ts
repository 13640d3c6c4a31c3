import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { collect, finish, part, type Flow } from './work.js';

const batches = fc.array(fc.option(fc.array(fc.nat(), { maxLength: 5 }), { nil: undefined }));

test('a part of a flow is the part of the list, and no more is asked for than it needs', () => {
  fc.assert(
    fc.property(
      batches,
      fc.nat(20),
      fc.oneof(fc.nat(20), fc.constant(Infinity)),
      (given, skip, most) => {
        let asked = 0;
        const source = function* (): Flow<number> {
          for (const batch of given) {
            asked += batch?.length ?? 0;
            yield batch;
          }
        };
        const all = given.flatMap((batch) => batch ?? []);
        expect(finish(collect(part(source(), skip, most)))).toEqual(all.slice(skip, skip + most));
        // The last batch asked for may hold up to five.
        expect(asked).toBeLessThan(Math.max(skip + most, 1) + 5);
      },
    ),
    { seed: 59 },
  );
});
