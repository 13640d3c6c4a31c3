import { isTradeWord } from '../name-forms.js';
import { mentionOf } from '../name-index.js';
import type { NameHit, NameIndex } from '../name-index.js';
import type { Mention } from '../reading.js';
import type { Range } from '../scene.js';

/** Something named, at its place in the uniform text. */
export interface Named extends Range {
  readonly mention: Mention;
}

/** A customer spoken of. */
export interface CustomerMention extends Named {
  /** The opportunity named at the same place (华为二期), whose customer `mention` is. */
  readonly opportunity: Named | undefined;
}

/** Han text before which a short name may stand: after these a new noun begins. */
const OPENS =
  /(?:[交次下把将给跟和与同找约见访在去到向从对替帮让被叫催问系询是的了家户增查看复聊谈信电话我单机于由因为及或建加录开陪请送飞赴往等盯跑搞签定拿赢丢输追推进关用刚天午上晚早已前外后有便者趟果若如、号末初月年\dA-Za-z一二三四五六日个条说像装啥]|[那这]边|什么|似乎|貌似|介绍|推荐|更新|修改|变更|调整|提醒|汇报|统计|联络|答复|争取|攻克|负责|服务|支持|针对|包括|assign|update)$/u;
/** Latin words of the trade that are never a customer's initials. */
const NOT_A_NAME = new Set(
  'ok hi hello no yes to by at in on of the is am pm po poc ui ux it hr ceo cto cfo coo cio vp gm pm bp demo erp crm mes wms oa plm scm sap app api sdk ai bi iot saas paas iaas kpi okr roi nda mou sow rfp rfq q1 q2 q3 q4 win won lost lose loss close closed deal assign update create new opp opportunity remind me meeting call visit email mail wechat wx kw rmb usd cny eur hkd ppt pdf excel word bug todo done next step stage back help undo approve reject show list query forecast pipeline funnel follow up my all for with from and or not a b c p0 p1 p2 w k m vip tbd eta fyi asap btw lol script alert select drop table where or and null undefined true false sign signed contract amount price budget quote tomorrow today demo test'.split(
    ' ',
  ),
);
/** 老板今天心情咋样, 老板让我…: the boss, not the maker of cookers. */
const SPEAKS_OF_BOSS =
  /^老板(?:[,，]|们?(?:今天|明天|昨天|刚才?|也|又|还|都|很|不|没|已经?|总是?)*(?:心情|没心思|没空|没时间|去|带|跟我|让|说|叫|问|觉得|批|催|出差|开会|请|骂|想|发[火话飙红工]|在不在|来了|回来|同意|拍板|高兴|生气|画饼|喊|找我|安排|交代|定的|点头))/;
/** 下月中能签: the middle of the month, and no 中能. */
const PART_OF_PERIOD = /^[月年周季][初中底末]/;
const MOST_NAMESAKES = 20;
/** Behind a part of a name: 三局, 一航局, 大桥局; not 部门开局, 结局. */
const BUREAU =
  /^(?:[一二三四五六七八九十]{1,3}[航公]?|大桥|隧道|电气化|建工|港航)局(?![面势限部长])/;

/** The customer named at `at`, if one is. */
export function customerAt(
  text: string,
  at: number,
  index: NameIndex,
): CustomerMention | undefined {
  return isHan(text, at) ? hanMention(text, at, index) : latinMention(text, at, index);
}

function isHan(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x3400 && code <= 0x9fff;
}

const isWordChar = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 48 && code <= 57);

/** The next place a name can begin at: a run of latin letters or digits is one word. */
export function nextStart(text: string, at: number): number {
  let next = at + 1;
  if (isWordChar(text.charCodeAt(at))) while (isWordChar(text.charCodeAt(next))) next++;
  return next;
}

function hanMention(text: string, at: number, index: NameIndex): CustomerMention | undefined {
  const hit = index.longestAt(text, at);
  if (!hit) return undefined;
  const size = hit.end - at;
  const left = text.slice(Math.max(0, at - 6), at);
  // 壳牌的年审: what is said of it shows where a name ends, and 好想你们 that it is none.
  const of = text[hit.end] === '的' && isHan(text, hit.end + 1);
  const opens = at === 0 || !isHan(text, at - 1) || of || OPENS.test(left);
  if (/[你我他她]$/.test(text.slice(at, hit.end)) && text[hit.end] === '们') return undefined;
  if (hit.how !== 'exact' && SPEAKS_OF_BOSS.test(text.slice(at, at + 8))) return undefined;
  if (!opens && size <= 3) return undefined;
  if (hit.how !== 'exact' && PART_OF_PERIOD.test(text.slice(at - 1, at + 1))) return undefined;
  return extended(text, at, hit);
}

