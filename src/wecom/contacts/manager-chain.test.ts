import { describe, expect, test } from '@jest/globals';

import type { ContactDepartment, ContactUser } from '../client/answers.js';
import { membersOf } from './fetch-members.js';
import type { Contacts } from './manager-chain.js';
import { managerChainOf } from './manager-chain.js';

function user(userid: string, mainDepartmentId: number, facts: Partial<ContactUser> = {}) {
  return {
    userid,
    name: userid,
    departmentIds: [mainDepartmentId],
    leadsDepartmentIds: [],
    directLeaderIds: [],
    mainDepartmentId,
    status: 1,
    ...facts,
  };
}

function department(id: number, parentId: number, leaderIds: string[] = []): ContactDepartment {
  return { id, name: `部门${id}`, parentId, leaderIds };
}

function contacts(departments: ContactDepartment[], users: ContactUser[]): Contacts {
  return {
    departments: new Map(departments.map((one) => [one.id, one])),
    users: new Map(users.map((one) => [one.userid, one])),
  };
}

/** 1 company ⊃ 2 sales ⊃ 3 east; boss leads all, head leads sales, lead leads east. */
const TREE = [department(1, 0, ['boss']), department(2, 1, ['head']), department(3, 2, ['lead'])];
const PEOPLE = [user('boss', 1), user('head', 2), user('lead', 3), user('rep', 3)];

const chainOf = (userid: string, all: Contacts, fallback: string[] = ['Fallback']) =>
  managerChainOf(userid, all, fallback);

describe('the people above someone', () => {
  test.each<[string, string, Contacts, string[]]>([
    ['follow the departments up', 'rep', contacts(TREE, PEOPLE), ['lead', 'head', 'boss']],
    ['begin above the department one leads', 'lead', contacts(TREE, PEOPLE), ['head', 'boss']],
    ['are the fallback at the top', 'boss', contacts(TREE, PEOPLE), ['fallback']],
    ['are the fallback for a stranger', 'nobody', contacts(TREE, PEOPLE), ['fallback']],
    [
      'begin with the direct leader, whatever the department says',
      'rep',
      contacts(TREE, [...PEOPLE.slice(0, 3), user('rep', 3, { directLeaderIds: ['head'] })]),
      ['head', 'boss'],
    ],
    [
      'pass over a leader the app cannot see',
      'rep',
      contacts(TREE, [...PEOPLE.slice(0, 3), user('rep', 3, { directLeaderIds: ['ghost'] })]),
      ['lead', 'head', 'boss'],
    ],
    [
      'pass over a leader who is disabled, not those above',
      'rep',
      contacts(
        TREE,
        PEOPLE.map((one) => (one.userid === 'lead' ? { ...one, status: 2 } : one)),
      ),
      ['head', 'boss'],
    ],
    [
      'go past a department without a leader',
      'rep',
      contacts([department(1, 0, ['boss']), department(2, 1), department(3, 2)], PEOPLE),
      ['boss'],
    ],
    [
      'include those marked as leaders where the department names none',
      'rep',
      contacts(
        [department(1, 0), department(2, 1), department(3, 2)],
        [user('rep', 3), user('chief', 1, { leadsDepartmentIds: [2] })],
      ),
      ['chief'],
    ],
    [
      'include all leaders of one department',
      'rep',
      contacts(
        [department(1, 0), department(3, 1, ['lead', 'deputy'])],
        [...PEOPLE, user('deputy', 3)],
      ),
      ['lead', 'deputy'],
    ],
    [
      'do not include the other leader of one’s own department',
      'deputy',
      contacts(
        [department(1, 0, ['boss']), department(3, 1, ['lead', 'deputy'])],
        [...PEOPLE, user('deputy', 3)],
      ),
      ['boss'],
    ],
    [
      'end where leaders run in a circle',
      'a',
      contacts(TREE, [
        user('a', 3, { directLeaderIds: ['b'] }),
        user('b', 3, { directLeaderIds: ['c'] }),
        user('c', 3, { directLeaderIds: ['a'] }),
      ]),
      ['b', 'c'],
    ],
    [
      'end where departments run in a circle',
      'rep',
      contacts([department(2, 3), department(3, 2)], [user('rep', 3)]),
      ['fallback'],
    ],
    [
      'are not oneself',
      'rep',
      contacts([department(3, 0, ['rep'])], [user('rep', 3, { directLeaderIds: ['rep'] })]),
      ['fallback'],
    ],
  ])('%s', (_name, userid, all, expected) => {
    expect(chainOf(userid, all)).toEqual(expected);
  });

  test('fallbacks are lower-case, each once, never oneself', () => {
    expect(chainOf('boss', contacts(TREE, PEOPLE), ['Boss', 'CFO', 'cfo'])).toEqual(['cfo']);
  });
});

test('members have their main department’s name, their admin right and whether they are active', () => {
  const all = contacts(TREE, [
    user('rep', 3, { name: '张三', departmentIds: [2, 3] }),
    user('gone', 3, { status: 5 }),
    user('invited', 3, { status: 4 }),
  ]);
  const members = membersOf(all, { fallbackManagerIds: ['cfo'], adminIds: ['REP'] });
  expect(members[0]).toEqual({
    userid: 'rep',
    name: '张三',
    departmentIds: [2, 3],
    departmentName: '部门3',
    managerIds: ['cfo'],
    isAdmin: true,
    isActive: true,
  });
  expect(members.map(({ isActive }) => isActive)).toEqual([true, false, false]);
});
