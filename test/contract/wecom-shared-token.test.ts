import { setImmediate as turn } from 'node:timers/promises';

import { afterEach, beforeEach, expect, test } from '@jest/globals';

import type { Sender } from '../../src/chat/index.js';
import type { Emulator } from '../../src/emulator/index.js';
import { startEmulator } from '../../src/emulator/index.js';
import { HOUR_MS, MINUTE_MS, silentLogger } from '../../src/kernel/index.js';
import type { Store } from '../../src/store/index.js';
import type { WecomClient } from '../../src/wecom/index.js';
import { createWecomClient, createWecomSender } from '../../src/wecom/index.js';
import type { TestStore } from '../support/store.js';
import { startStore } from '../support/store.js';

/** What several instances share through the real store: the access_token and the count of messages. */

const APP = { corpId: 'wwcorp', agentId: 1000002, secret: 'the-secret' };
const LISI = { kind: 'person' as const, userid: 'lisi' };

let world: TestStore;
let wecom: Emulator;

beforeEach(async () => {
  world = await startStore();
  wecom = await startEmulator({
    ...APP,
    clock: world.clock,
    token: 'tok',
    encodingAesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
    departments: [{ id: 1, name: '云帆科技', parentid: 0 }],
    people: [{ userid: 'lisi', name: '李四', department: [1] }],
  });
});

afterEach(async () => {
  await wecom.stop();
  await world.end();
});

function clientOf(store: Store, instanceId: string, secret = APP.secret): WecomClient {
  return createWecomClient({
    ...APP,
    secret,
    baseUrl: wecom.url,
    tokens: store.tokens,
    leases: store.leases,
    instanceId,
    clock: world.clock,
    log: silentLogger,
    sleep: async (ms) => {
      await turn();
      world.clock.advance(ms);
    },
  });
}

async function instances(count: number, secret?: string): Promise<WecomClient[]> {
  const stores = await Promise.all(Array.from({ length: count }, () => world.another()));
  return stores.map((store, index) => clientOf(store, `instance-${index}`, secret));
}

const asked = (path: string): number => wecom.requests(path).length;

test('five instances that start together ask for one token', async () => {
  const clients = await instances(5);
  await Promise.all(clients.flatMap((client) => [client.listDepartments(), client.listUsers(1)]));
  expect(asked('gettoken')).toBe(1);
});

test('all through its life and its renewal, one at a time asks', async () => {
  const clients = await instances(3);
  for (let quarter = 0; quarter < 20; quarter++) {
    await Promise.all(clients.map((client) => client.listDepartments()));
    world.clock.advance(15 * MINUTE_MS);
  }
  // Five hours, and a token lives two.
  expect(asked('gettoken')).toBe(3);
});

test('a token that WeCom revokes is replaced once, however many hear of it', async () => {
  const clients = await instances(4);
  await Promise.all(clients.map((client) => client.listDepartments()));
  wecom.revokeTokens();
  await Promise.all(clients.map((client) => client.listDepartments()));
  expect(asked('gettoken')).toBe(2);
});

test('a wrong secret is tried once by all of them together, until it has rested', async () => {
  const clients = await instances(3, 'wrong');
  const tryAll = () => Promise.allSettled(clients.map((client) => client.listDepartments()));
  for (let minute = 0; minute < 8; minute++) {
    const results = await tryAll();
    expect(results.every(({ status }) => status === 'rejected')).toBe(true);
    world.clock.advance(MINUTE_MS - 10_000);
  }
  expect(asked('gettoken')).toBe(1);
  world.clock.advance(HOUR_MS);
  await tryAll();
  expect(asked('gettoken')).toBe(2);
});

test('two instances together stay below what WeCom shows one person', async () => {
  const stores = await Promise.all([world.another(), world.another()]);
  const senders = stores.map((store, index) =>
    createWecomSender({
      client: clientOf(store, `instance-${index}`),
      limiter: store.limiter,
      clock: world.clock,
      seesCards: () => true,
      webhookKey: () => undefined,
    }),
  );
  let sent = 0;
  const sendTwenty = async (sender: Sender, index: number): Promise<void> => {
    for (let n = 0; n < 20; n++) {
      const body = sender.build(LISI, { kind: 'text', text: `${n}` }, `msg_${index}_${n}`);
      await sender.send(LISI, body).then(
        () => sent++,
        (error: unknown) => expect(error).toMatchObject({ code: 'wecom.paced' }),
      );
    }
  };
  await Promise.all(senders.map(sendTwenty));
  expect(sent).toBe(28);
  expect(wecom.member('lisi').inbox()).toHaveLength(sent);
  expect(wecom.dropped()).toEqual([]);
});
