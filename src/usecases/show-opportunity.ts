import { canSee, teamOf } from '../domain/index.js';
import type { DomainEvent, Member, Opportunity, Refusal } from '../domain/index.js';
import { allow, refuse } from '../kernel/index.js';
import type { Decision } from '../kernel/index.js';
import { lookUpPeople } from './people.js';
import type { People } from './people.js';
import type { World } from './ports.js';
import type { OpportunityView } from './verbs.js';

/** Events shown of one opportunity. */
const MAX_RECENT = 10;

/** One opportunity with the people around it and what happened last (进展). */
export async function showOpportunity(
  world: World,
  member: Member,
  opportunityId: string,
): Promise<Decision<OpportunityView, Refusal>> {
  const seen = await seeOpportunity(world, member, opportunityId);
  if (!seen.ok) return seen;
  const { opportunity } = seen.value;
  const recent = await world.events.ofOpportunity(opportunityId, {
    // Reminders and snoozes are between the rep and us; they are no news of the deal.
    types: [
      'created',
      'changed',
      'followed-up',
      'approval-requested',
      'approval-settled',
      'undone',
    ],
    limit: MAX_RECENT,
  });
  const approverIds = opportunity.approval?.approvers.map(({ userid }) => userid) ?? [];
  const people = await lookUpPeople(world, [
    ...teamOf(opportunity),
    ...approverIds,
    ...recent.flatMap(peopleIn),
  ]);
  return allow({
    opportunity,
    ownerName: people.nameOf(opportunity.ownerId),
    collaboratorNames: opportunity.collaboratorIds.map((userid) => people.nameOf(userid)),
    approverNames: approverIds.map((userid) => people.nameOf(userid)),
    recent,
    names: Object.fromEntries(people.list.map(({ userid, name }) => [userid, name])),
  });
}

/** Everybody an event names: who did it, whom it was handed to, who was asked. */
function peopleIn(event: DomainEvent): string[] {
  const asked = event.type === 'approval-requested' ? event.approverIds : [];
  const changed = 'changes' in event ? event.changes : [];
  const named = changed.flatMap((change) => {
    if (change.field === 'ownerId') return [change.from, change.to];
    return change.field === 'collaboratorIds' ? [...change.from, ...change.to] : [];
  });
  return [event.by, ...asked, ...named];
}

/** The opportunity, if this person may know of it: looking passes the same gate as changing. */
export async function seeOpportunity(
  world: World,
  member: Member,
  opportunityId: string,
): Promise<Decision<{ opportunity: Opportunity; people: People }, Refusal>> {
  const opportunity = await world.opportunities.load(opportunityId);
  if (!opportunity) return refuse({ code: 'not-found' });
  const people = await lookUpPeople(world, teamOf(opportunity));
  if (!canSee(member, opportunity, people.list)) return refuse({ code: 'not-visible' });
  if (opportunity.archivedAt) return refuse({ code: 'archived', title: opportunity.title });
  return allow({ opportunity, people });
}
