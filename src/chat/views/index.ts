export * from './approval.js';
export {
  CARD_LIMITS,
  TEXT_BYTES,
  bytesOf,
  capped,
  cardMessage,
  cut,
  cutBytes,
  escapeMarkdown,
  fitCard,
  noticeMessage,
  textMessage,
} from './budget.js';
export * from './digest.js';
export * from './help.js';
export * from './lists.js';
export * from './notice.js';
export * from './opportunity.js';
export * from './preview.js';
export * from './question.js';
export * from './refusal.js';
export * from './reminder.js';
export * from './talk.js';
export * from './words.js';
export * from './alias.js';
