import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { decrypt, encrypt, getSignature } from '@wecom/crypto';
import { sealEcho } from './envelope.js';
import { approvalCard, Company, CORP, fieldOf } from './testing/company.js';

let company: Company;

beforeEach(async () => {
  company = await Company.open();
});
afterEach(() => company.close());

describe('Tencent’s library agrees with the published vectors', () => {
  test('decrypting and checking the official sample', () => {
    const echostr =
      'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==';
    expect(getSignature('QDG6eK', '1409659589', '263014780', echostr)).toBe(
      '5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3',
    );
    expect(decrypt(CORP.encodingAesKey, echostr)).toMatchObject({
      message: '1616140317555161061',
      id: 'wx5823bf96d3bd56c7',
    });
  });

  test('encrypting a known message with known random bytes', () => {
    const key = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
    const random = Buffer.from('aaaabbbbccccdddd');
    expect(encrypt(key, '我是中文abcd123', 'wxb11529c136998cb6', random)).toBe(
      'jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg==',
    );
  });
});

describe('saving a callback URL', () => {
  test('asks for the decrypted echo and then uses the URL', async () => {
    company.wecom.useCallbackUrl(undefined);
    await company.wecom.setCallbackUrl(company.app.url);
    await company.wecom.member('lisi').says('嗨');
    expect(company.app.received).toHaveLength(1);
  });

  test('fails when the answer is not the bare echo, and the old URL stays', async () => {
    const wrong = `${company.wecom.url}/cgi-bin/gettoken`;
    await expect(company.wecom.setCallbackUrl(wrong)).rejects.toThrow('verification failed');
    await company.wecom.member('lisi').says('嗨');
    expect(company.app.received).toHaveLength(1);
  });

  test('the echo is signed over its decoded value', () => {
    const keys = { corpId: CORP.corpId, token: CORP.token, encodingAesKey: CORP.encodingAesKey };
    const { query, expected } = sealEcho(keys, company.clock.now());
    expect(decrypt(CORP.encodingAesKey, query.echostr).message).toBe(expected);
    expect(getSignature(CORP.token, query.timestamp, query.nonce, query.echostr)).toBe(
      query.msg_signature,
    );
  });
});

describe('a message of a member', () => {
  test('is signed, encrypted for the CorpID and stamped with the emulated time', async () => {
    await company.wecom.member('lisi').says('华为二期 300w <谈判> ]]> 完');
    const [{ xml, query, body }] = company.app.received as [
      { xml: string; query: URLSearchParams; body: string },
    ];
    const encrypted = /<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(body)?.[1] ?? '';
    const [timestamp, nonce] = [query.get('timestamp') ?? '', query.get('nonce') ?? ''];
    expect(getSignature(CORP.token, timestamp, nonce, encrypted)).toBe(query.get('msg_signature'));
    expect(decrypt(CORP.encodingAesKey, encrypted).id).toBe(CORP.corpId);
    expect(timestamp).toBe(String(company.clock.now().getTime() / 1000));
    expect(fieldOf(xml, 'CreateTime')).toBe(timestamp);
    expect(xml).toContain('<Content><![CDATA[华为二期 300w <谈判> ]]]]><![CDATA[> 完]]></Content>');
    expect(BigInt(fieldOf(xml, 'MsgId'))).toBeGreaterThan(2n ** 53n);
    expect(BigInt(fieldOf(xml, 'MsgId'))).toBeLessThan(2n ** 63n);
  });

  test.each([
    ['image', (c: Company) => c.wecom.member('lisi').sendsImage(), 'PicUrl'],
    ['voice', (c: Company) => c.wecom.member('lisi').sendsVoice(), 'Format'],
    ['video', (c: Company) => c.wecom.member('lisi').sendsVideo(), 'ThumbMediaId'],
    ['location', (c: Company) => c.wecom.member('lisi').sendsLocation('人民广场'), 'Label'],
    ['link', (c: Company) => c.wecom.member('lisi').sendsLink('官网', 'https://a.cn'), 'Url'],
  ])('of type %s carries its fields', async (type, send, field) => {
    await send(company);
    expect(company.app.last('MsgType')).toBe(type);
    expect(company.app.last(field)).not.toBe('');
    expect(company.app.last('MsgId')).not.toBe('');
  });

  test('opening the conversation, being added and pressing the menu are events without MsgId', async () => {
    const button = [
      { type: 'click', name: '我的商机', key: 'mine' },
      {
        name: '更多',
        sub_button: [{ type: 'view', name: '帮助', url: 'https://example.com/help' }],
      },
    ];
    await company.post(`menu/create?agentid=${CORP.agentId}`, { button });
    const li = company.wecom.member('lisi');
    const expected = [
      [() => li.opens(), 'enter_agent', ''],
      [() => li.subscribes(), 'subscribe', ''],
      [() => li.menu('我的商机'), 'click', 'mine'],
      [() => li.menu('帮助'), 'view', 'https://example.com/help'],
    ] as const;
    for (const [act, event, key] of expected) {
      await act();
      expect(company.app.last('Event')).toBe(event);
      expect(company.app.last('EventKey')).toBe(key);
      expect(company.app.last('MsgId')).toBe('');
    }
  });

  test('may be answered with a passive text, which the member sees', async () => {
    company.app.answerWith = (xml) => ({
      xml:
        `<xml><ToUserName>${fieldOf(xml, 'FromUserName')}</ToUserName><FromUserName>${CORP.corpId}</FromUserName>` +
        '<CreateTime>1</CreateTime><MsgType>text</MsgType><Content><![CDATA[收到]]></Content></xml>',
    });
    const li = company.wecom.member('lisi');
    expect((await li.says('在吗')).passive).toMatchObject({ kind: 'message' });
    expect(li.conversation()).toMatchObject([
      { from: 'member', content: '在吗' },
      { from: 'app', content: '收到', via: 'passive' },
    ]);
  });

  test('a body of “success” is taken as empty, with a warning', async () => {
    company.app.answerWith = () => ({ body: 'success' });
    expect((await company.wecom.member('lisi').says('嗨')).passive).toBeNull();
    expect(company.wecom.warnings()).toMatchObject([{ endpoint: 'callback', path: 'body' }]);
  });
});

