import type { Button, Card } from '../../chat/index.js';
import { AppError } from '../../kernel/index.js';
import { cutToChars } from './limits.js';

/**
 * Two of WeCom's five kinds of template card (模板卡片): one with buttons, one that leads somewhere.
 * @see https://developer.work.weixin.qq.com/document/path/90236
 */
export interface TemplateCard {
  card_type: 'button_interaction' | 'text_notice';
  source?: { desc: string; desc_color: number };
  main_title: { title: string; desc?: string };
  quote_area?: { type: 0; title?: string; quote_text: string };
  sub_title_text?: string;
  horizontal_content_list?: { keyname: string; value: string }[];
  card_action?: { type: 1; url: string };
  button_selection?: {
    question_key: string;
    title?: string;
    option_list: { id: string; text: string }[];
  };
  button_list?: { text: string; style: number; key: string }[];
  /** Only in updates: one grey button in place of all. */
  replace_text?: string;
  task_id?: string;
}

/** Recommended lengths in characters (longer ones are cut by the client, mid-word) and hard list lengths. */
const MAX = {
  source: 20,
  title: 36,
  subtitle: 44,
  body: 160,
  rows: 6,
  rowLabel: 5,
  rowValue: 30,
  quoteTitle: 36,
  quote: 160,
  buttons: 6,
  button: 10,
  selectTitle: 36,
  options: 10,
  option: 16,
  keyBytes: 1024,
  optionIdBytes: 128,
} as const;

/** WeCom shows the numbers 1–4 only in a picture; 1 is its default and its samples reject with 2. */
const STYLES: Record<Button['style'], number> = { primary: 1, danger: 2, plain: 3 };

const GREY = 0;
const NO_LABEL = '·';
const NO_VALUE = '—';
/** The word on the grey button when the card does not say how it ended. */
const SETTLED = '已更新';
/** The key of that button. It cannot be tapped; a client that shows it anyway sends this. */
const SETTLED_KEY = 'settled';

/** Whether message/send takes the card: with buttons, or with somewhere to lead. */
export function canBeSent(card: Card): boolean {
  return card.buttons.length > 0 || card.link !== undefined;
}

/**
 * The card as message/send takes it; `taskId` comes back with every tap. A notice card has none.
 * @throws AppError `wecom.bad-card` for keys WeCom would refuse.
 */
export function cardToSend(card: Card, taskId: string): TemplateCard {
  if (card.buttons.length === 0) return { card_type: 'text_notice', ...face(card) };
  return { card_type: 'button_interaction', ...face(card), ...controls(card), task_id: taskId };
}

/** The card as update_template_card takes it: no task_id, and a settled one shows how it ended. */
export function cardToUpdate(card: Card): TemplateCard {
  const settled = card.settled ?? (canBeSent(card) ? undefined : SETTLED);
  if (settled === undefined && card.buttons.length === 0) {
    return { card_type: 'text_notice', ...face(card) };
  }
  if (settled === undefined) {
    return { card_type: 'button_interaction', ...face(card), ...controls(card) };
  }
  const text = cutToChars(settled, MAX.button);
  return {
    card_type: 'button_interaction',
    ...face(card),
    button_list: [{ text, style: STYLES.plain, key: SETTLED_KEY }],
    replace_text: cutToChars(settled, MAX.source),
  };
}

type Face = Omit<TemplateCard, 'card_type'>;

function face(card: Card): Face {
  const title = card.title || card.source || NO_VALUE;
  return {
    ...(card.source && { source: { desc: cutToChars(card.source, MAX.source), desc_color: GREY } }),
    main_title: {
      title: cutToChars(title, MAX.title),
      ...(card.subtitle && { desc: cutToChars(card.subtitle, MAX.subtitle) }),
    },
    ...(card.quote && { quote_area: quoteArea(card.quote) }),
    ...(card.body && { sub_title_text: cutToChars(card.body, MAX.body) }),
    ...(card.rows.length > 0 && { horizontal_content_list: rows(card.rows) }),
    ...(card.link !== undefined && { card_action: { type: 1 as const, url: card.link } }),
  };
}

function quoteArea(quote: NonNullable<Card['quote']>): NonNullable<TemplateCard['quote_area']> {
  return {
    type: 0,
    ...(quote.title && { title: cutToChars(quote.title, MAX.quoteTitle) }),
    quote_text: cutToChars(quote.text, MAX.quote),
  };
}

function rows(all: Card['rows']): { keyname: string; value: string }[] {
  return all.slice(0, MAX.rows).map(({ label, value }) => ({
    keyname: cutToChars(label, MAX.rowLabel) || NO_LABEL,
    value: cutToChars(value, MAX.rowValue) || NO_VALUE,
  }));
}

function controls(card: Card): Pick<TemplateCard, 'button_list' | 'button_selection'> {
  const buttons = card.buttons.slice(0, MAX.buttons);
  refuseBadKeys(
    'button',
    buttons.map((button) => button.key),
    MAX.keyBytes,
  );
  return {
    ...(card.select && card.select.options.length > 0 && { button_selection: selection(card) }),
    button_list: buttons.map(({ key, text, style }) => ({
      text: cutToChars(text, MAX.button) || NO_VALUE,
      style: STYLES[style],
      key,
    })),
  };
}

function selection(card: Card): NonNullable<TemplateCard['button_selection']> {
  const { key, title, options } = card.select ?? { key: '', title: '', options: [] };
  const shown = options.slice(0, MAX.options);
  refuseBadKeys('select', [key], MAX.keyBytes);
  refuseBadKeys(
    'option',
    shown.map((option) => option.id),
    MAX.optionIdBytes,
  );
  return {
    question_key: key,
    ...(title && { title: cutToChars(title, MAX.selectTitle) }),
    option_list: shown.map(({ id, text }) => ({
      id,
      text: cutToChars(text, MAX.option) || NO_VALUE,
    })),
  };
}

/** Keys come back to us, so they cannot be cut: a wrong one is a mistake in the card. */
function refuseBadKeys(what: string, keys: readonly string[], maxBytes: number): void {
  const bad = keys.find((key) => key === '' || Buffer.byteLength(key) > maxBytes);
  if (bad === undefined && new Set(keys).size === keys.length) return;
  throw new AppError(`a card has an empty, over-long or repeated ${what} key`, {
    code: 'wecom.bad-card',
    details: { what, keys: keys.map((key) => key.slice(0, 64)) },
  });
}
