import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { failure } from '../../../test/support/failure.js';
import { MemoryLeases, MemoryLimiter, MemoryTokens } from '../../../test/support/memory-ports.js';
import { ScriptedApi } from '../../../test/support/scripted-api.js';
import type { Card, Message, Recipient, Sender } from '../../chat/index.js';
import { AppError, MINUTE_MS, MovableClock, silentLogger } from '../../kernel/index.js';
import { createWecomClient } from '../client/wecom-client.js';
import { createWecomSender } from './wecom-sender.js';

const ZHANG: Recipient = { kind: 'person', userid: 'ZhangSan' };
const ON_WECHAT: Recipient = { kind: 'person', userid: 'wang' };
const APPCHAT: Recipient = { kind: 'appchat', chatId: 'grp_0123abcd' };
const WEBHOOK: Recipient = { kind: 'webhook', keyEnv: 'SALES_EAST_KEY' };
const CARD: Card = {
  source: '商机',
  title: '华为二期',
  rows: [],
  buttons: [{ key: 'done:1', text: '已跟进', style: 'primary' }],
};
const TEXT: Message = { kind: 'text', text: '已记录' };
const MARKDOWN: Message = { kind: 'markdown', markdown: '**已记录**', text: '已记录' };
const CARD_MESSAGE: Message = { kind: 'card', card: CARD, text: '华为二期\n回复 1 = 已跟进' };

let api: ScriptedApi;
let clock: MovableClock;
let sender: Sender;

beforeEach(async () => {
  api = await ScriptedApi.start();
  clock = new MovableClock(new Date('2026-03-12T10:00:00+08:00'));
  const client = createWecomClient({
    ...{ corpId: 'corp', agentId: 7, secret: 's', baseUrl: api.url, instanceId: 'one', clock },
    tokens: new MemoryTokens(),
    leases: new MemoryLeases(clock),
    log: silentLogger,
    sleep: async () => undefined,
  });
  sender = createWecomSender({
    client,
    limiter: new MemoryLimiter(),
    clock,
    seesCards: (userid) => userid !== 'wang',
    webhookKey: (keyEnv) => (keyEnv === 'SALES_EAST_KEY' ? 'key-1' : undefined),
  });
});

afterEach(() => api.stop());

function built(to: Recipient, message: Message, id = 'msg_1'): Record<string, unknown> {
  return JSON.parse(sender.build(to, message, id)) as Record<string, unknown>;
}

