import chineseDays from 'chinese-days';

import type { Day } from '../../kernel/index.js';

/** The day of the lunar `month` and `day` (农历) in the lunar year that begins in `year`. */
export function lunarDay(year: number, month: number, day: number): Day {
  return chineseDays.getSolarDateFromLunar(`${year}-${month}-${day}`).date;
}
