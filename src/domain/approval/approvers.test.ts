import { describe, expect, test } from '@jest/globals';

import type { Member } from '../people/member.js';
import type { Approval, ApprovalPolicy } from './approval.js';
import { approvalCardId, firstApprovers, mayDecide } from './approvers.js';

const member = (userid: string, managerIds: string[] = [], isActive = true): Member => ({
  userid,
  name: userid,
  departmentIds: [1],
  departmentName: '',
  managerIds,
  isAdmin: false,
  isActive,
});

const policy = (fallbackApprovers: string[] = []): ApprovalPolicy => ({
  rules: [],
  raiseAfterWorkdays: 1,
  renewCardAfterHours: 70,
  fallbackApprovers,
});

const approval = (approverIds: string[]): Approval => ({
  id: 'apr_1',
  ref: 1,
  causes: ['win'],
  changes: [],
  requestedBy: 'rep',
  requestedAt: new Date(0),
  reason: '',
  approvers: approverIds.map((userid) => ({
    userid,
    cardId: userid,
    cardSentAt: new Date(0),
    generation: 1,
  })),
  raised: 0,
  askedAt: new Date(0),
});

describe('who is asked first', () => {
  const people = [member('leader'), member('director'), member('gone', [], false), member('vp')];

  test.each<[string, string[], string[], string[]]>([
    ['the nearest leader', ['leader', 'director'], [], ['leader']],
    ['the next one when they left', ['gone', 'director'], [], ['director']],
    ['the next one when it would be oneself', ['rep', 'director'], [], ['director']],
    [
      'the next one when the directory does not know them',
      ['nobody', 'director'],
      [],
      ['director'],
    ],
    ['the fallback when nobody is above', [], ['vp', 'gone', 'rep'], ['vp']],
    ['a leader before the fallback', ['leader'], ['vp'], ['leader']],
    ['nobody', ['gone'], [], []],
  ])('%s', (_who, managerIds, fallback, expected) => {
    expect(firstApprovers(member('rep', managerIds), people, policy(fallback))).toEqual(expected);
  });
});

describe('who may decide', () => {
  const requester = member('rep', ['leader', 'director']);

  test.each<[string, string, string[], string[], boolean]>([
    ['who was asked', 'leader', ['leader'], [], true],
    ['a leader above who was not', 'director', ['leader'], [], true],
    ['one who was asked and leads no more', 'former', ['former'], [], true],
    ['the requester', 'rep', ['leader'], [], false],
    ['the requester, even when listed', 'rep', ['rep'], ['rep'], false],
    ['a colleague', 'peer', ['leader'], [], false],
    ['the fallback, when nobody could be asked', 'vp', [], ['vp'], true],
    ['the fallback, when somebody was', 'vp', ['leader'], ['vp'], false],
  ])('%s', (_who, userid, approverIds, fallback, expected) => {
    const asked = approval(approverIds);
    expect(mayDecide(member(userid), asked, requester, policy(fallback))).toBe(expected);
  });

  test('an administrator, when nobody could be asked', () => {
    const admin = { ...member('admin'), isAdmin: true };
    expect(mayDecide(admin, approval([]), requester, policy())).toBe(true);
    expect(mayDecide(admin, approval(['leader']), requester, policy())).toBe(false);
    expect(mayDecide({ ...admin, userid: 'rep' }, approval([]), requester, policy())).toBe(false);
  });

  test('not one who left', () => {
    const left = member('leader', [], false);
    expect(mayDecide(left, approval(['leader']), requester, policy())).toBe(false);
  });

  test('an unknown requester leaves those who were asked', () => {
    expect(mayDecide(member('leader'), approval(['leader']), null, policy())).toBe(true);
    expect(mayDecide(member('director'), approval(['leader']), null, policy())).toBe(false);
  });
});

test('every card has an id of its own, and a replacement another', () => {
  const ids = [
    approvalCardId('apr_1', 'leader', 1),
    approvalCardId('apr_1', 'leader', 2),
    approvalCardId('apr_1', 'director', 1),
  ];
  expect(new Set(ids).size).toBe(3);
  expect(ids[0]).toMatch(/^[\w@-]{1,128}$/);
});
