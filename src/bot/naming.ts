import { customerKey } from '../domain/index.js';
import type { ReadUpdate, Slot, Span } from '../shorthand/index.js';
import { nameKey } from './name-key.js';

/** What a new opportunity is called, as far as the sentence says. */
export interface NewName {
  title: string | null;
  /** As typed, or the known name it is. Null when no customer was said. */
  customerName: string | null;
}

interface Token extends Span {
  text: string;
}

const CREATE_WORDS =
  /^[\s,，]*(?:请|麻烦|帮我|帮忙|给我)*\s*(?:新建|新增|创建|新开|建|录入|录|加|添加|create|new|add)\s*(?:一下|一个|一条|个|条)?\s*(?:新的?)?\s*(?:商机|单子|机会|项目|opp(?:ortunity)?(?![a-z]))?\s*[:：]?/iu;
const CUSTOMER_WORDS = /^(?:客户名称?|客户|甲方)(?:是|为|叫|[:：])?/u;

/**
 * The title and customer of a 新建 sentence. The reader knows names that exist; a new one often begins
 * with a known one (华为二期扩容, 华为云), so the typed words are taken whole.
 *
 * @param said the message, in which the update's spans count.
 */
export function newNameIn(update: ReadUpdate, said: string): NewName {
  const tokens = tokensOf(update, said);
  const labelled = tokens.find(({ text }) => CUSTOMER_WORDS.test(text));
  const others = tokens.filter((token) => token !== labelled);
  const customerName = customerIn(update, labelled);
  return { title: titleIn(update, others, labelled === undefined) ?? customerName, customerName };
}

/**
 * A known customer that the typed one may be: 小米科技 for “客户小米”. What was typed as the customer never
 * silently becomes another, nor a second one beside the known: 撞单 depends on it, so the person is asked.
 */
export function knownCustomerLike(update: ReadUpdate, said: string): string | null {
  const { customer } = update;
  const labelled = tokensOf(update, said).find(({ text }) => CUSTOMER_WORDS.test(text));
  if (!labelled || customer?.value.kind !== 'one') return null;
  const typed = labelled.text.replace(CUSTOMER_WORDS, '');
  const { name } = customer.value;
  const isSame = customerKey(name) === customerKey(typed);
  return !isSame && nameKey(customer.words) === nameKey(typed) ? name : null;
}

function customerIn(update: ReadUpdate, labelled: Token | undefined): string | null {
  const mention = update.customer;
  if (labelled) {
    const words = labelled.text.replace(CUSTOMER_WORDS, '');
    const known = mention?.value.kind === 'one' ? mention.value.name : null;
    if (known !== null && customerKey(known) === customerKey(words)) return known;
    if (words) return words;
  }
  if (!mention) return null;
  if (mention.value.kind === 'one') return mention.value.name;
  return mention.value.kind === 'unknown' ? mention.value.words : null;
}

function titleIn(update: ReadUpdate, tokens: readonly Token[], mayJoin: boolean): string | null {
  const { opportunity, customer } = update;
  const project = opportunity && holding(tokens, opportunity.span);
  const company = customer && holding(tokens, customer.span);
  if (!project) return company?.text ?? tokens[0]?.text ?? null;
  const words = whole(project, opportunity);
  const isBare = !customer || !nameKey(words).includes(nameKey(customer.words));
  return mayJoin && company && company !== project && isBare ? `${company.text}${words}` : words;
}

/** “上ERP” is about ERP; “华为二期扩容” and “小米MES” are names of their own. */
function whole(token: Token, mention: Slot<unknown>): string {
  const lead = token.text.slice(0, Math.max(0, mention.span.start - token.start));
  return LEAD.test(lead) ? token.text.slice(lead.length) : token.text;
}

/** Verbs and measure words before a project. */
const LEAD = /^(?:上|做|搞|要|买|采购|一个|一套|个|套)+$/u;

const holding = (tokens: readonly Token[], span: Span): Token | undefined =>
  tokens.find((token) => token.start <= span.start && span.start < token.end);

/** The words of the sentence that no value was read from. */
function tokensOf(update: ReadUpdate, said: string, lead = CREATE_WORDS): Token[] {
  const { start, end } = update.span;
  const chars = [...Array(said.length).keys()].map((at) =>
    at >= start && at < end ? (said[at] ?? '') : ' ',
  );
  for (const span of valueSpans(update)) chars.fill(' ', span.start, span.end);
  const blanked = chars.join('');
  const skipped = lead.exec(blanked.slice(start))?.[0].length ?? 0;
  const text = ' '.repeat(start + skipped) + blanked.slice(start + skipped);
  return [...text.matchAll(/[^\s,，、;；。|｜!！]+/gu)]
    .map(({ 0: word, index }) => ({ text: word, start: index, end: index + word.length }))
    .filter((token) => /[\p{L}\p{N}]/u.test(token.text) && token.text.replace(FILLERS, '') !== '');
}

