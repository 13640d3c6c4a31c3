import { addDays } from '../../../kernel/index.js';
import type { Day } from '../../../kernel/index.js';
import { dayAt, lastWorkdayIn, monthSpan, quarterSpan } from '../moment.js';
import type { DaySpan, Moment } from '../moment.js';
import { D, num, rule } from './rule.js';
import type { DayMeaning, DayRule } from './rule.js';
import {
  comingPart,
  comingSpan,
  monthOffset,
  nextOf,
  partOfMonth,
  YEAR,
  yearWord,
} from './coming.js';

function quarterPart(base: DayMeaning, part: string | undefined): DayMeaning {
  if (!part || !base.within) return base;
  const { from, to } = base.within;
  if (part === '初') return { day: from };
  if (part === '中')
    return { day: addDays(from, 45), within: { from: addDays(from, 30), to: addDays(from, 60) } };
  return { day: to, ...(base.past ? { past: true } : {}) };
}

function yearPart(part: string, year: number | undefined, at: Moment): DayMeaning {
  const first = (y: number): Day => `${y}-01-01`;
  if (part === '初') {
    const y = year ?? at.year + 1;
    return { day: `${y}-01-31`, within: { from: first(y), to: `${y}-01-31` } };
  }
  if (part === '中') {
    const y = year ?? (at.month > 7 ? at.year + 1 : at.year);
    return { day: `${y}-06-30`, within: { from: `${y}-06-01`, to: `${y}-07-31` } };
  }
  return { day: `${year ?? at.year}-12-31` };
}

/** Quarters, halves, years and months, their parts, and a day of a month. */
export const PERIOD_DAYS: readonly DayRule[] = [
  rule(`${YEAR}(?:第?([一二三四1-4])季度?|q([1-4]))(初|中|末|底|结束)?(?![\\da-z])`, (m, at) => {
    const quarter = m[3] ? Number(m[3]) : num(m[2]);
    const base = comingSpan((y) => quarterSpan(y, quarter), at, yearWord(m[1], at));
    return quarterPart(base, m[4]);
  }),
  rule('(本|这个?|当|下下个?|下个?|上个?)季度?(初|中|末|底|结束)?', (m, at) => {
    const offset = monthOffset(m[1]) ?? 0;
    const span = quarterSpan(at.year, Math.ceil(at.month / 3) + offset);
    return quarterPart({ day: span.to, within: span, past: offset < 0 }, m[2]);
  }),
  rule('季度?(末|底|初)', (m, at) =>
    quarterPart(
      comingSpan((y) => quarterSpan(y, Math.ceil(at.month / 3)), at, undefined),
      m[1],
    ),
  ),
  rule('季度内', (_, at) => ({ day: quarterSpan(at.year, Math.ceil(at.month / 3)).to })),
  rule(`(今年|明年|来年|后年|20\\d{2}年?|\\d{2}年)?(上|下)半年(末|底)?`, (m, at) => {
    const firstHalf = m[2] === '上';
    const spanIn = (y: number): DaySpan => ({
      from: `${y}-${firstHalf ? '01' : '07'}-01`,
      to: `${y}-${firstHalf ? '06-30' : '12-31'}`,
    });
    const base = comingSpan(spanIn, at, yearWord(m[1], at));
    return m[3] ? { ...(base.day ? { day: base.day } : {}) } : base;
  }),
  rule(
    `(今年|明年|来年|后年|20\\d{2}年?)?年?(?:年)(底|末|初(?![一二三四五六七八九十])|中|内|终)`,
    (m, at) => yearPart(m[2] ?? '', yearWord(m[1], at), at),
  ),
  rule(`(今|明|来|后)年?(底|末|初|中)(?!间)`, (m, at) =>
    yearPart(m[2] ?? '', yearWord(m[1], at), at),
  ),
  // Months
  rule(
    `(?:${YEAR}(${D})|(这个|本|下下个?|下个?))月(?:份)?的?第([一二三四1-4])(?:个)?(?:周|星期|礼拜)`,
    (m, at) => {
      const month = m[2] ? num(m[2]) : at.month + (monthOffset(m[3]) ?? 0);
      const first = monthSpan(yearWord(m[1], at) ?? at.year, month);
      const span = first.to < at.today ? monthSpan(at.year + 1, month) : first;
      const from = addDays(span.from, 7 * (num(m[4]) - 1));
      const within = { from, to: addDays(from, 6) };
      return { day: lastWorkdayIn(within, at.calendar), within, week: true };
    },
  ),
  rule(`${YEAR}(${D})月(?:份)?的? ?(上旬|中下旬|中旬|下旬|初|中(?![午秋标])|底|末)`, (m, at) => {
    const month = num(m[2]);
    if (!(month >= 1 && month <= 12)) return undefined;
    const part = m[3] ?? '';
    const year = yearWord(m[1], at);
    const read = (y: number): DayMeaning => partOfMonth(monthSpan(y, month), part);
    const base = read(year ?? at.year);
    const over = (base.within?.to ?? base.day ?? '') < at.today;
    return year === undefined && over ? read(at.year + 1) : { ...base, past: over };
  }),
  rule(`${YEAR}(${D})月 ?(${D})(?:[号日]|(?![\\d万百千亿w%个人台]))`, (m, at) => {
    const month = num(m[2]);
    if (!(month >= 1 && month <= 12)) return undefined;
    return nextOf(month, num(m[3]), at, yearWord(m[1], at));
  }),
  rule(`${YEAR}(?<!\\d|个|零)(${D})月(?:份)?(?![\\d个])`, (m, at) => {
    const month = num(m[2]);
    return month >= 1 && month <= 12
      ? comingSpan((y) => monthSpan(y, month), at, yearWord(m[1], at))
      : undefined;
  }),
  rule(
    `(这个|本|当|下下个?|下个?|上个?)月的? ?(上旬|中下旬|中旬|下旬|初|中(?!午)|底|末)`,
    (m, at) => comingPart(m[2] ?? '', at, monthOffset(m[1])),
  ),
  rule(
    `(这个|本|当|下下个?|下个?|上个?)月(?:的|份)? ?(${D})(?:[号日]|(?![\\d万百千亿w%个]))`,
    (m, at) => {
      const span = monthSpan(at.year, at.month + (monthOffset(m[1]) ?? 0));
      const [y, mo] = span.from.split('-').map(Number) as [number, number];
      const day = dayAt(y, mo, num(m[2]));
      return day ? { day, past: day < at.today, open: true } : { impossible: true };
    },
  ),
  rule('(这个|本|当|下下个?|下个?|上个?)月(?:份|内|以内)?', (m, at) => {
    const offset = monthOffset(m[1]) ?? 0;
    const span = monthSpan(at.year, at.month + offset);
    return { day: span.to, within: span, past: offset < 0 };
  }),
  rule('月(底|末|初|中旬|上旬|下旬|中(?!午))', (m, at) => comingPart(m[1] ?? '', at, undefined)),
  rule('月内|当月内', (_, at) => ({ day: monthSpan(at.year, at.month).to })),
  rule('(上旬|中旬|下旬)', (m, at) => comingPart(m[1] ?? '', at, undefined)),
];
