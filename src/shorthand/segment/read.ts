import {
  isHypothesis,
  isLetter,
  isTalkOfDeal,
  readCallAt,
  readCreate,
  readRemind,
  readUndo,
} from '../intent.js';
import type { Lexed } from '../lexer.js';
import type { ReadUpdate } from '../reading.js';
import { MARK, overwritten } from '../scene.js';
import type { Moment } from '../slots/moment.js';
import { isNotMeant } from '../unsaid.js';
import { readChange } from './change.js';
import { heedLabel, readCreation } from './creation.js';
import type { Segment } from './cut.js';
import { Draft, isFieldWords } from './draft.js';
import type { Knowledge } from './draft.js';
import { takeCustomer, takeFigures, takeReachable } from './fields.js';
import { readQuestion } from './question.js';
import { readReminder } from './reminder.js';
import { sought } from '../sought.js';

const ASKS_FOR_LIST = sought(/哪些|哪几|多少|几个|几家|几条|谁|吗\s*[?。]*$|\?\s*$/);

/** Yuan below which a price told in 块 among other words is one of a shop. */
const LEAST_OF_A_DEAL = 1_000;

/** 某某豆浆机500块: what things cost in a shop. */
function isRetail(draft: Draft): boolean {
  const total = draft.amount?.total;
  return (
    total !== undefined &&
    total.fen < LEAST_OF_A_DEAL * 100 &&
    draft.scene.text.slice(total.start, total.end + 1).includes('块') &&
    !isFieldWords(draft.scene.marked.replace(/[\ue001-\ue009]/g, '')) &&
    !isTalkOfDeal(draft.businessText())
  );
}

const PASSED_ON = sought(/告诉|通知|转告|知会|一声|说一?下|带个话/);

/** What hands a deal to the colleague spoken to, or tells of one. */
const HANDED_ON =
  /跟(?!我)|接(?:一?下|手|了|着|过)|[你来]接|负责|转给|交给|盯|归|[\d一二三四五六七八九十](?:万|w|亿)/;

/** @韩梅 楼下的快递帮我拿一下: said to a colleague, and of no deal. */
function isAddressed(draft: Draft): boolean {
  const { text } = draft.scene;
  if (!/^\s*@/.test(text)) return false;
  const [colleague] = draft.knowledge.names.people.fullNames(text);
  return (
    colleague !== undefined &&
    text.slice(0, colleague.start).trim() === '@' &&
    !HANDED_ON.test(text) &&
    !isTalkOfDeal(draft.businessText())
  );
}

/** 告诉韩梅…, 给陆远说一声…: word for a colleague, who is not the record. */
function isWordForColleague(draft: Draft): boolean {
  const { text } = draft.scene;
  if (isAddressed(draft)) return true;
  if (!PASSED_ON.test(text)) return false;
  const [colleague] = draft.knowledge.names.people.fullNames(text);
  if (!colleague) return false;
  const before = text.slice(0, colleague.start);
  return (
    /^\s*(?:请|麻烦|帮我|帮忙|记得|你)*(?:告诉|通知|转告|知会)(?:一下)?\s*$/.test(before) ||
    (/^\s*(?:请|麻烦|帮我|帮忙|记得|你)*[跟给和向]\s*$/.test(before) &&
      /^[他她]?(?:说|讲|带)(?:一?声|一?下|个话)/.test(text.slice(colleague.end)))
  );
}

function readDraft(draft: Draft): ReadUpdate | undefined {
  const text = draft.scene.text;
  if (isLetter(text) || isNotMeant(draft.businessText()) || isWordForColleague(draft))
    return undefined;
  takeReachable(draft);
  heedLabel(draft);
  draft.scene.claim(draft.mentions, MARK.customer);
  if (draft.mentions.length > 0 && readUndo(overwritten(text, draft.mentions, ' '))) {
    takeCustomer(draft);
    return draft.finish('undo');
  }
  const reminder = readRemind(text);
  const create = reminder || ASKS_FOR_LIST.test(text) ? undefined : readCreate(draft.scene.marked);
  takeFigures(draft, create !== undefined);
  if (isRetail(draft)) return undefined;
  const remind = reminder ?? (create ? undefined : readCallAt(draft.scene.marked));
  const query = remind || create ? undefined : readQuestion(draft);
  if (query) return draft.finish('query');
  if (!remind && !create && isHypothesis(draft.scene.marked)) return undefined;
  if (remind) return readReminder(draft, remind);
  if (create) return readCreation(draft, create);
  return readChange(draft);
}

/** Reads one segment: none, one, or (for a group of customers) several updates. */
export function readSegment(
  lexed: Lexed,
  segment: Segment,
  knowledge: Knowledge,
  moment: Moment,
): ReadUpdate[] {
  const draft = new Draft(lexed, segment, knowledge, moment);
  const update = readDraft(draft);
  if (!update) return [];
  return draft.group.length > 1
    ? draft.group.map(({ customer, opportunity }) => ({
        ...update,
        customer,
        opportunity: opportunity ?? update.opportunity,
      }))
    : [update];
}
