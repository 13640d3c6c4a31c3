/**
 * What the reader hands on: the seam shared by the bot and the `shorthand` command line.
 *
 * Everything here is plain data (it survives JSON and structured clone). Offsets count UTF-16 code
 * units of the text exactly as it was typed.
 */

import type { Day } from '../kernel/index.js';

/** A clock time in Asia/Shanghai, `HH:mm`. */
export type TimeOfDay = string;

/** Half-open range `[start, end)` of the text as typed. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A value, where it was said, and the words that said it. */
export interface Slot<T> {
  readonly value: T;
  readonly span: Span;
  readonly words: string;
}

export const INTENTS = [
  'create',
  'update',
  'log',
  'win',
  'lose',
  'assign',
  'remind',
  'approve',
  'reject',
  'query',
  'undo',
  'help',
] as const;

/**
 * What an update wants. `update` only sets fields; `log` reports something that happened or was
 * said, fields riding along. Text that is no operation yields no update at all.
 */
export type Intent = (typeof INTENTS)[number];

/** A stage's id, as pipeline.yaml has it. */
export type ReadStageId = string;

/** A pipeline stage as the lexicon knows it: the name plus the other words for it. */
export interface StageWords {
  readonly id: ReadStageId;
  readonly name: string;
  readonly alsoSaid: readonly string[];
}

/** Something with a name that can be spoken of: a customer, a colleague, an opportunity. */
export interface Known {
  readonly id: string;
  readonly name: string;
  readonly alsoSaid?: readonly string[];
}

/** An opportunity that can be spoken of by its title, of a customer when known. */
export interface KnownOpportunity extends Known {
  readonly customerId?: string;
}

/** A personal or shared nickname learnt from a pick: `words` means the thing with `id`. */
export interface Alias {
  readonly words: string;
  readonly kind: 'customer' | 'person' | 'opportunity';
  readonly id: string;
}

/**
 * How a mention was matched, surest first: the whole name, a learnt alias, a distinctive part of the
 * name (吉利), a short form (国网江苏), pinyin or its initials, one wrong character.
 */
export type MatchedHow = 'exact' | 'alias' | 'part' | 'short' | 'pinyin' | 'typo';

export interface Candidate {
  readonly id: string;
  readonly name: string;
}

/** Whom or what a mention names. `unknown` keeps the words: a customer that is not in the lexicon. */
export type Mention =
  | { readonly kind: 'one'; readonly id: string; readonly name: string; readonly how: MatchedHow }
  | {
      readonly kind: 'several';
      readonly candidates: readonly Candidate[];
      readonly how: MatchedHow;
    }
  | { readonly kind: 'unknown'; readonly words: string };

/** A sum of money in integer fen (分). */
export interface ReadAmount {
  /** The total; for a range its upper end. */
  readonly fen: number;
  /** Said with 左右, 大概, 多, 来 … */
  readonly approx?: true | undefined;
  /** Said as a range, 三四十万: both ends in fen. */
  readonly range?: { readonly lowFen: number; readonly highFen: number } | undefined;
}

/** A day, with its clock time when one was said. */
export interface ReadWhen {
  readonly day: Day;
  readonly time?: TimeOfDay | undefined;
  /**
   * The other days the words may mean (周末; 下周三 said on a Sunday), `day` first, when a person
   * should be asked. Absent when only one reading is reasonable.
   */
  readonly alternatives?: readonly Day[] | undefined;
  /** A period was said (下周, 7月, 上旬): its first and last day; `day` is the one to write. */
  readonly within?: { readonly from: Day; readonly to: Day } | undefined;
}

export type ReadChannel = 'call' | 'visit' | 'wechat' | 'email' | 'meeting';

export type QueryKind =
  | 'mine'
  | 'owner'
  | 'followups'
  | 'stage'
  | 'customer'
  | 'forecast'
  | 'closing'
  | 'stale'
  | 'won'
  | 'lost'
  | 'funnel';

/** First and last day of the time a question is about. */
export interface Period {
  readonly from: Day;
  readonly to: Day;
}

/** Why a reading should be confirmed before it is written. */
export type Doubt =
  | 'several-customers'
  | 'several-opportunities'
  | 'several-people'
  | 'unknown-customer'
  | 'guessed-name'
  | 'several-days'
  | 'amount-range'
  | 'two-values'
  | 'hedged';

/** A stated value that was seen and deliberately not read: 4月31号, 120%, -10万. */
export interface Refused {
  readonly slot: string;
  readonly why:
    'impossible-day' | 'impossible-probability' | 'impossible-amount' | 'foreign-currency';
  readonly span: Span;
  readonly words: string;
}

