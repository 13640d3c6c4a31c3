import { dayAt, monthSpan } from '../moment.js';
import { D, num, rule } from './rule.js';
import type { DayRule } from './rule.js';
import { nextOf, yearWord } from './coming.js';

/** 9.15 and 15号, and last of all a bare year. */
export const DAYS_IN_FIGURES: readonly DayRule[] = [
  rule(
    '(?<![\\d./a-z¥$]|\\d-|[评得打均]分:? ?)(\\d{1,2})([./-])(\\d{1,2})(?:号|日)?(?![\\d.万w%亿千k元块折倍个人台米周天月年:斤]|成(?!交)|分(?![之钟析享公配部期批行组]))(?![/-]\\d)',
    (m, at) => {
      const month = num(m[1]);
      const day = num(m[3]);
      if (month < 1 || month > 12 || day < 1 || day > 31) return undefined;
      if (m[2] === '.' && !dayAt(2028, month, day)) return undefined;
      return nextOf(month, day, at, undefined);
    },
  ),
  // 展馆1号 and 厂房2号 are places.
  rule(
    `(?<![\\d.第月a-z馆楼座栋炉井塔坝仓]|车间|厂房|机房|库房|产线|泵站|园区|地块|机组)(${D})(?:号|日)(?![线楼院厂机文店])(?:那天|当天)?`,
    (m, at) => {
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
    },
  ),
  rule('(明年|后年|今年)(?![级])', (m, at) => {
    const y = yearWord(m[1], at) ?? at.year;
    const span = { from: `${y}-01-01`, to: `${y}-12-31` };
    return { day: span.to, within: span };
  }),
  rule('去年|前年', (_, at) => ({ day: `${at.year - 1}-12-31`, past: true })),
];
