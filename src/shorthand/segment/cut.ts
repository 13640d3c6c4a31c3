import { Characters } from '../characters.js';
import { readCreate } from '../intent.js';
import type { CustomerMention } from '../slots/customer.js';
import { matches } from '../scene.js';
import type { Range } from '../scene.js';

/** A stretch of the message about one opportunity (or several that share all that is said). */
export interface Segment extends Range {
  readonly customers: readonly CustomerMention[];
  readonly itemNumber?: number;
}

const AND = /^\s*(?:和|、|与|跟|以及|及|还有|&|\+|,|\/|and)\s*$/;
/** “甲 乙 丙 都推进到方案”: 都 says that the names before it belong together. */
const ALL_OF_THEM = /^\s*(?:全?都|均|一起|同时)/;
const ITEM =
  /(?:^|[\n;；。]|(?<=[\s,，]))\s*(?:[(（]?(\d{1,2})\s*[.、)）:：](?!\d)|第?([一二三四五六七八九十])[、.:：]|(?:第([一二三四五六七八九十])[个单家]?[,，:：]?))\s*/g;
const NEW_LINE_ITEM =
  /^\s*(?:[-*•·▪◦>]|\d{1,2}\s*[.、)）:：]\s*(?!\d)|[一二三四五六七八九十]\s*[、.:：])\s*/;

/** Cuts a message into segments. `numbered` lets “1 推到周五 2 已报价” open items without a mark. */
export function segments(
  text: string,
  customers: readonly CustomerMention[],
  numbered: boolean,
): Segment[] {
  if (numbered) {
    const items = numberedItems(text);
    if (items.length > 0)
      return items.map((item) => ({ ...item, customers: inside(customers, item) }));
  }
  const cuts = [...lineStarts(text), ...mentionStarts(text, customers)];
  if (cuts.length === 0) return phases(text, { start: 0, end: text.length, customers });
  const starts = [...new Set([0, ...cuts])].sort((a, b) => a - b);
  const pieces = starts.map((start, i) => {
    const end = starts[i + 1] ?? text.length;
    return { start, end, customers: inside(customers, { start, end }) };
  });
  return withoutSum(text, joinUp(text, pieces)).flatMap((piece) => phases(text, piece));
}

/** “甲50万，乙60万，合计110万”: the sum of both is nobody's amount. */
const SUM_OF_ALL =
  /(?<=[,，。;；\s])(?:[两三四几]?[个家单]|这些|全部)?(?:合计|加起来|加一起|总计|共计|一共|总共)[^,，。;；\n]{0,12}$/;

function withoutSum(text: string, pieces: readonly Segment[]): readonly Segment[] {
  const last = pieces.at(-1);
  if (!last || pieces.filter(({ customers }) => customers.length > 0).length < 2) return pieces;
  const sum = SUM_OF_ALL.exec(text.slice(last.start, last.end).trimEnd());
  const start = last.start + (sum?.index ?? 0);
  if (!sum || last.customers.some(({ end }) => end > start)) return pieces;
  return [...pieces.slice(0, -1), { ...last, end: start }, { start, end: last.end, customers: [] }];
}

/** “某某 一期46万11月签，二期90万明年签”: each phase is an opportunity of the one customer. */
const PHASE =
  /(?<=^|[\s,，;；。\n\ue001])第?([一二三四五六])期(?=[^,，。;；\n]{0,12}\d|[^,，。;；\n]{0,6}[推进到签谈丢赢])/g;

function phases(text: string, piece: Segment): Segment[] {
  const [customer] = piece.customers;
  if (piece.customers.length !== 1 || !customer || customer.opportunity) return [piece];
  const starts: number[] = [];
  let named = '';
  for (const m of matches(text.slice(customer.end, piece.end), PHASE)) {
    const phase = m[1] ?? '';
    if (named !== '' && !named.includes(phase)) starts.push(customer.end + m.index);
    named += phase;
  }
  if (starts.length === 0) return [piece];
  return [piece.start, ...starts].map((start, i): Segment => {
    const end = starts[i] ?? piece.end;
    // Behind the first the name is only understood: it stands in no place of its own.
    return i === 0
      ? { ...piece, end }
      : { start, end, customers: [{ ...customer, start, end: start }] };
  });
}

const inside = (customers: readonly CustomerMention[], { start, end }: Range): CustomerMention[] =>
  customers.filter((mention) => mention.start >= start && mention.end <= end);

/** A line, or a sentence that ends aloud. */
const BREAKS = new Characters('\n;；。!！');

function lineStarts(text: string): number[] {
  const starts: number[] = [];
  for (let i = 0; i + 1 < text.length; i++) if (BREAKS.at(text, i)) starts.push(i + 1);
  for (const m of matches(text, ITEM))
    if (m.index > 0) starts.push(m.index + (/^[\n;；。]/.test(m[0]) ? 1 : 0));
  return starts;
}

