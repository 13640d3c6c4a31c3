import type { Answer, Api, Call, Server } from './call.js';
import { readMarkdown, readMedia, readNews, readText, readTextcard } from './content.js';
import { isReachable } from './directory.js';
import { Errcode, refuse } from './errcodes.js';
import { lengthInChars } from './fields.js';
import { opaqueId } from './ids.js';
import type { GroupChat, MessageBody } from './world.js';

const MAX_NAME_CHARS = 50;
const MAX_MEMBERS = 2000;
const CHATID_SHAPE = /^[0-9a-zA-Z]{1,32}$/;

/** appchat/*: groups the app created itself (应用群聊), paths 90245, 98913, 98914, 90248. */
export const groupChatApis: Api[] = [
  { path: 'appchat/create', method: 'POST', access: 'token', handle: createGroup },
  { path: 'appchat/update', method: 'POST', access: 'token', handle: updateGroup },
  { path: 'appchat/get', method: 'GET', access: 'token', handle: getGroup },
  { path: 'appchat/send', method: 'POST', access: 'token', handle: sendToGroup },
];

function createGroup({ server, body, now }: Call): Answer {
  checkRange(server);
  const name = body.text('name');
  checkName(name);
  const members = lowerCased(body.texts('userlist'));
  if (members.length < 2 || members.length > MAX_MEMBERS) {
    refuse(Errcode.groupSize, 'userlist needs 2 to 2000 members');
  }
  checkMembers(server, members);
  const owner = body.text('owner').toLowerCase() || (members[0] ?? '');
  if (!members.includes(owner)) refuse(Errcode.groupOwner, 'owner is not in userlist');
  const chatid = body.text('chatid') || opaqueId(16).replaceAll(/[-_]/g, 'x');
  if (!CHATID_SHAPE.test(chatid)) refuse(Errcode.invalidChatid, 'invalid chatid');
  const groups = server.world.state.groups;
  if (groups[chatid]) refuse(Errcode.chatidExists, 'chatid exists');
  if (!server.limits.admitGroupCreation(now)) refuse(Errcode.frequencyExceeded, 'over 1000/day');
  groups[chatid] = {
    chatid,
    name: name || '群聊',
    owner,
    members,
    kind: 'appchat',
    messages: [],
  };
  server.world.tell({ type: 'groups-changed' });
  return { chatid };
}

function updateGroup(call: Call): Answer {
  const { server, body, now } = call;
  checkRange(server);
  const group = ownGroup(server, body.text('chatid'));
  const name = body.text('name');
  checkName(name);
  const added = lowerCased(body.texts('add_user_list'));
  const removed = lowerCased(body.texts('del_user_list'));
  checkMembers(server, added);
  const owner = body.text('owner').toLowerCase();
  const members = [...new Set([...group.members, ...added])].filter(
    (userid) => !removed.includes(userid),
  );
  if (members.length < 2 || members.length > MAX_MEMBERS) {
    refuse(Errcode.groupSize, 'a group has 2 to 2000 members');
  }
  if (owner !== '' && !members.includes(owner)) refuse(Errcode.groupOwner, 'owner not in group');
  if (removed.includes(group.owner) && owner === '') {
    refuse(Errcode.groupOwner, 'removing the owner needs a new owner');
  }
  if (!server.limits.admitGroupChange(now)) refuse(Errcode.frequencyExceeded, 'over 1000/hour');
  Object.assign(group, { members, owner: owner || group.owner, name: name || group.name });
  server.world.tell({ type: 'groups-changed' });
  return {};
}

function getGroup({ server, query }: Call): Answer {
  const { chatid, name, owner, members } = ownGroup(server, query.get('chatid') ?? '');
  return { chat_info: { chatid, name, owner, userlist: members, chat_type: 0 } };
}

function sendToGroup(call: Call): Answer {
  const { server, body, now } = call;
  checkRange(server);
  const group = ownGroup(server, body.text('chatid'));
  const message = readGroupMessage(call);
  for (const unsupported of ['enable_duplicate_check', 'enable_id_trans']) {
    if (body.has(unsupported)) body.warn(unsupported, '群聊消息不支持这个字段');
  }
  if (!server.limits.admitAppchatSend(group.members.length, now)) {
    refuse(Errcode.frequencyExceeded, 'over 20000 person-times a minute');
  }
  const reached = group.members.filter((userid) => {
    if (server.limits.admitGroupMessage(userid, now)) return true;
    server.dropped.push({ at: now.toISOString(), userid, endpoint: 'appchat/send' });
    return false;
  });
  if (reached.length > 0) {
    server.world.showInGroup(group, message, { from: 'app', via: 'appchat/send' });
  }
  return {};
}

function readGroupMessage({ server, body, now }: Call): MessageBody {
  const type = body.text('msgtype');
  switch (type) {
    case 'text':
      return readText(body);
    case 'markdown':
      return readMarkdown(body, 2048);
    case 'textcard':
      return readTextcard(body, 'bytes');
    case 'news':
      return readNews(body);
    case 'image':
    case 'voice':
    case 'video':
    case 'file':
      return readMedia(body, type, server.world.state, now);
    default:
      // Template cards of every kind and markdown_v2 are not supported in groups.
      return refuse(Errcode.invalidMsgtype, 'invalid message type');
  }
}

function checkRange(server: Server): void {
  if (!server.visibleToAll) {
    refuse(Errcode.noAppchatPermission, 'visible range must be the root department');
  }
}

function ownGroup(server: Server, chatid: string): GroupChat {
  if (!CHATID_SHAPE.test(chatid)) refuse(Errcode.invalidChatid, 'invalid chatid');
  const group = server.world.state.groups[chatid];
  if (!group) return refuse(Errcode.chatidNotFound, 'chatid not found');
  if (group.kind !== 'appchat') refuse(Errcode.groupNotOurs, 'not a group of this app');
  return group;
}

function checkName(name: string): void {
  if (lengthInChars(name) > MAX_NAME_CHARS) refuse(Errcode.groupName, 'name over 50 characters');
}

function checkMembers(server: Server, userids: readonly string[]): void {
  for (const userid of userids) {
    const person = server.directory.find(userid);
    if (!person || !isReachable(person)) {
      refuse(Errcode.groupBadMember, `invalid member ${userid}`);
    }
  }
}

function lowerCased(userids: readonly string[]): string[] {
  return [...new Set(userids.map((userid) => userid.toLowerCase()))];
}
