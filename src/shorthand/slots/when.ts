import { daysBetween } from '../../kernel/index.js';
import type { Day } from '../../kernel/index.js';
import type { ReadWhen } from '../reading.js';
import type { Found } from '../scene.js';
import { ANY_MARK, CLAUSE_BREAKS, clauseStart, MARK } from '../scene.js';
import { closingDay, followUpDay, whenOf } from './day.js';
import type { FoundDay } from './day.js';
import type { Moment } from './moment.js';

/** What a day in the sentence is the day of. */
type Role = 'close' | 'follow-up' | 'past' | 'denied' | 'field';

export interface WhenReading {
  readonly closeOn: Found<ReadWhen> | undefined;
  readonly nextFollowUp: Found<ReadWhen> | undefined;
}

const CLOSING =
  /签(?!到|收|字会|名|证|呈|证|批|报|发|入)|成交|关单|关掉|close|closing|落单|下单|结单|收单|成单|出单|拿下|敲定|收口|定下来|(?<![约预确一商稳固决规制拟])定(?=$|[\s,。;!了吧])|sign|合同(?:日|时间)|拍板|搞定|关闭日期|结案|盖章(?![版件扫后])|收官|完成签|开单|到手/;
const DENIED =
  /(?:签不了|不签|不成|来不及|不行(?!业)|不方便|没时间|不合适|赶不上|没法|不行了|取消了?|作废|不去了|没空|不开了|不了了|去不了|不见了|签不成|签不下|没戏|泡汤|不算|改期|去不成|不来|来不了)/;
const NOT_THEN =
  /(?:不用|不是|不在|别|不|取消|没法|不能|改掉|不等|等不到|原定|原来|原本|本来|之前(?:说|定|约)的?|原计划|从|由)\s*(?:等到?|在|是|说|定|的)?\s*$/;
/** 今天没签: not the day of signing. */
const NOT_SIGNED =
  /^(?:还|又|仍|也|就)?没(?:有|能)?(?:签|成交|定下|拿下)|^[^,，。]{0,4}没(?:去|见|谈|开|聊|约|打)成/;
const MOVED_TO =
  /(?:改到?|改成|改为|推到|推迟到|延到|延期到|延后到|顺延到|提前到|挪到|调到|调整到|换到|换成|→|->|变成|改约|变更为|更新为|提到)\s*$/;
const HAPPENED =
  /^[^,.。;!?\n]{0,14}?(?:了(?!解|$)|(?<!^|[上下起再要先会道点号天午晚早])过(?!来|去|会|年|完|两|几|程)|完(?:了)?|的时候|[打开见聊谈去拜访到签做演示沟通交流](?:了|过))/;
/** 今天去现场了: 了 at the end, with something in between, tells of the past; 周四见了 does not. */
const DONE_THERE =
  /^.{0,2}?(?:去|见|谈|聊|开|拜访|演示|汇报|交流|打|发|送|寄|跑)[^,.。;!?\n就再要]{1,8}了\s*$/;
const REPORTED_FUTURE =
  /(?:那就|要|将|会|准备|打算|计划|预计|约|再|说|答应|安排|争取|希望|等|定在?|定于|约好|约定|说好|确认|要求|必须|承诺|务必|通知|下次|之后|后续|下一步|改|推|延|提前|挪)[^,.。;!?\n]{0,8}$/;
const FIELD_CLOSE =
  /(?:预计成交|预计签约|预计签单|成交|签约|签单|关单|结单|成单|赢单|收单|截止|close|closing|成交日期|签约日期|关闭)[\s]?(?:日期?|时间|date)?(?:改成|改为|改到|改|更新为|调整到|调整为|是|为|在|到|:|推迟到|延到|提前到|延期到|推到|延后到| )*$/;
