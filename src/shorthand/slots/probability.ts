import { anyNumber } from '../numerals.js';
import { matches } from '../scene.js';
import type { Found, Range } from '../scene.js';
import { sought } from '../sought.js';

export interface ProbabilityReading {
  readonly probability: Found<number> | undefined;
  readonly refused: readonly Range[];
  /** Percentages and tenths of all kinds: nothing else may be made of their digits. */
  readonly ranges: readonly Range[];
}

const C = '一二两三四五六七八九';
const SHARE = sought(
  /百分之(百|\d{1,3}(?:\.\d+)?|[一二三四五六七八九十零]{1,5})|(\d{1,4}(?:\.\d{1,2})?) ?(?:%|个百分点)|(?<![一二三四五六七八九十])([一二两三四五六七八九十]|\d)(?:[到至-]?([一二三四五六七八九十]|\d))?成([一二三四五六七八九]|半|多)?(?![交功立员本为果熟都套分品])|五五开|([一二三四五六七八九])([一二三四五六七八九])开|一半(?:一半)?(?:的?(?:把握|概率|几率|机会|希望|可能|胜算))|一半对一半|(?<=(?:把握|概率|几率|胜算|可能性?|希望|赢面|机会)[^,，。]{0,10}到)一半(?!的)|(?:把握|概率|几率|胜算|可能性|赢率|胜率|成功率)(?:也就|大概|差不多|只有|就|是|有|:| )*一半|(?:把握|概率|几率|胜算|可能性|赢率|胜率|成功率)(?:为|是|到|改成|改为|调到|调成|:| )*(0?\.\d{1,2})/g,
);
const NOT_A_CHANCE =
  /(?:首付款?|首期款?|首款|预付款?|定金|订金|尾款|质保金?|折扣|返点|佣金|提成|毛利率?|利润率?|利润|税率|税|增长率?|占比|份额|市占率?|股份|持股|股权|完成率?|完成度|进度|达成率?|效率|良率|利用率|使用率|覆盖率?|点位|含税|年化|利率|比例|满意度|通过率|合格率|准确率|电量|浓度|违约金|货款|账期|合同款|进度款|到货款|验收款|付款|回款|支付|成本|产能|预算|价格|单价|报价|费用|能耗|故障率|营收|销量|业绩|人数|(?<![概几机赢胜功单握])率|[款费])[^,，。;；\ue001-\ue009]{0,6}$|(?:降价|降了|让利?|让了|优惠|便宜|打|涨价|涨了|砍了?|砍掉|砍价|压价?|压了|付了?|结了?|返|占|提升|提高了|降低|减少|节省|省了?|加价|加了|上浮|下浮|削减?|缩减?|多了|少了|抽|扣|再降(?!到)|(?:高|低|贵|便宜|超|差|慢|快|大|小)[了出过]|[要想]降(?!到)|降个?(?!到|至)|涨个?(?!到|至))(?:了|大概|大约|约|近|至少|最多|到|个|差不多|不到|超过|将近)*$/;
const NOT_A_CHANCE_AFTER =
  /^ ?(?:的?(?:首付|预付|定金|订金|尾款|折扣|款|优惠|毛利|利润|税|股份|返点|付款|货款|降价|提成|佣金|质保|份额|增长|产能|预算|员工|人|门店|设备|数据|功能|需求|产线|点位|客户|内容|工作量|验收|到账|账期|合同)|off|首付|预付|定金|尾款)/;
/** Without a word of chance the share stands alone as a field: 永辉 80% 谈判, 调到六成. */
const FIELD_BEFORE =
  /(?:^|[\s,:;。、(/→>\ue001-\ue009]|到|至|成|为|是|约|大概|大约|差不多|估计|感觉|觉得|有|顶多|最多|看|算|提|调|升|降|我说|也就)$/;
const FIELD_AFTER =
  /^ ?(?:$|[\s,:;。!、)/\ue001-\ue009]|吧|左右|了|以上|上下|的样子|推|谈|签|能|可以|预计|金额)/;
const CHANCE =
  /(?:把握|概率|几率|胜算|可能性?|赢率|胜率|赢单率|成功率|赢面|希望(?!再|能|我|他|客|降|让|可|尽|在|下|得)|机会|机率|预期|probability|chance|win rate|信心|成单率)/;
/** 首付三成，赢面挺大: a share of the money, however near a word of chance stands. */
const PAID_FIRST = /(?:首付款?|首款|预付款?|定金|订金|尾款)(?:是|付|给|要|约|大概| )*$/;
const FROM = /(?:从|由|原来|原先|之前|不是|本来)(?:是|的)?$/;

/** The stated chance of winning, 0 … 1. The last of “从50%提到75%” counts. */
export function readProbability(text: string): ProbabilityReading {
  const ranges: Range[] = [];
  const refused: Range[] = [];
  let best: (Found<number> & { sure: boolean }) | undefined;
  for (const m of matches(text, SHARE)) {
    const range = { start: m.index, end: m.index + m[0].length };
    const left = text.slice(Math.max(0, range.start - 12), range.start);
    const right = text.slice(range.end, range.end + 8);
    const value = shareOf(m);
    if (value === undefined) continue;
    if (/[\d.-]$/.test(left) && !/[ ,]$/.test(left)) {
      if (left.endsWith('-')) refused.push(range);
      ranges.push(range);
      continue;
    }
    if (/^(?:新|都|旧)/.test(right) && m[3]) continue;
    ranges.push(range);
    const sure = CHANCE.test(left.slice(-8)) || CHANCE.test(right);
    if (PAID_FIRST.test(left)) continue;
    if (!sure && (NOT_A_CHANCE.test(left) || NOT_A_CHANCE_AFTER.test(right))) continue;
    if (!sure && !(FIELD_BEFORE.test(left) && FIELD_AFTER.test(right))) continue;
    if (value > 1 || value < 0) {
      refused.push(range);
      continue;
    }
    if (FROM.test(left)) continue;
    if (!best || (sure && !best.sure) || sure === best.sure)
      best = { start: range.start, end: range.end, value, sure };
  }
  return {
    probability: best && { start: best.start, end: best.end, value: best.value },
    refused,
    ranges,
  };
}

function shareOf(m: RegExpExecArray): number | undefined {
  const [words, hundredth, percent, tenth, tenthHigh, tenthMore, odds, against, decimal] = m;
  const round = (n: number): number => Math.round(n * 1e4) / 1e4;
  if (hundredth) return hundredth === '百' ? 1 : round((anyNumber(hundredth) ?? NaN) / 100);
  if (percent) return words.includes('百分点') ? undefined : round(Number(percent) / 100);
  if (tenth && tenthHigh) {
    const low = anyNumber(tenth) ?? NaN;
    const high = anyNumber(tenthHigh) ?? NaN;
    return high > low ? round((low + high) / 20) : undefined;
  }
  if (tenth) {
    const more =
      tenthMore === '半' ? 5 : tenthMore && C.includes(tenthMore) ? (anyNumber(tenthMore) ?? 0) : 0;
    return round((anyNumber(tenth) ?? NaN) / 10 + more / 100);
  }
  if (odds && against) {
    const ours = anyNumber(odds) ?? 0;
    return ours + (anyNumber(against) ?? 0) === 10 ? round(ours / 10) : undefined;
  }
  if (decimal) return Number(decimal);
  return 0.5;
}
