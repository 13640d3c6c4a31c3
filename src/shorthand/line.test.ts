import { describe, expect, test } from '@jest/globals';

import { createLineAnswerer } from './line.js';

const answer = createLineAnswerer();
const line = (text: string, rest: object = {}): string =>
  JSON.stringify({
    id: 'a1',
    text,
    now: '2026-11-18T10:00:00+08:00',
    known: { customers: ['福耀玻璃'], people: ['韩梅'] },
    ...rest,
  });

describe('a line of the command line’s contract', () => {
  test('is answered in yuan, Chinese stage names and the contract’s slots', () => {
    expect(JSON.parse(answer(line('福耀 推进到谈判 50万 下周三签')).out ?? '')).toEqual({
      id: 'a1',
      updates: [
        {
          intent: 'update',
          customer: '福耀玻璃',
          stage: '商务谈判',
          amount: 500_000,
          closeDate: '2026-11-25',
        },
      ],
    });
  });

  test('that is broken is answered with nothing to write, or reported when it has no id', () => {
    expect(answer(line('福耀 50万', { now: 'yesterday' }))).toMatchObject({
      out: '{"id":"a1","updates":[]}',
      problem: 'not a time: yesterday',
    });
    expect(answer('{"id":7,"text":42}').out).toBe('{"id":7,"updates":[]}');
    expect(answer('not json').out).toBeUndefined();
    expect(answer('null').problem).toBeDefined();
  });

  test('without known names is read all the same', () => {
    const { out } = answer(
      JSON.stringify({ id: 1, text: '我的商机', now: '2026-11-18T10:00:00Z' }),
    );
    expect(JSON.parse(out ?? '')).toEqual({
      id: 1,
      updates: [{ intent: 'query', queryKind: 'mine' }],
    });
  });
});
