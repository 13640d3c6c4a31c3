import type { Card } from '../card.js';
import type { Message } from '../message.js';

/** WeCom's limits (decisions 14): characters for cards, UTF-8 bytes for text and markdown. */
export const CARD_LIMITS = {
  source: 20,
  title: 36,
  subtitle: 44,
  body: 160,
  rows: 6,
  label: 5,
  value: 30,
  quoteTitle: 36,
  quoteText: 160,
  buttons: 6,
  button: 10,
  options: 10,
  option: 16,
  selectTitle: 36,
  settled: 20,
} as const;

export const TEXT_BYTES = 2048;

const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' });

/** Cuts to `max` characters with `…`, never through an emoji or a combined character. */
export function cut(text: string, max: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line.length <= max) return line;
  let kept = '';
  for (const { segment } of graphemes.segment(line)) {
    if (kept.length + segment.length > max - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Like `cut`, keeping line breaks. */
function cutLines(text: string, max: number): string {
  if (text.length <= max) return text;
  let kept = '';
  for (const { segment } of graphemes.segment(text)) {
    if (kept.length + segment.length > max - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

export const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8');

/** Cuts to `max` UTF-8 bytes with `…`. */
export function cutBytes(text: string, max: number): string {
  if (bytesOf(text) <= max) return text;
  let kept = '';
  let size = bytesOf('…');
  for (const { segment } of graphemes.segment(text)) {
    size += bytesOf(segment);
    if (size > max) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Brings a card within every limit; views word so that this rarely cuts. */
export function fitCard(card: Card): Card {
  const limits = CARD_LIMITS;
  return {
    ...card,
    source: cut(card.source, limits.source),
    title: cut(card.title, limits.title),
    ...(card.subtitle !== undefined && { subtitle: cut(card.subtitle, limits.subtitle) }),
    ...(card.body !== undefined && { body: cutLines(card.body, limits.body) }),
    rows: card.rows.slice(0, limits.rows).map((row) => ({
      label: cut(row.label, limits.label),
      value: cut(row.value, limits.value) || '无',
    })),
    ...(card.quote && {
      quote: {
        title: cut(card.quote.title, limits.quoteTitle),
        text: cut(card.quote.text, limits.quoteText),
      },
    }),
    buttons: card.buttons
      .slice(0, limits.buttons)
      .map((button) => ({ ...button, text: cut(button.text, limits.button) })),
    ...(card.select && {
      select: {
        ...card.select,
        title: cut(card.select.title, limits.selectTitle),
        options: card.select.options
          .slice(0, limits.options)
          .map((option) => ({ ...option, text: cut(option.text, limits.option) })),
      },
    }),
    ...(card.settled !== undefined && { settled: cut(card.settled, limits.settled) }),
  };
}

/** A plain message, cut to what WeCom shows. */
export function textMessage(...lines: (string | null | false | undefined)[]): Message {
  return { kind: 'text', text: cutBytes(joined(lines), TEXT_BYTES) };
}

/** A card with the words for those who see none. */
export function cardMessage(card: Card, ...lines: (string | null | false | undefined)[]): Message {
  return { kind: 'card', card: fitCard(card), text: cutBytes(joined(lines), TEXT_BYTES) };
}

const joined = (lines: readonly (string | null | false | undefined)[]): string =>
  lines.filter((line) => typeof line === 'string').join('\n');

/**
 * A card without buttons needs a link to lead to; without one the same facts go out as markdown.
 */
export function noticeMessage(
  card: Card,
  link: string | null,
  ...lines: (string | null | false | undefined)[]
): Message {
  if (link !== null && card.buttons.length === 0) return cardMessage({ ...card, link }, ...lines);
  if (card.buttons.length > 0) return cardMessage(card, ...lines);
  const fitted = fitCard(card);
  const markdown = [
    `**${escapeMarkdown(fitted.title)}**`,
    fitted.subtitle && escapeMarkdown(fitted.subtitle),
    ...fitted.rows.map(
      (row) => `> ${row.label}：<font color="comment">${escapeMarkdown(row.value)}</font>`,
    ),
    // Longer than a card's: only the message as a whole is bounded.
    card.body && escapeMarkdown(card.body),
    fitted.quote && `> ${escapeMarkdown(`${fitted.quote.title}：${fitted.quote.text}`)}`,
  ];
  return {
    kind: 'markdown',
    markdown: cutBytes(joined(markdown.map((line) => line || null)), TEXT_BYTES),
    text: cutBytes(joined(lines), TEXT_BYTES),
  };
}

/** What people typed must not become formatting. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[<>]/g, (bracket) => (bracket === '<' ? '＜' : '＞'))
    .replace(/\[/g, '［')
    .replace(/\]/g, '］')
    .replace(/[`*_]/g, (mark) => ({ '`': '｀', '*': '＊', _: '＿' })[mark] ?? mark)
    .replace(/^#/gm, '＃');
}

/**
 * As many items as fit in `max` bytes beside `around`, then “还有 N 项”. At most `limit`;
 * `total` counts those the list was cut from already.
 */
export function capped(
  items: readonly string[],
  options: { limit: number; max: number; total?: number },
): string[] {
  const total = options.total ?? items.length;
  const shown: string[] = [];
  let room = options.max - bytesOf(`\n还有 ${total} 项`);
  for (const item of items.slice(0, options.limit)) {
    room -= bytesOf(item) + 1;
    if (room < 0) break;
    shown.push(item);
  }
  const rest = total - shown.length;
  return rest > 0 ? [...shown, `还有 ${rest} 项`] : shown;
}
