import { describe, expect, test } from '@jest/globals';

import { memberChange } from './group-chats.js';

describe('keeping a group’s members in step', () => {
  const change = (present: string[], wanted: string[], ownerId = 'a') =>
    memberChange({ present, ownerId, wanted });

  test.each([
    ['somebody joins', ['a', 'b'], ['a', 'b', 'c'], { addIds: ['c'], removeIds: [] }],
    ['somebody leaves', ['a', 'b', 'c'], ['a', 'b'], { addIds: [], removeIds: ['c'] }],
    ['both', ['a', 'b'], ['a', 'c'], { addIds: ['c'], removeIds: ['b'] }],
    ['the same people in other case', ['a', 'B'], ['A', 'b'], null],
    ['the same people twice', ['a', 'b'], ['a', 'b', 'b'], null],
    ['nobody is wanted', ['a', 'b'], [], null],
  ])('%s', (_name, present, wanted, expected) => {
    expect(change(present, wanted)).toEqual(expected);
  });

  test('an owner who leaves hands the group over', () => {
    expect(change(['a', 'b', 'c'], ['b', 'c'], 'A')).toEqual({
      addIds: [],
      removeIds: ['a'],
      ownerId: 'b',
    });
  });
});
