import { describe, expect, test } from '@jest/globals';

import { HOUR_MS, clockTimeOf, dayOf } from '../../kernel/index.js';
import type { Approval } from '../approval/approval.js';
import { createCalendar } from '../calendar/index.js';
import type { Opportunity } from '../opportunity/opportunity.js';
import { duesOf, isChaseTrue, nextAttention } from './attention.js';
import type { AttentionPolicies } from './attention.js';
import type { CadencePolicy, Chase, FollowUp } from './follow-up.js';
import { anOpportunity } from '../testing/index.js';

const at = (text: string): Date => new Date(`${text.replace(' ', 'T')}:00+08:00`);
const shown = (instant: Date): string => `${dayOf(instant)} ${clockTimeOf(instant)}`;

const cadence: CadencePolicy = {
  contactEveryDays: { A: 15, B: 30, C: 60 },
  exceptions: [
    { stage: 'negotiate', everyDays: 10 },
    { tag: '长周期', everyDays: 90 },
  ],
  newOpportunityNodes: [1, 3, 7],
  ladder: [
    { afterWorkdays: 2, tell: 'owner' },
    { afterWorkdays: 3, tell: 'leader' },
  ],
  remindFrom: '09:10',
  jitterMinutes: 0,
};

function policies(changes: Partial<CadencePolicy> = {}): AttentionPolicies {
  return {
    cadence: { ...cadence, ...changes },
    approval: { rules: [], raiseAfterWorkdays: 1, renewCardAfterHours: 70 },
    calendar: createCalendar([]),
  };
}

/** 华为二期 of 张三, created on Tuesday 1 September 2026, its nodes behind it. */
function opportunity(changes: Partial<Opportunity> = {}): Opportunity {
  const createdAt = at('2026-09-01 10:00');
  return anOpportunity({
    createdAt,
    stageSince: createdAt,
    closeOn: null,
    tier: 'B',
    nodesDone: [1, 3, 7],
    ...changes,
  });
}

function contact(text: string, next: FollowUp['next'] = null): Partial<Opportunity> {
  const lastFollowUp: FollowUp = {
    id: 'fup_1',
    at: at(text),
    by: 'zhangsan',
    channel: 'call',
    contacts: ['张总'],
    summary: '嫌贵',
    next,
  };
  return { lastContactAt: at(text), lastFollowUp, nextFollowUp: next };
}

/** “kind day time”, as seen long before anything is due. */
function attention(
  changes: Partial<Opportunity>,
  now = '2026-09-01 10:05',
  cadenceChanges: Partial<CadencePolicy> = {},
): string | null {
  const found = nextAttention(opportunity(changes), policies(cadenceChanges), at(now));
  return found && `${found.kind} ${shown(found.at)}`;
}

function chase(changes: Partial<Chase> = {}): Chase {
  return {
    kind: 'follow-up',
    key: 'follow-up:2026-09-09:zhangsan',
    dueOn: '2026-09-09',
    startedAt: at('2026-09-09 09:10'),
    step: 1,
    ...changes,
  };
}

