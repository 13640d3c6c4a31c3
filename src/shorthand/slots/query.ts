import { addDays } from '../../kernel/index.js';
import type { Period, QueryKind } from '../reading.js';
import type { Found } from '../scene.js';
import { anyNumber } from '../numerals.js';
import { dayAt, monthSpan, quarterSpan, weekSpan } from './moment.js';
import type { DaySpan, Moment } from './moment.js';
import { sought } from '../sought.js';

/** Words that make a sentence a question or a wish to see something. */
const ASKS = sought(
  /(?:详情|明细|资料|情况|进展|信息)(?:发|告诉)(?:给)?我|怎么说[啊呢]?(?=$|[?。\s])|[卡停](?:在|到)?(?:了)?哪|哪些|哪几|哪个|哪家|哪位|(?<![十百千好没])(?:几个|几家|几单)|多少|(?<!无|没[^,，。;；?!\n]{0,4})(?:什么(?!都|时候签都)|啥)|谁|怎么样|咋样|怎样|如何|吗|么(?=$|[?!。\s])|\?|到哪|有没有|是不是|是否|(?:\ue001|单|项目|商机|进展|进度|情况|阶段)(?:那边|这边|现在)?呢(?=$|[?。!\s])|了没有?$|(?<![勘检审调考抽清巡核侦复普排])查(?:询|一下|下|看|查)?(?!验|收|封)|(?<![再还要先得观去来过])看(?:看|一下|下|一看|一?眼)(?!再)|列(?:出|一下|表|个)|拉(?:个|一?张|一份|一下)(?:单子|清单|名单|表|列表)|统计|汇总|展示|显示|清单|名单|列表|一览|盘点|报表|概况|what|which|how|show|list|status of|pipeline|forecast/,
);
/** Noun phrases that ask without a question word: 本月预测, 华为云进展, 我的商机. */
const NOUN_ASKS = sought(
  /(?:预测|forecast|(?:预计|预期)(?:能)?(?:成交|签约|签单|回款|收入|销售)(?:总?额|金额)?|各个?阶段的?(?:金额|数量|商机|单子|情况)?|漏斗|funnel|pipeline|进展|进度|近况|现状|概况|情况|状态|详情|明细|分布|待办|动静|(?:跟进|拜访|联系|回访|签单|签约)(?:计划|安排|任务|清单|列表|名单)|我的(?:商机|单子|客户|机会|项目|跟进|deal)|的(?:商机|单子|项目|机会|客户|记录|历史)|(?:要|待|该|需要?|应该|得)(?:跟进|联系|回访|拜访)的?(?:客户|商机|单子|项目)?|(?:要|能|会|快|该|预计|计划|即将|可能|准备)(?:要)?(?:签|签约|签单|成交|关单|结单|关|到期)的?(?:客户|商机|单子?|项目)?|到期的?(?:客户|商机|单子?|项目)?|(?:没|未|没有|没人)(?:跟进|动静?|联系|更新|推进|回访|拜访|消息)(?:过)?的?(?:客户|商机|单子|项目)?|(?:超期|逾期|停滞|沉默|沉睡|僵尸|搁置)(?:未跟进|没跟进)?的?(?:客户|商机|单子|项目)?|(?<!是)(?:赢单|输单|丢单|成单)(?:原因|分析|统计|情况|列表|名单|明细|数量|总?金?额|总?数|率)?|(?:丢|赢|输)(?:了|掉)?的(?:客户|商机|单子|项目)?|签(?:了|下)?的单(?:子)?|成交的(?:客户|商机|单子)?|阶段的|(?:周|天|日|月)的跟进|联系方式|联系人(?:电话|是谁)?|^(?:所有|全部)的?(?:商机|单子|客户|项目)|^(?:本|这个?|上个?|下个?)(?:周|月|季度?)(?:成交|签约|签单|关单)|(?:deals?|opportunities) (?:clos|due)[a-z ]*)$/,
);
/** Behind a customer's name these are statements: 某某 丢单. */
const OUTCOME_NOUN =
  /(?:赢单|输单|丢单|成单)(?:原因|分析)?$|(?:签|关|成交|到期|跟进|联系|拜访|回访)$/;
/** “不确定什么时候签” states a doubt; it asks nothing. */
const UNSURE = sought(
  /什么(?:情况|时候|样)?(?:才|就)?(?:算|叫)|不确定|不清楚|不知道|没说|难[说讲]|说不好|不好[说讲]|(?<!^[谁哪].{0,6})还没|没定|看看(?:再说|情况)/,
);
const ORDERS = sought(
  /(?:改成|改为|改到|推进到(?![哪什啥])|推到(?![哪什啥])|转给|设为|更新为|提醒我|新建|新增商机|记一下|记录一下|加上|降到|涨到|帮我把|麻烦把|请把)/,
);

