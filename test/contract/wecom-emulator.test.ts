import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import type { Card, Incoming, Message, PassiveAnswer, Recipient } from '../../src/chat/index.js';
import type { Emulator } from '../../src/emulator/index.js';
import { startEmulator } from '../../src/emulator/index.js';
import {
  AppError,
  HOUR_MS,
  MINUTE_MS,
  MovableClock,
  silentLogger,
} from '../../src/kernel/index.js';
import type { WecomClient } from '../../src/wecom/index.js';
import {
  createCallbackDoor,
  createGroupChats,
  createWecomClient,
  createWecomSender,
  examineWecom,
  fetchMembers,
  MENU,
  pushMenu,
} from '../../src/wecom/index.js';
import { failure } from '../support/failure.js';
import { MemoryLeases, MemoryLimiter, MemoryTokens } from '../support/memory-ports.js';

/** Our WeCom room against the emulator, over real HTTP: what we send is what it takes, without a warning. */

const APP = { corpId: 'wwcorp', agentId: 1000002, secret: 'the-secret', token: 'tok' };
const AES_KEY = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C';

const clock = new MovableClock(new Date('2026-03-12T10:05:00+08:00'));
const door = createCallbackDoor({ ...APP, encodingAesKey: AES_KEY });

/** The app's callback address: the door behind the smallest of servers. */
const app = {
  incoming: [] as Incoming[],
  answer: { kind: 'none' } as PassiveAnswer,
  server: null as Server | null,
  async start(): Promise<string> {
    this.server = createServer((request, response) => {
      void (async () => {
        const query = Object.fromEntries(new URL(request.url ?? '', 'http://app').searchParams);
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        try {
          response.end(request.method === 'GET' ? door.verifyUrl(query) : this.take(query, chunks));
        } catch (error) {
          response.statusCode = error instanceof AppError ? Number(error.details['status']) : 500;
          response.end();
        }
      })();
    }).listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/wecom/callback`;
  },
  take(query: Record<string, string>, chunks: Buffer[]): string {
    const now = clock.now();
    const incoming = door.open({ query, rawBody: Buffer.concat(chunks), now });
    this.incoming.push(incoming);
    return door.answer(this.answer, incoming, now);
  },
};

let wecom: Emulator;
let client: WecomClient;
let sendNumber = 0;

function connect(instanceId: string, shared = { tokens: new MemoryTokens() }): WecomClient {
  return createWecomClient({
    ...APP,
    ...shared,
    baseUrl: wecom.url,
    leases: new MemoryLeases(clock),
    instanceId,
    clock,
    log: silentLogger,
    sleep: async () => undefined,
  });
}

function senderOf(through: WecomClient) {
  return createWecomSender({
    client: through,
    limiter: new MemoryLimiter(),
    clock,
    seesCards: () => true,
    webhookKey: (keyEnv) => (keyEnv === 'EAST_KEY' ? 'east-key' : undefined),
  });
}

let sender: ReturnType<typeof senderOf>;

beforeEach(async () => {
  const callbackUrl = await app.start();
  app.incoming = [];
  app.answer = { kind: 'none' };
  wecom = await startEmulator({
    ...APP,
    clock,
    encodingAesKey: AES_KEY,
    callbackUrl,
    callbacks: { retryDelayMs: 1 },
    departments: [
      { id: 1, name: '云帆科技', parentid: 0, leaders: ['boss'] },
      { id: 2, name: '华东销售部', parentid: 1, leaders: ['wangmin'] },
    ],
    people: [
      { userid: 'boss', name: '雷总', department: [1] },
      { userid: 'wangmin', name: '王敏', department: [2], isLeaderIn: [2] },
      { userid: 'ZhangSan', name: '张三', department: [2] },
      { userid: 'lisi', name: '李四', department: [2], directLeader: 'wangmin' },
      { userid: 'disabled', name: '停用', department: [2], status: 2 },
      { userid: 'nolicence', name: '未授权', department: [2], licensed: false },
    ],
  });
  client = connect('one');
  sender = senderOf(client);
});

afterEach(async () => {
  expect(wecom.warnings()).toEqual([]);
  await wecom.stop();
  app.server?.closeAllConnections();
  app.server?.close();
});

afterAll(() => {
  app.server = null;
});

const person = (userid: string): Recipient => ({ kind: 'person', userid });
const say = (text: string): Message => ({ kind: 'text', text });

function send(to: Recipient, message: Message, id = `msg_${++sendNumber}`) {
  return sender.send(to, sender.build(to, message, id));
}

const APPROVAL: Card = {
  source: '商机审批',
  title: '华为二期 → 商务谈判',
  subtitle: '李四 提交',
  body: '✓ 金额\n✗ 预算确认',
  rows: [{ label: '金额', value: '¥3,000,000' }],
  quote: { title: '理由', text: '客户已确认' },
  buttons: [
    { key: 'approve:apv_1', text: '同意', style: 'primary' },
    { key: 'reject:apv_1', text: '驳回', style: 'danger' },
  ],
  select: {
    key: 'reason',
    title: '意见',
    options: [
      { id: 'ok', text: '没问题' },
      { id: 'price', text: '价格再谈' },
    ],
  },
};
const approvalMessage: Message = { kind: 'card', card: APPROVAL, text: '待审批' };

describe('callbacks', () => {
  test('the URL passes the administrator’s verification', async () => {
    const address = app.server?.address() as AddressInfo;
    await wecom.setCallbackUrl(`http://127.0.0.1:${address.port}/wecom/callback`);
  });

  test('what people send arrives in our words', async () => {
    const zhang = wecom.member('ZhangSan');
    await zhang.says('华为二期 ]]> 300w <!DOCTYPE html>');
    await zhang.sendsVoice();
    await zhang.sendsLocation('深圳市南山区');
    await zhang.subscribes();
    await zhang.opens();
    expect(app.incoming.map(({ from }) => from)).toEqual(Array(5).fill('zhangsan'));
    expect(app.incoming.map(({ at }) => at)).toEqual(Array(5).fill(clock.now()));
    expect(app.incoming).toMatchObject([
      { kind: 'text', text: '华为二期 ]]> 300w <!DOCTYPE html>' },
      { kind: 'media', media: 'voice' },
      { kind: 'media', media: 'location', caption: '深圳市南山区' },
      { kind: 'subscribed' },
      { kind: 'opened' },
    ]);
    expect(new Set(app.incoming.map(({ key }) => key)).size).toBe(5);
  });

  test('a callback sent again has the same key', async () => {
    const { callback } = await wecom.member('lisi').opens();
    await wecom.replay(callback, 5, { atOnce: true });
    expect(new Set(app.incoming.map(({ key }) => key)).size).toBe(1);
    expect(app.incoming).toHaveLength(6);
  });

  test.each([
    ['signed an hour ago', { signedAt: new Date(clock.now().getTime() - HOUR_MS - 1000) }],
    ['for another company', { receiveId: 'wwother' }],
  ])('one %s is refused', async (_name, options) => {
    const xml = '<xml><ToUserName>wwcorp</ToUserName></xml>';
    const { httpStatuses } = await wecom.deliver(xml, { ...options, retries: 0 });
    expect(httpStatuses).toEqual([403]);
    expect(app.incoming).toEqual([]);
  });
});

