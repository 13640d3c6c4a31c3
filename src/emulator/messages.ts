import { createHash } from 'node:crypto';
import { callsBack } from './card.js';
import { checkCard } from './card-rules.js';
import type { Answer, Api, Call, Server } from './call.js';
import {
  readMarkdown,
  readMedia,
  readNews,
  readText,
  readTextcard,
  translateIds,
} from './content.js';
import { isLicensed, isReachable } from './directory.js';
import { Errcode, refuse } from './errcodes.js';
import type { Fields } from './fields.js';
import { opaqueId } from './ids.js';
import type { MessageBody, SentMessage } from './world.js';

const DEFAULT_DUPLICATE_INTERVAL_S = 1800;
const MAX_DUPLICATE_INTERVAL_S = 14_400;
const RECALL_WINDOW_MS = 24 * 3600_000;

/** message/send and message/recall: paths 90236 and 94867. */
export const messageApis: Api[] = [
  { path: 'message/send', method: 'POST', access: 'token', handle: sendMessage },
  { path: 'message/recall', method: 'POST', access: 'token', handle: recallMessage },
];

function sendMessage(call: Call): Answer {
  const { server, body, now } = call;
  checkAgentId(server, body);
  body.flag('safe');
  const message = readMessage(call);
  const earlier = earlierAnswer(call);
  if (earlier) return earlier;
  if (message.kind === 'card') checkCardMaySend(server, message);
  const audience = resolveAudience(server, body);
  const sent = deliver(call, message, audience.reached);
  const answer: Answer = {
    invaliduser: audience.invalidUsers.join('|'),
    invalidparty: audience.invalidParties.join('|'),
    invalidtag: audience.invalidTags.join('|'),
    unlicenseduser: audience.unlicensed.join('|'),
    msgid: sent.msgid,
  };
  if (sent.card && callsBack(sent.card)) {
    answer['response_code'] = issueResponseCode(server, sent.msgid, now);
  }
  rememberForDuplicates(call, answer);
  return answer;
}

/** 40056 when agentid is missing, 301002 when it is another app's. */
export function checkAgentId(server: Server, body: Fields): void {
  const agentId = body.raw['agentid'];
  if (typeof agentId !== 'number') refuse(Errcode.invalidAgentId, 'invalid agentid');
  if (agentId !== server.app.agentId) {
    refuse(Errcode.tokenOfAnotherApp, 'access_token does not match agentid');
  }
}

/** A fresh code for one update of the card within 72 h. */
export function issueResponseCode(server: Server, msgid: string, now: Date): string {
  const code = opaqueId(32);
  server.world.state.responseCodes[code] = { msgid, issuedAt: now.getTime(), spent: false };
  return code;
}

function readMessage({ server, body, now }: Call): MessageBody {
  const translate = body.flag('enable_id_trans');
  const message = readByType(body, server, now);
  return translate ? translateIds(message, server.directory) : message;
}

function readByType(body: Fields, server: Server, now: Date): MessageBody {
  const type = body.text('msgtype');
  switch (type) {
    case 'text':
      return readText(body);
    case 'markdown':
      return readMarkdown(body, 2048);
    case 'textcard':
      return readTextcard(body, 'chars');
    case 'news':
      return readNews(body);
    case 'image':
    case 'voice':
    case 'video':
    case 'file':
      return readMedia(body, type, server.world.state, now);
    case 'template_card': {
      const card = body.object('template_card');
      if (!card) return refuse(Errcode.invalidParameter, 'template_card missing');
      return { kind: 'card', card: checkCard(card, 'send') };
    }
    default:
      return refuse(Errcode.invalidMsgtype, 'invalid message type');
  }
}

function checkCardMaySend(server: Server, message: MessageBody & { kind: 'card' }): void {
  if (callsBack(message.card) && server.callbackUrl() === undefined) {
    refuse(Errcode.callbackUrlMissing, 'app has no callback url');
  }
  const taskId = message.card.task_id;
  if (taskId !== undefined && server.world.state.tasks[taskId] !== undefined) {
    refuse(Errcode.cardTaskId, 'task_id already used');
  }
}

interface Audience {
  reached: string[];
  unlicensed: string[];
  invalidUsers: string[];
  invalidParties: string[];
  invalidTags: string[];
}

