/** Characters of a kind, by UTF-16 code: asked at every place of every message, so one read of a table. */
export class Characters {
  readonly #table = new Uint8Array(0x1_0000);

  constructor(characters: Iterable<string>) {
    for (const character of characters) this.#table[character.charCodeAt(0)] = 1;
  }

  /** Is the character at `at` one of them? False beyond the ends of the text. */
  at(text: string, at: number): boolean {
    return at >= 0 && at < text.length && this.#table[text.charCodeAt(at)] === 1;
  }

  /** Does `text` hold one of them? */
  isIn(text: string): boolean {
    for (let at = 0; at < text.length; at++)
      if (this.#table[text.charCodeAt(at)] === 1) return true;
    return false;
  }

  add(character: string): void {
    this.#table[character.charCodeAt(0)] = 1;
  }
}

/** What single characters stand for (digits, units), by UTF-16 code. */
export class CharacterValues {
  readonly #values = new Map<number, number>();

  constructor(values: Readonly<Record<string, number>>) {
    for (const [character, value] of Object.entries(values))
      this.#values.set(character.charCodeAt(0), value);
  }

  at(text: string, at: number): number | undefined {
    return at < text.length ? this.#values.get(text.charCodeAt(at)) : undefined;
  }
}

/** A figure 0–9 at `at`? */
export const isDigitAt = (text: string, at: number): boolean => {
  const unit = text.charCodeAt(at);
  return unit >= 0x30 && unit <= 0x39;
};

const LETTER = /[\p{L}\p{N}]/u;

/** Is there a letter or a figure in `text`? Chinese characters and what keyboards have are told at a glance. */
export function holdsLetter(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if ((unit >= 0x4e00 && unit <= 0x9fff) || isWordCharacter(unit)) return true;
    if (unit > 0x7f && !isMark(unit)) return LETTER.test(text);
  }
  return false;
}

const isMark = (unit: number): boolean => unit >= 0xe000 && unit <= 0xf8ff;
const isWordCharacter = (unit: number): boolean =>
  (unit >= 0x61 && unit <= 0x7a) ||
  (unit >= 0x30 && unit <= 0x39) ||
  (unit >= 0x41 && unit <= 0x5a);

/**
 * Chinese characters, inside a class of a pattern with the flag `u`: two ranges, which are compared in
 * place. `\p{Script=Han}` has twenty, for which V8 calls out at every character.
 */
export const HAN = '\\u3400-\\u9fff\\u{20000}-\\u{323af}';
