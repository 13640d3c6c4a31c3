import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseCollation, textFolding, type Collation } from './collation.js';

const RUNS = process.env['DEEP'] ? 100_000 : 3_000;

const collation = (locale: string, strength: number): Collation =>
  parseCollation({ locale, strength }) as Collation;

describe.each([
  ['zh', 1],
  ['zh', 2],
  ['zh', 3],
  ['en', 1],
  ['en', 2],
  ['en', 3],
] as const)('%s at strength %i', (locale, strength) => {
  const { compare } = collation(locale, strength);
  const fold = textFolding(collation(locale, strength));
  const letter = fc.constantFrom(
    ...'aAbBzZéÉeñÑnßsS张章华為为二期１1Ａａ·（(）)“”"‘’\'，,。. -–\t\u00ad\u200b',
  );
  const text = fc.string({ unit: letter, maxLength: 6 });

  test('texts it takes for equal have one spelling, others have not', () => {
    const pair = fc.oneof(
      fc.tuple(text, text),
      text.map((one): [string, string] => [one, one.toUpperCase()]),
      text.map((one): [string, string] => [one, one.normalize('NFKD')]),
    );
    fc.assert(
      fc.property(pair, ([one, other]) => {
        expect(fold(one) === fold(other)).toBe(compare(one, other) === 0);
      }),
      { numRuns: RUNS, seed: 31 },
    );
  });
});

test('Chinese names are in the order of their sounds', () => {
  const { compare } = collation('zh', 1);
  expect(['张三', '李四', '阿里', '王五'].sort(compare)).toEqual(['阿里', '李四', '王五', '张三']);
});

describe('a collation this server does not have', () => {
  test.each([
    [{ locale: 'fr' }, 115],
    [{ locale: 'zh', strength: 4 }, 115],
    [{ locale: 'en', caseLevel: true }, 115],
    [{ locale: 'en', alternate: 'shifted' }, 115],
    [{ locale: 'en', strength: 7 }, 2],
    [{ locale: 'en', strength: 'two' }, 2],
    [{ locale: 'en', caseFirst: 'first' }, 2],
    [{ locale: 'en', colour: 'red' }, 40415],
    [{ strength: 1 }, 40414],
    ['en', 14],
  ])('%j is refused with code %i', (spec, code) => {
    expect(() => parseCollation(spec)).toThrow(expect.objectContaining({ code }));
  });
});
