import { holdsLetter } from '../characters.js';
import { KNOWN_RIVALS } from './rivals.js';
import type { Sum } from './sum.js';

/** What a sum in the sentence is to the deal. */
export type SumRole = 'total' | 'target' | 'source' | 'up' | 'down' | 'ignore' | 'refused';

/** ¥100 billion: anything larger is a slip of the finger. */
const LARGEST_YUAN = 1e11;

/** Counts of things. Behind a space only what cannot open a new word: “30万 张总” is money and a man. */
const COUNTED =
  /^(?: (?:台|套|人(?!民)|位|用户|账号|帐号|节点|点位|测点|门店|终端|并发|席位|座席|坐席|工位|员工|会员)|(?:多|来)?(?:个(?!亿)|台|套|人(?!民)|名|位|用户|账号|帐号|节点|点位|测点|家|条|辆|件|次|吨|平(?!安|台)|方(?!案|面|向|式|法|便|针)|门店|部(?!署|门|分|里)|路(?!演|线|由)|张(?!总|工|董|经理|主任|处|科|局|院)|席|座席|坐席|工位|设备|并发|终端|颗|片|米(?!家)|公里|亩|户|单(?!子)|员工|会员|粉丝|头(?!款|期)|箱|瓶|粒|卡|股(?!份)|字|步|步数|公斤|斤|小时|分钟|度|千瓦|兆|条数据|年产|产能|学生|师生|床|间|只|支|枚|枝|根|株|双(?!方)|把(?!握)|篇|份)| ?(?:license|g\b|mb|tb|gb|sku|qps|tps))/;
const NOT_THE_DEAL =
  /(?:(?<!出)差|首付款?|首期款?|预付款?|定金|订金|尾款|首款|押金|保证金|违约金|赔了?|赔偿|补偿|罚款|罚了?|成本价?|差旅费?|差旅|回款|回了|到账|已付|打款|打了|付了|收了|已收|佣金|返点|注册资本|营收|年营收|产值|市值|融资|利润|毛利|中介费|招待费|标书费|服务费另收|欠款|欠|罚金|奖金|提成|业绩|指标|任务|目标|少赚|多赚|亏了?|工资|用户数?|会员数?|人数|粉丝数?|销量|产量|日活|月活|库存|门店数|员工数|面积|花了|省了?|节省|月薪|年薪)(?:是|为|约|:| |了|只|就|才|要|多|得|会|大概|还有|还差|我们?|\ue001)*$/;
const RIVAL_PRICE =
  /(?:对手|友商|竞品|竞对|竞争对手|同行|别家|别人|人家|另一家|其他家|他家|那家)(?:(?!我们|我方|咱)[^,;。!?\n]){0,8}(?:报价?|出|给|开|要价|喊)(?:了|到|的是|是|价)*$/;
const NOT_THE_DEAL_BEHIND =
  /^的?(?:投标|履约)?(?:保证金|首付款?|预付款?|定金|订金|尾款|首款|押金|违约金|罚款|质保金|标书费|运费|差旅|佣金|返点|奖金|注册资本|成本|利润|营收|欠款|缺口|差价)/;
/** 每套1200块, 1200一套: the price of one. */
const OF_ONE =
  /(?:单价|均价|人均|每(?:一)?(?:[套台个人件张户点辆条吨只份项次期月家店]|门店|节点|账号|用户|工位|平米|平方|公斤))(?:是|为|约|:| |才|只要|要|卖|收|大概|报价?)*$/;
const OF_ONE_BEHIND =
  /^ ?(?:\/|每|一)(?:[套台件张户辆条吨只份]|个(?!亿|单|项|月)|人(?!民)|节点|账号|用户)/;
/** 想再压5万, 要求我们让3万: a wish of theirs, not yet a price. */
const BARGAINED =
  /(?:想|要求|希望|[要让]我们|还要|非要|非得|求|能不能|能否)(?:我们?|咱们?|给?他们?|客户|再|还|往下|整体|多)*(?:压|砍|降|少|便宜|让|优惠|减|抹|打掉|下调)(?:价|个|点|一?下|掉|低)*$|问[^,，。;；]{0,4}(?:能不能|能否|可不可以|行不行)$/;
