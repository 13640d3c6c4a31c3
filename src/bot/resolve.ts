import { customerKey } from '../domain/index.js';
import type { Mention, ReadUpdate, Slot } from '../shorthand/index.js';
import type { OpportunityName } from '../usecases/index.js';
import { namedBy } from './naming.js';
import { wordsOf } from './patch.js';
import { nameKey } from './name-key.js';

/** Which opportunity a sentence means, among those the asker may see. */
export type Resolution =
  | { kind: 'one'; opportunity: OpportunityName }
  | { kind: 'several'; opportunities: OpportunityName[] }
  /** Something was named that fits nothing visible. */
  | { kind: 'unknown'; words: string; suggestions: string[] }
  | { kind: 'unnamed' };

const MAX_SUGGESTIONS = 3;

/** “华为二期项目” is 华为二期. */
export const stripped = (words: string): string =>
  nameKey(words).replace(/(?:那个|这个|的)?(?:商机|项目|单子|那单|这单|单)$/u, '') ||
  nameKey(words);

/**
 * Exact title > part of a title > customer. Only `visible` names are ever weighed, so nothing of what
 * others have can be told apart from what does not exist (decisions 17).
 *
 * @param said the message, in which the update's spans count.
 */
export function resolveOpportunity(
  update: ReadUpdate,
  said: string,
  visible: readonly OpportunityName[],
): Resolution {
  const named = phaseNamed(update, said);
  if (!named) return resolveAmong(update, said, visible);
  const { phase, words } = named;
  const resolution = resolveAmong(
    update,
    said,
    visible.filter(({ title }) => isOfPhase(title, phase)),
  );
  const isFound = resolution.kind === 'one' || resolution.kind === 'several';
  return isFound ? resolution : { kind: 'unknown', words, suggestions: nearest(words, visible) };
}

function resolveAmong(
  update: ReadUpdate,
  said: string,
  visible: readonly OpportunityName[],
): Resolution {
  const named = seen(update.opportunity, visible, ({ id }) => id);
  const customer = seen(update.customer, visible, (one) => customerKey(one.customerName));
  const whole = wholeTitles(update, wordsOf(update, said), visible);
  if (whole.length > 0) return outcome(whole);
  const byId = idsOf(named);
  if (byId.length > 0) {
    const found = ofCustomer(
      visible.filter(({ id }) => byId.includes(id)),
      customer,
    );
    if (found.length > 0) return outcome(found);
  }
  const words = unknownWords(named);
  if (words) {
    const found = byTitlePart(words, ofCustomer(visible, customer));
    if (found.length > 0) return outcome(found);
    return unknown(update, said, visible);
  }
  if (customer) {
    const found = visible.filter((one) => isOfCustomer(one, customer) || titleHas(one, customer));
    return found.length > 0 ? outcome(found) : unknown(update, said, visible);
  }
  return { kind: 'unnamed' };
}

/** A mention as it would have been read by someone who knows only what is visible: the rest are mere words. */
function seen(
  slot: Slot<Mention> | undefined,
  visible: readonly OpportunityName[],
  idOf: (one: OpportunityName) => string,
): Mention | undefined {
  if (!slot || slot.value.kind === 'unknown') return slot?.value;
  const known = new Set(visible.map(idOf));
  if (slot.value.kind === 'one')
    return known.has(slot.value.id) ? slot.value : { kind: 'unknown', words: slot.words };
  const candidates = slot.value.candidates.filter(({ id }) => known.has(id));
  return candidates.length > 0
    ? { ...slot.value, candidates }
    : { kind: 'unknown', words: slot.words };
}

/** Open ones first: closed ones count only when nothing open fits. */
function outcome(found: readonly OpportunityName[]): Resolution {
  const open = found.filter((one) => one.open);
  const fits = open.length > 0 ? open : [...found];
  const [first] = fits;
  return first && fits.length === 1
    ? { kind: 'one', opportunity: first }
    : { kind: 'several', opportunities: fits };
}

