export {
  answered,
  approvalRef,
  askedQuestion,
  colleague,
  colleagues,
  field,
  followUpNote,
  lossReason,
  moment,
  nameOrder,
  newName,
  opportunityRef,
  plainWords,
  reason,
  reportsContact,
  stageName,
  statedFields,
  winReason,
} from './args/index.js';
export type { Asked, AskedList } from './args/index.js';
export { createBot } from './bot.js';
export type { Bot, BotParts } from './bot.js';
export { decideTapped, decideTyped, pickRequest, requestsOf, waitingFor } from './deciding.js';
export { defineCommand } from './define.js';
export type {
  Ability,
  ButtonContext,
  ChangeWish,
  Claim,
  Command,
  CreateWish,
  RunContext,
  Talk,
} from './define.js';
export { stripped as keyOfName } from './resolve.js';
export { loadScripts } from './load-scripts.js';
export type { MakeReader } from './names.js';
export type { LoadedScript } from './scripts.js';
/** For a company's own scripts: the very zod their arguments are read with. */
export { z } from 'zod';
export { undoTargets } from './writing.js';
export { snoozeDays } from './snooze-days.js';
