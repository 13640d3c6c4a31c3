import { neededBy } from './pattern-characters.js';

/** Room for 32 patterns a word. */
const WORDS = 5;
/** Which patterns need a character: `WORDS` words of bits for each UTF-16 code. */
const needs = new Uint32Array(0x1_0000 * WORDS);
let patterns = 0;

/** The text asked about last, since one text is asked for many things in a row, and what it may hold. */
let surveyed = '';
const held = new Uint32Array(WORDS);

function survey(text: string): void {
  held.fill(0);
  for (let at = 0; at < text.length; at++) {
    const from = text.charCodeAt(at) * WORDS;
    for (let word = 0; word < WORDS; word++)
      held[word] = (held[word] ?? 0) | (needs[from + word] ?? 0);
  }
  surveyed = text;
}

/**
 * A pattern that is tried only on texts that hold a character it cannot do without. A message is asked
 * for a hundred things of which it says three or four: a bit of a table is far cheaper to look at than
 * a pattern that fails. For patterns made once, with the module they stand in: the table keeps them all.
 */
export class Sought {
  readonly #word: number;
  readonly #bit: number;

  constructor(readonly pattern: RegExp) {
    const needed = neededBy(pattern);
    if (!needed) throw new Error(`a match can do without any character: ${pattern.source}`);
    this.#word = patterns >> 5;
    this.#bit = (1 << (patterns & 31)) >>> 0;
    patterns++;
    if (this.#word >= WORDS) throw new Error(`more than ${WORDS * 32} patterns: make WORDS larger`);
    for (const unit of needed) {
      const at = unit * WORDS + this.#word;
      needs[at] = (needs[at] ?? 0) | this.#bit;
    }
  }

  mayBeIn(text: string): boolean {
    if (text !== surveyed) survey(text);
    return ((held[this.#word] ?? 0) & this.#bit) !== 0;
  }

  test(text: string): boolean {
    return this.mayBeIn(text) && this.pattern.test(text);
  }

  exec(text: string): RegExpExecArray | null {
    return this.mayBeIn(text) ? this.pattern.exec(text) : null;
  }
}

export const sought = (pattern: RegExp): Sought => new Sought(pattern);
