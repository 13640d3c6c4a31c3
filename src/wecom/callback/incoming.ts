import type { Incoming } from '../../chat/index.js';
import { derivedId } from '../../kernel/index.js';
import type { XmlFields } from './xml.js';
import { fieldsOf, listOf, malformed, textOf } from './xml.js';

/** Longer texts are cut here: nothing worth reading in a chat line is that long. */
const MAX_TEXT_CHARS = 4_000;

type Media = Extract<Incoming, { kind: 'media' }>['media'];
type Kind = Incoming extends infer Each
  ? Each extends Incoming
    ? Omit<Each, 'key' | 'from' | 'at'>
    : never
  : never;

/** MsgType → our word. `file` is undocumented for self-built apps, yet some clients let people send one. */
const MEDIA: Record<string, Media> = {
  image: 'image',
  voice: 'voice',
  video: 'video',
  location: 'location',
  link: 'link',
  file: 'file',
};

/**
 * Translates decrypted fields into an Incoming, userids lower-cased. What is not known is `ignored`:
 * WeCom adds kinds of messages and events at any time.
 *
 * @throws AppError `callback.malformed` without sender, time or type.
 * @see https://developer.work.weixin.qq.com/document/path/90239 messages
 * @see https://developer.work.weixin.qq.com/document/path/90240 events
 */
export function incomingOf(xml: XmlFields): Incoming {
  const from = textOf(xml, 'FromUserName').toLowerCase();
  const type = textOf(xml, 'MsgType');
  const createTime = textOf(xml, 'CreateTime');
  if (from === '' || type === '') throw malformed('FromUserName or MsgType is missing');
  if (!/^\d{1,11}$/.test(createTime)) throw malformed('CreateTime is no unix time');

  const kind = type === 'event' ? eventOf(xml) : messageOf(xml, type);
  return { key: keyOf(xml, from, type), from, at: new Date(Number(createTime) * 1000), ...kind };
}

function messageOf(xml: XmlFields, type: string): Kind {
  if (type === 'text') return { kind: 'text', text: bounded(textOf(xml, 'Content')) };
  const media = MEDIA[type];
  if (!media) return { kind: 'ignored', what: `message:${type}` };
  return { kind: 'media', media, caption: bounded(textOf(xml, 'Label') || textOf(xml, 'Title')) };
}

function eventOf(xml: XmlFields): Kind {
  const event = textOf(xml, 'Event');
  switch (event) {
    case 'subscribe':
      return { kind: 'subscribed' };
    case 'unsubscribe':
      return { kind: 'unsubscribed' };
    case 'enter_agent':
      return { kind: 'opened' };
    case 'click':
      return { kind: 'menu', item: textOf(xml, 'EventKey') };
    case 'template_card_event':
    case 'template_card_menu_event':
      return {
        kind: 'tap',
        button: textOf(xml, 'EventKey'),
        cardId: textOf(xml, 'TaskId'),
        chosen: chosenIn(xml),
        responseCode: textOf(xml, 'ResponseCode'),
      };
    default:
      return { kind: 'ignored', what: `event:${event}` };
  }
}

function chosenIn(xml: XmlFields): Record<string, string[]> {
  const items = listOf(fieldsOf(xml, 'SelectedItems'), 'SelectedItem');
  return Object.fromEntries(
    items
      .filter((item): item is XmlFields => typeof item === 'object' && !Array.isArray(item))
      .map((item) => [
        textOf(item, 'QuestionKey'),
        listOf(fieldsOf(item, 'OptionIds'), 'OptionId').filter((id) => typeof id === 'string'),
      ]),
  );
}

/**
 * What makes a repeat recognisable. Messages have a MsgId. Events have none: their facts are hashed, so a
 * delivery repeated by WeCom has the same key, and a second tap a second later another. The ResponseCode
 * stays out: whether a repeat carries the same one is not documented.
 */
function keyOf(xml: XmlFields, from: string, type: string): string {
  const msgId = textOf(xml, 'MsgId');
  if (/^\d+$/.test(msgId)) return msgId;
  const facts = ['CreateTime', 'Event', 'EventKey', 'ChangeType', 'TaskId', 'Content', 'MediaId'];
  return derivedId(
    'cb',
    from,
    type,
    ...facts.map((name) => textOf(xml, name)),
    JSON.stringify(chosenIn(xml)),
  );
}

function bounded(text: string): string {
  if (text.length <= MAX_TEXT_CHARS) return text;
  return Array.from(text.slice(0, MAX_TEXT_CHARS * 2))
    .slice(0, MAX_TEXT_CHARS)
    .join('');
}
