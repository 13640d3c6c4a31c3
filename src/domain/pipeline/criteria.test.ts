import { expect, test } from '@jest/globals';

import { anOpportunity } from '../testing/index.js';
import type { Opportunity } from '../opportunity/opportunity.js';
import { evaluateCriteria } from './criteria.js';
import type { CriterionCheck, Stage } from './pipeline.js';

const TODAY = '2026-03-11';

/** The evidence when met, else the hint. */
function evaluate(check: CriterionCheck, changes: Partial<Opportunity>): string {
  const stage: Stage = {
    id: 'negotiate',
    name: '商务谈判',
    alsoSaid: [],
    kind: 'open',
    probability: 0.7,
    maxDays: null,
    criteria: [{ check, label: '准入', required: true, hint: '请补上' }],
  };
  const [result] = evaluateCriteria(stage, anOpportunity(changes), TODAY);
  expect(result).toMatchObject({ label: '准入', required: true });
  return `${result?.met ? '✓' : '✗'} ${result?.evidence}`;
}

const lost = (reason: string | null): Partial<Opportunity> => ({
  outcome: { kind: 'lost', on: TODAY, reason },
});

test.each<[CriterionCheck, Partial<Opportunity>, string]>([
  ['amount', { amountFen: 300_000_000 }, '✓ ¥3,000,000'],
  ['amount', { amountFen: null }, '✗ 请补上'],
  ['amount', { amountFen: 0 }, '✗ 请补上'],
  ['close-date', { closeOn: '2026-04-30' }, '✓ 2026-04-30'],
  ['close-date', { closeOn: null }, '✗ 请补上'],
  ['contact', { contacts: [{ name: '张总' }, { name: '李总' }] }, '✓ 张总、李总'],
  ['contact', { contacts: [] }, '✗ 请补上'],
  ['next-follow-up', { nextFollowUp: { day: TODAY } }, '✓ 2026-03-11'],
  ['next-follow-up', { nextFollowUp: { day: '2026-03-10' } }, '✗ 请补上'],
  ['next-follow-up', { nextFollowUp: null }, '✗ 请补上'],
  ['next-step', { nextStep: '出报价' }, '✓ 出报价'],
  ['next-step', { nextStep: null }, '✗ 请补上'],
  ['competitor', { competitors: ['用友'] }, '✓ 用友'],
  ['competitor', { competitors: [] }, '✗ 请补上'],
  ['contacted-recently', { lastContactAt: new Date('2026-02-25T23:00:00+08:00') }, '✓ 2026-02-25'],
  ['contacted-recently', { lastContactAt: new Date('2026-02-24T23:00:00+08:00') }, '✗ 请补上'],
  ['contacted-recently', { lastContactAt: null }, '✗ 请补上'],
  ['loss-reason', lost('价格'), '✓ 价格'],
  ['loss-reason', lost(null), '✗ 请补上'],
  ['loss-reason', {}, '✗ 请补上'],
])('%s of %j: %s', (check, changes, expected) => {
  expect(evaluate(check, changes)).toBe(expected);
});