describe('messages to a person', () => {
  test('text and markdown are shown as they are', async () => {
    await send(person('lisi'), say('已记录：华为二期 ¥3,000,000'));
    await send(person('LiSi'), { kind: 'markdown', markdown: '**今日待办**\n> 1', text: '1' });
    expect(wecom.member('lisi').inbox()).toMatchObject([
      { kind: 'text', content: '已记录：华为二期 ¥3,000,000' },
      { kind: 'markdown', content: '**今日待办**\n> 1' },
    ]);
  });

  test('two messages of the same words are both shown, one sent twice only once', async () => {
    const first = sender.build(person('lisi'), say('已记录'), 'msg_a');
    const second = sender.build(person('lisi'), say('已记录'), 'msg_b');
    const receipts = [
      await sender.send(person('lisi'), first),
      await sender.send(person('lisi'), second),
      await sender.send(person('lisi'), first),
    ];
    expect(wecom.member('lisi').inbox()).toHaveLength(2);
    expect(receipts[2]).toEqual(receipts[0]);
  });

  test('one whose answer was lost is shown once when it is sent again', async () => {
    wecom.faults.add({ kind: 'cut', when: 'after' }, { endpoint: 'message/send', times: 1 });
    const body = sender.build(person('lisi'), approvalMessage, 'ntc_1');
    expect((await failure(sender.send(person('lisi'), body))).retryable).toBe(true);
    clock.advance(20 * MINUTE_MS);
    expect((await sender.send(person('lisi'), body)).undeliverable).toBeNull();
    expect(wecom.member('lisi').inbox()).toHaveLength(1);
  });

  test.each([
    ['nobody', 'out-of-range 81013'],
    ['disabled', 'out-of-range 81013'],
    ['nolicence', /unlicensed|81013/],
  ])('to %s it cannot be delivered, which is no error', async (userid, why) => {
    const { undeliverable } = await send(person(userid), say('你好'));
    expect(undeliverable).toEqual(expect.stringMatching(why));
  });

  test('more than WeCom shows is held back by us, and nothing is swallowed', async () => {
    let paced = 0;
    for (let n = 0; n < 40; n++) {
      await send(person('lisi'), say(`第 ${n} 条`)).catch((error: unknown) => {
        expect(error).toMatchObject({ code: 'wecom.paced' });
        paced++;
      });
    }
    expect(paced).toBeGreaterThan(0);
    expect(wecom.dropped()).toEqual([]);
    expect(wecom.member('lisi').inbox()).toHaveLength(40 - paced);
  });

  test('a very long text arrives with a word that it was cut', async () => {
    await send(person('lisi'), say('很长。\n'.repeat(2000)));
    const [shown] = wecom.member('lisi').inbox();
    expect(shown?.kind === 'text' ? shown.content : '').toMatch(/…（内容过长，已截断）$/);
  });
});

