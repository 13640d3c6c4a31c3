import { addDays } from '../../../kernel/index.js';
import { lastWorkdayIn, weekSpan } from '../moment.js';
import type { Moment } from '../moment.js';
import { rule } from './rule.js';
import type { DayMeaning, DayRule } from './rule.js';

const WEEKDAY: Readonly<Record<string, number>> = {
  一: 1,
  二: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  日: 7,
  天: 7,
  '1': 1,
  '2': 2,
  '3': 3,
  '4': 4,
  '5': 5,
  '6': 6,
  '7': 7,
};
function weekOffset(word: string | undefined): number | undefined {
  if (!word) return undefined;
  if (/^[这本当]/.test(word)) return 0;
  const down = (word.match(/下/g) ?? []).length;
  return down > 0 ? down : -(word.match(/上/g) ?? []).length;
}

export function weekdayIn(offset: number | undefined, weekday: number, moment: Moment): DayMeaning {
  if (offset === undefined) {
    const ahead = (weekday - moment.weekday + 7) % 7;
    return { day: addDays(moment.today, ahead), open: true };
  }
  const day = addDays(weekSpan(moment, offset).from, weekday - 1);
  // On a Sunday people disagree whether “next week” begins tomorrow or a week later.
  const doubtful = offset === 1 && moment.weekday === 7;
  return {
    day,
    past: offset < 0 || day < moment.today,
    open: offset === 0,
    alternatives: doubtful ? [day, addDays(day, 7)] : undefined,
  };
}

/** Weekdays, weekends and weeks. */
export const WEEK_DAYS: readonly DayRule[] = [
  rule('(本|这个?|当|下下个?|下个?|上上个?|上个?)?(?:周|礼拜|星期)末', (m, at) => {
    const offset = weekOffset(m[1]) ?? 0;
    const { from, to } = weekSpan(at, offset);
    const saturday = addDays(from, 5);
    const first = offset === 0 && at.today > saturday ? to : saturday;
    return {
      day: first,
      within: { from: first, to },
      past: offset < 0,
      alternatives: first < to ? [first, to] : undefined,
    };
  }),
  rule(
    '(本|这个?|当|下下个?|下个?|上上个?|上个?)?(?:周|礼拜|星期)([一二三四五六日天]|[1-7](?![\\d.:万]))(?:或者?|、|/|到|-|至)?(?:周|礼拜|星期)?([一二三四五六日天])?',
    (m, at) => {
      const offset = weekOffset(m[1]);
      const weekday = WEEKDAY[m[2] ?? ''];
      if (weekday === undefined) return undefined;
      const base = weekdayIn(offset, weekday, at);
      const second = WEEKDAY[m[3] ?? ''];
      if (second === undefined || second <= weekday || !base.day) return base;
      return { ...base, alternatives: [base.day, addDays(base.day, second - weekday)] };
    },
  ),
  rule('(本|这个?|当|下下个?|下个?|上上个?|上个?)(?:周|礼拜|星期)(初|中|内|之内)?', (m, at) => {
    const offset = weekOffset(m[1]) ?? 0;
    const span = weekSpan(at, offset);
    if (m[2] === '初')
      return { day: span.from, within: { from: span.from, to: addDays(span.from, 1) } };
    if (m[2] === '中')
      return {
        day: addDays(span.from, 2),
        within: { from: addDays(span.from, 1), to: addDays(span.from, 3) },
      };
    return { day: lastWorkdayIn(span, at.calendar), within: span, week: true, past: offset < 0 };
  }),
  rule('周内', (_, at) => ({ day: lastWorkdayIn(weekSpan(at, 0), at.calendar) })),
];
