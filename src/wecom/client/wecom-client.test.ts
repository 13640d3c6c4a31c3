import { inspect } from 'node:util';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { failure } from '../../../test/support/failure.js';
import { MemoryLeases, MemoryTokens } from '../../../test/support/memory-ports.js';
import { ScriptedApi } from '../../../test/support/scripted-api.js';
import type { Logger } from '../../kernel/index.js';
import { HOUR_MS, MINUTE_MS, MovableClock } from '../../kernel/index.js';
import type { WecomClient } from './wecom-client.js';
import { createWecomClient } from './wecom-client.js';

const SECRET = 'hush-secret-value';
const BODY = '{"touser":"zhangsan","msgtype":"text","agentid":1,"text":{"content":"你好"}}';

let api: ScriptedApi;
let clock: MovableClock;
let tokens: MemoryTokens;
let leases: MemoryLeases;
let slept: number[];
let logged: string[];

beforeEach(async () => {
  api = await ScriptedApi.start();
  clock = new MovableClock(new Date('2026-03-12T10:00:00+08:00'));
  tokens = new MemoryTokens();
  leases = new MemoryLeases(clock);
  slept = [];
  logged = [];
});

afterEach(() => api.stop());

const log: Logger = {
  debug: (fields, message) => void logged.push(inspect({ fields, message }, { depth: 9 })),
  info: (fields, message) => void logged.push(inspect({ fields, message }, { depth: 9 })),
  warn: (fields, message) => void logged.push(inspect({ fields, message }, { depth: 9 })),
  error: (fields, message) => void logged.push(inspect({ fields, message }, { depth: 9 })),
  child: () => log,
};

/** An instance of the server; they share the clock, the tokens and the leases. */
function instance(instanceId = 'one', overrides: { baseUrl?: string; timeoutMs?: number } = {}) {
  return createWecomClient({
    corpId: 'corp',
    agentId: 1,
    secret: SECRET,
    baseUrl: api.url,
    tokens,
    leases,
    instanceId,
    clock,
    log,
    // Waiting for another instance gives the event loop a turn, then moves the clock.
    sleep: async (ms) => {
      slept.push(ms);
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance(ms);
    },
    chance: () => 0.5,
    ...overrides,
  });
}

describe('the access_token', () => {
  test('is fetched once for many calls at once, and kept', async () => {
    const client = instance();
    await Promise.all(Array.from({ length: 20 }, () => client.sendMessage(BODY)));
    await client.sendMessage(BODY);
    expect(api.to('gettoken')).toHaveLength(1);
    expect(api.to('message/send').map(({ query }) => query.get('access_token'))).toEqual(
      Array.from({ length: 21 }, () => 'token-1'),
    );
  });

  test('is shared by instances that start together', async () => {
    const clients = ['one', 'two', 'three'].map((id) => instance(id));
    await Promise.all(clients.map((client) => client.sendMessage(BODY)));
    expect(api.to('gettoken')).toHaveLength(1);
  });

  test('survives a restart', async () => {
    await instance('one').sendMessage(BODY);
    await instance('two').sendMessage(BODY);
    expect(api.to('gettoken')).toHaveLength(1);
  });

  test('is renewed some five minutes before it ends', async () => {
    const client = instance();
    await client.sendMessage(BODY);
    clock.advance(2 * HOUR_MS - 7 * MINUTE_MS);
    await client.sendMessage(BODY);
    expect(api.to('gettoken')).toHaveLength(1);
    clock.advance(2 * MINUTE_MS);
    await client.sendMessage(BODY);
    expect(api.to('gettoken')).toHaveLength(2);
  });

  test('in its last minutes it still serves when gettoken fails', async () => {
    const client = instance();
    await client.sendMessage(BODY);
    clock.advance(2 * HOUR_MS - 4 * MINUTE_MS);
    api.on('gettoken', 'cut');
    await client.sendMessage(BODY);
    expect(api.to('message/send').at(-1)?.query.get('access_token')).toBe('token-1');
  });

  test.each([40014, 42001])('after %i a new one is fetched and the call repeated', async (code) => {
    const client = instance();
    api.on('message/send', { errcode: code }, { msgid: 'm1' });
    expect(await client.sendMessage(BODY)).toMatchObject({ messageId: 'm1' });
    expect(api.to('gettoken')).toHaveLength(2);
    expect(api.to('message/send').map(({ query }) => query.get('access_token'))).toEqual([
      'token-1',
      'token-2',
    ]);
  });

  test('the call is repeated once, not for ever', async () => {
    const client = instance();
    api.on('message/send', { errcode: 42001 }, { errcode: 42001 }, { errcode: 42001 });
    expect(await failure(client.sendMessage(BODY))).toMatchObject({
      code: 'wecom.42001',
      retryable: true,
    });
    expect(api.to('message/send')).toHaveLength(2);
  });

  test('one invalidated while many calls are under way is replaced once', async () => {
    const client = instance();
    await client.sendMessage(BODY);
    api.always('message/send', ({ query }) =>
      query.get('access_token') === 'token-1' ? { errcode: 40014 } : {},
    );
    await Promise.all(Array.from({ length: 10 }, () => client.sendMessage(BODY)));
    expect(api.to('gettoken')).toHaveLength(2);
  });

  test('an instance that hears 40014 takes the token another one has renewed meanwhile', async () => {
    const [one, two] = [instance('one'), instance('two')];
    await one.sendMessage(BODY);
    await two.sendMessage(BODY);
    api.on('message/send', { errcode: 40014 }, {}, { errcode: 40014 });
    await one.sendMessage(BODY);
    await two.sendMessage(BODY);
    expect(api.to('gettoken')).toHaveLength(2);
  });
});

