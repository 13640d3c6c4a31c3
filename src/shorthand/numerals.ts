const DIGIT: Readonly<Record<string, number>> = {
  零: 0, 一: 1, 二: 2, 两: 2, 俩: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9,
  壹: 1, 贰: 2, 叁: 3, 肆: 4, 伍: 5, 陆: 6, 柒: 7, 捌: 8, 玖: 9,
}; // prettier-ignore
const UNIT: Readonly<Record<string, number>> = {
  十: 10,
  拾: 10,
  百: 100,
  佰: 100,
  千: 1000,
  仟: 1000,
};

/**
 * A Chinese number below 10 000: 三十五, 两百零六, 一千五 (1500), 二零二六 (2026), 廿三.
 * The digit after the last unit counts that unit's tenth (三百五 = 350) as people say it.
 * `undefined` for anything that is not such a number.
 */
function chineseNumber(words: string): number | undefined {
  if (words === '') return undefined;
  const text = words.replace(/^廿/, '二十').replace(/^卅/, '三十');
  let total = 0;
  let digit: number | undefined;
  let lastUnit = 0;
  let sawZero = false;
  let sawUnit = false;
  let digits = '';
  for (const char of text) {
    const unit = UNIT[char];
    const value = DIGIT[char];
    if (unit !== undefined) {
      total += (digit ?? 1) * unit;
      digit = undefined;
      lastUnit = unit;
      sawUnit = true;
      sawZero = false;
    } else if (value !== undefined) {
      if (value === 0 && sawUnit) sawZero = true;
      digit = value;
      digits += String(value);
    } else {
      return undefined;
    }
  }
  if (!sawUnit) return Number(digits);
  if (digit === undefined) return total;
  return total + (lastUnit >= 100 && !sawZero ? digit * (lastUnit / 10) : digit);
}

/** Reads `12`, `1,200.5` or a Chinese number below 10 000. */
export function anyNumber(words: string): number | undefined {
  if (/^\d[\d,]*(?:\.\d+)?$/.test(words)) return Number(words.replaceAll(',', ''));
  return chineseNumber(words);
}
