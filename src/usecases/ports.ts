import type {
  ApprovalPolicy,
  CadencePolicy,
  DomainEvent,
  Happening,
  Member,
  NoticeClass,
  Notice,
  Opportunity,
  Pending,
  Pipeline,
  StageId,
  Audience,
} from '../domain/index.js';
import type { Calendar } from '../domain/index.js';
import type { Incoming, Message, PassiveAnswer, Receipt } from '../chat/index.js';
import type {
  Clock,
  Day,
  Fen,
  IdSource,
  Leases,
  Logger,
  RateLimiter,
  TokenStore,
} from '../kernel/index.js';

/** Which opportunities; all conditions hold together, absent ones do not count. */
export interface OpportunityFilter {
  /** Only what these people may see: owner or collaborator is one of them. `all` for administrators and the clock. */
  visibleTo: string[] | 'all';
  ownerIds?: string[];
  stages?: StageId[];
  open?: boolean;
  /** However it is written: compared by `customerKey`. */
  customerName?: string;
  closeFrom?: Day;
  closeTo?: Day;
  nextFollowUpTo?: Day;
  lastContactBefore?: Date;
  outcomeFrom?: Day;
  outcomeTo?: Day;
}

export type OpportunityOrder = 'close-date' | 'next-follow-up' | 'amount' | 'last-touched';

export interface OpportunityStore {
  load(id: string): Promise<Opportunity | null>;
  loadMany(ids: readonly string[]): Promise<Opportunity[]>;
  /** False when it is there already: ids are derived, so creating twice is seen. */
  insert(opportunity: Opportunity): Promise<boolean>;
  /** Saves the whole aggregate if its `rev` is still `rev - 1` of the one given; false otherwise. */
  replace(next: Opportunity): Promise<boolean>;
  find(
    filter: OpportunityFilter,
    page: { limit: number; order: OpportunityOrder },
  ): Promise<{ items: Opportunity[]; total: number }>;
  /** Sums for forecasts and digests, grouped in the database. */
  sumByStage(
    filter: OpportunityFilter,
  ): Promise<{ stage: StageId; count: number; amountFen: Fen; weightedFen: Fen }[]>;
  /** Names for the reader's index: not archived; open ones and those closed in the last 90 days. */
  names(): Promise<OpportunityName[]>;
  namesSince(rev: Date): Promise<OpportunityName[]>;
  /** Those whose attention is due, earliest first. */
  needingAttention(now: Date, limit: number): Promise<{ id: string; at: Date }[]>;
  /** When the next one is due; null when none waits. */
  nextAttentionAt(): Promise<Date | null>;
  /** Those with something pending, oldest first, for the relay. */
  withPending(limit: number): Promise<{ id: string; pending: Pending[] }[]>;
  pullPending(id: string, pendingIds: string[]): Promise<void>;
  /**
   * By the id or the #ref (digits) of its open approval, else of one among its `settledApprovals`: a
   * late tap or word must find the truth before the relay has moved the event on.
   */
  withApproval(approvalId: string): Promise<Opportunity | null>;
  /** Those whose open approval lists this person as an approver, or was asked for by them. */
  approvalsWaitingFor(userid: string): Promise<Opportunity[]>;
  /** Those whose open approval nobody could be asked for. */
  approvalsWithoutApprover(): Promise<Opportunity[]>;
}

export interface OpportunityName {
  id: string;
  title: string;
  customerName: string;
  ownerId: string;
  collaboratorIds: string[];
  /** These tell two of the same name apart. */
  stage: StageId;
  amountFen: Fen | null;
  closeOn: Day | null;
  open: boolean;
  archived: boolean;
  updatedAt: Date;
}

export interface EventStore {
  /** Idempotent by id. */
  append(events: readonly DomainEvent[]): Promise<void>;
  /** Newest first. */
  ofOpportunity(
    opportunityId: string,
    options: { types?: Happening['type'][]; limit: number },
  ): Promise<DomainEvent[]>;
  /** From (exclusive) to (inclusive), oldest first; for digests. */
  between(from: Date, to: Date, ownerIds: string[] | 'all', limit: number): Promise<DomainEvent[]>;
  settledApproval(approvalId: string): Promise<DomainEvent | null>;
}

export interface Directory {
  member(userid: string): Promise<Member | null>;
  members(userids: readonly string[]): Promise<Member[]>;
  /** Active colleagues; the reader's index of people. */
  everyone(): Promise<Member[]>;
  /** The person and everybody below them, however deep. */
  reportsOf(userid: string): Promise<string[]>;
  admins(): Promise<Member[]>;
  /** Replaces what is known after a poll of the contacts; those gone become inactive, never deleted. */
  replaceAll(members: readonly Member[], at: Date): Promise<void>;
}

