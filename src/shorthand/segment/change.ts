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
import { productBefore, productBehind } from '../slots/opportunity.js';
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
import { sought } from '../sought.js';

/** “建群 … @甲 @乙” speaks of a chat group, not of handing anything over. */
const GROUP_CHAT = /[建拉](?:一?个)?群|@[^@]{1,12}@/;
/** “@韩梅 中午吃啥” calls a colleague; nothing is handed over. */
const CALLS_OUT = /^(?!.*(?:转|交|派|分给|归|负责|跟|接|assign))\s*@/;
/** The customer of whom we talk, without a name: 客户说再考虑考虑，下周三回我. */
const CUSTOMER_SPEAKS =
  /^\s*(?:客户|对方|甲方)(?:那边)?(?:说|讲|表示|反馈|回复|让|要求?|答应|同意|约|想|还|希望|通知|催)/;
/** 月底签, 周五前成交: a day that is certainly one of signing. */
const SIGNED_BY = sought(
  /\ue003(?:前|之前|内|就|能|可以|要|计划|预计)*(?:签|成交|关单)(?!到|收|名|证|字会)/,
);
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
  const { marked } = draft.scene;
  const { total } = draft.amount ?? {};
  const listed = total && productBefore(draft.withoutNames(), customer.end, total.start);
  const behind =
    productBehind(marked, customer.end) ??
    (listed && !draft.knowledge.stages.named(listed.value) ? listed : undefined);
  if (!behind) return;
  draft.slots.opportunity = draft.unknown(behind);
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
    marked.includes('(新客户)') ||
    draft.knowledge.stages.read(marked).stage !== undefined;
  const spoken = stated || draft.days.length > 0;
  if (!spoken && !isBusiness(draft.businessText())) return;
  const guess =
    misspeltCustomer(marked, draft.knowledge.names.customers, spoken ? 2 : 3) ??
    (stated ? unknownCustomer(marked) : undefined);
  const { people } = draft.knowledge.names;
  if (!guess || people.names.has(draft.scene.text.slice(guess.start, guess.end))) return;
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
  if (/[?？]\s*$|[吗么](?:[哈呵嘿]*|\s)*[?？。!]*\s*$/.test(text) && !isPolite(text))
    return undefined;
  if (draft.slots.assignee && !draft.slots.amount && !draft.slots.stage && !draft.slots.closeOn)
    return draft.finish('assign');
  if (fields) {
    if (!named && !standsAlone(draft))
      return isBusiness(draft.businessText()) &&
        (draft.slots.contacts.length > 0 || CUSTOMER_SPEAKS.test(text))
        ? draft.finish('log')
        : undefined;
    if (isChatter(draft)) return undefined;
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

const FIGURES = new Set(['customer', 'amount', 'currency', 'nextFollowUp', 'tags']);
/** How sums and days of a deal are set right, counted and put off: 不是28万是38万, 由18万调整为…, 去他们工厂. */
const OF_FIGURES =
  /不是|不对|不用|错|改|从\ue002|由|降|调|砍|压|折(?:后|之后|下来|扣)|让\ue002|加\ue002|多了\ue002|少了?\ue002|涨(?:到|至|价|\ue002)|总[价额]|一共|合计|共计|原价|金额|框架|按|报\ue002|还是\ue002|[这那]单|[这那]个价|第?[一二三四五六\d][轮期版]|[少多]写|[单均]价|总共|确认|都?可以|回来|老总|他们|[台套个]账?号?\s*\ue002|\d ?[台套]|让[^,，。]{1,4}点|不含|含税|硬件|软件|license|去\ue001+(?![\ue001买逛吃玩取退排旁附门对])[^,，。]{2}|去[^,，。]{0,6}(?:工?厂|公司|总部|那边|他们|她们|园区|基地|办公)|新客户/;
/** Han characters of unread words from which on a sentence says more than its slots. */
const MORE_THAN_FIGURES = 4;

/** 某某 …: the name first and alone, as one types an entry. */
const OPENS_ENTRY = /^\s*\ue001+(?:[那这]边|他们)?(?:[\s,，:：]|要|想)/;
/** 某某下周三上午10点…: the name, then when. */
const OPENS_APPOINTMENT = /^\s*\ue001+(?:[那这]边)?\s*\ue003/;
/** Sums below are no reason to take a sentence for an entry. */
const LEAST_OF_AN_ENTRY_FEN = 10_000 * 100;

/** A name, a sum or a day among words none of which is of a deal: 某某今天又跌了，亏了2万. */
function isChatter(draft: Draft): boolean {
  if (draft.isNumbered || !draft.slots.customer || !draft.fillsOnly(FIGURES)) return false;
  if (unreadCharacters(draft) < MORE_THAN_FIGURES) return false;
  const { marked } = draft.scene;
  const { amount, nextFollowUp } = draft.slots;
  if (nextFollowUp?.value.time !== undefined && OPENS_APPOINTMENT.test(marked)) return false;
  if (OPENS_ENTRY.test(marked) && (!amount || amount.value.fen >= LEAST_OF_AN_ENTRY_FEN))
    return false;
  return !OF_FIGURES.test(marked) && !isTalkOfDeal(draft.businessText()) && !isStory(marked);
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
const TOLD = new Set(['customer', 'opportunity', 'contacts', 'channel', 'nextFollowUp']);

/** Only days, rivals or next steps were read, and more was said than they account for. */
function isMostlyTalk(draft: Draft): boolean {
  if (draft.slots.nextFollowUp === undefined || !draft.fillsOnly(TOLD)) return false;
  return unreadCharacters(draft) >= MUCH_TALK;
}

/** Chinese characters said beside the slots. */
function unreadCharacters(draft: Draft): number {
  const unread = draft
    .unreadSpans()
    .map((span) => wordsAt(draft.lexed, span))
    .join('');
  return (unread.match(/\p{Script=Han}/gu) ?? []).length;
}
