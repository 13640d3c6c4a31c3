import { Characters } from '../characters.js';
import type { Names } from '../lexicon.js';
import { mentionOf } from '../name-index.js';
import type { NameHit, NameIndex } from '../name-index.js';
import type { Candidate, Mention } from '../reading.js';
import type { Range } from '../scene.js';
import { customerAt, nextStart } from './customer.js';
import type { CustomerMention } from './customer.js';

/** What a message speaks of: a customer, an opportunity, or both at one place. */
export type Subject = CustomerMention;

/** More names than a message of one person can be about; the rest of it is a note. */
const MOST_SUBJECTS = 120;

const NOBODY: Mention = { kind: 'unknown', words: '' };
/** Is the subject an opportunity whose customer nobody told us? */
export const isNobody = (mention: Mention): boolean =>
  mention.kind === 'unknown' && mention.words === '';

/** All subjects of `text`, left to right, never overlapping. A whole title beats a part of a customer's name. */
export function findSubjects(text: string, names: Names): Subject[] {
  const found: Subject[] = [];
  for (let at = 0; at < text.length && found.length < MOST_SUBJECTS;) {
    const subject = subjectAt(text, at, names) ?? productAt(text, at, found.at(-1), names);
    if (subject) {
      found.push(subject);
      at = subject.end;
    } else {
      at = nextStart(text, at);
    }
  }
  if (
    found.length === 1 &&
    found[0] &&
    INTRODUCES.test(text.slice(found[0].end, found[0].end + 12))
  )
    return [];
  return found.length > 1
    ? found.filter(
        (subject, i) => !isRival(text, subject) && !isTakenBack(text, subject, found[i + 1]),
      )
    : found;
}

/** 甲推荐的客户: of whom the message is not. */
const INTRODUCES =
  /^(?:那边)?(?:转?介绍|推荐|引荐)(?:过?来|给我们?)?的(?:一?[个家])?(?:新?客户|单子|新?项目|商机|朋友|公司)/;

/** “不是甲，是乙”, “甲，哦不对，乙”: the first name is corrected by the next. */
function isTakenBack(text: string, subject: Subject, next: Subject | undefined): boolean {
  if (!next) return false;
  const between = text.slice(subject.end, next.start);
  // 除了甲，乙和丙都签了; 甲介绍乙给我们
  if (/除了?$/.test(text.slice(Math.max(0, subject.start - 2), subject.start)))
    return /^(?:以外|之外|外)?[\s,，]*$/.test(between);
  if (/^(?:那边)?(?:给我们?)?(?:介绍|推荐|引荐)了?$/.test(between)) return true;
  if (/不是$/.test(text.slice(Math.max(0, subject.start - 3), subject.start)))
    return /^[\s,，。]*(?:应该|而|才)?是$/.test(between);
  return /^[\s,，。]*(?:[哦噢啊呃额哎]*不对?|(?:说|写|打|发|搞|弄)错了?)[\s,，。]+(?:应该)?(?:是)?$/.test(
    between,
  );
}

const RIVAL_BEFORE =
  /(?:竞争对手|竞品|竞对|对手|友商)(?:主要|目前|这次|还|也)?(?:是|有|为|:|叫|包括)*\s*$|(?:同时在看|也在看|还在看|在对比|对比|输给了?|败给了?|丢给了?|签给了?|选了|被|和我们|跟我们|我们和|我们跟|我们与)\s*$/;
const RIVAL_AFTER =
  /^(?:那边)?(?:也|还)?(?:在抢|来抢|在跟我们|介入|入局|进场|参与竞标|也报了?价|报价比|抢走|截胡|也在(?:跟|抢|谈|报|看|推))/;

/** A customer of ours may be the rival in another deal: 竞争对手是某某. */
function isRival(text: string, { start, end }: Subject): boolean {
  return (
    RIVAL_BEFORE.test(text.slice(Math.max(0, start - 12), start)) ||
    RIVAL_AFTER.test(text.slice(end, end + 10))
  );
}