describe('building', () => {
  test('a message to a person carries the app, the words and the duplicate check', () => {
    expect(built(ZHANG, TEXT)).toMatchObject({
      touser: 'ZhangSan',
      agentid: 7,
      msgtype: 'text',
      text: { content: '已记录' },
      enable_duplicate_check: 1,
      client_msg_id: 'msg_1',
    });
  });

  test('WeCom remembers the request for more than three and a half hours, and at most the four it allows', () => {
    for (let n = 0; n < 200; n++) {
      const interval = built(ZHANG, TEXT, `msg_${n}`)['duplicate_check_interval'];
      expect(interval).toBeGreaterThan(3.5 * 3600);
      expect(interval).toBeLessThanOrEqual(14_400);
    }
  });

  test('the same message gives the same bytes, and two messages of the same words do not', () => {
    expect(sender.build(ZHANG, TEXT, 'msg_1')).toBe(sender.build(ZHANG, TEXT, 'msg_1'));
    expect(sender.build(ZHANG, TEXT, 'msg_1')).not.toBe(sender.build(ZHANG, TEXT, 'msg_2'));
  });

  test('a card to a person has the message id as task_id', () => {
    expect(built(ZHANG, CARD_MESSAGE)).toMatchObject({
      msgtype: 'template_card',
      template_card: { card_type: 'button_interaction', task_id: 'msg_1' },
    });
  });

  test.each<[string, Recipient, Message, object]>([
    ['markdown to a person', ZHANG, MARKDOWN, { markdown: { content: '**已记录**' } }],
    ['markdown to a group', APPCHAT, MARKDOWN, { markdown: { content: '**已记录**' } }],
    ['markdown to a webhook', WEBHOOK, MARKDOWN, { markdown: { content: '**已记录**' } }],
    ['markdown to somebody on WeChat', ON_WECHAT, MARKDOWN, { text: { content: '已记录' } }],
    [
      'a card to somebody on WeChat',
      ON_WECHAT,
      CARD_MESSAGE,
      { text: { content: CARD_MESSAGE.text } },
    ],
    ['a card to a group', APPCHAT, CARD_MESSAGE, { text: { content: CARD_MESSAGE.text } }],
    ['a card to a webhook', WEBHOOK, CARD_MESSAGE, { text: { content: CARD_MESSAGE.text } }],
  ])('%s', (_name, to, message, expected) => {
    expect(built(to, message)).toMatchObject(expected);
    expect(built(to, message)).not.toHaveProperty('template_card');
  });

  test('a card that leads nowhere and asks nothing is sent as text', () => {
    const message: Message = { ...CARD_MESSAGE, card: { ...CARD, buttons: [] } };
    expect(built(ZHANG, message)).toMatchObject({ msgtype: 'text' });
  });

  test('a group is addressed by letters and digits only, a webhook by its URL', () => {
    expect(built(APPCHAT, TEXT)['chatid']).toBe('grp0123abcd');
    expect(built(WEBHOOK, TEXT)).toEqual({ msgtype: 'text', text: { content: '已记录' } });
  });

  test.each<[string, Recipient, Message, number]>([
    ['text', ZHANG, { kind: 'text', text: '商机'.repeat(2000) }, 2048],
    ['markdown', ZHANG, { ...MARKDOWN, markdown: '商机'.repeat(2000) }, 2048],
    ['markdown by webhook', WEBHOOK, { ...MARKDOWN, markdown: '商机'.repeat(2000) }, 4096],
  ])('%s that is too long says so, within its bytes', (_name, to, message, max) => {
    const body = built(to, message);
    const { content } = (body['text'] ?? body['markdown']) as { content: string };
    expect(Buffer.byteLength(content)).toBeLessThanOrEqual(max);
    expect(Buffer.byteLength(content)).toBeGreaterThan(max - 100);
    expect(content).toMatch(/…（内容过长，已截断）$/);
  });

  test.each([
    ['<a href="https://evil.example">领奖</a>', '＜a href="https://evil.example">领奖＜/a>'],
    ['<A\nHREF="x">', '＜A\nHREF="x">'],
    ['<@all> 开会', '＜@all> 开会'],
    ['预算 <300万，a < b <abc>', '预算 <300万，a < b <abc>'],
  ])('what people typed makes no link and no mention: %j', (text, shown) => {
    for (const to of [ZHANG, APPCHAT, WEBHOOK]) {
      expect(built(to, { kind: 'text', text })).toMatchObject({ text: { content: shown } });
    }
  });

  test('an id that is no task_id is refused when building, not when sending', () => {
    expect(() => sender.build(ZHANG, TEXT, 'a b')).toThrow(AppError);
  });
});

describe('sending', () => {
  const send = (to: Recipient, message: Message = TEXT, id = 'msg_1') =>
    sender.send(to, sender.build(to, message, id));

  test('a card’s receipt has its msgid and the code that updates it', async () => {
    api.on('message/send', { msgid: 'm1', response_code: 'r1' });
    expect(await send(ZHANG, CARD_MESSAGE)).toEqual({
      messageId: 'm1',
      responseCode: 'r1',
      undeliverable: null,
    });
  });

  test.each([
    ['invaliduser', { invaliduser: 'zhangsan', msgid: 'm1' }, 'out-of-range'],
    ['unlicenseduser', { unlicenseduser: 'zhangsan', msgid: 'm1' }, 'unlicensed'],
    ['81013', { errcode: 81013 }, 'out-of-range 81013'],
    ['60111', { errcode: 60111 }, 'out-of-range 60111'],
  ])('%s: it could not be delivered, and no retry helps', async (_name, answer, undeliverable) => {
    api.on('message/send', answer);
    expect((await send(ZHANG)).undeliverable).toBe(undeliverable);
  });

  test('a card whose task_id was used has arrived by an earlier try', async () => {
    api.on('message/send', { errcode: 42014 });
    expect(await send(ZHANG, CARD_MESSAGE)).toEqual({
      messageId: null,
      responseCode: null,
      undeliverable: null,
    });
  });

  test('a lost answer to a group leaves the outcome unknown', async () => {
    api.on('appchat/send', 'cut');
    expect(await failure(send(APPCHAT))).toMatchObject({
      code: 'wecom.unknown-outcome',
      retryable: false,
    });
  });

  test('a webhook without a key in the environment names the variable to set', async () => {
    const error = await failure(send({ kind: 'webhook', keyEnv: 'SALES_WEST_KEY' }));
    expect(error).toMatchObject({ code: 'wecom.webhook-key-missing', retryable: true });
    expect(error.hint).toContain('SALES_WEST_KEY');
  });
});

