import { describe, expect, test } from '@jest/globals';
import { decrypt, encrypt, getSignature } from '@wecom/crypto';
import fc from 'fast-check';
import { parseStringPromise } from 'xml2js';

import { VECTORS } from '../../../test/support/wecom-vectors.js';
import type { Card, Incoming } from '../../chat/index.js';
import { AppError } from '../../kernel/index.js';
import type { CallbackQuery } from './callback-door.js';
import { createCallbackDoor } from './callback-door.js';

const TOKEN = 'QDG6eK';
const KEY = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C';
const CORP = 'wx5823bf96d3bd56c7';
const NOW = new Date('2026-03-12T10:00:00+08:00');
const SECONDS = String(NOW.getTime() / 1000);

const door = createCallbackDoor({
  token: TOKEN,
  encodingAesKey: KEY,
  corpId: CORP,
  agentId: 218,
  random: () => Buffer.from('0123456789abcdef'),
});

function signed(sealed: string, timestamp = SECONDS, nonce = 'n1'): CallbackQuery {
  return { msg_signature: getSignature(TOKEN, timestamp, nonce, sealed), timestamp, nonce };
}

function wrap(sealed: string, { to = CORP, agent = '218', before = '' } = {}): string {
  return `${before}<xml><ToUserName><![CDATA[${to}]]></ToUserName><AgentID><![CDATA[${agent}]]></AgentID><Encrypt><![CDATA[${sealed}]]></Encrypt></xml>`;
}

interface Delivery {
  receiveId?: string;
  timestamp?: string;
}

function deliver(
  inner: string,
  { receiveId = CORP, timestamp = SECONDS }: Delivery = {},
): Incoming {
  const sealed = encrypt(KEY, inner, receiveId);
  return door.open({ query: signed(sealed, timestamp), rawBody: wrap(sealed), now: NOW });
}

/** A plaintext as WeCom writes it; a field given as '' is left out. */
function inner(fields: Record<string, string>): string {
  const all: Record<string, string> = {
    ToUserName: CORP,
    FromUserName: 'ZhangSan',
    CreateTime: '1773280800',
    MsgType: 'text',
    AgentID: '218',
    ...fields,
  };
  const elements = Object.entries(all)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => {
      const isRaw = value.startsWith('<') && !value.startsWith('<!');
      const typed = value.replaceAll(']]>', ']]]]><![CDATA[>');
      return `<${name}>${isRaw ? value : `<![CDATA[${typed}]]>`}</${name}>`;
    });
  return `<xml>${elements.join('')}</xml>`;
}

function refusal(attempt: () => unknown): { code: string; status: unknown } {
  try {
    attempt();
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, status: error.details['status'] };
    throw error;
  }
  throw new Error('it was not refused');
}

describe('URL verification', () => {
  test.each(VECTORS.filter(({ name }) => name.includes('URL verification')))(
    'vector $name is answered with its plaintext',
    (vector) => {
      const own = createCallbackDoor({
        token: vector.token,
        encodingAesKey: vector.aesKey,
        corpId: vector.receiveId,
        agentId: 1,
      });
      const query = {
        msg_signature: vector.signature,
        timestamp: vector.timestamp,
        nonce: vector.nonce,
        echostr: vector.encrypt,
      };
      expect(own.verifyUrl(query)).toBe(vector.message);
      expect(refusal(() => own.verifyUrl({ ...query, nonce: '437374424' }))).toEqual({
        code: 'callback.bad-signature',
        status: 403,
      });
    },
  );

  test('without echostr, or with a foreign one, it is refused', () => {
    expect(refusal(() => door.verifyUrl(signed('x'))).code).toBe('callback.bad-parameter');
    const foreign = encrypt(KEY, '123', 'another corp');
    const query = { ...signed(foreign), echostr: foreign };
    expect(refusal(() => door.verifyUrl(query)).code).toBe('callback.foreign');
  });
});