/** 预计月底 is a day of signing when nothing is said to happen on it: 预计月底出方案. */
const EXPECTED = /预计(?:日期?|时间)?(?:改成|改为|改到|是|为|在|到|:|推迟到|延到|提前到| )*$/;
const FIELD_FOLLOW =
  /(?:下次跟进|下次联系|下次拜访|下次沟通|跟进日期?|跟进时间|下次回访|回访时间|回访日期?|拜访时间|next follow-?up|下次|跟进|提醒)(?:日期?|时间)?(?:改成|改为|改到|改|更新为|调整到|是|为|在|到|:|定在|推到|约在|安排在| )*$/;
const VAGUE_PREFIX =
  /(?:有效期|交期|货期|工期|合同期|周期|质保|保修|账期|上线|交付|实施|开工|投产|预算(?:要)?到|付款|回款|到货|验收|发货|交货|上市|竣工|搬迁|开业|使用|运行|启用|完工|试运行|公示期?)[^,.。;!?\s]{0,4}$/;
const VAGUE_SUFFIX =
  /^(?!再?去)[^,.。;!?\n]{0,3}(?:上线|交付|投产|到期|付款|打款|回款|验收|到货|发货|交货|完工|竣工|开业|搬|启用|开工|使用|实施|启动(?!会|仪式)|考核|太忙|很忙|盘点|决算|结账|封账|团建|年会(?!那天|上|期间|后|前)|结婚|婚礼|过?生日|高考|放假|休假|请假|退休|住院|手术|停电|停工|资金|没钱)|^的?(?:工作|主要)?(?:进展|情况|小结|总结|动态|周报)|^的?工作汇报/;

const PUT_OFF = /(?:推到|推迟到|延到|延期到|延后到|顺延到|拖到|改到|挪到|提前到)\s*$/;
/** “明年再说” names no day to follow up on. */
const LONGEST_FOLLOW_UP_SPAN_DAYS = 200;
/** Up to two weeks one still knows what is meant to be done when. */
const LONGEST_WEEKS_DAYS = 14;

/** “7月签不了了，8月吧”: a day that stands alone behind one that is denied takes its place. */
const INSTEAD = /(?:^|[\s,，]|改在?|得|看|要)到?$/;
/** “上次说月底签，现在看悬”: what was said then is taken back. */
const SAID_THEN =
  /(?:上次|上回|当初|起初|一开始|早先|原先|原来|之前)[^,，。;；]{0,6}(?:说|讲|定|约|答应)(?:好|过)?(?:的?是|在|要)?$/;
const TAKEN_BACK = /悬|够呛|没戏|难|变|不一定|推|改|延|拖|没动静|不了|没谱/;
/** 时间9月28: a field, though the words before it are none. */
const NAMED_DAY = /(?:^|[\s,，;；])(?:日期|时间)(?:改成|改为|改到|改|定在|是|为|:| )*$/;
/** 五一前去了趟: a day that is over, for all its 前. */
const DONE_BEFORE = /^(?:我们?|咱们?|就|已经|刚|又)?(?:去|跑|见|拜访|聊|谈|开|寄|演示|到访)[了过]/;

/** 写个方案给他们，下周三前: by then something is to be done. */
const TO_DO =
  /(?:写|出|发|交|准备|整理|弄|做|改)(?:一?[个份版套]|好|完)?(?:方案|报价|资料|材料|ppt|标书|报告|清单|demo|样品|文件|合同)(?!阶段|了)|请(?:尽快)?(?:报价|回复|提供|提交|寄|发)/;

/** “中秋送了月饼”: a day that comes round months from now, told as done, was the last one. */
const MONTHS_AWAY_DAYS = 240;
/** “周末陪他打球，聊到二期” */
const TALKED_NEXT =
  /^[^,，。;；!?\n要会再去约]{0,16}[,，]\s*(?:又|顺便|还|他们?|对方)*(?:聊|谈|说|讲|问)[了到起得过]/;

interface Placed {
  readonly found: FoundDay;
  readonly role: Role;
}

export interface SentenceShape {
  /** Nothing but slots is left of the clause or message: “万科 12/15”. */
  readonly create: boolean;
  /** The message tells of something that happened. */
  readonly reported: boolean;
  /** It tells the next step: a bare day is the day of that. */
  readonly planned: boolean;
  readonly won: boolean;
}

