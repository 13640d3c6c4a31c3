import { Characters, CharacterValues, isDigitAt } from '../characters.js';
import { CURRENCY_HEADS, signBefore, signBehind } from './currency.js';

/** A sum of money as said, in yuan (or in units of `currency`). */
export interface Sum {
  readonly start: number;
  readonly end: number;
  readonly value: number;
  readonly low: number | undefined;
  readonly high: number | undefined;
  readonly approx: boolean;
  readonly negative: boolean;
  /** Said with 万, 元, ¥ …: certainly money or a count. A bare number is neither. */
  readonly unit: boolean;
  /** Said with a sign or word of money (¥, 元, 块, 美元): not a count of things. */
  readonly money: boolean;
  readonly currency: string | undefined;
}

const DIGITS = '零一二两三四五六七八九壹贰叁肆伍陆柒捌玖';
const VALUE = new CharacterValues({
  ...{ 零: 0, 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9 },
  ...{ 壹: 1, 贰: 2, 叁: 3, 肆: 4, 伍: 5, 陆: 6, 柒: 7, 捌: 8, 玖: 9 },
});
const SCALES = {
  ...{ 十: 10, 拾: 10, 百: 100, 佰: 100, 千: 1e3, 仟: 1e3, k: 1e3 },
  ...{ 万: 1e4, w: 1e4, m: 1e6, 亿: 1e8 },
};
const SCALE = new CharacterValues(SCALES);
/** All that a number is made of. */
const PARTS = new Characters([...'0123456789半几来多余个 ', ...DIGITS, ...Object.keys(SCALES)]);
const ARABIC = /(?:\d{1,3}(?:,\d{3}){1,4}(?!\d)|\d{1,15})(?:\.\d{1,6})?/y;
/** What may follow a shortened last digit (6万2): nothing that makes the digit part of another word. */
const AFTER_SHORT_DIGIT =
  /^(?:$|[^\d一二两三四五六七八九十a-z.%/:月号日年点个成折周天期台套人家次分季起直样些定共并旦切方批半位名条阶轮版类级层楼步届]|左右)/;

/** Are the figures at `at` smaller than `unit` and followed by 万 or 亿? */
function isRestOf(text: string, at: number, unit: number): boolean {
  const figures = /^(\d{1,2})[万亿w]/.exec(text.slice(at, at + 3))?.[1];
  return figures !== undefined && Number(figures) < unit;
}

interface Walk {
  readonly value: number;
  readonly low: number | undefined;
  readonly high: number | undefined;
  readonly end: number;
  readonly approx: boolean;
  readonly unit: boolean;
}

/**
 * Reads the number that begins at `at`, with its 十百千万亿/k/w/m units: 12.5万, 2千3百万, 三百二十万五,
 * 六七十万, 十几万, 三百来万, 半个亿, 1,200,000. `undefined` when none begins there.
 */
