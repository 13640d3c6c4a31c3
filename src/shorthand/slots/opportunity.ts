import type { Found, Range } from '../scene.js';
import { ANY_MARK, matches } from '../scene.js';
import { isCompanyWord } from './customer.js';

/** Labels and fillers that are not part of a name when a new opportunity is dictated. */
const LABEL =
  /^(?:商机名称?|项目名称?|名称|名字|叫做?|标题|产品|项目|商机|机会|title|name|product|opp(?:ortunity)?)(?:是|为|叫|:|=)+/;
const CUSTOMER_LABEL =
  /(?:客户名称?|客户|公司名称?|公司|customer|甲方)(?:是|为|叫|:|=| )*\s*([^\s,，;；。:]{2,30}?)(?=$|[\s,，;；。:\ue001-\ue009]|(?:产品|项目|商机|需求|联系人|对接人|负责人)(?:名称?)?(?:是|叫|为)|(?:金额|预算|合同额|报价|阶段|预计|大概))/;
const FOR_CUSTOMER =
  /(?:给|为|帮|替|for|在)\s?([\p{Script=Han}a-z0-9]{2,16}?)\s?(?:新建|新增|建|录|创建|加|开|登记|下)/u;
const TRIM_HEAD =
  /^(?:[:：\-()"'[\]]|他们|对方|客户|想要?|要|需要|准备|打算|计划|考虑|有意向?|做一?[套个]|上一?[套个]|做|上(?!海|线|汽)|采购一?[套个批]|采购|买一?[套个]|买|建设|建一?[套个]|搞一?[套个]|搞|弄一?[套个]|部署一?[套个]|的|是|产品|项目(?=.)|有(?:一)?个|一[套个]|用于|关于|意向|需求是?|需求|预计|初步|了解|咨询|那个|这个|那边|这边|吧|又|还|也|新(?=需求|项目)|看看|看|谈(?:的)?(?:是)?|聊(?:的)?(?:是)?|对|客户名称?|名称|商机(?![\da-z]))+/;
const TRIM_TAIL =
  /(?:[:：\-()"'[\]]|的(?:商机|项目|单子|机会)?|预算(?:大概|大约|约)?|报价|金额(?:大概|大约)?(?:的话)?|的话|合同额?|大概|大约|左右|约|预计|计划|前?签(?:约|单|合同)?|成交|阶段|概率|把握|负责人?|商机|机会|单子|这个|吧|了|总价|规模|下来|需求(?!管))+$/;
const FILLER =
  /^(?:项目|产品|又|还|来了?一?个|有了?一?个|接了?一?个|预算|金额|报价|大概|大约|左右|约|预计|计划|签|签约|成交|签单|阶段|概率|把握|负责人|负责|优先级|联系人|客户|商机|名称|总价|合同|前|之前|的|在|到|是|和|还有|联系|电话|手机|谈判|竞争对手|竞品|来源|备注|目前|现在|一个|一条|新|新的|预期|价格|产品|标签|等级|对接人|下|吧|哈|啊|谢谢|希望|争取|能|定|关单|close|sign|amount|stage|for|to|with|by|at|a|an|the|opp|deal|拿下|推进|跟进|下次跟进|再|有|他们|我|帮我|请|麻烦|多|规模|额|关闭|时间|日期|月|上线|启动|采购|来自|渠道|打算|要|需要|想|做|上|老客户|新客户|大单子?|需求|[:：,，"'()-])+$/;
const NOT_NAMES =
  /^(?:今天|昨天|刚才|刚刚|下午|上午|早上|客户|对方|预算|目前|现在|他们|我们|老板|一个|帮我|麻烦|请|这个|那个|刚|就|先|都)/;

export interface Dictated {
  /** A customer that is not in the lexicon, as typed. */
  readonly customer: Range | undefined;
  readonly opportunity: Range | undefined;
}

/** A customer named by a label (客户：…) or by 给…新建. */
export function labelledCustomer(marked: string): Range | undefined {
  for (const pattern of [CUSTOMER_LABEL, FOR_CUSTOMER]) {
    const m = pattern.exec(marked);
    const words = m?.[1];
    if (!m || !words || HAS_MARK.test(words) || /^(?:名称|新建|想|我|他|她|咱)/.test(words))
      continue;
    const start =
      m.index + (pattern === CUSTOMER_LABEL ? m[0].length - words.length : m[0].indexOf(words));
    return { start, end: start + words.length };
  }
  return undefined;
}

const COMPANY_WORDS =
  /股份|有限|责任|集团|控股|总?公司|银行|科技|技术|电子|电器|汽车|医药|能源|实业|工业|食品|软件|信息|网络|智能|制造/g;

/**
 * Does a label name a company of which `known` is only a part? 客户东山木春集团 is a company of its own
 * though 东山金春集团 is known; 客户东山集团 is the known one.
 */
export function isLabelledOtherwise(text: string, known: Range): boolean {
  const labelled = labelledCustomer(text);
  if (!labelled || known.start < labelled.start || known.end > labelled.end) return false;
  const name = text.slice(labelled.start, labelled.end);
  if (!/(?:集团|公司|股份|控股|银行|医院|大学|学院)$/.test(name)) return false;
  const rest = text.slice(labelled.start, known.start) + text.slice(known.end, labelled.end);
  return rest.replace(COMPANY_WORDS, '') !== '';
}

/**
 * Who and what a new opportunity is about: the words left when all other slots are read. An unknown
 * customer comes before the product; labels (客户：, 名称：) override the order.
 */
export function dictated(marked: string, customerKnown: boolean): Dictated {
  let customer: Range | undefined;
  const tokens = leftovers(marked.replace(/(?<![a-z0-9])[-|/]|[-|/](?![a-z0-9])/g, ' '));
  const labelled = tokens.find(({ label }) => label);
  let rest = tokens.filter((token) => token !== labelled);
  if (!customerKnown) {
    const first = rest[0];
    if (first) {
      customer = splitCompany(marked, first);
      const behind = trimmed(marked.slice(customer.end, first.end), customer.end);
      rest = behind ? [behind, ...rest.slice(1)] : rest.slice(1);
    }
  }
  const product = labelled ?? rest[0];
  return {
    customer,
    opportunity: product && { start: product.start, end: product.end },
  };
}

const COMPANY_END =
  /^.{2,14}?(?:股份有限公司|有限责任公司|有限公司|集团公司|集团|公司|控股|股份|银行|大学|学院|医院|研究院|学校|中学|酒店)(?=.)/;

/** 三棵树集团想上ERP: the company ends with its legal form or before 的 / 想 / 要. */
function splitCompany(marked: string, token: Range): Range {
  const words = marked.slice(token.start, token.end);
  const verb =
    /(?:的(?=.{3})|想要?|打算|准备|计划|要(?=[做上买建采])|需要|有(?:一)?个|采购|做一|上一套|上(?=[a-z]))/.exec(
      words,
    );
  if (verb && verb.index >= 2) return { start: token.start, end: token.start + verb.index };
  const company = COMPANY_END.exec(words);
  return company ? { start: token.start, end: token.start + company[0].length } : token;
}

interface Token extends Range {
  readonly label: boolean;
}

const HAS_MARK = new RegExp(`[${ANY_MARK}]`);
/** A run of characters nothing has claimed; latin words may follow after one space. */
const WORDS = new RegExp(
  `[^\\s,，;；。!！?？\\n${ANY_MARK}]+(?: (?<=[a-z0-9] )(?=[a-z0-9]+(?:[\\s,，]|$))[a-z0-9]+)?`,
  'g',
);

function leftovers(free: string): Token[] {
  const tokens: Token[] = [];
  for (const m of matches(free, WORDS)) {
    const token = trimmed(m[0], m.index);
    if (token) tokens.push(token);
  }
  return tokens;
}

function trimmed(words: string, at: number): Token | undefined {
  let start = at;
  let text = words;
  const label = LABEL.exec(text);
  if (label) {
    start += label[0].length;
    text = text.slice(label[0].length);
  }
  const head = TRIM_HEAD.exec(text);
  if (head && head[0].length < text.length) {
    start += head[0].length;
    text = text.slice(head[0].length);
  }
  const tail = TRIM_TAIL.exec(text);
  if (tail) text = text.slice(0, text.length - tail[0].length);
  if (
    text.length < 2 ||
    text.length > 24 ||
    FILLER.test(text) ||
    (NOT_NAMES.test(text) && !label && !isCompanyWord(text))
  )
    return undefined;
  // 商机001 is how somebody calls it.
  const called = label !== null || /^(?:商机|项目|单子)[\da-z]/.test(text);
  return { start, end: start + text.length, label: called };
}

const PRODUCT =
  /^(?:那边|这边)?(?:的)?(?:那个|这个)?\s?((?!的|这|那|该|我们|此|本|新|整个|两个|另)[\p{Script=Han}a-z0-9+-]{0,10}?(?:项目|系统|平台|商机|单子|软件|模块|方案(?=项目)|[一二三四五六]期|[1-6]期|改造|升级|扩容|运维|续费|续约|机房|产线|大屏|中台|小程序|app)(?:[一二三四五六1-6]期)?(?:项目|系统|商机|单子)?|(?:erp|mes|crm|wms|oa|scm|plm|bi|pos|tms|srm|ehr|hrm?|qms|aps|iot|dcs|scada|bpm|eam|lims|his|pacs|dms|sfa|cdp|rpa|vpn|sdn|cdn|sap|mom|pdm|cad|cae|gis|bim|ai|app|saas|paas|itsm|soc|waf|idc|hci|kms|lms|ecm|uwb|agv|rfid|plc|hmi|ems|bms|fms|pms|cms|im|sso|iam|vdi|nas|gpu|ups|5g)(?![a-z@.])(?:[一二三四五六]期|\d期|项目|系统|平台|升级|改造)*)(?=$|[\s,，。;；:推进到转改丢输赢拿签报金阶谈需方商初还没怎如什情现谁已正在降涨加减砍预合定概的可能也都\ue001-\ue009])/u;

/** Product or project words right behind the customer's name: 华为云 MES二期 推进到谈判. */
export function productBehind(marked: string, customerEnd: number): Found<string> | undefined {
  const rest = marked.slice(customerEnd, customerEnd + 24);
  const m = PRODUCT.exec(rest);
  const words = m?.[1];
  if (
    !m ||
    !words ||
    words.length < 2 ||
    /^(?:项目|系统|平台|商机|单子|软件|模块|升级|改造)$/.test(words)
  )
    return undefined;
  if (
    /^(?:说|讲|问|推进|转|改|进|到|退|升级|跟进|更新|金额|阶段|报价|签|谈|预算|从|已|还|不|没|要|想|有|在|把)/.test(
      words,
    )
  )
    return undefined;
  // 追加了两个模块 tells what happened to a product; it names none.
  if (/了|[一两三几]个/.test(words)) return undefined;
  const start = customerEnd + m[0].lastIndexOf(words);
  return { start, end: start + words.length, value: words };
}

const LISTED = /^ +([a-z]{0,5}[\u4e00-\u9fff]{2,8}[a-z]{0,5}) +$/;
/** Words that speak of people, time, money or of what happened, and name nothing that is sold. */
const NO_PRODUCT =
  /[了过着我你他她咱们是]|老[大板总]|领导|客户|甲方|订单|单子|[首尾][批期]|那个|这个|目标|口径|含税|折后|确定|暂定|初步|金额|预算|合同|[月季年]/;
/** As part of a longer word these are harmless: 直线加速器. */
const SHORT_ACTION =
  /^(?=.{2,4}$).*[去见聊谈约催发给送等看来找开问说报打改调降涨加减砍压签续追付款价额总共第在有没不要想能会就都还再又先后前今明昨周天左右]/;

/** 永辉 冷链托盘 18万: what stands between the customer and the sum, and nothing else does. */
export function productBefore(
  marked: string,
  customerEnd: number,
  sumStart: number,
): Found<string> | undefined {
  const words = LISTED.exec(marked.slice(customerEnd, sumStart))?.[1];
  if (!words || FILLER.test(words)) return undefined;
  if (NO_PRODUCT.test(words) || SHORT_ACTION.test(words)) return undefined;
  const start = marked.indexOf(words, customerEnd);
  return { start, end: start + words.length, value: words };
}
