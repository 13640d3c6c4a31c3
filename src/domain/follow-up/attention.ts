import { HOUR_MS, MINUTE_MS, clockTimeOf, dayOf, instantOf } from '../../kernel/index.js';
import type { Day } from '../../kernel/index.js';
import type { Approval, ApprovalPolicy } from '../approval/approval.js';
import type { Calendar } from '../calendar/index.js';
import type { Attention, DayAndTime, Opportunity } from '../opportunity/opportunity.js';
import type { CadencePolicy, ChaseKind } from './follow-up.js';
import { contactEveryDays, dayAfter, reminderMoment, reminderSlot } from './rhythm.js';

export interface AttentionPolicies {
  cadence: CadencePolicy;
  approval: ApprovalPolicy;
  calendar: Calendar;
}

/** A reminder to start. */
export interface DueReminder {
  kind: ChaseKind;
  at: Date;
  /** What `Chase.key` becomes: the same thing is chased once. */
  key: string;
  /** The day that fell due. */
  dueOn: Day;
  /** The rhythm behind it, in days; null for an agreed date and for the nodes of a new opportunity. */
  everyDays: number | null;
  /** Asked for by the rep, to the minute: goes out whatever the day or hour. */
  selfSet: boolean;
  /** For a node: which one. */
  node: number | null;
}

/** The next rung of the ladder for the reminder that stands open. */
export interface DueRung {
  kind: 'escalation';
  at: Date;
  tell: 'owner' | 'leader';
  /** `Chase.step` once it is climbed. */
  step: number;
}

/** An approval that waited too long, or whose cards grow too old. */
export interface DueApproval {
  kind: 'approval-raise' | 'approval-renew';
  at: Date;
}

export type Due = DueReminder | DueRung | DueApproval;

/** A clock time is announced so long before. */
const BEFORE_APPOINTMENT_MS = 30 * MINUTE_MS;
/** Approvals are not raised later in the day than this. */
const RAISE_UNTIL = '18:00';

/**
 * When this opportunity next needs something of us; null when it needs nothing. Computed at every save
 * and indexed, so that a heartbeat finds what is due without looking at the rest.
 *
 * What fell due while nobody looked (an outage, a late import) is moved to the first moment from `now`
 * at which people are at work; what was already handled (`chase.key`) never comes again.
 */
export function nextAttention(
  opportunity: Opportunity,
  policies: AttentionPolicies,
  now: Date,
): Attention | null {
  const [first] = duesOf(opportunity, policies, now);
  return first ? { at: first.at, kind: first.kind } : null;
}