/** One callback, whole, stored before it is answered 200. */
export interface InboxRow {
  incoming: Incoming;
  receivedAt: Date;
  state: 'waiting' | 'done' | 'failed';
  attempts: number;
  /** After a passing failure: not again before then. */
  retryAt: Date | null;
  outcome: InboxOutcome | null;
}

/** What handling it came to, saved before any of it is carried out; carrying out is repeatable. */
export interface InboxOutcome {
  reply: Message | null;
  /** Sent to the same person besides the reply (a tap's written answer). */
  passive: PassiveAnswer;
  /** The conversation's state afterwards; null leaves it. */
  dialog: object | null;
  /** It could not be handled; the reply apologises. */
  failed?: boolean;
}

export interface InboxStore {
  /** Inserts those not seen before, in one write; answers, per incoming, whether it was new. */
  claim(incomings: readonly Incoming[], receivedAt: Date): Promise<boolean[]>;
  find(key: string): Promise<InboxRow | null>;
  /** The oldest waiting rows of a sender, by (at, key's number). */
  waitingOf(sender: string, limit: number): Promise<InboxRow[]>;
  sendersWaiting(limit: number): Promise<string[]>;
  /** Saves the outcome of a waiting row; the first one stands. Returns the one that stands. */
  decide(key: string, outcome: InboxOutcome): Promise<InboxOutcome>;
  finish(key: string, state: 'done' | 'failed'): Promise<void>;
  /** Counts a try, and says when the next one may be; answers how many there were. */
  countAttempt(key: string, retryAt: Date | null): Promise<number>;
}

export type OutboxState =
  | 'waiting'
  | 'sending'
  | 'sent'
  /** Went to the next digest by a named rule. */
  | 'folded'
  | 'dropped'
  /** Retries ended, or no retry could help; can be replayed. */
  | 'dead'
  /** A group message that may or may not have arrived; never sent again by itself. */
  | 'unknown';

/** One message on its way out. */
export interface OutboxRow {
  id: string;
  /** One queue per recipient and kind: `reply:zhangsan`, `alert:zhangsan`, `group:east`. */
  lane: string;
  to: Audience;
  class: NoticeClass;
  content: { kind: 'notice'; notice: Notice } | { kind: 'message'; message: Message };
  /** Rewrite this earlier card instead of sending. */
  updatesCardId: string | null;
  causeAt: Date;
  causeId: string;
  n: number;
  state: OutboxState;
  attempts: number;
  notBefore: Date;
  /** The wire body, built once. */
  body: string | null;
  sentAt: Date | null;
  receipt: Receipt | null;
  /** Why it is folded, dropped, dead or unknown. */
  why: string | null;
}

export type NewOutboxRow = Pick<
  OutboxRow,
  | 'id'
  | 'lane'
  | 'to'
  | 'class'
  | 'content'
  | 'updatesCardId'
  | 'causeAt'
  | 'causeId'
  | 'n'
  | 'notBefore'
>;

export interface OutboxStore {
  /** Idempotent by id. */
  put(rows: readonly NewOutboxRow[], now: Date): Promise<void>;
  find(id: string): Promise<OutboxRow | null>;
  /** Lanes whose head may go now. */
  lanesWaiting(now: Date, limit: number): Promise<string[]>;
  /** The lane's first rows in order (causeAt, causeId, n) that are waiting or sending, up to one that is not yet due. */
  dueOf(lane: string, now: Date, limit: number): Promise<OutboxRow[]>;
  /** Stores the body if none is stored; returns the stored one. */
  keepBody(id: string, body: string): Promise<string>;
  /** From waiting to sending; false when it is not waiting any more. Only one of two instances gets true. */
  startSending(id: string): Promise<boolean>;
  mark(
    id: string,
    change: Partial<
      Pick<OutboxRow, 'state' | 'attempts' | 'notBefore' | 'sentAt' | 'receipt' | 'why'>
    >,
  ): Promise<void>;
  /** A card's response code is spent once it was used. */
  spendResponseCode(id: string): Promise<string | null>;
  heldBackFor(userid: string, since: Date): Promise<number>;
  nextDueAt(now: Date): Promise<Date | null>;
  dead(limit: number): Promise<OutboxRow[]>;
  replay(id: string, now: Date): Promise<boolean>;
}

/**
 * Something we sent that a short reply may answer: a reminder, or a numbered list. Or a `meaning`: what a
 * message that names nothing was found to mean, kept before it is done, so that a repeat means the same.
 */
export interface Prompt {
  /** The notice's id. */
  id: string;
  userid: string;
  kind: 'reminder' | 'numbered-list' | 'meaning';
  at: Date;
  /** In the order of their numbers. */
  opportunityIds: string[];
  answeredAt: Date | null;
}