/** One opportunity's worth of what was said. A slot that was not stated is `undefined`. */
export interface ReadUpdate {
  readonly intent: Intent;
  /** `low`: ask before writing; `doubts` says why. */
  readonly certainty: 'high' | 'low';
  readonly doubts: readonly Doubt[];
  /** The part of the text this update was read from. */
  readonly span: Span;
  /** “2 已报价30万”: the number of the list item that is answered. */
  readonly itemNumber?: number | undefined;
  /** 它 / 这单 / 这个 / 刚才那个: the opportunity last spoken of is meant. */
  readonly pronoun: boolean;

  readonly customer?: Slot<Mention> | undefined;
  /** Product or project words (二期, MES). `unknown` when the lexicon has no such opportunity. */
  readonly opportunity?: Slot<Mention> | undefined;
  readonly assignee?: Slot<Mention> | undefined;

  readonly amount?: Slot<ReadAmount> | undefined;
  /** Signed difference in fen, when only the difference is stated. */
  readonly amountChange?: Slot<number> | undefined;
  /** ISO code, only for a foreign currency; `amount` then counts hundredths of that unit. */
  readonly currency?: Slot<string> | undefined;
  readonly closeOn?: Slot<ReadWhen> | undefined;
  readonly nextFollowUp?: Slot<ReadWhen> | undefined;
  readonly remindAt?: Slot<ReadWhen> | undefined;
  readonly stage?: Slot<ReadStageId> | undefined;
  readonly stageMove?: Slot<'next' | 'prev'> | undefined;
  /** 0 … 1. */
  readonly probability?: Slot<number> | undefined;

  readonly contacts: readonly Slot<string>[];
  readonly title?: Slot<string> | undefined;
  readonly phone?: Slot<string> | undefined;
  readonly email?: Slot<string> | undefined;
  readonly channel?: Slot<ReadChannel> | undefined;
  readonly lossReason?: Slot<string> | undefined;
  readonly winReason?: Slot<string> | undefined;
  readonly nextStep?: Slot<string> | undefined;
  /** Why an approval was turned down. */
  readonly reason?: Slot<string> | undefined;
  readonly competitors: readonly Slot<string>[];
  readonly priority?: Slot<'high' | 'medium' | 'low'> | undefined;
  readonly tier?: Slot<'A' | 'B' | 'C'> | undefined;
  readonly tags: readonly Slot<string>[];
  /** Number of the approval, without #. */
  readonly ref?: Slot<string> | undefined;
  readonly queryKind?: Slot<QueryKind> | undefined;
  readonly period?: Slot<Period> | undefined;

  /** Values seen and not read because they cannot be. */
  readonly refused: readonly Refused[];
  /** The words of this update no slot holds, joined by spaces; empty when all was read. */
  readonly note: string;
  readonly noteSpans: readonly Span[];
}

/** What one message says. */
export interface Reading {
  /** The text that was read: the message, cut to the length limit. */
  readonly text: string;
  /** Was the message longer than the limit? */
  readonly cut: boolean;
  readonly updates: readonly ReadUpdate[];
  /** Parts of the message no update was read from: a headline, small talk, “其他不变”. */
  readonly unread: readonly string[];
  /** Set when nothing may be written because the text is an attack or a bulk order. */
  readonly blocked?: 'code' | 'instruction' | 'bulk';
  /**
   * Slots of a message that is no operation by itself but answers a question (“50万”, “价格”,
   * “下周三”): the same as `updates[0]`, with no customer. Absent for anything else.
   */
  readonly answer?: ReadUpdate | undefined;
}

/** The words a reader knows. */
export interface Lexicon {
  readonly customers: readonly Known[];
  readonly people: readonly Known[];
  readonly opportunities?: readonly KnownOpportunity[];
  readonly aliases?: readonly Alias[];
}

/** What the reader asks of a calendar; `createCalendar` of `domain/calendar` satisfies it. */
export interface ReadingCalendar {
  isWorkday(day: Day): boolean;
  /** Public holidays that begin in `year`, each from its first to its last day off. */
  holidays(year: number): readonly HolidaySpan[];
}

export interface HolidaySpan {
  /** 元旦 春节 清明 劳动节 端午 中秋 国庆节, or a name from the overlay. */
  readonly name: string;
  readonly from: Day;
  readonly to: Day;
}

export interface ReadOptions {
  /** The moment the message was sent; relative words count from it. */
  readonly now: Date;
  /** A numbered list was shown: a number at the start of a segment names its item. */
  readonly numbered?: boolean;
}

export interface Reader {
  /** Reads one message. Never throws; cost is linear in the (capped) length of `text`. */
  read(text: string, options: ReadOptions): Reading;
  /** Names the reader knows; changing them takes effect with the next `read`. */
  readonly names: NameChanges;
}

/** Keeps the index in step with the database without building it anew. */
export interface NameChanges {
  putCustomer(customer: Known): void;
  dropCustomer(id: string): void;
  putPerson(person: Known): void;
  dropPerson(id: string): void;
  putOpportunity(opportunity: KnownOpportunity): void;
  dropOpportunity(id: string): void;
  putAlias(alias: Alias): void;
  dropAlias(alias: Alias): void;
}
