import { fold } from './lexer.js';
import { companyForms } from './name-forms.js';
import type { NameForm } from './name-forms.js';

const GENERIC_TAIL = /(?:这个|那个)?(?:商机|项目|单子|单)$/;

/** A title without its trailing 项目 / 商机; the title itself when nothing would be left. */
function bareTitle(title: string): string {
  const bare = title.replace(GENERIC_TAIL, '');
  return bare.length >= 2 ? bare : title;
}

/** The ways to say a whole title: as it is, and without a trailing 项目. */
export function titleForms(title: string): NameForm[] {
  const full = fold(title);
  const bare = bareTitle(full);
  return withAllNumerals([full, ...(bare === full ? [] : [bare])]).map((form) => ({
    form,
    how: 'exact',
  }));
}

const DIGITS = '一二三四五六七八九';

/** 华为二期 is also typed 华为2期 and 华为第二期, and the other way round. */
function withAllNumerals(forms: readonly string[]): string[] {
  const other = (form: string): string =>
    form.replace(/(?<![一二三四五六七八九十\d])([一二三四五六七八九1-9])(?=期)/g, (phase) =>
      DIGITS.includes(phase) ? String(DIGITS.indexOf(phase) + 1) : DIGITS.charAt(Number(phase) - 1),
    );
  const both = [...forms, ...forms.map(other)];
  const counted = both.map((form) =>
    form.replace(/(?<![第一二三四五六七八九十\d])([一二三四五六七八九\d])(?=期)/g, '第$1'),
  );
  return [...new Set([...both, ...counted])];
}

/**
 * What a title says besides its customer: 宁德时代MES二期 → mes二期, and the words of it that stand apart.
 * Only said beside the customer's name, where they are no everyday words.
 */
export function titleParts(title: string, customerName: string): NameForm[] {
  const bare = bareTitle(fold(title));
  const forms = customerName === '' ? [] : companyForms(customerName).map(({ form }) => form);
  const head =
    forms.filter((form) => bare.startsWith(form)).sort((a, b) => b.length - a.length)[0] ?? '';
  const product = bare.slice(head.length).replace(/^[-_·:的 ]+/, '');
  const parts = new Set<string>();
  if (product.length >= 2) parts.add(product);
  for (const word of product.match(/[a-z]+\d*|[一二三四五六七八九\d]+期/g) ?? []) parts.add(word);
  const withoutPhase = product
    .replace(/[一二三四五六七八九\d]+期$/, '')
    .replace(/(?:系统|平台)$/, '');
  if (withoutPhase.length >= 2) parts.add(withoutPhase);
  return withAllNumerals([...parts])
    .filter((part) => part.length >= 2)
    .map((form) => ({ form, how: 'part' }));
}
