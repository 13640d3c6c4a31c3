export { createInbox } from './inbox.js';
export type { Inbox, InboxOptions } from './inbox.js';
export type { InboxFailure } from './handling.js';