/** Titles said in full; of overlapping ones the longest: “华为二期扩容”, not “华为二期”. */
function wholeTitles(
  update: ReadUpdate,
  said: string,
  visible: readonly OpportunityName[],
): OpportunityName[] {
  const text = nameKey(said);
  const unread =
    update.opportunity?.value.kind === 'unknown' ? stripped(update.opportunity.words) : '';
  const fits = visible.filter((one) => {
    const title = nameKey(one.title);
    if (title.length < 2 || !text.includes(title)) return false;
    // “华为二期扩容” was said and is not known: 华为二期 is not what was meant.
    if (unread.length > title.length && unread.includes(title)) return false;
    const customer = update.customer?.value;
    return !customer || isOfCustomer(one, customer) || titleHas(one, customer);
  });
  const longest = Math.max(0, ...fits.map((one) => nameKey(one.title).length));
  return fits.filter((one) => nameKey(one.title).length === longest);
}

function byTitlePart(words: string, among: readonly OpportunityName[]): OpportunityName[] {
  const part = stripped(words);
  if (part.length < 2 && !/^\d|[a-z]/.test(part)) return [];
  const exact = among.filter((one) => stripped(one.title) === part);
  if (exact.length > 0) return exact;
  return among.filter((one) => nameKey(one.title).includes(part));
}

function idsOf(mention: Mention | undefined): string[] {
  if (!mention || mention.kind === 'unknown') return [];
  return mention.kind === 'one' ? [mention.id] : mention.candidates.map(({ id }) => id);
}

const unknownWords = (mention: Mention | undefined): string | null =>
  mention?.kind === 'unknown' ? mention.words : null;

function ofCustomer(
  names: readonly OpportunityName[],
  customer: Mention | undefined,
): OpportunityName[] {
  if (!customer) return [...names];
  return names.filter((one) => isOfCustomer(one, customer) || titleHas(one, customer));
}

/** 四期 of 华为四期进展: which of several is meant, when the words right after the name say so. */
function phaseNamed(
  { customer, opportunity }: ReadUpdate,
  said: string,
): { phase: string; words: string } | null {
  for (const mention of [opportunity, customer]) {
    if (!mention || mention.value.kind === 'unknown') continue;
    const { words, span } = mention;
    // 第三期款 is an instalment.
    const [, phase] =
      /^[\s的]*第?([一二三四五六七八九十\d]{1,3}(?:期|标段|标))(?!款|付|回|货)/u.exec(
        said.slice(span.end),
      ) ?? [];
    if (phase) return { phase, words: `${words}${phase}` };
  }
  return null;
}

const isOfPhase = (title: string, phase: string): boolean =>
  inDigits(nameKey(title)).includes(inDigits(phase));

/** 二期 and 2期 are the same. */
const inDigits = (text: string): string =>
  text.replace(/[一二三四五六七八九]/gu, (digit) =>
    String('一二三四五六七八九'.indexOf(digit) + 1),
  );

/** Customers are known to the reader by their name's key. */
function isOfCustomer(one: OpportunityName, customer: Mention): boolean {
  const key = customerKey(one.customerName);
  if (customer.kind === 'unknown') {
    const words = customerKey(customer.words);
    return words.length >= 2 && (key.includes(words) || words.includes(key));
  }
  return idsOf(customer).includes(key);
}

const titleHas = (one: OpportunityName, customer: Mention): boolean =>
  customer.kind === 'unknown' &&
  nameKey(customer.words).length >= 2 &&
  nameKey(one.title).includes(nameKey(customer.words));

function unknown(
  update: ReadUpdate,
  said: string,
  visible: readonly OpportunityName[],
): Resolution {
  const words = namedBy(update, said);
  return { kind: 'unknown', words, suggestions: nearest(words, visible) };
}

/** The visible titles that share the most neighbouring characters with what was typed. */
export function nearest(words: string, visible: readonly OpportunityName[]): string[] {
  const wanted = pairs(nameKey(words));
  return visible
    .filter(({ open }) => open)
    .map((one) => {
      const own = pairs(nameKey(`${one.customerName}${one.title}`));
      const shared = [...wanted].filter((pair) => own.has(pair)).length;
      return { title: one.title, shared };
    })
    .filter(({ shared }) => shared > 0)
    .sort((a, b) => b.shared - a.shared || a.title.localeCompare(b.title))
    .slice(0, MAX_SUGGESTIONS)
    .map(({ title }) => title);
}

function pairs(text: string): Set<string> {
  const chars = [...text];
  return new Set(chars.slice(1).map((char, index) => `${chars[index] ?? ''}${char}`));
}