/** 少于30万不做, 50万才签: a condition; 差5万就到50万: not there yet. */
const CONDITION_BEHIND =
  /^[^,，。;；\d]{0,3}(?:就)?(?:[定选用买签]你们|[定选签]我们|不[做签谈接卖干考]|免谈|才(?:[做签行干]|能|可以|肯))|^ ?(?:块|元)?(?:太|有点|偏|嫌)[贵高多]|^(?:可以考虑|能不能|行不行|做不做|干不干|可不可以)/;
const NOT_REACHED = /差[^,，。;；]{1,10}(?:就|才)?(?:到|够|满)$/;
/** 硬件30万 软件20万: parts, of which none is the total. */
const PART =
  /(?:硬件|软件|实施|服务|运维|维保|培训|开发|设备|材料|人工|安装|授权|license)(?:费用?|部分|成本)?(?:是|约|大概|:| )*$/;
/** 50万以内 40万左右: a bound, when the sum itself is told as well. */
const BOUND_BEHIND = /^ ?(?:以内|以下|之内|以上|封顶|打底|起步?)/;
/** 去年签过50万: another deal, over long ago. */
const LONG_AGO =
  /(?:去年|大?前年|往年|上一?年|上次|上回|以前|之前)[^,，。;；]{0,6}(?:签|做|买|花|成交|采购|合作|付|投)(?:了|过|的|是|才|就|约|大概)*$/;
/** 那个5万的POC不算, 还是400万不动: nothing to be written of it. */
const SET_ASIDE =
  /^的?[^,，。;；\s\d]{0,6}(?:不算(?![高低贵多少大小便太很])|作废)|^ ?(?:保持)?(?:不动|不变|没变|没动|别动)/;
/** 只要降到200万就签: a condition, not a price. */
const CONDITION = /(?:只要|除非|如果|要是|假如|前提是|条件是|若是?)[^,，。;；]{0,14}$/;
/** “竞争对手泛微，他们报65万”: the clause before named the rival, this one its price. */
const RIVAL_BEFORE =
  /(?:对手|友商|竞品|竞对)[^。;；!?\n]{1,20}[,，\s]+(?:他们|对方|人家|那边|其|它)?的?(?:报价?|出价|开价|要价|出|给)(?:了|到|的?是|只要|才)*$|(?:他们|人家)(?:只|才|就)?报价?(?:了|到|的?是)*$/;
/** 比我们低10万: a difference between offers, not the deal. */
const COMPARED =
  /(?:比我们|比咱们?|比对手|比金额|差价|价差|相差|贵了?|低了?|高了?|多了?|少了?|高出|多出|便宜了?)[^,，。;；\d]{0,4}$/;
const RIVAL_NAMED = new RegExp(
  `(?:${KNOWN_RIVALS})(?:(?!我们|我方|咱)[^,，。;；!?\\n]){0,6}(?:报价?|出|给|开|喊|要价|中标价)(?:了|到|的是|是|价)*$|(?<![a-z])(?:${KNOWN_RIVALS})(?:那边|他们|家|是|才|只要|只)*$|(?:对手|友商|竞品|竞对|同行|别家)(?:那边|他们|是|才|只要|只| )*$|(?:低|高|贵|便宜)(?:我们|咱们?)(?:了|大概)?$`,
);
const UP =
  /(?:加价|再加|又加|多加|加了|加上|追加了?|增加了?|上调了?|上浮了?|多了|涨了|提高了|提了|上升了|增了|增购了?|增补了?|扩容了?|加购了?|调高了?|调增了?|又多了?|再追加|(?<![参增追])加|涨)(?:了|大概|大约|约|近)?$/;
const DOWN =
  /(?:砍了|砍掉了?|砍去|减少了?|减了|减掉了?|减去|少了|降了|降价了?|下调了?|便宜了?|让了|让利了?|让价了?|优惠了?|打掉了?|压了|压掉了?|压价了?|压下来了?|缩减了?|缩水了?|削了|削减了?|扣了|扣掉了?|抹了|抹掉了?|调低了?|调减了?|下浮了?|下降了?|去掉了?|核减了?|(?<!至|不)少|减|降|砍|(?<!力)扣)(?:了|大概|大约|约|近)?$/;
