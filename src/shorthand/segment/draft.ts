import { holdsLetter } from '../characters.js';
import { PRONOUN } from '../intent.js';
import { spanOf, wordsAt } from '../lexer.js';
import type { Lexed } from '../lexer.js';
import type { Names } from '../lexicon.js';
import type { Doubt, Intent, Mention, ReadUpdate, Refused, Slot, Span } from '../reading.js';
import { MARK, overwritten, Scene } from '../scene.js';
import type { Range } from '../scene.js';
import type { AmountReading } from '../slots/amount.js';
import type { CustomerMention } from '../slots/customer.js';
import type { FoundDay } from '../slots/day.js';
import type { Moment } from '../slots/moment.js';
import type { StageGrammar } from '../slots/stage.js';
import { unsaidClauses } from '../unsaid.js';
import type { Segment } from './cut.js';

/** What the reader knows apart from the message. */
export interface Knowledge {
  readonly names: Names;
  readonly stages: StageGrammar;
}

export type SubjectSlots = Pick<ReadUpdate, 'customer' | 'opportunity'>;

/** The slots filled so far. All are there from the start: objects of one shape are read fastest. */
class Slots {
  customer: ReadUpdate['customer'] = undefined;
  opportunity: ReadUpdate['opportunity'] = undefined;
  assignee: ReadUpdate['assignee'] = undefined;
  amount: ReadUpdate['amount'] = undefined;
  amountChange: ReadUpdate['amountChange'] = undefined;
  currency: ReadUpdate['currency'] = undefined;
  closeOn: ReadUpdate['closeOn'] = undefined;
  nextFollowUp: ReadUpdate['nextFollowUp'] = undefined;
  remindAt: ReadUpdate['remindAt'] = undefined;
  stage: ReadUpdate['stage'] = undefined;
  stageMove: ReadUpdate['stageMove'] = undefined;
  probability: ReadUpdate['probability'] = undefined;
  contacts: ReadUpdate['contacts'] = [];
  title: ReadUpdate['title'] = undefined;
  phone: ReadUpdate['phone'] = undefined;
  email: ReadUpdate['email'] = undefined;
  channel: ReadUpdate['channel'] = undefined;
  lossReason: ReadUpdate['lossReason'] = undefined;
  winReason: ReadUpdate['winReason'] = undefined;
  nextStep: ReadUpdate['nextStep'] = undefined;
  competitors: ReadUpdate['competitors'] = [];
  priority: ReadUpdate['priority'] = undefined;
  tier: ReadUpdate['tier'] = undefined;
  tags: ReadUpdate['tags'] = [];
  queryKind: ReadUpdate['queryKind'] = undefined;
  period: ReadUpdate['period'] = undefined;
}

/** Marks under which a reason may still be legible. */
const ANY_OTHER_MARK = /[\ue004-\ue009]+/g;

/** Words that name or set a field, the longest first; slots and these alone are an update without a name. */
const FIELD_WORDS = new RegExp(
  [
    '竞争对手 推进到 差不多 优先级 合同额 签约 客户 更新 电话 推到 时间 大概 邮箱 关单',
    '以内 刚才 改为 跟进 延期 谈到 联系 回访 现在 预算 改到 项目 之前 商机 调到',
    '推迟 竞品 友商 合同 推进 目前 提前 左右 已经 报价 概率 预计 阶段 金额 把握 应该 改成',
    '日期 调整 成交 下次 大约 将 下 子 加 把 跟 签 算 是 个 减 单 就 少 能',
    '已 了 给 还 成 谈 为 它 那 改 这 延 推 前 先 定 按 再 约 到 多 的',
    '要 吧',
  ]
    .join(' ')
    .replaceAll(' ', '|'),
  'y',
);
const SLOTS = Object.keys(new Slots()) as (keyof Slots)[];
const NOT_A_LETTER = /[^\p{L}\p{N}]/gu;

const isList = (slot: Slot<unknown> | readonly Slot<unknown>[]): slot is readonly Slot<unknown>[] =>
  Array.isArray(slot);

/** Words that only introduce a slot: part of what was read, not worth a note. */
export function isFieldWords(words: string): boolean {
  const letters = words.replace(NOT_A_LETTER, '');
  // One by one: a pattern of them all would try 签约 in every way there is to cut it.
  for (let at = 0; at < letters.length; at = FIELD_WORDS.lastIndex) {
    FIELD_WORDS.lastIndex = at;
    if (!FIELD_WORDS.test(letters)) return false;
  }
  return true;
}

/** One update being put together: the scene it is read from, the slots filled so far, the doubts. */
export class Draft {
  readonly scene: Scene;
  readonly slots = new Slots();
  readonly doubts = new Set<Doubt>();
  readonly refused: Refused[] = [];
  readonly cues: Range[] = [];
  mentions: CustomerMention[];
  days: FoundDay[] = [];
  amount: AmountReading | undefined;
  /** A contact was named to be kept, as a field. */
  statesContact = false;
  /** Several customers all of whom the update is about. */
  group: SubjectSlots[] = [];

  constructor(
    readonly lexed: Lexed,
    readonly segment: Segment,
    readonly knowledge: Knowledge,
    readonly moment: Moment,
  ) {
    const from = segment.start;
    this.mentions = segment.customers.map(({ start, end, mention, opportunity }) => ({
      start: start - from,
      end: end - from,
      mention,
      opportunity: opportunity && {
        start: opportunity.start - from,
        end: opportunity.end - from,
        mention: opportunity.mention,
      },
    }));
    const text = lexed.text.slice(segment.start, segment.end);
    const unsaid = unsaidClauses(overwritten(text, this.mentions, MARK.customer));
    this.scene = new Scene(overwritten(text, unsaid, MARK.other));
  }

