import { BSONRegExp, isNumeric, toDouble, typeAlias } from '../../bson/value.js';
import { compareStrings } from '../../bson/compare.js';
import { DbError } from '../../errors.js';
import { toRegExp } from '../../query/match-evaluation.js';
import type { Evaluate, ExpressionOperator, Scope } from '../expression.js';
import {
  binary,
  countedOperands,
  isNullish,
  namedOperands,
  operandList,
  unary,
} from '../operands.js';
import { textOf } from './type.js';

const concat: ExpressionOperator = (operand, compiler) => {
  const operands = operandList(operand, compiler);
  return (scope) => {
    let text = '';
    for (const evaluate of operands) {
      const value = evaluate(scope);
      if (isNullish(value)) return null;
      if (typeof value !== 'string')
        throw new DbError(16702, `$concat only supports strings, not ${typeAlias(value)}`);
      text += value;
    }
    return text;
  };
};

/** Null and missing read as the empty text. */
function looseText(value: unknown): string {
  return isNullish(value) ? '' : textOf(value);
}

function strictText(name: string, code: number, value: unknown): string {
  if (typeof value === 'string') return value;
  throw new DbError(code, `${name} requires a string argument, found: ${typeAlias(value)}`);
}

function whole(name: string, value: unknown): number {
  if (isNumeric(value)) return Math.trunc(toDouble(value));
  throw new DbError(
    34450,
    `${name}: starting index must be a numeric type (is BSON type ${typeAlias(value)})`,
  );
}

/** By code points, so that no emoji is cut in half. */
const substringCodePoints: ExpressionOperator = (operand, compiler) => {
  const operands = countedOperands('$substrCP', operand, compiler, 3);
  return (scope) => {
    const [value, start, length] = operands.map((evaluate) => evaluate(scope));
    const from = whole('$substrCP', start);
    const count = whole('$substrCP', length);
    if (from < 0 || count < 0)
      throw new DbError(34453, '$substrCP: starting index and length must be non-negative');
    return [...looseText(value)].slice(from, from + count).join('');
  };
};

const substringBytes: ExpressionOperator = (operand, compiler) => {
  const operands = countedOperands('$substrBytes', operand, compiler, 3);
  return (scope) => {
    const [value, start, length] = operands.map((evaluate) => evaluate(scope));
    const bytes = Buffer.from(looseText(value));
    const from = whole('$substrBytes', start);
    const count = whole('$substrBytes', length);
    if (from < 0) return '';
    const end = count < 0 ? bytes.length : Math.min(bytes.length, from + count);
    if (splitsCharacter(bytes, from) || splitsCharacter(bytes, end)) {
      throw new DbError(
        28656,
        '$substrBytes:  Invalid range, starting index is a UTF-8 continuation byte.',
      );
    }
    return bytes.toString('utf8', from, end);
  };
};

function splitsCharacter(bytes: Buffer, at: number): boolean {
  return at < bytes.length && ((bytes[at] as number) & 0xc0) === 0x80;
}

function split(value: unknown, separator: unknown): unknown {
  if (isNullish(value) || isNullish(separator)) return null;
  const by = strictText('$split', 40086, separator);
  if (by === '') throw new DbError(40087, '$split requires a non-empty separator');
  return strictText('$split', 40085, value).split(by);
}

function trimming(name: string, start: boolean, end: boolean): ExpressionOperator {
  return (operand, compiler) => {
    const { input, chars } = namedOperands(name, operand, compiler, ['input'], ['chars']);
    return (scope) => {
      const value = (input as Evaluate)(scope);
      if (isNullish(value)) return null;
      const text = strictText(name, 50699, value);
      if (!chars) return trimWhitespace(text, start, end);
      const set = chars(scope);
      return isNullish(set)
        ? null
        : trimChars(text, new Set(strictText(name, 50700, set)), start, end);
    };
  };
}

function trimWhitespace(text: string, start: boolean, end: boolean): string {
  const left = start ? text.trimStart() : text;
  return end ? left.trimEnd() : left;
}

function trimChars(text: string, chars: ReadonlySet<string>, start: boolean, end: boolean): string {
  const letters = [...text];
  let from = 0;
  let to = letters.length;
  while (start && from < to && chars.has(letters[from] as string)) from++;
  while (end && to > from && chars.has(letters[to - 1] as string)) to--;
  return letters.slice(from, to).join('');
}

function indexOf(name: '$indexOfCP' | '$indexOfBytes'): ExpressionOperator {
  return (operand, compiler) => {
    const operands = countedOperands(name, operand, compiler, 2, 4);
    return (scope) => {
      const [text, wanted, start = 0, end] = operands.map((evaluate) => evaluate(scope));
      if (isNullish(text)) return null;
      const units =
        name === '$indexOfCP'
          ? [...strictText(name, 40093, text)]
          : [...Buffer.from(strictText(name, 40093, text))];
      const sought =
        name === '$indexOfCP'
          ? [...strictText(name, 40094, wanted)]
          : [...Buffer.from(strictText(name, 40094, wanted))];
      const stop = isNumeric(end) ? Math.min(toDouble(end), units.length) : units.length;
      for (let i = whole(name, start); i + sought.length <= stop; i++) {
        if (sought.every((unit, j) => units[i + j] === unit)) return i;
      }
      return -1;
    };
  };
}

