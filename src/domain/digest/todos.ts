import { addDays, dayOf, instantOf } from '../../kernel/index.js';
import type { Day } from '../../kernel/index.js';
import { agreedFollowUp, contactDueOn } from '../follow-up/index.js';
import type { AttentionPolicies } from '../follow-up/index.js';
import type { TodoLine } from '../notice/notice.js';
import type { Opportunity } from '../opportunity/opportunity.js';

/** A close date is “soon” (临近签约) for so many calendar days ahead. */
const CLOSING_SOON_DAYS = 5;

/** The most pressing first: a promise broken, one to keep today, a date missed, a silence, a date near, a yes awaited. */
const RANK: Record<TodoLine['why'], number> = {
  'follow-up-overdue': 0,
  'follow-up-today': 1,
  'close-missed': 2,
  'contact-overdue': 3,
  'closing-soon': 4,
  'approval-waiting': 5,
};

/**
 * What to do on a day (今天要处理): one line per opportunity, for its most pressing reason; within a
 * reason the oldest first, then the largest.
 */
export function todosOn(
  opportunities: readonly Opportunity[],
  on: Day,
  facts: { policies: AttentionPolicies; nameOf(userid: string): string },
): TodoLine[] {
  return opportunities
    .flatMap((opportunity) => {
      const [first] = reasonsOn(opportunity, on, facts.policies).sort(byRank);
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

function reasonsOn(opportunity: Opportunity, on: Day, policies: AttentionPolicies): Reason[] {
  if (opportunity.archivedAt !== null) return [];
  const reasons: Reason[] = [];
  if (opportunity.approval) {
    reasons.push({ why: 'approval-waiting', on: dayOf(opportunity.approval.requestedAt) });
  }
  if (opportunity.outcome !== null) return reasons;
  reasons.push(...contactReasons(opportunity, on, policies));
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
