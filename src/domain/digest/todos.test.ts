import { expect, test } from '@jest/globals';

import { createCalendar } from '../calendar/index.js';
import type { AttentionPolicies } from '../follow-up/index.js';
import type { Opportunity } from '../opportunity/opportunity.js';
import { todosOn } from './todos.js';
import { anOpportunity } from '../testing/index.js';

const at = (text: string): Date => new Date(`${text.replace(' ', 'T')}:00+08:00`);
const ON = '2026-09-09';

const policies: AttentionPolicies = {
  cadence: {
    contactEveryDays: { A: 15, B: 30, C: 60 },
    exceptions: [],
    newOpportunityNodes: [1, 3, 7],
    ladder: [],
    remindFrom: '09:10',
    jitterMinutes: 0,
  },
  approval: { rules: [], raiseAfterWorkdays: 1, renewCardAfterHours: 70 },
  calendar: createCalendar([]),
};

function opportunity(title: string, changes: Partial<Opportunity> = {}): Opportunity {
  const createdAt = at('2026-09-01 10:00');
  return anOpportunity({
    id: `opp_${title}`,
    title,
    createdAt,
    stageSince: createdAt,
    amountFen: null,
    closeOn: null,
    tier: 'B',
    lastContactAt: at('2026-09-02 10:00'),
    ...changes,
  });
}

const waiting: Opportunity['approval'] = {
  id: 'apv_1',
  ref: 1,
  causes: ['win'],
  changes: [],
  requestedBy: 'zhangsan',
  requestedAt: at('2026-09-08 10:00'),
  reason: '',
  approvers: [],
  raised: 0,
  askedAt: at('2026-09-08 10:00'),
};

const todos = (...opportunities: Opportunity[]): string[] =>
  todosOn(opportunities, ON, { policies, nameOf: (userid) => userid }).map(
    ({ title, why, on }) => `${title} ${why} ${on}`,
  );

test.each([
  ['a follow-up agreed for the day', { nextFollowUp: { day: ON } }, 'follow-up-today 2026-09-09'],
  [
    'one agreed for earlier',
    { nextFollowUp: { day: '2026-09-07' } },
    'follow-up-overdue 2026-09-07',
  ],
  [
    'a silence beyond the rhythm',
    { lastContactAt: at('2026-08-01 10:00') },
    'contact-overdue 2026-08-31',
  ],
  ['a close date missed', { closeOn: '2026-09-08' }, 'close-missed 2026-09-08'],
  ['a close date today', { closeOn: ON }, 'closing-soon 2026-09-09'],
  ['a close date in five days', { closeOn: '2026-09-14' }, 'closing-soon 2026-09-14'],
  ['an approval nobody decided', { approval: waiting }, 'approval-waiting 2026-09-08'],
])('%s is something to do', (_what, changes, expected) => {
  expect(todos(opportunity('单', changes))).toEqual([`单 ${expected}`]);
});

test.each([
  [
    'agreed for later: planned silence',
    { nextFollowUp: { day: '2026-09-10' }, lastContactAt: at('2026-05-01 10:00') },
  ],
  [
    'spoken to on the agreed day',
    { nextFollowUp: { day: ON }, lastContactAt: at('2026-09-09 11:00') },
  ],
  ['put off past the day', { nextFollowUp: { day: ON }, snoozedUntil: at('2026-09-10 00:00') }],
  ['closing in six days', { closeOn: '2026-09-15' }],
  ['lost', { closeOn: '2026-09-08', outcome: { kind: 'lost' as const, on: ON, reason: '价格' } }],
  ['archived', { closeOn: '2026-09-08', archivedAt: at('2026-09-08 10:00') }],
])('%s is nothing to do', (_what, changes) => {
  expect(todos(opportunity('单', changes))).toEqual([]);
});

test('put off until later in the day, it is still of the day', () => {
  const snoozed = { nextFollowUp: { day: ON }, snoozedUntil: at('2026-09-09 17:00') };
  expect(todos(opportunity('单', snoozed))).toEqual(['单 follow-up-today 2026-09-09']);
});

test('each opportunity has one line, the most pressing first, then the oldest, then the largest', () => {
  expect(
    todos(
      opportunity('等批', { approval: waiting }),
      opportunity('将签', { closeOn: '2026-09-10' }),
      opportunity('小', { nextFollowUp: { day: ON }, amountFen: 100 }),
      opportunity('大', { nextFollowUp: { day: ON }, amountFen: 900 }),
      opportunity('两样', { nextFollowUp: { day: '2026-09-08' }, closeOn: '2026-09-01' }),
      opportunity('更早', { nextFollowUp: { day: '2026-09-07' } }),
      opportunity('失约', { closeOn: '2026-09-01' }),
    ),
  ).toEqual([
    '等批 approval-waiting 2026-09-08',
    '更早 follow-up-overdue 2026-09-07',
    '两样 follow-up-overdue 2026-09-08',
    '大 follow-up-today 2026-09-09',
    '小 follow-up-today 2026-09-09',
    '失约 close-missed 2026-09-01',
    '将签 closing-soon 2026-09-10',
  ]);
});

test('on a person’s own list, only approvals they were asked for are theirs to do', () => {
  const approvers = [
    { userid: 'lei', cardId: 'card_1', cardSentAt: at('2026-09-08 10:00'), generation: 1 },
  ];
  const asked = opportunity('等批', { approval: { ...waiting, approvers } });
  const listOf = (approverId: string): number =>
    todosOn([asked], ON, { policies, nameOf: (userid) => userid, approverId }).length;
  expect(listOf('lei')).toBe(1);
  expect(listOf('zhangsan')).toBe(0);
});