describe('messages', () => {
  test('the official sample arrives as a text', () => {
    const b = VECTORS.find(({ name }) => name.startsWith('B'));
    const incoming = door.open({
      query: {
        msg_signature: b?.signature ?? '',
        timestamp: b?.timestamp ?? '',
        nonce: b?.nonce ?? '',
      },
      rawBody: Buffer.from(wrap(b?.encrypt ?? '')),
      now: new Date(1409659813_000),
    });
    expect(incoming).toEqual({
      key: '4561255354251345929',
      from: 'mycreate',
      at: new Date(1409659813_000),
      kind: 'text',
      text: 'hello',
    });
  });

  test.each([
    '12',
    '007',
    '1e3',
    'true',
    '  两边 有空格  ',
    'a]]b & <c> "d"',
    '<!DOCTYPE html><!ENTITY x "y">',
    '<!-- ]]> --> <!DOCTYPE html> ]]>',
    '{"$gt":""}',
    '😀👨‍👩‍👧',
    '',
  ])('the text %j is kept as it was typed', (text) => {
    // '' is left out by inner(): WeCom sends an empty element.
    const xml = inner({ Content: text, MsgId: '1' });
    const body = text === '' ? xml.replace('<MsgId>', '<Content></Content><MsgId>') : xml;
    expect(deliver(body)).toMatchObject({ kind: 'text', text });
  });

  test('of a very long text the first 4000 characters are kept, emoji whole', () => {
    const incoming = deliver(inner({ Content: '😀'.repeat(5000), MsgId: '1' }));
    expect(incoming).toMatchObject({ kind: 'text', text: '😀'.repeat(4000) });
  });

  test('userids are lower-cased, for WeCom does not tell cases apart', () => {
    expect(deliver(inner({ MsgId: '1' })).from).toBe('zhangsan');
  });

  test.each([
    ['image', 'image', {}, ''],
    ['voice', 'voice', { Format: 'amr' }, ''],
    ['video', 'video', {}, ''],
    ['location', 'location', { Label: '深圳市南山区' }, '深圳市南山区'],
    ['link', 'link', { Title: '一篇文章', Description: '……' }, '一篇文章'],
    ['file', 'file', { Title: '报价.pdf' }, '报价.pdf'],
  ])('a message of type %s is media', (type, media, fields, caption) => {
    const xml = inner({ MsgType: type, MsgId: '7', ...fields });
    expect(deliver(xml)).toMatchObject({ kind: 'media', media, caption });
  });

  test('an unknown type of message is ignored, not refused', () => {
    expect(deliver(inner({ MsgType: 'hologram', MsgId: '7' }))).toMatchObject({
      kind: 'ignored',
      what: 'message:hologram',
    });
  });
});

