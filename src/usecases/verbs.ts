import type {
  Approval,
  CriterionResult,
  DayAndTime,
  DomainEvent,
  FieldChange,
  Member,
  Opportunity,
  Patch,
  PreviewReason,
  Refusal,
  SettledApproval,
  StageId,
  Channel,
  GroupDigest,
  TodoLine,
} from '../domain/index.js';
import type { Day, Decision, Fen } from '../kernel/index.js';
import type { NameAlias } from './ports.js';

/** Who wants it, why, and when it was said: every verb that writes takes this. */
export interface Cause {
  /** Derived from the callback: `<inbox key>#<n>`. Doing the same cause twice changes nothing twice. */
  causeId: string;
  by: Member;
  /** When it was said (CreateTime). */
  at: Date;
  /** The exact sentence or button. */
  said: string;
}

export type { PreviewReason, Refusal };

export interface FollowUpInput {
  channel: Channel | null;
  contacts: string[];
  summary: string;
}

export interface ChangeCommand extends Cause {
  opportunityId: string;
  patch: Patch;
  /** Records a contact as well. Its next date is `patch.nextFollowUp`. */
  followUp?: FollowUpInput;
  /** The person has said 是 to a preview. */
  confirmed: boolean;
  /** The reader was not sure. */
  uncertain?: boolean;
  ambiguousDates?: Day[];
}

/** What a change came to. */
export type ChangeResult =
  | {
      kind: 'written';
      opportunity: Opportunity;
      /** Old → new, in a fixed order of fields. Empty when only a contact was recorded or all was as said. */
      changes: FieldChange[];
      followedUp: boolean;
      /** The part that waits for a yes; nothing of it has changed. */
      held: { approval: Approval; approverNames: string[] } | null;
      /** 撤销 has something to take back: a change, a follow-up, or the request for a yes. */
      undoable: boolean;
      won: boolean;
    }
  | {
      kind: 'preview';
      opportunity: Opportunity;
      changes: FieldChange[];
      reasons: PreviewReason[];
      followUp: FollowUpInput | null;
    };

export interface CreateCommand extends Cause {
  title: string;
  customerName: string;
  fields: Patch;
  confirmed: boolean;
  uncertain?: boolean;
  ambiguousDates?: Day[];
}

export type CreateResult =
  | {
      kind: 'created';
      opportunity: Opportunity;
      held: { approval: Approval; approverNames: string[] } | null;
    }
  | {
      kind: 'preview';
      title: string;
      customerName: string;
      changes: FieldChange[];
      reasons: PreviewReason[];
    };

export interface DecideCommand extends Cause {
  approvalId: string;
  verdict: 'approved' | 'rejected';
  reason: string | null;
}

export interface Decided {
  opportunity: Opportunity;
  settled: SettledApproval;
  requestedByName: string;
  won: boolean;
  /** A sales group hears of the win. */
  celebrated: boolean;
}

export interface NameCommand {
  by: Member;
  at: Date;
  words: string;
  /** `words` as compared. */
  key: string;
  opportunityId: string;
  /** What the person chose among; null when it was named outright. */
  among: string[] | null;
  /** For everybody who may see the opportunity. */
  shared: boolean;
}

export interface UndoCommand extends Cause {
  /** The causes of the message to take back: one per opportunity it touched. */
  targets: { opportunityId: string; causeId: string }[];
}

export interface Undone {
  opportunity: Opportunity;
  changes: FieldChange[];
  followUpRemoved: boolean;
  /** The message had asked for a yes that nobody gave yet: the request is taken back. */
  requestWithdrawn: boolean;
  archived: boolean;
}

export type Question =
  | { kind: 'mine' }
  /** Everything open that the asker may see. */
  | { kind: 'team' }
  | { kind: 'owner'; ownerId: string }
  | { kind: 'followups'; from: Day; to: Day }
  | { kind: 'stage'; stage: StageId }
  | { kind: 'customer'; customerName: string }
  | { kind: 'closing'; from: Day; to: Day }
  | { kind: 'stale' }
  | { kind: 'won' | 'lost'; from: Day; to: Day }
  | { kind: 'funnel' };

export interface OpportunityList {
  items: Opportunity[];
  total: number;
  amountFen: Fen;
  ownerNames: Record<string, string>;
}

export interface Forecast {
  from: Day;
  to: Day;
  /** Closing in the period and still open, by stage. */
  stages: { stage: StageId; count: number; amountFen: Fen; weightedFen: Fen }[];
  weightedFen: Fen;
  openFen: Fen;
  wonFen: Fen;
  wonCount: number;
}