function walkNumber(text: string, at: number): Walk | undefined {
  let i = at;
  let total = 0; // finished 万 and 亿 groups
  let group = 0; // 千百十 of the group being read
  let pending: number | undefined; // digits not yet multiplied
  let pendingHigh: number | undefined; // 六七十: the 7
  let spread: number | undefined; // 十几: open amount below the unit
  let last = 0;
  let sawZero = false;
  let approx = false;
  let unit = false;
  let lowShift = 0;
  let arabicTail = '';
  for (;;) {
    if (!PARTS.at(text, i)) break;
    const c = text.charAt(i);
    if (isDigitAt(text, i)) {
      if (pending !== undefined) break;
      // 3百50万, as 3百五十万: behind a unit below 千 only what is smaller, and shared by the 万 behind.
      if (last > 0 && last < 1000 && !isRestOf(text, i, last)) break;
      ARABIC.lastIndex = i;
      const figures = ARABIC.exec(text)?.[0];
      if (figures === undefined) break;
      arabicTail = figures;
      pending = Number(figures.includes(',') ? figures.replaceAll(',', '') : figures);
      i += figures.length;
      if (text[i] === '+' && SCALE.at(text, i + 1) !== undefined) {
        approx = true;
        i++;
      }
      continue;
    }
    const digit = VALUE.at(text, i);
    if (digit !== undefined) {
      if (digit === 0) {
        sawZero = true;
        i++;
        continue;
      }
      if (pending !== undefined) {
        if (pendingHigh !== undefined || arabicTail !== '') break;
        // 六七十, 三五十: two neighbouring digits before one unit are a range.
        const next = SCALE.at(text, i + 1);
        if (next === undefined || digit <= pending) break;
        pendingHigh = digit;
      } else {
        pending = digit;
      }
      arabicTail = '';
      i++;
      continue;
    }
    if (
      c === '半' &&
      pending === undefined &&
      last === 0 &&
      /^半(?:个)?[亿]/.test(text.slice(i, i + 3))
    ) {
      pending = 0.5;
      i++;
      continue;
    }
    // 50几万 is said like 五十几万.
    const tens = c === '几' && arabicTail !== '' && pending !== undefined && pending % 10 === 0;
    if (
      tens &&
      pending !== undefined &&
      pending < 100 &&
      /^几[万百千亿wk]/.test(text.slice(i, i + 2))
    ) {
      group += pending;
      pending = undefined;
      arabicTail = '';
      spread = 10;
      i++;
      continue;
    }
    if (c === '几' && pending === undefined) {
      if (last === 10 && /^几[万千百亿wk]/.test(text.slice(i, i + 2))) {
        spread = 10;
        i++;
        continue;
      }
      break;
    }
    if ((c === '来' || c === '多' || c === '余') && (unit || last > 0 || pending !== undefined)) {
      if (pending !== undefined && !/^.个?[十百千万亿kwm]/.test(text.slice(i, i + 3))) break;
      approx = true;
      i++;
      continue;
    }
    if (
      c === '个' &&
      pending !== undefined &&
      /^个(?:亿|[wm](?![a-z])|万(?![^\s,.。;元]))/.test(text.slice(i, i + 3))
    ) {
      i++;
      continue;
    }
    if (
      c === ' ' &&
      pending !== undefined &&
      /^ [万亿w](?![a-z])/.test(text.slice(i, i + 3)) &&
      arabicTail !== ''
    ) {
      i++;
      continue;
    }
    const scale = SCALE.at(text, i);
    if (scale === undefined) break;
    if (
      (c === 'k' || c === 'w' || c === 'm') &&
      (/[a-z]/.test(text[i + 1] ?? '') || pending === undefined)
    )
      break;
    if (scale >= 1e4 || c === 'k') {
      const before = group + (pending ?? 0);
      const openLow = spread !== undefined ? 1 : 0;
      if (before === 0 && total === 0) break;
      if (c === '亿') {
        const sum = total + before;
        if (sum === 0) break;
        if (pendingHigh !== undefined) lowShift = (pendingHigh - (pending ?? 0)) * 1e8;
        total = sum * 1e8;
      } else {
        if (pendingHigh !== undefined) lowShift = (pendingHigh - (pending ?? 0)) * scale;
        else if (lowShift > 0) lowShift *= scale;
        if (openLow) {
          total += (before + 1) * scale;
          lowShift = 8 * scale;
          approx = true;
        } else total += before * scale;
      }
      group = 0;
      pending = undefined;
      pendingHigh = undefined;
      spread = undefined;
      last = scale;
      unit = true;
    } else {
      if (last > 0 && last < 1e4 && scale >= last) break;
      if (pendingHigh !== undefined) lowShift = (pendingHigh - (pending ?? 0)) * scale;
      group += (pending ?? 1) * scale;
      pending = undefined;
      pendingHigh = undefined;
      last = scale;
    }
    sawZero = false;
    arabicTail = '';
    i++;
  }
  if (i === at) return undefined;
  if (pending !== undefined) {
    if (last === 0) {
      if (pendingHigh !== undefined) return undefined;
      total = pending;
    } else if (arabicTail !== '' && arabicTail.length > 1) {
      // 3万5000 is an addition; 30万15号 is two things.
      if (
        last === 1e4 &&
        /^\d{3,4}$/.test(arabicTail) &&
        AFTER_SHORT_DIGIT.test(text.slice(i, i + 2))
      )
        total += pending;
      else i -= arabicTail.length;
    } else if (AFTER_SHORT_DIGIT.test(text.slice(i, i + 2)) || last < 100) {
      group += sawZero || last < 100 ? pending : pending * (last / 10);
    } else {
      i -= 1;
    }
  }
  const value = total + group;
  if (lowShift > 0)
    return {
      value: value + lowShift,
      low: value,
      high: value + lowShift,
      end: i,
      approx: true,
      unit,
    };
  return { value, low: undefined, high: undefined, end: i, approx, unit };
}

