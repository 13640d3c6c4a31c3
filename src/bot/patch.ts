import type { Contact, Patch, Priority } from '../domain/index.js';
import { unwritten } from '../chat/index.js';
import type { Day } from '../kernel/index.js';
import { emptyUpdate } from '../shorthand/index.js';
import type { ReadUpdate, Reading, Slot } from '../shorthand/index.js';
import type { FollowUpInput } from '../usecases/index.js';

/** What an update says should change, and what of it was left out. */
export interface Stated {
  patch: Patch;
  /** The reader was not sure. */
  uncertain: boolean;
  /** The other days a date may mean, the read one first. */
  ambiguousDates: Day[];
  /** Worded: values that were seen and not written. */
  remarks: string[];
}

const PRIORITIES: Record<'high' | 'medium' | 'low', Priority> = {
  high: '高',
  medium: '中',
  low: '低',
};

/** Doubts about who or what is meant are settled by asking, so they do not make a value doubtful. */
const ABOUT_NAMES = new Set([
  'several-customers',
  'several-opportunities',
  'several-people',
  'unknown-customer',
]);

/** The fields of one read update, as a patch. A note is not a field: see `followUpOf`. */
export function statedBy(update: ReadUpdate): Stated {
  const patch: Patch = {};
  const foreign = update.currency !== undefined;
  if (update.amount && !foreign) patch.amountFen = update.amount.value.fen;
  else if (update.amountChange && !foreign) patch.amountChangeFen = update.amountChange.value;
  if (update.closeOn) patch.closeOn = update.closeOn.value.day;
  if (update.nextFollowUp) patch.nextFollowUp = dayAndTime(update.nextFollowUp.value);
  if (update.stage && update.stage.value !== 'won' && update.stage.value !== 'lost')
    patch.stage = update.stage.value;
  if (update.stageMove) patch.stageMove = update.stageMove.value;
  if (update.probability) patch.probability = update.probability.value;
  if (update.nextStep) patch.nextStep = update.nextStep.value;
  if (update.priority) patch.priority = PRIORITIES[update.priority.value];
  if (update.tier) patch.tier = update.tier.value;
  if (update.competitors.length) patch.addCompetitors = valuesOf(update.competitors);
  if (update.tags.length) patch.addTags = valuesOf(update.tags);
  const contacts = contactsOf(update);
  if (contacts.length) patch.addContacts = contacts;
  return {
    patch,
    uncertain: isDoubtful(update) || isInterrupted(update),
    ambiguousDates: [
      ...(update.closeOn?.value.alternatives ?? update.nextFollowUp?.value.alternatives ?? []),
    ],
    remarks: remarksOn(update),
  };
}

const isDoubtful = (update: ReadUpdate): boolean =>
  update.certainty === 'low' &&
  update.doubts.some((doubt) => !ABOUT_NAMES.has(doubt) && doubt !== 'several-days');

/** Unread words between two values may name somebody else's deal: 华为二期 谈判；特斯拉 20万. */
function isInterrupted(update: ReadUpdate): boolean {
  if (unreadIn(update) === '') return false;
  const { amount, amountChange, closeOn, stage, probability } = update;
  const values = [amount, amountChange, closeOn, stage, probability].flatMap((slot) =>
    slot ? [slot.span.start] : [],
  );
  return update.noteSpans.some(
    ({ start }) => values.some((at) => at < start) && values.some((at) => at > start),
  );
}

export function dayAndTime(when: { day: Day; time?: string | undefined }): {
  day: Day;
  time?: string;
} {
  return when.time ? { day: when.day, time: when.time } : { day: when.day };
}

const valuesOf = (slots: readonly Slot<string>[]): string[] => slots.map(({ value }) => value);

/** Title, phone and e-mail belong to the first contact named. */
function contactsOf(update: ReadUpdate): Contact[] {
  // “客户徐工” names a company, though 徐工 may be an engineer called 徐.
  const people = update.contacts.filter(({ words }) => words !== update.customer?.words);
  const [first, ...others] = valuesOf(people);
  if (first === undefined) return [];
  return [
    {
      name: first,
      ...(update.title && { title: update.title.value }),
      ...(update.phone && { phone: update.phone.value }),
      ...(update.email && { email: update.email.value }),
    },
    ...others.map((name) => ({ name })),
  ];
}

function remarksOn(update: ReadUpdate): string[] {
  const remarks = update.refused
    .filter(({ why }) => why !== 'foreign-currency')
    .map(({ why, words }) => unwritten({ why: why as 'impossible-day', words }));
  if (update.currency)
    remarks.push(
      unwritten({ why: 'foreign-currency', words: update.amount?.words ?? update.currency.words }),
    );
  const unread = unreadIn(update);
  if (unread) remarks.push(unwritten({ why: 'unread', words: unread }));
  const orphan = update.phone ?? update.email ?? update.title;
  if (orphan && update.contacts.length === 0)
    remarks.push(unwritten({ why: 'contact-without-name', words: orphan.words }));
  return remarks;
}

/** Words beside the values of a plain update, which are nowhere kept: said, not dropped. */
function unreadIn(update: ReadUpdate): string {
  if (update.intent !== 'update' && update.intent !== 'create') return '';
  return (
    update.note
      .split(/[\s,，、;；。]+/u)
      .filter((words) => words.length > 1 && !MEANS_NOTHING.has(words))
      // A new one's name takes its words from the note; a day or a sum is none.
      .filter((words) => update.intent === 'update' || VALUE_LIKE.test(words))
      // What could not be a value is said as that already.
      .filter((words) => !update.refused.some((one) => one.words.includes(words)))
      .join(' ')
  );
}

