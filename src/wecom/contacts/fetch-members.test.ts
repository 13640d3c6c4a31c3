import { expect, test } from '@jest/globals';

import { AppError } from '../../kernel/index.js';
import type { ContactUser } from '../client/answers.js';
import { errcodeError } from '../client/errcodes.js';
import { fetchMembers } from './fetch-members.js';

const OPTIONS = { fallbackManagerIds: [], adminIds: [] };

function user(userid: string, departmentId: number): ContactUser {
  return {
    userid,
    name: userid,
    departmentIds: [departmentId],
    leadsDepartmentIds: [],
    directLeaderIds: [],
    mainDepartmentId: departmentId,
    status: 1,
  };
}

/** Contacts with departments 1 … `count`, one person each; those in `gone` are refused with that errcode. */
function contacts(count: number, gone: Record<number, number> = {}) {
  let underWay = 0;
  const seen = { atOnce: 0 };
  const client = {
    listDepartments: async () =>
      Array.from({ length: count }, (_, index) => ({ id: index + 1, parentId: index })),
    getDepartment: async (id: number) => {
      seen.atOnce = Math.max(seen.atOnce, ++underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay--;
      const errcode = gone[id];
      if (errcode !== undefined) throw errcodeError(errcode, 'department/get', '');
      return { id, name: `部门${id}`, parentId: id - 1, leaderIds: [] };
    },
    listUsers: async (id: number) => [user(`user${id}`, id)],
  };
  return { client, seen };
}

test('every department is asked, a few at a time', async () => {
  const { client, seen } = contacts(11);
  const members = await fetchMembers(client, OPTIONS);
  expect(members.map(({ userid }) => userid)).toEqual(
    Array.from({ length: 11 }, (_, index) => `user${index + 1}`),
  );
  expect(seen.atOnce).toBe(4);
});

test('a department that vanished meanwhile is left out', async () => {
  const { client } = contacts(3, { 2: 60003 });
  const members = await fetchMembers(client, OPTIONS);
  expect(members.map(({ userid }) => userid)).toEqual(['user1', 'user3']);
});

test.each([
  ['a department that cannot be read', contacts(3, { 2: 60020 }), 'wecom.60020'],
  ['a company that shows nobody', contacts(0), 'wecom.empty-contacts'],
])('%s ends the poll: half a company would deactivate the rest', async (_name, all, code) => {
  const error: unknown = await fetchMembers(all.client, OPTIONS).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AppError);
  expect(error).toMatchObject({ code });
});
