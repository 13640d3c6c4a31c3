import { wordsAt } from '../lexer.js';
import type { Mention, Refused } from '../reading.js';
import { MARK } from '../scene.js';
import type { Range } from '../scene.js';
import { readAmount } from '../slots/amount.js';
import { readChannel } from '../slots/channel.js';
import { findContacts, findReachable } from '../slots/contact.js';
import type { CustomerMention } from '../slots/customer.js';
import { findDays } from '../slots/day.js';
import { readLabels } from '../slots/labels.js';
import { readAssignee } from '../slots/person.js';
import { readProbability } from '../slots/probability.js';
import { isNobody } from '../slots/subject.js';
import { placeDays } from '../slots/when.js';
import type { SentenceShape } from '../slots/when.js';
import { isGroup } from './cut.js';
import type { Draft, SubjectSlots } from './draft.js';

export function takeReachable(draft: Draft): void {
  const { phones, emails } = findReachable(draft.scene.text);
  const [phone] = phones;
  const [email] = emails;
  if (phone) draft.slots.phone = draft.slot(phone, phone.value);
  if (email) draft.slots.email = draft.words(email);
  draft.scene.claim([...phones, ...emails], MARK.reach);
  const inside = (mention: CustomerMention): boolean =>
    emails.some((e) => mention.start < e.end && e.start < mention.end);
  draft.mentions = draft.mentions.filter((mention) => !inside(mention));
}

export function takeFigures(draft: Draft, create: boolean): void {
  draft.amount = readAmount(draft.scene, { bare: true, lone: draft.mentions.length > 0 || create });
  draft.scene.claim(draft.amount.ranges, MARK.amount);
  const chance = readProbability(draft.scene.marked);
  draft.scene.claim(chance.ranges, MARK.chance);
  if (chance.probability)
    draft.slots.probability = draft.slot(chance.probability, chance.probability.value);
  refuse(draft, 'probability', 'impossible-probability', chance.refused);
  refuse(draft, 'amount', 'impossible-amount', draft.amount.refused);
  draft.days = findDays(draft.withoutNames(), draft.moment);
  draft.scene.claim(draft.days, MARK.day);
  refuse(
    draft,
    'day',
    'impossible-day',
    draft.days.filter((day) => day.impossible),
  );
}

function refuse(draft: Draft, slot: string, why: Refused['why'], ranges: readonly Range[]): void {
  for (const range of ranges) {
    const span = draft.span(range);
    draft.refused.push({ slot, why, span, words: wordsAt(draft.lexed, span) });
  }
}

export function takeAmount(draft: Draft): void {
  const { amount } = draft;
  if (!amount) return;
  if (amount.total) {
    const { fen, approx, range } = amount.total;
    draft.slots.amount = draft.slot(amount.total, {
      fen,
      approx: approx || undefined,
      range,
    });
    if (range) draft.doubts.add('amount-range');
  }
  if (amount.change) draft.slots.amountChange = draft.slot(amount.change, amount.change.fen);
  if (amount.currency) draft.slots.currency = draft.slot(amount.currency, amount.currency.code);
  if (amount.unsure) draft.doubts.add('two-values');
}

export function takeCustomer(draft: Draft): void {
  const [first] = draft.mentions;
  if (!first) return;
  const { mention } = first;
  const subject = subjectSlots(draft, first);
  draft.slots.customer = subject.customer;
  draft.slots.opportunity = subject.opportunity;
  if (mention.kind === 'several') draft.doubts.add('several-customers');
  if (mention.kind === 'unknown' && !isNobody(mention)) draft.doubts.add('unknown-customer');
  if (mention.kind === 'one' && (mention.how === 'typo' || mention.how === 'pinyin'))
    draft.doubts.add('guessed-name');
  if (draft.mentions.length === 1) return;
  const different = [
    ...new Map(draft.mentions.map((subject) => [subjectKey(subject), subject])).values(),
  ].slice(0, MOST_IN_GROUP);
  if (different.length > 1 && isGroup(draft.scene.text, different)) {
    draft.group = different.map((subject) => subjectSlots(draft, subject));
  }
}

