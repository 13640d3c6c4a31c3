import { pinyin } from 'pinyin-pro';

const soundOf = new Map<string, string>();
const MOST_REMEMBERED = 30_000;

/** Pinyin of one character without its tone; other characters stand for themselves. */
function sound(char: string): string {
  let known = soundOf.get(char);
  if (known === undefined) {
    known = /\p{Script=Han}/u.test(char)
      ? (pinyin(char, { toneType: 'none', type: 'array' })[0] ?? char)
      : char;
    if (soundOf.size < MOST_REMEMBERED) soundOf.set(char, known);
  }
  return known;
}

/** Sounds that many speakers do not tell apart are written the same: zh/z, ang/an, n/l … */
function blur(syllable: string): string {
  return syllable
    .replace(/^(z|c|s)h/, '$1')
    .replace(/^n(?=[aeiouü])/, 'l')
    .replace(/^hu?(?=ang$)/, 'h')
    .replace(/([aei])ng$/, '$1n');
}

/** The syllables of a name, read as a word (重庆 is chong qing). */
export function syllables(name: string): string[] {
  return pinyin(name, { toneType: 'none', type: 'array' });
}

/** The `soundKey` of words of which the syllables are known. */
export function keyOfSyllables(spelled: readonly string[]): string {
  return spelled.map((syllable) => `${blur(syllable)} `).join('');
}

/** By code point. */
const blurredOf = new Map<number, string>();

function blurred(codePoint: number): string {
  let known = blurredOf.get(codePoint);
  if (known === undefined) {
    known = `${blur(sound(String.fromCodePoint(codePoint)))} `;
    if (blurredOf.size < MOST_REMEMBERED) blurredOf.set(codePoint, known);
  }
  return known;
}

/** A key that is the same for words that sound alike. */
export function soundKey(word: string): string {
  let key = '';
  for (let at = 0; at < word.length; at++) {
    const codePoint = word.codePointAt(at) ?? 0;
    key += blurred(codePoint);
    if (codePoint > 0xffff) at++;
  }
  return key;
}
