import type { z } from 'zod';
import {
  MAX_CHOICES,
  nameTooLong,
  colleaguesAlike,
  colleagueUnknown,
  nothingFound,
  opportunityChoices,
  question,
  refused,
} from '../chat/index.js';
import type { ViewContext } from '../chat/index.js';
import { customerKey, lossReasonOf } from '../domain/index.js';
import type { DayAndTime, FieldName, StageId } from '../domain/index.js';
import { monthOf, weekOf } from '../kernel/index.js';
import type { Day } from '../kernel/index.js';
import type { Mention, ReadUpdate } from '../shorthand/index.js';
import type { FollowUpInput, NameAlias, OpportunityName, Question } from '../usecases/index.js';
import type { Task } from './dialog.js';
import { nameKey } from './name-key.js';
import { calledIn, knownCustomerLike, namedBy, newNameIn } from './naming.js';
import {
  DAY_MEANS,
  unknownName,
  dayAndTime,
  followUpOf,
  saysSomething,
  statedBy,
  withDayMeant,
} from './patch.js';
import type { Stated } from './patch.js';
import { nearest, resolveOpportunity } from './resolve.js';
import type { Resolution } from './resolve.js';
import { absent, arg } from './arg.js';
import type { ArgInput, Found } from './arg.js';
import type { Ask } from './turn.js';

/*
 * The arguments scripts take: what each means, and how it is asked for.
 */

/** An opportunity the asker may see: named, picked, or the one spoken of. */
export function opportunityRef(): z.ZodType<{ id: string; title: string }> {
  return arg(async ({ task, turn, visible, meantBy }) => {
    const names = await visible();
    const picked = task.answers['opportunity'];
    if (picked !== undefined) {
      const name = names.find(({ id }) => id === picked);
      return name
        ? { found: { id: name.id, title: name.title } }
        : { say: refused({ code: 'not-visible' }, turn.view) };
    }
    const resolution = resolveOpportunity(task.update, task.said, names);
    if (resolution.kind === 'one') return { found: titled(resolution.opportunity) };
    const words = calledIn(task.said) ?? namedBy(task.update, task.said);
    const alias = words === '' ? null : await meantBy(words);
    const meant = alias && names.find(({ id, open }) => open && id === alias.opportunityId);
    if (meant && mayStillMean(alias, resolution)) return { found: titled(meant) };
    switch (resolution.kind) {
      case 'several':
        return { ask: pickOpportunity('说的是哪一个？', resolution.opportunities, turn.view) };
      case 'unknown':
        return { say: nothingFound(resolution.words, resolution.suggestions) };
      case 'unnamed': {
        const it = names.find(({ id }) => id === task.answers['it']);
        if (it) return { found: titled(it) };
        const own = names.filter(({ ownerId, open }) => open && ownerId === turn.by.userid);
        return unnamed(own, words, turn.view);
      }
    }
  });
}

const titled = ({ id, title }: OpportunityName): { id: string; title: string } => ({ id, title });

/** A pick settles the words only among what they could mean then; a newer namesake is asked about. */
function mayStillMean({ among }: NameAlias, resolution: Resolution): boolean {
  if (!among || resolution.kind !== 'several') return true;
  return resolution.opportunities.every(({ id }) => among.includes(id));
}

function unnamed(own: readonly OpportunityName[], called: string, view: ViewContext): Found<never> {
  if (own.length === 0)
    return {
      absent: true,
      ask: {
        kind: 'open',
        about: 'opportunity-words',
        words: question({ about: 'opportunity' }),
        takesWords: true,
      },
    };
  const which = called ? `“${called}”说的是哪个商机？` : '说的是哪个商机？';
  return { absent: true, ask: pickOpportunity(which, own, view) };
}