export interface OpportunityView {
  opportunity: Opportunity;
  ownerName: string;
  collaboratorNames: string[];
  approverNames: string[];
  /** Newest first. */
  recent: DomainEvent[];
  names: Record<string, string>;
}

export interface FieldHistory {
  opportunity: Opportunity;
  entries: {
    event: DomainEvent;
    change: FieldChange;
    /** Who wanted it. */
    byName: string;
    /** Who allowed it, when it needed a yes. */
    approvedByName: string | null;
    /** The words that caused it: for an approved change those of the request. */
    said: string;
  }[];
}

/** The verbs. One file each; this listing is the list of features. */
export interface UseCases {
  createOpportunity(command: CreateCommand): Promise<Decision<CreateResult, Refusal>>;
  changeOpportunity(command: ChangeCommand): Promise<Decision<ChangeResult, Refusal>>;
  undoChange(command: UndoCommand): Promise<Decision<Undone[], Refusal>>;

  decideApproval(command: DecideCommand): Promise<Decision<Decided, Refusal>>;
  withdrawApproval(command: Cause & { opportunityId: string }): Promise<Decision<Decided, Refusal>>;
  /** What this person could decide now, and what they asked for themselves. */
  approvalsFor(member: Member): Promise<Opportunity[]>;
  /** The true state behind a card, for every tap, however late. */
  approvalState(approvalId: string): Promise<{
    opportunity: Opportunity;
    open: Approval | null;
    settled: SettledApproval | null;
    byName: string;
    criteria: CriterionResult[];
    requestedByName: string;
  } | null>;

  /** 推迟 and 今天不提醒: reminders rest until the day (or the moment) given; they come back only if still true. */
  snooze(
    command: Cause & { opportunityId: string; until: DayAndTime },
  ): Promise<Decision<Opportunity, Refusal>>;
  createGroup(
    command: Cause & { name: string; memberIds: string[] },
  ): Promise<
    Decision<{ groupId: string; name: string; memberNames: string[]; existed: boolean }, Refusal>
  >;

  list(member: Member, question: Question): Promise<OpportunityList>;
  show(member: Member, opportunityId: string): Promise<Decision<OpportunityView, Refusal>>;
  /** 谁改的金额: the changes of one field, newest first. */
  fieldHistory(
    member: Member,
    opportunityId: string,
    field: FieldChange['field'],
  ): Promise<Decision<FieldHistory, Refusal>>;
  forecast(member: Member, period: { from: Day; to: Day }): Promise<Forecast>;
  todosOf(member: Member, on: Day): Promise<TodoLine[]>;

  /** Remembers what this person calls the opportunity; the same again changes nothing. */
  nameOpportunity(command: NameCommand): Promise<Decision<Opportunity, Refusal>>;
  /** Takes a name back: one's own, else a shared one that this person may take back. */
  forgetName(member: Member, key: string): Promise<NameAlias | null>;
  /** What the words mean to this person, whether or not they may still see it. */
  named(userid: string, key: string): Promise<NameAlias | null>;
  namesOf(userid: string): Promise<NameAlias[]>;

  /** Whether this is the first time this person is spoken with. */
  firstContact(userid: string, at: Date): Promise<boolean>;

  /** The clock's verbs: idempotent, run by heartbeats on any instance. */
  attend(opportunityId: string, now: Date): Promise<void>;
  /** The same for all that are due, earliest first; one that fails keeps no other waiting. */
  attendAll(now: Date, limit: number): Promise<void>;
  /** After the rules or the calendar changed: asks of every open opportunity anew when it needs something. */
  reviewCadence(now: Date): Promise<number>;
  /** Due digests of all groups and people; answers how many were made. */
  sendDigests(now: Date): Promise<number>;
  /** When the clock's verbs next have something to do; for the demo's fast-forward. */
  nextDueAt(now: Date): Promise<Date | null>;
  groupDigest(groupId: string, on: Day, since: Date, until: Date): Promise<GroupDigest>;
  /** Moves `pending` on to events and outbox. */
  relay(opportunityId: string): Promise<void>;
  relayAll(limit: number): Promise<number>;
  /** Keeps appchat members in step with their departments (decisions 31). */
  keepGroupsInStep(): Promise<void>;
  tellAdmins(alert: {
    key: string;
    title: string;
    detail: string;
    action: string;
    at: Date;
  }): Promise<void>;
}
