import type { z } from 'zod';
import { question } from '../../chat/index.js';
import { lossReasonOf } from '../../domain/index.js';
import type { DayAndTime, FieldName, StageId } from '../../domain/index.js';
import type { ReadUpdate } from '../../shorthand/index.js';
import type { FollowUpInput } from '../../usecases/index.js';
import type { Task } from '../dialog.js';
import {
  DAY_MEANS,
  dayAndTime,
  followUpOf,
  saysSomething,
  statedBy,
  withDayMeant,
} from '../patch.js';
import type { Stated } from '../patch.js';
import { absent, arg, askedInWords } from '../arg.js';

/** The fields the sentence states. */
export function statedFields(): z.ZodType<Stated> {
  return arg(({ task }) => ({
    found: statedBy(withDayMeant(task.update, task.answers[DAY_MEANS])),
  }));
}

/** What was said to or by the customer. */
export function followUpNote(): z.ZodType<FollowUpInput> {
  return arg(({ task }) => {
    const summary = task.answers['summary'];
    const followUp = followUpOf(task.update, task.said);
    const isTold = toldBy(task);
    if (summary === undefined && !isTold)
      return askedInWords('summary', question({ about: 'told' }));
    return { found: summary === undefined ? followUp : { ...followUp, summary } };
  });
}

/** “跟进 华为二期” names whom, and tells nothing yet. */
function toldBy({ update, answers }: Task): boolean {
  const { rest } = answers;
  if (rest === undefined) return update.intent === 'log' || saysSomething(update);
  const names = [update.customer, update.opportunity].flatMap((slot) => slot?.words ?? []);
  return names.reduce((left, name) => left.replace(name, ''), rest).trim() !== '';
}

/** Whether the sentence reports something that happened, rather than setting fields only. */
export function reportsContact(): z.ZodType<boolean> {
  return arg(({ task: { update } }) => ({
    found: update.intent === 'log' && !setsContactsOnly(update) && !isAllRefused(update),
  }));
}

/** “联系人 姚处” says whom to speak to, not that somebody did. */
function setsContactsOnly(update: ReadUpdate): boolean {
  return (
    update.contacts.length > 0 &&
    !update.channel &&
    /^(?:(?:客户|新|主要|关键)?(?:联系人|对接人|接口人|决策人)(?:是|为|[:：])?\s*)+$/u.test(
      update.note,
    )
  );
}

/** “4月31号签” holds a day that cannot be, and tells of nothing else. */
function isAllRefused({ refused, note }: ReadUpdate): boolean {
  const left = refused.reduce((text, { words }) => text.replace(words, ''), note);
  return refused.length > 0 && /^(?:签约?|成交|跟进|联系|再约|提醒|之?前|[\s\p{P}])*$/u.test(left);
}

export function stageName(): z.ZodType<StageId> {
  return arg(({ task }) => (task.update.stage ? { found: task.update.stage.value } : absent));
}

/** One of the company's 输单原因; asked for from the list when none was said. */
export function lossReason(): z.ZodType<string> {
  return arg(({ task, turn }) => {
    const { pipeline } = turn.policies;
    const { update, answers } = task;
    const words = answers['loss-reason'] ?? update.lossReason?.value ?? update.note;
    const reason = lossReasonOf(pipeline, words || null);
    if (reason) return { found: reason };
    return {
      absent: true,
      ask: {
        kind: 'pick',
        about: 'loss-reason',
        words: '输单的原因是？',
        options: pipeline.lossReasons.map(({ name }) => ({ value: name, label: name })),
      },
    };
  });
}

export function winReason(): z.ZodType<string> {
  return arg(({ task }) =>
    task.update.winReason ? { found: task.update.winReason.value } : absent,
  );
}

/** A day, with its time when one was said. */
export function moment(): z.ZodType<DayAndTime> {
  return arg(({ task }) => {
    const { update, answers } = task;
    const day = answers['day'];
    if (day !== undefined) return { found: { day } };
    const when = update.remindAt ?? update.nextFollowUp ?? update.closeOn;
    if (when) return { found: dayAndTime(when.value) };
    return {
      absent: true,
      ask: { kind: 'open', about: 'when', words: question({ about: 'when' }) },
    };
  });
}

/** The field a question is about: 谁改的金额. */
export function field(): z.ZodType<FieldName> {
  return arg(({ task }) => {
    // “报价平台 谁改的阶段” asks about 阶段: a name is no field.
    const { opportunity, customer } = task.update;
    const asked = task.said
      .replace(opportunity?.words ?? '', '')
      .replace(customer?.words ?? '', '');
    const fits = FIELD_WORDS.find(([word]) => asked.includes(word));
    return fits ? { found: fits[1] } : absent;
  });
}

const FIELD_WORDS: readonly (readonly [string, FieldName])[] = [
  ['金额', 'amountFen'],
  ['价格', 'amountFen'],
  ['报价', 'amountFen'],
  ['阶段', 'stage'],
  ['签约', 'closeOn'],
  ['签单', 'closeOn'],
  ['成交日', 'closeOn'],
  ['签的日期', 'closeOn'],
  ['关单', 'closeOn'],
  ['负责人', 'ownerId'],
  ['归属', 'ownerId'],
  ['跟进', 'nextFollowUp'],
  ['赢率', 'probability'],
  ['概率', 'probability'],
  ['把握', 'probability'],
  ['联系人', 'contacts'],
  ['下一步', 'nextStep'],
  ['优先级', 'priority'],
  ['级别', 'tier'],
  ['等级', 'tier'],
  ['竞争', 'competitors'],
  ['竞品', 'competitors'],
  ['对手', 'competitors'],
  ['协作', 'collaboratorIds'],
  ['结果', 'outcome'],
  ['输赢', 'outcome'],
  ['客户', 'customerName'],
  ['名称', 'title'],
  ['名字', 'title'],
  ['标签', 'tags'],
];
