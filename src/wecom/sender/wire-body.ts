import type { Message, Recipient } from '../../chat/index.js';
import { AppError, fractionOf } from '../../kernel/index.js';
import { cutToBytes } from '../cards/limits.js';
import { canBeSent, cardToSend } from '../cards/template-card.js';
import { wireChatId } from './chat-id.js';

/** UTF-8 bytes; a longer text is cut by WeCom without a word. */
const TEXT_BYTES = 2048;
const MARKDOWN_BYTES = 2048;
const WEBHOOK_MARKDOWN_BYTES = 4096;
const TOO_LONG = '…（内容过长，已截断）';

/** The longest WeCom remembers a request (重复消息检查): 4 h. */
const LONGEST_CHECK_S = 14_400;
const CHECK_SPREAD_S = 1_800;

const TASK_ID = /^[0-9A-Za-z_\-@]{1,128}$/;

export interface WireOptions {
  agentId: number;
  /** False for members on the WeChat side (微工作台): they see neither cards nor markdown. */
  seesCards: (userid: string) => boolean;
}

/**
 * The request body of one message as it will be sent, every time: the same arguments give the same bytes.
 *
 * Who cannot see a card gets its text: groups made by the app, webhooks, and members on the WeChat side. So does
 * everybody when the card has neither a button nor a link, which WeCom does not take.
 */
export function wireBody(
  to: Recipient,
  message: Message,
  id: string,
  options: WireOptions,
): string {
  switch (to.kind) {
    case 'person':
      return JSON.stringify(personBody(to.userid, message, id, options));
    case 'appchat':
      return JSON.stringify({
        chatid: wireChatId(to.chatId),
        ...plainContent(message, MARKDOWN_BYTES),
      });
    case 'webhook':
      return JSON.stringify(plainContent(message, WEBHOOK_MARKDOWN_BYTES));
  }
}

function personBody(userid: string, message: Message, id: string, options: WireOptions): object {
  if (!TASK_ID.test(id)) {
    throw new AppError('a message id must fit a task_id', {
      code: 'wecom.bad-message-id',
      details: { id },
    });
  }
  const seesCards = options.seesCards(userid);
  return {
    touser: userid,
    agentid: options.agentId,
    ...(seesCards ? richContent(message, id) : textContent(message.text)),
    ...duplicateCheck(id),
  };
}

/**
 * Lets WeCom recognise our own repeat of a sending whose answer was lost: the identical request JSON is
 * shown once within the interval. Two different messages may well have the same words (“已记录”) and must both
 * be shown, so their requests have to differ: in a field WeCom does not know, and in an interval between 3.5 and
 * 4 hours, in case fields it does not know are dropped before it compares.
 */
function duplicateCheck(id: string): object {
  return {
    enable_duplicate_check: 1,
    duplicate_check_interval: LONGEST_CHECK_S - Math.floor(fractionOf(id) * CHECK_SPREAD_S),
    client_msg_id: id,
  };
}

function richContent(message: Message, id: string): object {
  if (message.kind !== 'card' || !canBeSent(message.card)) {
    return plainContent(message, MARKDOWN_BYTES);
  }
  return { msgtype: 'template_card', template_card: cardToSend(message.card, id) };
}

function plainContent(message: Message, markdownBytes: number): object {
  if (message.kind !== 'markdown') return textContent(message.text);
  const content = cutToBytes(message.markdown, markdownBytes, TOO_LONG);
  return { msgtype: 'markdown', markdown: { content } };
}

function textContent(text: string): object {
  return { msgtype: 'text', text: { content: cutToBytes(defused(text), TEXT_BYTES, TOO_LONG) } };
}

/**
 * WeCom turns `<a href>` in a text into a link and `<@userid>` into a mention. Ours come from what people typed,
 * so that a deal's title could lead a manager astray or wake a whole group: shown as typed instead.
 */
function defused(text: string): string {
  return text.replace(/<(?=\/?a[\s>]|@)/gi, '＜');
}
