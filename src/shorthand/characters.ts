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

/** Several kinds of characters at once: one pass over a text tells which of them it holds. */
export class CharacterKinds<Kind extends string> {
  readonly #table = new Uint16Array(0x1_0000);
  readonly #bits: Readonly<Record<Kind, number>>;

  constructor(kinds: Readonly<Record<Kind, string>>) {
    const names = Object.keys(kinds) as Kind[];
    this.#bits = Object.fromEntries(names.map((name, n) => [name, 1 << n])) as Record<Kind, number>;
    for (const name of names)
      for (const character of kinds[name])
        this.#table[character.charCodeAt(0)]! |= this.#bits[name];
  }

  /** Tells of each kind whether `text` holds a character of it. */
  heldBy(text: string): (kind: Kind) => boolean {
    let held = 0;
    for (let at = 0; at < text.length; at++) held |= this.#table[text.charCodeAt(at)] ?? 0;
    return (kind) => (held & this.#bits[kind]) !== 0;
  }
}

export const LATIN = 'abcdefghijklmnopqrstuvwxyz';
/**
 * Chinese characters, inside a class of a pattern with the flag `u`: two ranges, which are compared in
 * place. `\p{Script=Han}` has twenty, for which V8 calls out at every character.
 */
export const HAN = '\\u3400-\\u9fff\\u{20000}-\\u{323af}';
