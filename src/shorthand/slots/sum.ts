/** A sum of money as said, in yuan (or in units of `currency`). */
export interface Sum {
  readonly start: number;
  readonly end: number;
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
  readonly approx: boolean;
  readonly negative: boolean;
  /** Said with 万, 元, ¥ …: certainly money or a count. A bare number is neither. */
  readonly unit: boolean;
  /** Said with a sign or word of money (¥, 元, 块, 美元): not a count of things. */
  readonly money: boolean;
  readonly currency?: string;
}

const DIGITS = '零一二两三四五六七八九壹贰叁肆伍陆柒捌玖';
const VALUE: Readonly<Record<string, number>> = Object.fromEntries(
  [...'零一二三四五六七八九']
    .map((c, i) => [c, i])
    .concat(
      [['两', 2]],
      [...'壹贰叁肆伍陆柒捌玖'].map((c, i) => [c, i + 1]),
    ),
) as Record<string, number>;
const SCALE: Readonly<Record<string, number>> = {
  十: 10,
  拾: 10,
  百: 100,
  佰: 100,
  千: 1e3,
  仟: 1e3,
  k: 1e3,
  万: 1e4,
  w: 1e4,
  m: 1e6,
  亿: 1e8,
};
const FOREIGN: readonly (readonly [string, string])[] = [
  ['us$', 'USD'],
  ['hk$', 'HKD'],
  ['usd', 'USD'],
  ['美元', 'USD'],
  ['美金', 'USD'],
  ['刀', 'USD'],
  ['$', 'USD'],
  ['eur', 'EUR'],
  ['欧元', 'EUR'],
  ['欧', 'EUR'],
  ['€', 'EUR'],
  ['gbp', 'GBP'],
  ['英镑', 'GBP'],
  ['£', 'GBP'],
  ['hkd', 'HKD'],
  ['港币', 'HKD'],
  ['港元', 'HKD'],
  ['港纸', 'HKD'],
  ['jpy', 'JPY'],
  ['日元', 'JPY'],
  ['日币', 'JPY'],
  ['sgd', 'SGD'],
  ['新币', 'SGD'],
  ['新加坡元', 'SGD'],
  ['krw', 'KRW'],
  ['韩元', 'KRW'],
  ['台币', 'TWD'],
  ['新台币', 'TWD'],
  ['twd', 'TWD'],
  ['aud', 'AUD'],
  ['澳元', 'AUD'],
  ['cad', 'CAD'],
  ['加元', 'CAD'],
  ['chf', 'CHF'],
  ['瑞郎', 'CHF'],
  ['卢布', 'RUB'],
  ['泰铢', 'THB'],
];
const HOME_BEFORE = ['人民币', 'rmb', 'cny', '¥'];
const HOME_AFTER = ['人民币', '块钱', 'rmb', 'cny', '元', '块'];
/** What may follow a shortened last digit (6万2): nothing that makes the digit part of another word. */
const AFTER_SHORT_DIGIT =
  /^(?:$|[^\d一二两三四五六七八九十a-z.%/:月号日年点个成折周天期台套人家次分季起直样些定共并旦切方批半位名条阶轮版类级层楼步届]|左右|[a-z\d]{0}$)/;

const isDigit = (c: string | undefined): boolean => c !== undefined && c >= '0' && c <= '9';

