import type { Fen } from '../../kernel/index.js';
import type { Card } from '../card.js';
import type { Message } from '../message.js';
import { cut, fitCard, textMessage } from './budget.js';
import { moneyWords } from './words.js';

const EXAMPLES = [
  '· “新建 华为二期 客户华为 300万 下月底签”',
  '· “华为二期 谈判 320万”',
  '· “我的商机”“今日待办”“帮助”',
];

/** First contact: once. */
export function welcome(name: string): Message {
  return textMessage(
    `${cut(name, 12)}，你好！我是商机助手，跟进客户、更新商机、提醒和审批都可以在这里完成。`,
    '试试直接说：',
    ...EXAMPLES,
    '下方菜单也有我的商机、今日待办和帮助。',
  );
}

/** Not in the directory, or no longer: one short answer a day, and no data (decisions 43). */
export const outsider = (): Message =>
  textMessage('你还没有开通商机助手，请联系管理员开通后再来找我。');

export type MediaKind = 'image' | 'voice' | 'video' | 'location' | 'link' | 'file' | 'unknown';

/** What we cannot read, and what to do instead. */
export function mediaReceived(media: MediaKind): Message {
  switch (media) {
    case 'voice':
      return textMessage(
        '语音我还听不懂，请用输入法的语音转文字再发，例如“华为二期 今天电话聊过，下周三再约”。',
      );
    case 'image':
    case 'video':
      return textMessage(
        '图片和视频我还看不懂，也没有保存。请用一句话说说，例如“华为二期 已报价 30万”。',
      );
    case 'location':
      return textMessage('位置收到，但没有记录。拜访了客户可以说“今天拜访华为张总，聊了付款”。');
    case 'link':
    case 'file':
      return textMessage('链接和文件我还看不懂，也没有保存。请用一句话说说要记什么。');
    case 'unknown':
      return textMessage('这种消息我还看不懂，请用文字说，例如“帮助”。');
  }
}

/** Understood nothing to do: what would have worked. */
export const unknownInput = (): Message =>
  textMessage('这句我没看懂，什么也没有改。可以这样说：', ...EXAMPLES);

/** Code, instructions to the bot, orders to change everything: nothing was written. */
export function blocked(why: 'code' | 'instruction' | 'bulk'): Message {
  if (why === 'bulk')
    return textMessage('不支持一次改所有商机，什么也没有改。请说清楚改哪个，例如“华为二期 谈判”。');
  return textMessage(
    '这段内容我不会执行，什么也没有改。要更新商机请直接说，例如“华为二期 谈判 320万”。',
  );
}

export const acknowledged = (): Message => textMessage('好的，有事随时说。');
export const greeted = (name: string): Message =>
  textMessage(`${cut(name, 12)}，你好！要记什么直接说，不清楚就回复“帮助”。`);

export const nothingToConfirm = (): Message =>
  textMessage('现在没有等你确认的内容。要改什么请直接说，例如“华为二期 谈判”。');

/** A number beyond the list: how many the list has. */
export function noSuchNumber(count: number): Message {
  if (count === 0) return textMessage('现在没有可以按序号选的列表。回复“今日待办”看看。');
  if (count === 1) return textMessage('列表里只有 1 项，请回复 1。');
  return textMessage(`列表里共 ${count} 项，请回复 1 到 ${count} 之间的序号。`);
}

/** A name that fits nothing the asker may see (decisions 17: nothing of what others have). */
export function nothingFound(
  words: string,
  suggestions: readonly string[],
  said: { readonly customer?: string | undefined; readonly amountFen?: Fen | undefined } = {},
): Message {
  const name = cut(words, 30);
  return textMessage(
    `没找到“${name}”。`,
    suggestions.length > 0 &&
      `你是不是想说：${suggestions.map((title) => `“${cut(title, 20)}”`).join('、')}？`,
    `要新建请说“新建 ${cut(words, 16)} 客户${cut(said.customer ?? '×××', 20)} ${said.amountFen === undefined ? '50万' : moneyWords(said.amountFen)}”。`,
  );
}

export const nameTooLong = (limit: number): Message =>
  textMessage(
    `名称和客户请在 ${limit} 字以内，什么也没有写入。例如“新建 华为二期 客户华为 300万”。`,
  );

export const colleagueUnknown = (words: string, example = '转给 李四'): Message =>
  textMessage(`没找到同事“${cut(words, 20)}”，什么也没有做。请写全名，例如“${example}”。`);

/** Several colleagues share a name: their accounts tell them apart. */
export const colleaguesAlike = (
  name: string,
  people: readonly { userid: string; departmentName: string }[],
): Message =>
  textMessage(
    `有 ${people.length} 位同事叫“${cut(name, 20)}”，请改用账号：`,
    ...people
      .slice(0, 5)
      .map(({ userid, departmentName }) => `· @${userid}（${departmentName || '未分部门'}）`),
  );

/** Nothing is ever deleted: what is meant is one of these. */
export const notDeletable = (title: string | null): Message =>
  textMessage(
    '商机不能删除，什么也没有改。',
    `刚建错的回复“撤销”；不跟了请说“${cut(title ?? '华为二期', 20)} 丢了 原因”。`,
  );

export const groupCreated = (facts: {
  name: string;
  memberNames: readonly string[];
  existed: boolean;
}): Message =>
  textMessage(
    facts.existed
      ? `群“${facts.name}”已经在了，成员已更新。`
      : `群“${facts.name}”建好了，日报和喜报会发到那里。`,
    `成员：${cut(facts.memberNames.join('、'), 200)}`,
  );

export const groupNeedsName = (): Message =>
  textMessage('请写群名和成员，例如“建群 华东销售群 @张三 @李四”（至少两位成员）。');

/** Our side broke: an apology, what to do, and the number the administrator can look up. */
export const apology = (reference: string): Message =>
  textMessage(
    '抱歉，我这边出了点问题，这条没有处理完。请稍后再发一次；',
    `还不行请把编号 ${reference} 告诉管理员。`,
  );

/** Values seen and left out, each with why. */
export type Unwritten =
  | { why: 'impossible-day' | 'impossible-probability' | 'impossible-amount'; words: string }
  | { why: 'foreign-currency'; words: string }
  | { why: 'unread'; words: string }
  | { why: 'contact-without-name'; words: string }
  | { why: 'cut'; limit: number };

export function unwritten(one: Unwritten): string {
  switch (one.why) {
    case 'impossible-day':
      return `“${cut(one.words, 16)}”不是有效日期，没有写入。`;
    case 'impossible-probability':
      return `“${cut(one.words, 16)}”不是有效赢率，没有写入。`;
    case 'impossible-amount':
      return `“${cut(one.words, 16)}”不是有效金额，没有写入。`;
    case 'foreign-currency':
      return `金额暂时只支持人民币，“${cut(one.words, 16)}”没有写入，请换算后再说。`;
    case 'unread':
      return `没用上的话：“${cut(one.words, 30)}”。`;
    case 'contact-without-name':
      return `“${cut(one.words, 20)}”是谁的？请带上称呼，例如“联系人 张总 13…”。`;
    case 'cut':
      return `消息太长，只读了前 ${one.limit} 字。`;
  }
}

/** A tapped card with nothing left to tap: what became of it. */
export const closedCard = (source: string, title: string, settled: string): Card =>
  fitCard({ source, title, rows: [], buttons: [], settled });