/** The most recently touched first; what does not fit is said more fully by the person. */
export function pickOpportunity(
  words: string,
  names: readonly OpportunityName[],
  view: ViewContext,
): Ask {
  const sorted = [...names].sort(
    (a, b) => b.updatedAt.getTime() - a.updatedAt.getTime() || a.id.localeCompare(b.id),
  );
  const rest = sorted.length - MAX_CHOICES;
  const shown = sorted.slice(0, MAX_CHOICES);
  return {
    kind: 'pick',
    about: 'opportunity',
    words: rest > 0 ? `${words}（还有 ${rest} 个，可直接说全名）` : words,
    options: opportunityChoices(shown, view).map((choice, index) => ({
      ...choice,
      value: shown[index]?.id ?? '',
    })),
  };
}

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
      return {
        absent: true,
        ask: {
          kind: 'open',
          about: 'summary',
          words: question({ about: 'told' }),
          takesWords: true,
        },
      };
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

/** Longer is no name but something pasted. */
const MAX_NAME = 60;

/** The title and customer of a new opportunity, each asked for when it was not said. */
export function newName(): z.ZodType<{ title: string; customerName: string }> {
  return arg(({ task }) => {
    const { answers, update } = task;
    const said = update.customer?.value;
    const typed = newNameIn(update, task.said);
    const title = answers['title'] ?? typed.title;
    const customerName = answers['customer'] ?? typed.customerName;
    if (!title)
      return {
        absent: true,
        ask: {
          kind: 'open',
          about: 'new-title',
          words: question({ about: 'title' }),
          takesWords: true,
        },
      };
    if (Math.max(title.length, customerName?.length ?? 0) > MAX_NAME)
      return { say: nameTooLong(MAX_NAME) };
    const known = answers['customer'] === undefined && knownCustomerLike(update, task.said);
    if (known && customerName) return { ask: pickCustomer(customerName, known) };
    if (customerName) return { found: { title, customerName } };
    if (said?.kind === 'several')
      return {
        ask: {
          kind: 'pick',
          about: 'customer',
          words: '客户是哪一家？',
          options: said.candidates
            .slice(0, MAX_CHOICES)
            .map(({ name }) => ({ value: name, label: name })),
        },
      };
    return {
      absent: true,
      ask: {
        kind: 'open',
        about: 'customer',
        words: question({ about: 'customer', title }),
        takesWords: true,
      },
    };
  });
}

const pickCustomer = (typed: string, known: string): Ask => ({
  kind: 'pick',
  about: 'customer',
  words: `客户“${typed}”是哪一家？`,
  options: [
    { value: known, label: known },
    { value: typed, label: `${typed}（新客户）` },
  ],
});

const mentionName = (mention: Mention): string | undefined =>
  mention.kind === 'one' ? mention.name : mention.kind === 'unknown' ? mention.words : undefined;

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

/** The colleague it is handed to. */
export function colleague(): z.ZodType<{ userid: string; name: string }> {
  return arg(({ task, names }) => {
    const picked = task.answers['person'];
    if (picked !== undefined) return { found: { userid: picked, name: names.nameOf(picked) } };
    const mention = task.update.assignee?.value;
    if (!mention) return { absent: true, say: colleagueUnknown('') };
    if (mention.kind === 'one') return { found: { userid: mention.id, name: mention.name } };
    if (mention.kind === 'unknown') return { say: colleagueUnknown(mention.words) };
    return {
      ask: {
        kind: 'pick',
        about: 'person',
        words: '是哪位同事？',
        options: mention.candidates.slice(0, MAX_CHOICES).map(({ id, name }) => ({
          value: id,
          label: [name, names.person(id)?.departmentName].filter(Boolean).join(' '),
        })),
      },
    };
  });
}

/** Colleagues named with @ after the command: 建群 华东销售群 @张三 @李四. */
export function colleagues(): z.ZodType<{ userid: string; name: string }[]> {
  return arg(({ task, names }) => {
    const said = [...(task.answers['rest'] ?? '').matchAll(/[@＠]([^\s@＠,，、]+)/gu)].map(
      ([, name]) => name ?? '',
    );
    const found: { userid: string; name: string }[] = [];
    for (const name of said) {
      const people = names.peopleCalled(name);
      const [one] = people;
      if (!one) return { say: colleagueUnknown(name, '建群 华东销售群 @张三 @李四') };
      if (people.length > 1) return { say: colleaguesAlike(name, people) };
      found.push({ userid: one.userid, name: one.name });
    }
    return { found };
  });
}