const TARGET =
  /(?:降到|降至|降成|涨到|涨至|加到|加至|砍到|砍成|压到|压至|压成|谈到|谈成|改到|改成|改为|改回|改|调到|调成|调为|调至|调整到|调整为|调整成|变成|变为|变更为|提到|提至|提高到|上调到|上调至|上调为|下调到|下调至|下调为|增加到|增加至|追加到|减少到|减到|减至|缩到|缩减到|更新为|更新成|更新到|修改为|修改成|更正为|更正成|修正为|升到|落到|落在|定在|定为|定成|打到|跌到|回到|→|->|=>|=|到|至|(?:先|就|暂时?|还是|金额|统一|改)按照?|折下来|算下来|折后|优惠后|打完折|抹零后|应该是|应为|其实是|实际是|变|(?<!不)是|现在|目前|最终|最后|总共|一共|共计|合计|总计|(?<![公])共|总额|总价)(?:是|为|约|大概|大约|近|了|:| |就|只有|只剩|剩)*$/;

const CUE =
  /(?:金额|合同额|合同金额|合同总额|预算|报价|报了?|价格|总价|标的|标价|价税合计|单子|成交价|成交|总额|大概|大约|约|规模|体量|合同|订单|签了|签|就|¥|改成|改为|改到|改|降到|涨到|加到|砍到|压到|调到|调整为|变成|提到|更新为|定在|到)(?:是|为|在|了|有|从|:| |约|大概)*$/;

const isPart = (text: string, { start }: Sum): boolean =>
  PART.test(text.slice(Math.max(0, start - 10), start));

/** What stands around a sum: near before it, in the clause before it, right behind it and further on. */
interface Around {
  readonly left: string;
  readonly clause: string;
  readonly right: string;
  readonly behind: string;
}

export interface SumOptions {
  /** Numbers without a unit count when a word of money stands by. */
  readonly bare: boolean;
  /** So does one that stands alone behind a name. */
  readonly lone: boolean;
}

/** `before` and `after` are the sums next to it. */
export function roleOf(
  text: string,
  sum: Sum,
  before: Sum | undefined,
  after: Sum | undefined,
  options: SumOptions,
): SumRole {
  const around: Around = {
    left: text.slice(Math.max(before?.end ?? 0, sum.start - 14), sum.start),
    clause: text.slice(Math.max(0, sum.start - 30), sum.start),
    right: text.slice(sum.end, sum.end + 8),
    behind: text.slice(sum.end, sum.end + 10),
  };
  const { left, right } = around;
  if (right !== '' && (isCount(sum, right) || isOfAnotherBehind(around))) return 'ignore';
  if (holdsLetter(around.clause) && isOfAnother(around)) return 'ignore';
  if (PART.test(left) && [before, after].some((other) => other && isPart(text, other)))
    return 'ignore';
  if (after?.unit && BOUND_BEHIND.test(right)) return 'source';
  if (!sum.unit && !isStated(text, sum, around, options)) return 'ignore';
  if (sum.negative || sum.value <= 0 || sum.value > LARGEST_YUAN) return 'refused';
  if (after && isSourceOf(text.slice(sum.end, after.start), left)) return 'source';
  if (isTakenBack(around)) return 'source';
  return SAYS_SOMETHING.test(left) ? movementTo(left) : 'total';
}

/** 20台, 85折, 3期: how many or how much of what is no money. */
function isCount(sum: Sum, right: string): boolean {
  if (!sum.money && COUNTED.test(right) && !/^ ?(?:个|单)?[,.。;]/.test(right)) return true;
  if (right.startsWith('级')) return true;
  return (
    !sum.money && !sum.unit && /^ ?(?:折|成|%|倍|点(?!击)|分|号|期|年|月|日|天|周)/.test(right)
  );
}