describe('a wrong secret', () => {
  const wrong = { errcode: 40001, errmsg: `invalid credential ${SECRET}` };

  test('lets gettoken rest, so that WeCom does not ban this address', async () => {
    const client = instance();
    api.on('gettoken', wrong, wrong, wrong);
    for (let minute = 0; minute < 9; minute++) {
      expect((await failure(client.sendMessage(BODY))).code).toBe('wecom.40001');
      clock.advance(MINUTE_MS);
    }
    expect(api.to('gettoken')).toHaveLength(1);
    clock.advance(MINUTE_MS);
    await failure(client.sendMessage(BODY));
    expect(api.to('gettoken')).toHaveLength(2);
    clock.advance(19 * MINUTE_MS);
    await failure(client.sendMessage(BODY));
    expect(api.to('gettoken')).toHaveLength(2);
  });

  test('lets the other instances rest as well', async () => {
    api.on('gettoken', wrong, wrong);
    await failure(instance('one').sendMessage(BODY));
    expect((await failure(instance('two').sendMessage(BODY))).code).toBe('wecom.token-busy');
    expect(api.to('gettoken')).toHaveLength(1);
  });

  test('that is corrected works at once', async () => {
    api.on('gettoken', wrong);
    await failure(instance('one').sendMessage(BODY));
    const corrected = createWecomClient({
      ...{ corpId: 'corp', agentId: 1, baseUrl: api.url, tokens, leases, clock, log },
      secret: 'the right one',
      instanceId: 'two',
    });
    await corrected.sendMessage(BODY);
    expect(api.to('gettoken')).toHaveLength(2);
  });

  test('is nowhere in the error', async () => {
    api.on('gettoken', wrong);
    const error = await failure(instance().sendMessage(BODY));
    expect(error).toMatchObject({ details: { errcode: 40001, alarm: true } });
    expect(inspect(error, { depth: 9 })).not.toContain(SECRET);
  });
});

