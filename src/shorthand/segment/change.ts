import {
  isBusiness,
  isPolite,
  isReport,
  isStory,
  isTalkOfDeal,
  PRONOUN,
  readOutcome,
} from '../intent.js';
import { wordsAt } from '../lexer.js';
import type { ReadUpdate } from '../reading.js';
import { MARK } from '../scene.js';
import { readCompetitors } from '../slots/competitor.js';
import { misspeltCustomer, unknownCustomer } from '../slots/customer.js';
import { productBehind } from '../slots/opportunity.js';
import { readNextStep } from '../slots/reason.js';
import { isFieldWords } from './draft.js';
import type { Draft } from './draft.js';
import {
  takeAmount,
  takeChannel,
  takeCustomer,
  takeDays,
  takeLabels,
  takePeople,
  takeStage,
} from './fields.js';
import { readOutcomeDetails } from './outcome.js';

/** “建群 … @甲 @乙” speaks of a chat group, not of handing anything over. */
const GROUP_CHAT = /[建拉](?:一?个)?群|@[^@]{1,12}@/;
/** “@韩梅 中午吃啥” calls a colleague; nothing is handed over. */
const CALLS_OUT = /^(?!.*(?:转|交|派|分给|归|负责|跟|接|assign))\s*@/;
/** The customer of whom we talk, without a name: 客户说再考虑考虑，下周三回我. */
const CUSTOMER_SPEAKS =
  /^\s*(?:客户|对方|甲方)(?:那边)?(?:说|讲|表示|反馈|回复|让|要求?|答应|同意|约|想|还|希望|通知|催)/;
/** 月底签, 周五前成交: a day that is certainly one of signing. */
const SIGNED_BY =
  /\ue003(?:前|之前|内|就|能|可以|要|计划|预计)*(?:签|成交|关单)(?!到|收|名|证|字会)/;
/** Characters of unread words that make a message a report rather than a change of fields. */
const MUCH_TALK = 6;

export function readChange(draft: Draft): ReadUpdate | undefined {
  const { text } = draft.scene;
  const result = readOutcome(draft.businessText(), draft.scene.marked);
  if (draft.mentions.length === 0) guessCustomer(draft, result.outcome !== undefined);
  takeCustomer(draft);
  takeAmount(draft);
  takeProduct(draft);
  if (result.outcome) {
    draft.scene.claim([result.outcome.hit], MARK.other);
    draft.cues.push(result.outcome.hit);
  } else {
    takeStage(draft);
    if (draft.slots.stage?.value === 'won' || draft.slots.stage?.value === 'lost')
      draft.slots.stage = undefined;
  }
  takePeople(draft);
  takeLabels(draft);
  takeChannel(draft);
  const competitors = readCompetitors(draft.reasonText(), result.outcome?.intent === 'lose');
  draft.slots.competitors = competitors.competitors.map((name) => draft.words(name));
  const next = readNextStep(text, draft.scene.marked);
  if (next) draft.slots.nextStep = draft.words(next);
  const reported = isReported(draft, result.outcome !== undefined);
  takeDays(draft, { create: false, reported, won: result.outcome?.intent === 'win' });
  if (result.outcome) return readOutcomeDetails(draft, result.outcome.intent, result.outcome.hit);
  if (result.unreal) draft.doubts.add('hedged');
  return readPlainChange(draft, reported, result.unreal);
}

/** 福耀二期谈判: the product is read first, so that the stage behind it stands free. */
function takeProduct(draft: Draft): void {
  const [customer] = draft.mentions;
  if (!customer || !draft.slots.customer || draft.slots.opportunity) return;
  const behind = productBehind(draft.scene.marked, customer.end);
  if (!behind) return;
  draft.slots.opportunity = draft.unknownTitle(behind);
  draft.scene.claim([behind], MARK.other);
}