/** 签约不是11月20号，是…: the day behind is the one. */
const SIGNING_IS_NOT = /(?:签约?|成交|关单|签单)(?:日期|时间)?不是$/;
const NO_DAYS: WhenReading = { closeOn: undefined, nextFollowUp: undefined };

/** Gives every day in the segment its slot. `marked` has the slots read so far blotted out. */
export function placeDays(
  text: string,
  marked: string,
  days: readonly FoundDay[],
  shape: SentenceShape,
  moment: Moment,
): WhenReading {
  if (days.length === 0) return NO_DAYS;
  const placed: Placed[] = [];
  days.forEach((found, i) => {
    if (!found.day || found.impossible) return;
    const role = roleOf(text, marked, found, days[i - 1], days[i + 1], shape, moment);
    placed.push({ found, role });
  });
  joinTimes(text, placed);
  const first = placed.findIndex(
    ({ found, role }) =>
      role === 'close' ||
      (role === 'denied' &&
        (CLOSING.test(text.slice(found.end, found.end + 4)) ||
          SIGNING_IS_NOT.test(text.slice(Math.max(0, found.start - 8), found.start)))),
  );
  for (const [i, { found, role }] of placed.entries()) {
    // “下周三不行，周五吧”: an appointment takes the place of an appointment.
    if (first < 0 && role === 'field' && placed[i - 1]?.role === 'denied')
      placed[i] = { found, role: 'follow-up' };
    if (first < 0 || i <= first || role === 'denied' || role === 'past' || found.time) continue;
    const left = text.slice(Math.max(0, found.start - 6), found.start);
    const earlier = placed[i - 1];
    // “不是下周一 是下下周一”
    if (
      /是$/.test(left) &&
      earlier?.role === 'denied' &&
      /不是$/.test(text.slice(0, earlier.found.start))
    ) {
      placed[i] = { found, role: 'close' };
      for (let j = first; j < i; j++)
        placed[j] = { found: (placed[j] ?? earlier).found, role: 'denied' };
      continue;
    }
    // “说好今天签，又推到周五”: the day of signing has moved.
    if (
      (role === 'follow-up' || role === 'field') &&
      (PUT_OFF.test(left) ||
        (placed[first]?.role === 'denied' && !isTooWide(found) && INSTEAD.test(left))) &&
      BARE.test(marked.slice(found.end, found.end + 3).replace(/^了|[,，。;；].*$/g, ''))
    ) {
      placed[i] = { found, role: 'close' };
    }
  }
  const close =
    lastMoved(
      text,
      placed.filter(({ role }) => role === 'close'),
    ) ?? placed.find(({ role }) => role === 'field' && !shape.reported && !shape.planned);
  const follow =
    firstToDo(
      text,
      placed.filter(({ role }) => role === 'follow-up'),
    ) ??
    (shape.reported || shape.planned ? placed.find(({ role }) => role === 'field') : undefined);
  const closeDay = close && closingDay(close.found, moment);
  const followDay =
    follow && !isTooWide(follow.found) ? followUpDay(follow.found, moment) : undefined;
  return {
    closeOn:
      close && closeDay
        ? slot(close.found, { ...whenOf(close.found, closeDay), time: undefined })
        : undefined,
    nextFollowUp:
      follow && followDay && isAhead(followDay, follow.found, moment)
        ? slot(follow.found, whenOf(follow.found, followDay))
        : undefined,
  };
}

/** “周六补班，下午4点碰”: a clock time is that of the day named before, unless that is one of signing. */
function joinTimes(text: string, placed: Placed[]): void {
  for (let i = placed.length - 1; i > 0; i--) {
    const [earlier, { found, role }] = placed.slice(i - 1, i + 1) as [Placed, Placed];
    const { day, time, past, within, timeOnly } = earlier.found;
    if (!found.timeOnly || role !== 'follow-up' || earlier.role === 'close') continue;
    if (
      timeOnly ||
      time ||
      past ||
      within ||
      /[。;；\n]/.test(text.slice(earlier.found.end, found.start))
    )
      continue;
    placed.splice(i - 1, 2, { found: { ...found, day }, role });
  }
}

