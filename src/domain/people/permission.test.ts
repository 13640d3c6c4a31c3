import { expect, test } from '@jest/globals';

import type { Member } from './member.js';
import { canChange, canSee } from './permission.js';

const member = (userid: string, managerIds: string[] = [], isAdmin = false): Member => ({
  userid,
  name: userid,
  departmentIds: [1],
  departmentName: '',
  managerIds,
  isAdmin,
  isActive: true,
});

const owner = member('owner', ['leader', 'director']);
const helper = member('helper', ['other-leader']);
const team = { ownerId: 'owner', collaboratorIds: ['helper'] };

test.each([
  ['the owner', owner, true, true],
  ['a collaborator', helper, true, true],
  ["the owner's leader", member('leader'), true, true],
  ['the leader above', member('director'), true, true],
  ["a collaborator's leader", member('other-leader'), true, false],
  ['an administrator', member('admin', [], true), true, false],
  ['a peer under the same leader', member('peer', ['leader', 'director']), false, false],
])('%s', (_who, person, sees, changes) => {
  expect(canSee(person, team, [owner, helper])).toBe(sees);
  expect(canChange(person, team, [owner, helper])).toBe(changes);
});

test('an owner the directory does not know leaves the team itself', () => {
  expect(canSee(member('leader'), team, [])).toBe(false);
  expect(canChange(helper, team, [])).toBe(true);
});
