import { checkCard } from './card-rules.js';
import type { Server } from './call.js';
import type { CardChange } from './card-updates.js';
import { changeCard } from './card-updates.js';
import type { CallbackKeys, XmlElement, XmlNode } from './envelope.js';
import { openReply, textOf } from './envelope.js';
import { cardFromXml } from './passive-card.js';
import { Fields, cutToBytes, lengthInBytes } from './fields.js';
import type { Warn } from './fields.js';
import { isInteractive } from './card.js';
import type { MessageBody } from './world.js';

const TEXT_MAX_BYTES = 2048;

/** What the app answered to a callback, once decrypted and checked. */
export type Passive =
  | { kind: 'message'; message: MessageBody; xml: string }
  | { kind: 'card-update'; change: CardChange; xml: string }
  /** Something the real WeCom would drop; the member sees nothing of it. */
  | { kind: 'rejected'; reason: string; body: string };

/** The callback that is being answered. */
export interface Asked {
  userid: string;
  /** Set for taps on a card: which sending was tapped, and the code the tap brought. */
  tap?: { msgid: string; responseCode: string };
  /** template_card_event may only be answered by an update of that card. */
  onlyCardUpdates: boolean;
}

/**
 * Reads the body of a 200 answer: null when there is nothing to say. A reply that is not signed,
 * not encrypted for this company, or not of a kind this callback allows is rejected with a reason.
 */
export async function readPassive(
  keys: CallbackKeys,
  body: string,
  asked: Asked,
  server: Server,
  warn: Warn,
): Promise<Passive | null> {
  if (body === '') return null;
  if (body.trim() === 'success') {
    warn('body', '应用消息文档只写了空串，success 是否被忽略未经证实');
    return null;
  }
  try {
    const { xml, root } = await openReply(keys, body);
    checkAddresses(root, keys, asked);
    return { ...readReply(root, asked, server, warn), xml };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    warn('passive', `被动回复不合规：${reason}`);
    return { kind: 'rejected', reason, body };
  }
}

function checkAddresses(root: XmlElement, keys: CallbackKeys, asked: Asked): void {
  if (textOf(root, 'ToUserName').toLowerCase() !== asked.userid.toLowerCase()) {
    throw new Error('ToUserName is not the member who sent the callback');
  }
  if (textOf(root, 'FromUserName') !== keys.corpId) throw new Error('FromUserName is not CorpID');
  if (!/^\d+$/.test(textOf(root, 'CreateTime'))) throw new Error('CreateTime is not a number');
}

type Reply =
  { kind: 'message'; message: MessageBody } | { kind: 'card-update'; change: CardChange };

function readReply(root: XmlElement, asked: Asked, server: Server, warn: Warn): Reply {
  const type = textOf(root, 'MsgType');
  if (type === 'update_button' || type === 'update_template_card') {
    if (!asked.tap) throw new Error(`${type} answers a tap on a card only`);
    return { kind: 'card-update', change: readChange(root, type, asked, server, warn) };
  }
  if (asked.onlyCardUpdates) throw new Error(`a tap cannot be answered with ${type}`);
  if (type === 'text') return { kind: 'message', message: readPassiveText(root, warn) };
  if (type === 'news') return { kind: 'message', message: readPassiveNews(root) };
  throw new Error(`${type} is not available as a passive reply`);
}

function readChange(
  root: XmlElement,
  type: string,
  asked: Asked,
  server: Server,
  warn: Warn,
): CardChange {
  if (type === 'update_button') {
    const sent = server.world.state.sent[asked.tap?.msgid ?? ''];
    if (!sent?.card || !isInteractive(sent.card.card_type)) {
      throw new Error('this card has no button to replace');
    }
    const replaceName = textOf(child(root, 'Button'), 'ReplaceName');
    if (replaceName === '') throw new Error('ReplaceName is empty');
    return { replaceName };
  }
  const json = cardFromXmlOf(root);
  return { card: checkCard(new Fields(json, 'TemplateCard', warn), 'update') };
}

function cardFromXmlOf(root: XmlElement): Record<string, unknown> {
  return cardFromXml(child(root, 'TemplateCard'));
}

function readPassiveText(root: XmlElement, warn: Warn): MessageBody {
  const content = textOf(root, 'Content');
  if (lengthInBytes(content) > TEXT_MAX_BYTES) warn('Content', '最长 2048 字节，已截断');
  return { kind: 'text', content: cutToBytes(content, TEXT_MAX_BYTES) };
}

function readPassiveNews(root: XmlElement): MessageBody {
  const item = child(root, 'Articles')['item'];
  const items = item === undefined ? [] : Array.isArray(item) ? item : [item];
  if (Number(textOf(root, 'ArticleCount')) !== items.length || items.length < 1) {
    throw new Error('ArticleCount does not match the articles');
  }
  return {
    kind: 'news',
    articles: items.map((article) => {
      const element = asElement(article);
      return {
        title: textOf(element, 'Title'),
        description: textOf(element, 'Description'),
        picurl: textOf(element, 'PicUrl'),
        url: textOf(element, 'Url'),
      };
    }),
  };
}

function child(element: XmlElement, name: string): XmlElement {
  const node = element[name];
  if (node === undefined || Array.isArray(node)) throw new Error(`<${name}> is missing`);
  return asElement(node);
}

function asElement(node: XmlNode): XmlElement {
  return typeof node === 'string' ? {} : node;
}

/**
 * Shows the effect of a passive reply to the one who asked. A card update changes that member's
 * copy only, and uses the tap's response_code up (whether it does is not documented: the stricter
 * reading is taken).
 */
export function applyPassive(server: Server, asked: Asked, passive: Passive): void {
  if (passive.kind === 'message') {
    server.world.show(asked.userid, passive.message, { from: 'app', via: 'passive' });
  }
  if (passive.kind === 'card-update' && asked.tap) {
    changeCard(server, asked.tap.msgid, asked.userid, passive.change);
    const code = server.world.state.responseCodes[asked.tap.responseCode];
    if (code) code.spent = true;
  }
}