function isTooWide({ within }: FoundDay): boolean {
  return within !== undefined && daysBetween(within.from, within.to) > LONGEST_FOLLOW_UP_SPAN_DAYS;
}

function isAhead(day: Day, found: FoundDay, moment: Moment): boolean {
  return (
    day > moment.today ||
    (day === moment.today && (found.time === undefined || found.time >= moment.time))
  );
}

function slot({ start, end }: FoundDay, value: ReadWhen): Found<ReadWhen> {
  return { start, end, value };
}

const THEIR_SUBJECT =
  /(?:^|[,，。;；\s])(?:那边)?(?:客户|对方|甲方|他们|老板)(?:那边|内部|方面|自己|公司)*$/;
/** What is waited for, as opposed to done by us. */
const WAITED_FOR =
  /最快|最早|最迟|要?等|[批审](?!我)|走完|出结果|公示|上会|过会|开标|截标|评标|定标|立项|截止/;
const OUR_PART = /我|咱|约|再去|再联系|再跟|去一?趟|回访|拜访|给[他她]|答复|提交/;

const OUR_TURN = /(?:我们?|咱们?|约[了在好]?|定[在于]|说好|答应)(?:得|要|先|在|必须|再|的是)*$/;
const OUR_ACTION =
  /^.{0,3}?(?:拜访|再?去|见面?|给|提交|发|演示|汇报|联系|跟进|回访|聊|沟通|开会|碰|讲|交(?!付|货)|打电话)/;

/** Of several appointments the first that the rep has to act on, before those merely waited for. */
function firstToDo(text: string, placed: readonly Placed[]): Placed | undefined {
  const open = placed.filter(({ found }) => !isTheirs(text, found));
  const ours = open.filter(
    ({ found }) =>
      OUR_TURN.test(text.slice(Math.max(0, found.start - 6), found.start)) ||
      /^(?:我|咱)/.test(text.slice(found.end, found.end + 1)) ||
      OUR_ACTION.test(text.slice(found.end, found.end + 8)),
  );
  return lastMoved(text, [ours, open, placed].find((some) => some.length > 0) ?? []);
}

/** “客户27号评审，我们25号补报价”: the customer's own appointment waits for nothing of ours. */
function isTheirs(text: string, { start, end }: FoundDay): boolean {
  const { from, to } = clauseAround(text, start, end);
  if (THEIR_SUBJECT.test(text.slice(Math.max(0, start - 10), start))) return true;
  const clause = text.slice(from, to);
  return WAITED_FOR.test(clause) && !OUR_PART.test(clause);
}

function clauseAround(text: string, start: number, end: number): { from: number; to: number } {
  const from = clauseStart(text, start, Math.max(0, start - LONGEST_CLAUSE));
  let to = end;
  while (to < end + LONGEST_CLAUSE && to < text.length && !CLAUSE_BREAKS.at(text, to)) to++;
  return { from, to };
}

/** Of several days the first counts, unless a later one replaces it (改到周四). */
function lastMoved(text: string, placed: readonly Placed[]): Placed | undefined {
  const moved = placed.filter(({ found }) =>
    MOVED_TO.test(text.slice(Math.max(0, found.start - 6), found.start)),
  );
  return moved.at(-1) ?? placed[0];
}

/** Words further away from a day than this say nothing about it. */
const LONGEST_CLAUSE = 60;

const BARE = new RegExp(
  `^[${ANY_MARK}\\s:()·|/-]*(?:预计|计划|争取|大概|差不多|左右|之前|前|吧|的|在|到|改到|改成|改为|推迟到|延期到|推到|日期|时间|目标|更新为|把握|概率|胜算|金额|合同|预算|报价|阶段)*[${ANY_MARK}\\s:()·|/-]*$`,
);