/** The words after the command, without any @colleague. */
export function plainWords(): z.ZodType<string> {
  return arg(({ task }) => {
    const words = (task.answers['rest'] ?? '').replace(/[@＠][^\s@＠,，、]+/gu, '').trim();
    return words ? { found: words.replace(/[,，、\s]+$/u, '') } : absent;
  });
}

export type NameOrder =
  | { does: 'name'; words: string; shared: boolean; opportunity: { id: string; title: string } }
  | { does: 'share' | 'forget'; words: string };

const NAMES = /^(.{1,20}?)\s*(?:就?是指?|指的?是|叫做?|等于|[=＝:：]|→|->)\s*(.{2,40})$/u;
const SHARES = /^(.{1,20}?)\s*(?:共享|分享|公开)$|^(?:共享|分享|公开)\s*(.{1,20})$/u;
const FORGETS =
  /^(.{1,20}?)\s*(?:取消|删除|删掉|不要了?|忘掉)$|^(?:取消|删除|删掉|忘掉)\s*(.{1,20})$/u;

/** “老王那单 是 华为二期”, “老王那单 共享”, “老王那单 取消”. */
export function nameOrder(): z.ZodType<NameOrder> {
  return arg(async ({ task, visible }): Promise<Found<NameOrder>> => {
    const rest = (task.answers['rest'] ?? '').trim();
    const forgets = FORGETS.exec(rest);
    if (forgets) return { found: { does: 'forget', words: forgets[1] ?? forgets[2] ?? '' } };
    const shares = SHARES.exec(rest);
    const said = shares?.[1] ?? shares?.[2] ?? rest;
    const [, words = '', target = ''] = NAMES.exec(said) ?? [];
    if (words === '') return shares ? { found: { does: 'share', words: said } } : absent;
    const resolution = resolveOpportunity(unknownName(target), target, await visible());
    if (resolution.kind === 'one') {
      const opportunity = titled(resolution.opportunity);
      return { found: { does: 'name', words, shared: shares !== null, opportunity } };
    }
    const fitting = resolution.kind === 'several' ? resolution.opportunities : [];
    const suggestions =
      resolution.kind === 'unknown' ? resolution.suggestions : fitting.map(({ title }) => title);
    return { say: nothingFound(target, suggestions.slice(0, MAX_CHOICES)) };
  });
}

/** The number of an approval as typed (#12), or the picked approval's id. */
export function approvalRef(): z.ZodType<{ ref: number } | { id: string }> {
  return arg(({ task }): Found<{ ref: number } | { id: string }> => {
    const id = task.answers['approval'];
    if (id !== undefined) return { found: { id } };
    const typed = task.update.ref?.value ?? /#\s*(\d{1,9})/u.exec(task.said)?.[1];
    const ref = Number(typed);
    return typed !== undefined && Number.isInteger(ref) ? { found: { ref } } : absent;
  });
}

