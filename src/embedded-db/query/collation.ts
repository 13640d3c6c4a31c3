import { show } from '../bson/show.js';
import { isDoc, isNumeric, toDouble, type Doc } from '../bson/value.js';
import { DbError, notSupported } from '../errors.js';

/** How texts compare when a client asks for a language's order instead of MongoDB's own. */
export interface Collation {
  readonly spec: Doc;
  readonly strength: 1 | 2 | 3;
  readonly compare: (a: string, b: string) => number;
}

const SUPPORTED_LOCALE = /^(zh|en)([_-][A-Za-z]+)*$/;
const KNOWN_OPTIONS = new Set([
  'locale',
  'strength',
  'caseLevel',
  'caseFirst',
  'numericOrdering',
  'alternate',
  'maxVariable',
  'normalization',
  'backwards',
  'version',
]);
const SENSITIVITY = { 1: 'base', 2: 'accent', 3: 'variant' } as const;

/** `undefined` for none and for `simple`. @throws DbError 2/9 when malformed, 115 when not offered here */
export function parseCollation(spec: unknown): Collation | undefined {
  if (spec === undefined || spec === null) return undefined;
  if (!isDoc(spec)) throw new DbError(14, 'collation must be an object');
  const locale = spec['locale'];
  for (const name of Object.keys(spec)) {
    if (!KNOWN_OPTIONS.has(name)) {
      throw new DbError(40415, `BSON field 'collation.${name}' is an unknown field.`);
    }
  }
  if (locale === undefined && Object.keys(spec).length === 0) return undefined;
  if (typeof locale !== 'string') {
    throw new DbError(40414, "BSON field 'collation.locale' is missing but a required field");
  }
  if (locale === 'simple') return undefined;
  return languageCollation(spec, locale);
}

function languageCollation(spec: Doc, locale: string): Collation {
  if (!SUPPORTED_LOCALE.test(locale)) throw notSupported(`collation locale '${locale}' is`);
  const strength = strengthOf(spec);
  checkOptions(spec);
  if (spec['caseLevel'] === true || spec['backwards'] === true || spec['alternate'] === 'shifted') {
    throw notSupported('collation options caseLevel, backwards and alternate are');
  }
  const collator = new Intl.Collator(locale.replaceAll('_', '-'), {
    sensitivity: SENSITIVITY[strength],
    numeric: spec['numericOrdering'] === true,
    ...(spec['caseFirst'] === 'upper' || spec['caseFirst'] === 'lower'
      ? { caseFirst: spec['caseFirst'] }
      : {}),
  });
  return {
    spec: completeSpec(spec, locale, strength),
    strength,
    compare: (a, b) => collator.compare(a, b),
  };
}

function strengthOf(spec: Doc): 1 | 2 | 3 {
  const { strength } = spec;
  if (strength === undefined) return 3;
  const value = isNumeric(strength) ? toDouble(strength) : Number.NaN;
  if (value === 1 || value === 2 || value === 3) return value;
  if (value === 4 || value === 5) throw notSupported(`collation strength ${value} is`);
  throw new DbError(
    2,
    `Enumeration value ${show(strength)} for field 'collation.strength' is not a valid value.`,
  );
}

const OPTION_VALUES: Readonly<Record<string, readonly unknown[]>> = {
  caseLevel: [true, false],
  caseFirst: ['upper', 'lower', 'off'],
  numericOrdering: [true, false],
  alternate: ['non-ignorable', 'shifted'],
  maxVariable: ['punct', 'space'],
  normalization: [true, false],
  backwards: [true, false],
};

/** @throws DbError 2 for values no server knows */
function checkOptions(spec: Doc): void {
  for (const [name, allowed] of Object.entries(OPTION_VALUES)) {
    if (spec[name] === undefined || allowed.includes(spec[name])) continue;
    throw new DbError(
      2,
      `Enumeration value ${show(spec[name])} for field 'collation.${name}' is not a valid value.`,
    );
  }
}

/** The collation as MongoDB lists it, with every default written out. */
function completeSpec(spec: Doc, locale: string, strength: number): Doc {
  return {
    locale,
    caseLevel: false,
    caseFirst: 'off',
    strength,
    numericOrdering: false,
    alternate: 'non-ignorable',
    maxVariable: 'punct',
    normalization: false,
    backwards: false,
    version: '57.1',
    ...spec,
  };
}

export function sameCollation(a: Collation | undefined, b: Collation | undefined): boolean {
  if (!a || !b) return a === b;
  return Object.entries(a.spec).every(([name, value]) => b.spec[name] === value);
}

const MARKS = /\p{M}/gu;
/** What ICU passes over: control and format characters, but for those that are white space. */
const IGNORED = /(?![\t\n\v\f\r\x85])[\p{Cc}\p{Cf}]/gu;
const SINGLE_QUOTES = /[‘’‚‛]/g;
const DOUBLE_QUOTES = /[“”„‟]/g;

/**
 * Maps texts that the collation takes for equal to one spelling, for the keys of unique indexes.
 * (`Intl.Collator` compares but gives out no sort keys.)
 */
export function textFolding(collation: Collation): (text: string) => string {
  switch (collation.strength) {
    case 1:
      return (text) =>
        ignoringCase(text.normalize('NFKD').replace(MARKS, ''))
          .replaceAll('ß', 'ss')
          .replace(SINGLE_QUOTES, "'")
          .replace(DOUBLE_QUOTES, '"')
          .normalize('NFC');
    case 2:
      return (text) => ignoringCase(text.normalize('NFKC'));
    case 3:
      return (text) => text.normalize('NFC').replace(IGNORED, '');
  }
}

function ignoringCase(text: string): string {
  return text.replace(IGNORED, '').toLowerCase();
}
