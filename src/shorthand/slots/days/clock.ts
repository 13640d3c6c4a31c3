import type { TimeOfDay } from '../../reading.js';
import { num } from './rule.js';

const PART =
  '(凌晨|清早|清晨|大清早|早上|早晨|一大早|一早|早|上午|中午|正午|午后|下午|傍晚|晚上|今晚|夜里|晚|am|pm)';
const CLOCK = new RegExp(
  `(?:${PART}的? ?)?(?:(\\d{1,2})[:](\\d{2})(?!\\d)(?::\\d{2})?|(\\d{1,2}|十[一二]?|二十[一二三]?|[一二两三四五六七八九零])(?:点|时(?!间|候|代|段))(?:钟|整)?(半|一刻|三刻|\\d{1,2}|[一二三四五]?十[一二三四五六七八九]?)?(?:分(?!钟|之))?|(\\d{1,2}) ?(am|pm)(?![a-z]))`,
  'y',
);
export const PART_ALONE = new RegExp(`${PART}`, 'y');
const PM = /^(?:下午|午后|傍晚|晚上|今晚|夜里|晚|pm)$/;
const AM = /^(?:凌晨|清早|清晨|大清早|早上|早晨|一大早|一早|早|上午|am)$/;

export interface Clock {
  readonly time: TimeOfDay;
  readonly end: number;
}

/** A clock time that begins at `at`; `part` is the part of the day said before it (今晚). */
export function clockAt(text: string, at: number, part: string | undefined): Clock | undefined {
  CLOCK.lastIndex = at;
  const m = CLOCK.exec(text);
  if (!m) return undefined;
  if (/^[早晚]?一点$/.test(m[0]) && part === undefined) {
    if (m[1] || isALittle(text, at)) return undefined;
  }
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
export function partInside(words: string): string | undefined {
  return words.endsWith('晚') ? '晚上' : words.endsWith('早') ? '早上' : undefined;
}

/** 差一点, 早一点, 看到一点: a little, unless the words behind it can only follow an hour. */
function isALittle(text: string, at: number): boolean {
  if (/[差快慢早多少好大小高低贵宜长短近远紧急强弱细些]/.test(text[at - 1] ?? '')) return true;
  return !/^(?:$|[半钟整过一二三四五\d\s,，。;；!！?？前后左开见约叫提去到打碰汇演电会来出给跟]|之前)/.test(
    text.slice(at + 2, at + 4),
  );
}

/** Words after 三点 that make it a count of points, not an hour. */
export const POINTS =
  /^(?:要求|建议|意见|原因|问题|反馈|需求|内容|疑问|想法|理由|好处|优势|顾虑|担心|结论|共识|[:：]|击|评(?!审|标|估|选|比)|心|多数)/;
