import { lossReasonOf } from '../domain/index.js';
import type { Pipeline } from '../domain/index.js';
import { emptyUpdate } from '../shorthand/index.js';
import type { Intent, ReadUpdate, Reading } from '../shorthand/index.js';
import type { Prompt } from '../usecases/index.js';
import type { Command } from './define.js';
import type { Question } from './dialog.js';
import { nameKey } from './name-key.js';
import { strangerIn } from './naming.js';
import { LONGEST_NAME, answerIn, saysSomething, statedBy } from './patch.js';
import { shortReply, tellsOfContact } from './short-reply.js';
import type { ReplyKind } from './short-reply.js';

/*
 * What kind of reply a message is, before it is known to what. Pure: the reading, the words and the open
 * question decide.
 */

/** Orders and questions of their own: never an answer to something open. */
const COMMANDS: ReadonlySet<Intent> = new Set([
  'create',
  'approve',
  'reject',
  'query',
  'undo',
  'help',
]);

/** One text message, read once, with everything its owner is decided by. */
export interface Heard {
  text: string;
  reading: Reading;
  kind: ReplyKind;
  number: number | null;
  named: boolean;
  /** What it calls an opportunity by, besides known names: 老王那单. */
  called: { words: string; isKnown: boolean } | null;
  /** A name nobody here may speak of. */
  stranger: string | null;
  command: { command: Command; rest: string } | null;
  /** The command whose word begins the message, though the reader may have understood it better. */
  word: { command: Command; rest: string } | null;
  reminders: Prompt[];
  list: Prompt | null;
}

export const isNamed = (update: ReadUpdate): boolean =>
  update.customer !== undefined || update.opportunity !== undefined || update.pronoun;

/** Sorts a message into its kind. */
export function classify(
  text: string,
  reading: Reading,
  open: {
    question: Question | undefined;
    pipeline: Pipeline;
    command: boolean;
    called: Heard['called'];
  },
): Pick<Heard, 'kind' | 'number' | 'named' | 'stranger'> {
  const { question } = open;
  const option = optionIn(question, text, reading, open.pipeline);
  const short = shortReply(text);
  // “华为云 客户华为” names a new one, though it holds a known name.
  const names =
    question?.about === 'new-title' &&
    text.includes('客户') &&
    !reading.updates.some(({ intent }) => intent === 'create');
  const { called } = open;
  const stranger = called?.isKnown ? null : strangerOf(text, reading);
  return {
    number: option ?? short?.number ?? null,
    named: called !== null || reading.updates.some(isNamed),
    stranger,
    kind:
      kindAs(option, names) ??
      short?.kind ??
      kindOf(text, reading, open.command, { called, stranger }),
  };
}

/** What a nameless sentence says of a known opportunity, whether or not it would be an operation by itself. */
export function tellings(
  { reading, kind, text }: Heard,
  answersReminder: boolean,
): readonly ReadUpdate[] {
  if (reading.updates.length > 1) return reading.updates;
  const report = kind === 'report';
  const answer = answerIn(reading, report || answersReminder ? 'nextFollowUp' : 'closeOn');
  const update = answer ?? emptyUpdate('log', text);
  if (reading.updates.length > 0) return [update];
  return [{ ...update, intent: report ? 'log' : 'update', span: { start: 0, end: text.length } }];
}

function kindOf(
  text: string,
  reading: Reading,
  command: boolean,
  { called, stranger }: Pick<Heard, 'called' | 'stranger'>,
): ReplyKind {
  if (command) return 'command';
  if (reading.blocked) return 'talk';
  const { updates } = reading;
  if (isBareName(text, updates)) return 'name';
  if (updates.some(({ intent }) => COMMANDS.has(intent))) return 'command';
  if (updates.length > 0 && updates.every(({ itemNumber }) => itemNumber !== undefined))
    return 'numbered';
  if (stranger !== null) return 'strange';
  if (updates.some(({ intent }) => intent === 'update')) return 'update';
  if (updates.length > 0 || tellsOfContact(text) || reading.answer?.channel) return 'report';
  const answer = answerIn(reading, 'closeOn');
  if (!answer || Object.keys(statedBy(answer).patch).length === 0) return 'talk';
  return called?.isKnown || strangerIn(answer, text) === null ? 'value' : 'talk';
}