  /** An item of a numbered list needs no name. */
  get isNumbered(): boolean {
    return this.segment.itemNumber !== undefined;
  }

  hasFields(): boolean {
    const { slots } = this;
    const field =
      slots.stage ??
      slots.stageMove ??
      slots.amount ??
      slots.amountChange ??
      slots.closeOn ??
      slots.nextFollowUp ??
      slots.probability ??
      slots.phone ??
      slots.email ??
      slots.title ??
      slots.nextStep ??
      slots.priority ??
      slots.tier ??
      slots.assignee;
    return (
      field !== undefined ||
      this.statesContact ||
      slots.tags.length > 0 ||
      slots.competitors.length > 0
    );
  }

  /** Is no slot filled but those called `names`? */
  fillsOnly(names: ReadonlySet<string>): boolean {
    return SLOTS.every((name) => {
      const slot = this.slots[name];
      return slot === undefined || names.has(name) || (isList(slot) && slot.length === 0);
    });
  }

  /** The words outside names: 老板 in 老板电器 speaks of no boss. */
  businessText(): string {
    return overwritten(this.scene.text, this.mentions, MARK.customer);
  }

  /** The segment with customers, amounts and days blotted out, and everything else legible. */
  reasonText(): string {
    const { text, marked } = this.scene;
    return marked.replace(ANY_OTHER_MARK, (mark, at: number) => text.slice(at, at + mark.length));
  }

  /** 周一鸣 is a colleague and no Monday. */
  withoutNames(unmarked = false): string {
    const marked = unmarked ? this.scene.text : this.scene.marked;
    return overwritten(marked, this.knowledge.names.people.fullNames(marked), MARK.person);
  }

  /** The update as read, with what nothing was made of as its note. */
  finish(intent: Intent): ReadUpdate {
    const { slots } = this;
    const noteSpans = this.unreadSpans();
    const doubts = [...this.doubts];
    const low = doubts.some((doubt) => doubt !== 'hedged' || intent === 'win' || intent === 'lose');
    return {
      intent,
      certainty: low ? 'low' : 'high',
      doubts,
      span: this.span({ start: 0, end: this.scene.text.length }),
      itemNumber: this.segment.itemNumber,
      pronoun: PRONOUN.test(this.scene.text),
      customer: slots.customer,
      opportunity: slots.opportunity,
      assignee: slots.assignee,
      amount: slots.amount,
      amountChange: slots.amountChange,
      currency: slots.currency,
      closeOn: slots.closeOn,
      nextFollowUp: slots.nextFollowUp,
      remindAt: slots.remindAt,
      stage: slots.stage,
      stageMove: slots.stageMove,
      probability: slots.probability,
      contacts: slots.contacts,
      title: slots.title,
      phone: slots.phone,
      email: slots.email,
      channel: slots.channel,
      lossReason: slots.lossReason,
      winReason: slots.winReason,
      nextStep: slots.nextStep,
      reason: undefined,
      competitors: slots.competitors,
      priority: slots.priority,
      tier: slots.tier,
      tags: slots.tags,
      ref: undefined,
      queryKind: slots.queryKind,
      period: slots.period,
      refused: this.refused,
      note: noteSpans.map((span) => wordsAt(this.lexed, span).trim()).join(' '),
      noteSpans,
    };
  }

  /** What no slot and no order holds. Punctuation alone is not worth a note. */
  unreadSpans(): Span[] {
    const { text } = this.scene;
    const held = new Uint8Array(text.length);
    const hold = ({ span }: Slot<unknown>): void => {
      held.fill(1, this.indexAt(span.start), this.indexAt(span.end));
    };
    for (const name of SLOTS) {
      const slot = this.slots[name];
      if (slot === undefined) continue;
      if (isList(slot)) slot.forEach(hold);
      else hold(slot);
    }
    for (const { start, end } of this.cues) held.fill(1, start, end);
    for (const { start, end } of this.mentions) held.fill(1, start, end);
    const spans: Span[] = [];
    for (let start = held.indexOf(0); start !== -1;) {
      const next = held.indexOf(1, start);
      const end = next === -1 ? text.length : next;
      if (this.isWorthNoting(text.slice(start, end))) spans.push(this.span({ start, end }));
      start = next === -1 ? -1 : held.indexOf(0, next);
    }
    return spans;
  }

  private isWorthNoting(words: string): boolean {
    return words.includes(MARK.other) || (holdsLetter(words) && !isFieldWords(words));
  }

  /** Where in the segment's uniform text the typed offset `at` lies. */
  private indexAt(at: number): number {
    const { startAt } = this.lexed;
    let low = this.segment.start;
    let high = this.segment.end;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((startAt[middle] ?? 0) < at) low = middle + 1;
      else high = middle;
    }
    return low - this.segment.start;
  }

  span(range: Range): Span {
    return spanOf(this.lexed, this.segment.start + range.start, this.segment.start + range.end);
  }

  slot<T>(range: Range, value: T): Slot<T> {
    const span = this.span(range);
    return { value, span, words: wordsAt(this.lexed, span) };
  }

  /** Words taken for a customer or a title that is not looked up here. */
  unknown(range: Range): Slot<Mention> {
    const slot = this.words(range);
    return { ...slot, value: { kind: 'unknown', words: slot.words } };
  }

  words(range: Range): Slot<string> {
    const span = this.span(range);
    const words = wordsAt(this.lexed, span);
    return { value: words, span, words };
  }
}
