import { contactEveryDays, factsOf, lastTouchedOn, nodesBy } from '../domain/index.js';
import type {
  CadencePolicy,
  Chase,
  DueReminder,
  DueRung,
  Member,
  Opportunity,
} from '../domain/index.js';
import { dayOf, daysBetween } from '../kernel/index.js';
import type { NoticeDraft, Planned } from './commit.js';
import { lookUpPeople } from './people.js';
import type { World } from './ports.js';

/** What attending comes to, before it is saved. */
export type Attention = Omit<Planned<never>, 'result'>;

/** Starts a reminder (提醒): it stands open until the owner answers it. */
export async function startChase(
  world: World,
  opportunity: Opportunity,
  due: DueReminder,
  now: Date,
): Promise<Attention> {
  const chase: Chase = {
    kind: due.kind,
    key: due.key,
    dueOn: due.dueOn,
    startedAt: now,
    step: 1,
  };
  // Nodes whose day has come are done with this reminder; they are not told one after the other.
  const nodes = nodesBy(opportunity, dayOf(now), world.policies());
  const nodesDone = [...new Set([...opportunity.nodesDone, ...nodes])].sort((a, b) => a - b);
  const next = { ...opportunity, chase, nodesDone };
  return {
    next,
    happenings: [{ type: 'reminded', key: chase.key, step: chase.step }],
    notices: await ownersReminder(world, next, chase, due.selfSet, now),
  };
}

/** The next rung of the ladder (升级): the owner once more, or the leader, who hears only after the owner did. */
export async function climbLadder(
  world: World,
  opportunity: Opportunity,
  due: DueRung,
  now: Date,
): Promise<Attention> {
  if (!opportunity.chase) throw new RangeError(`nothing to escalate: ${opportunity.id}`);
  const chase: Chase = { ...opportunity.chase, step: due.step };
  const next = { ...opportunity, chase };
  return {
    next,
    happenings: [{ type: 'reminded', key: chase.key, step: chase.step }],
    notices:
      due.tell === 'owner'
        ? await ownersReminder(world, next, chase, false, now)
        : await leadersNotice(world, next, chase, now),
  };
}

async function ownersReminder(
  world: World,
  opportunity: Opportunity,
  chase: Chase,
  selfSet: boolean,
  now: Date,
): Promise<NoticeDraft[]> {
  const owner = await world.directory.member(opportunity.ownerId);
  // Somebody has to look after it when the owner has left: then the nearest leader is reminded.
  const reader = owner?.isActive ? owner : await nearestLeader(world, owner);
  if (!reader) return [];
  return [
    {
      to: { kind: 'person', userid: reader.userid },
      class: selfSet ? 'self-reminder' : 'alert',
      notice: {
        code: 'reminder',
        opportunity: factsOf(opportunity, owner?.name ?? opportunity.ownerId),
        chase: chase.kind,
        dueOn: chase.dueOn,
        step: chase.step,
        daysSinceContact: daysSinceContact(opportunity, now),
        everyDays: rhythmBehind(opportunity, chase, world.policies().cadence),
        lastFollowUp: opportunity.lastFollowUp,
      },
    },
  ];
}

async function leadersNotice(
  world: World,
  opportunity: Opportunity,
  chase: Chase,
  now: Date,
): Promise<NoticeDraft[]> {
  const owner = await world.directory.member(opportunity.ownerId);
  const leader = await nearestLeader(world, owner);
  if (!leader) return [];
  return [
    {
      to: { kind: 'person', userid: leader.userid },
      class: 'alert',
      notice: {
        code: 'escalation',
        opportunity: factsOf(opportunity, owner?.name ?? opportunity.ownerId),
        chase: chase.kind,
        dueOn: chase.dueOn,
        firstRemindedAt: chase.startedAt,
        daysSinceContact: daysSinceContact(opportunity, now),
        lastFollowUp: opportunity.lastFollowUp,
      },
    },
  ];
}

/** The nearest active colleague above; null at the top, or for somebody the directory does not know. */
async function nearestLeader(world: World, member: Member | null): Promise<Member | null> {
  const people = await lookUpPeople(world, member?.managerIds ?? []);
  const nearest = member?.managerIds.find((userid) => people.find(userid)?.isActive);
  return nearest === undefined ? null : people.find(nearest);
}

/** What a reminder gives as its reason, in days; an agreed date needs none. */
function rhythmBehind(
  opportunity: Opportunity,
  chase: Chase,
  cadence: CadencePolicy,
): number | null {
  switch (chase.kind) {
    case 'contact-overdue':
      return contactEveryDays(opportunity, cadence);
    case 'node':
      return daysBetween(dayOf(opportunity.createdAt), chase.dueOn);
    case 'follow-up':
      return null;
  }
}

const daysSinceContact = (opportunity: Opportunity, now: Date): number =>
  daysBetween(lastTouchedOn(opportunity), dayOf(now));
