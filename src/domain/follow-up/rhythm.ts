import {
  MINUTE_MS,
  addDays,
  clockTimeOf,
  dayOf,
  fractionOf,
  instantOf,
} from '../../kernel/index.js';
import type { Day } from '../../kernel/index.js';
import type { Calendar } from '../calendar/index.js';
import type { Opportunity } from '../opportunity/opportunity.js';
import type { CadencePolicy } from './follow-up.js';

/** From this many days on a period counts calendar days; shorter ones count working days (decisions 15). */
const CALENDAR_PERIOD_DAYS = 7;

/** Reminders do not start after this hour; they wait for the next working morning. */
const REMIND_UNTIL = '20:00';

/**
 * The working day on which a period of `count` days from `day` is over.
 *
 * @example dayAfter('2026-09-25', 3, calendar) // '2026-09-30': three working days
 * @example dayAfter('2026-09-25', 7, calendar) // '2026-10-08': a week, rolled past the holiday
 */
export function dayAfter(day: Day, count: number, calendar: Calendar): Day {
  return count < CALENDAR_PERIOD_DAYS
    ? calendar.addWorkdays(day, count)
    : calendar.rollForward(addDays(day, count));
}

/**
 * Days an opportunity may go without contact (跟进节奏). A tag's rhythm beats a stage's, a stage's beats
 * the tier's; within a level the first line of cadence.yaml wins.
 */
export function contactEveryDays(
  opportunity: Pick<Opportunity, 'tags' | 'stage' | 'tier'>,
  cadence: CadencePolicy,
): number {
  const matching = cadence.exceptions.filter(
    ({ tag, stage }) =>
      (tag === undefined || opportunity.tags.includes(tag)) &&
      (stage === undefined || opportunity.stage === stage),
  );
  const byTag = matching.find(({ tag }) => tag !== undefined);
  const byStage = matching.find(({ stage }) => stage !== undefined);
  return (byTag ?? byStage)?.everyDays ?? cadence.contactEveryDays[opportunity.tier];
}

/** The minute of `day` at which reminders about `opportunityId` leave: fixed per opportunity, so that not all leave at once. */
export function reminderSlot(opportunityId: string, day: Day, cadence: CadencePolicy): Date {
  const minutes = Math.floor(fractionOf(opportunityId) * cadence.jitterMinutes);
  return new Date(instantOf(day, cadence.remindFrom).getTime() + minutes * MINUTE_MS);
}

/** The first moment from `at` on at which a reminder may start: a working day, not before its slot, not in the evening. */
export function reminderMoment(
  opportunityId: string,
  at: Date,
  cadence: CadencePolicy,
  calendar: Calendar,
): Date {
  const day = dayOf(at);
  if (!calendar.isWorkday(day) || clockTimeOf(at) >= REMIND_UNTIL) {
    return reminderSlot(opportunityId, calendar.nextWorkday(day), cadence);
  }
  const slot = reminderSlot(opportunityId, day, cadence);
  return slot > at ? slot : at;
}