/** Who gets the message; 82001 when nobody was named, 81013 when nobody named is valid. */
function resolveAudience(server: Server, body: Fields): Audience {
  const userids = splitList(body.text('touser'));
  const parties = splitList(body.text('toparty'));
  const tags = splitList(body.text('totag'));
  if (userids.length > 1000) refuse(Errcode.userListTooLong, 'touser over 1000');
  if (parties.length > 100) refuse(Errcode.partyListTooLong, 'toparty over 100');
  if (tags.length > 100) refuse(Errcode.tagListTooLong, 'totag over 100');
  if (userids.length + parties.length + tags.length === 0) {
    refuse(Errcode.noReceiver, 'touser, toparty and totag are all empty');
  }
  if (userids.length === 1 && userids[0] === '@all') {
    const everyone = server.directory.all().filter(isReachable);
    return audienceOf(
      everyone.map((person) => person.userid.toLowerCase()),
      server,
      [],
      [],
      [],
    );
  }
  const named = userids.map((userid) => userid.toLowerCase());
  const isValid = (userid: string) => {
    const person = server.directory.find(userid);
    return person !== undefined && isReachable(person);
  };
  const invalidUsers = named.filter((userid) => !isValid(userid));
  const invalidParties = parties.filter((id) => !server.directory.department(Number(id)));
  const inParties = parties.flatMap((id) =>
    server.directory
      .withChildren(Number(id))
      .flatMap((department) => server.directory.membersOf(department.id))
      .filter(isReachable)
      .map((person) => person.userid.toLowerCase()),
  );
  const reached = [...new Set([...named.filter(isValid), ...inParties])];
  if (reached.length === 0) {
    refuse(Errcode.allReceiversInvalid, 'user & party & tag all invalid');
  }
  // The emulated company has no tags, so every tag is invalid.
  return audienceOf(reached, server, [...new Set(invalidUsers)], invalidParties, tags);
}

function audienceOf(
  userids: string[],
  server: Server,
  invalidUsers: string[],
  invalidParties: string[],
  invalidTags: string[],
): Audience {
  const hasLicence = (userid: string) => {
    const person = server.directory.find(userid);
    return person !== undefined && isLicensed(person);
  };
  return {
    reached: userids.filter(hasLicence),
    unlicensed: userids.filter((userid) => !hasLicence(userid)),
    invalidUsers,
    invalidParties,
    invalidTags,
  };
}

function splitList(list: string): string[] {
  return list.split('|').filter((item) => item !== '');
}

function deliver({ server, now }: Call, message: MessageBody, userids: string[]): SentMessage {
  const { world } = server;
  const msgid = opaqueId();
  const sent: SentMessage = { msgid, sentAt: now.getTime(), recipients: userids };
  if (message.kind === 'card') {
    sent.card = message.card;
    if (message.card.task_id !== undefined) {
      sent.taskId = message.card.task_id;
      world.state.tasks[message.card.task_id] = msgid;
    }
  }
  world.state.sent[msgid] = sent;
  for (const userid of userids) {
    if (server.limits.admitMessage(userid, now)) {
      world.show(userid, message, { from: 'app', via: 'message/send', msgid });
    } else {
      server.dropped.push({ at: now.toISOString(), userid, endpoint: 'message/send' });
    }
  }
  return sent;
}

/**
 * With enable_duplicate_check an identical request within the interval is not shown again. It is
 * answered like the first one, so that a sender that lost the answer still learns the codes.
 */
function earlierAnswer({ server, body, raw, now }: Call): Answer | undefined {
  if (!body.flag('enable_duplicate_check')) return undefined;
  const interval = body.integer('duplicate_check_interval') ?? DEFAULT_DUPLICATE_INTERVAL_S;
  if (interval < 0 || interval > MAX_DUPLICATE_INTERVAL_S) {
    body.warn('duplicate_check_interval', '最大不超过 4 小时');
  }
  const earlier = server.world.state.duplicates[fingerprint(raw)];
  return earlier && earlier.until > now.getTime() ? earlier.answer : undefined;
}

function rememberForDuplicates({ server, body, raw, now }: Call, answer: Answer): void {
  if (!body.flag('enable_duplicate_check')) return;
  server.world.forgetOldDuplicates();
  const interval = body.integer('duplicate_check_interval') ?? DEFAULT_DUPLICATE_INTERVAL_S;
  const seconds = Math.min(interval, MAX_DUPLICATE_INTERVAL_S);
  const until = now.getTime() + seconds * 1000;
  server.world.state.duplicates[fingerprint(raw)] = { until, answer };
}

function fingerprint(raw: Buffer): string {
  return createHash('sha256').update(raw).digest('base64url');
}

function recallMessage({ server, body, now }: Call): Answer {
  const sent = server.world.state.sent[body.text('msgid')];
  if (!sent) return refuse(Errcode.invalidParameter, 'msgid not found');
  if (now.getTime() - sent.sentAt > RECALL_WINDOW_MS) {
    refuse(Errcode.recallExpired, 'message is older than 24 hours');
  }
  sent.recalled = true;
  for (const userid of sent.recipients) {
    const copy = server.world.copyOf(sent.msgid, userid);
    if (copy) server.world.change(userid, copy, (message) => (message.recalled = true));
  }
  return {};
}
