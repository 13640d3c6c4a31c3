import { isTradeWord } from '../name-forms.js';
import type { NameHit, NameIndex } from '../name-index.js';
import type { Mention } from '../reading.js';
import type { Range } from '../scene.js';

/** A customer spoken of, at its place in the uniform text. */
export interface CustomerMention extends Range {
  readonly mention: Mention;
  /** The opportunity named at the same place (华为二期), whose customer `mention` is. */
  readonly opportunity?: Range & { readonly mention: Mention };
}

/** Han text before which a short name may stand: after these a new noun begins. */
const OPENS =
  /(?:[把将给跟和与同找约见访在去到向从对替帮让被叫催问系询是的了家户增查看复聊谈信电话我单机于由因为及或建加录开陪请送飞赴往等盯跑搞签定拿赢丢输追推进关用刚天午上晚早已前外后有便者、号末初月年\dA-Za-z一二三四五六日个条]|assign|update)$/u;
/** Latin words of the trade that are never a customer's initials. */
const NOT_A_NAME = new Set(
  'ok hi hello no yes to by at in on of the is am pm po poc ui ux it hr ceo cto cfo coo cio vp gm pm bp demo erp crm mes wms oa plm scm sap app api sdk ai bi iot saas paas iaas kpi okr roi nda mou sow rfp rfq q1 q2 q3 q4 win won lost lose loss close closed deal assign update create new opp opportunity remind me meeting call visit email mail wechat wx kw rmb usd cny eur hkd ppt pdf excel word bug todo done next step stage back help undo approve reject show list query forecast pipeline funnel follow up my all for with from and or not a b c p0 p1 p2 w k m vip tbd eta fyi asap btw lol script alert select drop table where or and null undefined true false sign signed contract amount price budget quote tomorrow today demo test'.split(
    ' ',
  ),
);
const MOST_NAMESAKES = 20;

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
  const opens = at === 0 || !isHan(text, at - 1) || OPENS.test(left);
  if (!opens && (size <= 2 || (hit.how === 'short' && size <= 3))) return undefined;
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
        /^(?:银行|证券|保险|汽车|终端|地产|医药|药业|钢铁|电器|电力|航空|传媒|食品|物流)$/.test(
          word,
        )
      ) {
        return {
          start: at,
          end: end + size,
          mention: { kind: 'unknown', words: text.slice(at, end + size) },
        };
      }
    }
  }
  return toMention(at, end, hit);
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
  const [only, second] = hit.candidates;
  if (only && !second) return { start, end, mention: { kind: 'one', ...only, how: hit.how } };
  return { start, end, mention: { kind: 'several', candidates: hit.candidates, how: hit.how } };
}

/** What may come before a name at the start of a segment. */
const LEAD_IN =
  /^[\s,:、\-*•·>]*(?:(?:今天|昨天|刚才|刚刚|下午|上午|早上|晚上|刚|帮我|麻烦|请|把|将|给|跟|和|与|拜访了?|联系了?|约了?|见了?|去了?|更新|update|客户)[\s:]*){0,3}/;

/**
 * A customer whose name was typed with one wrong character of the same or a near sound (比亚笛).
 * Looked for only where a name must stand, at the head of a segment; the caller makes sure the rest
 * of it speaks of a deal.
 */
export function misspeltCustomer(text: string, index: NameIndex): CustomerMention | undefined {
  const lead = LEAD_IN.exec(text)?.[0].length ?? 0;
  for (const at of new Set([lead, 0])) {
    for (let size = Math.min(10, text.length - at); size >= 2; size--) {
      const words = text.slice(at, at + size);
      if (!/^\p{Script=Han}+$/u.test(words)) continue;
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
