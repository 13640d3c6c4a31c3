import { BSONRegExp, BSONSymbol, isNumeric, toDouble } from '../bson/value.js';
import { DbError } from '../errors.js';
import type { ConditionOperator } from './match.js';
import type { ValueTest } from './path.js';

export function isRegExp(value: unknown): value is BSONRegExp {
  return value instanceof BSONRegExp;
}

const compiled = new Map<string, RegExp>();
const MOST_COMPILED = 500;

/** The JavaScript form of a PCRE pattern. @throws DbError 51091 when the pattern is invalid */
export function toRegExp(pattern: string, options: string): RegExp {
  const key = `${options}/${pattern}`;
  const known = compiled.get(key);
  if (known) return known;
  for (const option of options) {
    if (!'imsxu'.includes(option)) {
      throw new DbError(51108, `invalid flag in regex options: ${option}`);
    }
  }
  const source = options.includes('x') ? withoutComments(pattern) : pattern;
  const inline = /^\(\?([ims]+)\)/.exec(source);
  const flags = new Set([...options.replace(/[xu]/g, ''), ...(inline?.[1] ?? '')]);
  const regex = build(source.slice(inline?.[0].length ?? 0), [...flags].join(''));
  if (compiled.size >= MOST_COMPILED) compiled.clear();
  compiled.set(key, regex);
  return regex;
}

function build(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, `${flags}u`);
  } catch {
    // PCRE allows escapes that the strict Unicode mode of JavaScript does not.
  }
  try {
    return new RegExp(source, flags);
  } catch (error) {
    throw new DbError(
      51091,
      `Regular expression is invalid: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function withoutComments(pattern: string): string {
  return pattern.replace(/\\.|\[(?:\\.|[^\]])*\]|\s+|#.*$/gm, (piece) =>
    /^(\s|#)/.test(piece) ? '' : piece,
  );
}

export function regexTest(operand: BSONRegExp): ValueTest {
  const regex = toRegExp(operand.pattern, operand.options);
  return (value) => {
    if (typeof value === 'string') return regex.test(value);
    if (value instanceof BSONSymbol) return regex.test(value.value);
    return (
      isRegExp(value) && value.pattern === operand.pattern && value.options === operand.options
    );
  };
}

function optionsOf(regex: unknown, options: unknown): string {
  const own = isRegExp(regex) ? regex.options : '';
  if (options === undefined) return own;
  if (typeof options !== 'string') throw new DbError(2, '$options has to be a string');
  if (own !== '') throw new DbError(51075, 'options set in both $regex and $options');
  return [...options].sort().join('');
}

function remainder(operand: unknown): ValueTest {
  if (!Array.isArray(operand)) throw new DbError(2, 'malformed mod, needs to be an array');
  if (operand.length < 2) throw new DbError(2, 'malformed mod, not enough elements');
  if (operand.length > 2) throw new DbError(2, 'malformed mod, too many elements');
  const [divisor, rest] = operand.map((value) =>
    isNumeric(value) ? Math.trunc(toDouble(value)) : NaN,
  );
  if (divisor === undefined || rest === undefined || Number.isNaN(divisor)) {
    throw new DbError(2, 'malformed mod, divisor not a number');
  }
  if (Number.isNaN(rest)) throw new DbError(2, 'malformed mod, remainder not a number');
  if (divisor === 0) throw new DbError(2, 'divisor cannot be 0');
  return (value) => {
    if (!isNumeric(value)) return false;
    const number = toDouble(value);
    return Number.isFinite(number) && Math.trunc(number) % divisor === rest;
  };
}

export const evaluationOperators: Readonly<Record<string, ConditionOperator>> = {
  $regex: (operand, { siblings }) => {
    if (typeof operand !== 'string' && !isRegExp(operand)) {
      throw new DbError(2, '$regex has to be a string');
    }
    const pattern = isRegExp(operand) ? operand.pattern : operand;
    const regex = new BSONRegExp(pattern, optionsOf(operand, siblings['$options']));
    return { rule: 'each', test: regexTest(regex) };
  },
  $mod: (operand) => ({ rule: 'each', test: remainder(operand) }),
};