/** No known name: one with a wrong character, else an unknown one in the place of a name. */
function guessCustomer(draft: Draft, outcome: boolean): void {
  const { marked } = draft.scene;
  const stated =
    outcome ||
    [draft.amount?.total, draft.amount?.change, draft.slots.probability].some(
      (slot) => slot !== undefined,
    ) ||
    SIGNED_BY.test(marked) ||
    draft.knowledge.stages.read(marked).stage !== undefined;
  const spoken = stated || draft.days.length > 0;
  if (!spoken && !isBusiness(draft.businessText())) return;
  const guess =
    misspeltCustomer(marked, draft.knowledge.names.customers, spoken ? 2 : 3) ??
    (stated ? unknownCustomer(marked) : undefined);
  if (!guess) return;
  draft.mentions = [guess];
  draft.scene.claim([guess], MARK.customer);
}

function isReported(draft: Draft, outcome: boolean): boolean {
  return outcome || draft.slots.channel !== undefined || isReport(draft.scene.text);
}

function readPlainChange(draft: Draft, reported: boolean, unreal: boolean): ReadUpdate | undefined {
  const { text } = draft.scene;
  const fields = draft.hasFields();
  const named =
    (draft.slots.customer ?? draft.slots.opportunity) !== undefined ||
    draft.isNumbered ||
    PRONOUN.test(text);
  if (draft.slots.assignee && (GROUP_CHAT.test(text) || (!named && CALLS_OUT.test(text))))
    return undefined;
  if (/[?？]\s*$|[吗么]\s*[?？。!]*\s*$/.test(text) && !isPolite(text)) return undefined;
  if (draft.slots.assignee && !draft.slots.amount && !draft.slots.stage && !draft.slots.closeOn)
    return draft.finish('assign');
  if (fields) {
    if (!named && !standsAlone(draft))
      return isBusiness(draft.businessText()) &&
        (draft.slots.contacts.length > 0 || CUSTOMER_SPEAKS.test(text))
        ? draft.finish('log')
        : undefined;
    return draft.finish(tellsStory(draft) ? 'log' : 'update');
  }
  if (named && isBareName(draft)) return draft.finish('query');
  if (
    named &&
    (unreal ||
      draft.slots.channel !== undefined ||
      isTalkOfDeal(draft.businessText()) ||
      isStory(draft.scene.marked) ||
      draft.slots.contacts.length > 0)
  )
    return draft.finish('log');
  if (
    !named &&
    draft.slots.contacts.length > 0 &&
    isBusiness(draft.businessText()) &&
    (draft.slots.channel !== undefined || reported)
  )
    return draft.finish('log');
  return undefined;
}

/** Nothing but a name was said: 华为, 客户是华为. */
function isBareName(draft: Draft): boolean {
  if (draft.slots.customer === undefined) return false;
  const rest = draft.scene.marked.replace(/[^\p{L}\p{N}\ue001-\ue009]/gu, '');
  return /^(?:客户|公司|名称|是|为|叫|的|那|这|个|单|子|项目|商机|\ue001)*$/.test(rest);
}

/** Without a customer only a message that is nothing but fields is an update. */
function standsAlone(draft: Draft): boolean {
  return isFieldWords(draft.scene.marked.replace(/[\ue001-\ue009]/g, ''));
}

function tellsStory(draft: Draft): boolean {
  if (draft.slots.channel !== undefined && isReport(draft.scene.text)) return true;
  return isStory(draft.scene.marked) || isMostlyTalk(draft);
}

/** Slots a report is made of. */
const TOLD = new Set([
  ...['customer', 'opportunity', 'contacts', 'channel'],
  ...['nextFollowUp', 'competitors', 'tags'],
]);

/** Only days, rivals or next steps were read, and more was said than they account for. */
function isMostlyTalk(draft: Draft): boolean {
  const { nextFollowUp, competitors, tags } = draft.slots;
  if (nextFollowUp === undefined || competitors.length > 0 || tags.length > 0) return false;
  if (Object.entries(draft.slots).some(([name, slot]) => slot !== undefined && !TOLD.has(name)))
    return false;
  const unread = draft
    .unreadSpans()
    .map((span) => wordsAt(draft.lexed, span))
    .join('');
  return (unread.match(/\p{Script=Han}/gu) ?? []).length >= MUCH_TALK;
}
