import type { Lexed } from '../lexer.js';
import type { ReadUpdate } from '../reading.js';
import { MARK } from '../scene.js';
import type { CustomerMention } from '../slots/customer.js';
import { closingDay, followUpDay, whenOf } from '../slots/day.js';
import type { Moment } from '../slots/moment.js';
import { isReasonWord, phraseOf } from '../slots/reason.js';
import { isNotMeant } from '../unsaid.js';
import { Draft } from './draft.js';
import type { Knowledge } from './draft.js';
import {
  takeAmount,
  takeChannel,
  takeCustomer,
  takeFigures,
  takeLabels,
  takePeople,
  takeReachable,
  takeStage,
} from './fields.js';

const LONGEST_ANSWER = 30;

/** Every slot the words can fill, for a question that is open. */
function readLooseAnswer(draft: Draft): ReadUpdate | undefined {
  const { text } = draft.scene;
  if (/[?？]|[吗呢]\s*$/.test(text) || isNotMeant(draft.businessText())) return undefined;
  takeReachable(draft);
  draft.scene.claim(draft.mentions, MARK.customer);
  takeFigures(draft, false);
  takeCustomer(draft);
  takeAmount(draft);
  takeStage(draft);
  takePeople(draft);
  takeLabels(draft);
  takeChannel(draft);
  const day = draft.days.find(({ day: found, past }) => found && !past);
  if (day?.day) {
    const closing = closingDay(day, draft.moment) ?? day.day;
    draft.slots.closeOn = draft.slot(day, whenOf(day, closing));
    const following = followUpDay(day, draft.moment) ?? closing;
    draft.slots.nextFollowUp = draft.slot(day, whenOf(day, following));
  }
  const phrase = phraseOf(text, { start: 0, end: text.length });
  if (phrase) draft.slots.lossReason = draft.words(phrase);
  const answered =
    draft.hasFields() ||
    draft.slots.contacts.length > 0 ||
    (phrase !== undefined && isReasonWord(phrase.value));
  return answered || draft.slots.customer ? draft.finish('update') : undefined;
}

/** A message that answers a question: any slot it holds, whether or not it is an operation. */
export function readAnswer(
  lexed: Lexed,
  subjects: readonly CustomerMention[],
  knowledge: Knowledge,
  moment: Moment,
): ReadUpdate | undefined {
  if (lexed.text.length > LONGEST_ANSWER) return undefined;
  const segment = { start: 0, end: lexed.text.length, customers: subjects };
  return readLooseAnswer(new Draft(lexed, segment, knowledge, moment));
}
