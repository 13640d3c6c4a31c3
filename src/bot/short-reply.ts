/*
 * Who owns a short reply (decisions 12): explicit name > open preview > open question or pick list >
 * numbered list < 12 h > last reminder < 12 h > “它”.
 */

/** What kind of reply a message is, before it is known to what. */
export type ReplyKind =
  /** 是 / 好 / 确认 */
  | 'yes'
  | 'no'
  /** 修改 */
  | 'edit'
  /** A bare number: 1, 第二个. */
  | 'number'
  /** The words of one option of the open pick list. */
  | 'option'
  /** “1 推到周五 2 已报价30万” */
  | 'numbered'
  /** A field and nothing else: 50万, 价格, 下周三. */
  | 'value'
  /** An update without a name: 金额改50万. */
  | 'update'
  /** Something that happened, without a name: 电话聊过了. */
  | 'report'
  /** A bare name: 华为. */
  | 'name'
  /** Asks or orders something of its own: 我的商机, 撤销, 新建 …, 同意. */
  | 'command'
  /** Names something that nobody here may speak of: 特斯拉二期 50万. */
  | 'strange'
  | 'talk';

/** What stands open in this conversation. */
export interface OpenThings {
  preview: boolean;
  question: {
    takesWords: boolean;
    /** Asks for a name, so a name is its answer, not a new subject. */
    takesNames: boolean;
    optional: boolean;
    /** The message names the very opportunity the question is about, and says something of it. */
    named: boolean;
  } | null;
  /** Options of the open pick list; 0 without one. */
  options: number;
  /** Items of the newest numbered list; 0 without one. */
  listed: number;
  /** Unanswered reminders. */
  reminders: number;
  /** Something was spoken of lately, and no pick list was shown since. */
  it: boolean;
}

export type Owner =
  | 'message'
  | 'preview'
  | 'question'
  | 'pick'
  | 'list'
  | 'reminder'
  | 'which-reminder'
  | 'it'
  | 'nobody';

/**
 * @param named the message names an opportunity or a customer itself.
 * @param number the bare number, if it is one.
 */
export function ownerOf(
  reply: { kind: ReplyKind; named: boolean; number: number | null },
  open: OpenThings,
): Owner {
  const { kind } = reply;
  if (open.question?.takesNames && (kind === 'name' || (NAMING.has(kind) && !reply.named)))
    return 'question';
  if (open.question?.named && (kind === 'update' || kind === 'value')) return 'question';
  if (kind === 'option') return 'pick';
  if (reply.named || kind === 'command' || kind === 'name') return 'message';
  if (kind === 'strange') return open.question?.takesWords ? 'question' : 'message';
  if (open.preview && PREVIEW_TAKES.has(kind)) return 'preview';
  const asked = ofQuestion(kind, reply.number, open);
  if (asked) return asked;
  if (kind === 'numbered' && open.listed > 0) return 'list';
  if (kind === 'number' && inList(reply.number, open.listed)) return 'list';
  // Only what reads as an update or a report is a follow-up; small talk and single values are not (N3).
  if (open.reminders > 0 && (kind === 'update' || kind === 'report'))
    return open.reminders === 1 ? 'reminder' : 'which-reminder';
  // Beside a newer pick list a nameless sentence is no word about “它”: which one it is about is being asked.
  if (open.options > 0 && !open.it && ABOUT_SOMETHING.has(kind)) return 'pick';
  if (open.it && ABOUT_SOMETHING.has(kind)) return 'it';
  return kind === 'update' || kind === 'report' ? 'message' : 'nobody';
}

/** Says something of an opportunity it does not name. */
const ABOUT_SOMETHING: ReadonlySet<ReplyKind> = new Set(['update', 'report', 'value']);

/** What may be a name nobody has heard before. */
const NAMING: ReadonlySet<ReplyKind> = new Set(['talk', 'strange']);

const PREVIEW_TAKES: ReadonlySet<ReplyKind> = new Set(['yes', 'no', 'edit', 'value', 'update']);

const inList = (number: number | null, size: number): boolean =>
  number !== null && number >= 1 && number <= size;

