import { addDays } from '../../kernel/index.js';
import type { Day } from '../../kernel/index.js';
import { Characters, isDigitAt } from '../characters.js';
import type { ReadWhen, TimeOfDay } from '../reading.js';
import type { Range } from '../scene.js';
import { clockAt, PART_ALONE, partInside, POINTS } from './days/clock.js';
import { DAYS_IN_FIGURES } from './days/figures.js';
import { HOLIDAY_DAYS } from './days/holidays.js';
import { FROM_NOW, FULL_DATES, LATIN_DAYS } from './days/near.js';
import { PERIOD_DAYS } from './days/periods.js';
import type { DayMeaning, DayRule } from './days/rule.js';
import { WEEK_DAYS } from './days/weeks.js';
import { firstWorkdayIn, lastWorkdayIn } from './moment.js';
import type { DaySpan, Moment } from './moment.js';

/** A day or period as said, before it is known what it is the day of. */
export interface FoundDay extends Range {
  /** Absent only for an impossible day (4月31号). */
  readonly day: Day | undefined;
  readonly time: TimeOfDay | undefined;
  /** The whole period when one was said (下周, 7月, 上旬). */
  readonly within: DaySpan | undefined;
  /** The period is a week: its last *working* day is written for a signing. */
  readonly week: boolean | undefined;
  readonly alternatives: readonly Day[] | undefined;
  /** 昨天, 上周五: certainly over. */
  readonly past: boolean;
  /** A bare weekday, 今天, 5号: over or to come depending on the sentence. */
  readonly open: boolean;
  /** Only a part of the day or an hour was said: 下午3点. */
  readonly timeOnly: boolean;
  /** Said with 前 / 之前 / 内. */
  readonly before: boolean;
  readonly impossible: true | undefined;
}

/** Of two rules that fit at one place the earlier is right: 三月15号 is no 三月. */
const RULES: readonly DayRule[] = [
  ...FULL_DATES,
  ...FROM_NOW,
  ...LATIN_DAYS,
  ...HOLIDAY_DAYS,
  ...PERIOD_DAYS,
  ...WEEK_DAYS,
  ...DAYS_IN_FIGURES,
];

/** The rules whose words can begin with a character, in order. */
const RULES_AT = new Map<number, DayRule[]>();
for (const rule of RULES)
  for (const unit of rule.beginnings) RULES_AT.set(unit, [...(RULES_AT.get(unit) ?? []), rule]);

/** A sentence about one opportunity names a handful; rubbish may hold a thousand. */
const MOST_DAYS = 40;

/** All days, periods and clock times in `text`, left to right. */
export function findDays(text: string, moment: Moment): FoundDay[] {
  const found: FoundDay[] = [];
  for (let i = 0; i < text.length && found.length < MOST_DAYS;) {
    if (isInABit(text, i)) {
      i++;
      continue;
    }
    const next = dayStarting(text, i, moment) ?? timeStarting(text, i, moment);
    if (next) {
      found.push(next);
      i = next.end;
    } else {
      const inNumber = isDigitAt(text, i);
      i++;
      if (inNumber) while (isDigitAt(text, i)) i++;
    }
  }
  return found;
}

/** 商量一下周四, 理想情况下月底: the 下 belongs to the words before, and no 下周四 is meant. */
function isInABit(text: string, at: number): boolean {
  return (
    text[at] === '下' &&
    /(?:(?<![统唯之第周选单合初十万期拜每二])一|情况|条件|前提|线|私)$/.test(
      text.slice(Math.max(0, at - 2), at),
    )
  );
}

function dayStarting(text: string, at: number, moment: Moment): FoundDay | undefined {
  const rules = RULES_AT.get(text.charCodeAt(at));
  if (!rules || (isLatin(text.charCodeAt(at)) && isLatin(text.charCodeAt(at - 1))))
    return undefined;
  for (const { words, read } of rules) {
    if (!words.mayBeIn(text)) continue;
    const { pattern } = words;
    pattern.lastIndex = at;
    const m = pattern.exec(text);
    const meaning = m && read(m, moment);
    if (meaning) return withTime(text, at, at + m[0].length, meaning);
  }
  return undefined;
}

const isLatin = (unit: number): boolean => unit >= 0x61 && unit <= 0x7a;

const HOURS = '0123456789凌清大早一上中正午下傍晚夜十二两三四五六七八九零';
/** What may stand between a day and its clock time, and what a time begins with. */
const MAY_BE_TIMED = new Characters(`的( ,今ap${HOURS}`);

function withTime(text: string, start: number, baseEnd: number, base: DayMeaning): FoundDay {
  let end = baseEnd;
  let time = base.time;
  if (!time && !base.impossible && MAY_BE_TIMED.at(text, end)) {
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
    day,
    time,
    within: suffix ? undefined : within,
    week,
    alternatives,
    past: past ?? false,
    open: (open ?? false) && !suffix,
    timeOnly: false,
    before: suffix !== '' || /[前内]$/.test(text.slice(start, end)),
    impossible,
  };
}

/** What a clock time can begin with: 下午3点, 15:00. */
const TIME_HEADS = new Characters(HOURS);

function timeStarting(text: string, at: number, moment: Moment): FoundDay | undefined {
  if (!TIME_HEADS.at(text, at)) return undefined;
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
    within: undefined,
    week: undefined,
    alternatives: undefined,
    past: false,
    open: true,
    timeOnly: true,
    before: suffix !== '',
    impossible: undefined,
  };
}

/** What is handed on of a day that was found, when `day` is the one to write. */
export function whenOf({ time, alternatives, within }: FoundDay, day: Day): ReadWhen {
  return { day, time, alternatives, within };
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