/** Money of somebody else, of one piece, of another time, or only wished for. */
function isOfAnother({ left, clause }: Around): boolean {
  return (
    RIVAL_PRICE.test(clause) ||
    RIVAL_NAMED.test(clause) ||
    RIVAL_BEFORE.test(clause) ||
    CONDITION.test(clause) ||
    NOT_REACHED.test(clause) ||
    LONG_AGO.test(clause) ||
    NOT_THE_DEAL.test(left) ||
    OF_ONE.test(left) ||
    BARGAINED.test(left) ||
    (/比(?:我们|咱|对手|友商|别家|预算|上次)/.test(clause) && COMPARED.test(left))
  );
}

function isOfAnotherBehind({ right, behind }: Around): boolean {
  return (
    NOT_THE_DEAL_BEHIND.test(behind) ||
    OF_ONE_BEHIND.test(right) ||
    CONDITION_BEHIND.test(behind) ||
    SET_ASIDE.test(behind)
  );
}

/** A number without a unit is money by a word beside it, or alone behind a name. */
function isStated(text: string, sum: Sum, { left, right }: Around, options: SumOptions): boolean {
  const said = text.slice(sum.start, sum.end);
  // 砍了一半, 少了一个模块: a lone Chinese digit is no sum.
  if (!/\d/.test(said) || /^[-/.年月]\d?/.test(right)) return false;
  const digits = said.replace(/\D/g, '').length;
  const alone =
    options.lone &&
    digits >= 4 &&
    digits <= 10 &&
    /(?:^|[\s,:;\ue001-\ue009])$/.test(left) &&
    /^(?:$|[\s,;。])/.test(right);
  if (!alone && !CUE.test(left) && !UP.test(left) && !DOWN.test(left)) return false;
  return sum.value >= 1000 || /(?:金额|合同额|预算|报价|价格|总价)[^\d]{0,3}$/.test(left);
}

const TAKEN_BACK_BEFORE = /不是(?:说)?(?:[减降砍压加涨提改调](?:到|成|为|至|了)?)?$/;
const TAKEN_BACK_BEHIND =
  /^ ?[,，]? ?(?:不对|错了|写错|搞错|说错|打错|不是(?! ?(?:[减降砍压加涨提改调][到成为至了]?)? ?[\d一二三四五六七八九十])|哦不|不,|不，)/;

/** 不是50万 …, 50万，不对 …: said, and taken back. */
function isTakenBack({ left, right }: Around): boolean {
  return TAKEN_BACK_BEFORE.test(left) || TAKEN_BACK_BEHIND.test(right);
}
const SAYS_SOMETHING = /[^\s\ue001-\ue009]/;

function movementTo(left: string): SumRole {
  if (TARGET.test(left)) return 'target';
  if (UP.test(left)) return 'up';
  if (DOWN.test(left)) return 'down';
  return /(?:^|[\s\ue001])\+$/.test(left) ? 'up' : 'total';
}

/** What was asked for at first. */
const FIRST_QUOTED =
  /(?:原来|原先|原本|本来|起初|最早|最初|一开始|开始|当初)(?:我们|客户)?(?:报价?|谈|要|开价?|说)(?:了|的?是|到)?$/;

/** “从80万压到72万”, “30万→45万”, “不是50万是80万”: is the sum before `between` the old one? */
function isSourceOf(between: string, left: string): boolean {
  // 原来报100万最后成交92万
  if (FIRST_QUOTED.test(left) && /(?:最后|最终|后来|现在|结果|成交|签)/.test(between)) return true;
  if (
    /(?:从|由|原来|原先|之前|原本|本来|原价|原报价?)[是为的价]{0,2}$/.test(left) &&
    between.length <= 12
  )
    return true;
  if (/不是$/.test(left)) return true;
  return /^ ?(?:被|又|直接|给)?(?:砍到|砍成|压到|压成|谈到|改到|改成|改为|改|降到|降至|降成|涨到|涨至|加到|调到|调整到|调整为|调成|变成|变为|变|提到|提高到|上调到|下调到|升到|减到|缩到|缩减到|打到|→|->|=>|>|跌到|增加到|追加到) ?$/.test(
    between,
  );
}
