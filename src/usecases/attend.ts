import { duesOf } from '../domain/index.js';
import type { Due, Opportunity } from '../domain/index.js';
import { derivedId } from '../kernel/index.js';
import { raiseApproval, renewApprovalCards } from './attend-approval.js';
import { climbLadder, startChase } from './attend-reminder.js';
import { commitChange } from './commit.js';
import type { Planned } from './commit.js';
import type { World } from './ports.js';

/** What a heartbeat did, one of several that may be due at once: reminded, raised, or only looked. */
type Attended = { kind: Due['kind'] | 'looked' };

/** More than can be due at once; what is left waits for the next heartbeat. */
const MAX_DUES = 6;

/**
 * Does what is due for one opportunity, if its attention has come: starts or repeats a reminder, tells the
 * leader, raises an approval or replaces its cards (到点处理).
 *
 * Safe to run at once on several instances and to repeat: what was done is part of the state it was
 * decided on, and every save is a compare-and-set on that state. Nothing happens before its time.
 */
export async function attend(world: World, opportunityId: string, now: Date): Promise<void> {
  for (let i = 0; i < MAX_DUES; i++) {
    const opportunity = await world.opportunities.load(opportunityId);
    if (!opportunity?.attention || opportunity.attention.at > now) return;
    const due = dueNow(world, opportunity, now);
    const cause = {
      // The same state is attended to once: a second instance finds the first one's save, and looks again.
      causeId: derivedId('due', opportunityId, due?.kind ?? 'looked', opportunity.rev),
      opportunityId,
      by: 'system',
      at: now,
      said: '',
    };
    const decision = await commitChange<Attended>(world, cause, async (current) => {
      if (current.rev !== opportunity.rev)
        return { ok: true, value: { unsaved: { kind: 'looked' } } };
      return { ok: true, value: await planned(world, current, due, now) };
    });
    // `busy` and `not-found`: the next heartbeat looks again.
    if (!decision.ok) return;
  }
}

function dueNow(world: World, opportunity: Opportunity, now: Date): Due | null {
  const dues = duesOf(opportunity, world.policies(), now).filter(({ at }) => at <= now);
  // A silence says more than a node, so of two reminders due at once the later-born is sent.
  return dues.find(({ kind }) => kind === 'contact-overdue') ?? dues[0] ?? null;
}

async function planned(
  world: World,
  opportunity: Opportunity,
  due: Due | null,
  now: Date,
): Promise<Planned<Attended>> {
  const result: Attended = { kind: due?.kind ?? 'looked' };
  // Rules or calendar were changed since the attention was computed: saving computes it again.
  if (!due) return { next: opportunity, result, happenings: [], notices: [] };
  switch (due.kind) {
    case 'follow-up':
    case 'contact-overdue':
    case 'node':
      return { ...(await startChase(world, opportunity, due, now)), result };
    case 'escalation':
      return { ...(await climbLadder(world, opportunity, due, now)), result };
    case 'approval-raise':
      return { ...(await raiseApproval(world, opportunity, now)), result };
    case 'approval-renew':
      return { ...(await renewApprovalCards(world, opportunity, now)), result };
  }
}
