import { expect, test } from '@jest/globals';

import { MovableClock } from '../kernel/index.js';
import { errcodeError } from './client/errcodes.js';
import type { WecomClient } from './client/wecom-client.js';
import {
  examineWecom,
  probeClock,
  probeLicence,
  probeTrustedIp,
  probeVisibleRange,
} from './doctor.js';

const NOW = new Date('2026-03-12T10:00:00+08:00');
const clock = new MovableClock(NOW);

/** A client of which only the named methods are called. */
function clientWith(methods: Partial<WecomClient>): WecomClient {
  return methods as WecomClient;
}

test.each([
  [0, true, '0 s'],
  [59, true, '59 s behind'],
  [-61, false, '61 s ahead of'],
  [3600, false, '3600 s behind'],
])('a clock that WeCom sees %i s late', async (seconds, ok, detail) => {
  const serverTime = async () => new Date(NOW.getTime() + seconds * 1000);
  const found = await probeClock({ client: clientWith({ serverTime }), clock });
  expect(found).toMatchObject({ name: 'clock', ok });
  expect(found.detail).toContain(detail);
  expect(found.fix === '').toBe(ok);
});

test.each([
  ['nothing', [], false, 'no department'],
  [
    'the whole company',
    [
      { id: 1, parentId: 0 },
      { id: 2, parentId: 1 },
    ],
    true,
    'the whole company',
  ],
  ['a part', [{ id: 2, parentId: 1 }], true, '48002'],
])('an app that sees %s', async (_name, departments, ok, detail) => {
  const client = clientWith({ listDepartments: async () => departments });
  const found = await probeVisibleRange({ client, clock });
  expect(found.ok).toBe(ok);
  expect(found.detail).toContain(detail);
});

test('an address that is not trusted is named, with where to add it', async () => {
  const client = clientWith({
    listDepartments: async () => {
      throw errcodeError(60020, 'department/simplelist', 'not allow to access from ip: 1.2.3.4');
    },
  });
  const found = await probeTrustedIp({ client, clock });
  expect(found.detail).toContain('1.2.3.4');
  expect(found.fix).toContain('企业可信IP');
});

test.each([
  ['unlicensed', { unlicensedUserids: ['boss'], invalidUserids: [] }, '基础接口许可'],
  ['out of range', { unlicensedUserids: [], invalidUserids: ['boss'] }, '可见范围'],
])('an administrator who is %s gets no message', async (_name, lists, fix) => {
  const sendMessage = async () => ({ ...lists, messageId: 'm', responseCode: null });
  const client = clientWith({ agentId: 1, sendMessage });
  const found = await probeLicence({ client, clock, adminId: 'boss' });
  expect(found.ok).toBe(false);
  expect(found.fix).toContain(fix);
});

test('without an administrator the licence cannot be checked, and the fix says which setting', async () => {
  const found = await probeLicence({ client: clientWith({}), clock });
  expect(found).toMatchObject({ ok: false, fix: 'Set ADMIN_USERIDS.' });
});

test('every check is reported even when each of them fails', async () => {
  const fail = async () => {
    throw new TypeError('fetch failed');
  };
  const client = clientWith({
    checkCredentials: fail,
    listDepartments: fail,
    serverTime: fail,
    sendMessage: fail,
  });
  const findings = await examineWecom({ client, clock, adminId: 'boss' });
  expect(findings.map(({ name, ok }) => [name, ok])).toEqual([
    ['credentials', false],
    ['trusted IP', false],
    ['clock', false],
    ['visible range', false],
    ['licence', false],
  ]);
});
