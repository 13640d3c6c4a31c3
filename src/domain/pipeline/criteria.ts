import { assertNever, dayOf, daysBetween, formatYuan } from '../../kernel/index.js';
import type { Day } from '../../kernel/index.js';
import type { CriterionResult } from '../notice/notice.js';
import type { Opportunity } from '../opportunity/opportunity.js';
import type { Criterion, Stage } from './pipeline.js';

/** A contact counts as recent (近期联系过) for so many calendar days. */
const RECENT_CONTACT_DAYS = 14;

/**
 * The entry criteria (准入条件) of a stage against the opportunity as it would be, each with its evidence,
 * or with what to type when it is not met.
 */
export function evaluateCriteria(
  stage: Stage,
  opportunity: Opportunity,
  today: Day,
): CriterionResult[] {
  return stage.criteria.map((criterion) => {
    const evidence = evidenceOf(criterion, opportunity, today);
    return {
      label: criterion.label,
      met: evidence !== null,
      required: criterion.required,
      evidence: evidence ?? criterion.hint,
    };
  });
}

/** What shows that it is met; null when it is not. */
function evidenceOf({ check }: Criterion, opportunity: Opportunity, today: Day): string | null {
  switch (check) {
    case 'amount':
      return opportunity.amountFen ? formatYuan(opportunity.amountFen) : null;
    case 'close-date':
      return opportunity.closeOn;
    case 'contact':
      return listed(opportunity.contacts.map(({ name }) => name));
    case 'next-follow-up': {
      const day = opportunity.nextFollowUp?.day;
      return day !== undefined && day >= today ? day : null;
    }
    case 'next-step':
      return opportunity.nextStep;
    case 'competitor':
      return listed(opportunity.competitors);
    case 'contacted-recently': {
      const day = opportunity.lastContactAt && dayOf(opportunity.lastContactAt);
      return day && daysBetween(day, today) <= RECENT_CONTACT_DAYS ? day : null;
    }
    case 'loss-reason':
      return opportunity.outcome?.kind === 'lost' ? opportunity.outcome.reason : null;
    default:
      return assertNever(check);
  }
}

const listed = (names: string[]): string | null => (names.length > 0 ? names.join('、') : null);