/** Why it was turned down, in the decider's words. */
export function reason(): z.ZodType<string> {
  return arg(({ task }) => {
    const words = task.answers['reason'] ?? task.update.reason?.value;
    return words ? { found: words } : absent;
  });
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

/** What a list shows and how it is headed. */
export type Asked =
  | { list: Question }
  | { forecast: { from: Day; to: Day } }
  /** One opportunity was named after all: 商机 华为二期. */
  | { opportunity: { id: string; title: string } };

export type AskedList = Question;

/** The question the sentence asks. */
export function askedQuestion(): z.ZodType<Asked> {
  return arg(async (input): Promise<Found<Asked>> => {
    const { task, turn } = input;
    const { update } = task;
    const about = task.answers['rest']?.replace(LISTING, '') ?? '';
    if (!update.queryKind && about !== '') return askedAbout(about, input);
    const period = (fallback: { first: Day; last: Day }): { from: Day; to: Day } =>
      update.period
        ? { from: update.period.value.from, to: update.period.value.to }
        : { from: fallback.first, to: fallback.last };
    const kind = update.queryKind?.value ?? 'mine';
    switch (kind) {
      case 'mine':
        return { found: { list: { kind: (await asksForAll(input)) ? 'team' : 'mine' } } };
      case 'stale':
      case 'funnel':
        return { found: { list: { kind } } };
      case 'followups':
        return { found: { list: { kind, ...period(weekOf(turn.today)) } } };
      case 'closing':
      case 'won':
      case 'lost':
        return { found: { list: { kind, ...period(monthOf(turn.today)) } } };
      case 'forecast':
        return { found: { forecast: period(monthOf(turn.today)) } };
      case 'owner':
        return ownerQuestion(update.assignee?.value);
      case 'stage':
        return update.stage
          ? { found: { list: { kind, stage: update.stage.value } } }
          : { found: { list: { kind: 'funnel' } } };
      case 'customer': {
        const name = update.customer && mentionName(update.customer.value);
        return name ? { found: { list: { kind, customerName: name } } } : absent;
      }
    }
  });
}

/** 团队商机; 所有商机 means one's own where that is all one sees. */
async function asksForAll({ task, turn, visible }: ArgInput): Promise<boolean> {
  if (/团队|部门/u.test(task.said)) return true;
  if (!/所有|全部/u.test(task.said)) return false;
  return (await visible()).some(({ ownerId }) => ownerId !== turn.by.userid);
}

/** What is listed anyway. */
const LISTING =
  /有哪些|有什么|一览|列表|清单|全部|所有|商机|看一下|看看|查一下|[\s\p{P}的都呢吗]/gu;

/** What follows the command when no question was read of it: 我的商机 谈判, 商机 本月, 商机 比亚迪. */
async function askedAbout(
  about: string,
  { task, turn, names, visible }: ArgInput,
): Promise<Found<Asked>> {
  const { update } = task;
  const seen = await visible();
  const picked = seen.find(({ id }) => id === task.answers['opportunity']);
  if (picked) return { found: { opportunity: picked } };
  const [person, ...others] = names.peopleCalled(about);
  if (person && others.length === 0)
    return { found: { list: { kind: 'owner', ownerId: person.userid } } };
  const key = nameKey(about);
  const fits = seen.filter(({ title, customerName }) =>
    [title, customerName].some((name) => nameKey(name).includes(key)),
  );
  const [first, second] = fits;
  if (first && !second) return { found: { opportunity: first } };
  if (
    first &&
    fits.every((one) => customerKey(one.customerName) === customerKey(first.customerName))
  )
    return { found: { list: { kind: 'customer', customerName: first.customerName } } };
  if (first) return { ask: pickOpportunity('说的是哪一个？', fits, turn.view) };
  if (update.stage) return { found: { list: { kind: 'stage', stage: update.stage.value } } };
  const days = (update.closeOn ?? update.nextFollowUp)?.value.within;
  if (days) return { found: { list: { kind: 'closing', from: days.from, to: days.to } } };
  return { say: nothingFound(about, nearest(about, seen)) };
}

function ownerQuestion(mention: Mention | undefined): Found<Asked> {
  if (!mention) return { found: { list: { kind: 'mine' } } };
  if (mention.kind === 'one') return { found: { list: { kind: 'owner', ownerId: mention.id } } };
  return {
    say: colleagueUnknown(
      mention.kind === 'unknown'
        ? mention.words
        : mention.candidates.map(({ name }) => name).join('、'),
    ),
  };
}

/** One of the answers given since, by what was asked. */
export function answered(about: string): z.ZodType<string> {
  return arg(({ task }) => {
    const words = task.answers[about];
    return words === undefined ? absent : { found: words };
  });
}