/** The customer and, when one was named, the opportunity. A title stated apart (华为 … 二期) counts too. */
function subjectSlots(draft: Draft, subject: CustomerMention): SubjectSlots {
  const titled =
    subject.opportunity ??
    draft.mentions.find((other) => other.opportunity && sameMention(other.mention, subject.mention))
      ?.opportunity;
  if (titled?.mention.kind === 'several') draft.doubts.add('several-opportunities');
  return {
    customer: isNobody(subject.mention) ? undefined : draft.slot(subject, subject.mention),
    opportunity: titled && draft.slot(titled, titled.mention),
  };
}

export function takeStage(draft: Draft): void {
  const { stage, move, ranges } = draft.knowledge.stages.read(draft.scene.marked);
  if (stage) draft.slots.stage = draft.slot(stage, stage.value);
  if (move) draft.slots.stageMove = draft.slot(move, move.value);
  draft.scene.claim(ranges, MARK.stage);
}

export function takePeople(draft: Draft): void {
  const marked = draft.scene.marked;
  const assigned = readAssignee(marked, draft.knowledge.names.people);
  if (assigned.assignee && assigned.assignee.value.kind !== 'unknown') {
    draft.slots.assignee = draft.slot(assigned.assignee, assigned.assignee.value);
    if (assigned.assignee.value.kind === 'several') draft.doubts.add('several-people');
    draft.scene.claim([assigned.assignee, ...(assigned.cue ? [assigned.cue] : [])], MARK.person);
  }
  const { contacts, title, stated } = findContacts(
    draft.scene.marked,
    draft.knowledge.names.people.names,
  );
  draft.slots.contacts = contacts.map((contact) => draft.words(contact));
  draft.statesContact = stated;
  draft.scene.claim(contacts, MARK.contact);
  if (title && !contacts.some((contact) => title.start < contact.end && contact.start < title.end))
    draft.slots.title = draft.words(title);
}

export function takeLabels(draft: Draft): void {
  const { priority, tier, tags } = readLabels(draft.scene.marked);
  if (priority) draft.slots.priority = draft.slot(priority, priority.value);
  if (tier) draft.slots.tier = draft.slot(tier, tier.value);
  draft.slots.tags = tags.map((tag) => {
    const slot = draft.words(tag);
    return { ...slot, value: slot.words.trim() };
  });
  draft.scene.claim(
    [...(priority ? [priority] : []), ...(tier ? [tier] : []), ...tags],
    MARK.other,
  );
}

export function takeChannel(draft: Draft): void {
  const channel = readChannel(draft.scene.marked);
  if (channel) draft.slots.channel = draft.slot(channel, channel.value);
}

/** 日期先别改: the day of signing stays, whatever day was spoken of. */
const KEEPS_DAY =
  /(?:日期|时间)(?:就|也|都|先|暂时)*(?:别|不要?|不用|不必)(?:改|动|变|更新|调)|(?:别|不要|不用|先不)(?:改|动|变|调)(?:签约|成交)?(?:日期|时间)/;

export function takeDays(
  draft: Draft,
  { create, reported, won }: Omit<SentenceShape, 'planned'>,
): void {
  const { closeOn, nextFollowUp } = placeDays(
    draft.scene.text,
    draft.scene.marked,
    draft.days,
    { create, reported, won, planned: draft.slots.nextStep !== undefined },
    draft.moment,
  );
  if (closeOn && !KEEPS_DAY.test(draft.scene.text))
    draft.slots.closeOn = draft.slot(closeOn, closeOn.value);
  if (nextFollowUp) draft.slots.nextFollowUp = draft.slot(nextFollowUp, nextFollowUp.value);
  for (const when of [closeOn, nextFollowUp])
    if (when?.value.alternatives) draft.doubts.add('several-days');
}

const MOST_IN_GROUP = 30;
function sameMention(a: Mention, b: Mention): boolean {
  return mentionKey(a) === mentionKey(b);
}
function mentionKey(mention: Mention): string {
  if (mention.kind === 'one') return `one ${mention.id}`;
  if (mention.kind === 'unknown') return `unknown ${mention.words}`;
  return `several ${mention.candidates.map(({ id }) => id).join(' ')}`;
}
function subjectKey({ mention, opportunity }: CustomerMention): string {
  return opportunity ? `opportunity ${mentionKey(opportunity.mention)}` : mentionKey(mention);
}
