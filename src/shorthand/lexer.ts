import type { Span } from './reading.js';
import { SIMPLIFIED } from './traditional.js';

/** Longer messages are cut before anything looks at them. */
export const MAX_CHARACTERS = 4_000;

/**
 * A message made uniform (width, case, traditional characters), every character of which remembers
 * the place it was typed at. Recognisers work on `text`; people are shown `source`.
 */
export interface Lexed {
  readonly source: string;
  readonly text: string;
  /** Where each character of `text` begins and ends in `source`. */
  readonly startAt: Int32Array;
  readonly endAt: Int32Array;
  readonly cut: boolean;
}

/** Marks that come in several shapes and mean the same to us. */
const SAME_MARK: ReadonlyMap<string, string> = new Map([
  ['。', '。'],
  ['｡', '。'],
  ['〜', '~'],
  ['—', '-'],
  ['–', '-'],
  ['−', '-'],
  ['‐', '-'],
  ['➡', '→'],
  ['➜', '→'],
  ['⇒', '→'],
  ['“', '"'],
  ['”', '"'],
  ['「', '"'],
  ['」', '"'],
  ['『', '"'],
  ['』', '"'],
  ['‘', "'"],
  ['’', "'"],
  ['【', '['],
  ['】', ']'],
  ['￥', '¥'],
  ['〇', '零'],
  ['〉', '>'],
  ['〈', '<'],
  ['\t', ' '],
  ['\r', '\n'],
]);

/** Bullets and boxed numbers open an item of a list. */
const CIRCLED_ONE = 0x2460;
const CIRCLED_TWENTY = 0x2473;

/** Where characters begin and end in a message of which each keeps its place: most of them. */
const PLACES = Int32Array.from({ length: MAX_CHARACTERS }, (_, at) => at);
const PLACES_BEHIND = PLACES.map((at) => at + 1);

/** Makes `typed` uniform. Linear; an unpaired surrogate or a control character does no harm. */
export function lex(typed: string): Lexed {
  const cut = typed.length > MAX_CHARACTERS;
  const source = cut ? typed.slice(0, MAX_CHARACTERS) : typed;
  const text = inPlace(source);
  return text === undefined
    ? { source, ...respelled(source), cut }
    : { source, text, startAt: PLACES, endAt: PLACES_BEHIND, cut };
}

/** The uniform spelling, when it has one character for each as typed. */
function inPlace(source: string): string | undefined {
  let text = '';
  let copied = 0;
  for (let at = 0; at < source.length; at++) {
    const code = source.charCodeAt(at);
    const single = singleFor(code);
    if (single === code) continue;
    if (single === NOT_SINGLE) return undefined;
    text += source.slice(copied, at) + String.fromCharCode(single);
    copied = at + 1;
  }
  return copied === 0 ? source : text + source.slice(copied);
}

/** The uniform spelling of each code unit met so far; 0 is one not met. */
const singles = new Uint16Array(0x1_0000);
/** Spelt with several characters or none, or half of a pair. */
const NOT_SINGLE = 0xffff;

function singleFor(code: number): number {
  const known = singles[code];
  if (known !== undefined && known !== 0) return known;
  const spelt = code >= 0xd800 && code <= 0xdfff ? '' : uniform(code);
  const single = spelt.length === 1 ? spelt.charCodeAt(0) : NOT_SINGLE;
  singles[code] = single;
  return single;
}

/** The uniform spelling of any text, and where each of its characters was typed. */
function respelled(source: string): Pick<Lexed, 'text' | 'startAt' | 'endAt'> {
  const parts: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  for (let at = 0; at < source.length;) {
    const code = source.codePointAt(at) ?? 0;
    const size = code > 0xffff ? 2 : 1;
    const out = uniform(code);
    parts.push(out);
    for (let i = 0; i < out.length; i++) {
      starts.push(at);
      ends.push(at + size);
    }
    at += size;
  }
  return { text: parts.join(''), startAt: Int32Array.from(starts), endAt: Int32Array.from(ends) };
}

function uniform(code: number): string {
  if (code >= 0x4e00 && code <= 0x9fff) return SIMPLIFIED.get(code) ?? String.fromCharCode(code);
  if (code > 0x20 && code < 0x7f) return String.fromCharCode(code).toLowerCase();
  if (code >= CIRCLED_ONE && code <= CIRCLED_TWENTY) return `${code - CIRCLED_ONE + 1}.`;
  const char = String.fromCodePoint(code);
  const mark = SAME_MARK.get(char);
  if (mark !== undefined) return mark;
  // Zero-width joiners and variation selectors carry nothing to read.
  if ((code >= 0x200b && code <= 0x200f) || code === 0xfeff || code === 0xfe0f) return '';
  const folded = char.normalize('NFKC').toLowerCase();
  return folded.length > 8 ? ' ' : (SAME_MARK.get(folded) ?? folded);
}

/** The typed place of `[start, end)` of the uniform text. */
export function spanOf(lexed: Lexed, start: number, end: number): Span {
  if (end <= start) {
    const at = lexed.startAt[start] ?? lexed.source.length;
    return { start: at, end: at };
  }
  return { start: lexed.startAt[start] ?? 0, end: lexed.endAt[end - 1] ?? lexed.source.length };
}

/** The words at `span` as they were typed. */
export function wordsAt(lexed: Lexed, span: Span): string {
  return lexed.source.slice(span.start, span.end);
}

/** The uniform spelling of a short text such as a name, spaces removed. */
export function fold(text: string): string {
  return lex(text).text.replace(/\s+/g, '');
}