const FOLLOW =
  /该跟(?=哪|谁)|(?:谁|哪[些几家])[^,，。]{0,3}要跟|(?:要|待|该|需要?|得|应该|今天|今日|明天|下周|本周|这周).{0,8}(?:跟进|联系|回访|拜访|跟一下|处理|催|打电话|见)|待办|todo|to-do|跟进(?:列表|清单|计划|任务|安排|哪)|没(?:跟进?|联系|拜访|回访)完|follow-?\s?ups?|该找谁|联系谁|找谁|跟谁|拜访谁|见谁|(?:有什么|有啥|什么)(?:安排|事|任务|要做)|日程|行程|要跟的|(?<!在)跟哪些|联系哪些|见哪些|拜访哪些|跟进哪|回访哪/;
const STALE =
  /(?:没|未|不)(?:有)?(?:人)?(?:(?:跟进|联系|拜访|回访)(?!完)|动静|动过?|更新|进展|推进|互动|消息|碰过?|理过?)(?!.*(?:计划|安排))|停滞|沉默|沉睡|僵尸|冷掉|凉了的|搁置|超期|逾期|过期|卡住|长期|长时间|stale|太久没|好久没|久未|没推进|stuck/;
const LOST = /丢(?:了|掉|单|的|失)|输(?:了|单|掉|的|给谁|给哪)|失败|流失|lost|战败|没拿下|黄了/;
const WON =
  /赢(?:了|单|下|的)|成交|签(?:了|下|单了)(?!.*(?:哪天|什么时候))|中标|拿下了?|won\b|成单|开单|出单|业绩/;
const FORECAST =
  /预测|forecast|(?:预计|预期)(?:能)?(?:成交|签约|签单|回款|收入|销售)(?:总?额|金额)|(?:预计|估计|大概|能|会|可以)+(?:签|收|成交?|做|完成|拿下?|进账?|入账?|出|落|贡献|冲|到|有)?(?:下|到|回|账)?来?(?:多少|几多)|预估|预期(?:收入|业绩|金额)|加权|能不能完成|目标(?:完成|达成|还差)|缺口|完成(?:率|度)|业绩(?:预|能|会)|commit|best case/;
const CLOSING =
  /(?:要|能|会|该|快|即将|准备|可以|可能|预计|计划|应该|待|将|打算)(?:要)?(?:签|成交|关单|close|关|签约|签单|结单|落单|到期|收单|签下来|收口|成(?=$|[\s?的]))|到期|closing|clos(?:e|ing) this|签单(?:计划|预计)|签哪|关哪|close哪|(?:签约|关单|成交|结单)(?:的|列表|清单|计划|有哪|有几|哪)/;
const FUNNEL =
  /漏斗|各(?:个)?阶段|每个?阶段|阶段分布|分布|funnel|pipeline|管道|转化率|分阶段|按阶段/;
const MINE =
  /我的|我手[上里头]|我名下|我(?:这边|这里|现在|目前|一共|总共|负责|在跟|跟的|在负责)?(?:都)?(?:有|跟|负责)|my\b|手[上头里](?:有|的|还)|名下|所有商机|全部商机|商机(?:列表|清单|有哪些|一览)|有哪些(?:商机|单子|项目|机会)|(?:查看|看看|看下|看一下|列出|列一下|显示|查询|查一下|查)(?:一下)?(?:我)?(?:的)?(?:全部|所有)?(?:的)?(?:商机|单子|项目)/;
const CUSTOMER =
  /怎么说|进展|进度|情况|状态|怎么样|咋样|怎样|如何|到哪|[卡停](?:在|到)?(?:了)?哪|什么阶段|啥阶段|哪个阶段|哪一步|(?:\ue001|单|现在|目前|是|合同|报价|预算|金额|总共|一共|签|的)\s*多少|金额|现状|近况|最新|最近|详情|信息|资料|历史|记录|谁在跟|谁跟|谁(?:在)?[签谈做]的|谁负责|负责人|是谁|什么时候|何时|哪天|(?<![勘检审调考抽清巡核侦复普排])查|看|商机|单子|项目|status|detail|有没有|几个|哪些|啥|什么|(?:签|成|定|批|付|谈妥|确认|回复|推进|立项|中标|开标|上会|到账|回款|盖章|丢|赢|同意|通过|见|联系|跟进|拜访)了(?:吗|没|么)|没有\?|联系人|电话|跟到|呢|多少钱|来着|报(?:价)?[了过]?(?:价)?多少/;