function roleOf(
  text: string,
  marked: string,
  found: FoundDay,
  earlier: FoundDay | undefined,
  after: FoundDay | undefined,
  shape: SentenceShape,
  moment: Moment,
): Role {
  const { from, to } = clauseAround(text, found.start, found.end);
  const left = text.slice(
    Math.max(from, earlier && earlier.end > from ? earlier.end : from),
    found.start,
  );
  const right = text.slice(found.end, Math.min(to, after && after.start < to ? after.start : to));
  const leftMarked = marked.slice(from, found.start);
  const rightMarked = marked.slice(
    found.end,
    Math.min(to, after && after.start < to ? after.start : to),
  );
  if (found.past) return 'past';
  if (shape.create && found.day === moment.today && !found.time && !CLOSING.test(right))
    return 'past';
  if (NOT_THEN.test(left) || NOT_SIGNED.test(right)) return 'denied';
  if (SAID_THEN.test(left) && TAKEN_BACK.test(text.slice(found.end, found.end + 30)))
    return 'denied';
  if (found.before && DONE_BEFORE.test(right)) return 'past';
  if (shape.reported && isToldAsDone(text.slice(found.end, found.end + 24), found, moment))
    return 'past';
  if (DENIED.test(right) && !/^[^,]{0,2}改/.test(right)) return 'denied';
  if (FIELD_FOLLOW.test(left)) return 'follow-up';
  if (VAGUE_PREFIX.test(left) || VAGUE_SUFFIX.test(right)) return 'past';
  if (found.open && /^[^,，]{0,2}(?:签|谈|见|聊|开|拜访|去)的/.test(right)) return 'past';
  const before = clauseBefore(marked.slice(from, found.start), text.slice(from, found.start));
  const labelled = FIELD_CLOSE.test(before) || (EXPECTED.test(before) && BARE.test(rightMarked));
  const closing =
    closingNear(before, right, labelled) &&
    !(earlier && isSpokenFor(left) && !BARE.test(rightMarked));
  if (closing)
    return found.open && /签了|成交了|签下|已签/.test(left + right) && shape.won ? 'past' : 'close';
  if (!CLOSING.test(text) && isPutOffAtLarge(left, right, found)) return 'past';
  if (happened(left, right, found, shape, moment)) return 'past';
  if (!found.time && (isListed(left, right) || isBehindProduct(leftMarked, rightMarked, shape)))
    return 'field';
  if (NAMED_DAY.test(left) && BARE.test(rightMarked) && !found.time) return 'field';
  if (
    BARE.test(leftMarked) &&
    BARE.test(rightMarked) &&
    !found.time &&
    !/推到|推迟|延|改约|提前/.test(left)
  )
    return !shape.create && TO_DO.test(text) ? 'follow-up' : 'field';
  if (
    shape.create &&
    !/(?:见|约|拜访|开会|演示|汇报|沟通|回访|跟进|联系|电话|碰|聊)/.test(left + right)
  )
    return 'field';
  return 'follow-up';
}

/** 没丢，只是推迟到下季度: what is put off to a time so wide is no appointment of ours. */
function isPutOffAtLarge(left: string, right: string, { within }: FoundDay): boolean {
  return (
    within !== undefined &&
    daysBetween(within.from, within.to) > LONGEST_WEEKS_DAYS &&
    /(?:推迟|延期|延后|顺延|拖)到\s*$/.test(left) &&
    /^(?:了|吧|去)?$/.test(right)
  );
}

/** “12月底签 明天跟进”: the signing between two days is that of the first, and the second has its own. */
function isSpokenFor(between: string): boolean {
  return /^(?:之?前|以前|内|能|可以|就|要|会|左右)*(?:签(?:约|单|合同)?|成交|关单|close|落单|拿下|定下来)[\s,，]+$/.test(
    between,
  );
}

/** 某某/MES/120万/12月底: a day between two strokes, or behind the last. */
function isListed(left: string, right: string): boolean {
  return /[/|·-] ?$/.test(left) && /^ ?(?:$|[/|·-])/.test(right);
}

/** 某某 无人机巡检 45万 12月底: nothing but one product's words stands before the day, and a sum. */
const PRODUCT_AND_SUM = new RegExp(
  `^[${MARK.customer}\\s:]+(?![^${MARK.amount}]{0,12}[去见聊谈约催发给送等交看来找开问说报打])[\\p{Script=Han}a-z0-9]{2,8} +${MARK.amount}+[\\s左右]*$`,
  'u',
);

