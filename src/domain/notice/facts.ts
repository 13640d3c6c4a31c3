import type { Opportunity } from '../opportunity/opportunity.js';
import type { OpportunityFacts } from './notice.js';

/** What a notice shows of an opportunity, as it is when the notice is made. */
export function factsOf(opportunity: Opportunity, ownerName: string): OpportunityFacts {
  const { id, title, customerName, stage, amountFen, closeOn, nextFollowUp, ownerId, tier } =
    opportunity;
  return {
    id,
    title,
    customerName,
    stage,
    amountFen,
    closeOn,
    nextFollowUp,
    ownerId,
    ownerName,
    tier,
  };
}
