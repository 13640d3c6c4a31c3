import { lunarDay } from '../../../domain/index.js';
import { addDays } from '../../../kernel/index.js';
import type { Day } from '../../../kernel/index.js';
import type { HolidaySpan } from '../../reading.js';
import { workdayAfter } from '../moment.js';
import type { Moment } from '../moment.js';
import { num, rule } from './rule.js';
import type { DayMeaning, DayRule } from './rule.js';
import { nextOf, YEAR, yearWord } from './coming.js';

const HOLIDAY: Readonly<Record<string, string>> = {
  元旦: '元旦',
  春节: '春节',
  过年: '春节',
  清明: '清明',
  五一: '劳动节',
  劳动: '劳动节',
  端午: '端午',
  中秋: '中秋',
  国庆: '国庆节',
  十一: '国庆节',
};

/** The holiday called `name` that is not over; 中秋 may lie inside 国庆节. */
function comingHoliday(
  name: string,
  moment: Moment,
  year: number | undefined,
  fromAfter: Day | undefined,
): HolidaySpan | undefined {
  const years = year !== undefined ? [year] : [moment.year, moment.year + 1, moment.year + 2];
  const coming = (wanted: string): HolidaySpan | undefined =>
    years
      .flatMap((y) => moment.calendar.holidays(y))
      .find(
        (h) =>
          h.name.startsWith(wanted.slice(0, 2)) &&
          (fromAfter ? h.from > fromAfter : h.to >= moment.today || year !== undefined),
      );
  return coming(name) ?? (name === '中秋' ? coming('国庆节') : undefined);
}

function nextPublicHoliday(moment: Moment, begun: boolean): HolidaySpan | undefined {
  return [moment.year, moment.year + 1]
    .flatMap((y) => moment.calendar.holidays(y))
    .find((h) => (begun ? h.to >= moment.today : h.from > moment.today));
}

const after = (holiday: HolidaySpan | undefined, moment: Moment): DayMeaning | undefined =>
  holiday && { day: workdayAfter(holiday.to, moment.calendar) };
const beforeHoliday = (holiday: HolidaySpan | undefined): DayMeaning | undefined =>
  holiday && { day: addDays(holiday.from, -1) };

function lunar(month: number, day: number, moment: Moment): DayMeaning | undefined {
  if (!(day >= 1 && day <= 30)) return undefined;
  for (let y = moment.year - 1; y <= moment.year + 1; y++) {
    const at = lunarDay(y, month, day);
    if (at >= moment.today) return { day: at };
  }
  return undefined;
}

const AFTER_HOLIDAY =
  '(?:后的?第一个?(?:天|工作日|个工作日)|节?后上班|节?后复工|回来后?|过后|过完|之后|以后|节?后)';
/** 春节档, 中秋礼盒 are goods. */
const HOLIDAYS =
  '(元旦|春节|过年|清明|五一|劳动|端午|中秋|国庆|十一)(?!档|礼[盒品包]|营销|大促|促销)';