const STARTERS = [...'0123456789', ...DIGITS, ...'十拾百佰千仟半'];
const STARTS = new Characters(STARTERS);

const MOST_SUMS = 60;

/** All sums in `text`, left to right. Linear: each number is walked once. */
export function findSums(text: string): Sum[] {
  const found: Sum[] = [];
  let i = 0;
  while (i < text.length && found.length < MOST_SUMS) {
    const sum = HEADS.at(text, i) ? sumAt(text, i) : undefined;
    if (sum && sum.end > i) {
      found.push(sum);
      i = sum.end;
    } else {
      i++;
      // A number that is not a sum is skipped whole, so that its tail is not read as one.
      if (isDigitAt(text, i - 1))
        while (
          isDigitAt(text, i) ||
          ((text[i] === '.' || text[i] === ',') && isDigitAt(text, i + 1))
        )
          i++;
    }
  }
  return found;
}

/** Characters a sum can begin with; nothing is tried anywhere else. */
const HEADS = new Characters([...STARTERS, '-', '负', ...CURRENCY_HEADS]);

/** A minus counts only where a number may begin: behind a space or 金额为, not inside 系统-30万. */
function minusAt(text: string, at: number): boolean {
  if (text[at] === '负') return STARTS.at(text, at + 1);
  return (
    text[at] === '-' &&
    isDigitAt(text, at + 1) &&
    (at === 0 || /[\s:,(额为成到是价算]/.test(text[at - 1] ?? ''))
  );
}

/** 周五万科: the figure belongs to the weekday. 千万别: no number at all. */
function isOtherWord(text: string, at: number): boolean {
  if (isDigitAt(text, at)) return false;
  return (
    /(?:周|星期|礼拜)$/.test(text.slice(Math.max(0, at - 2), at)) ||
    /^千万(?:别|不|要|记|注|小|得|莫)/.test(text.slice(at, at + 3)) ||
    // 跟他们一块讲: together.
    /^一块(?!钱|[\d一二三四五六七八九每/])/.test(text.slice(at, at + 3))
  );
}

const JOINTS = new Characters('-~至到、');

/** The second half of 50-60万, 50万到60万. */
function rangeTo(
  text: string,
  first: Walk,
  from: number,
): (Walk & { readonly low: number }) | undefined {
  if (!JOINTS.at(text, first.end)) return undefined;
  const at = first.end + (text[first.end + 1] === ' ' ? 2 : 1);
  const second = STARTS.at(text, at) ? walkNumber(text, at) : undefined;
  if (!second?.unit || (text[first.end] === '、' && first.unit)) return undefined;
  // The first number borrows the unit of the second.
  const low = first.unit ? first.value : first.value * unitOf(second, text, at);
  return low < second.value && from < at ? { ...second, low, high: second.value } : undefined;
}

function sumAt(text: string, at: number): Sum | undefined {
  const before = signBefore(text, at);
  let from = before?.end ?? at;
  const negative = minusAt(text, from);
  if (negative) from++;
  if (!STARTS.at(text, from) || (!before && isOtherWord(text, from))) return undefined;
  const first = walkNumber(text, from);
  if (!first) return undefined;
  const walk = rangeTo(text, first, from) ?? first;
  const more =
    text[walk.end] === '+' ||
    (walk.unit && /^(?:[多余]|来(?![找了说电访到]))/.test(text.slice(walk.end, walk.end + 2)));
  const end = walk.end + (more ? 1 : 0);
  const behind = signBehind(text, end, walk.unit || before !== undefined);
  const currency = behind?.currency ?? before?.currency;
  const money = before !== undefined || behind !== undefined;
  return {
    start: at,
    end: pastYear(text, behind?.end ?? end),
    value: walk.high ?? walk.value,
    low: walk.low,
    high: walk.low === undefined ? undefined : (walk.high ?? walk.value),
    approx: walk.approx || more || walk.low !== undefined,
    negative,
    unit: walk.unit || money,
    money,
    currency,
  };
}

/** 45万/年: the year belongs to the sum. */
const pastYear = (text: string, end: number): number => end + (text.startsWith('/年', end) ? 2 : 0);

/** How much one of the last unit before `walk.end` is worth: 万 in 60万, 百万 in 3百万. */
function unitOf(walk: Walk, text: string, from: number): number {
  const units = /[十百千万亿wkm]+$/.exec(text.slice(from, walk.end))?.[0] ?? '';
  return [...units].reduce((product, _, i) => product * (SCALE.at(units, i) ?? 1), 1);
}
