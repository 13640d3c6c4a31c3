import { decrypt, encrypt, getSignature } from '@wecom/crypto';
import { randomBytes } from 'node:crypto';
import { Parser } from 'xml2js';

/** What the callback address of an app is protected with. */
export interface CallbackKeys {
  corpId: string;
  token: string;
  encodingAesKey: string;
}

/** The signed query and encrypted body of one callback. */
export interface SealedCallback {
  query: { msg_signature: string; timestamp: string; nonce: string };
  body: string;
}

/** Encrypts and signs a plaintext XML with Tencent's own library, so that our mistakes cannot agree with themselves. */
export function seal(
  keys: CallbackKeys,
  xml: string,
  agentId: number,
  now: Date,
  receiveId: string = keys.corpId,
): SealedCallback {
  const encrypted = encrypt(keys.encodingAesKey, xml, receiveId);
  const query = sign(keys, encrypted, now);
  const body =
    `<xml><ToUserName><![CDATA[${keys.corpId}]]></ToUserName>` +
    `<Encrypt><![CDATA[${encrypted}]]></Encrypt>` +
    `<AgentID><![CDATA[${agentId}]]></AgentID></xml>`;
  return { query, body };
}

/** The query of a URL verification and the plaintext that must come back. */
export function sealEcho(
  keys: CallbackKeys,
  now: Date,
): { query: SealedCallback['query'] & { echostr: string }; expected: string } {
  const expected = randomBytes(8).readBigUInt64BE().toString();
  const echostr = encrypt(keys.encodingAesKey, expected, keys.corpId);
  return { query: { ...sign(keys, echostr, now), echostr }, expected };
}

function sign(keys: CallbackKeys, encrypted: string, now: Date): SealedCallback['query'] {
  const timestamp = Math.floor(now.getTime() / 1000).toString();
  const nonce = randomBytes(5).readUIntBE(0, 5).toString();
  return {
    msg_signature: getSignature(keys.token, timestamp, nonce, encrypted),
    timestamp,
    nonce,
  };
}

/** Element name → text, element or, where it is repeated, a list of them. */
export interface XmlElement {
  [name: string]: XmlNode | XmlNode[];
}
export type XmlNode = string | XmlElement;

/**
 * Opens an encrypted passive reply: checks its signature and receiver and returns the parsed
 * plaintext. Throws an Error that says what is wrong with it.
 */
export async function openReply(
  keys: CallbackKeys,
  body: string,
): Promise<{ xml: string; root: XmlElement }> {
  const outer = await parseXml(body);
  const [encrypted, signature, timestamp, nonce] = [
    textOf(outer, 'Encrypt'),
    textOf(outer, 'MsgSignature'),
    textOf(outer, 'TimeStamp'),
    textOf(outer, 'Nonce'),
  ];
  if (!/^\d+$/.test(timestamp)) throw new Error(`TimeStamp is not a number: ${timestamp}`);
  if (getSignature(keys.token, timestamp, nonce, encrypted) !== signature) {
    throw new Error('MsgSignature does not match');
  }
  const { message, id } = decrypt(keys.encodingAesKey, encrypted);
  if (id !== keys.corpId) throw new Error(`receiveid is ${JSON.stringify(id)}, not the CorpID`);
  return { xml: message, root: await parseXml(message) };
}

async function parseXml(xml: string): Promise<XmlElement> {
  const parser = new Parser({ explicitArray: false, trim: false, explicitRoot: true });
  const parsed = (await parser.parseStringPromise(xml)) as Record<string, unknown> | null;
  const root = parsed?.['xml'];
  if (typeof root !== 'object' || root === null) throw new Error('the root is not <xml>');
  return root as XmlElement;
}

/** The text of a child that must be there, once, and hold text only. */
export function textOf(element: XmlElement, name: string): string {
  const value = element[name];
  if (typeof value !== 'string') throw new Error(`<${name}> is missing or not plain text`);
  return value;
}

/** One XML element with its text in CDATA; `]]>` inside is split so that it cannot end it. */
export function cdata(name: string, text: string): string {
  return `<${name}><![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]></${name}>`;
}
