import { expect, test } from '@jest/globals';

import { PIPELINE } from '../testing/index.js';
import type { FieldChange } from './opportunity.js';
import { risksOf } from './risk.js';

const ended = (kind: 'won' | 'lost'): FieldChange[] => [
  { field: 'stage', from: 'qualify', to: kind },
  { field: 'outcome', from: null, to: { kind, on: '2026-03-11', reason: null } },
];

test.each<[string, FieldChange[], string[]]>([
  ['an amount falling', [{ field: 'amountFen', from: 3, to: 2 }], ['amount-down']],
  ['an amount taken away', [{ field: 'amountFen', from: 3, to: null }], ['amount-down']],
  ['an amount rising', [{ field: 'amountFen', from: 3, to: 4 }], []],
  ['an amount set first', [{ field: 'amountFen', from: null, to: 1 }], []],
  [
    'a close date later',
    [{ field: 'closeOn', from: '2026-04-30', to: '2026-05-01' }],
    ['close-pushed'],
  ],
  [
    'a close date taken away',
    [{ field: 'closeOn', from: '2026-04-30', to: null }],
    ['close-pushed'],
  ],
  ['a close date pulled in', [{ field: 'closeOn', from: '2026-04-30', to: '2026-04-01' }], []],
  ['a close date set first', [{ field: 'closeOn', from: null, to: '2026-04-30' }], []],
  ['a move forward', [{ field: 'stage', from: 'qualify', to: 'contract' }], []],
  ['a move backward', [{ field: 'stage', from: 'contract', to: 'qualify' }], ['backward']],
  ['opening a lost one', [{ field: 'stage', from: 'lost', to: 'contract' }], ['backward']],
  ['winning', ended('won'), ['win']],
  ['losing', ended('lost'), ['lose']],
  ['another owner', [{ field: 'ownerId', from: 'a', to: 'b' }], ['owner']],
  ['a note', [{ field: 'nextStep', from: null, to: '报价' }], []],
  [
    'several at once',
    [
      { field: 'stage', from: 'contract', to: 'qualify' },
      { field: 'amountFen', from: 3, to: 2 },
    ],
    ['backward', 'amount-down'],
  ],
])('%s', (_what, changes, expected) => {
  expect(risksOf(changes, PIPELINE)).toEqual(expected);
});
