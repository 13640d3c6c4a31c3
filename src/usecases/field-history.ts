import { changeOf } from '../domain/index.js';
import type { DomainEvent, FieldChange, Member, Refusal } from '../domain/index.js';
import { allow } from '../kernel/index.js';
import type { Decision } from '../kernel/index.js';
import { lookUpPeople } from './people.js';
import type { World } from './ports.js';
import { seeOpportunity } from './show-opportunity.js';
import type { FieldHistory } from './verbs.js';

/** Events looked through for the changes of one field. */
const MAX_EVENTS = 500;

/** Who changed a field, when, and with which sentence (谁改的金额): newest first, undone ones included. */
export async function fieldHistory(
  world: World,
  member: Member,
  opportunityId: string,
  field: FieldChange['field'],
): Promise<Decision<FieldHistory, Refusal>> {
  const seen = await seeOpportunity(world, member, opportunityId);
  if (!seen.ok) return seen;
  const events = await world.events.ofOpportunity(opportunityId, {
    types: ['created', 'changed', 'undone'],
    limit: MAX_EVENTS,
  });
  const people = await lookUpPeople(
    world,
    events.flatMap((event) => [event.by, requestOf(event)?.by]),
  );
  const entries = events.flatMap((event) => {
    const change = 'changes' in event ? changeOf(event.changes, field) : undefined;
    if (!change) return [];
    const request = requestOf(event);
    return [
      {
        event,
        change,
        byName: people.nameOf(request?.by ?? event.by),
        approvedByName: request ? people.nameOf(event.by) : null,
        said: request?.said ?? event.said,
      },
    ];
  });
  return allow({ opportunity: seen.value.opportunity, entries });
}

/** What was asked for, when the change had to wait for a yes. */
const requestOf = (event: DomainEvent): { by: string; said: string } | undefined =>
  event.type === 'changed' ? event.request : undefined;
