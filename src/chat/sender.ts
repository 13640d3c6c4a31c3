import type { Card } from './card.js';
import type { Message } from './message.js';

export type Recipient =
  | { kind: 'person'; userid: string }
  | { kind: 'appchat'; chatId: string }
  /** `keyEnv` names the environment variable that holds the webhook's key. */
  | { kind: 'webhook'; keyEnv: string };

/** What became of one sending. */
export interface Receipt {
  messageId: string | null;
  /** Lets the card be rewritten once within 72 h. */
  responseCode: string | null;
  /** The platform took it but could not give it to this person, and why; no retry helps. */
  undeliverable: string | null;
}

/** The way out. `build` is pure: the same arguments give the same bytes, stored before the first try. */
export interface Sender {
  /** @param id unique per message, letters, digits, `_-@`; a card's task_id. */
  build(to: Recipient, message: Message, id: string): string;
  /** Sends a built body. Throws AppError; `retryable` says whether to try again. */
  send(to: Recipient, body: string): Promise<Receipt>;
  /** Rewrites a card in the chats of `userids`. False when its code is used or dead: nothing to retry. */
  updateCard(update: { userids: string[]; responseCode: string; card: Card }): Promise<boolean>;
}

/** The answer to a callback itself; only card taps have one. */
export type PassiveAnswer = { kind: 'none' } | { kind: 'card'; card: Card };