/** 平安银行 is not 平安科技: a trade word right behind a part of a name must belong to that name. */
function extended(text: string, at: number, hit: NameHit): CustomerMention | undefined {
  const { end } = hit;
  if (hit.how === 'part' || hit.how === 'short') {
    for (let size = 4; size >= 2; size--) {
      const word = text.slice(end, end + size);
      if (
        word.length < size ||
        !isTradeWord(word) ||
        /^(?:设备|系统|数据|服务|软件|技术|材料|发展|工程|建设|中心|信息|移动|软件|金融|教育|环境)/.test(
          word,
        )
      )
        continue;
      const fitting = hit.candidates.filter((candidate) => candidate.name.includes(word));
      if (fitting.length > 0) return toMention(at, end + size, { ...hit, candidates: fitting });
      if (
        /^(?:银行|证券|保险|财险|寿险|汽车|终端|地产|医药|药业|钢铁|电器|电气|电力|航空|传媒|食品|物流)$/.test(
          word,
        )
      ) {
        return unknownAt(text, at, end + size);
      }
    }
  }
  // 中建三局 is not 中建八局: of bureaus only the number tells which.
  const bureau = text[at] === '中' ? BUREAU.exec(text.slice(end, end + 5))?.[0] : undefined;
  if (bureau !== undefined && hit.how !== 'exact') {
    const fitting = hit.candidates.filter(({ name }) => name.includes(bureau));
    if (fitting.length === 0) return unknownAt(text, at, end + bureau.length);
    return toMention(at, end + bureau.length, { ...hit, candidates: fitting });
  }
  // 华为公司, 东山集团: the legal form belongs to the name.
  const legal =
    hit.how === 'exact'
      ? undefined
      : /^(?:(?:股份|控股|集团)?(?:有限)?(?:责任)?公司|集团)/.exec(text.slice(end, end + 8));
  return toMention(at, end + (legal?.[0].length ?? 0), hit);
}

function unknownAt(text: string, start: number, end: number): CustomerMention {
  const mention = { kind: 'unknown', words: text.slice(start, end) } as const;
  return { start, end, mention, opportunity: undefined };
}

function latinMention(text: string, at: number, index: NameIndex): CustomerMention | undefined {
  if (!isWordChar(text.charCodeAt(at)) || isWordChar(text.charCodeAt(at - 1))) return undefined;
  const end = nextStart(text, at);
  const known = index.longestAt(text, at);
  if (known && (known.end >= end || !isWordChar(text.charCodeAt(known.end))))
    return toMention(at, known.end, known);
  const word = text.slice(at, end);
  if (!/^[a-z]{2,}$/.test(word) || NOT_A_NAME.has(word) || '@.'.includes(text.charAt(end) || ' '))
    return undefined;
  if ('@./-_'.includes(text.charAt(at - 1) || ' ')) return undefined;
  const hit = index.byLatin(word);
  if (!hit || hit.candidates.length > MOST_NAMESAKES) return undefined;
  if (word.length === 2 && at !== 0 && !/[\s,;:\n.、]$/.test(text.slice(0, at))) return undefined;
  return toMention(at, end, hit);
}

function toMention(start: number, end: number, hit: NameHit): CustomerMention {
  return { start, end, mention: mentionOf(hit.candidates, hit.how), opportunity: undefined };
}

const LONGEST_MISSPELT = 10;
/** What may come before a name at the start of a segment. */
const LEAD_IN =
  /^[\s,:、\-*•·>]*(?:(?:今天|昨天|刚才|刚刚|下午|上午|早上|晚上|刚|帮我|麻烦|请|把|将|给|跟|和|与|拜访了?|联系了?|约了?|见了?|去了?|更新|update|客户)[\s:]*){0,3}/;

/**
 * A customer whose name was typed with one wrong character of the same or a near sound (比亚笛).
 * Looked for only where a name must stand, at the head of a segment; the caller makes sure the rest
 * of it speaks of a deal.
 */
