import { addDays } from '../../../kernel/index.js';
import type { Day } from '../../../kernel/index.js';
import { dayAt, monthSpan } from '../moment.js';
import type { DaySpan, Moment } from '../moment.js';
import type { DayMeaning } from './rule.js';

/** A year that may stand before a day or period (明年3月), with its group. */
export const YEAR = '(?:(今年|明年|来年|后年|去年|20\\d{2}年|\\d{2}年)的? ?)?';

export const yearWord = (word: string | undefined, moment: Moment): number | undefined => {
  if (!word) return undefined;
  if (word.startsWith('今')) return moment.year;
  if (word.startsWith('明') || word.startsWith('来')) return moment.year + 1;
  if (word.startsWith('后')) return moment.year + 2;
  if (word.startsWith('去')) return moment.year - 1;
  const digits = /\d+/.exec(word)?.[0];
  if (!digits) return undefined;
  return digits.length === 2 ? 2000 + Number(digits) : Number(digits);
};

/** The first or later year in which the day is not over. */
export function nextOf(
  month: number,
  day: number,
  moment: Moment,
  year: number | undefined,
): DayMeaning {
  if (year !== undefined) {
    const at = dayAt(year, month, day);
    return at ? { day: at, past: at < moment.today, open: true } : { impossible: true };
  }
  for (let y = moment.year; y <= moment.year + 4; y++) {
    const at = dayAt(y, month, day);
    if (at && at >= moment.today) return { day: at, open: true };
    if (!at && !(month === 2 && day === 29)) return { impossible: true };
  }
  return { impossible: true };
}

/** A period that is over is the next one to come, unless its year was named. */
export function comingSpan(
  spanIn: (year: number) => DaySpan,
  moment: Moment,
  year: number | undefined,
): DayMeaning {
  if (year !== undefined) {
    const span = spanIn(year);
    return { day: span.to, within: span, past: span.to < moment.today };
  }
  const span = spanIn(moment.year);
  const coming = span.to < moment.today ? spanIn(moment.year + 1) : span;
  return { day: coming.to, within: coming };
}

export function partOfMonth(span: DaySpan, part: string): DayMeaning {
  const at = (day: number): Day => addDays(span.from, day - 1);
  switch (part) {
    case '初':
      return { day: span.from };
    case '上旬':
      return { day: at(10), within: { from: span.from, to: at(10) } };
    case '中':
      return { day: at(15) };
    case '中旬':
      return { day: at(15), within: { from: at(11), to: at(20) } };
    case '下旬':
    case '中下旬':
      return { day: span.to, within: { from: at(21), to: span.to } };
    default:
      return { day: span.to };
  }
}

/** A part of the running month, or of the next one when that part is over. */
export function comingPart(part: string, moment: Moment, offset: number | undefined): DayMeaning {
  const read = (ahead: number): DayMeaning =>
    partOfMonth(monthSpan(moment.year, moment.month + ahead), part);
  if (offset !== undefined) return { ...read(offset), past: offset < 0 };
  const now = read(0);
  const last = now.within?.to ?? (part === '中' ? addDays(now.day ?? '', 5) : now.day);
  if ((last ?? '') < moment.today) return read(1);
  return (now.day ?? '') < moment.today ? { ...now, day: moment.today } : now;
}

export function monthOffset(word: string | undefined): number | undefined {
  if (!word) return undefined;
  if (/^(?:这|本|当)/.test(word)) return 0;
  if (word.startsWith('上')) return -1;
  return (word.match(/下/g) ?? []).length;
}
