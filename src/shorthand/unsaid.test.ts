import { describe, expect, test } from '@jest/globals';

import { MAX_CHARACTERS } from './lexer.js';
import { MARK } from './scene.js';
import { isNotMeant, unsaidClauses } from './unsaid.js';

const NAME = MARK.customer.repeat(2);
const unsaid = (text: string): string[] =>
  unsaidClauses(text).map(({ start, end }) => text.slice(start, end));

describe('clauses that say nothing to be written', () => {
  test('a refused order ends where its clause ends', () => {
    expect(unsaid(`${NAME}别标输单，金额改成50万`)).toEqual([`${NAME}别标输单`]);
  });

  test('who speaks of a refusal is kept, as a report', () => {
    expect(unsaid(`${NAME}刘总说别推进到谈判`)).toEqual(['别推进到谈判']);
  });

  test('特别, 要不要 in a statement and 别忘了 refuse nothing', () => {
    expect(['特别提醒：周五签', '别忘了周五提醒我', '方案不用改成英文'].flatMap(unsaid)).toEqual(
      [],
    );
  });

  test('an order that waits for an event is no order yet', () => {
    expect(unsaid(`等${NAME}签了再把金额改成60万`)).toEqual([`等${NAME}签了再把金额改成60万`]);
  });

  /** Each of these once, or nearly, took for ever: a pattern that may be read in many ways. */
  test.each(['不要', '不要把', '先不再', '不要给', '不转给', '打算', '没说', MARK.customer])(
    'as many “%s” as a message holds are read',
    (words) => {
      const text = words.repeat(Math.floor(MAX_CHARACTERS / words.length));
      expect(unsaidClauses(text).length).toBeLessThanOrEqual(text.length);
      expect(isNotMeant(text)).toBe(false);
    },
  );
});