export function misspeltCustomer(
  text: string,
  index: NameIndex,
  shortest: number,
): CustomerMention | undefined {
  const lead = LEAD_IN.exec(text)?.[0].length ?? 0;
  for (const at of new Set([lead, 0])) {
    let longest = 0;
    while (longest < LONGEST_MISSPELT && isHan(text, at + longest)) longest++;
    for (let size = longest; size >= shortest; size--) {
      const words = text.slice(at, at + size);
      if (
        size === 2 &&
        !/^(?:$|[\s,:;的那这推进到转签丢输赢报改谈方需金预合概七八九六五1-9])/.test(
          text.slice(at + size, at + size + 1),
        )
      )
        continue;
      const hit = index.bySound(words);
      if (hit && hit.candidates.length <= MOST_NAMESAKES) return toMention(at, at + size, hit);
    }
  }
  return undefined;
}

const UNKNOWN =
  /^[\s,:、\-*•·>]*(?:(?:\d{1,2}[.、)]|[把将]|客户|更新|update)[\s:]*)?([\p{Script=Han}a-z0-9()&·]{2,14}?)(?=[\s,:\ue002\ue004\ue005]|\(新客户\)|\ue003+(?:前|之前|内|就|能|可以|要|计划|预计)*(?:签|成交|关单)|推进|推到|进入|进(?:\ue004)|转(?:到|\ue004)|退[回到]|(?:的)?(?:金额|预算|报价|合同|阶段)|签[了下]|丢了|赢了|输了|拿下|中标|成交|赢单|输单|丢单|改成|改到|从)/u;
/** Words that begin or make up a message without a name. */
const NO_CUSTOMER =
  /合计|总计|共计|群里|有人|超过|大于|低于|高于|不到|装修|驾校|4s|搬家|婚庆|家政|保姆|月嫂|中介|诊所|牙医|健身|幼儿园|物业|像|房子|房东|租房|买房|车险|似乎|貌似|装|为[啥何什]|我|你|他|她|它|这|那|哪|谁|今|明天|明年|昨|前天|后天|大后|[上下本]周|周[一二三四五六日末]|星期|礼拜|月(?!亮|星)|季度|年底|年前|年后|刚|已经|现在|目前|金额|预算|报价|价格|总价|合同|阶段|概率|把握|签|推|进展|进度|商机|项目|单子|系统|平台|方案|需求|谈判|客户|对方|领导|老板|跟|提醒|帮|请|麻烦|可以|好的|收到|新建|新增|创建|联系|电话|微信|邮件|拜访|开会|会议|演示|汇报|沟通|预计|大概|可能|应该|估计|左右|之前|之后|以后|还是|但是|不过|因为|所以|如果|要是|没|不|别|就|都|也|还|再|又|先|等|从|到|把|给|和|与|的$|了|吗|吧|呢|啊|哈|嗯|对|错|改|撤|同意|驳回|赢|输|丢|完成|搞定|恭喜|感谢|谢|总共|一共|加|减|涨|降|砍|压|成|折|万|亿|元|块|优先|标签|竞|友商|备注|下一步|接下来|后续|下次|周报|日报|汇总|总结|情况|有|是|要|想|去|来|说|问|看|做|发|让|会|能|很|太|真|close|sign|won|lost|stage|amount|deal|budget|win|lose|call|meeting|next|demo|poc|follow|update|ok|test|hi|hello/;

/** 华能集团, 老板电器: a company by its last word, whatever the first ones mean. */
const COMPANY =
  /^(?!我们|咱|他们?|她|你|这|那|该|某|各|客户|对方|国有|上市|新|总|子|分|一家|装修|搬家|婚庆|家政|保洁|租车|贷款|快递|保险公司|哪|什么|[是有在和跟去到把给])\p{Script=Han}{2,8}(?:集团|公司|股份|银行|证券|保险|电器|电气|汽车|药业|制药|酒业|食品|乳业|重工|科技|能源|实业|地产|航空|医院|大学|学院|酒店|物流|传媒|木业|纺织)$/u;

/** Does a word stand for a company by how it ends? */
export function isCompanyWord(words: string): boolean {
  return COMPANY.test(words);
}

/**
 * A customer nobody knows, by its place: the first word of a message that otherwise states fields
 * (“蓝月亮 50万 月底签”). Words of the trade and of everyday talk are no names.
 */
export function unknownCustomer(marked: string): CustomerMention | undefined {
  const m = UNKNOWN.exec(marked);
  const words = m?.[1];
  if (
    !m ||
    !words ||
    (NO_CUSTOMER.test(words) && !COMPANY.test(words)) ||
    /^\d+$/.test(words) ||
    !/\p{Script=Han}/u.test(words)
  )
    return undefined;
  const end = m.index + m[0].length;
  return unknownAt(marked, end - words.length, end);
}
