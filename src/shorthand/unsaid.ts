/**
 * Clauses that say what shall not be, might be or was only wished for. They are blotted out before
 * anything is read, so that no recogniser has to know of them and what stands beside them
 * (“别标输单，金额改成50万”) is read as ever.
 */

import { isStory, isTalkOfDeal } from './intent.js';
import { isPrivateLife } from './private-life.js';
import type { Range } from './scene.js';
import { clauseStart, MARK, matches } from './scene.js';
import { sought } from './sought.js';
import type { Sought } from './sought.js';

const CLAUSE_END = '[^,，。;；!！?？\\n]{0,60}';
/** What is ordered of the bot: a field, a stage, an owner, a record or a reminder is changed. */
const ORDERED =
  '(?:转(?:给|派|交|到|[^型正化账变机][^,，。;；]{1,2}(?:了|$))|移交|交给|分[配派]给?|指派|改派|改(?=成|到|为|回|金额|阶段|概率|日期|时间|负责人|¥?\\d|[一二三四五六七八九十])|调(?:成|到|为)|标(?=成|为|记|[赢输丢]|重点|上)|[打贴加](?:上|个)*标签|推(?:进(?!度)|到|迟|后)|退(?:回|到)|提醒|叫我|喊我|设(?:成|为)|更新|变更为|(?:新建|新增|创建|建|录)(?=个|一个|了|商机|单)|撤[销回]|算(?=赢|输|丢)|动(?=$|[了它啊哈吧\\s,，。!])|降到|升到|涨到)';
const SOFTENED = '(?:再|先|急着|着急|给我?|帮我|让|直接|随便|轻易|乱|都|\\ue001{1,20})';
/** Between the refusal and the order: 不要再把某某 …, 先别急着 …. Bounded, so that no text takes long. */
const BETWEEN = `${SOFTENED}{0,2}(?:[把将给][^,，。;；!?\\n]{0,12}?)?${SOFTENED}{0,2}`;
/** 不要 but not 要不要, 别 but not 特别, 别的, 别忘了. */
const REFUSES =
  '(?:(?<!要)不要|不用(?!说|想)|不必|没有?必要|无需|不需要|用不着|不许|不准|先不(?!说)|暂不|暂时不|不想|没(?:有)?(?:说|打算|想)(?:要|过|过要)?|没让你?|不(?=转给|改成|改为|改到|标[成为]|[打贴]标签|提醒|推进到|退回)|(?<![特分级区个性类识判差告鉴辨])(?:别|甭))';

/** Orders not to do something. */
const REFUSED = sought(new RegExp(`${REFUSES}${BETWEEN}${ORDERED}${CLAUSE_END}`, 'g'));
/** 刘总说先别推进: who speaks stays, as a report. */
const SAYS_SO =
  /(?:客户|对方|甲方|他们|那边|领导|老板|[总董工](?!单)|经理|主任|采购|说|讲|表示|要求|让我们?|建议|反馈|通知|觉得)[^,，。;；]{0,6}$/;
/** 方案不用改成英文: papers, not the record. */
const OF_PAPERS = /(?:方案|合同|标书|条款|图纸|文案|报价单|ppt|代码)(?:也|都|先|就)*$/;

