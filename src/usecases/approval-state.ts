import { criteriaFor } from '../domain/index.js';
import type {
  Approval,
  CriterionResult,
  DomainEvent,
  Opportunity,
  SettledApproval,
} from '../domain/index.js';
import { lookUpPeople } from './people.js';
import type { World } from './ports.js';

/** An approval wherever it now is: open, or settled. */
export interface FoundApproval {
  opportunity: Opportunity;
  open: Approval | null;
  settled: SettledApproval | null;
}

/** History of one opportunity read at most when an approval is older than what it keeps itself. */
const REQUESTS_READ = 200;

/**
 * Finds an approval by id or #ref: on its opportunity, else (by id) in the history, which never
 * forgets. Null when there never was one.
 */
export async function findApproval(
  world: World,
  approvalId: string,
): Promise<FoundApproval | null> {
  const opportunity = await world.opportunities.withApproval(approvalId);
  if (opportunity) {
    const { approval } = opportunity;
    const settled = keptSettled(opportunity, approvalId);
    return settled
      ? { opportunity, open: null, settled }
      : { opportunity, open: approval, settled };
  }
  const event = await world.events.settledApproval(approvalId);
  return event && fromHistory(world, event);
}

/** The settled one an opportunity still remembers, by its id or #ref. */
export function keptSettled(
  { settledApprovals }: Opportunity,
  approvalId: string,
): SettledApproval | null {
  const ref = Number(/^#?(\d+)$/.exec(approvalId)?.[1]);
  return settledApprovals.find((kept) => kept.id === approvalId || kept.ref === ref) ?? null;
}

async function fromHistory(world: World, event: DomainEvent): Promise<FoundApproval | null> {
  if (event.type !== 'approval-settled') return null;
  const opportunity = await world.opportunities.load(event.opportunityId);
  if (!opportunity) return null;
  const kept = keptSettled(opportunity, event.approvalId);
  if (kept) return { opportunity, open: null, settled: kept };
  const requests = await world.events.ofOpportunity(event.opportunityId, {
    types: ['approval-requested'],
    limit: REQUESTS_READ,
  });
  const request = requests.find(
    (asked) => asked.type === 'approval-requested' && asked.approvalId === event.approvalId,
  );
  const { approvalId: id, ref, verdict, by, at, reason, requestedBy } = event;
  const changes = request?.type === 'approval-requested' ? request.changes : [];
  const settled = { id, ref, verdict, by, at, reason, requestedBy, changes };
  return { opportunity, open: null, settled };
}

/** The true state behind a card, for every tap, however late. */
export async function approvalState(
  world: World,
  approvalId: string,
): Promise<
  (FoundApproval & { byName: string; criteria: CriterionResult[]; requestedByName: string }) | null
> {
  const found = await findApproval(world, approvalId);
  if (!found) return null;
  const { opportunity, open, settled } = found;
  const requestedBy = (open ?? settled)?.requestedBy ?? '';
  const people = await lookUpPeople(world, [settled?.by, requestedBy]);
  return {
    ...found,
    byName: settled ? people.nameOf(settled.by) : '',
    requestedByName: people.nameOf(requestedBy),
    criteria: open
      ? criteriaFor(opportunity, open, world.policies().pipeline, world.clock.now())
      : [],
  };
}
