import type { Day } from '../../../kernel/index.js';
import { anyNumber } from '../../numerals.js';
import type { TimeOfDay } from '../../reading.js';
import { beginningsOf } from '../../pattern-characters.js';
import type { CodeUnits } from '../../pattern-characters.js';
import { sought } from '../../sought.js';
import type { Sought } from '../../sought.js';
import type { DaySpan, Moment } from '../moment.js';

/** What the words of a day mean, before 前, 内 or a clock time behind them is read. */
export interface DayMeaning {
  day?: Day | undefined;
  time?: TimeOfDay | undefined;
  within?: DaySpan | undefined;
  week?: boolean | undefined;
  alternatives?: Day[] | undefined;
  past?: boolean | undefined;
  open?: boolean | undefined;
  impossible?: true | undefined;
}

type Read = (m: RegExpExecArray, moment: Moment) => DayMeaning | undefined;

/** One way of saying a day: the words, and what they mean at a moment. */
export interface DayRule {
  readonly words: Sought;
  readonly read: Read;
  /** What the words can begin with. */
  readonly beginnings: CodeUnits;
}

export function rule(source: string, read: Read): DayRule {
  const pattern = new RegExp(source, 'y');
  const beginnings = beginningsOf(pattern);
  if (!beginnings) throw new Error(`a day may begin with anything: ${source}`);
  return { words: sought(pattern), read, beginnings };
}

/** A count in figures or characters: 3, 十五. */
export const N = '(?:\\d{1,3}|[一二两三四五六七八九十][一二三四五六七八九十百零]{0,5})';
/** A day or month in figures or characters. */
export const D = '(?:\\d{1,2}|[一二三四五六七八九十廿]{1,3})';
export const num = (text: string | undefined): number => anyNumber(text ?? '') ?? NaN;
