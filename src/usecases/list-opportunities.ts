import { agreedFollowUp, contactDueOn, lastTouchedOn } from '../domain/index.js';
import type { Member, Opportunity } from '../domain/index.js';
import { assertNever, dayOf, daysBetween } from '../kernel/index.js';
import type { Day } from '../kernel/index.js';
import { lookUpPeople } from './people.js';
import type { OpportunityFilter, OpportunityOrder, World } from './ports.js';
import type { OpportunityList, Question } from './verbs.js';
import { visibleTo } from './visible.js';

/** Items an answer carries; the rest is counted (还有 N 项). */
const MAX_ITEMS = 30;

/** Looked through for questions only the rules can answer; also what a funnel counts. */
const MAX_LOOKED_THROUGH = 2_000;

interface Search {
  filter: Omit<OpportunityFilter, 'visibleTo'>;
  order: OpportunityOrder;
  /** What the database cannot tell: looked at one by one. */
  only?: (opportunity: Opportunity) => boolean;
  /** Items to answer with; `MAX_ITEMS` unless said. */
  limit?: number;
}

/** Answers a question over the opportunities the asker may see, with the count and the sum of all of them. */
export async function listOpportunities(
  world: World,
  member: Member,
  question: Question,
): Promise<OpportunityList> {
  const { filter, order, only, limit = MAX_ITEMS } = searchFor(world, member, question);
  const visible = { ...filter, visibleTo: await visibleTo(world, member) };
  const found = await world.opportunities.find(visible, {
    limit: only ? MAX_LOOKED_THROUGH : limit,
    order,
  });
  const matching = only ? found.items.filter(only) : found.items;
  const items = matching.slice(0, limit);
  const people = await lookUpPeople(
    world,
    items.map(({ ownerId }) => ownerId),
  );
  return {
    items,
    total: only ? matching.length : found.total,
    amountFen: only ? sumOf(matching) : await sumInDatabase(world, visible),
    ownerNames: Object.fromEntries(
      items.map(({ ownerId }) => [ownerId, people.nameOf(ownerId)] as const),
    ),
  };
}

function searchFor(world: World, member: Member, question: Question): Search {
  const { pipeline } = world.policies();
  switch (question.kind) {
    case 'mine':
      return { filter: { ownerIds: [member.userid], open: true }, order: 'close-date' };
    case 'team':
      return { filter: { open: true }, order: 'close-date' };
    case 'owner':
      return { filter: { ownerIds: [question.ownerId], open: true }, order: 'close-date' };
    case 'followups':
      return followUpsBetween(dayOf(world.clock.now()), question);
    case 'stage':
      return { filter: { stages: [question.stage] }, order: 'amount' };
    case 'customer':
      return { filter: { customerName: question.customerName }, order: 'last-touched' };
    case 'closing':
      return {
        filter: { open: true, closeFrom: question.from, closeTo: question.to },
        order: 'close-date',
      };
    case 'stale':
      return { filter: { open: true }, order: 'amount', only: staleOn(world) };
    case 'won':
    case 'lost': {
      const ends = pipeline.stages.filter(({ kind }) => kind === question.kind);
      return {
        filter: {
          open: false,
          stages: ends.map(({ id }) => id),
          outcomeFrom: question.from,
          outcomeTo: question.to,
        },
        order: 'amount',
      };
    }
    case 'funnel':
      return { filter: { open: true }, order: 'amount', limit: MAX_LOOKED_THROUGH };
    default:
      return assertNever(question);
  }
}

/** Those agreed for the period; with today in it, those that are late as well: they are still to do. */
function followUpsBetween(today: Day, { from, to }: { from: Day; to: Day }): Search {
  const isOwed = (day: Day): boolean => day >= from || (from <= today && today <= to);
  return {
    filter: { open: true, nextFollowUpTo: to },
    order: 'next-follow-up',
    only: (opportunity) => {
      const agreed = agreedFollowUp(opportunity);
      return agreed !== null && agreed.day <= to && isOwed(agreed.day);
    },
  };
}

/**
 * Left alone (久未联系, 停滞): no contact for longer than its rhythm, or than its stage allows; unless a
 * next date is agreed, which is planned silence.
 */
function staleOn(world: World): (opportunity: Opportunity) => boolean {
  const policies = world.policies();
  const today = dayOf(world.clock.now());
  return (opportunity) => {
    const agreed = agreedFollowUp(opportunity);
    if (agreed) return agreed.day < today && contactDueOn(opportunity, policies) <= today;
    const maxDays = policies.pipeline.stages.find(({ id }) => id === opportunity.stage)?.maxDays;
    const since = [lastTouchedOn(opportunity), dayOf(opportunity.stageSince)].sort().at(-1);
    const isIdle =
      maxDays !== null &&
      maxDays !== undefined &&
      since !== undefined &&
      daysBetween(since, today) > maxDays;
    return isIdle || contactDueOn(opportunity, policies) <= today;
  };
}

function sumOf(opportunities: readonly Opportunity[]): number {
  return opportunities.reduce((sum, { amountFen }) => sum + (amountFen ?? 0), 0);
}

async function sumInDatabase(world: World, filter: OpportunityFilter): Promise<number> {
  const stages = await world.opportunities.sumByStage(filter);
  return stages.reduce((sum, { amountFen }) => sum + amountFen, 0);
}