const UNREAL: readonly Sought[] = [
  // 本来想转给某某，算了: what was intended and given up.
  new RegExp(
    `(?:本来|原本|原来|本)(?:是|还)?(?:想|要|打算|准备|计划)(?:着|的)?${BETWEEN}${ORDERED}${CLAUSE_END}(?:[,，]\\s*(?:后来|还是|想想)*(?:算了|作罢|没必要)${CLAUSE_END})?`,
    'g',
  ),
  // 打算把某某转给…: handed over one day, or by somebody else.
  new RegExp(
    `(?:考虑|打算|准备|计划|可能会?|也许会?|(?:领导|老板|客户|他们?)想)[^,，。;；!?\\n]{0,12}?(?:转[给派]|移交|交给|改派)${CLAUSE_END}`,
    'g',
  ),
  // What one dreams of.
  new RegExp(
    `(?:白日梦|做梦|梦见|梦到|真想|好想|多想|恨不得|巴不得|但愿|真希望|多希望|(?<=^|[,，。;；!\\n]\\s*)(?:希望|祈祷|盼着?|求求?)(?=[^,，。;；]{0,20}能[^,，。;；]{0,6}[签定成拿赢]))${CLAUSE_END}`,
    'g',
  ),
  // 祝大家签单签到手软, but not 祝贺某某签了.
  new RegExp(
    `(?<=^|[,，。;；!~\\s])(?:预祝|祝(?!贺)(?=[^,，。;；!?\\n]{0,24}(?:快乐|顺利|大吉|成功|手软|长虹|发财|健康|愉快|爆单|多多|满满)))${CLAUSE_END}`,
    'g',
  ),
  // 谁说某某签了, 难道输了？: the speaker holds the contrary.
  new RegExp(
    `(?:谁说(?!了算|的算|得)(?:的是)?|难道(?!说)|怎么可能|哪可能)${CLAUSE_END}[?？]?`,
    'g',
  ),
  // 没说某某签了: who denies having said it does not say it.
  new RegExp(
    `没(?:有)?(?:说|听说)(?:过)?[^,，。;；!?\\n]{1,12}(?:签|赢|丢|输|中标?|成|黄|拿下)了${CLAUSE_END}`,
    'g',
  ),
  // 等某某签了我就去旅游: what hangs on a day nobody knows.
  new RegExp(
    `(?:^|(?<=[,，。;；!\\n\\s]))等[^,，。;；!?\\n]{1,10}(?:签|成|拿下|中标|搞定|赢)了[,，]?\\s*(?:我们?|咱们?|大家|你)?就${CLAUSE_END}`,
    'g',
  ),
  // 我没说某某50万啊: so it is not.
  new RegExp(
    `(?:^|(?<=[,，。;；!\\n\\s]))我(?:可|又|也|并)?没(?:有)?(?:说|提|报|录|记)(?:过)?(?![清明完错全对])${CLAUSE_END}`,
    'g',
  ),
  // 该不该给某某建个商机呢: thinking aloud.
  new RegExp(
    `(?:该不该|要不要|用不用|需不需要|是不是(?:该|要)|应不应该|值不值得)${CLAUSE_END}(?:[?？]|(?<=[呢啊吧])(?=$|[\\s,，。;；!\\n]))`,
    'g',
  ),
  // 等客户签了再改成…: an order for a day nobody knows.
  new RegExp(
    `(?:^|(?<=[,，。;；!\\n\\s\\ue001]))(?:等|等到|待)(?!了|着|待)[^,，。;；!?\\n]{1,14}(?:了|完|后|过)(?:之后|以后)?[,，]?\\s*(?:我们?)?(?:再|才)(?:${BETWEEN})?${ORDERED}${CLAUSE_END}`,
    'g',
  ),
].map(sought);

/** The clauses of `text` (customers marked) that say nothing to be written. */
export function unsaidClauses(text: string): Range[] {
  const found: Range[] = [];
  for (const m of matches(text, REFUSED)) {
    const end = m.index + m[0].length;
    const from = clauseStart(text, m.index);
    const left = text.slice(from, m.index);
    if (OF_PAPERS.test(left)) continue;
    found.push({ start: SAYS_SO.test(left) ? m.index : from, end });
  }
  for (const pattern of UNREAL)
    for (const m of matches(text, pattern))
      found.push({ start: m.index, end: m.index + m[0].length });
  return found;
}

// ── said, not meant ────────────────────────────────────────────────────────────────────────────────