describe('an agreed follow-up', () => {
  test.each([
    ['on the day, from the reminder hour', { day: '2026-09-09' }, 'follow-up 2026-09-09 09:10'],
    [
      'half an hour ahead of a clock time',
      { day: '2026-09-09', time: '15:00' },
      'follow-up 2026-09-09 14:30',
    ],
    ['on a Sunday: the working day after', { day: '2026-09-13' }, 'follow-up 2026-09-14 09:10'],
    [
      'on a Sunday worked for the holiday: that day',
      { day: '2026-09-20' },
      'follow-up 2026-09-20 09:10',
    ],
    ['in the National Day week: after it', { day: '2026-10-02' }, 'follow-up 2026-10-08 09:10'],
    [
      'on a Saturday worked for the holiday: that day',
      { day: '2026-10-10' },
      'follow-up 2026-10-10 09:10',
    ],
    [
      'to the minute on a day off: the rep asked for it',
      { day: '2026-09-13', time: '15:00' },
      'follow-up 2026-09-13 14:30',
    ],
  ])('comes due %s', (_when, nextFollowUp, expected) => {
    expect(attention({ nextFollowUp })).toBe(expected);
  });

  test('silences the overdue rule until its day, then speaks once', () => {
    // Tier A would be overdue from 16 September on; the next date is in November.
    const planned = { tier: 'A' as const, ...contact('2026-09-01 10:00', { day: '2026-11-18' }) };
    expect(attention(planned)).toBe('follow-up 2026-11-18 09:10');
    expect(duesOf(opportunity(planned), policies(), at('2026-11-18 09:10'))).toHaveLength(1);
  });

  test('is kept by a contact on that day, not by the contact that made it', () => {
    const kept = { ...contact('2026-09-09 16:00'), nextFollowUp: { day: '2026-09-09' } };
    expect(attention(kept, '2026-09-09 16:00')).toBe('contact-overdue 2026-10-09 09:10');

    const made = contact('2026-09-09 10:00', { day: '2026-09-09', time: '17:00' });
    expect(attention(made, '2026-09-09 10:00')).toBe('follow-up 2026-09-09 16:30');
  });

  test('at a clock time is kept by a contact once it was announced, not by an earlier one', () => {
    const agreed = { nextFollowUp: { day: '2026-09-09', time: '15:00' } };
    expect(attention({ ...contact('2026-09-09 14:45'), ...agreed }, '2026-09-09 14:45')).toBe(
      'contact-overdue 2026-10-09 09:10',
    );
    expect(attention({ ...contact('2026-09-09 10:00'), ...agreed }, '2026-09-09 10:00')).toBe(
      'follow-up 2026-09-09 14:30',
    );
  });

  test('made for a moment less than half an hour away is announced at that moment', () => {
    const soon = contact('2026-09-09 14:50', { day: '2026-09-09', time: '15:00' });
    expect(attention(soon, '2026-09-09 14:50')).toBe('follow-up 2026-09-09 15:00');
  });

  test('made for the same day in the afternoon is asked about the next morning, not at once', () => {
    const today = contact('2026-09-11 15:00', { day: '2026-09-11' });
    expect(attention(today, '2026-09-11 15:00')).toBe('follow-up 2026-09-14 09:10');
  });
});

describe('a customer left alone', () => {
  test.each([
    ['tier A after 15 days', { tier: 'A' as const }, 'contact-overdue 2026-09-23 09:10'],
    ['tier B after 30 days', { tier: 'B' as const }, 'contact-overdue 2026-10-08 09:10'],
    [
      'tier C after 60 days, rolled over the weekend',
      { tier: 'C' as const },
      'contact-overdue 2026-11-09 09:10',
    ],
    [
      'a stage with its own rhythm beats the tier',
      { stage: 'negotiate' },
      'contact-overdue 2026-09-18 09:10',
    ],
    [
      'a tag with its own rhythm beats the stage',
      { stage: 'negotiate', tags: ['长周期'] },
      'contact-overdue 2026-12-07 09:10',
    ],
  ])('%s', (_rule, changes, expected) => {
    expect(attention({ ...contact('2026-09-08 10:00'), ...changes })).toBe(expected);
  });

  test('a rhythm below a week counts working days', () => {
    const daily = { contactEveryDays: { A: 3, B: 3, C: 3 } };
    expect(attention(contact('2026-09-29 10:00'), '2026-09-29 10:00', daily)).toBe(
      'contact-overdue 2026-10-09 09:10',
    );
  });

  test('counts from its creation before the first contact', () => {
    expect(attention({ tier: 'A' })).toBe('contact-overdue 2026-09-16 09:10');
  });

  test.each([
    ['won', { outcome: { kind: 'won' as const, on: '2026-09-05', reason: null } }],
    ['lost', { outcome: { kind: 'lost' as const, on: '2026-09-05', reason: '价格' } }],
    ['archived', { archivedAt: at('2026-09-05 10:00') }],
  ])('%s: nobody is chased', (_how, changes) => {
    expect(
      attention({ ...changes, nextFollowUp: { day: '2026-09-09' }, chase: chase() }),
    ).toBeNull();
  });
});

