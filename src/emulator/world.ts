import { EventEmitter } from 'node:events';
import type { TemplateCard } from './card.js';
import type { MenuButton } from './menu.js';

/** What one message looks like on somebody's screen, by kind. */
export type MessageBody =
  | { kind: 'text'; content: string; mentioned?: string[] }
  | { kind: 'markdown'; content: string; version?: 2 }
  | { kind: 'textcard'; title: string; description: string; url: string; btntxt: string }
  | { kind: 'news'; articles: NewsArticle[] }
  | { kind: 'card'; card: TemplateCard; greyedWith?: string }
  | { kind: 'image' | 'voice' | 'video' | 'file'; mediaId: string; title?: string }
  | { kind: 'location'; latitude: number; longitude: number; label: string }
  | { kind: 'link'; title: string; description: string; url: string };

export interface NewsArticle {
  title: string;
  description?: string;
  url?: string;
  picurl?: string;
}

/** One bubble of a conversation or a group. */
export type ShownMessage = MessageBody & {
  /** Stable id of the bubble; the same message has another one in every conversation. */
  id: string;
  /** Grows with every bubble anywhere: the order in which things were shown. */
  seq: number;
  /** ISO instant of the emulated clock. */
  at: string;
  from: 'app' | 'member';
  /** How it came here. */
  via: 'message/send' | 'passive' | 'appchat/send' | 'webhook/send' | 'typed';
  /** The msgid that message/send returned, for recall. */
  msgid?: string;
  recalled?: true;
};

export type CardMessage = Extract<ShownMessage, { kind: 'card' }>;

/** What message/send remembers of one sending. */
export interface SentMessage {
  msgid: string;
  sentAt: number;
  /** userids that received it. */
  recipients: string[];
  /** The card as sent, when it was one. */
  card?: TemplateCard;
  taskId?: string;
  recalled?: true;
}

/** Good for one update_template_card within 72 h. */
export interface ResponseCode {
  msgid: string;
  issuedAt: number;
  spent: boolean;
}

export interface GroupChat {
  chatid: string;
  name: string;
  owner: string;
  members: string[];
  kind: 'appchat' | 'webhook';
  /** The secret in the URL of a webhook group; never shown. */
  webhookKey?: string;
  messages: ShownMessage[];
}

export interface StoredMedia {
  type: string;
  filename: string;
  uploadedAt: number;
  /** Media uploaded through a webhook belong to that webhook alone. */
  webhookKey?: string;
}

/** Everything the emulator must remember across a restart; plain JSON. */
export interface WorldState {
  version: 1;
  seq: number;
  conversations: Record<string, ShownMessage[]>;
  sent: Record<string, SentMessage>;
  /** task_id → msgid; a task_id is never free again. */
  tasks: Record<string, string>;
  responseCodes: Record<string, ResponseCode>;
  /** Hash of a request body → what it was answered, for enable_duplicate_check. */
  duplicates: Record<string, { until: number; answer: Record<string, unknown> }>;
  groups: Record<string, GroupChat>;
  menu: MenuButton[] | null;
  media: Record<string, StoredMedia>;
  tokens: Record<string, { expiresAt: number }>;
}

export type WorldEvent =
  | { type: 'message'; conversation: string; message: ShownMessage }
  | { type: 'message-changed'; conversation: string; message: ShownMessage }
  | { type: 'group-message'; chatid: string; message: ShownMessage }
  | { type: 'groups-changed' }
  | { type: 'menu-changed' };

function emptyState(): WorldState {
  return {
    version: 1,
    seq: 0,
    conversations: {},
    sent: {},
    tasks: {},
    responseCodes: {},
    duplicates: {},
    groups: {},
    menu: null,
    media: {},
    tokens: {},
  };
}

/** The state of the pretend WeCom, and the news of its changes. */
export class World {
  state: WorldState = emptyState();
  readonly #news = new EventEmitter().setMaxListeners(0);
  #forgotAt = 0;

  constructor(private readonly now: () => Date) {}

  /** Shows a message in a member's conversation with the app. */
  show(userid: string, body: MessageBody, about: Shown): ShownMessage {
    const message = this.stamp(body, about);
    (this.state.conversations[userid.toLowerCase()] ??= []).push(message);
    this.tell({ type: 'message', conversation: userid.toLowerCase(), message });
    return message;
  }

  /** Shows a message in a group. */
  showInGroup(group: GroupChat, body: MessageBody, about: Shown): ShownMessage {
    const message = this.stamp(body, about);
    group.messages.push(message);
    this.tell({ type: 'group-message', chatid: group.chatid, message });
    return message;
  }

  conversation(userid: string): readonly ShownMessage[] {
    return this.state.conversations[userid.toLowerCase()] ?? [];
  }

  /** The bubble a member got from one sending, if that member was a recipient. */
  copyOf(msgid: string, userid: string): ShownMessage | undefined {
    return this.conversation(userid).findLast((message) => message.msgid === msgid);
  }

  /** Replaces fields of a shown message, e.g. the face of a card. */
  change(userid: string, message: ShownMessage, update: (message: ShownMessage) => void): void {
    update(message);
    this.tell({ type: 'message-changed', conversation: userid.toLowerCase(), message });
  }

  /** Drops what the duplicate check no longer needs; looks at most once a minute. */
  forgetOldDuplicates(): void {
    const nowMs = this.now().getTime();
    if (nowMs - this.#forgotAt < 60_000) return;
    this.#forgotAt = nowMs;
    for (const [key, { until }] of Object.entries(this.state.duplicates)) {
      if (until <= nowMs) delete this.state.duplicates[key];
    }
  }

  tell(event: WorldEvent): void {
    this.#news.emit('news', event);
  }

  /** @returns a function that stops the listening. */
  onNews(listener: (event: WorldEvent) => void): () => void {
    this.#news.on('news', listener);
    return () => this.#news.off('news', listener);
  }

  private stamp(body: MessageBody, about: Shown): ShownMessage {
    this.state.seq += 1;
    return {
      ...structuredClone(body),
      ...about,
      id: `m${this.state.seq}`,
      seq: this.state.seq,
      at: this.now().toISOString(),
    };
  }
}

type Shown = Pick<ShownMessage, 'from' | 'via'> & { msgid?: string };