describe('pacing', () => {
  const sendNumber = (n: number, to: Recipient = ZHANG) =>
    sender.send(to, sender.build(to, TEXT, `msg_${n}`));

  test('the thirtieth message of a minute to one person waits, others go on', async () => {
    for (let n = 0; n < 28; n++) await sendNumber(n);
    const error = await failure(sendNumber(29));
    expect(error).toMatchObject({
      code: 'wecom.paced',
      retryable: true,
      details: { until: new Date(clock.now().getTime() + MINUTE_MS) },
    });
    await sendNumber(30, { kind: 'person', userid: 'lisi' });
    expect(api.to('message/send')).toHaveLength(29);

    clock.advance(MINUTE_MS);
    await sendNumber(29);
    expect(api.to('message/send')).toHaveLength(30);
  });

  test('the hour is bounded as well', async () => {
    let sent = 0;
    let paced: AppError | null = null;
    for (; sent < 1000 && paced === null; sent++) {
      if (sent % 20 === 0) clock.advance(MINUTE_MS);
      await sendNumber(sent).catch((error: unknown) => {
        paced = error as AppError;
      });
    }
    expect(paced).toMatchObject({ code: 'wecom.paced' });
    expect(api.to('message/send')).toHaveLength(950);
  });

  test('a refused sending gives its place back; one that may have arrived keeps it', async () => {
    api.on('message/send', { errcode: 60020 }, { errcode: 60020 }, 'cut');
    await failure(sendNumber(0));
    await failure(sendNumber(1));
    await failure(sendNumber(2));
    for (let n = 3; n < 30; n++) await sendNumber(n);
    expect((await failure(sendNumber(30))).code).toBe('wecom.paced');
    // The repeat of the lost one is counted already.
    await sendNumber(2);
  });

  test('a webhook is held below twenty a minute', async () => {
    for (let n = 0; n < 18; n++) {
      await sendNumber(n, WEBHOOK);
      clock.advance(1);
    }
    expect((await failure(sendNumber(18, WEBHOOK))).code).toBe('wecom.paced');
  });
});

describe('updating a card', () => {
  const update = (card = CARD) =>
    sender.updateCard({ userids: ['lisi', 'wangwu'], responseCode: 'r1', card });

  test('rewrites it for those people with the code', async () => {
    expect(await update({ ...CARD, settled: '张三 已同意' })).toBe(true);
    const [request] = api.to('message/update_template_card');
    expect(JSON.parse(request?.body ?? '')).toEqual({
      userids: ['lisi', 'wangwu'],
      agentid: 7,
      response_code: 'r1',
      template_card: {
        card_type: 'button_interaction',
        source: { desc: '商机', desc_color: 0 },
        main_title: { title: '华为二期' },
        button_list: [{ text: '张三 已同意', style: 3, key: 'settled' }],
        replace_text: '张三 已同意',
      },
    });
  });

  test.each([60140, 82101, 82102, 42016, 42015])('%i: nothing to retry', async (errcode) => {
    api.on('message/update_template_card', { errcode });
    expect(await update()).toBe(false);
  });

  test('passing trouble is thrown', async () => {
    api.on('message/update_template_card', 'cut');
    expect(await failure(update())).toMatchObject({ code: 'wecom.unreachable', retryable: true });
  });

  test('for nobody is no call', async () => {
    expect(await sender.updateCard({ userids: [], responseCode: 'r', card: CARD })).toBe(false);
    expect(api.requests).toHaveLength(0);
  });
});
