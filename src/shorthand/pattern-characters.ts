import { RegExpParser } from '@eslint-community/regexpp';
import type { AST } from '@eslint-community/regexpp';

/** Characters as UTF-16 code units. */
export type CodeUnits = ReadonlySet<number>;

/** Wider classes (`\p{Script=Han}`, `[^,]`) say too little to be worth keeping. */
const WIDEST_CLASS = 80;

const parser = new RegExpParser({ ecmaVersion: 2024 });
const alternativesOf = (pattern: RegExp): readonly AST.Alternative[] =>
  parser.parsePattern(pattern.source, 0, pattern.source.length, { unicode: pattern.unicode })
    .alternatives;

/**
 * Characters one of which a match of `pattern` must begin with; `undefined` when it may begin with
 * any, or be empty.
 */
export function beginningsOf(pattern: RegExp): CodeUnits | undefined {
  const first = pattern.ignoreCase ? ANYTHING : beginningOfAny(alternativesOf(pattern));
  return first.units && !first.mayBeEmpty ? first.units : undefined;
}

/**
 * Characters of what reps type, the commonest first (counted in the corpus). Of two characters a match
 * cannot do without, the rarer tells more.
 */
const COMMON =
  ' ,\ue001\ue002\ue003了0万12签5下周到一月我天3个8给单不电能6三要发方进是先上说价老没年改推号报案把额预标今总来有跟后那对前会期回的这客户在也就都还再想人大中';
const RANKS = new Map([...COMMON].map((character, rank) => [character.charCodeAt(0), rank]));
const RANK_OF_OTHERS = 300;

/** How many texts, roughly and relatively, hold one of the characters. */
function commonness(units: CodeUnits): number {
  let sum = 0;
  for (const unit of units) sum += 1 / (5 + (RANKS.get(unit) ?? RANK_OF_OTHERS));
  return sum;
}

/**
 * Characters one of which every match of `pattern` holds; `undefined` when a match can do without any
 * that can be told.
 */
export function neededBy(pattern: RegExp): CodeUnits | undefined {
  return pattern.ignoreCase ? undefined : neededByAny(alternativesOf(pattern));
}

function neededByAny(alternatives: readonly AST.Alternative[]): CodeUnits | undefined {
  const all = new Set<number>();
  for (const { elements } of alternatives) {
    let needed: CodeUnits | undefined;
    for (const element of elements) needed = rarer(needed, neededByPart(element));
    if (!needed) return undefined;
    for (const unit of needed) all.add(unit);
  }
  return all;
}

function rarer(a: CodeUnits | undefined, b: CodeUnits | undefined): CodeUnits | undefined {
  if (!a || !b) return a ?? b;
  return commonness(b) < commonness(a) ? b : a;
}

function neededByPart(part: AST.Element): CodeUnits | undefined {
  switch (part.type) {
    case 'Group':
    case 'CapturingGroup':
      return neededByAny(part.alternatives);
    case 'Quantifier':
      return part.min > 0 ? neededByPart(part.element) : undefined;
    case 'Character':
    case 'CharacterClass':
    case 'CharacterSet':
      return beginningOfPart(part).units;
    default:
      return undefined;
  }
}

/** What a part of a pattern can begin with; `units` is absent when that is anything. */
interface Beginning {
  readonly units?: CodeUnits;
  readonly mayBeEmpty: boolean;
}

const ANYTHING: Beginning = { mayBeEmpty: false };
const NOTHING: Beginning = { units: new Set(), mayBeEmpty: true };

function beginningOfAny(alternatives: readonly AST.Alternative[]): Beginning {
  const all = new Set<number>();
  let mayBeEmpty = false;
  for (const { elements } of alternatives) {
    const first = beginningOfSequence(elements);
    if (!first.units) return ANYTHING;
    for (const unit of first.units) all.add(unit);
    mayBeEmpty ||= first.mayBeEmpty;
  }
  return { units: all, mayBeEmpty };
}

function beginningOfSequence(parts: readonly AST.Element[]): Beginning {
  const all = new Set<number>();
  for (const part of parts) {
    const first = beginningOfPart(part);
    if (!first.units) return ANYTHING;
    for (const unit of first.units) all.add(unit);
    if (!first.mayBeEmpty) return { units: all, mayBeEmpty: false };
  }
  return { units: all, mayBeEmpty: true };
}

function beginningOfPart(part: AST.Element): Beginning {
  switch (part.type) {
    case 'Assertion':
      return NOTHING;
    case 'Group':
    case 'CapturingGroup':
      return beginningOfAny(part.alternatives);
    case 'Quantifier': {
      const first = beginningOfPart(part.element);
      return part.min === 0 && first.units ? { ...first, mayBeEmpty: true } : first;
    }
    case 'Character':
      return beginningWith(codeUnits(part.value));
    case 'CharacterClass':
      return beginningWith(unitsOfClass(part));
    case 'CharacterSet':
      return beginningWith(unitsOfSet(part));
    default:
      return ANYTHING;
  }
}

const beginningWith = (units: CodeUnits | undefined): Beginning =>
  units ? { units, mayBeEmpty: false } : ANYTHING;

function unitsOfClass(part: AST.CharacterClass): CodeUnits | undefined {
  if (part.negate) return undefined;
  const all = new Set<number>();
  for (const element of part.elements) {
    const units =
      element.type === 'Character'
        ? codeUnits(element.value)
        : element.type === 'CharacterClassRange'
          ? unitsOfRange(element.min.value, element.max.value)
          : element.type === 'CharacterSet'
            ? unitsOfSet(element)
            : undefined;
    if (!units) return undefined;
    for (const unit of units) all.add(unit);
  }
  return all;
}

function unitsOfRange(from: number, to: number): CodeUnits | undefined {
  if (to - from >= WIDEST_CLASS || to > 0xffff) return undefined;
  return new Set(Array.from({ length: to - from + 1 }, (_, i) => from + i));
}

const DIGITS = unitsOfRange(0x30, 0x39);

function unitsOfSet(part: AST.CharacterSet): CodeUnits | undefined {
  return part.kind === 'digit' && !part.negate ? DIGITS : undefined;
}

/** Beyond the basic plane the first half of the pair is enough to know. */
function codeUnits(codePoint: number): CodeUnits {
  return new Set([String.fromCodePoint(codePoint).charCodeAt(0)]);
}
