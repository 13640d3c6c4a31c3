import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { encrypt, getSignature } from '@wecom/crypto';
import { MongoClient } from 'mongodb';
import { request } from 'undici';

import { startHarness, type Harness } from '../support/harness.js';

const HOUR_S = 3_600;
const LIMIT_BYTES = 256 * 1024;

let harness: Harness;
let client: MongoClient;
beforeAll(async () => {
  harness = await startHarness();
  client = await MongoClient.connect(harness.mongodbUri);
  await harness.member('zhangsan').says('新建 华为二期 客户华为 300万 9月底签');
});
afterAll(async () => {
  await client.close();
  await harness.stop();
});

/** Written at any time by the heartbeats, whatever arrives. */
const OF_THE_HEARTBEATS = new Set(['heartbeats', 'leases']);

/** Everything that is stored. */
async function everything(): Promise<Record<string, unknown[]>> {
  const collections = await client.db().listCollections().toArray();
  const names = collections.map(({ name }) => name).filter((name) => !OF_THE_HEARTBEATS.has(name));
  const documents = names
    .sort()
    .map(async (name): Promise<[string, unknown[]]> => [
      name,
      await client.db().collection(name).find().sort({ _id: 1 }).toArray(),
    ]);
  return Object.fromEntries(await Promise.all(documents));
}

const nowSeconds = (): number => Math.floor(harness.clock.now().getTime() / 1000);

/** A message as WeCom would word it; every part can be made wrong. */
function innerXml(
  parts: { to?: string; agentId?: number | string; content?: string } = {},
): string {
  const { corpId, agentId } = harness.keys;
  return (
    `<xml><ToUserName><![CDATA[${parts.to ?? corpId}]]></ToUserName>` +
    `<FromUserName><![CDATA[zhangsan]]></FromUserName><CreateTime>${nowSeconds()}</CreateTime>` +
    `<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${parts.content ?? '华为二期 加10万'}]]></Content>` +
    `<MsgId>${73e17 + Math.floor(Math.random() * 1e9)}</MsgId><AgentID>${parts.agentId ?? agentId}</AgentID></xml>`
  );
}

interface Posted {
  query: Record<string, string>;
  body: string;
}

/** Sealed and signed with Tencent's own library, so that only what a case breaks is wrong. */
function sealed(
  xml = innerXml(),
  parts: { receiveId?: string; at?: number; to?: string; agentId?: number } = {},
): Posted {
  const { corpId, encodingAesKey } = harness.keys;
  const encrypted = encrypt(encodingAesKey, xml, parts.receiveId ?? corpId);
  return {
    query: signed(encrypted, parts.at),
    body: envelope(encrypted, parts),
  };
}

function envelope(encrypted: string, parts: { to?: string; agentId?: number } = {}): string {
  const { corpId, agentId } = harness.keys;
  return (
    `<xml><ToUserName><![CDATA[${parts.to ?? corpId}]]></ToUserName>` +
    `<AgentID><![CDATA[${parts.agentId ?? agentId}]]></AgentID>` +
    `<Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`
  );
}

function signed(encrypted: string, at = nowSeconds()): Record<string, string> {
  const timestamp = String(at);
  const nonce = '263014780';
  return {
    msg_signature: getSignature(harness.keys.token, timestamp, nonce, encrypted),
    timestamp,
    nonce,
  };
}

async function send(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  query: Record<string, string> | string,
  body?: string | Buffer | AsyncIterable<Buffer>,
): Promise<{ status: number; body: string }> {
  const search = new URLSearchParams(query).toString();
  const response = await request(`${harness.app.callbackUrl}?${search}`, {
    method,
    ...(body !== undefined && { body: body as string }),
  });
  return { status: response.statusCode, body: await response.body.text() };
}

const BOMB =
  '<!DOCTYPE bomb [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">' +
  '<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]>';
const DOCTYPE = '<!DOCTYPE xml SYSTEM "file:///etc/passwd">';

const without = (name: string): Posted => {
  const { query, body } = sealed();
  const rest = Object.entries(query).filter(([parameter]) => parameter !== name);
  return { query: Object.fromEntries(rest), body };
};

/** The same ciphertext with one byte of its middle changed. */
function bent(encrypted: string): string {
  const bytes = Buffer.from(encrypted, 'base64');
  bytes[40] = (bytes[40] ?? 0) ^ 1;
  return bytes.toString('base64');
}

const encryptOf = ({ body }: Posted): string =>
  /<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(body)?.[1] ?? '';