/** What remains of a value once it is taken out: 9月底[签], 预算[100万][左右]. */
const FILLERS = /签约|签单|签|成交|左右|预算|金额|大概|约|阶段|之前|前|商机|万|元|预计|的/gu;

function valueSpans(update: ReadUpdate): Span[] {
  const single: (Slot<unknown> | undefined)[] = [
    update.amount,
    update.amountChange,
    update.currency,
    update.closeOn,
    update.nextFollowUp,
    update.remindAt,
    update.stage,
    update.stageMove,
    update.probability,
    update.phone,
    update.email,
    update.priority,
    update.tier,
    update.assignee,
    update.nextStep,
    update.channel,
  ];
  // 徐工 of “徐工泵车” is no engineer called 徐.
  const contacts = update.contacts.filter(
    ({ span }) => span.end !== update.opportunity?.span.start,
  );
  return [...single, ...contacts, ...update.competitors, ...update.tags].flatMap((slot) =>
    slot ? [slot.span] : [],
  );
}

/** Words that begin a nameless sentence without naming anything. */
const NAMELESS =
  /^(?:今天|昨天|现在|目前|最近|上午|下午|刚才|刚刚|刚|已经|已|我们|我|你|请|麻烦|帮我|把|给|和|跟|与|客户|对方|他们|他|她|那边|那个|这个|这单|那单|不对|不是|嗯|哦|好的|好|对了|对|那就|那|就|再|还|先|改成|改为|改到|改|变成|调到|调整|调|降到|降|涨到|涨|加到|加|减到|减|推进到|推进|推到|推迟|退回|转给|转|到|进|从|应该|大概|差不多|大约|约|预计|估计|可能|是|为|成|的|了|过|完|吧|呢|啊|也|都|电话|微信|邮件|拜访|见面|见|联系人|联系|跟进|沟通|聊|谈|回访|开会|说|表示|嫌|提醒|金额|报价|价格|预算|阶段|签约|签|概率|赢率|把握|优先级|下一步|重点|\d+|[万千百元亿wk])+/iu;

/**
 * The name a sentence seems to be about that nobody here may speak of: its first words, once values and
 * words that name nothing are taken out. “特斯拉二期 50万” must not become 50万 for what was last spoken of.
 *
 * @param update what was read of the sentence, if anything.
 */
export function strangerIn(update: ReadUpdate | null, said: string): string | null {
  const question = ASKED_ABOUT.exec(said.trim())?.[1];
  if (question !== undefined && !NAMELESS.test(question)) return question;
  if (!update) return null;
  const whole = { ...update, span: { start: 0, end: said.length } };
  const [first] = tokensOf(whole, said, /^/u);
  if (!first) return null;
  const words = first.text.replace(NAMELESS, '');
  return words.length >= 2 && /\p{L}{2}/u.test(words) ? words : null;
}

/** 特斯拉进展, 特斯拉那单丢了, 特斯拉 谁改的金额. */
const ASKED_ABOUT =
  /^([\p{L}\p{N}]{2,20}?)\s*(?:的)?(?:那单|这单)?\s*(?:进展|怎么样了?|咋样了?|情况|谁改|赢了|输了|丢了|黄了|签了|拿下)/u;

/** Words before 那单 that point instead of naming: 上次那单 is whatever came last. */
const POINTS =
  /^(?:刚才|刚刚|刚说|上次|上回|之前|昨天|今天|我|我们|你|他|她|它|这个?|那个?|就是)?$/u;
const LOOSELY_CALLED =
  /(?:^|[\s,，。;；:：“"]|把|将|给|对|跟)([\p{L}\p{N}]{1,10}?)的?(?:那单子?|那个单子|那个项目|那个商机|那个客户|那笔)/u;

/** What somebody calls an opportunity by no title of it: 老王 of “老王那单 推进到谈判”. */
export function calledIn(said: string): string | null {
  const words = LOOSELY_CALLED.exec(said)?.[1] ?? '';
  return POINTS.test(words) ? null : words;
}

/** The words a sentence names its opportunity by, as typed. */
export function namedBy(update: ReadUpdate, said: string): string {
  const mention = update.opportunity ?? update.customer;
  const token = mention && holding(tokensOf(update, said, /^/u), mention.span);
  const words = token?.text.replace(NAMELESS, '') ?? '';
  return ASKED_ABOUT.exec(words)?.[1] ?? (words || mention?.words || '');
}

/** What a sentence means its opportunity by: learnt under these words, and looked up by them. */
export function wordsFor(update: ReadUpdate, said: string): string {
  return calledIn(said) ?? namedBy(update, said);
}
