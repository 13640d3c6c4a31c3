import type { Day } from '../../kernel/index.js';
import type { DayAndTime, Tier } from '../opportunity/opportunity.js';

export type Channel = 'call' | 'visit' | 'wechat' | 'email' | 'meeting';

/** One contact with the customer (跟进记录). */
export interface FollowUp {
  id: string;
  at: Date;
  by: string;
  channel: Channel | null;
  /** Whom they spoke to, as typed. */
  contacts: string[];
  /** What was said, in the rep's words. */
  summary: string;
  next: DayAndTime | null;
}

export type ChaseKind = 'follow-up' | 'contact-overdue' | 'node';

/** A reminder that stands open: it is a task until the rep answers it. */
export interface Chase {
  kind: ChaseKind;
  /** Derived from what fell due, so the same thing is chased once. */
  key: string;
  /** The day that fell due. */
  dueOn: Day;
  startedAt: Date;
  /** Rungs of the ladder already climbed: 1 = the owner was reminded. */
  step: number;
}

/** cadence.yaml. */
export interface CadencePolicy {
  /** Days without contact before a reminder, by customer tier. */
  contactEveryDays: Record<Tier, number>;
  /** More specific rhythms; the first that matches wins, above the tier. */
  exceptions: { tag?: string; stage?: string; everyDays: number }[];
  /** Days after creation at which a new opportunity is looked at: 1, 3, 7 (working days below 7, decisions 15). */
  newOpportunityNodes: number[];
  /** Working days after a reminder went unanswered: who hears next. */
  ladder: { afterWorkdays: number; tell: 'owner' | 'leader' }[];
  /** Reminders leave from here on, jittered: `HH:mm`. */
  remindFrom: string;
  jitterMinutes: number;
}