export interface QueryContext {
  readonly hasCustomer: boolean;
  /** Asked only when the words decide nothing: looking for people is dear. */
  readonly hasPerson: () => boolean;
  readonly hasStage: () => boolean;
}

/** What kind of answer is wanted; `undefined` when nothing is asked. */
export function readQuery(
  text: string,
  marked: string,
  context: QueryContext,
): Found<QueryKind> | undefined {
  const bare = text.trim().replace(/[。.!~\s]+$/, '');
  const asks = ASKS.test(bare);
  const noun =
    NOUN_ASKS.test(bare.replace(/[?]+$/, '')) &&
    !/(?:没|无|有|不)(?:了|啥|什么|任何|大|新|实质|太大)*(?:进展|动静|消息|情况|进度)$/.test(
      bare,
    ) &&
    !(context.hasCustomer && OUTCOME_NOUN.test(bare));
  if ((!asks && !noun) || ORDERS.test(bare) || UNSURE.test(bare)) return undefined;
  const kind = kindOf(bare, marked, context, asks);
  return kind && { start: 0, end: text.length, value: kind };
}

function kindOf(
  text: string,
  marked: string,
  context: QueryContext,
  asks: boolean,
): QueryKind | undefined {
  const { hasCustomer, hasPerson, hasStage } = context;
  if (/多少钱一[个台件瓶箱斤双份包次]/.test(text)) return undefined;
  if (hasCustomer && CUSTOMER.test(marked)) return 'customer';
  if (hasCustomer) return asks && /查|看|show|status|detail/.test(text) ? 'customer' : undefined;
  if (/概率|天气|吃什么|几点了|星期几|什么时候下班|放假/.test(text)) return undefined;
  if (FUNNEL.test(text)) return 'funnel';
  if (STALE.test(text)) return 'stale';
  if (LOST.test(text)) return 'lost';
  if (FORECAST.test(text)) return 'forecast';
  if (hasStage() && /阶段|的|哪|几|多少|商机|单子|有|客户|项目|列|查|看/.test(text)) return 'stage';
  if (CLOSING.test(text)) return 'closing';
  if (WON.test(text)) return 'won';
  if (FOLLOW.test(text)) return 'followups';
  if (
    /商机|单子|项目|手上|手里|名下|客户|跟|负责|有|情况|进展|怎么样|在做|机会|deal/.test(text) &&
    hasPerson()
  )
    return 'owner';
  if (/商机|单子|项目|客户|机会|deal|opportunit|跟|手/.test(text) && MINE.test(text)) return 'mine';
  return undefined;
}

/** The time a question is about. A day or period that merely ends (月底前) reaches from today. */
export function readPeriod(text: string, moment: Moment): Found<Period> | undefined {
  for (const [pattern, read] of PERIODS) {
    const m = pattern.exec(text);
    const span = m && read(m, moment);
    if (m && span)
      return {
        start: m.index,
        end: m.index + m[0].length,
        value: { from: span.from, to: span.to },
      };
  }
  return undefined;
}

const offset = (word: string | undefined): number => {
  if (!word || /^[这本当]/.test(word)) return 0;
  return word.startsWith('上')
    ? -(word.match(/上/g) ?? []).length
    : (word.match(/下/g) ?? []).length;
};
const yearOf = (word: string | undefined, at: Moment): number | undefined => {
  if (!word) return undefined;
  if (word.startsWith('今') || word.startsWith('本')) return at.year;
  if (word.startsWith('明')) return at.year + 1;
  if (word.startsWith('去')) return at.year - 1;
  return Number(/\d{4}/.exec(word)?.[0] ?? at.year);
};
const one = (day: string): DaySpan => ({ from: day, to: day });

