/** A template card (模板卡片) as its JSON travels; section 5 of the protocol facts, path 90236. */
export interface TemplateCard {
  card_type: CardType;
  task_id?: string;
  source?: { icon_url?: string; desc?: string; desc_color?: number };
  action_menu?: { desc?: string; action_list: { text: string; key: string }[] };
  main_title?: { title?: string; desc?: string };
  emphasis_content?: { title?: string; desc?: string };
  quote_area?: CardLink & { title?: string; quote_text?: string };
  sub_title_text?: string;
  horizontal_content_list?: (CardLink & {
    keyname: string;
    value?: string;
    media_id?: string;
    userid?: string;
  })[];
  jump_list?: (CardLink & { title: string })[];
  card_action?: CardLink;
  card_image?: { url: string; aspect_ratio?: number };
  image_text_area?: CardLink & { title?: string; desc?: string; image_url: string };
  vertical_content_list?: { title: string; desc?: string }[];
  button_selection?: CardQuestion;
  button_list?: CardButton[];
  checkbox?: CardCheckbox;
  select_list?: CardQuestion[];
  submit_button?: { text?: string; key: string };
  /** Only in updates: the buttons become one grey button with this text. */
  replace_text?: string;
}

export const CARD_TYPES = [
  'text_notice',
  'news_notice',
  'button_interaction',
  'vote_interaction',
  'multiple_interaction',
] as const;
export type CardType = (typeof CARD_TYPES)[number];

export interface CardLink {
  type?: number;
  url?: string;
  appid?: string;
  pagepath?: string;
}

export interface CardButton {
  /** 0 calls back (default), 1 opens `url`. */
  type?: number;
  text: string;
  style?: number;
  key?: string;
  url?: string;
}

export interface CardQuestion {
  question_key: string;
  title?: string;
  selected_id?: string;
  disable?: boolean;
  option_list: { id: string; text: string }[];
}

export interface CardCheckbox {
  question_key: string;
  /** 0 single choice (default), 1 several. */
  mode?: number;
  disable?: boolean;
  option_list: { id: string; text: string; is_checked?: boolean }[];
}

/** Cards whose tap reaches the app: they need a callback URL and carry a task_id. */
export function callsBack(card: TemplateCard): boolean {
  return isInteractive(card.card_type) || card.action_menu !== undefined;
}

export function isInteractive(type: CardType): boolean {
  return (
    type === 'button_interaction' || type === 'vote_interaction' || type === 'multiple_interaction'
  );
}