describe('a new opportunity', () => {
  test.each([
    ['created on a Tuesday, day 1', '2026-09-01', [], 'node 2026-09-02 09:10'],
    ['then day 3', '2026-09-01', [1], 'node 2026-09-04 09:10'],
    ['then day 7', '2026-09-01', [1, 3], 'node 2026-09-08 09:10'],
    ['created on a Friday, day 1 is Monday', '2026-09-04', [], 'node 2026-09-07 09:10'],
    ['before the National Day week, day 1 is after it', '2026-09-30', [], 'node 2026-10-08 09:10'],
    [
      'and nothing is left after day 7 but the rhythm',
      '2026-09-01',
      [1, 3, 7],
      'contact-overdue 2026-10-08 09:10',
    ],
  ])('%s', (_when, createdOn, nodesDone, expected) => {
    const createdAt = at(`${createdOn} 10:00`);
    expect(attention({ createdAt, nodesDone }, `${createdOn} 10:00`)).toBe(expected);
  });

  test('spoken to since the last node, its next node is skipped', () => {
    const spoken = { ...contact('2026-09-02 15:00'), nodesDone: [1] };
    expect(attention(spoken, '2026-09-02 15:00')).toBe('node 2026-09-08 09:10');
  });

  test('with an agreed date rests until then', () => {
    expect(attention({ nodesDone: [], nextFollowUp: { day: '2026-09-10' } })).toBe(
      'follow-up 2026-09-10 09:10',
    );
  });
});

describe('a reminder that stands open', () => {
  const open = { nextFollowUp: { day: '2026-09-09' } };

  test.each([
    [
      'the owner again after two working days',
      chase(),
      '2026-09-09 09:11',
      'escalation 2026-09-11 09:10',
    ],
    [
      'the leader after three',
      chase({ step: 2 }),
      '2026-09-11 09:11',
      'escalation 2026-09-14 09:10',
    ],
    [
      'counted in working days across a holiday',
      chase({ startedAt: at('2026-09-30 09:10') }),
      '2026-09-30 09:11',
      'escalation 2026-10-09 09:10',
    ],
    ['nobody after the last rung', chase({ step: 3 }), '2026-09-14 09:11', null],
  ])('%s', (_rung, stands, now, expected) => {
    expect(attention({ ...open, chase: stands }, now)).toBe(expected);
  });

  test('is no longer true once the date moves: the new date is asked about instead', () => {
    const moved = { nextFollowUp: { day: '2026-09-16' }, chase: chase() };
    expect(isChaseTrue(opportunity(moved), policies())).toBe(false);
    expect(attention(moved, '2026-09-09 11:00')).toBe('follow-up 2026-09-16 09:10');
  });

  test('a new owner is reminded before their leader hears of it', () => {
    expect(
      attention({ ...open, chase: chase({ step: 2 }), ownerId: 'lisi' }, '2026-09-14 09:00'),
    ).toBe('follow-up 2026-09-14 09:10');
  });

  test('of a node gives way to the next node before anybody else is told', () => {
    const node = chase({ kind: 'node', key: 'node:1:zhangsan', dueOn: '2026-09-02' });
    expect(
      attention({ chase: { ...node, startedAt: at('2026-09-02 09:10') }, nodesDone: [1] }),
    ).toBe('node 2026-09-04 09:10');
  });

  test('of the last node climbs the ladder', () => {
    const node = chase({
      kind: 'node',
      key: 'node:7:zhangsan',
      dueOn: '2026-09-08',
      startedAt: at('2026-09-08 09:10'),
    });
    expect(attention({ chase: node }, '2026-09-08 09:11')).toBe('escalation 2026-09-10 09:10');
  });

  test('of overdue contact is not repeated when the rhythm changes', () => {
    const silence = chase({
      kind: 'contact-overdue',
      key: 'contact-overdue:2026-09-01:zhangsan',
      dueOn: '2026-10-08',
      startedAt: at('2026-10-08 09:10'),
    });
    expect(attention({ chase: silence, stage: 'negotiate' }, '2026-10-08 10:00')).toBe(
      'escalation 2026-10-10 09:10',
    );
  });
});

