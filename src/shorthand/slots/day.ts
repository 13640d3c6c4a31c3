import { addDays, clockTimeOf, dayOf } from '../../kernel/index.js';
import type { Day } from '../../kernel/index.js';
import { lunarDay } from '../../domain/index.js';
import { anyNumber } from '../numerals.js';
import type { HolidaySpan, TimeOfDay } from '../reading.js';
import type { Range } from '../scene.js';
import {
  addMonths,
  dayAt,
  firstWorkdayIn,
  lastWorkdayIn,
  monthSpan,
  quarterSpan,
  weekSpan,
  workdayAfter,
  workdaysFrom,
} from './moment.js';
import type { DaySpan, Moment } from './moment.js';

/** A day or period as said, before it is known what it is the day of. */
export interface FoundDay extends Range {
  /** Absent only for an impossible day (4月31号). */
  readonly day?: Day;
  readonly time?: TimeOfDay;
  /** The whole period when one was said (下周, 7月, 上旬). */
  readonly within?: DaySpan;
  /** The period is a week: its last *working* day is written for a signing. */
  readonly week?: boolean;
  readonly alternatives?: readonly Day[];
  /** 昨天, 上周五: certainly over. */
  readonly past: boolean;
  /** A bare weekday, 今天, 5号: over or to come depending on the sentence. */
  readonly open: boolean;
  /** Only a part of the day or an hour was said: 下午3点. */
  readonly timeOnly: boolean;
  /** Said with 前 / 之前 / 内. */
  readonly before: boolean;
  readonly impossible?: true;
}

interface Base {
  day?: Day;
  time?: TimeOfDay;
  within?: DaySpan;
  week?: boolean;
  alternatives?: Day[];
  past?: boolean;
  open?: boolean;
  impossible?: true;
  /** A public holiday, whose 前 and 后 have their own meaning. */
  holiday?: HolidaySpan;
  holidayOf?: (after: Day) => HolidaySpan | undefined;
}

type Read = (m: RegExpExecArray, moment: Moment) => Base | undefined;
/** A pattern, its reading, and the characters it can begin with when they are few. */
type Rule = readonly [RegExp, Read, ReadonlySet<string>?];

const N = '(?:\\d{1,3}|[一二两三四五六七八九十][一二三四五六七八九十百零]{0,5})';
const D = '(?:\\d{1,2}|[一二三四五六七八九十廿]{1,3})';
const num = (text: string | undefined): number => anyNumber(text ?? '') ?? NaN;
const NUMBER_HEADS = new Set('0123456789一二两三四五六七八九十廿半过再');
const LATIN_HEADS = new Set('tnmwfsebo');
const rule = (source: string, read: Read): Rule => [new RegExp(source, 'y'), read];
/** A rule that begins with a number (三天后), so that it is not tried at 下周. */
const numberRule = (source: string, read: Read): Rule => [
  new RegExp(source, 'y'),
  read,
  NUMBER_HEADS,
];
const latinRule = (source: string, read: Read): Rule => [
  new RegExp(source, 'y'),
  read,
  LATIN_HEADS,
];

const RELATIVE_DAY: Readonly<Record<string, number>> = {
  大前: -3,
  前: -2,
  昨: -1,
  今: 0,
  明: 1,
  后: 2,
  大后: 3,
};
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

const yearWord = (word: string | undefined, moment: Moment): number | undefined => {
  if (!word) return undefined;
  if (word.startsWith('今')) return moment.year;
  if (word.startsWith('明') || word.startsWith('来')) return moment.year + 1;
  if (word.startsWith('后')) return moment.year + 2;
  if (word.startsWith('去')) return moment.year - 1;
  const digits = /\d+/.exec(word)?.[0];
  if (!digits) return undefined;
  return digits.length === 2 ? 2000 + Number(digits) : Number(digits);
};
const YEAR = '(今年|明年|来年|后年|去年|20\\d{2}年|\\d{2}年)?的? ?';

