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
