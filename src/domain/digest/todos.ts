import { addDays, dayOf, instantOf } from '../../kernel/index.js';
import type { Day } from '../../kernel/index.js';
import type { Approval } from '../approval/approval.js';
import { agreedFollowUp, contactDueOn } from '../follow-up/index.js';
import type { AttentionPolicies } from '../follow-up/index.js';
import type { TodoLine } from '../notice/notice.js';
import type { Opportunity } from '../opportunity/opportunity.js';

/** A close date is “soon” (临近签约) for so many calendar days ahead. */
const CLOSING_SOON_DAYS = 5;

/** The most pressing first: a colleague waits, a promise broken, one to keep today, a date missed, a silence, a date near. */
const RANK: Record<TodoLine['why'], number> = {
  'approval-waiting': 0,
  'follow-up-overdue': 1,
  'follow-up-today': 2,
  'close-missed': 3,
  'contact-overdue': 4,
  'closing-soon': 5,
};

export interface TodoFacts {
  policies: AttentionPolicies;
  nameOf(userid: string): string;
  /** Only approvals this person was asked for are theirs to do; absent: anybody's, for a group. */
  approverId?: string;
}

/**
 * What to do on a day (今天要处理): one line per opportunity, for its most pressing reason; within a
 * reason the oldest first, then the largest.
 */
export function todosOn(
  opportunities: readonly Opportunity[],
  on: Day,
  facts: TodoFacts,
): TodoLine[] {
  return opportunities
    .flatMap((opportunity) => {
      const [first] = reasonsOn(opportunity, on, facts).sort(byRank);
      if (!first) return [];
      const { id, title, amountFen, ownerId } = opportunity;
      return [{ opportunityId: id, title, amountFen, ownerName: facts.nameOf(ownerId), ...first }];
    })
    .sort(
      (a, b) =>
        byRank(a, b) ||
        (b.amountFen ?? -1) - (a.amountFen ?? -1) ||
        a.title.localeCompare(b.title, 'zh'),
    );
}

type Reason = Pick<TodoLine, 'why' | 'on'>;

function byRank(a: Reason, b: Reason): number {
  return RANK[a.why] - RANK[b.why] || (a.on < b.on ? -1 : a.on > b.on ? 1 : 0);
}

function reasonsOn(opportunity: Opportunity, on: Day, facts: TodoFacts): Reason[] {
  if (opportunity.archivedAt !== null) return [];
  const reasons: Reason[] = [];
  if (opportunity.approval && isAskedOf(facts.approverId, opportunity.approval)) {
    reasons.push({ why: 'approval-waiting', on: dayOf(opportunity.approval.requestedAt) });
  }
  if (opportunity.outcome !== null) return reasons;
  reasons.push(...contactReasons(opportunity, on, facts.policies));
  const { closeOn } = opportunity;
  if (closeOn !== null && closeOn < on) reasons.push({ why: 'close-missed', on: closeOn });
  if (closeOn !== null && closeOn >= on && closeOn <= addDays(on, CLOSING_SOON_DAYS)) {
    reasons.push({ why: 'closing-soon', on: closeOn });
  }
  return reasons;
}

/** The agreed date, or the silence when none is agreed; neither while it is put off (推迟) past the day. */
function contactReasons(opportunity: Opportunity, on: Day, policies: AttentionPolicies): Reason[] {
  const { snoozedUntil } = opportunity;
  if (snoozedUntil !== null && snoozedUntil >= instantOf(addDays(on, 1))) return [];
  const agreed = agreedFollowUp(opportunity);
  if (agreed) {
    if (agreed.day > on) return [];
    return [{ why: agreed.day < on ? 'follow-up-overdue' : 'follow-up-today', on: agreed.day }];
  }
  const dueOn = contactDueOn(opportunity, policies);
  return dueOn <= on ? [{ why: 'contact-overdue', on: dueOn }] : [];
}

const isAskedOf = (approverId: string | undefined, { approvers }: Approval): boolean =>
  approverId === undefined || approvers.some(({ userid }) => userid === approverId);