const REFUSED: Record<string, () => Posted> = {
  'a wrong signature': () => {
    const { query, body } = sealed();
    return { query: { ...query, msg_signature: 'f'.repeat(40) }, body };
  },
  'a signature that is none': () => {
    const { query, body } = sealed();
    return { query: { ...query, msg_signature: '签名' }, body };
  },
  'a signature by another token': () => {
    const { query, body } = sealed();
    const forged = getSignature(
      'another',
      query['timestamp'] ?? '',
      '1',
      encryptOf({ query, body }),
    );
    return { query: { ...query, nonce: '1', msg_signature: forged }, body };
  },
  'no signature': () => without('msg_signature'),
  'no timestamp': () => without('timestamp'),
  'no nonce': () => without('nonce'),
  'no parameters at all': () => ({ query: {}, body: sealed().body }),
  'a timestamp that is no number': () => {
    const { query, body } = sealed();
    return { query: { ...query, timestamp: 'now' }, body };
  },
  'a message sealed for another company': () => sealed(innerXml(), { receiveId: 'wwforeign' }),
  'a message sealed for nobody': () => sealed(innerXml(), { receiveId: '' }),
  'an envelope addressed to another company': () => sealed(innerXml(), { to: 'wwforeign' }),
  'a message addressed to another company': () => sealed(innerXml({ to: 'wwforeign' })),
  'an envelope for another app': () => sealed(innerXml(), { agentId: 1_000_003 }),
  'a message for another app': () => sealed(innerXml({ agentId: 1_000_003 })),
  'a body that is not encrypted': () => ({ query: signed(''), body: innerXml() }),
  'a plain body signed as if it were encrypted': () => {
    const plain = Buffer.from(innerXml()).toString('base64');
    return { query: signed(plain), body: envelope(plain) };
  },
  'a tampered body': () => {
    const { query, body } = sealed();
    const encrypted = encryptOf({ query, body });
    return { query, body: envelope(bent(encrypted)) };
  },
  'a tampered body signed anew': () => {
    const encrypted = bent(encryptOf(sealed()));
    return { query: signed(encrypted), body: envelope(encrypted) };
  },
  'a cut ciphertext signed anew': () => {
    const encrypted = encryptOf(sealed()).slice(0, 64);
    return { query: signed(encrypted), body: envelope(encrypted) };
  },
  'a replay from before the window': () => sealed(innerXml(), { at: nowSeconds() - HOUR_S - 60 }),
  'a message from the future': () => sealed(innerXml(), { at: nowSeconds() + HOUR_S + 60 }),
  'an envelope with a document type': () => {
    const { query, body } = sealed();
    return { query, body: DOCTYPE + body };
  },
  'an envelope with an entity bomb': () => {
    const { query, body } = sealed();
    return { query, body: BOMB + body.replace('</xml>', '<Bomb>&d;</Bomb></xml>') };
  },
  'a sealed message with a document type': () => sealed(DOCTYPE + innerXml()),
  'a sealed message with an entity bomb': () =>
    sealed(BOMB + innerXml().replace('<![CDATA[华为二期 加10万]]>', '&d;')),
  'a sealed message that is no XML': () => sealed('华为二期 加10万'),
  'a sealed message without a sender': () =>
    sealed(innerXml().replace(/<FromUserName>.*<\/FromUserName>/, '')),
  'an empty body': () => ({ query: signed(''), body: '' }),
  JSON: () => ({ query: signed('{}'), body: '{"Encrypt":{"$gt":""}}' }),
  'XML that does not end': () => ({ query: signed(''), body: '<xml><Encrypt>' }),
  'elements ten thousand deep': () => ({
    query: signed(''),
    body: '<xml>' + '<a>'.repeat(10_000) + '</a>'.repeat(10_000) + '</xml>',
  }),
  'rubbish bytes': () => ({ query: signed(''), body: '\u0000\uFFFD\u0007'.repeat(500) }),
  'a body beyond 256 kB': () => {
    const { query, body } = sealed();
    return { query, body: body.replace('</xml>', `<Pad>${'x'.repeat(LIMIT_BYTES)}</Pad></xml>`) };
  },
};

