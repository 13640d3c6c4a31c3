import { instantOf } from '../../kernel/index.js';
import type { FollowUp } from '../follow-up/follow-up.js';
import type { LastContact, Opportunity } from './opportunity.js';

/**
 * A contact with the customer took place (跟进): the clock of the rhythm starts again, and the reminder
 * that stood open is answered. One that is reported late never moves the last contact back.
 */
export function recordFollowUp(opportunity: Opportunity, followUp: FollowUp): Opportunity {
  const { lastContactAt, lastFollowUp } = opportunity;
  const isLatest = lastContactAt === null || followUp.at >= lastContactAt;
  return {
    ...opportunity,
    lastContactAt: isLatest ? followUp.at : lastContactAt,
    lastFollowUp: isLatest ? followUp : lastFollowUp,
    chase: null,
    snoozedUntil: null,
  };
}

/** What an undo of the follow-up restores. */
export function lastContactOf({ lastFollowUp, lastContactAt, chase }: Opportunity): LastContact {
  return { lastFollowUp, lastContactAt, chase };
}

/** A contact at `at` keeps the agreed one (下次跟进), if its day and time have come: it is no longer ahead. */
export function keepsAppointment({ nextFollowUp }: Opportunity, at: Date): boolean {
  return nextFollowUp !== null && at >= instantOf(nextFollowUp.day, nextFollowUp.time);
}
