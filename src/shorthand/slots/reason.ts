import type { Found, Range } from '../scene.js';
import { ANY_MARK, CLAUSE_BREAKS } from '../scene.js';
import { sought } from '../sought.js';

const LONGEST_PHRASE = 12;
const LEAD =
  /^(?:[\ue001-\ue009\s,:;.。!\-—()"]|理由是?|原因是?|原因主要是|主要原因是?|主要是|主要因为|因为|由于|就因为|还是因为|还是|是因为|是|输在了?|赢在了?|败在了?|栽在|靠的是|靠|凭|多亏|得益于|客户说|客户嫌|对方说|对方嫌|他们说|他们嫌|说是?|嫌弃?|觉得|认为|卡在|可惜|结果|唉|哎|了|吧|因|:)+/;
const TAIL =
  /(?:[\ue001-\ue009\s,:;.。!\-—()"]|了|的?原因|的?问题|吧|啊|呢|所以.*|导致.*|没谈拢)+$/;
/** Marks, spaces and emoji say no reason. */
const SAYS = /[\p{L}\p{N}]/u;
const KEY =
  /(?<![报比议开还])价格?(?:太高|偏高|高了|原因|没优势|太贵|高|贵)?|没预算|预算(?:被?砍|不足|不够|没批|取消|冻结|缩减|没了)?|太贵|[嫌]?贵|关系(?:不到位|没做到位|不够|户|好|硬)?|技术(?:不达标|不满足|不行|参数|路线|方案|好|强)?|功能(?:不满足|不全|缺失|不够|不符|强)?|交期|工期|交付(?:周期|能力|快)?|资质(?:不够|不符)?|项目(?:取消|暂停|搁置|黄|停)了?|需求(?:取消|变更|没了|消失)|内定|竞争对手|竞品|对手|服务(?:好|响应)?|方案(?:不行|不匹配|好|契合)?|性价比|口碑|品牌|案例|响应(?:快|速度|慢)?|售后|政策|自研|自己开发|自己做|不批|没批|换(?:供应商|领导|人)|毛利|折扣|账期|付款(?:方式|条件)?|风险|条款|合同|利润|成本|老板/;

/** Does the phrase name a usual reason (价格, 预算, 关系 …)? */
export function isReasonWord(phrase: string): boolean {
  return KEY.test(phrase);
}

/** A clause of the rest of the sentence, cut to the phrase that holds the reason. */
export function phraseOf(text: string, range: Range): Found<string> | undefined {
  let { start, end } = range;
  const clean = (): string => text.slice(start, end);
  const lead = LEAD.exec(clean());
  if (lead) start += lead[0].length;
  const tail = TAIL.exec(clean());
  if (tail) end -= tail[0].length;
  if (end - start < 2) {
    return end - start === 1 && /[贵慢远]/.test(clean())
      ? { start, end, value: clean() }
      : undefined;
  }
  if (!SAYS.test(clean())) return undefined;
  if (end - start > LONGEST_PHRASE) {
    const key = KEY.exec(clean());
    if (key) {
      const from = Math.max(start, start + key.index - 3);
      const to = Math.min(end, start + key.index + Math.max(key[0].length, 5) + 2);
      return { start: from, end: to, value: text.slice(from, to) };
    }
    end = start + LONGEST_PHRASE;
  }
  return { start, end, value: clean() };
}

const MARKED_REASON =
  /(?:(?:丢单|输单|赢单|失败|输的?|丢的?|赢的?|落标|流标|驳回|拒绝|退回)?(?:原因|理由|reason)(?:是|为|:|主要是|就是| )*|因为|由于|输在了?|赢在了?|败在了?|栽在了?|靠的是|靠着?|凭借?|多亏|得益于|嫌弃?|主要是)([^,，。;；!\n]{1,30})/;

/** The reason a lost (won, refused) deal is given: after 因为 …, else the clause behind or before. */
export function readReason(text: string, outcome: Range): Found<string> | undefined {
  const marked = MARKED_REASON.exec(text);
  if (marked?.[1]) {
    const end = marked.index + marked[0].length;
    const found = phraseOf(text, { start: end - marked[1].length, end });
    if (found) return found;
  }
  const clauses = clausesOf(text);
  const behind = clauses.filter((clause) => clause.start >= outcome.end);
  const rest = clauses.find((clause) => clause.start < outcome.end && clause.end > outcome.end);
  const candidates = [
    ...(rest ? [{ start: outcome.end, end: rest.end }] : []),
    ...behind,
    ...clauses.filter((clause) => clause.end <= outcome.start),
    ...clauses
      .filter((clause) => clause.start < outcome.start && clause.end >= outcome.end)
      .map((c) => ({ start: c.start, end: outcome.start })),
  ];
  const usable = candidates
    .filter((range) => SAYS.test(text.slice(range.start, range.end)))
    .map((range) => ({ range, keyed: KEY.test(text.slice(range.start, range.end)) }));
  const best = usable.find(({ keyed }) => keyed);
  if (best) return phraseOf(text, best.range);
  const first = usable.find(({ range }) => range.start >= outcome.end);
  return first ? phraseOf(text, first.range) : undefined;
}

function clausesOf(text: string): Range[] {
  const clauses: Range[] = [];
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    const c = text[i];
    if (
      c === undefined ||
      CLAUSE_BREAKS.at(text, i) ||
      (c === ' ' && !/[a-z]/.test(text[i + 1] ?? ''))
    ) {
      if (text.slice(start, i).trim() !== '') clauses.push({ start, end: i });
      start = i + 1;
    }
  }
  return clauses;
}

const NEXT_STEP = sought(
  /(?:下一步(?:计划|动作|工作|安排|打算)?|下步|接下来(?:一步)?|后续(?:动作|计划|安排|工作)?|next steps?|后面|之后|待办|todo|再下一步|接着|然后准备|下一阶段工作)(?:是|要|就是|准备|计划|打算|得|需要|需|我们|我|先|去|走|改成|改为|更新为|安排|做|:|：|-| |等|让客户|让|给|把)*([^,，。;；!?\n]{2,24})/,
);

const READ_BEFORE = new RegExp(`^[${ANY_MARK}\\s]+(?:前|之前|后|要|给|去)?`);
const READ_BEHIND = new RegExp(`[${ANY_MARK}\\s吧了]+$`);

/** The planned next step behind 下一步 / 接下来. */
export function readNextStep(text: string, marked: string): Found<string> | undefined {
  const m = NEXT_STEP.exec(marked);
  if (!m?.[1]) return undefined;
  const end = m.index + m[0].length;
  let start = end - m[1].length;
  const skip = READ_BEFORE.exec(marked.slice(start, end));
  if (skip) start += skip[0].length;
  const tail = READ_BEHIND.exec(marked.slice(start, end));
  const stop = end - (tail?.[0].length ?? 0);
  if (stop - start < 2 || /^(?:还有|再说|的|就是|都)/.test(text.slice(start, stop)))
    return undefined;
  return { start, end: stop, value: text.slice(start, stop) };
}