/** Public holidays, before and after them, and days of the lunar calendar. */
export const HOLIDAY_DAYS: readonly DayRule[] = [
  rule(`${YEAR}${HOLIDAYS}(?:节日|节|小长假|长假|假期|放假)?(?:前一天|之?前|以前|前夕)`, (m, at) =>
    beforeHoliday(
      comingHoliday(
        HOLIDAY[m[2] ?? ''] ?? '',
        at,
        yearWord(m[1], at),
        yearWord(m[1], at) ? undefined : at.today,
      ),
    ),
  ),
  rule(
    `${YEAR}(?:过完)?${HOLIDAYS}(?:节日|节|小长假|长假|假期|放假)?(?:后第一周|回来那周|后那周|后一周|后首周)`,
    (m, at) => {
      const holiday = comingHoliday(HOLIDAY[m[2] ?? ''] ?? '', at, yearWord(m[1], at), undefined);
      if (!holiday) return undefined;
      const first = workdayAfter(holiday.to, at.calendar);
      const span = { from: first, to: addDays(first, 6) };
      return { day: first, within: span };
    },
  ),
  rule(`${YEAR}(?:过完)?${HOLIDAYS}(?:节日|节|小长假|长假|假期|放假)?${AFTER_HOLIDAY}`, (m, at) =>
    after(comingHoliday(HOLIDAY[m[2] ?? ''] ?? '', at, yearWord(m[1], at), undefined), at),
  ),
  rule(`${YEAR}过完(?:元旦|春节|年|清明|五一|端午|中秋|国庆|十一)(?:节)?`, (m, at) => {
    const word = /元旦|春节|年$|清明|五一|端午|中秋|国庆|十一/.exec(m[0])?.[0] ?? '';
    return after(
      comingHoliday(
        word === '年' ? '春节' : (HOLIDAY[word] ?? ''),
        at,
        yearWord(m[1], at),
        undefined,
      ),
      at,
    );
  }),
  rule(
    '(?:过完)?(?<![童师女日人])节后(?:的?第一个?(?:天|个?工作日)|上班|复工|回来|一上班)?|过完节|放完假|假期后|长假后|小长假后|收假后?',
    (_, at) => after(nextPublicHoliday(at, true), at),
  ),
  rule('节前|放假前|假期前|长假前|小长假前', (_, at) =>
    beforeHoliday(nextPublicHoliday(at, false)),
  ),
  rule(
    '(?:过完)?年后(?:的?第一个?(?:天|个?工作日)|上班|复工|回来|开工|一上班)?|过完年|过了年|开年后?|开春后?|复工后',
    (_, at) => after(comingHoliday('春节', at, undefined, undefined), at),
  ),
  rule('(?:春)?节前|过年前|(?<!跨)年前(?!半)', (_, at) =>
    beforeHoliday(comingHoliday('春节', at, undefined, at.today)),
  ),
  rule('除夕|大年三十|大年夜', (_, at) => {
    const first = lunar(1, 1, at);
    return first?.day ? { day: addDays(first.day, -1) } : undefined;
  }),
  rule('(?:大年|正月|农历|(?<![今明去后半])年)初([一二三四五六七八九十]|\\d{1,2})', (m, at) =>
    lunar(1, num(m[1]), at),
  ),
  rule(
    '(?:农历)?正月(十[一二三四五六七八九]?|二十[一二三四五六七八九]?|廿[一二三四五六七八九]|\\d{1,2}|三十)',
    (m, at) => lunar(1, num(m[1]), at),
  ),
  rule('(?<![月年周期])初([一二三四五六七八九十])(?![步期次中版稿])', (m, at) =>
    lunar(1, num(m[1]), at),
  ),
  rule('(?:农历)?腊月(初?[一二三四五六七八九十]{1,3}|廿[一二三四五六七八九]|\\d{1,2})', (m, at) =>
    lunar(12, num((m[1] ?? '').replace('初', '')), at),
  ),
  rule('腊八(?:节)?', (_, at) => lunar(12, 8, at)),
  rule('元宵(?:节)?', (_, at) => lunar(1, 15, at)),
  rule('小年夜?(?![轻底度])', (_, at) => lunar(12, 23, at)),
  rule('双(?:十一|11)', (_, at) => nextOf(11, 11, at, undefined)),
  rule('双(?:十二|12)', (_, at) => nextOf(12, 12, at, undefined)),
  rule('618(?=大促|前|后|之)', (_, at) => nextOf(6, 18, at, undefined)),
  rule('圣诞(?:节)?', (_, at) => nextOf(12, 25, at, undefined)),
  rule(
    `${YEAR}(元旦|春节|清明|五一|劳动|端午|中秋|国庆)(?:节)?(?:期间|假期|当天|那天|当日|长假)?`,
    (m, at) => {
      const holiday = comingHoliday(HOLIDAY[m[2] ?? ''] ?? '', at, yearWord(m[1], at), undefined);
      return holiday && { day: holiday.from, within: { from: holiday.from, to: holiday.to } };
    },
  ),
];