test('a message can be recalled for a day', async () => {
  const { messageId } = await send(person('lisi'), say('发错了'));
  await client.recallMessage(messageId ?? '');
  expect(wecom.member('lisi').inbox()).toMatchObject([{ recalled: true }]);

  const { messageId: old } = await send(person('lisi'), say('昨天的'));
  clock.advance(25 * HOUR_MS);
  expect((await failure(client.recallMessage(old ?? ''))).code).toBe('wecom.42052');
});

test('a picture is uploaded, with its Chinese name', async () => {
  const bytes = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
  expect(await client.uploadMedia('image', { name: '漏斗图.png', bytes })).toMatch(/\S/);
});

test('members, and the addresses of WeCom, can be asked for', async () => {
  expect(await client.getUser('ZhangSan')).toMatchObject({ userid: 'zhangsan', name: '张三' });
  expect((await failure(client.getUser('nobody'))).code).toBe('wecom.60111');
  expect(await client.getCallbackIps()).not.toEqual([]);
  expect(await client.getApiDomainIps()).not.toEqual([]);
});

describe('cards', () => {
  test('a tap brings the button, the choice and the card it was on', async () => {
    await send(person('wangmin'), approvalMessage, 'ntc_1');
    await wecom.member('wangmin').taps('同意', { select: { reason: 'ok' } });
    expect(app.incoming).toMatchObject([
      {
        kind: 'tap',
        from: 'wangmin',
        button: 'approve:apv_1',
        cardId: 'ntc_1',
        chosen: { reason: ['ok'] },
      },
    ]);
  });

  test('the passive answer settles the card of who tapped, the API those of the others', async () => {
    const settled = { ...APPROVAL, settled: '王敏 已同意' };
    const mine = await send(person('wangmin'), approvalMessage, 'ntc_1');
    const others = await send(person('boss'), approvalMessage, 'ntc_2');
    app.answer = { kind: 'card', card: settled };
    const tapped = await wecom.member('wangmin').taps('同意');
    expect(tapped.passive).toMatchObject({ kind: 'card-update' });
    expect(wecom.member('wangmin').latestCard()).toMatchObject({ greyedWith: '王敏 已同意' });

    const update = { userids: ['boss'], responseCode: others.responseCode ?? '', card: settled };
    expect(await sender.updateCard(update)).toBe(true);
    expect(wecom.member('boss').latestCard()).toMatchObject({ greyedWith: '王敏 已同意' });
    expect(await sender.updateCard(update)).toBe(false);
    expect(mine.responseCode).not.toBe(others.responseCode);
  });

  test('a code older than 72 h updates nothing, and that is no error', async () => {
    const { responseCode } = await send(person('boss'), approvalMessage, 'ntc_1');
    clock.advance(73 * HOUR_MS);
    const update = { userids: ['boss'], responseCode: responseCode ?? '', card: APPROVAL };
    expect(await sender.updateCard(update)).toBe(false);
  });

  test('an updated card that is still open can be tapped again, and tells which it is', async () => {
    await send(person('boss'), approvalMessage, 'ntc_1');
    app.answer = { kind: 'card', card: { ...APPROVAL, subtitle: '商机已变化，请再看一遍' } };
    await wecom.member('boss').taps('同意');
    await wecom.member('boss').taps('驳回');
    expect(app.incoming).toMatchObject([
      { button: 'approve:apv_1', cardId: 'ntc_1' },
      { button: 'reject:apv_1', cardId: 'ntc_1' },
    ]);
    expect(app.incoming[0]?.key).not.toBe(app.incoming[1]?.key);
  });

  test('a notice card leads to its page', async () => {
    const card: Card = { ...APPROVAL, buttons: [], link: 'https://crm.example.com/o/1' };
    delete card.select;
    await send(person('lisi'), { kind: 'card', card, text: '' });
    expect(wecom.member('lisi').latestCard()).toMatchObject({
      card: {
        card_type: 'text_notice',
        card_action: { type: 1, url: 'https://crm.example.com/o/1' },
      },
    });
  });
});

