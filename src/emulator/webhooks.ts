import { createHash } from 'node:crypto';
import { checkCard } from './card-rules.js';
import type { Answer, Api, Call, Server } from './call.js';
import { readMarkdown, readNews, readText } from './content.js';
import { Errcode, refuse } from './errcodes.js';
import type { Fields } from './fields.js';
import { storeUpload } from './media.js';
import { opaqueId } from './ids.js';
import type { GroupChat, MessageBody } from './world.js';

const MARKDOWN_MAX_BYTES = 4096;
const IMAGE_MAX_BYTES = 2 * 1024 * 1024;

/** webhook/*: group message push (消息推送, formerly 群机器人), path 91770. The key in the URL is the only credential. */
export const webhookApis: Api[] = [
  { path: 'webhook/send', method: 'POST', access: 'open', handle: sendByWebhook },
  { path: 'webhook/upload_media', method: 'POST', access: 'open-upload', handle: uploadForWebhook },
];

function sendByWebhook(call: Call): Answer {
  const { server, now } = call;
  const group = groupOf(call);
  const message = readWebhookMessage(call);
  if (!server.limits.admitWebhook(group.chatid, now)) {
    refuse(Errcode.frequencyExceeded, 'api freq out of limit');
  }
  server.world.showInGroup(group, message, { from: 'app', via: 'webhook/send' });
  return {};
}

async function uploadForWebhook(call: Call): Promise<Answer> {
  const group = groupOf(call);
  const type = call.query.get('type');
  if (type !== 'file' && type !== 'voice') refuse(Errcode.wrongMediaType, 'invalid type');
  return storeUpload(call, type, group.webhookKey);
}

/** 93000 for an unknown key. */
function groupOf({ server, query }: Call): GroupChat {
  const group = groupWithKey(server, query.get('key') ?? '');
  return group ?? refuse(Errcode.webhookKey, 'invalid webhook url');
}

export function groupWithKey(server: Server, key: string): GroupChat | undefined {
  return server.world.state.groups[chatidOfKey(key)];
}

/** A webhook group is stored under a name derived from its key, so that the key itself is not shown. */
function chatidOfKey(key: string): string {
  return `hook${createHash('sha256').update(key).digest('hex').slice(0, 12)}`;
}

function readWebhookMessage(call: Call): MessageBody {
  const { body } = call;
  const type = body.text('msgtype');
  switch (type) {
    case 'text':
      checkNotEmpty(body.object('text'));
      return readText(body);
    case 'markdown':
      checkNotEmpty(body.object('markdown'));
      return readMarkdown(body, MARKDOWN_MAX_BYTES);
    case 'markdown_v2':
      return readMarkdownV2(body);
    case 'news':
      return readNews(body);
    case 'template_card': {
      const card = body.object('template_card');
      if (!card) return refuse(Errcode.invalidParameter, 'template_card missing');
      return { kind: 'card', card: checkCard(card, 'webhook') };
    }
    case 'image':
      return readInlineImage(body);
    case 'file':
    case 'voice':
      return readWebhookMedia(call, type);
    default:
      return refuse(Errcode.invalidMsgtype, 'invalid message type');
  }
}

function checkNotEmpty(payload: Fields | undefined): void {
  if (!payload || payload.text('content') === '') refuse(Errcode.webhookEmpty, 'content empty');
}

function readMarkdownV2(body: Fields): MessageBody {
  const payload = body.object('markdown_v2');
  checkNotEmpty(payload);
  payload?.limitBytes('content', MARKDOWN_MAX_BYTES);
  const content = payload?.text('content') ?? '';
  if (/<font /.test(content)) payload?.warn('content', 'markdown_v2 不支持字体颜色');
  if (/<@[^>]+>/.test(content)) payload?.warn('content', 'markdown_v2 不支持 @');
  return { kind: 'markdown', content, version: 2 };
}

function readInlineImage(body: Fields): MessageBody {
  const image = body.object('image') ?? refuse(Errcode.webhookEmpty, 'image missing');
  const bytes = Buffer.from(image.text('base64'), 'base64');
  if (bytes.length === 0) refuse(Errcode.webhookEmpty, 'image empty');
  if (bytes.length > IMAGE_MAX_BYTES) refuse(Errcode.webhookImageTooLarge, 'image over 2 MB');
  if (createHash('md5').update(bytes).digest('hex') !== image.text('md5').toLowerCase()) {
    refuse(Errcode.invalidParameter, 'image.md5 does not match');
  }
  return { kind: 'image', mediaId: `inline-${image.text('md5')}` };
}

function readWebhookMedia(call: Call, kind: 'file' | 'voice'): MessageBody {
  const mediaId = call.body.object(kind)?.text('media_id') ?? '';
  const stored = call.server.world.state.media[mediaId];
  if (stored?.webhookKey !== call.query.get('key'))
    return refuse(Errcode.invalidMediaId, 'invalid media_id');
  return { kind, mediaId, title: stored.filename };
}

/**
 * Puts a webhook into a group and gives its key.
 * @param key to keep the same URL across restarts; invented when absent.
 */
export function registerWebhook(
  server: Server,
  group: { name: string; members?: readonly string[]; key?: string },
): string {
  const key = group.key ?? opaqueId(18);
  const groups = server.world.state.groups;
  const chatid = chatidOfKey(key);
  if (!groups[chatid]) {
    const members = (group.members ?? []).map((userid) => userid.toLowerCase());
    groups[chatid] = {
      chatid,
      name: group.name,
      owner: members[0] ?? '',
      members,
      kind: 'webhook',
      webhookKey: key,
      messages: [],
    };
    server.world.tell({ type: 'groups-changed' });
  }
  return key;
}
