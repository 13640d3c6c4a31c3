import type { StageId } from '../../domain/index.js';
import type { Day, Fen } from '../../kernel/index.js';
import type { Card } from '../card.js';
import type { Message } from '../message.js';
import { CARD_LIMITS, cardMessage, cut, textMessage } from './budget.js';
import { dayWords, moneyWords, stageName } from './words.js';
import type { ViewContext } from './words.js';

/** More than this many is a question of its own, not a choice (X06). */
export const MAX_CHOICES = 5;

export interface Choice {
  label: string;
  /** Tells two of the same name apart in the numbered text. */
  detail?: string;
}

/** What is known of an opportunity where it is to be told from others. */
export interface NamedFacts {
  title: string;
  customerName: string;
  ownerId: string;
  stage: StageId;
  amountFen: Fen | null;
  closeOn: Day | null;
}

/** Opportunities to pick from: by title, then customer; those that share both also by what else they differ in. */
export function opportunityChoices(all: readonly NamedFacts[], view: ViewContext): Choice[] {
  const alike = (one: NamedFacts, fields: readonly (keyof NamedFacts)[]): NamedFacts[] =>
    all.filter((other) => fields.every((field) => other[field] === one[field]));
  return all.map((one) => {
    if (alike(one, ['title']).length === 1) return { label: one.title };
    const label = `${one.title} ${one.customerName}`;
    const twins = alike(one, ['title', 'customerName']);
    return twins.length === 1 ? { label } : { label, detail: toldApart(one, twins, view) };
  });
}

function toldApart(one: NamedFacts, twins: readonly NamedFacts[], view: ViewContext): string {
  const facts: [keyof NamedFacts, string][] = [
    ['stage', stageName(one.stage, view.pipeline)],
    ['amountFen', one.amountFen === null ? '未报金额' : moneyWords(one.amountFen)],
    ['closeOn', one.closeOn === null ? '签约日未定' : `${dayWords(one.closeOn, view.today)} 签`],
    ['ownerId', view.nameOf?.(one.ownerId) ?? one.ownerId],
  ];
  const differing = facts.filter(([field]) => twins.some((twin) => twin[field] !== one[field]));
  return (differing.length > 0 ? differing : facts).map(([, words]) => words).join('，');
}

/**
 * A pick list: a drop-down and numbers, since long names share prefixes.
 * @param id comes back as `pick:<id>` with the option's number under `choice`.
 */
export function pickList(
  id: string,
  question: string,
  choices: readonly Choice[],
  options: { besides?: readonly string[]; more?: number } = {},
): Message {
  const shown = choices.slice(0, CARD_LIMITS.options);
  const numbered = shown.map(
    ({ label, detail }, index) => `${index + 1}. ${label}${detail ? `（${detail}）` : ''}`,
  );
  const more = (options.more ?? 0) + choices.length - shown.length;
  const besides = options.besides ?? [];
  const text = [
    ...besides,
    ...(besides.length ? ['——'] : []),
    question,
    ...numbered,
    ...(more > 0 ? [`还有 ${more} 项，请说得更完整一些。`] : []),
    '回复序号即可，“取消”放弃。',
  ];
  const body = [...besides, ...numbered.map((line) => cut(line, 40))].join('\n');
  if (body.length > CARD_LIMITS.body || shown.length < 2) return textMessage(...text);
  return cardMessage(
    {
      source: '请选择',
      title: question,
      body,
      rows: [],
      select: {
        key: 'choice',
        title: '选一个',
        options: shown.map(({ label, detail }, index) => ({
          id: String(index + 1),
          text: `${index + 1}. ${detail ?? label}`,
        })),
      },
      buttons: [
        { key: `pick:${id}`, text: '确定', style: 'primary' },
        { key: `drop:${id}`, text: '取消', style: 'plain' },
      ],
    },
    ...text,
  );
}

/** Something was said that is none of the options. */
export const pickFirst = (): Message =>
  textMessage('还没选是哪一个，这句先没有写入。请先选，再说一遍。');

/** A question inside another message: its words and its numbered options. */
export function questionWords(words: string, options: readonly string[]): string[] {
  if (options.length === 0) return [words];
  return [words, ...options.map((label, index) => `${index + 1}. ${label}`), '回复序号即可。'];
}

export function pickSettledCard(question: string, settled: string): Card {
  return { source: '请选择', title: question, rows: [], buttons: [], settled };
}

/** One short question, answerable alone. */
export type Asked =
  | { about: 'customer'; title: string }
  | { about: 'title' }
  | { about: 'reject-reason'; title: string; ref: number }
  | { about: 'contact-summary'; title: string }
  | { about: 'told' }
  | { about: 'when' }
  | { about: 'field'; title: string }
  | { about: 'opportunity' };

export function question(asked: Asked): string {
  switch (asked.about) {
    case 'customer':
      return `“${cut(asked.title, 30)}”的客户是哪家？直接回复名称。`;
    case 'title':
      return '新商机叫什么、客户是谁？例如“新建 华为二期 客户华为 300万”。';
    case 'reject-reason':
      return `“${cut(asked.title, 30)}”#${asked.ref} 已驳回。原因是什么？说一句我转告申请人（可不答）。`;
    case 'told':
      return '客户怎么说？一句话就行，例如“嫌贵，下周三再约”。';
    case 'contact-summary':
      return `“${cut(asked.title, 30)}”客户怎么说？一句话就行（可不答）。`;
    case 'when':
      return '什么时候提醒？例如“明天”“下周三 10点”。';
    case 'field':
      return `“${cut(asked.title, 30)}”要改什么？例如“金额 50万”“谈判”“下周五签”。`;
    case 'opportunity':
      return '说的是哪个商机？请带上名字，例如“华为二期 谈判”。';
  }
}

/** A question in its `words`, below what else there is to say. */
export function questionAsked(words: string, besides: readonly string[] = []): Message {
  return textMessage(...besides, ...(besides.length > 0 ? ['——'] : []), words);
}

export const questionDropped = (): Message => textMessage('好的，先不处理。');