describe('errcodes', () => {
  test.each([-1, 6000, 45033, 45035])('%i passes: the call is tried three times', async (code) => {
    const client = instance();
    api.on('message/send', { errcode: code }, { errcode: code });
    await client.sendMessage(BODY);
    expect(api.to('message/send')).toHaveLength(3);
    expect(slept).toEqual([200, 400]);
  });

  test('system busy for longer is thrown as something to try later', async () => {
    api.on('message/send', { errcode: -1 }, { errcode: -1 }, { errcode: -1 });
    expect(await failure(instance().sendMessage(BODY))).toMatchObject({
      code: 'wecom.-1',
      retryable: true,
    });
  });

  test.each([
    [60020, true, true],
    [48002, true, true],
    [81013, false, false],
    [40058, false, true],
    [42045, false, true],
    [123456, false, true],
  ])(
    '%i: may work later %p, alarms %p, and is not tried again at once',
    async (code, later, alarm) => {
      api.on('message/send', { errcode: code, errmsg: 'from ip: 1.2.3.4' });
      expect(await failure(instance().sendMessage(BODY))).toMatchObject({
        code: `wecom.${code}`,
        retryable: later,
        details: { errcode: code, method: 'message/send', errmsg: 'from ip: 1.2.3.4', alarm },
      });
      expect(api.to('message/send')).toHaveLength(1);
    },
  );

  test('60020 tells the operator which list to put the address on', async () => {
    api.on('message/send', { errcode: 60020 });
    expect((await failure(instance().sendMessage(BODY))).hint).toContain('企业可信IP');
  });

  test('after 45009 the method rests for a minute, others go on', async () => {
    const client = instance();
    api.on('message/send', { errcode: 45009 });
    await failure(client.sendMessage(BODY));
    expect(await failure(client.sendMessage(BODY))).toMatchObject({
      code: 'wecom.45009',
      retryable: true,
      details: { until: new Date(clock.now().getTime() + MINUTE_MS) },
    });
    await client.listDepartments();
    expect(api.to('message/send')).toHaveLength(1);
    clock.advance(MINUTE_MS);
    await client.sendMessage(BODY);
    expect(api.to('message/send')).toHaveLength(2);
  });

  test('one webhook that is called too often does not stop another', async () => {
    const client = instance();
    api.on('webhook/send', { errcode: 45009 });
    await failure(client.sendToWebhook('key-a', '{}'));
    await client.sendToWebhook('key-b', '{}');
    expect(api.to('webhook/send')).toHaveLength(2);
  });
});

describe('when no answer comes', () => {
  const unknown: [string, (client: WecomClient) => Promise<unknown>][] = [
    ['appchat/send', (client) => client.sendToAppchat('{}')],
    ['webhook/send', (client) => client.sendToWebhook('key', '{}')],
  ];

  describe.each(unknown)('%s', (path, send) => {
    test.each([
      ['the line is cut', 'cut' as const],
      ['it takes too long', 'silence' as const],
      ['a gateway answers 502', { status: 502 }],
      ['the answer is no JSON', { status: 200, text: '<html>' }],
      ['the answer has no errcode', { errcode: 'ok' }],
    ])('its outcome is unknown when %s, and it is not repeated', async (_name, reaction) => {
      api.on(path, reaction);
      expect(await failure(send(instance('one', { timeoutMs: 300 })))).toMatchObject({
        code: 'wecom.unknown-outcome',
        retryable: false,
      });
      expect(api.to(path)).toHaveLength(1);
    });

    test('it surely did not happen when WeCom answers 403 or -1', async () => {
      const client = instance();
      api.on(path, { status: 403 });
      expect(await failure(send(client))).toMatchObject({
        code: 'wecom.unreachable',
        retryable: true,
      });
      api.on(path, { errcode: -1 });
      await send(client);
      expect(api.to(path)).toHaveLength(3);
    });
  });

  test('a message to a person may be sent again, by whoever keeps it', async () => {
    api.on('message/send', 'cut');
    expect(await failure(instance().sendMessage(BODY))).toMatchObject({
      code: 'wecom.unreachable',
      retryable: true,
      details: { mayHaveArrived: true },
    });
    expect(api.to('message/send')).toHaveLength(1);
  });

  test('a refused connection means that nothing has arrived', async () => {
    const stopped = await ScriptedApi.start();
    const { url } = stopped;
    await stopped.stop();
    const client = instance('one', { baseUrl: url });
    expect(await failure(client.sendToWebhook('key', '{}'))).toMatchObject({
      code: 'wecom.unreachable',
      retryable: true,
      details: { mayHaveArrived: false, reason: 'ECONNREFUSED' },
    });
  });

  test('a reading is tried again', async () => {
    api.on('department/simplelist', 'cut', { status: 503 }, { department_id: [{ id: 1 }] });
    expect(await instance().listDepartments()).toEqual([{ id: 1, parentId: 0 }]);
  });
});