describe('groups', () => {
  const group = { chatId: 'grp_0123abcd', name: '华东销售群', ownerId: 'wangmin' };

  test('creating one twice gives one, with the members last named', async () => {
    const groups = createGroupChats(client);
    await groups.create({ ...group, memberIds: ['lisi'] });
    await groups.create({ ...group, memberIds: ['lisi', 'ZhangSan'] });
    expect(wecom.groups()).toHaveLength(1);
    expect(wecom.group('华东销售群').chat).toMatchObject({
      chatid: 'grp0123abcd',
      owner: 'wangmin',
      members: ['wangmin', 'lisi', 'zhangsan'],
    });
  });

  test('members follow the department, the owner too', async () => {
    const groups = createGroupChats(client);
    await groups.create({ ...group, memberIds: ['lisi'] });
    await groups.setMembers(group.chatId, ['lisi', 'zhangsan']);
    expect(wecom.group('华东销售群').chat).toMatchObject({
      owner: 'lisi',
      members: ['lisi', 'zhangsan'],
    });
    const changes = wecom.requests('appchat/update').length;
    await groups.setMembers(group.chatId, ['ZhangSan', 'lisi']);
    expect(wecom.requests('appchat/update')).toHaveLength(changes);
  });

  test('a digest reaches the group by appchat and by webhook', async () => {
    const digest: Message = { kind: 'markdown', markdown: '**日报**\n> 新增 2', text: '日报' };
    await createGroupChats(client).create({ ...group, memberIds: ['lisi'] });
    wecom.registerWebhook({ name: '华东大群', key: 'east-key' });
    await send({ kind: 'appchat', chatId: group.chatId }, digest);
    await send({ kind: 'webhook', keyEnv: 'EAST_KEY' }, digest);
    for (const name of ['华东销售群', '华东大群']) {
      expect(wecom.group(name).messages()).toMatchObject([
        { kind: 'markdown', content: '**日报**\n> 新增 2' },
      ]);
    }
  });

  test.each(['before', 'after'] as const)(
    'when the line is cut %s it took effect, the outcome is unknown',
    async (when) => {
      await createGroupChats(client).create({ ...group, memberIds: ['lisi'] });
      wecom.faults.add({ kind: 'cut', when }, { endpoint: 'appchat/send', times: 1 });
      const error = await failure(send({ kind: 'appchat', chatId: group.chatId }, say('日报')));
      expect(error).toMatchObject({ code: 'wecom.unknown-outcome', retryable: false });
      expect(wecom.group('华东销售群').messages()).toHaveLength(when === 'after' ? 1 : 0);
    },
  );
});

