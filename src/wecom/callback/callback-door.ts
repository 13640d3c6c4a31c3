import { randomBytes } from 'node:crypto';

import type { Incoming, PassiveAnswer } from '../../chat/index.js';
import { AppError, HOUR_MS } from '../../kernel/index.js';
import { passiveUpdateXml } from '../cards/passive-xml.js';
import { createEnvelope } from '../crypto/envelope.js';
import { isSameSignature, signatureOf } from '../crypto/signature.js';
import { incomingOf } from './incoming.js';
import type { XmlFields } from './xml.js';
import { malformed, readXml, refuseDeclarations, textOf } from './xml.js';

/** WeCom's own bodies are a few kB. */
export const MAX_BODY_BYTES = 256 * 1024;

/** As parsed from the URL, decoded once. */
export type CallbackQuery = Readonly<Record<string, string | string[] | undefined>>;

export interface CallbackRequest {
  query: CallbackQuery;
  rawBody: Buffer | string;
  now: Date;
}

export interface CallbackDoorOptions {
  token: string;
  encodingAesKey: string;
  corpId: string;
  agentId: number;
  /** How far the timestamp of a callback may lie from now, either way. */
  replayWindowMs?: number;
  /** Sixteen unguessable bytes; replaced in tests. */
  random?: () => Buffer;
}

/**
 * The one way in from WeCom. Nothing passes unverified, there is no switch that skips a check.
 * Whatever is refused is thrown as AppError `callback.*` with the HTTP status in `details.status`.
 */
export interface CallbackDoor {
  /**
   * Answers the URL verification: the plaintext to send back, exactly. Its timestamp is not held against the
   * clock: replaying it tells nothing, and a new server's clock may be off when the URL is saved.
   */
  verifyUrl(query: CallbackQuery): string;
  open(request: CallbackRequest): Incoming;
  /**
   * The body of the 200: '' for nothing to say, else the sealed and signed update of the tapped card.
   * @param nonce ours to choose; a fresh one when left out.
   */
  answer(passive: PassiveAnswer, incoming: Incoming, now: Date, nonce?: string): string;
}

export function createCallbackDoor(options: CallbackDoorOptions): CallbackDoor {
  const { token, corpId, agentId, replayWindowMs = HOUR_MS } = options;
  const random = options.random ?? (() => randomBytes(16));
  const envelope = createEnvelope(options.encodingAesKey);

  const verify = (signed: SignedQuery, encrypt: string): void => {
    const computed = signatureOf(token, signed.timestamp, signed.nonce, encrypt);
    if (!isSameSignature(signed.signature, computed)) {
      throw refused('bad-signature', 403, 'the signature does not match', {
        hint: 'Token here and in 接收消息 must be the same.',
      });
    }
  };

  const unseal = (encrypt: string): string => {
    const { message, receiveId } = envelope.open(encrypt);
    if (receiveId !== corpId) throw refused('foreign', 403, 'sealed for another receiver');
    return message;
  };

  const refuseForeign = (fields: XmlFields): void => {
    if (textOf(fields, 'ToUserName') !== corpId) {
      throw refused('foreign', 403, 'addressed to another company');
    }
    const agent = textOf(fields, 'AgentID');
    if (agent !== '' && agent !== String(agentId)) {
      throw refused('foreign', 403, 'addressed to another app');
    }
  };

  return {
    verifyUrl(query) {
      const echostr = parameter(query, 'echostr');
      verify(signedQueryOf(query), echostr);
      return unseal(echostr);
    },

    open({ query, rawBody, now }) {
      const signed = signedQueryOf(query);
      const envelopeXml = bodyText(rawBody);
      refuseDeclarations(envelopeXml);
      const outer = readXml(envelopeXml);
      const encrypt = textOf(outer, 'Encrypt');
      if (encrypt === '') throw malformed('there is no Encrypt');
      verify(signed, encrypt);
      refuseStale(signed.timestamp, now, replayWindowMs);
      refuseForeign(outer);

      const inner = readXml(unseal(encrypt));
      refuseForeign(inner);
      return incomingOf(inner);
    },

    answer(passive, incoming, now, nonce = random().toString('hex')) {
      if (passive.kind === 'none' || incoming.kind !== 'tap') return '';
      const seconds = Math.floor(now.getTime() / 1000);
      const reply = passiveUpdateXml(passive.card, {
        userid: incoming.from,
        corpId,
        createTime: seconds,
      });
      const encrypt = envelope.seal(reply, corpId, random());
      const signature = signatureOf(token, String(seconds), nonce, encrypt);
      return (
        `<xml><Encrypt><![CDATA[${encrypt}]]></Encrypt>` +
        `<MsgSignature><![CDATA[${signature}]]></MsgSignature>` +
        `<TimeStamp>${seconds}</TimeStamp><Nonce><![CDATA[${nonce}]]></Nonce></xml>`
      );
    },
  };
}

interface SignedQuery {
  signature: string;
  timestamp: string;
  nonce: string;
}

function signedQueryOf(query: CallbackQuery): SignedQuery {
  const signature = parameter(query, 'msg_signature');
  const timestamp = parameter(query, 'timestamp');
  const nonce = parameter(query, 'nonce');
  if (!/^\d{1,11}$/.test(timestamp)) {
    throw refused('bad-parameter', 400, 'timestamp is no unix time');
  }
  return { signature, timestamp, nonce };
}

function parameter(query: CallbackQuery, name: string): string {
  const value = query[name];
  if (typeof value === 'string' && value !== '') return value;
  throw refused('bad-parameter', 400, `${name} is missing or given twice`);
}

function bodyText(rawBody: Buffer | string): string {
  const bytes = Buffer.byteLength(rawBody);
  if (bytes > MAX_BODY_BYTES) throw refused('too-large', 413, `${bytes} bytes`);
  return typeof rawBody === 'string' ? rawBody : rawBody.toString('utf8');
}

/** Repeats come within seconds; an hour also forgives a clock that is off. Older ones were recorded. */
function refuseStale(timestamp: string, now: Date, windowMs: number): void {
  const ageMs = now.getTime() - Number(timestamp) * 1000;
  if (Math.abs(ageMs) <= windowMs) return;
  throw refused('stale', 403, `its timestamp is ${Math.round(ageMs / 1000)} s from now`, {
    hint: 'Check this server’s clock (NTP) unless someone replays old callbacks.',
  });
}

function refused(
  code: string,
  status: number,
  reason: string,
  { hint }: { hint?: string } = {},
): AppError {
  return new AppError(`callback refused: ${reason}`, {
    code: `callback.${code}`,
    details: { status, reason },
    ...(hint === undefined ? {} : { hint }),
  });
}