/** A whole name, as long as names are. */
const NAMED = `${MARK.customer}{1,30}(?!${MARK.customer})`;
/** Going out, shopping: no deal, whatever other words stand beside. */
const LEISURE = sought(
  /去哪儿?(?:玩|吃|逛|旅游|度假|过[年节]|聚餐)|下单[^,，。]{0,8}(?:就|都)到(?:了|货|$)|健身[房卡]的?(?:合同|会员|年卡)/,
);
/** The same with the name in it, and what an app told; tried where a name begins. */
const NAME_IN_LEISURE = new RegExp(
  [
    `(?<=国庆|假|周末|你们?|咱们?|大家|他们)${NAMED}(?:玩|吃|逛|旅游|度假|过[年节]|聚餐)`,
    `(?<=^|[,，。\\s])${NAMED}一下(?!子|[就把])`,
    `(?<=有)${NAMED}了?(?=$|[!。~])`,
    `(?<=^[^${MARK.customer}]{0,30}[喝抽]|[一二两三四五六七八九十\\d][箱瓶袋盒罐杯桶])`,
    `${NAMED}上(?:有人)?(?:都)?(?:说(?!明)|讲|看[到见了中]|刷到|搜到|有人|买的?|在吵|都在)`,
    `${NAMED}(?:了一?下|刷[到了]|到家|归来|无事|喜乐|会议(?:号|id)|队(?=.{0,6}[赢输])|险(?![情资])|明媚|灿烂|普照|正好(?=$|[\\s,，。!哈啊呀]))`,
    `${NAMED}(?:大厦|公司|园区|总部)?(?:楼下|门口|对面|旁边)的?(?:那家|一家)?(?:打印|便利|停车|超市|药店|水果)`,
  ].join('|'),
  'y',
);

/** `text` has customers marked. */
function isLeisure(text: string): boolean {
  if (LEISURE.test(text)) return true;
  for (let at = text.indexOf(MARK.customer); at >= 0; at = text.indexOf(MARK.customer, at)) {
    NAME_IN_LEISURE.lastIndex = at;
    if (NAME_IN_LEISURE.test(text)) return true;
    while (text[at] === MARK.customer) at++;
  }
  return false;
}

/** Days off, the weather, what a pound of fruit costs; beside a word of business they are its circumstances. */
const DAILY = sought(
  new RegExp(
    `请假|年假|调休|下[雨雪]|刮风|出太阳|堵车|肉疼|剁手|提车(?!间)|${NAMED}买的(?!是)|(?:块|元|毛)[一二两三四五六七八九\\d]?(?:钱)?(?:一|每|\\/)[斤杯碗串根晚顿瓶箱包袋盒双个]|楼下(?:的)?(?:水果|超市|便利|早餐|咖啡|奶茶|小)`,
  ),
);

/** 我同学那边一个单子2000万, 人家签了好羡慕: deals of people who are not us. */
const OTHERS = sought(
  /羡慕|眼红|嫉妒|(?:同学|朋友|哥们|闺蜜|室友|邻居|亲戚|前同事|前东家|前公司|老东家)[^。;；!?\n]{0,16}(?:他们?|她们?|那边|自己)(?:的|家|部门|公司|团队|组|那边|最近|也|又|刚)*[^,，。;；!?\n]{0,6}(?:单子?|签|中标|拿下|成交|项目)|(?:隔壁|对面|朋友|同学|前|别的|人家)(?:老?\p{Script=Han})?的?公司[^,，。;；!?\n]{0,12}(?:签|中标|拿下|成交|开单|做)|那组(?![织合装件长])[^,，。;；!?\n]{0,10}(?:签|中标|拿下|成交|开单)|(?:隔壁|别的|其他|人家|另一个)(?:组|部门|团队|区|办事处|同事)[^,，。;；!?\n]{0,12}(?:签|中标|拿下|成交|丢|开单)|是[他她别][^,，。;；!?\n]{0,4}自己的(?:单子?|客户|项目)|不(?:归|是)我(?:们)?(?:管|跟|的单|的客户|负责)|(?:这[条个]|上面|以上)?(?:你)?(?:不用|别|不必|无需)(?:录|记)(?:了|录|进去|进系统|它|哈|啊)?[\s。!]*$/u,
);
/** 把资料转给谁: papers are handed on, not the deal; in a report it is what comes next. */
const PAPERS = sought(
  /把[^,，]{0,6}(?:遥控器|u盘|雨伞|充电器|耳机|鼠标|键盘|工牌|文件|资料|照片|图片|链接|截图|快递|发票|名片|钥匙|表格|记录|数据|报表|清单|名单|周报|日报|纪要)[^,，]{0,3}[转发交给]/,
);