/** A second customer at the head of a clause opens a segment; one joined by 和 does not. */
function mentionStarts(text: string, customers: readonly CustomerMention[]): number[] {
  const starts: number[] = [];
  customers.forEach((mention, i) => {
    const before = customers[i - 1];
    if (!before || same(text, before, mention)) return;
    const between = text.slice(before.end, mention.start);
    if (AND.test(between)) return;
    const head =
      /(?:^|[,，、;；。\n\s]|(?:另外|还有|然后|以及|再有|其次|同时|而|但是?|不过|接着|顺便|最后)[,，:]?)\s*(?:(?:把|将|给|跟|和|今天|下午|上午|新建商机|建商机|客户|拜访了?|联系了?|约了?|见了?|去了?|另外|还有|然后|再|昨天|刚才|接着|又|顺便|顺路去了?|晚上|早上|中午|后来)\s*)*$/.exec(
        between,
      );
    if (head && /[^\s,，、]/.test(between))
      starts.push(before.end + (head.index + (/^[,，、;；。\n\s]/.test(head[0]) ? 1 : 0)));
  });
  return starts;
}

/** One customer, and not its 二期 here and its 三期 there, nor its MES here and its WMS there. */
function same(text: string, a: CustomerMention, b: CustomerMention): boolean {
  const phase = ({ end }: CustomerMention): string =>
    /^ ?的?第?([一二三四五六1-6](?=期)|[a-z]{2,6}(?![a-z])(?:第?[一二三四五六1-6]期)?)/.exec(
      text.slice(end, end + 12),
    )?.[1] ?? '';
  if (phase(a) !== phase(b) && phase(a) !== '' && phase(b) !== '') return false;
  return a.mention.kind === 'one' && b.mention.kind === 'one' && a.mention.id === b.mention.id;
}

/** A piece that names nobody continues the one before it, unless it opens an operation of its own. */
function joinUp(text: string, pieces: readonly Segment[]): Segment[] {
  const joined: Segment[] = [];
  for (const piece of pieces) {
    const words = text.slice(piece.start, piece.end);
    if (words.trim() === '') continue;
    const last = joined.at(-1);
    const own =
      piece.customers.length > 0 ||
      readCreate(words) !== undefined ||
      (NEW_LINE_ITEM.test(words) && joined.every((other) => other.customers.length === 0));
    const repeats =
      last &&
      piece.customers.length > 0 &&
      last.customers.length > 0 &&
      piece.customers.every((mention) =>
        last.customers.some((other) => same(text, mention, other)),
      );
    const headless =
      last &&
      last.customers.length === 0 &&
      piece.customers.length > 0 &&
      continues(text, last, piece);
    if (last && (!own || repeats || headless)) {
      joined[joined.length - 1] = {
        start: last.start,
        end: piece.end,
        customers: [...last.customers, ...piece.customers],
      };
    } else {
      joined.push(piece);
    }
  }
  return joined;
}

const LONGEST_HEADLINE = 16;

/** “今日更新:” before a list: its date is no date of a deal. */
export function isHeadline(text: string, segment: Segment, all: readonly Segment[]): boolean {
  if (segment.customers.length > 0 || segment.end - segment.start > LONGEST_HEADLINE) return false;
  const words = text.slice(segment.start, segment.end);
  return (
    /(?:更新|汇总|[日周月]报|进展|动态|情况|同步|小结|总结|汇报|跟进|记录|纪要|客户|商机|如下)(?:如下|一下|下)?\s*[:：]?\s*$/.test(
      words,
    ) &&
    all.some(({ start, customers }) => start >= segment.end && customers.length > 0) &&
    readCreate(words) === undefined
  );
}

/** “今天拜访，宁德时代…”: an opening clause in the same sentence belongs to the name that follows. */
function continues(text: string, head: Segment, piece: Segment): boolean {
  const words = text.slice(head.start, head.end);
  return (
    !/[\n;；。:：!！]\s*$/.test(words) &&
    !NEW_LINE_ITEM.test(text.slice(piece.start, piece.end)) &&
    readCreate(words) === undefined
  );
}

const BARE_ITEM =
  /(?:^|[\n;；。,，\s])\s*(?:第)?(\d{1,2})(?:号|个|、|\.|:|：|\)|）)?[\s:：,，、]+(?=\S)/g;
const GLUED_ITEM =
  /(?:^|[\n;；。,，\s])\s*(\d{1,2})(?=[\p{Script=Han}])(?![月号日点个天周年万千百亿%成折小分工])/gu;

/** “1 推到周五 2 已报价30万 3 输单 价格高” */
function numberedItems(text: string): (Range & { itemNumber: number })[] {
  const heads: { at: number; end: number; number: number }[] = [];
  for (const pattern of [BARE_ITEM, GLUED_ITEM]) {
    pattern.lastIndex = 0;
    for (let m = pattern.exec(text); m; m = pattern.exec(text)) {
      const end = m.index + m[0].length;
      heads.push({ at: m.index, end, number: Number(m[1]) });
      pattern.lastIndex = end;
    }
  }
  heads.sort((a, b) => a.at - b.at);
  const first = heads[0];
  if (!first || first.at !== 0 || first.number === 0) return [];
  const rising = heads.filter((head, i) => i === 0 || head.number > (heads[i - 1]?.number ?? 0));
  return rising.map((head, i) => ({
    start: head.end,
    end: rising[i + 1]?.at ?? text.length,
    itemNumber: head.number,
  }));
}

/** Are the segment's customers joined by 和 or 、 so that the same is said of all of them? */
export function isGroup(text: string, customers: readonly CustomerMention[]): boolean {
  if (customers.length < 2) return false;
  const all = ALL_OF_THEM.test(text.slice(customers.at(-1)?.end));
  return customers.every((mention, i) => {
    const between = text.slice(customers[i - 1]?.end ?? 0, mention.start);
    return i === 0 || AND.test(between) || (all && between.trim() === '');
  });
}