describe('a callback that fails', () => {
  test('is repeated with the same bytes until it is answered 200', async () => {
    const statuses = [500, 503];
    company.app.answerWith = () => ({ status: statuses.shift() ?? 200 });
    const delivered = await company.wecom.member('lisi').says('嗨');
    expect(delivered.httpStatuses).toEqual([500, 503, 200]);
    const bodies = new Set(company.app.received.map(({ body }) => body));
    const msgIds = new Set(company.app.received.map(({ xml }) => fieldOf(xml, 'MsgId')));
    expect([bodies.size, msgIds.size]).toEqual([1, 1]);
  });

  test('is given up after three repetitions', async () => {
    company.app.answerWith = () => ({ status: 500 });
    const delivered = await company.wecom.member('lisi').says('嗨');
    expect(delivered.httpStatuses).toEqual([500, 500, 500, 500]);
  });

  test('counts as failed when no answer comes in time or nobody listens', async () => {
    const quick = await Company.open({ callbacks: { timeoutMs: 50, retries: 1, retryDelayMs: 0 } });
    quick.app.answerWith = () => ({ hang: true });
    expect((await quick.wecom.member('lisi').says('嗨')).httpStatuses).toEqual([
      'timeout',
      'timeout',
    ]);
    quick.wecom.useCallbackUrl('http://127.0.0.1:1/nobody');
    expect((await quick.wecom.member('lisi').says('嗨')).httpStatuses).toEqual([
      'unreachable',
      'unreachable',
    ]);
    await quick.close();
  });

  test('is not repeated for its status when told so, and may be signed anew', async () => {
    const once = await Company.open({ callbacks: { retryOnStatus: false, retryDelayMs: 0 } });
    once.app.answerWith = () => ({ status: 500 });
    expect((await once.wecom.member('lisi').says('嗨')).httpStatuses).toEqual([500]);
    await once.close();
    const anew = await Company.open({ callbacks: { resignRetries: true, retryDelayMs: 0 } });
    anew.app.answerWith = () => ({ status: 500 });
    await anew.wecom.member('lisi').says('嗨');
    expect(new Set(anew.app.received.map(({ body }) => body)).size).toBe(4);
    expect(new Set(anew.app.received.map(({ xml }) => fieldOf(xml, 'MsgId'))).size).toBe(1);
    await anew.close();
  });
});

describe('hand-made callbacks', () => {
  const xml = `<xml><FromUserName>lisi</FromUserName><MsgType>text</MsgType><Content>嗨</Content></xml>`;

  test('can be tampered with, aimed at another receiver and signed at another time', async () => {
    await company.wecom.deliver(xml, {
      signedAt: new Date('2020-01-01T00:00:00Z'),
      receiveId: 'other',
      tamper: ({ query, body }) => ({ query: { ...query, msg_signature: 'forged' }, body }),
    });
    const received = company.app.received[0];
    expect(received?.query.get('msg_signature')).toBe('forged');
    expect(received?.query.get('timestamp')).toBe('1577836800');
    const encrypted = /<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(received?.body ?? '')?.[1] ?? '';
    expect(decrypt(CORP.encodingAesKey, encrypted).id).toBe('other');
  });

  test('any callback can be posted again, all at once, byte for byte', async () => {
    const { callback } = await company.wecom.member('lisi').says('嗨');
    const answers = await company.wecom.replay(callback, 50, { atOnce: true });
    expect(answers).toHaveLength(50);
    expect(answers.every(({ outcome }) => outcome === 200)).toBe(true);
    expect(new Set(company.app.received.map(({ body }) => body)).size).toBe(1);
  });

  test('a replayed tap does not change the card again', async () => {
    await company.sendCard(approvalCard());
    const member = company.wecom.member('zhangsan');
    const tapped = await member.taps('同意');
    company.app.answerWith = (received) => ({
      xml:
        `<xml><ToUserName>${fieldOf(received, 'FromUserName')}</ToUserName><FromUserName>${CORP.corpId}</FromUserName>` +
        '<CreateTime>1</CreateTime><MsgType>update_button</MsgType><Button><ReplaceName>好</ReplaceName></Button></xml>',
    });
    if (!('callback' in tapped)) throw new Error('the tap did not call back');
    const [again] = await company.wecom.replay(tapped.callback);
    expect(again?.passive).toMatchObject({ kind: 'card-update' });
    expect(member.latestCard()?.greyedWith).toBeUndefined();
  });
});