interface RegexOperands {
  readonly text: (scope: Scope) => string | null;
  readonly regex: (scope: Scope) => RegExp | null;
}

function regexOperands(
  name: string,
  operand: unknown,
  compiler: Parameters<ExpressionOperator>[1],
): RegexOperands {
  const { input, regex, options } = namedOperands(
    name,
    operand,
    compiler,
    ['input', 'regex'],
    ['options'],
  );
  return {
    text: (scope) => {
      const value = (input as Evaluate)(scope);
      return isNullish(value) ? null : strictText(name, 51104, value);
    },
    regex: (scope) => {
      const pattern = (regex as Evaluate)(scope);
      const flags = options?.(scope);
      if (isNullish(pattern)) return null;
      if (pattern instanceof BSONRegExp) {
        return toRegExp(pattern.pattern, typeof flags === 'string' ? flags : pattern.options);
      }
      return toRegExp(strictText(name, 51105, pattern), typeof flags === 'string' ? flags : '');
    },
  };
}

function found(text: string, match: RegExpExecArray): Record<string, unknown> {
  return {
    match: match[0],
    idx: [...text.slice(0, match.index)].length,
    captures: match.slice(1).map((capture) => (capture as string | undefined) ?? null),
  };
}

const regexMatch: ExpressionOperator = (operand, compiler) => {
  const { text, regex } = regexOperands('$regexMatch', operand, compiler);
  return (scope) => {
    const input = text(scope);
    const pattern = regex(scope);
    return input !== null && pattern !== null && pattern.test(input);
  };
};

const regexFind: ExpressionOperator = (operand, compiler) => {
  const { text, regex } = regexOperands('$regexFind', operand, compiler);
  return (scope) => {
    const input = text(scope);
    const match = input === null ? null : (regex(scope)?.exec(input) ?? null);
    return input === null || match === null ? null : found(input, match);
  };
};

const regexFindAll: ExpressionOperator = (operand, compiler) => {
  const { text, regex } = regexOperands('$regexFindAll', operand, compiler);
  return (scope) => {
    const input = text(scope);
    const pattern = regex(scope);
    if (input === null || pattern === null) return [];
    const global = new RegExp(pattern.source, `${pattern.flags}g`);
    return [...input.matchAll(global)].map((match) => found(input, match));
  };
};

function replacing(name: '$replaceOne' | '$replaceAll'): ExpressionOperator {
  return (operand, compiler) => {
    const { input, find, replacement } = namedOperands(name, operand, compiler, [
      'input',
      'find',
      'replacement',
    ]);
    return (scope) => {
      const values = [input, find, replacement].map((evaluate) => (evaluate as Evaluate)(scope));
      if (values.some(isNullish)) return null;
      const [text, wanted, by] = values.map((value) => strictText(name, 51746, value)) as [
        string,
        string,
        string,
      ];
      return name === '$replaceOne'
        ? text.replace(wanted, () => by)
        : text.replaceAll(wanted, () => by);
    };
  };
}

export const stringOperators: Readonly<Record<string, ExpressionOperator>> = {
  $concat: concat,
  // MongoDB folds ASCII letters only.
  $toLower: unary('$toLower', (value) =>
    looseText(value).replace(/[A-Z]+/g, (c) => c.toLowerCase()),
  ),
  $toUpper: unary('$toUpper', (value) =>
    looseText(value).replace(/[a-z]+/g, (c) => c.toUpperCase()),
  ),
  $substr: substringBytes,
  $substrBytes: substringBytes,
  $substrCP: substringCodePoints,
  $strLenCP: unary('$strLenCP', (value) => [...strictText('$strLenCP', 34471, value)].length),
  $strLenBytes: unary('$strLenBytes', (value) =>
    Buffer.byteLength(strictText('$strLenBytes', 34473, value)),
  ),
  $split: binary('$split', split),
  $trim: trimming('$trim', true, true),
  $ltrim: trimming('$ltrim', true, false),
  $rtrim: trimming('$rtrim', false, true),
  $indexOfCP: indexOf('$indexOfCP'),
  $indexOfBytes: indexOf('$indexOfBytes'),
  $strcasecmp: binary('$strcasecmp', (a, b) =>
    Math.sign(compareStrings(looseText(a).toUpperCase(), looseText(b).toUpperCase())),
  ),
  $regexMatch: regexMatch,
  $regexFind: regexFind,
  $regexFindAll: regexFindAll,
  $replaceOne: replacing('$replaceOne'),
  $replaceAll: replacing('$replaceAll'),
};