/** Looks like a day, a sum or a chance. */
const VALUE_LIKE =
  /[今明后]天|(?:本|这|下)?(?:周|星期)[一二三四五六日天末]|下周|[本下]月|月[底初末]|\d[号日月万亿wk%]/iu;

const MEANS_NOTHING = new Set(
  '签约 签单 联系人 电话 金额 报价 改成 改为 改到 客户 商机 单子 项目 那单 这单 阶段 预计 左右 赢率 概率 把握 胜率 成功率 可能性 级别 等级 下一步 转给 转派 移交 交给 都推到 推到 都改到 都改成 推迟到 降到 降为 降至 涨到 升到 提到 提高到 加到 减到'.split(
    ' ',
  ),
);

/** Whether an update sets or reports anything besides whom it is about. */
export function saysSomething(update: ReadUpdate): boolean {
  const { patch } = statedBy(update);
  return (
    Object.keys(patch).length > 0 ||
    update.currency !== undefined ||
    update.refused.length > 0 ||
    update.note !== '' ||
    update.channel !== undefined ||
    update.lossReason !== undefined ||
    update.winReason !== undefined ||
    update.remindAt !== undefined ||
    update.assignee !== undefined ||
    update.ref !== undefined ||
    update.reason !== undefined
  );
}

/** `base` with the slots of `answer` laid over it: what was asked for and answered alone. */
export function mergeUpdates(base: ReadUpdate, answer: ReadUpdate): ReadUpdate {
  const { contacts, competitors, tags, refused, ...slots } = answer;
  const said = Object.fromEntries(
    Object.entries(slots).filter(([name, value]) => value !== undefined && !FRAME.has(name)),
  );
  return {
    ...base,
    ...said,
    // A total said now ends a difference said before, and the other way round.
    ...(answer.amount && { amountChange: undefined }),
    ...(answer.amountChange && { amount: undefined }),
    contacts: [...base.contacts, ...contacts],
    competitors: [...base.competitors, ...competitors],
    tags: [...base.tags, ...tags],
    refused: [...refused],
  };
}

/** Slots of another sentence have no place in this one: their spans must not be looked up in it. */
export function placeless(update: ReadUpdate): ReadUpdate {
  const unplace = (slot: unknown): unknown =>
    typeof slot === 'object' && slot !== null && 'span' in slot
      ? { ...slot, span: { start: 0, end: 0 } }
      : slot;
  const slots = Object.entries(update).map(([name, value]: [string, unknown]) => [
    name,
    Array.isArray(value) ? value.map(unplace) : unplace(value),
  ]);
  return { ...(Object.fromEntries(slots) as ReadUpdate), noteSpans: [] };
}

/** Which date a bare day is, when nothing says it. */
export type Prefers = 'closeOn' | 'nextFollowUp';

const SIGNING = /签|成交|关单|拿下|close/iu;

/**
 * What a message says as an answer: its own update, or the slots the reader offers for one. Offered slots
 * are guesses made for every question at once, so what the question cannot mean is taken out.
 */
export function answerIn(reading: Reading, prefers: Prefers): ReadUpdate | null {
  const said = reading.updates[0] ?? reading.answer;
  if (!said) return null;
  const { lossReason, closeOn, nextFollowUp, ...rest } = said;
  const day = closeOn ?? nextFollowUp;
  const isBare =
    day !== undefined &&
    !SIGNING.test(reading.text) &&
    (!closeOn || !nextFollowUp || closeOn.span.start === nextFollowUp.span.start);
  return {
    ...rest,
    ...(said.intent === 'lose' && lossReason && { lossReason }),
    ...(isBare
      ? { [nextFollowUp && !closeOn ? 'nextFollowUp' : prefers]: day }
      : { ...(closeOn && { closeOn }), ...(nextFollowUp && { nextFollowUp }) }),
  };
}

/** A contact with the customer, as the rep told it: their own words are the summary. */
export function followUpOf(update: ReadUpdate, said: string): FollowUpInput {
  return {
    channel: update.channel?.value ?? null,
    contacts: valuesOf(update.contacts),
    summary: wordsOf(update, said),
  };
}

/** The part of the message this update was read from. */
export function wordsOf(update: ReadUpdate, said: string): string {
  return said.slice(update.span.start, update.span.end).trim() || said.trim();
}

/** What frames an update rather than being said in it. */
const FRAME = new Set([
  'intent',
  'certainty',
  'doubts',
  'span',
  'itemNumber',
  'pronoun',
  'customer',
  'opportunity',
  'note',
  'noteSpans',
  'queryKind',
  'period',
]);

/** What is asked of a bare day: `closeOn` or `nextFollowUp`. */
export const DAY_MEANS = 'day-means';

/** The update with its bare day where the answer to that puts it. */
export function withDayMeant(update: ReadUpdate, meant: string | undefined): ReadUpdate {
  const { nextFollowUp, ...rest } = update;
  return meant === 'closeOn' && nextFollowUp ? { ...rest, closeOn: nextFollowUp } : update;
}

/** A day and nothing else, which may be the day of signing as well as of the next contact: 下周二. */
export function bareDay(reading: Reading): Day | null {
  const next = answerIn(reading, 'nextFollowUp');
  const isOnlyDay =
    next?.note === '' && Object.keys(statedBy(next).patch).join() === 'nextFollowUp';
  return (isOnlyDay && answerIn(reading, 'closeOn')?.closeOn?.value.day) || null;
}

/** Longer is no name. */
export const LONGEST_NAME = 40;

/** Free words taken for a name. */
export function unknownName(text: string): ReadUpdate {
  const words = text.slice(0, LONGEST_NAME);
  return {
    ...emptyUpdate('update', text),
    opportunity: {
      value: { kind: 'unknown', words },
      span: { start: 0, end: words.length },
      words,
    },
  };
}
