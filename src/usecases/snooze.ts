import { teamOf } from '../domain/index.js';
import type { DayAndTime, Opportunity } from '../domain/index.js';
import { allow, dayOf, instantOf, refuse } from '../kernel/index.js';
import type { Decision } from '../kernel/index.js';
import { refusalToChange } from './access.js';
import { commitChange } from './commit.js';
import { lookUpPeople } from './people.js';
import type { World } from './ports.js';
import type { Cause, Refusal } from './verbs.js';

/**
 * Puts reminders off (推迟, 今天不提醒). They come back on the day, or at the minute, and only if what they
 * were about is still true. What is not ahead means the next working day.
 */
export async function snooze(
  world: World,
  command: Cause & { opportunityId: string; until: DayAndTime },
): Promise<Decision<Opportunity, Refusal>> {
  const { opportunityId, causeId, by, at, said } = command;
  const until = restsUntil(world, command.until, at);
  const committed = await commitChange<null>(
    world,
    { opportunityId, causeId, by: by.userid, at, said },
    async (opportunity) => {
      const people = await lookUpPeople(world, teamOf(opportunity));
      const refusal = refusalToChange(by, opportunity, people);
      if (refusal) return refuse(refusal);
      if (opportunity.outcome) return refuse({ code: 'closed', opportunity });
      return allow({
        next: { ...opportunity, snoozedUntil: until },
        result: null,
        happenings: [{ type: 'snoozed', until }],
        notices: [],
      });
    },
  );
  return committed.ok ? allow(committed.value.opportunity) : committed;
}

/** Midnight for a bare day: the reminder then leaves at its own minute of that day. */
function restsUntil(world: World, { day, time }: DayAndTime, at: Date): Date {
  const moment = instantOf(day, time);
  if (time !== undefined && moment > at) return moment;
  const today = dayOf(at);
  return instantOf(day > today ? day : world.policies().calendar.nextWorkday(today));
}