/** A sentence that is no command and names nothing known, but seems to name something. */
function strangerOf(text: string, reading: Reading): string | null {
  const { updates, answer } = reading;
  if (text.length > 200 || updates.length > 1 || updates.some(isNamed)) return null;
  if (tellsOfContact(text)) return null;
  const [update] = updates;
  const says = update ?? (answer && Object.keys(statedBy(answer).patch).length > 0 ? answer : null);
  const told = says ?? (answer?.channel ? answer : null);
  // “今天天气不错” holds a day, and nothing that is done with one.
  if (!update && isDayAlone(answerIn(reading, 'nextFollowUp')) && !DATED.test(text)) return null;
  return strangerIn(told, text);
}

/** What a day is said for. */
const DATED = /签|约|推|延|改|提醒|跟进|联系|拜访|见面|聊|谈|电话|打|报价|成交|到期/u;

/** What the open question makes of it, whatever it would be by itself. */
const kindAs = (option: number | null, names: boolean): ReplyKind | null =>
  option !== null ? 'option' : names ? 'name' : null;

/** Nothing but a name: 华为. */
function isBareName(text: string, updates: readonly ReadUpdate[]): boolean {
  return (
    updates.length === 1 &&
    text.length <= LONGEST_NAME &&
    updates.every(
      (update) =>
        (update.customer ?? update.opportunity) !== undefined &&
        !update.queryKind &&
        update.intent !== 'create' &&
        !saysSomething(update),
    )
  );
}

/** Which option of the open pick list the words name, counted from 1. */
function optionIn(
  question: Question | undefined,
  text: string,
  reading: Reading,
  pipeline: Pipeline,
): number | null {
  if (question?.kind !== 'pick') return null;
  if (question.about === 'loss-reason') {
    const reason = lossReasonOf(pipeline, text);
    const index = question.options.findIndex(({ value }) => value === reason);
    return index >= 0 && text.length <= LONGEST_NAME && !reading.updates.some(isNamed)
      ? index + 1
      : null;
  }
  const said = nameKey(
    text.replace(/(?:那个|这个|那单|这单|那一个|的那个|的)[吧呀啊。！!\s]*$/u, ''),
  );
  if (said.length < 2 || (reading.updates.some(saysSomething) && text.length > 8)) return null;
  const labels = question.options.map(({ label, detail }) => nameKey(`${label}${detail ?? ''}`));
  const exact = question.options.findIndex(
    ({ value, label }) => nameKey(value) === said || nameKey(label) === said,
  );
  if (exact >= 0) return exact + 1;
  const fits = labels.flatMap((label, index) =>
    label.includes(said) || said.includes(label) ? [index + 1] : [],
  );
  return fits.length === 1 ? (fits[0] ?? null) : null;
}

/** Says when, and nothing else: 明天, 推到周五. */
export function isDayAlone(update: ReadUpdate | null): boolean {
  if (!update || update.note !== '' || update.channel) return false;
  const stated = Object.keys(statedBy(update).patch);
  return stated.length > 0 && stated.every((field) => field === 'nextFollowUp');
}

export const isThanks = (text: string): boolean =>
  /^(?:好的|好|嗯|行|ok)?(?:非?常?(?:谢谢|多谢|感谢|谢了|谢)(?:你|您|啦|了|哈)*|辛苦[了啦]?|收到|明白|知道了|了解|好嘞|好咧|[哈呵嘿嘻]+|再见|拜拜|晚安|thanks?|thx|bye)?你?了?$/iu.test(
    withoutMarks(text),
  );

/** Without punctuation, emoji and what joins them. */
const withoutMarks = (text: string): string => text.replace(/[\s\p{P}\p{S}\p{M}\p{Cf}]/gu, '');

export const isGreeting = (text: string): boolean =>
  /^(?:你好|您好|在吗|在不在|hi|hello|嗨|早|早上好|上午好|下午好|晚上好)[\s\p{P}\p{S}啊呀]*$/iu.test(
    text,
  );