describe('the access_token', () => {
  test('two instances share one, also after WeCom has revoked it', async () => {
    const shared = { tokens: new MemoryTokens() };
    const senders = ['one', 'two'].map((id) => senderOf(connect(id, shared)));
    const all = async (text: string): Promise<void> => {
      for (const [index, each] of senders.entries()) {
        await each.send(person('lisi'), each.build(person('lisi'), say(text), `${text}_${index}`));
      }
    };
    await all('a');
    expect(wecom.requests('gettoken')).toHaveLength(1);
    wecom.revokeTokens();
    await all('b');
    expect(wecom.requests('gettoken')).toHaveLength(2);
    expect(wecom.member('lisi').inbox()).toHaveLength(4);
  });

  test('it is renewed before it expires: WeCom never has to refuse one', async () => {
    for (let minute = 0; minute < 300; minute += 10) {
      clock.advance(10 * MINUTE_MS);
      await client.listDepartments();
    }
    expect(wecom.requests('gettoken').length).toBeLessThanOrEqual(4);
    expect(wecom.requests('department/simplelist')).toHaveLength(30);
  });
});

test('the contacts become members with the people above them', async () => {
  const members = await fetchMembers(client, { fallbackManagerIds: [], adminIds: ['boss'] });
  const table = Object.fromEntries(members.map(({ userid, managerIds }) => [userid, managerIds]));
  expect(table).toMatchObject({
    boss: [],
    wangmin: ['boss'],
    zhangsan: ['wangmin', 'boss'],
    lisi: ['wangmin', 'boss'],
  });
  expect(members.find(({ userid }) => userid === 'zhangsan')).toMatchObject({
    name: '张三',
    departmentName: '华东销售部',
    isActive: true,
    isAdmin: false,
  });
  expect(members.find(({ userid }) => userid === 'disabled')).toMatchObject({ isActive: false });
});

test('the menu’s buttons say what one would type', async () => {
  await pushMenu(client);
  for (const { name } of MENU) await wecom.member('lisi').menu(name);
  expect(app.incoming).toMatchObject([
    { kind: 'menu', item: '我的商机' },
    { kind: 'menu', item: '今日待办' },
    { kind: 'menu', item: '帮助' },
  ]);
});

describe('the doctor', () => {
  // The emulator dates its HTTP answers by the machine, as the emulated clock has no HTTP header.
  const verdicts = async (through: WecomClient, adminId?: string) =>
    (await examineWecom({ client: through, clock, ...(adminId !== undefined && { adminId }) }))
      .filter(({ name }) => name !== 'clock')
      .map(({ name, ok }) => [name, ok]);

  test('finds nothing wrong with a good set-up', async () => {
    expect(await verdicts(client, 'boss')).toEqual([
      ['credentials', true],
      ['trusted IP', true],
      ['visible range', true],
      ['licence', true],
    ]);
  });

  test('says what to do about a wrong secret, an address not listed, a missing licence', async () => {
    const wrong = createWecomClient({
      ...APP,
      secret: 'wrong',
      baseUrl: wecom.url,
      tokens: new MemoryTokens(),
      leases: new MemoryLeases(clock),
      instanceId: 'x',
      clock,
      log: silentLogger,
    });
    const [credentials] = await examineWecom({ client: wrong, clock });
    expect(credentials).toMatchObject({ ok: false });
    expect(credentials?.fix).toContain('WECOM_SECRET');

    wecom.faults.add(
      { kind: 'errcode', errcode: 60020, errmsg: 'from ip: 1.2.3.4' },
      { times: 99 },
    );
    await client.checkCredentials().catch(() => undefined);
    const [, trusted] = await examineWecom({ client, clock });
    expect(trusted).toMatchObject({ ok: false });
    expect(trusted?.fix).toContain('企业可信IP');
    expect(trusted?.detail).toContain('1.2.3.4');
    wecom.faults.clear();

    expect(await verdicts(client, 'nolicence')).toContainEqual(['licence', false]);
  });
});