const PERIODS: readonly (readonly [
  RegExp,
  (m: RegExpExecArray, at: Moment) => DaySpan | undefined,
])[] = [
  [
    /(?:最近|近|过去|这)(\d{1,3}|[一二两三四五六七八九十]{1,3})(?:天|日)/,
    (m, at) => ({ from: addDays(at.today, 1 - (anyNumber(m[1] ?? '') ?? 1)), to: at.today }),
  ],
  [
    /(?:最近|近|过去)(?:一|1)?(?:个)?(?:周|星期|礼拜)/,
    (_, at) => ({ from: addDays(at.today, -6), to: at.today }),
  ],
  [
    /(?:未来|接下来|之后|往后)(\d{1,3}|[一二两三四五六七八九十]{1,3})(?:天|日)/,
    (m, at) => ({ from: at.today, to: addDays(at.today, anyNumber(m[1] ?? '') ?? 1) }),
  ],
  [
    /(本|这个?|当|上上个?|上个?|下下个?|下个?)(?:周|礼拜|星期)末/,
    (m, at) => {
      const week = weekSpan(at, offset(m[1]));
      return { from: addDays(week.from, 5), to: week.to };
    },
  ],
  [
    /(本|这个?|当|上上个?|上个?|下下个?|下个?)(?:周|礼拜|星期)(?!(?:[一二三四五六日天]))/,
    (m, at) => weekSpan(at, offset(m[1])),
  ],
  [
    /(本|这个?|当|上上个?|上个?|下下个?|下个?)月/,
    (m, at) => monthSpan(at.year, at.month + offset(m[1])),
  ],
  [
    /(本|这个?|当|上个?|下个?)季度?/,
    (m, at) => quarterSpan(at.year, Math.ceil(at.month / 3) + offset(m[1])),
  ],
  [
    /(今年|明年|去年|本年|20\d{2}年?)?(?:第?([一二三四1-4])季度?|q([1-4]))/,
    (m, at) =>
      quarterSpan(yearOf(m[1], at) ?? at.year, m[3] ? Number(m[3]) : (anyNumber(m[2] ?? '') ?? 1)),
  ],
  [
    /(今年|明年|去年|本年)?(上|下)半年/,
    (m, at) => {
      const y = yearOf(m[1], at) ?? at.year;
      return m[2] === '上'
        ? { from: `${y}-01-01`, to: `${y}-06-30` }
        : { from: `${y}-07-01`, to: `${y}-12-31` };
    },
  ],
  [
    /(今年|明年|去年|本年|20\d{2}年)的? ?(\d{1,2}|十[一二]?|[一二三四五六七八九])月/,
    (m, at) => monthSpan(yearOf(m[1], at) ?? at.year, anyNumber(m[2] ?? '') ?? 1),
  ],
  [
    /(?<![\d个])(\d{1,2}|十[一二]?|[一二三四五六七八九])月(?:份)?(?!\d|底|初|[一二三四五六七八九十])/,
    (m, at) => {
      const month = anyNumber(m[1] ?? '') ?? 0;
      return month >= 1 && month <= 12 ? monthSpan(at.year, month) : undefined;
    },
  ],
  [/今年|本年|全年|年度/, (_, at) => ({ from: `${at.year}-01-01`, to: `${at.year}-12-31` })],
  [/明年/, (_, at) => ({ from: `${at.year + 1}-01-01`, to: `${at.year + 1}-12-31` })],
  [/去年/, (_, at) => ({ from: `${at.year - 1}-01-01`, to: `${at.year - 1}-12-31` })],
  [/今天|今日|今儿|today/, (_, at) => one(at.today)],
  [/明天|明日|明儿|tomorrow/, (_, at) => one(addDays(at.today, 1))],
  [/后天/, (_, at) => one(addDays(at.today, 2))],
  [/last month/, (_, at) => monthSpan(at.year, at.month - 1)],
  [/this month/, (_, at) => monthSpan(at.year, at.month)],
  [/next month/, (_, at) => monthSpan(at.year, at.month + 1)],
  [/last week/, (_, at) => weekSpan(at, -1)],
  [/this week/, (_, at) => weekSpan(at, 0)],
  [/next week/, (_, at) => weekSpan(at, 1)],
  [/this quarter/, (_, at) => quarterSpan(at.year, Math.ceil(at.month / 3))],
  [/昨天|昨日/, (_, at) => one(addDays(at.today, -1))],
  [
    /(下下|下|本|这|上)?(?:周|礼拜|星期)([一二三四五六日天])/,
    (m, at) => {
      const weekday = '一二三四五六日'.indexOf((m[2] ?? '').replace('天', '日')) + 1;
      if (!m[1]) return one(addDays(at.today, (weekday - at.weekday + 7) % 7));
      return one(addDays(weekSpan(at, offset(m[1])).from, weekday - 1));
    },
  ],
  [/月底前?|月末前?|月内/, (_, at) => ({ from: at.today, to: monthSpan(at.year, at.month).to })],
  [
    /季度?(?:末|底|内)前?|季度(?=预测|目标|业绩)/,
    (_, at) => quarterSpan(at.year, Math.ceil(at.month / 3)),
  ],
  [/年底前?|年末前?|年内/, (_, at) => ({ from: at.today, to: dayAt(at.year, 12, 31) ?? at.today })],
];