describe('events', () => {
  const event = (name: string, fields: Record<string, string> = {}): Incoming =>
    deliver(inner({ MsgType: 'event', Event: name, ...fields }));

  test.each([
    ['subscribe', { kind: 'subscribed' }],
    ['unsubscribe', { kind: 'unsubscribed' }],
    ['enter_agent', { kind: 'opened' }],
    ['LOCATION', { kind: 'ignored', what: 'event:LOCATION' }],
    ['inactive_alert', { kind: 'ignored', what: 'event:inactive_alert' }],
    ['something_new', { kind: 'ignored', what: 'event:something_new' }],
  ])('%s', (name, expected) => {
    expect(event(name)).toMatchObject(expected);
  });

  test('a menu button brings its key', () => {
    expect(event('click', { EventKey: '今日待办' })).toMatchObject({
      kind: 'menu',
      item: '今日待办',
    });
  });

  const tap = (fields: Record<string, string> = {}): Incoming =>
    event('template_card_event', {
      EventKey: 'approve:apv_1',
      TaskId: 'ntc_1',
      CardType: 'button_interaction',
      ResponseCode: 'code-1',
      ...fields,
    });

  test('a tapped button brings its key, its card and the code that updates it', () => {
    expect(tap()).toMatchObject({
      kind: 'tap',
      from: 'zhangsan',
      button: 'approve:apv_1',
      cardId: 'ntc_1',
      chosen: {},
      responseCode: 'code-1',
    });
  });

  test('chosen options are lists, be there one or several', () => {
    const item = (key: string, ...ids: string[]): string =>
      `<SelectedItem><QuestionKey>${key}</QuestionKey><OptionIds>${ids
        .map((id) => `<OptionId>${id}</OptionId>`)
        .join('')}</OptionIds></SelectedItem>`;
    expect(tap({ SelectedItems: item('q1', '1') })).toMatchObject({ chosen: { q1: ['1'] } });
    expect(tap({ SelectedItems: item('q1', 'a', 'b') + item('q2', '007') })).toMatchObject({
      chosen: { q1: ['a', 'b'], q2: ['007'] },
    });
  });

  test('an item of the card’s menu is a tap as well', () => {
    const item = event('template_card_menu_event', { EventKey: 'mute', TaskId: 'ntc_1' });
    expect(item).toMatchObject({ kind: 'tap', button: 'mute', cardId: 'ntc_1' });
  });

  test('a delivery repeated by WeCom has the same key, signed anew or not', () => {
    const later = String(Number(SECONDS) + 6);
    const xml = inner({ MsgType: 'event', Event: 'click', EventKey: '帮助' });
    expect(deliver(xml, { timestamp: later }).key).toBe(deliver(xml).key);
    expect(tap({ ResponseCode: 'code-2' }).key).toBe(tap().key);
  });

  test('another second, person, button, card or choice has another key', () => {
    const choice = '<SelectedItem><QuestionKey>q</QuestionKey><OptionIds/></SelectedItem>';
    const keys = [
      tap(),
      tap({ CreateTime: '1773280801' }),
      tap({ FromUserName: 'LiSi' }),
      tap({ EventKey: 'reject:apv_1' }),
      tap({ TaskId: 'ntc_2' }),
      tap({ SelectedItems: choice }),
      event('enter_agent'),
    ].map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('refused', () => {
  const good = encrypt(KEY, inner({ Content: 'x', MsgId: '1' }), CORP);
  const open = (query: CallbackQuery, rawBody: string): unknown =>
    door.open({ query, rawBody, now: NOW });

  test.each(['msg_signature', 'timestamp', 'nonce'])('a request without %s', (name) => {
    const query = { ...signed(good), [name]: undefined };
    expect(refusal(() => open(query, wrap(good)))).toEqual({
      code: 'callback.bad-parameter',
      status: 400,
    });
    const twice = { ...signed(good), [name]: ['a', 'b'] };
    expect(refusal(() => open(twice, wrap(good))).code).toBe('callback.bad-parameter');
  });

  test('a timestamp that is no number', () => {
    expect(refusal(() => open(signed(good, 'soon'), wrap(good))).code).toBe(
      'callback.bad-parameter',
    );
  });

  test.each([
    ['another token', getSignature('other', SECONDS, 'n1', good)],
    ['upper case', getSignature(TOKEN, SECONDS, 'n1', good).toUpperCase()],
    ['a truncated one', getSignature(TOKEN, SECONDS, 'n1', good).slice(0, 39)],
  ])('a signature made with %s', (_name, msg_signature) => {
    expect(refusal(() => open({ ...signed(good), msg_signature }, wrap(good)))).toEqual({
      code: 'callback.bad-signature',
      status: 403,
    });
  });

  test.each([
    ['an hour and a second old', -3601],
    ['an hour and a second ahead', 3601],
  ])('a callback %s', (_name, offset) => {
    const timestamp = String(Number(SECONDS) + offset);
    expect(refusal(() => open(signed(good, timestamp), wrap(good)))).toEqual({
      code: 'callback.stale',
      status: 403,
    });
  });

  test('but not one that is just an hour old', () => {
    const timestamp = String(Number(SECONDS) - 3600);
    expect(open(signed(good, timestamp), wrap(good))).toMatchObject({ kind: 'text' });
  });

  test.each([
    ['an unencrypted body', inner({ Content: 'x', MsgId: '1' }), 'callback.malformed'],
    ['an empty body', '', 'callback.malformed'],
    ['JSON', '{"encrypt":"x"}', 'callback.malformed'],
    ['an unclosed element', `<xml><Encrypt>${good}`, 'callback.malformed'],
    [
      'two Encrypts',
      wrap(good).replace('</xml>', '<Encrypt>x</Encrypt></xml>'),
      'callback.malformed',
    ],
    ['a body over 256 kB', wrap('A'.repeat(262_144)), 'callback.too-large'],
    ['a DOCTYPE', wrap(good, { before: '<!DOCTYPE x>' }), 'callback.unsafe-xml'],
    ['an entity', wrap(good, { before: '<!doctype x [<!ENTITY a "b">]>' }), 'callback.unsafe-xml'],
    ['a DOCTYPE in CDATA', wrap(`<!DOCTYPE ${good}`), 'callback.unsafe-xml'],
    ['another company', wrap(good, { to: 'ww0' }), 'callback.foreign'],
    ['another app', wrap(good, { agent: '219' }), 'callback.foreign'],
    ['a broken ciphertext', wrap('A'.repeat(44)), 'callback.bad-ciphertext'],
  ])('%s', (_name, body, code) => {
    const sealed = /<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(body)?.[1] ?? good;
    const { code: actual, status } = refusal(() => open(signed(sealed), body));
    expect(actual).toBe(code);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });

  test.each([
    ['for another receiver', inner({ MsgId: '1' }), 'corp0', 'callback.foreign'],
    ['for nobody', inner({ MsgId: '1' }), '', 'callback.foreign'],
    ['addressed to another company', inner({ ToUserName: 'ww0' }), CORP, 'callback.foreign'],
    ['addressed to another app', inner({ AgentID: '219' }), CORP, 'callback.foreign'],
    ['with a DOCTYPE', `<!DOCTYPE x>${inner({})}`, CORP, 'callback.unsafe-xml'],
    [
      'with an entity bomb',
      `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${inner({ Content: '&b;' })}`,
      CORP,
      'callback.unsafe-xml',
    ],
    ['with an undeclared entity', '<xml><A>&boom;</A></xml>', CORP, 'callback.malformed'],
    ['without a sender', inner({ FromUserName: '' }), CORP, 'callback.malformed'],
    ['without a time', inner({ CreateTime: '' }), CORP, 'callback.malformed'],
    ['that is no XML', 'hello', CORP, 'callback.malformed'],
  ])('a correctly signed body %s', (_name, xml, receiveId, code) => {
    expect(refusal(() => deliver(xml, { receiveId })).code).toBe(code);
  });
});

describe('whatever is thrown at it', () => {
  const markup = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          ...['<xml>', '</xml>', '<A>', '</A>', '<A/>', '<![CDATA[', ']]>', '<!--', '-->', '<?x'],
          ...['?>', '&amp;', '&x;', '&#0;', '&#xd800;', '<Encrypt>', '</Encrypt>', '<MsgType>text'],
          ...['</MsgType>', '<__proto__>', '</__proto__>', '<A b="c">', '\ufeff', '\u0000', '<'],
        ),
        fc.string({ unit: 'binary', maxLength: 8 }),
      ),
      { maxLength: 14 },
    )
    .map((parts) => parts.join(''));

  test('a body is opened or refused with 4xx, before the signature and after it', () => {
    fc.assert(
      fc.property(markup, fc.boolean(), (xml, isSigned) => {
        try {
          if (isSigned) deliver(xml);
          else door.open({ query: signed('x'), rawBody: xml, now: NOW });
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
          const { details } = error as AppError;
          expect([400, 403]).toContain(details['status']);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('answers', () => {
  const tap: Incoming = {
    key: 'k',
    from: 'zhangsan',
    at: NOW,
    kind: 'tap',
    button: 'approve:1',
    cardId: 'c',
    chosen: {},
    responseCode: 'r',
  };
  const card: Card = {
    source: '商机审批',
    title: '华为二期 ]]> <b>',
    rows: [{ label: '金额', value: '¥3,000,000' }],
    buttons: [],
    settled: '张三 已同意 10:00',
  };

  test('nothing to say is an empty body', () => {
    expect(door.answer({ kind: 'none' }, tap, NOW)).toBe('');
    expect(door.answer({ kind: 'card', card }, { ...tap, kind: 'opened' }, NOW)).toBe('');
  });

  test('a tap is answered with a sealed update that Tencent’s own code verifies and opens', async () => {
    const xml = door.answer({ kind: 'card', card }, tap, NOW, 'nonce');
    const { xml: reply } = (await parseStringPromise(xml, { explicitArray: false })) as {
      xml: Record<string, string>;
    };
    const { Encrypt = '', MsgSignature, TimeStamp = '', Nonce = '' } = reply;
    expect(getSignature(TOKEN, TimeStamp, Nonce, Encrypt)).toBe(MsgSignature);
    expect(Nonce).toBe('nonce');
    const opened = decrypt(KEY, Encrypt);
    expect(opened.id).toBe(CORP);
    const { xml: update } = (await parseStringPromise(opened.message, {
      explicitArray: false,
    })) as { xml: Record<string, unknown> };
    expect(update).toMatchObject({
      ToUserName: 'zhangsan',
      FromUserName: CORP,
      CreateTime: SECONDS,
      MsgType: 'update_template_card',
      TemplateCard: {
        CardType: 'button_interaction',
        MainTitle: { Title: '华为二期 ]]> <b>' },
        HorizontalContentList: { KeyName: '金额', Value: '¥3,000,000' },
        ReplaceText: '张三 已同意 10:00',
      },
    });
    expect(update).not.toHaveProperty('TemplateCard.TaskId');
  });

  test('the same card at the same moment gives the same bytes, so a repeat gets the first answer', () => {
    const answer = (): string => door.answer({ kind: 'card', card }, tap, NOW);
    expect(answer()).toBe(answer());
  });
});
