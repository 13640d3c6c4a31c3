import type { Card } from './card.js';

/** What leaves, in words every channel can carry. `text` is the whole message for those who see no cards. */
export type Message =
  | { kind: 'text'; text: string }
  | { kind: 'markdown'; markdown: string; text: string }
  | { kind: 'card'; card: Card; text: string };
