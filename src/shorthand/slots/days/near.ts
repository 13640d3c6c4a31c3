import { addDays, clockTimeOf, dayOf } from '../../../kernel/index.js';
import {
  addMonths,
  lastWorkdayIn,
  monthSpan,
  quarterSpan,
  weekSpan,
  workdaysFrom,
} from '../moment.js';
import type { Moment } from '../moment.js';
import { N, num, rule } from './rule.js';
import type { DayMeaning, DayRule } from './rule.js';
import { comingSpan, nextOf } from './coming.js';
import { weekdayIn } from './weeks.js';

const RELATIVE_DAY: Readonly<Record<string, number>> = {
  大前: -3,
  前: -2,
  昨: -1,
  今: 0,
  明: 1,
  后: 2,
  大后: 3,
};

function minutesLater(moment: Moment, minutes: number): DayMeaning {
  const at = new Date(moment.at.getTime() + minutes * 60_000);
  return { day: dayOf(at), time: clockTimeOf(at) };
}

/** 2026-11-20, 20261120, 2026-11. */
export const FULL_DATES: readonly DayRule[] = [
  rule('(20\\d{2})(?:-|/|\\.|年)(\\d{1,2})(?:-|/|\\.|月)(\\d{1,2})(?:日|号)?(?!\\d)', (m, at) =>
    nextOf(num(m[2]), num(m[3]), at, Number(m[1])),
  ),
  rule('(20\\d{2})(0[1-9]|1[0-2])([0-3]\\d)(?!\\d)', (m, at) =>
    nextOf(Number(m[2]), Number(m[3]), at, Number(m[1])),
  ),
  rule('(20\\d{2})[-/.](\\d{1,2})(?![\\d.])', (m, at) => {
    const month = Number(m[2]);
    return month >= 1 && month <= 12
      ? comingSpan((y) => monthSpan(y, month), at, Number(m[1]))
      : undefined;
  }),
];

/** Hours, days, weeks and months from now, and the days around today. */
export const FROM_NOW: readonly DayRule[] = [
  rule(`(半|${N}) ?(?:个)?(?:小时|钟头)(半)?(?:之后|以后|后|过后|内|之内)`, (m, at) =>
    minutesLater(at, (m[1] === '半' ? 0.5 : num(m[1])) * 60 + (m[2] ? 30 : 0)),
  ),
  rule(`${N}个半小时(?:之后|以后|后|内)`, (m, at) =>
    minutesLater(at, num(/^\D*?(\d+|[一二两三四五六七八九十]+)/.exec(m[0])?.[1]) * 60 + 30),
  ),
  rule(`(${N}) ?分钟(?:之后|以后|后|内)`, (m, at) => minutesLater(at, num(m[1]))),
  rule('一刻钟(?:之后|以后|后)', (_, at) => minutesLater(at, 15)),
  // Relative days
  rule(`过?(${N}) ?个?工作日(?:之后|以后|后|内|之内|以内)`, (m, at) => ({
    day: workdaysFrom(at.today, num(m[1]), at.calendar),
  })),
  rule(`(?:再?过)?(半) ?个月(?:之后|以后|后|内|左右)?`, (m, at) =>
    /[过后内]/.test(m[0]) ? { day: addDays(at.today, 15) } : undefined,
  ),
  rule('(?:再?过)?半年(?:之后|以后|后|内)?', (m, at) =>
    /[过后内]/.test(m[0]) ? { day: addMonths(at, 6) } : undefined,
  ),
  rule(`(?:再?过)?(${N}) ?(?:天|日)(?:之后|以后|后|内|之内|以内)?`, (m, at) =>
    /[过后内]/.test(m[0]) ? { day: addDays(at.today, num(m[1])) } : undefined,
  ),
  rule(`(?:再?过)?(${N}) ?个?(?:周|星期|礼拜)(?:之后|以后|后|内|之内|以内)?(?!末)`, (m, at) =>
    /[过后内]/.test(m[0]) ? { day: addDays(at.today, 7 * num(m[1])) } : undefined,
  ),
  rule(`(?:再?过)?(${N}) ?个月(?:之后|以后|后|内|之内|以内)?`, (m, at) =>
    /[过后内]/.test(m[0]) ? { day: addMonths(at, num(m[1])) } : undefined,
  ),
  rule(`(${N}) ?年(?:之后|以后|后)`, (m, at) =>
    num(m[1]) <= 10 ? { day: addMonths(at, 12 * num(m[1])) } : undefined,
  ),
  rule(
    '(大前|大后|前|昨|今|明|后)(天|日|儿(?!子)|早(?!已|就)|晚)(?!开发|问题|服务|年)',
    (m, at) => {
      const word = m[1] ?? '';
      if ((word === '前' || word === '后') && m[2] !== '天') return undefined;
      const day = addDays(at.today, RELATIVE_DAY[word] ?? 0);
      return { day, past: day < at.today, open: day === at.today };
    },
  ),
  rule('(今|明|后|次)(?:日)', (m, at) => ({
    day: addDays(at.today, m[1] === '今' ? 0 : m[1] === '后' ? 2 : 1),
    open: m[1] === '今',
  })),
];

/** tomorrow, next Friday, EOM. */
export const LATIN_DAYS: readonly DayRule[] = [
  rule('tomorrow|tmr|tmrw', (_, at) => ({ day: addDays(at.today, 1) })),
  rule(
    '(next|this|on)? ?(mon|tue|wed|thu|fri|sat|sun)(?:day|s|sday|nesday|rs|rsday|urday)?(?![a-z])',
    (m, at) => {
      const weekday = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].indexOf(m[2] ?? '') + 1;
      return weekdayIn(m[1] === 'next' ? 1 : m[1] === 'this' ? 0 : undefined, weekday, at);
    },
  ),
  rule('(next|this) (week|month|quarter)(?![a-z])', (m, at) => {
    const ahead = m[1] === 'next' ? 1 : 0;
    if (m[2] === 'week') {
      const span = weekSpan(at, ahead);
      return { day: lastWorkdayIn(span, at.calendar), within: span, week: true };
    }
    const span =
      m[2] === 'month'
        ? monthSpan(at.year, at.month + ahead)
        : quarterSpan(at.year, Math.ceil(at.month / 3) + ahead);
    return { day: span.to, within: span };
  }),
  rule('(?:by )?(?:eom|end of (?:the |this )?month|month end)(?![a-z])', (_, at) => ({
    day: monthSpan(at.year, at.month).to,
  })),
  rule('(?:by )?(?:eoy|end of (?:the |this )?year|year end)(?![a-z])', (_, at) => ({
    day: `${at.year}-12-31`,
  })),
  rule('today', (_, at) => ({ day: at.today, open: true })),
];