export interface PromptStore {
  /** Idempotent by id: the first one stands. */
  put(prompt: Prompt): Promise<void>;
  find(id: string): Promise<Prompt | null>;
  /** Unanswered, newest first. */
  openFor(userid: string, since: Date): Promise<Prompt[]>;
  answered(id: string, at: Date): Promise<void>;
}

/** What somebody calls an opportunity besides its title (N7). */
export interface NameAlias {
  id: string;
  /** Whose word it is; `null` when everybody who may see the opportunity shares it. */
  userid: string | null;
  words: string;
  /** `words` as compared. */
  key: string;
  opportunityId: string;
  /**
   * What else the words could have meant when it was picked: as soon as they may mean another, it is asked
   * again. `null` when it was named outright.
   */
  among: string[] | null;
  by: string;
  at: Date;
}

export interface AliasStore {
  /** The latest stands: the same words of one person mean one thing. */
  put(alias: NameAlias): Promise<void>;
  /** What the words mean to this person: their own before a shared one. */
  named(userid: string, key: string): Promise<NameAlias[]>;
  /** A person's own and the shared ones, newest first. */
  of(userid: string): Promise<NameAlias[]>;
  drop(id: string): Promise<void>;
}

export interface DialogStore {
  load(userid: string): Promise<object | null>;
  save(userid: string, dialog: object, at: Date): Promise<void>;
}

/** A sales group (销售群): who is covered, and through which channel it is reached. */
export interface SalesGroup {
  id: string;
  name: string;
  channel: { via: 'appchat'; chatId: string } | { via: 'webhook'; keyEnv: string };
  /** Whose opportunities it hears about. */
  departmentIds: number[];
  memberIds: string[];
}

export interface GroupStore {
  /** Groups made in chat (建群); those of digest.yaml come from settings. */
  all(): Promise<SalesGroup[]>;
  put(group: SalesGroup): Promise<void>;
}

/** Digests sent, so that “since yesterday” means since the last one. */
/** What is said once: a digest a day; the welcome, ever. */
export interface DigestLedger {
  /** The newest for this reader: a group id, `person:userid` or `welcome:userid`. */
  last(reader: string): Promise<{ on: Day; until: Date } | null>;
  /** False when that day's is there already. */
  record(entry: { reader: string; on: Day; until: Date }): Promise<boolean>;
}

export interface Counters {
  /** The next number of a running count: 1, 2, …; gaps are harmless. */
  next(name: string): Promise<number>;
}

/** Group chats the app may create (应用群聊). */
export interface GroupChats {
  /** Repeating with the same chatId is harmless. */
  create(chat: {
    chatId: string;
    name: string;
    ownerId: string;
    memberIds: string[];
  }): Promise<void>;
  setMembers(chatId: string, memberIds: string[]): Promise<void>;
}

/** confirm.yaml: which changes are shown before they are written. */
export interface ConfirmPolicy {
  preview: Record<
    | 'amount-down'
    | 'close-pushed'
    | 'backward'
    | 'win'
    | 'lose'
    | 'owner'
    | 'uncertain'
    | 'ambiguous-date'
    | 'recent-other',
    boolean
  >;
  /** Someone else's change is “recent” for so many minutes. */
  recentMinutes: number;
  undoHours: number;
}

/** What the verbs are told of the company; a snapshot per call. */
export interface Policies {
  pipeline: Pipeline;
  approval: ApprovalPolicy;
  cadence: CadencePolicy;
  confirm: ConfirmPolicy;
  digest: DigestPolicy;
  calendar: Calendar;
  /** Stamps decisions: which configuration they were made under. */
  version: string;
}

export interface DigestPolicy {
  groups: SalesGroup[];
  /** Earliest time of day, `HH:mm`; the minute is moved to :03–:27 past by a hash of the group. */
  at: string;
  /** Later than that the day's digest merges into the next. */
  until: string;
  limit: number;
  personal: boolean;
}

/** Wakes the workers; nothing is lost without it, only later. */
export interface Nudge {
  inbox(sender: string): void;
  relay(opportunityId: string): void;
  /** Rows were put into these lanes; without them, all lanes are looked through. */
  outbox(lanes?: readonly string[]): void;
}

/** Everything the verbs need from the world. */
export interface World {
  opportunities: OpportunityStore;
  events: EventStore;
  directory: Directory;
  outbox: OutboxStore;
  prompts: PromptStore;
  aliases: AliasStore;
  groups: GroupStore;
  digests: DigestLedger;
  counters: Counters;
  groupChats: GroupChats;
  /** Whether alarms also leave by a channel that is not WeCom (decisions 30). */
  hasAlarmChannel: boolean;
  policies(): Policies;
  clock: Clock;
  ids: IdSource;
  log: Logger;
  nudge: Nudge;
}

export type { Leases, RateLimiter, TokenStore };
