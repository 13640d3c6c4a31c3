import { Characters } from './characters.js';
import { fold } from './lexer.js';
import { companyForms } from './name-forms.js';
import type { NameForm } from './name-forms.js';
import { keyOfSyllables, soundKey, syllables } from './pinyin.js';
import type { Candidate, MatchedHow, Mention } from './reading.js';

/** What a form may stand for. */
interface Entry extends Candidate {
  readonly how: MatchedHow;
}

export interface NameHit {
  readonly end: number;
  readonly how: MatchedHow;
  readonly candidates: readonly Candidate[];
}

const RANK: Readonly<Record<MatchedHow, number>> = {
  exact: 0,
  alias: 0,
  part: 1,
  short: 2,
  pinyin: 3,
  typo: 4,
};
const LONGEST_FORM = 30;
/** More namesakes than this tell a person nothing; the list is cut. */
const MOST_CANDIDATES = 50;

/**
 * Names by everything they may be called. Looking a place up costs a few hash reads however many
 * names there are; one name is put or dropped without touching the others.
 */
export class NameIndex {
  private readonly entries = new Map<string, Entry[]>();
  /** What forms begin with: at most places of a text no name can begin. */
  private readonly heads = new Characters('');
  /** First two characters → the lengths of the forms that begin so, as bits. */
  private readonly lengths = new Map<string, number>();
  private readonly latin = new Map<string, Entry[]>();
  private readonly sounds = new Map<string, { form: string; entry: Entry }[]>();
  /** The lengths of the forms in `sounds`, as bits. */
  private soundLengths = 0;
  private readonly undo = new Map<string, (() => void)[]>();
  private readonly formsOf: (name: string) => NameForm[];
  private readonly hasSounds: boolean;

  /** `sounds: false` leaves out pinyin and misspellings, which titles do without. */
  constructor(options: { formsOf?: (name: string) => NameForm[]; sounds?: boolean } = {}) {
    this.formsOf = options.formsOf ?? companyForms;
    this.hasSounds = options.sounds ?? true;
  }

  get size(): number {
    return this.undo.size;
  }

  put(id: string, name: string, alsoSaid: readonly string[] = []): void {
    this.drop(id);
    const undo: (() => void)[] = [];
    this.undo.set(id, undo);
    const entry = (how: MatchedHow): Entry => ({ id, name, how });
    for (const said of alsoSaid) this.addForm(fold(said), entry('alias'), undo);
    const forms = this.formsOf(name);
    for (const { form, how } of forms) this.addForm(form, entry(how), undo);
    if (!this.hasSounds) return;
    for (const { form, how } of forms)
      if (how !== 'short' || form.length > 2) this.addSound(form, entry, undo, how === 'short');
  }

  drop(id: string): void {
    for (const act of this.undo.get(id) ?? []) act();
    this.undo.delete(id);
  }

  /** A nickname for one of the names put before. */
  putAlias(words: string, id: string, name: string): void {
    this.addForm(fold(words), { id, name, how: 'alias' }, this.undo.get(id) ?? []);
  }

  dropAlias(words: string, id: string): void {
    remove(this.entries, fold(words), (entry) => entry.id === id && entry.how === 'alias');
  }

  /** The longest name that begins at `at`, with all it may mean. */
  longestAt(text: string, at: number): NameHit | undefined {
    if (!this.heads.at(text, at)) return undefined;
    const bits = this.lengths.get(text.slice(at, at + 2));
    if (bits === undefined) return undefined;
    for (let size = Math.min(LONGEST_FORM, text.length - at); size >= 2; size--) {
      if ((bits & (1 << size)) === 0) continue;
      const hit = this.entries.get(text.slice(at, at + size));
      if (hit) return toHit(hit, at + size);
    }
    return undefined;
  }

  /** All names for these very words. */
  named(words: string): NameHit | undefined {
    const hit = this.entries.get(words);
    return hit && toHit(hit, words.length);
  }

  /** Names whose pinyin or initials are the latin word. */
  byLatin(word: string): NameHit | undefined {
    const hit = this.latin.get(word);
    return hit && toHit(hit, word.length);
  }

  /** Names that sound like `words`, of the same length, with exactly one other character. */
  bySound(words: string): NameHit | undefined {
    if ((this.soundLengths & (1 << words.length)) === 0) return undefined;
    const alike = this.sounds
      .get(soundKey(words))
      ?.filter(({ form }) => differences(form, words) === 1);
    if (!alike || alike.length === 0) return undefined;
    return toHit(
      alike.map(({ entry }) => entry),
      words.length,
    );
  }

  private addForm(form: string, entry: Entry, undo: (() => void)[]): void {
    if (form.length < 2 || form.length > LONGEST_FORM) return;
    push(this.entries, form, entry);
    this.heads.add(form);
    const head = form.slice(0, 2);
    this.lengths.set(head, (this.lengths.get(head) ?? 0) | (1 << form.length));
    undo.push(() => remove(this.entries, form, (other) => other === entry));
  }

  private addSound(
    form: string,
    entry: (how: MatchedHow) => Entry,
    undo: (() => void)[],
    short: boolean,
  ): void {
    if (!/^\p{Script=Han}{2,12}$/u.test(form)) return;
    this.soundLengths |= 1 << form.length;
    const sound = { form, entry: entry('typo') };
    const hear = (key: string): void => {
      push(this.sounds, key, sound);
      undo.push(() => remove(this.sounds, key, (other) => other === sound));
    };
    const key = soundKey(form);
    hear(key);
    // 的 in a name is said dí.
    if (form.includes('的')) hear(key.replace('de ', 'di '));
    if (short) return;
    const spelled = syllables(form);
    // 银行 is yín háng as a word, though 行 alone is xíng.
    const asWord = keyOfSyllables(spelled);
    if (asWord !== key) hear(asWord);
    const spoken = entry('pinyin');
    for (const word of new Set([spelled.join(''), spelled.map((s) => s.charAt(0)).join('')])) {
      if (word.length < 2) continue;
      push(this.latin, word, spoken);
      undo.push(() => remove(this.latin, word, (other) => other === spoken));
    }
  }
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function remove<T>(map: Map<string, T[]>, key: string, isGone: (value: T) => boolean): void {
  const left = map.get(key)?.filter((value) => !isGone(value));
  if (!left) return;
  if (left.length > 0) map.set(key, left);
  else map.delete(key);
}

/** Only the surest kind of match counts: an exact name is not ambiguous because another begins so. */
function toHit(entries: readonly Entry[], end: number): NameHit {
  const best = Math.min(...entries.map((entry) => RANK[entry.how]));
  const candidates = new Map<string, Candidate>();
  let how: MatchedHow = 'typo';
  for (const entry of entries) {
    if (RANK[entry.how] !== best) continue;
    how = entry.how;
    if (candidates.size < MOST_CANDIDATES)
      candidates.set(entry.id, { id: entry.id, name: entry.name });
  }
  return { end, how, candidates: [...candidates.values()] };
}

/** Who is named, when `candidates` are all it may be. */
export function mentionOf(candidates: readonly Candidate[], how: MatchedHow): Mention {
  const [only, second] = candidates;
  return only && !second
    ? { kind: 'one', id: only.id, name: only.name, how }
    : { kind: 'several', candidates, how };
}

function differences(a: string, b: string): number {
  if (a.length !== b.length) return Infinity;
  let count = 0;
  // 恰恰 for 洽洽 is one slip, made twice.
  for (let i = 0; i < a.length; i++)
    if (a[i] !== b[i] && !(i > 0 && a[i] === a[i - 1] && b[i] === b[i - 1])) count++;
  return count;
}
