/** What arrives from a person, whatever the transport. Times are WeCom's CreateTime: relative days count from it. */
export type Incoming = {
  /** Unique for the cause: MsgId for messages, a hash of the event's facts otherwise. */
  key: string;
  from: string;
  at: Date;
} & (
  | { kind: 'text'; text: string }
  | {
      kind: 'media';
      media: 'image' | 'voice' | 'video' | 'location' | 'link' | 'file' | 'unknown';
      caption: string;
    }
  | {
      kind: 'tap';
      /** The button's key: `verb:argument`. */
      button: string;
      /** The notice whose card was tapped: its task_id. */
      cardId: string;
      /** Chosen options by question key. */
      chosen: Record<string, string[]>;
      /** Updates the card once within 72 h. */
      responseCode: string;
    }
  | { kind: 'menu'; item: string }
  | { kind: 'subscribed' }
  | { kind: 'unsubscribed' }
  | { kind: 'opened' }
  | { kind: 'ignored'; what: string }
);
