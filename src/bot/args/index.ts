/** The arguments scripts take: what each means, and how it is asked for. */
export { askedQuestion } from './asked.js';
export type { Asked, AskedList } from './asked.js';
export {
  field,
  followUpNote,
  lossReason,
  moment,
  reportsContact,
  stageName,
  statedFields,
  winReason,
} from './fields.js';
export { newName } from './new-name.js';
export { nameOrder, opportunityRef, pickOpportunity } from './opportunity.js';
export type { NameOrder } from './opportunity.js';
export { colleague, colleagues } from './people.js';
export { answered, approvalRef, plainWords, reason } from './words.js';