describe('put off', () => {
  const open = { nextFollowUp: { day: '2026-09-09' } };

  test.each([
    ['to a day', '2026-09-16 00:00', 'follow-up 2026-09-16 09:10'],
    ['to a day off: the working day after', '2026-09-12 00:00', 'follow-up 2026-09-14 09:10'],
    ['to the minute', '2026-09-09 17:00', 'follow-up 2026-09-09 17:00'],
  ])('%s, it comes back then and the ladder rests', (_when, until, expected) => {
    const snoozed = { ...open, chase: chase(), snoozedUntil: at(until) };
    expect(attention(snoozed, '2026-09-09 10:00')).toBe(expected);
  });

  test('it climbs the ladder again after it came back', () => {
    const back = {
      ...open,
      snoozedUntil: at('2026-09-16 00:00'),
      chase: chase({ startedAt: at('2026-09-16 09:10') }),
    };
    expect(attention(back, '2026-09-16 09:11')).toBe('escalation 2026-09-18 09:10');
  });

  test('it does not come back when it was done meanwhile', () => {
    const done = { ...open, ...contact('2026-09-10 10:00'), snoozedUntil: at('2026-09-16 00:00') };
    expect(attention(done, '2026-09-10 10:00')).toBe('contact-overdue 2026-10-10 09:10');
  });
});

describe('what fell due while nobody looked', () => {
  test.each([
    ['within working hours is due at once', '2026-09-10 11:00', '2026-09-10 11:00'],
    ['before the reminder hour waits for it', '2026-09-10 07:00', '2026-09-10 09:10'],
    ['in the evening waits for the morning', '2026-09-10 20:30', '2026-09-11 09:10'],
    ['on a holiday waits for the first working day', '2026-10-01 11:00', '2026-10-08 09:10'],
  ])('%s', (_when, now, expected) => {
    expect(attention({ nextFollowUp: { day: '2026-09-09' } }, now)).toBe(`follow-up ${expected}`);
  });
});

test('reminders of different opportunities leave at different minutes, each always at its own', () => {
  const minutes = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) =>
    attention({ id, nextFollowUp: { day: '2026-09-09' } }, undefined, { jitterMinutes: 20 }),
  );
  expect(new Set(minutes).size).toBeGreaterThan(1);
  for (const minute of minutes) expect(minute).toMatch(/^follow-up 2026-09-09 09:(1\d|2\d)$/);
  expect(
    attention({ id: 'a', nextFollowUp: { day: '2026-09-09' } }, undefined, { jitterMinutes: 20 }),
  ).toBe(minutes[0]);
});

describe('an approval nobody decides', () => {
  function waiting(askedAt: string, changes: Partial<Approval> = {}): Partial<Opportunity> {
    return {
      nextFollowUp: { day: '2026-12-01' },
      approval: {
        id: 'apv_1',
        ref: 12,
        causes: ['win'],
        changes: [],
        requestedBy: 'zhangsan',
        requestedAt: at(askedAt),
        reason: '',
        approvers: [{ userid: 'lei', cardId: 'card_1', cardSentAt: at(askedAt), generation: 1 }],
        raised: 0,
        askedAt: at(askedAt),
        ...changes,
      },
    };
  }

  test.each([
    ['the next working day at the same time', '2026-09-09 15:00', '2026-09-10 15:00'],
    ['after the weekend', '2026-09-11 15:00', '2026-09-14 15:00'],
    [
      'asked late in the evening, the morning after a full working day',
      '2026-09-11 22:00',
      '2026-09-15 09:10',
    ],
    ['asked on a day off, after a full working day', '2026-09-12 11:00', '2026-09-15 09:10'],
    ['asked early, not before the reminder hour', '2026-09-09 06:00', '2026-09-10 09:10'],
  ])('is raised %s', (_when, askedAt, expected) => {
    const dues = duesOf(opportunity(waiting(askedAt)), policies(), at(askedAt));
    const raise = dues.find(({ kind }) => kind === 'approval-raise');
    expect(raise && shown(raise.at)).toBe(expected);
  });

  test('over a long holiday only its card is replaced, 70 hours after it was sent', () => {
    expect(attention(waiting('2026-09-30 17:00'))).toBe('approval-renew 2026-10-03 15:00');
    const fresh = waiting('2026-09-30 17:00', {
      approvers: [
        {
          userid: 'lei',
          cardId: 'card_2',
          cardSentAt: new Date(at('2026-09-30 17:00').getTime() + 140 * HOUR_MS),
          generation: 3,
        },
      ],
    });
    expect(attention(fresh)).toBe('approval-raise 2026-10-08 17:00');
  });

  test('is looked after even when the opportunity is closed meanwhile', () => {
    const closed = { outcome: { kind: 'won' as const, on: '2026-09-09', reason: null } };
    expect(attention({ ...waiting('2026-09-09 15:00'), ...closed })).toBe(
      'approval-raise 2026-09-10 15:00',
    );
  });
});