test('neither secret, token nor webhook key is in any error or log line', async () => {
  const client = instance();
  const echo = `bad token-1 ${SECRET} hint: [1] more info`;
  api.on('message/send', { errcode: -1, errmsg: echo }, { errcode: 60020, errmsg: echo });
  api.on('webhook/send', { errcode: 93000, errmsg: 'invalid webhook-key' }, 'cut');
  api.on('appchat/send', 'cut');
  api.on('user/get', 'cut', 'cut', 'cut');
  const errors = [
    await failure(client.sendMessage(BODY)),
    await failure(client.sendToWebhook('webhook-key', '{}')),
    await failure(client.sendToWebhook('webhook-key', '{}')),
    await failure(client.sendToAppchat('{}')),
    await failure(client.getUser('zhangsan')),
  ];
  const seen = [...errors.map((error) => inspect(error, { depth: 9 })), ...logged].join('\n');
  expect(logged.length).toBeGreaterThan(0);
  for (const secret of [SECRET, 'token-1', 'webhook-key']) expect(seen).not.toContain(secret);
});

describe('requests', () => {
  test('a message is sent byte for byte as it was stored', async () => {
    await instance().sendMessage(BODY);
    expect(api.to('message/send')[0]).toMatchObject({ method: 'POST', body: BODY });
  });

  test('the answer to a sending tells who did not get it, and how to change the card', async () => {
    api.on('message/send', {
      invaliduser: 'lisi|wangwu',
      unlicenseduser: 'zhaoliu',
      msgid: 'm1',
      response_code: 'r1',
    });
    expect(await instance().sendMessage(BODY)).toEqual({
      invalidUserids: ['lisi', 'wangwu'],
      unlicensedUserids: ['zhaoliu'],
      messageId: 'm1',
      responseCode: 'r1',
    });
  });

  test('a webhook is called with its key and without an access_token', async () => {
    await instance().sendToWebhook('k1', '{"msgtype":"text"}');
    expect(api.to('gettoken')).toHaveLength(0);
    expect(api.requests.map(({ query }) => query.toString())).toEqual(['key=k1']);
  });

  test('a file is uploaded as multipart with its name', async () => {
    api.on('media/upload', { type: 'file', media_id: 'media-1' });
    const file = { name: '日报.png', bytes: new Uint8Array([1, 2, 3, 4, 5, 6]) };
    expect(await instance().uploadMedia('image', file)).toBe('media-1');
    const [request] = api.to('media/upload');
    expect(request?.query.get('type')).toBe('image');
    expect(request?.body).toMatch(/name="media"; filename="日报\.png"/);
  });

  test('members are read with lower-case ids and the departments they lead', async () => {
    api.on('user/list', {
      userlist: [
        {
          userid: 'ZhangSan',
          name: '张三',
          department: [2, 5],
          is_leader_in_dept: [0, 1],
          direct_leader: ['LiSi'],
          main_department: 5,
          status: 1,
          extattr: {},
        },
      ],
    });
    expect(await instance().listUsers(5)).toEqual([
      {
        userid: 'zhangsan',
        name: '张三',
        departmentIds: [2, 5],
        leadsDepartmentIds: [5],
        directLeaderIds: ['lisi'],
        mainDepartmentId: 5,
        status: 1,
      },
    ]);
    expect(api.to('user/list')[0]?.query.get('department_id')).toBe('5');
  });

  test('an answer without what we need is told apart from a refusal', async () => {
    api.on('department/get', { something: 'else' });
    expect((await failure(instance().getDepartment(1))).code).toBe('wecom.unexpected-answer');
  });
});
