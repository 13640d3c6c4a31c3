import { describe, expect, test } from '@jest/globals';

import { PIPELINE, anOpportunity } from '../testing/index.js';
import { resolvePatch } from '../opportunity/resolve.js';
import type { Opportunity } from '../opportunity/opportunity.js';
import type { Patch } from '../opportunity/patch.js';
import type { ApprovalPolicy } from './approval.js';
import { gateOf } from './gate.js';

const FROM = 500_000_000;
const policy: ApprovalPolicy = {
  rules: [
    { cause: 'into-stage', stage: 'negotiate', fromFen: FROM },
    { cause: 'amount-raised', stage: 'negotiate', fromFen: FROM },
    { cause: 'win', fromFen: 0 },
    { cause: 'backward', fromFen: 0 },
  ],
  raiseAfterWorkdays: 1,
  renewCardAfterHours: 70,
};

/** “causes | applied now | held”. */
function gate(patch: Patch, changes: Partial<Opportunity>, rules = policy.rules): string {
  const opportunity = anOpportunity(changes);
  const resolved = resolvePatch(opportunity, patch, { pipeline: PIPELINE, on: '2026-03-11' });
  if (!resolved.ok) throw new Error(resolved.refusal.code);
  const { causes, now, held } = gateOf(opportunity, resolved.value, { ...policy, rules }, PIPELINE);
  const fields = (list: typeof now): string => list.map(({ field }) => field).join(' ');
  return `${causes.join(' ')} | ${fields(now)} | ${fields(held)}`;
}

describe('into a gated stage', () => {
  test.each<[string, Patch, Partial<Opportunity>, string]>([
    ['at the amount', { stage: 'negotiate' }, { amountFen: FROM }, 'into-stage |  | stage'],
    ['below it', { stage: 'negotiate' }, { amountFen: FROM - 1 }, ' | stage | '],
    ['without any', { stage: 'negotiate' }, { amountFen: null }, ' | stage | '],
    [
      'with the amount in the same sentence: only the stage waits',
      { stage: 'negotiate', amountFen: FROM, nextStep: '报价' },
      {},
      'into-stage | amountFen nextStep | stage',
    ],
    [
      'with an amount that falls below it in the same sentence',
      { stage: 'negotiate', amountFen: 1 },
      { amountFen: FROM },
      ' | stage amountFen | ',
    ],
    ['jumping past it', { stage: 'contract' }, { amountFen: FROM }, 'into-stage |  | stage'],
    [
      'onwards from it',
      { stage: 'contract' },
      { amountFen: FROM, stage: 'negotiate' },
      ' | stage | ',
    ],
  ])('%s', (_what, patch, changes, expected) => {
    expect(gate(patch, changes)).toBe(expected);
  });
});

describe('raising the amount', () => {
  test.each<[string, Patch, Partial<Opportunity>, string]>([
    [
      'in the gated stage',
      { amountFen: FROM, tier: 'A' },
      { stage: 'negotiate' },
      'amount-raised | tier | amountFen',
    ],
    [
      'beyond the gated stage',
      { amountFen: FROM },
      { stage: 'contract' },
      'amount-raised |  | amountFen',
    ],
    [
      'first set there',
      { amountFen: FROM },
      { stage: 'negotiate', amountFen: null },
      'amount-raised |  | amountFen',
    ],
    ['not far enough', { amountFen: FROM - 1 }, { stage: 'negotiate' }, ' | amountFen | '],
    ['before the gated stage', { amountFen: FROM }, {}, ' | amountFen | '],
    [
      'lowering it',
      { amountFen: FROM },
      { stage: 'negotiate', amountFen: FROM + 1 },
      ' | amountFen | ',
    ],
  ])('%s', (_what, patch, changes, expected) => {
    expect(gate(patch, changes)).toBe(expected);
  });
});

describe('endings and the way back', () => {
  test.each<[string, Patch, Partial<Opportunity>, string]>([
    [
      'a win waits whole',
      { outcome: { kind: 'won', reason: null }, amountFen: 1 },
      {},
      'win | amountFen | stage probability outcome',
    ],
    [
      'a loss needs nobody',
      { outcome: { kind: 'lost', reason: '价格' } },
      { amountFen: FROM },
      ' | stage probability outcome | ',
    ],
    [
      'backwards waits; a probability that was said does not',
      { stageMove: 'prev', probability: 0.3 },
      {},
      'backward | probability | stage',
    ],
    [
      'opening a closed one holds everything said with it',
      { stage: 'contact', tier: 'A' },
      { stage: 'won', outcome: { kind: 'won', on: '2026-03-01', reason: null }, probability: 1 },
      'backward |  | stage probability tier outcome',
    ],
    [
      'backwards with a raised amount: both wait',
      { stage: 'negotiate', amountFen: FROM },
      { stage: 'contract' },
      'amount-raised backward |  | stage amountFen',
    ],
  ])('%s', (_what, patch, changes, expected) => {
    expect(gate(patch, changes)).toBe(expected);
  });

  test('a company without rules holds nothing', () => {
    expect(gate({ stageMove: 'prev' }, {}, [])).toBe(' | stage | ');
  });

  test('a rule may count from an amount on', () => {
    const rules = [{ cause: 'win' as const, fromFen: FROM }];
    const win: Patch = { outcome: { kind: 'won', reason: null } };
    expect(gate(win, {}, rules)).toBe(' | stage probability outcome | ');
    expect(gate(win, { amountFen: FROM }, rules)).toBe('win |  | stage probability outcome');
  });
});
