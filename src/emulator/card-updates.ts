import type { TemplateCard } from './card.js';
import { isInteractive } from './card.js';
import { checkCard } from './card-rules.js';
import type { Answer, Api, Call, Server } from './call.js';
import { translateIds } from './content.js';
import { Errcode, refuse } from './errcodes.js';
import type { Fields } from './fields.js';
import { checkAgentId } from './messages.js';
import type { ResponseCode, SentMessage } from './world.js';

const RESPONSE_CODE_TTL_MS = 72 * 3600_000;

/** message/update_template_card: path 94888. */
export const cardUpdateApis: Api[] = [
  { path: 'message/update_template_card', method: 'POST', access: 'token', handle: updateCard },
];

/** The new look of a card: one grey button, or another card altogether. */
export type CardChange = { replaceName: string } | { card: TemplateCard };

function updateCard(call: Call): Answer {
  const { server, body } = call;
  checkAgentId(server, body);
  const { code, sent } = openCode(call);
  const change = readChange(body, server, sent);
  const targets = resolveTargets(server, body, sent);
  code.spent = true;
  for (const userid of targets.valid) changeCard(server, sent.msgid, userid, change);
  return { invaliduser: targets.invalid };
}

function openCode({ server, body, now }: Call): { code: ResponseCode; sent: SentMessage } {
  const given = body.text('response_code');
  const code = server.world.state.responseCodes[given];
  if (!code || code.spent || now.getTime() - code.issuedAt > RESPONSE_CODE_TTL_MS) {
    return refuse(Errcode.responseCodeInvalid, 'response_code invalid, used or older than 72 h');
  }
  const sent = server.world.state.sent[code.msgid];
  if (!sent) return refuse(Errcode.cardTaskNotFound, 'task_id not found');
  return { code, sent };
}

function readChange(body: Fields, server: Server, sent: SentMessage): CardChange {
  const card = body.object('template_card');
  const button = body.object('button');
  if (card) {
    if (button) body.warn('button', '已给出 template_card，button 会被忽略');
    const checked = checkCard(card, 'update');
    return {
      card: body.flag('enable_id_trans') ? translateIds(checked, server.directory) : checked,
    };
  }
  if (!button) return refuse(Errcode.emptyParameter, 'neither button nor template_card given');
  if (!sent.card || !isInteractive(sent.card.card_type)) {
    refuse(Errcode.invalidParameter, 'this card has no button to replace');
  }
  const replaceName = button.text('replace_name');
  if (replaceName === '') refuse(Errcode.cardNameMissing, 'button.replace_name missing');
  return { replaceName };
}

/** 82101 when no target is named, 82102 when none of them received the card. */
function resolveTargets(server: Server, body: Fields, sent: SentMessage) {
  if (body.integer('atall') === 1) return { valid: sent.recipients, invalid: [] };
  const userids = body.texts('userids').map((userid) => userid.toLowerCase());
  const parties = body.integers('partyids');
  const tags = body.integers('tagids');
  if (userids.length > 1000) refuse(Errcode.userListTooLong, 'userids over 1000');
  if (parties.length > 100) refuse(Errcode.partyListTooLong, 'partyids over 100');
  if (tags.length > 100) refuse(Errcode.tagListTooLong, 'tagids over 100');
  const inParties = parties
    .flatMap((id) => server.directory.withChildren(id))
    .flatMap((department) => server.directory.membersOf(department.id))
    .map((person) => person.userid.toLowerCase());
  if (userids.length + parties.length + tags.length === 0) {
    refuse(Errcode.updateTargetEmpty, 'update target empty');
  }
  const named = [...new Set([...userids, ...inParties])];
  const valid = named.filter((userid) => sent.recipients.includes(userid));
  if (valid.length === 0) {
    refuse(Errcode.updateTargetNotRecipient, 'target is not a recipient of the card');
  }
  return { valid, invalid: userids.filter((userid) => !sent.recipients.includes(userid)) };
}

/**
 * Changes what one recipient sees. A replaced card keeps its task_id, which the update bodies do
 * not carry, so later taps still name it.
 */
export function changeCard(
  server: Server,
  msgid: string,
  userid: string,
  change: CardChange,
): boolean {
  const copy = server.world.copyOf(msgid, userid);
  if (copy?.kind !== 'card') return false;
  server.world.change(userid, copy, () => {
    if ('replaceName' in change) {
      copy.greyedWith = change.replaceName;
      return;
    }
    const taskId = copy.card.task_id;
    copy.card = { ...change.card, ...(taskId === undefined ? {} : { task_id: taskId }) };
    delete copy.greyedWith;
    if (change.card.replace_text) copy.greyedWith = change.card.replace_text;
  });
  return true;
}