/**
 * News of a company, in which we have no part (听说某某利润涨了, 据说某某在印尼签了个大单), unless it bears on a deal,
 * and a thing that was lost (U盘弄丢了).
 */
const NEWS_OR_THING = sought(
  new RegExp(
    `(?:听说|据说|网传|传闻|新闻说|热搜)(?![^;；\\n]*(?:预算|采购|项目|单子|商机|招标|我们))${NAMED}[^,，。;；!?\\n]{0,10}(?:利润|营收|业绩|销量|市值|股价|卖了|卖出|裁了|裁员|捐|上市了|罚了|被罚|年终奖|(?:在|跟|和|给)[^,，。;；]{1,8}签)|(?:u盘|钥匙|钱包|雨伞|工牌|门卡|饭卡|书包|背包|水杯|狗|猫|行李箱?)(?:昨[晚天]|今天|又|也|都|好像|[被给]?[我你他她谁]|弄|搞|走|不知){0,3}丢了`,
  ),
);

/** A joke, or words shown as words: 例如：…, 格式是：…, 这样写对吗. */
const NOT_MEANT = sought(
  /(?:骗|逗)你们?(?:的|玩)|吓我一跳|虚惊一场|(?:测试|试发|误发)(?:消息|信息)|请(?:大家)?(?:忽略|无视)|^\s*(?:test[\s,，]+)+|^\s*谁(?:有|能发)[^,，。;；!?\n]{1,20}(?:模板|文件|资料|ppt|照片|截图|名片|链接)|(?<=^|[,，。!\s])开(?:个)?玩笑(?:的|呢)?(?=$|[,，。!\s])|闹着玩|开个?玩笑(?:的|啦|呢|哈|哈哈)*[\s。.!~]*$|随便说说|说着玩|别当真|愚人节|瞎(?:说|写|打|填|编)的|随便(?:打|写|填|发|输)(?:的|着玩)|^\s*(?:比如说?|例如|譬如|举个例子|打个比方|假装|假设|(?:测试一下|测一下|试一下|试试看?)(?=[\s:,，]))|(?:模板|格式|写法|句式|示例|样例)(?:是不?是?|为|应该|就是)*\s*[:：]|像\ue001{1,20}[这那][样种类]|这[么样](?:说|写|发|打|输)(?:就)?(?:对|行|可以|没错|好)?[吗么不]/,
);

/** 翻译：…, 写个周报：…, 培训材料：…: the first words say what the whole message is for. */
const FOR_ANOTHER_PURPOSE = sought(
  /^\s*(?:翻译(?:一下|下)?|例|举例|测试|test|例句|范文)\s*[:：]|^\s*(?:请|麻烦)?(?:你)?(?:帮我|给我|帮忙)?(?:写|拟|起草|生成|编)(?:一?[个份封首段篇张条]|点)?(?:周报|日报|月报|总结|邮件|文案|诗|段子|祝福|朋友圈|海报|通知|发言稿|稿子|话术|作文)|^\s*[^,，。:：\n]{0,6}(?:培训(?:材料|资料|内容|课件)?|教材|课件|手册|规范|制度|须知|范例|口径|话术|学习(?:材料|资料|笔记))\s*[:：]/,
);

/** Is the whole message, however many lines it has, meant for something else than the record? */
export function isForAnotherPurpose(text: string): boolean {
  return FOR_ANOTHER_PURPOSE.test(text);
}

/** Is it a joke, an example, or talk of one's own life? `text` has customers marked. */
export function isNotMeant(text: string): boolean {
  return (
    NOT_MEANT.test(text) ||
    isLeisure(text) ||
    NEWS_OR_THING.test(text) ||
    (PAPERS.test(text) && !isStory(text)) ||
    OTHERS.test(text) ||
    isPrivateLife(text) ||
    (DAILY.test(text) && !isTalkOfDeal(text))
  );
}