function ofQuestion(kind: ReplyKind, number: number | null, open: OpenThings): Owner | null {
  if (open.options > 0) {
    if (kind === 'no') return 'pick';
    if (kind === 'number' && (inList(number, open.options) || open.listed === 0)) return 'pick';
    return null;
  }
  if (!open.question) return null;
  if (kind === 'no') return 'question';
  if (kind === 'value' || kind === 'update' || kind === 'report') return 'question';
  if (kind === 'talk' && open.question.takesWords) return 'question';
  return null;
}

const YES = new Set(
  '是 是的 对 对的 好 好的 好呀 行 可以 确认 确定 没错 嗯 嗯嗯 ok okay yes y 写入 没问题'.split(
    ' ',
  ),
);
const NO = new Set(
  '取消 不 不是 不要 不用 不了 算了 否 no n 放弃 不写 先不 算 不改 先不改'.split(' '),
);
const EDIT = new Set('修改 改 改一下 改改 编辑 调整 edit'.split(' '));
const NUMERALS = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九', '十'];

/** No short reply is longer, whatever marks follow it. */
const MAX_SHORT = 20;

/** Reads the closed set of short replies; null for anything longer. */
export function shortReply(
  text: string,
): { kind: 'yes' | 'no' | 'edit' | 'number'; number: number | null } | null {
  if (text.length > MAX_SHORT) return null;
  const word = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s。.!！~～,，、吧了]+$/u, '')
    .trim();
  if (YES.has(word)) return { kind: 'yes', number: null };
  if (NO.has(word)) return { kind: 'no', number: null };
  if (EDIT.has(word)) return { kind: 'edit', number: null };
  const digits = /^(?:第|选|#)?(\d{1,2}|[一二两三四五六七八九十])(?:个|项|号|条)?$/.exec(word)?.[1];
  if (!digits) return null;
  const number = /\d/.test(digits)
    ? Number(digits)
    : digits === '两'
      ? 2
      : NUMERALS.indexOf(digits);
  return { kind: 'number', number };
}

/** Nobody types more about one contact without a name; what is longer is something pasted. */
const MAX_REPORT = 500;

/** Only the beginning is looked at, and no two alternatives begin alike: the cost stays linear. */
const BEGINNING = 40;
const CONTACT =
  /^(?:我|今天|刚才|刚刚|刚|已经|已|上午|下午|昨天|又)*(?:打|发)?(?:过|了)?(?:电话|微信|邮件|拜访|见面|联系|跟进|沟通|聊|谈|回访)+(?:过|好|完|了)*(?:[\s,，。;；!！]|$)/u;
/** Told by a verb that is over (聊了付款方式, 打过了), or by nobody answering. */
const CONTACTED =
  /^(?:我|今天|刚才|刚刚|刚|已经|已|上午|下午|昨天|又)*(?:(?:跟|和|与|给|找)?(?:客户|对方|他们|他|她|\p{Script=Han}{1,3}[总工经理主任])?(?:聊|谈|打|联系|沟通|拜访|回访|跟进|见|去|约)(?:了|过|到|完|好)|(?:电话)?(?:没人接|没接|没打通|打不通|无人接听|联系不上|约不上))/u;
const QUOTED =
  /^(?:客户|对方|他们|他|她|\p{Script=Han}{1,3}[总工经理主任])(?:那边)?(?:说|表示|反馈|回复|答应|要求|希望|同意|觉得|嫌|想|需要|问|提出|打算|准备|考虑|担心)/u;

/**
 * Whether a nameless sentence tells of a contact, by its first words: 聊过了, 客户说考虑一下. The reader
 * leaves these alone, since without a name they are no operation; as an answer to a reminder they are one.
 */
export function tellsOfContact(text: string): boolean {
  const said = text.normalize('NFKC').trim();
  if (said.length > MAX_REPORT || /[?？吗呢]$/u.test(said)) return false;
  const beginning = said.slice(0, BEGINNING);
  return CONTACT.test(beginning) || CONTACTED.test(beginning) || QUOTED.test(beginning);
}

/** Of the yes-words, those that answer a question rather than end a chat. */
export const confirms = (text: string): boolean =>
  /^(?:是|对|确认|确定|写入|yes|y)/iu.test(text.trim());