/** Everything this opportunity will need, earliest first, as things stand. */
export function duesOf(opportunity: Opportunity, policies: AttentionPolicies, now: Date): Due[] {
  const dues: Due[] = [...approvalDues(opportunity.approval, policies)];
  if (opportunity.outcome === null && opportunity.archivedAt === null) {
    const reminders = subjects(opportunity, policies).filter(
      (subject) => !isChased(opportunity, subject.key),
    );
    dues.push(...reminders.map((reminder) => resting(reminder, opportunity, policies, now)));
    const rung = nextRung(opportunity, policies, now);
    if (rung) dues.push(rung);
  }
  return dues.sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** Is the reminder that stands open still about something true? */
export function isChaseTrue(opportunity: Opportunity, policies: AttentionPolicies): boolean {
  return (
    opportunity.outcome === null &&
    opportunity.archivedAt === null &&
    subjects(opportunity, policies).some(({ key }) => key === opportunity.chase?.key)
  );
}

/**
 * The agreed next contact (下次跟进), unless it has happened. A contact on that day keeps the appointment,
 * with a clock time one from its announcement on; the contact that made the appointment does not.
 */
export function agreedFollowUp(opportunity: Opportunity): DayAndTime | null {
  const { nextFollowUp: agreed, lastContactAt, lastFollowUp } = opportunity;
  if (!agreed) return null;
  const madeByLastContact = lastFollowUp !== null && isSame(lastFollowUp.next, agreed);
  const kept = lastContactAt !== null && lastContactAt >= announcedAt(agreed);
  return kept && !madeByLastContact ? null : agreed;
}

/** Half an hour ahead of a clock time; the start of a bare day. */
function announcedAt({ day, time }: DayAndTime): Date {
  const ahead = time === undefined ? 0 : BEFORE_APPOINTMENT_MS;
  return new Date(instantOf(day, time).getTime() - ahead);
}

/** The working day from which on the customer has been left alone too long (超期未联系). */
export function contactDueOn(opportunity: Opportunity, policies: AttentionPolicies): Day {
  const every = contactEveryDays(opportunity, policies.cadence);
  return dayAfter(lastTouchedOn(opportunity), every, policies.calendar);
}

/** The day of the last contact; before the first one, the day the opportunity was created. */
export function lastTouchedOn(opportunity: Opportunity): Day {
  return dayOf(opportunity.lastContactAt ?? opportunity.createdAt);
}

/** All that can be chased, whether or not it is already, undisturbed by snoozing. */
function subjects(opportunity: Opportunity, policies: AttentionPolicies): DueReminder[] {
  const agreed = agreedFollowUp(opportunity);
  // Planned silence (N1): an agreed date speaks for itself, so the other rules rest until it is kept.
  if (agreed) return [followUpSubject(opportunity, agreed, policies)];
  const contact = contactSubject(opportunity, policies);
  // Once the contact itself is overdue, the nodes have nothing to add.
  return [
    ...nodeSubjects(opportunity, policies).filter(({ dueOn }) => dueOn < contact.dueOn),
    contact,
  ];
}

function followUpSubject(
  opportunity: Opportunity,
  agreed: DayAndTime,
  { cadence, calendar }: AttentionPolicies,
): DueReminder {
  const agreedAt = agreedAtOf(opportunity, agreed);
  let at: Date;
  if (agreed.time !== undefined) {
    at = announcedAt(agreed);
    // “十分钟后再打”: announcing it half an hour ahead would be at once, and useless.
    if (agreedAt && agreedAt >= at) at = instantOf(agreed.day, agreed.time);
  } else {
    at = reminderSlot(opportunity.id, calendar.rollForward(agreed.day), cadence);
    // “今天再跟一下”, said in the afternoon: not this minute, but tomorrow, if it has not happened.
    if (agreedAt && agreedAt >= at) {
      at = reminderSlot(opportunity.id, calendar.nextWorkday(dayOf(agreedAt)), cadence);
    }
  }
  return {
    kind: 'follow-up',
    at,
    key: `follow-up:${agreed.day}${agreed.time ? `T${agreed.time}` : ''}:${opportunity.ownerId}`,
    dueOn: agreed.day,
    everyDays: null,
    selfSet: agreed.time !== undefined,
    node: null,
  };
}

function contactSubject(opportunity: Opportunity, policies: AttentionPolicies): DueReminder {
  const dueOn = contactDueOn(opportunity, policies);
  return {
    kind: 'contact-overdue',
    at: reminderSlot(opportunity.id, dueOn, policies.cadence),
    // Named by the contact, not by the day it fell due: another rhythm does not make it another silence.
    key: `contact-overdue:${lastTouchedOn(opportunity)}:${opportunity.ownerId}`,
    dueOn,
    everyDays: contactEveryDays(opportunity, policies.cadence),
    selfSet: false,
    node: null,
  };
}

/**
 * The nodes of a new opportunity (第 1、3、7 天): the one being chased and the next to come. A node needs no
 * reminder once the customer was spoken to since the node before it.
 */
function nodeSubjects(
  opportunity: Opportunity,
  { cadence, calendar }: AttentionPolicies,
): DueReminder[] {
  const spokenOn = lastSpokenOn(opportunity);
  const done = Math.max(0, ...opportunity.nodesDone);
  const subjectsFound: DueReminder[] = [];
  let before = dayOf(opportunity.createdAt);
  for (const node of cadence.newOpportunityNodes) {
    const dueOn = dayAfter(dayOf(opportunity.createdAt), node, calendar);
    const isSpoken = spokenOn !== null && spokenOn >= before;
    before = dueOn;
    const key = `node:${node}:${opportunity.ownerId}`;
    if (isSpoken || (node <= done && key !== opportunity.chase?.key)) continue;
    subjectsFound.push({
      kind: 'node',
      at: reminderSlot(opportunity.id, dueOn, cadence),
      key,
      dueOn,
      everyDays: null,
      selfSet: false,
      node,
    });
    if (node > done) break;
  }
  return subjectsFound;
}

/** The nodes of a new opportunity whose day has come by `on`, reminded or not. */
export function nodesBy(
  opportunity: Pick<Opportunity, 'createdAt'>,
  on: Day,
  { cadence, calendar }: AttentionPolicies,
): number[] {
  const createdOn = dayOf(opportunity.createdAt);
  return cadence.newOpportunityNodes.filter((node) => dayAfter(createdOn, node, calendar) <= on);
}

/** The day of the latest contact since the opportunity exists; creating it is none. */
function lastSpokenOn({ lastFollowUp, lastContactAt, createdAt }: Opportunity): Day | null {
  if (lastFollowUp) return dayOf(lastFollowUp.at);
  return lastContactAt && lastContactAt > createdAt ? dayOf(lastContactAt) : null;
}

/** When the present appointment was made, as far as the opportunity remembers. */
function agreedAtOf({ lastFollowUp, lastChange }: Opportunity, agreed: DayAndTime): Date | null {
  if (lastFollowUp && isSame(lastFollowUp.next, agreed)) return lastFollowUp.at;
  const change = lastChange?.changes.find(({ field }) => field === 'nextFollowUp');
  return lastChange && change?.field === 'nextFollowUp' && isSame(change.to, agreed)
    ? lastChange.at
    : null;
}

const isSame = (a: DayAndTime | null, b: DayAndTime): boolean =>
  a !== null && a.day === b.day && a.time === b.time;

/** Reminded already, and not put off since. */
function isChased({ chase, snoozedUntil }: Opportunity, key: string): boolean {
  if (chase?.key !== key) return false;
  return snoozedUntil === null || snoozedUntil <= chase.startedAt;
}

/** Moves a reminder past a snooze, and to the hours at which reminders may start. */
function resting(
  reminder: DueReminder,
  { id, snoozedUntil }: Opportunity,
  { cadence, calendar }: AttentionPolicies,
  now: Date,
): DueReminder {
  const isSnoozed = snoozedUntil !== null && snoozedUntil > reminder.at;
  // Put off to a day is midnight of that day; any other time was named by the rep.
  const selfSet = isSnoozed ? clockTimeOf(snoozedUntil) !== '00:00' : reminder.selfSet;
  const at = isSnoozed ? snoozedUntil : reminder.at;
  if (selfSet) return { ...reminder, at, selfSet };
  return { ...reminder, selfSet, at: reminderMoment(id, later(at, now), cadence, calendar) };
}

/** Counted from the first reminder, in working days; any answer has ended the chase before. */
function nextRung(
  opportunity: Opportunity,
  policies: AttentionPolicies,
  now: Date,
): DueRung | null {
  const { chase, id } = opportunity;
  const { cadence, calendar } = policies;
  const rung = chase && cadence.ladder[chase.step - 1];
  if (!rung || !isChased(opportunity, chase.key) || !isChaseTrue(opportunity, policies))
    return null;
  // The nodes are a ladder of their own: the next one comes before anybody else is told.
  if (chase.kind === 'node' && hasLaterNode(opportunity, policies)) return null;
  const on = calendar.addWorkdays(dayOf(chase.startedAt), Math.max(1, rung.afterWorkdays));
  const at = later(reminderSlot(id, on, cadence), now);
  return {
    kind: 'escalation',
    at: reminderMoment(id, at, cadence, calendar),
    tell: rung.tell,
    step: chase.step + 1,
  };
}

const hasLaterNode = (opportunity: Opportunity, policies: AttentionPolicies): boolean =>
  nodeSubjects(opportunity, policies).some(({ key }) => key !== opportunity.chase?.key);

function approvalDues(approval: Approval | null, policies: AttentionPolicies): DueApproval[] {
  if (!approval) return [];
  const dues: DueApproval[] = [{ kind: 'approval-raise', at: raiseAt(approval, policies) }];
  const [oldest] = approval.approvers
    .map(({ cardSentAt }) => cardSentAt.getTime())
    .sort((a, b) => a - b);
  if (oldest !== undefined) {
    const at = new Date(oldest + policies.approval.renewCardAfterHours * HOUR_MS);
    dues.push({ kind: 'approval-renew', at });
  }
  return dues;
}

/** So many working days after it was last asked, at the same time of day, within working hours. */
function raiseAt(
  approval: Approval,
  { approval: policy, cadence, calendar }: AttentionPolicies,
): Date {
  const askedOn = dayOf(approval.askedAt);
  const time = clockTimeOf(approval.askedAt);
  const countsNextDay = !calendar.isWorkday(askedOn) || time > RAISE_UNTIL;
  const from = countsNextDay ? calendar.nextWorkday(askedOn) : askedOn;
  const isEarly = countsNextDay || time < cadence.remindFrom;
  return instantOf(
    calendar.addWorkdays(from, Math.max(1, policy.raiseAfterWorkdays)),
    isEarly ? cadence.remindFrom : time,
  );
}

const later = (a: Date, b: Date): Date => (a > b ? a : b);