function subjectAt(text: string, at: number, names: Names): Subject | undefined {
  const customer = customerAt(text, at, names.customers);
  if (names.titles.size === 0) return customer;
  const title = wordAt(text, at, names.titles);
  if (
    title &&
    title.end >= (customer?.end ?? 0) &&
    !(title.end === customer?.end && isExact(customer.mention))
  ) {
    return titled(at, title, names);
  }
  return customer && (withProduct(text, customer, names) ?? customer);
}

const BREAKS = new Characters(' \t\n,，、;；。:：');

/** 二期扩容 谈判: product words open a sentence that names nobody else. */
function productAt(
  text: string,
  at: number,
  before: Subject | undefined,
  names: Names,
): Subject | undefined {
  if (names.products.size === 0 || (at > 0 && !BREAKS.at(text, at - 1))) return undefined;
  if (before && !/[\n;；。]/.test(text.slice(before.end, at))) return undefined;
  const product = wordAt(text, at, names.products);
  const opens =
    product &&
    /^(?:$|[\s,，;；。:：推进到转改丢输赢拿签报金阶概谈的那这已])/.test(
      text.slice(product.end, product.end + 1),
    );
  return product && opens ? titled(at, product, names) : undefined;
}

const isExact = (mention: Mention): boolean => mention.kind === 'one' && mention.how === 'exact';

/** A hit that does not break a latin word in two. */
function wordAt(text: string, at: number, index: NameIndex): NameHit | undefined {
  const hit = index.longestAt(text, at);
  if (!hit) return undefined;
  const breaks = /[a-z]$/.test(text.slice(at, hit.end)) && /^[a-z]/.test(text.slice(hit.end));
  const inside = /[a-z]/.test(text[at - 1] ?? '') && /^[a-z]/.test(text.slice(at));
  return breaks || inside ? undefined : hit;
}

function titled(start: number, hit: NameHit, names: Names): Subject {
  const range: Range = { start, end: hit.end };
  const customers = new Map<string, Candidate>();
  for (const { id } of hit.candidates) {
    const customer = names.customerOf(id);
    if (customer) customers.set(customer.id, customer);
  }
  const [customer, another] = [...customers.values()];
  return {
    ...range,
    mention: customer && !another ? { kind: 'one', ...customer, how: 'part' } : NOBODY,
    opportunity: { ...range, mention: mentionOf(hit.candidates, hit.how) },
  };
}

/** 华为 云平台 / 华为的二期: product words right behind the customer, of that customer's opportunities only. */
function withProduct(text: string, customer: CustomerMention, names: Names): Subject | undefined {
  const gap =
    /^ ?(?:的|那边的?|这边的?)? ?/.exec(text.slice(customer.end, customer.end + 6))?.[0].length ??
    0;
  const start = customer.end + gap;
  const hit = wordAt(text, start, names.products);
  if (!hit) return undefined;
  const { mention } = customer;
  const ids = new Set(
    mention.kind === 'one'
      ? [mention.id]
      : mention.kind === 'several'
        ? mention.candidates.map(({ id }) => id)
        : [],
  );
  const fitting = hit.candidates.filter(({ id }) => ids.has(names.customerOf(id)?.id ?? ''));
  if (fitting.length === 0) return undefined;
  const owners = new Map(
    fitting.flatMap(({ id }) => {
      const owner = names.customerOf(id);
      return owner ? [[owner.id, owner] as const] : [];
    }),
  );
  const [owner, another] = [...owners.values()];
  return {
    start: customer.start,
    end: hit.end,
    mention:
      owner && !another && mention.kind === 'several'
        ? { kind: 'one', ...owner, how: mention.how }
        : mention,
    opportunity: { start, end: hit.end, mention: mentionOf(fitting, hit.how) },
  };
}
