import type { Mention } from '../reading.js';
import { isConditional } from '../intent.js';
import type { Found } from '../scene.js';
import { productBehind } from '../slots/opportunity.js';
import { readPeriod, readQuery } from '../slots/query.js';
import type { Draft } from './draft.js';
import { takeCustomer } from './fields.js';

/** 有几个超过100万的: a sum that is asked by. */
const COMPARES =
  /(?:哪[些几个]|几个|几家|几单|多少)[^,，。;；]{0,8}(?:超过?|大于|高于|低于|少于|不到)|(?:超过?|大于|高于|低于|少于|不到|以[上下])[^,，。;；]{0,12}(?:哪[些几个]|几个|几家|几单|多少)/;

export function readQuestion(draft: Draft): boolean {
  const { text, marked } = draft.scene;
  if (text.length > 60 || draft.slots.probability) return false;
  if (draft.amount?.total && !COMPARES.test(text)) return false;
  if (
    /(?:客户|对方|他们|老板|领导|主管|[总工])(?:那边)?(?:问|想知道|想了解|在问|催问)|(?:电话|微信|邮件|消息)(?:过)?来?[,，]?(?:就)?问(?![题下问])|问(?:了|我们|到)/.test(
      text,
    )
  )
    return false;
  if (isConditional(text)) return false;
  const query = readQuery(text, marked, {
    hasCustomer: draft.mentions.length > 0,
    hasPerson: () => personInQuestion(draft) !== undefined,
    hasStage: () => draft.knowledge.stages.named(marked) !== undefined,
  });
  if (!query) return false;
  const person = personInQuestion(draft);
  const stage = draft.knowledge.stages.named(marked);
  takeCustomer(draft);
  draft.slots.queryKind = draft.slot(query, query.value);
  const [customer] = draft.mentions;
  const behind = customer && productBehind(marked, customer.end);
  if (behind && !draft.slots.opportunity) draft.slots.opportunity = draft.unknown(behind);
  if (query.value === 'stage' && stage) draft.slots.stage = draft.slot(stage, stage.value);
  if (person && query.value !== 'customer') draft.slots.assignee = draft.slot(person, person.value);
  const period = readPeriod(draft.withoutNames(true), draft.moment);
  if (period) draft.slots.period = draft.slot(period, period.value);
  return true;
}

function personInQuestion(draft: Draft): Found<Mention> | undefined {
  const { marked } = draft.scene;
  for (let at = 0; at < marked.length; at++) {
    if (
      at > 0 &&
      /[\p{Script=Han}]/u.test(marked[at - 1] ?? '') &&
      !/[看查下询出给@,\s]/.test(marked[at - 1] ?? '')
    )
      continue;
    const person = draft.knowledge.names.people.at(marked, at);
    if (
      person &&
      person.value.kind !== 'unknown' &&
      !(person.value.kind === 'one' && person.value.how === 'typo')
    )
      return person;
  }
  return undefined;
}