function isBehindProduct(left: string, right: string, { reported }: SentenceShape): boolean {
  return !reported && /^\s*$/.test(right) && PRODUCT_AND_SUM.test(left);
}

function isToldAsDone(
  behind: string,
  { day, open, before, alternatives }: FoundDay,
  moment: Moment,
): boolean {
  if (day === undefined || before) return false;
  if (open || alternatives) return TALKED_NEXT.test(behind);
  return (
    daysBetween(moment.today, day) > MONTHS_AWAY_DAYS &&
    /[聊送见去谈做][了过]|^[^,，]{0,14}?(?:[用试][了过]|主动|自己)/.test(behind)
  );
}

/** The clause before a day, other days taken out: “签约从月底推迟到” is 签约推迟到. */
function clauseBefore(marked: string, text: string): string {
  let out = '';
  for (let i = 0; i < marked.length; i++) if (marked[i] !== MARK.day) out += text[i] ?? '';
  return out.replace(/(?:从|由|原定|原来的?)(?=推|延|改|提|调|挪|顺)/, '');
}

function closingNear(left: string, right: string, field: boolean): boolean {
  if (field) return true;
  if (
    CLOSING.test(right) &&
    !/(?:签|定)(?:完|了|好)?(?:之后|以后|后)|签(?:的)?(?:nda|保密)/.test(right)
  ) {
    // “周五去签到前再聊”: a verb of meeting between the day and the signing takes the day.
    const at = right.search(CLOSING);
    return (
      !/(?:见|聊|拜访|开会|汇报|演示|回访|沟通|电话|碰|讨论|谈)/.test(right.slice(0, at)) ||
      /去|来/.test(right.slice(Math.max(0, at - 1), at))
    );
  }
  return /(?:签(?:约|单|合同)?|成交|关单|close|closing|落单|下单|结单|sign|签下来|定下来|拿下)(?:日期?|时间)?(?:要|得|等|可能|预计|大概|应该|估计|会|定|约|推迟|延期|推|延|改|放|拖|提前|顺延|调整|最快|最晚|差不多|最迟|挪|往后|计划|争取)*(?:到|在|至|于|为|是|成|:|了)*\s*(?:在|到)?\s*$/.test(
    left,
  );
}

const COMING =
  /要|会|再|给|去|前|内|能|约|安排|准备|计划|打算|拜访|见|开|汇报|演示|出|提交|跟|联系|定|回/;
/** 这个月, 本周: a period that has begun. */
function isRunning({ within }: FoundDay, moment: Moment): boolean {
  return within !== undefined && within.from <= moment.today && within.to >= moment.today;
}

function happened(
  left: string,
  right: string,
  found: FoundDay,
  shape: SentenceShape,
  moment: Moment,
): boolean {
  if (
    !shape.create &&
    isRunning(found, moment) &&
    (!COMING.test(left + right) ||
      /没|一直|还在/.test(left + right) ||
      (HAPPENED.test(right) && !REPORTED_FUTURE.test(left)))
  )
    return true;
  if (!found.open || found.before) return false;
  if (
    found.timeOnly &&
    shape.reported &&
    found.day !== moment.today &&
    !/再|要|会|得|约|准备|安排/.test(left + right)
  )
    return true;
  if (REPORTED_FUTURE.test(left)) return false;
  if (
    /^[^,.。;!?\n]{0,10}(?:要|将|会(?=去|来|给|有|再|跟|把|安排|签|做|定)|再|准备|打算|计划|得去|去拜访|去见)/.test(
      right,
    )
  )
    return false;
  if (HAPPENED.test(right) || DONE_THERE.test(right)) return true;
  const ahead = /前|要|去|再|得|准备|给(?!了)|提交|发给|交(?!流)|约|出(?=结果|报告|方案)|定/;
  if (found.day === moment.today && !found.time && shape.reported && !ahead.test(right))
    return true;
  return false;
}