describe('refused with a 4xx and no word, nothing written:', () => {
  test.each(Object.keys(REFUSED))('%s', async (name) => {
    const before = await everything();
    const { query, body } = REFUSED[name]?.() ?? sealed();
    const answer = await send('POST', query, body);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.body).toBe('');
    expect(await everything()).toEqual(before);
  });

  test('a parameter given twice', async () => {
    const before = await everything();
    const { query, body } = sealed();
    const twice = `${new URLSearchParams(query).toString()}&nonce=1`;
    const answer = await send('POST', twice, body);
    expect(answer).toEqual({ status: 400, body: '' });
    expect(await everything()).toEqual(before);
  });

  test('a body that never says how long it is, and is too long', async () => {
    const before = await everything();
    const { query } = sealed();
    async function* chunks(): AsyncGenerator<Buffer> {
      for (let n = 0; n < 40; n++) yield Buffer.alloc(10_000, 'x');
    }
    // The server may hang up before it has read it all: then the answer is lost, and that is fine too.
    const answer = await send('POST', query, chunks()).catch(() => ({ status: 413, body: '' }));
    expect(answer).toEqual({ status: 413, body: '' });
    expect(await everything()).toEqual(before);
  });

  test.each(['PUT', 'DELETE'] as const)('%s', async (method) => {
    const { query, body } = sealed();
    const answer = await send(method, query, body);
    expect(answer.status).toBe(405);
  });
});

describe('a URL verification is refused', () => {
  const echo = (receiveId = harness.keys.corpId): Record<string, string> => {
    const echostr = encrypt(harness.keys.encodingAesKey, '5927782489442352469', receiveId);
    return { ...signed(echostr), echostr };
  };

  test('with a wrong signature', async () => {
    expect(await send('GET', { ...echo(), msg_signature: 'f'.repeat(40) })).toEqual({
      status: 403,
      body: '',
    });
  });

  test('without echostr, or sealed for another company', async () => {
    expect(await send('GET', signed(''))).toEqual({ status: 400, body: '' });
    expect(await send('GET', echo('wwforeign'))).toEqual({ status: 403, body: '' });
  });

  test('and answered with the bare echo when it is right', async () => {
    expect(await send('GET', echo())).toEqual({ status: 200, body: '5927782489442352469' });
  });
});

test('after all of that, it works as before', async () => {
  const before = await everything();
  const { query, body } = sealed();
  expect(await send('POST', query, body)).toEqual({ status: 200, body: '' });
  await harness.settle();
  const after = await everything();
  expect(after['inbox']).toHaveLength((before['inbox']?.length ?? 0) + 1);
  expect(harness.member('zhangsan').last()).toContain('¥3,100,000');
  expect(harness.logLines.filter((line) => line.includes('"level":50'))).toEqual([]);
});

describe('what people type to break it is answered kindly or not at all, and changes nothing:', () => {
  afterEach(() => {
    expect(harness.logLines.filter((line) => line.includes('"level":50'))).toEqual([]);
  });

  const RUBBISH = Array.from({ length: 4_000 }, (_, n) =>
    String.fromCodePoint(0x21 + ((n * 7_919) % 0x5000)),
  ).join('');

  test.each([
    ['a query operator', '{"$gt":""}'],
    ['a query operator as a name', '{"$where":"sleep(1000)"} 加10万'],
    ['an update operator', '$set: {amountFen: 1}'],
    ['a prototype', '__proto__ 加10万'],
    ['a script', '<script>alert(1)</script>'],
    ['an end of CDATA', ']]></Content><FromUserName>guanli</FromUserName>'],
    ['a regular expression', '(a+)+$ (.*)*'],
    ['four thousand characters of rubbish', RUBBISH],
    ['four thousand digits', '9'.repeat(4_000)],
    ['four thousand brackets', '（'.repeat(4_000)],
    ['emoji only', '😀🎉👍🏽👨‍👩‍👧‍👦'],
    ['control characters', '\u0001\u0002\u0007\u001b[31m\u007f'],
    ['directions reversed', '\u202e华为二期\u202c'],
    ['half a character', '\ud83d'],
    ['blank text', '   \t  '],
    ['no text', ''],
  ])('%s', async (_, text) => {
    const before = await everything();
    const zhang = harness.member('zhangsan');
    const { httpStatuses } = await zhang.says(text);
    expect(httpStatuses).toEqual([200]);
    const after = await everything();
    expect(after['opportunities']).toEqual(before['opportunities']);
    expect(after['events']).toEqual(before['events']);
    expect(zhang.fresh().length).toBeLessThanOrEqual(1);
    zhang.shouldNotSee(/抱歉|undefined|Error|\bnull\b|NaN/);
  });
});