/** The first or later year in which the day is not over. */
function nextOf(month: number, day: number, moment: Moment, year: number | undefined): Base {
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
function comingSpan(
  spanIn: (year: number) => DaySpan,
  moment: Moment,
  year: number | undefined,
): Base {
  if (year !== undefined) {
    const span = spanIn(year);
    return { day: span.to, within: span, past: span.to < moment.today };
  }
  const span = spanIn(moment.year);
  const coming = span.to < moment.today ? spanIn(moment.year + 1) : span;
  return { day: coming.to, within: coming };
}

function partOfMonth(span: DaySpan, part: string): Base {
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
function comingPart(part: string, moment: Moment, offset: number | undefined): Base {
  const read = (ahead: number): Base =>
    partOfMonth(monthSpan(moment.year, moment.month + ahead), part);
  if (offset !== undefined) return { ...read(offset), past: offset < 0 };
  const now = read(0);
  const last = now.within?.to ?? (part === '中' ? addDays(now.day ?? '', 5) : now.day);
  if ((last ?? '') < moment.today) return read(1);
  return (now.day ?? '') < moment.today ? { ...now, day: moment.today } : now;
}

function monthOffset(word: string | undefined): number | undefined {
  if (!word) return undefined;
  if (/^(?:这|本|当)/.test(word)) return 0;
  if (word.startsWith('上')) return -1;
  return (word.match(/下/g) ?? []).length;
}

function weekOffset(word: string | undefined): number | undefined {
  if (!word) return undefined;
  if (/^[这本当]/.test(word)) return 0;
  const down = (word.match(/下/g) ?? []).length;
  return down > 0 ? down : -(word.match(/上/g) ?? []).length;
}

function weekdayIn(offset: number | undefined, weekday: number, moment: Moment): Base {
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
    ...(offset === 0 ? { open: true } : {}),
    ...(doubtful ? { alternatives: [day, addDays(day, 7)] } : {}),
  };
}

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

const after = (holiday: HolidaySpan | undefined, moment: Moment): Base | undefined =>
  holiday && { day: workdayAfter(holiday.to, moment.calendar) };
const beforeHoliday = (holiday: HolidaySpan | undefined): Base | undefined =>
  holiday && { day: addDays(holiday.from, -1) };

function lunar(month: number, day: number, moment: Moment): Base | undefined {
  if (!(day >= 1 && day <= 30)) return undefined;
  for (let y = moment.year - 1; y <= moment.year + 1; y++) {
    const at = lunarDay(y, month, day);
    if (at >= moment.today) return { day: at };
  }
  return undefined;
}

function minutesLater(moment: Moment, minutes: number): Base {
  const at = new Date(moment.at.getTime() + minutes * 60_000);
  return { day: dayOf(at), time: clockTimeOf(at) };
}

const AFTER_HOLIDAY =
  '(?:后的?第一个?(?:天|工作日|个工作日)|节?后上班|节?后复工|回来后?|过后|过完|之后|以后|节?后)';
const HOLIDAYS = '(元旦|春节|过年|清明|五一|劳动|端午|中秋|国庆|十一)';

const RULES: readonly Rule[] = [
  // Full dates
  numberRule(
    '(20\\d{2})(?:-|/|\\.|年)(\\d{1,2})(?:-|/|\\.|月)(\\d{1,2})(?:日|号)?(?!\\d)',
    (m, at) => nextOf(num(m[2]), num(m[3]), at, Number(m[1])),
  ),
  numberRule('(20\\d{2})(0[1-9]|1[0-2])([0-3]\\d)(?!\\d)', (m, at) =>
    nextOf(Number(m[2]), Number(m[3]), at, Number(m[1])),
  ),
  numberRule('(20\\d{2})[-/.](\\d{1,2})(?![\\d.])', (m, at) => {
    const month = Number(m[2]);
    return month >= 1 && month <= 12
      ? comingSpan((y) => monthSpan(y, month), at, Number(m[1]))
      : undefined;
  }),
  // Hours and minutes from now
  numberRule(`(半|${N}) ?(?:个)?(?:小时|钟头)(半)?(?:之后|以后|后|过后|内|之内)`, (m, at) =>
    minutesLater(at, (m[1] === '半' ? 0.5 : num(m[1])) * 60 + (m[2] ? 30 : 0)),
  ),
  numberRule(`${N}个半小时(?:之后|以后|后|内)`, (m, at) =>
    minutesLater(at, num(/^\D*?(\d+|[一二两三四五六七八九十]+)/.exec(m[0])?.[1]) * 60 + 30),
  ),
  numberRule(`(${N}) ?分钟(?:之后|以后|后|内)`, (m, at) => minutesLater(at, num(m[1]))),
  rule('一刻钟(?:之后|以后|后)', (_, at) => minutesLater(at, 15)),
  // Relative days
  numberRule(`过?(${N}) ?个?工作日(?:之后|以后|后|内|之内|以内)`, (m, at) => ({
    day: workdaysFrom(at.today, num(m[1]), at.calendar),
  })),
  numberRule(`(?:再?过)?(半) ?个月(?:之后|以后|后|内|左右)?`, (m, at) =>
    /[过后内]/.test(m[0]) ? { day: addDays(at.today, 15) } : undefined,
  ),
  numberRule('(?:再?过)?半年(?:之后|以后|后|内)?', (m, at) =>
    /[过后内]/.test(m[0]) ? { day: addMonths(at, 6) } : undefined,
  ),
  numberRule(`(?:再?过)?(${N}) ?(?:天|日)(?:之后|以后|后|内|之内|以内)?`, (m, at) =>
    /[过后内]/.test(m[0]) ? { day: addDays(at.today, num(m[1])) } : undefined,
  ),
  numberRule(
    `(?:再?过)?(${N}) ?个?(?:周|星期|礼拜)(?:之后|以后|后|内|之内|以内)?(?!末)`,
    (m, at) => (/[过后内]/.test(m[0]) ? { day: addDays(at.today, 7 * num(m[1])) } : undefined),
  ),
  numberRule(`(?:再?过)?(${N}) ?个月(?:之后|以后|后|内|之内|以内)?`, (m, at) =>
    /[过后内]/.test(m[0]) ? { day: addMonths(at, num(m[1])) } : undefined,
  ),
  numberRule(`(${N}) ?年(?:之后|以后|后)`, (m, at) =>
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
  latinRule('tomorrow|tmr|tmrw', (_, at) => ({ day: addDays(at.today, 1) })),
  latinRule(
    '(next|this|on)? ?(mon|tue|wed|thu|fri|sat|sun)(?:day|s|sday|nesday|rs|rsday|urday)?(?![a-z])',
    (m, at) => {
      const weekday = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].indexOf(m[2] ?? '') + 1;
      return weekdayIn(m[1] === 'next' ? 1 : m[1] === 'this' ? 0 : undefined, weekday, at);
    },
  ),
  latinRule('(next|this) (week|month|quarter)(?![a-z])', (m, at) => {
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
  latinRule('(?:by )?(?:eom|end of (?:the |this )?month|month end)(?![a-z])', (_, at) => ({
    day: monthSpan(at.year, at.month).to,
  })),
  latinRule('(?:by )?(?:eoy|end of (?:the |this )?year|year end)(?![a-z])', (_, at) => ({
    day: `${at.year}-12-31`,
  })),
  latinRule('today', (_, at) => ({ day: at.today, open: true })),
  // Public holidays and lunar days
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
  rule('(?:春)?节前|过年前|年前(?!半)', (_, at) =>
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
  // Quarters, halves and years
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
    const read = (y: number): Base => partOfMonth(monthSpan(y, month), part);
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
  // Weeks
  rule('(本|这个?|当|下下个?|下个?|上上个?|上个?)?(?:周|礼拜|星期)末', (m, at) => {
    const offset = weekOffset(m[1]) ?? 0;
    const { from, to } = weekSpan(at, offset);
    const saturday = addDays(from, 5);
    const first = offset === 0 && at.today > saturday ? to : saturday;
    return {
      day: first,
      within: { from: first, to },
      past: offset < 0,
      ...(first < to ? { alternatives: [first, to] } : {}),
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
  // Month and day in figures, then a day alone
  numberRule(
    '(?<![\\d./a-z¥$]|\\d-)(\\d{1,2})([./-])(\\d{1,2})(?:号|日)?(?![\\d.万w%亿千k元块折倍个人台米周天月年:]|成(?!交))(?!/\\d)',
    (m, at) => {
      const month = num(m[1]);
      const day = num(m[3]);
      if (month < 1 || month > 12 || day < 1 || day > 31) return undefined;
      if (m[2] === '.' && !dayAt(2028, month, day)) return undefined;
      return nextOf(month, day, at, undefined);
    },
  ),
  numberRule(`(?<![\\d.第月a-z])(${D})(?:号|日)(?![线楼院厂机文店])(?:那天|当天)?`, (m, at) => {
    const day = num(m[1]);
    if (!(day >= 1)) return undefined;
    if (day > 31) return undefined;
    for (let ahead = 0; ahead < 3; ahead++) {
      const [y, mo] = monthSpan(at.year, at.month + ahead)
        .from.split('-')
        .map(Number) as [number, number];
      const found = dayAt(y, mo, day);
      if (found && found >= at.today) return { day: found, open: true };
    }
    return undefined;
  }),
  rule('(明年|后年|今年)(?![级])', (m, at) => {
    const y = yearWord(m[1], at) ?? at.year;
    const span = { from: `${y}-01-01`, to: `${y}-12-31` };
    return { day: span.to, within: span };
  }),
  rule('去年|前年', (_, at) => ({ day: `${at.year - 1}-12-31`, past: true })),
];

function quarterPart(base: Base, part: string | undefined): Base {
  if (!part || !base.within) return base;
  const { from, to } = base.within;
  if (part === '初') return { day: from };
  if (part === '中')
    return { day: addDays(from, 45), within: { from: addDays(from, 30), to: addDays(from, 60) } };
  return { day: to, ...(base.past ? { past: true } : {}) };
}

function yearPart(part: string, year: number | undefined, at: Moment): Base {
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

/** Characters a day expression can begin with; everywhere else no rule is tried. */
const STARTS = new Set([
  ...'0123456789一二两三四五六七八九十廿大前昨今明后次再过半元春清五劳端中国除正农初小双圣季上下本这当月年周星礼节放假长收开复来去腊tqnmwfsebo第',
]);

const PART =
  '(凌晨|清早|清晨|大清早|早上|早晨|一大早|一早|早|上午|中午|正午|午后|下午|傍晚|晚上|今晚|夜里|晚|am|pm)';
const CLOCK = new RegExp(
  `(?:${PART}的? ?)?(?:(\\d{1,2})[:](\\d{2})(?!\\d)(?::\\d{2})?|(\\d{1,2}|十[一二]?|二十[一二三]?|[一二两三四五六七八九零])(?:点|时(?!间|候|代|段))(?:钟|整)?(半|一刻|三刻|\\d{1,2}|[一二三四五]?十[一二三四五六七八九]?)?(?:分(?!钟|之))?|(\\d{1,2}) ?(am|pm)(?![a-z]))`,
  'y',
);
const PART_ALONE = new RegExp(`${PART}`, 'y');
const PM = /^(?:下午|午后|傍晚|晚上|今晚|夜里|晚|pm)$/;
const AM = /^(?:凌晨|清早|清晨|大清早|早上|早晨|一大早|一早|早|上午|am)$/;

interface Clock {
  readonly time: TimeOfDay;
  readonly end: number;
}

/** A clock time that begins at `at`; `part` is the part of the day said before it (今晚). */
function clockAt(text: string, at: number, part: string | undefined): Clock | undefined {
  CLOCK.lastIndex = at;
  const m = CLOCK.exec(text);
  if (!m) return undefined;
  const said = m[1] ?? m[7] ?? part ?? '';
  let hour = num(m[2] ?? m[4] ?? m[6]);
  let minute = 0;
  if (m[3]) minute = Number(m[3]);
  else if (m[5] === '半') minute = 30;
  else if (m[5] === '一刻') minute = 15;
  else if (m[5] === '三刻') minute = 45;
  else if (m[5]) minute = num(m[5]);
  if (!(hour >= 0 && hour <= 24) || !(minute >= 0 && minute < 60)) return undefined;
  if (PM.test(said) && hour < 12) hour += 12;
  else if (/^(?:中午|正午)$/.test(said) && hour >= 1 && hour <= 3) hour += 12;
  else if (!AM.test(said) && !m[1] && hour >= 1 && hour <= 6 && !(m[3] && m[2]?.startsWith('0')))
    hour += 12;
  if (hour >= 24) hour = 23;
  return {
    time: `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`,
    end: at + m[0].length,
  };
}

/** 今晚, 明早: the part of the day inside the word for the day. */
function partInside(words: string): string | undefined {
  return words.endsWith('晚') ? '晚上' : words.endsWith('早') ? '早上' : undefined;
}

/** Words after 三点 that make it a count of points, not an hour. */
const POINTS =
  /^(?:要求|建议|意见|原因|问题|反馈|需求|内容|疑问|想法|理由|好处|优势|顾虑|担心|结论|共识|[:：]|击|评(?!审|标|估|选|比)|心|多数)/;

/** A sentence about one opportunity names a handful; rubbish may hold a thousand. */
const MOST_DAYS = 40;

/** All days, periods and clock times in `text`, left to right. */
export function findDays(text: string, moment: Moment): FoundDay[] {
  const found: FoundDay[] = [];
  for (let i = 0; i < text.length && found.length < MOST_DAYS;) {
    const next = dayStarting(text, i, moment) ?? timeStarting(text, i, moment);
    if (next) {
      found.push(next);
      i = next.end;
    } else {
      const isDigit = /\d/.test(text[i] ?? '');
      i++;
      if (isDigit) while (/\d/.test(text[i] ?? '')) i++;
    }
  }
  return found;
}

function dayStarting(text: string, at: number, moment: Moment): FoundDay | undefined {
  if (!STARTS.has(text[at] ?? '')) return undefined;
  if (/[a-z]/.test(text[at] ?? '') && /[a-z]/.test(text[at - 1] ?? '')) return undefined;
  const head = text.charAt(at);
  for (const [pattern, read, heads] of RULES) {
    if (heads && !heads.has(head)) continue;
    pattern.lastIndex = at;
    const m = pattern.exec(text);
    if (!m) continue;
    const base = read(m, moment);
    if (base) return withTime(text, at, at + m[0].length, base);
  }
  return undefined;
}

function withTime(text: string, start: number, baseEnd: number, base: Base): FoundDay {
  let end = baseEnd;
  let time = base.time;
  if (!time && !base.impossible) {
    const gap = /^(?:的|\([^()]{1,8}\))? ?,?(?=[^,]|$)/.exec(text.slice(end, end + 12))?.[0] ?? '';
    const part = partInside(text.slice(start, end));
    const clock = clockAt(text, end + gap.length, part) ?? clockAt(text, end, part);
    if (clock && !POINTS.test(text.slice(clock.end, clock.end + 3))) {
      time = clock.time;
      end = clock.end;
    } else {
      PART_ALONE.lastIndex = end + (text[end] === '的' ? 1 : 0);
      const alone = PART_ALONE.exec(text);
      if (
        alone &&
        !/^早[就已点]|^晚[点会]/.test(
          text.slice(PART_ALONE.lastIndex - alone[0].length, PART_ALONE.lastIndex + 1),
        )
      )
        end = PART_ALONE.lastIndex;
    }
  }
  const suffix =
    /^(?:前必须|之前|以前|前(?!台|端|期|面|后|提|景|置|者|任|沿|天)|之内|以内|内(?![部容测存控外]))/.exec(
      text.slice(end, end + 3),
    )?.[0] ?? '';
  end += suffix.length;
  const { past, open, within, week, alternatives, impossible, day } = base;
  return {
    start,
    end,
    ...(day ? { day } : {}),
    ...(time ? { time } : {}),
    ...(within && !suffix ? { within } : {}),
    ...(week ? { week } : {}),
    ...(alternatives ? { alternatives } : {}),
    past: past ?? false,
    open: (open ?? false) && !suffix,
    timeOnly: false,
    before: suffix !== '' || /[前内]$/.test(text.slice(start, end)),
    ...(impossible ? { impossible } : {}),
  };
}

function timeStarting(text: string, at: number, moment: Moment): FoundDay | undefined {
  const c = text[at] ?? '';
  if (!/[\d凌清大早一上中正午下傍晚夜十二两三四五六七八九零]/.test(c)) return undefined;
  if (/[\d.:第有共提这几]/.test(text[at - 1] ?? '')) return undefined;
  const clock = clockAt(text, at, undefined);
  if (!clock || POINTS.test(text.slice(clock.end, clock.end + 3))) return undefined;
  const over = clock.time <= moment.time;
  const suffix =
    /^(?:之前|以前|前(?!台|端|期|面|后|提))/.exec(text.slice(clock.end, clock.end + 2))?.[0] ?? '';
  return {
    start: at,
    end: clock.end + suffix.length,
    day: over ? addDays(moment.today, 1) : moment.today,
    time: clock.time,
    past: false,
    open: true,
    timeOnly: true,
    before: suffix !== '',
  };
}

/** The day to write for a signing: a period's last day, a week's last working day. */
export function closingDay(found: FoundDay, moment: Moment): Day | undefined {
  if (!found.within) return found.day;
  if (found.week) return lastWorkdayIn(found.within, moment.calendar);
  return found.day && found.day >= found.within.from ? found.day : found.within.to;
}

/** The day to write for a follow-up: a period's first working day that is not over. */
export function followUpDay(found: FoundDay, moment: Moment): Day | undefined {
  if (!found.within) return found.day;
  const from = found.within.from > moment.today ? found.within.from : addDays(moment.today, 1);
  if (from > found.within.to) return found.day;
  return found.alternatives
    ? found.day
    : firstWorkdayIn({ from, to: found.within.to }, moment.calendar);
}