interface Walk {
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
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
    const c = text[i];
    if (c === undefined) break;
    if (isDigit(c)) {
      if (pending !== undefined || (last > 0 && last < 1000)) break;
      const m = /^(?:\d{1,3}(?:,\d{3}){1,4}(?!\d)|\d{1,15})(?:\.\d{1,6})?/.exec(
        text.slice(i, i + 28),
      );
      if (!m) break;
      arabicTail = m[0];
      pending = Number(m[0].replaceAll(',', ''));
      i += m[0].length;
      if (text[i] === '+' && SCALE[text[i + 1] ?? '']) {
        approx = true;
        i++;
      }
      continue;
    }
    const digit = VALUE[c];
    if (digit !== undefined && DIGITS.includes(c)) {
      if (digit === 0) {
        sawZero = true;
        i++;
        continue;
      }
      if (pending !== undefined) {
        if (pendingHigh !== undefined || arabicTail !== '') break;
        // 六七十, 三五十: two neighbouring digits before one unit are a range.
        const next = SCALE[text[i + 1] ?? ''];
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
    if (c === '几' && pending === undefined) {
      if (last === 10 && /^几[万千百亿wk]/.test(text.slice(i, i + 2))) {
        spread = 10;
        i++;
        continue;
      }
      break;
    }
    if ((c === '来' || c === '多' || c === '余') && (unit || last > 0 || pending !== undefined)) {
      if (pending !== undefined && !(SCALE[text[i + 1] ?? ''] !== undefined)) break;
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
    const scale = SCALE[c];
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
  return { value, end: i, approx, unit };
}

function startsWithAny(text: string, at: number, words: readonly string[]): string | undefined {
  return words.find((word) => text.startsWith(word, at));
}

const STARTS = new Set([...'0123456789', ...DIGITS, ...'十拾百佰千仟半']);

const MOST_SUMS = 60;

/** All sums in `text`, left to right. Linear: each number is walked once. */
export function findSums(text: string): Sum[] {
  const found: Sum[] = [];
  let i = 0;
  while (i < text.length && found.length < MOST_SUMS) {
    const sum = sumAt(text, i);
    if (sum && sum.end > i) {
      found.push(sum);
      i = sum.end;
    } else {
      i++;
      // A number that is not a sum is skipped whole, so that its tail is not read as one.
      if (isDigit(text[i - 1]))
        while (isDigit(text[i]) || ((text[i] === '.' || text[i] === ',') && isDigit(text[i + 1])))
          i++;
    }
  }
  return found;
}

function sumAt(text: string, at: number): Sum | undefined {
  let i = at;
  let money = false;
  let currency: string | undefined;
  const before = startsWithAny(text, i, HOME_BEFORE);
  if (before) {
    money = true;
    i += before.length;
  } else {
    const foreign = FOREIGN.find(
      ([word]) => word !== '欧' && word !== '刀' && text.startsWith(word, i),
    );
    if (foreign) {
      money = true;
      currency = foreign[1];
      i += foreign[0].length;
    }
  }
  if (money) while (text[i] === ' ' || text[i] === ':') i++;
  let negative = false;
  if (
    text[i] === '-' &&
    isDigit(text[i + 1]) &&
    /(?:^|[\s:,(]|[额为成到是价算])$/.test(text.slice(Math.max(0, i - 1), i))
  ) {
    negative = true;
    i++;
  } else if (text[i] === '负' && STARTS.has(text[i + 1] ?? '')) {
    negative = true;
    i++;
  }
  if (!STARTS.has(text[i] ?? '')) return undefined;
  if (
    /[周期拜]/.test(text[i - 1] ?? '') &&
    !isDigit(text[i]) &&
    !money &&
    /(?:周|星期|礼拜)$/.test(text.slice(Math.max(0, i - 2), i))
  )
    return undefined;
  const first = walkNumber(text, i);
  if (!first) return undefined;
  if (/^千万(?:别|不|要|记|注|小|得|莫)/.test(text.slice(i, i + 3))) return undefined;
  let walk = first;
  let range: { low: number; high: number } | undefined =
    first.low !== undefined ? { low: first.low, high: first.high ?? first.value } : undefined;
  let { end } = first;
  const joint = /^ ?(?:-|~|至|到|、) ?/.exec(text.slice(end, end + 3));
  if (joint && text[end] !== ' ') {
    const second = walkNumber(text, end + joint[0].length);
    if (second?.unit && STARTS.has(text[end + joint[0].length] ?? '')) {
      // 50-60万: the first number borrows the unit of the second.
      const borrowed = first.unit
        ? first.value
        : first.value * unitOf(second, text, end + joint[0].length);
      if (borrowed < second.value && (joint[0].trim() !== '、' || !first.unit)) {
        range = { low: borrowed, high: second.value };
        walk = { ...second, approx: true };
        end = second.end;
      }
    }
  }
  let approx = walk.approx || range !== undefined;
  if (
    text[end] === '+' ||
    (walk.unit &&
      /[多余来]/.test(text[end] ?? '') &&
      !/^来[找了说电访到]/.test(text.slice(end, end + 2)))
  ) {
    approx = true;
    end++;
  }
  const gap = text[end] === ' ' ? 1 : 0;
  const after = startsWithAny(text, end + gap, HOME_AFTER);
  if (
    after &&
    !(after === '块' && /^块[^\s,.。;]/.test(text.slice(end + gap, end + gap + 2)) && false)
  ) {
    if (!(after === '元' && /^元[旦宵]/.test(text.slice(end + gap, end + gap + 2)))) {
      money = true;
      end += gap + after.length;
    }
  } else {
    const foreign = FOREIGN.find(
      ([word]) =>
        word !== '$' &&
        text.startsWith(word, end + gap) &&
        !(word === '欧' && /^欧[洲莱司尚]/.test(text.slice(end + gap, end + gap + 2))),
    );
    if (foreign && (walk.unit || money || foreign[0].length > 1)) {
      money = true;
      currency = foreign[1];
      end += gap + foreign[0].length;
    }
  }
  return {
    start: at,
    end,
    value: range ? range.high : walk.value,
    ...(range ?? {}),
    approx,
    negative,
    unit: walk.unit || money,
    money,
    ...(currency ? { currency } : {}),
  };
}

/** How much one of the last unit before `walk.end` is worth: 万 in 60万, 百万 in 3百万. */
function unitOf(walk: Walk, text: string, from: number): number {
  const units = /[十百千万亿wkm]+$/.exec(text.slice(from, walk.end))?.[0] ?? '';
  return [...units].reduce((product, c) => product * (SCALE[c] ?? 1), 1);
}
