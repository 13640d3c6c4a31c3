import { Characters } from '../characters.js';

/** Words and signs of money: which currency a sum is in, before its figures or behind them. */
const FOREIGN: readonly (readonly [string, string])[] = [
  ['us$', 'USD'],
  ['hk$', 'HKD'],
  ['usd', 'USD'],
  ['美元', 'USD'],
  ['美金', 'USD'],
  ['刀', 'USD'],
  ['$', 'USD'],
  ['eur', 'EUR'],
  ['欧元', 'EUR'],
  ['欧', 'EUR'],
  ['€', 'EUR'],
  ['gbp', 'GBP'],
  ['英镑', 'GBP'],
  ['£', 'GBP'],
  ['hkd', 'HKD'],
  ['港币', 'HKD'],
  ['港元', 'HKD'],
  ['港纸', 'HKD'],
  ['jpy', 'JPY'],
  ['日元', 'JPY'],
  ['日币', 'JPY'],
  ['sgd', 'SGD'],
  ['新币', 'SGD'],
  ['新加坡元', 'SGD'],
  ['krw', 'KRW'],
  ['韩元', 'KRW'],
  ['台币', 'TWD'],
  ['新台币', 'TWD'],
  ['twd', 'TWD'],
  ['aud', 'AUD'],
  ['澳元', 'AUD'],
  ['cad', 'CAD'],
  ['加元', 'CAD'],
  ['chf', 'CHF'],
  ['瑞郎', 'CHF'],
  ['卢布', 'RUB'],
  ['泰铢', 'THB'],
];
/** Foreign money by the first character of its word, since one is looked for at every figure. */
const FOREIGN_AT = new Map<string, (readonly [string, string])[]>();
for (const money of FOREIGN) {
  const head = money[0].charAt(0);
  FOREIGN_AT.set(head, [...(FOREIGN_AT.get(head) ?? []), money]);
}
const HOME_BEFORE = ['人民币', 'rmb', 'cny', '¥'];
const HOME_AFTER = ['人民币', '块钱', 'rmb', 'cny', '元', '块'];
const heads = (words: readonly string[]): string[] => words.map((word) => word.charAt(0));

/** Characters a word of money before the figures can begin with. */
export const CURRENCY_HEADS: readonly string[] = heads([
  ...HOME_BEFORE,
  ...FOREIGN.map(([word]) => word),
]);
const BEGINS_BEFORE = new Characters(CURRENCY_HEADS);
const BEGINS_BEHIND = new Characters([...CURRENCY_HEADS, ...heads(HOME_AFTER)]);

function startsWithAny(text: string, at: number, words: readonly string[]): string | undefined {
  return words.find((word) => text.startsWith(word, at));
}

export interface Sign {
  readonly end: number;
  readonly currency: string | undefined;
}

/** ¥, RMB, $, USD … before the figures. */
export function signBefore(text: string, at: number): Sign | undefined {
  if (!BEGINS_BEFORE.at(text, at)) return undefined;
  const home = startsWithAny(text, at, HOME_BEFORE);
  const foreign = home
    ? undefined
    : FOREIGN_AT.get(text.charAt(at))?.find(
        ([word]) => word !== '欧' && word !== '刀' && text.startsWith(word, at),
      );
  const word = home ?? foreign?.[0];
  if (word === undefined) return undefined;
  let end = at + word.length;
  while (text[end] === ' ' || text[end] === ':') end++;
  return { end, currency: foreign?.[1] };
}

/** 元, 块, 美元 … behind the figures. `certain`: the figures are money or a large count already. */
export function signBehind(text: string, at: number, certain: boolean): Sign | undefined {
  const from = text[at] === ' ' ? at + 1 : at;
  if (!BEGINS_BEHIND.at(text, from)) return undefined;
  const next = text.slice(from, from + 2);
  const home = startsWithAny(text, from, HOME_AFTER);
  if (home)
    return /^元[旦宵]/.test(next) ? undefined : { end: from + home.length, currency: undefined };
  const foreign = FOREIGN_AT.get(text.charAt(from))?.find(
    ([word]) => word !== '$' && text.startsWith(word, from) && !/^欧[洲莱司尚]/.test(next),
  );
  if (!foreign || !(certain || foreign[0].length > 1)) return undefined;
  return { end: from + foreign[0].length, currency: foreign[1] };
}
