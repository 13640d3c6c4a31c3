import type { FieldChange, PreviewReason } from '../../domain/index.js';
import { assertNever } from '../../kernel/index.js';
import type { Button, Card } from '../card.js';
import type { Message } from '../message.js';
import { CARD_LIMITS, cardMessage, cut, textMessage } from './budget.js';
import {
  FIELD_NAMES,
  changeLine,
  changeSides,
  changeWords,
  dayWords,
  instantWords,
  tellingChanges,
} from './words.js';
import type { ViewContext } from './words.js';

/** One opportunity's part of what waits for 是. */
export interface PreviewFacts {
  title: string;
  /** True when 是 creates it. */
  creates: boolean;
  changes: FieldChange[];
  reasons: PreviewReason[];
  /** The contact that is recorded with it. */
  followUp: string | null;
  remarks: string[];
}

/** Shown before it is written: 是 / 修改 / 取消, as buttons and as text. */
export function previewShown(
  id: string,
  items: readonly PreviewFacts[],
  /** What the same message did already, or asks besides. */
  besides: readonly string[],
  view: ViewContext,
): Message {
  const lines = items.flatMap((item, index) =>
    itemLines(item, items.length > 1 ? index + 1 : 0, view),
  );
  const how = '回复“是”写入，“修改”调整，“取消”放弃。';
  const text = [...besides, ...(besides.length ? ['——'] : []), '请确认：', ...lines, how];
  const card = previewCard(id, items, besides, view);
  // What does not fit a card is better read whole than cut.
  return card ? cardMessage(card, ...text) : textMessage(...text);
}

function previewCard(
  id: string,
  items: readonly PreviewFacts[],
  besides: readonly string[],
  view: ViewContext,
): Card | null {
  const rows =
    items.length === 1
      ? singleRows(items[0] as PreviewFacts, view)
      : items.map((item) => ({
          label: '确认',
          value: cut(
            `${item.title} ${item.changes.map((c) => changeSides(c, view).to).join(' ')}`,
            30,
          ),
        }));
  const notes = items.flatMap((item) => itemNotes(item, view));
  const body = [...besides, ...notes].join('\n');
  const fits =
    rows.length <= CARD_LIMITS.rows &&
    body.length <= CARD_LIMITS.body &&
    (items.length === 1 || rows.every((row) => row.value.length < CARD_LIMITS.value));
  if (!fits) return null;
  return {
    source: '请确认',
    title:
      items.length === 1
        ? previewTitle(items[0] as PreviewFacts)
        : `请确认 ${items.length} 个商机的改动`,
    ...(body && { body }),
    rows,
    buttons: previewButtons(id, items, view),
  };
}

function singleRows(item: PreviewFacts, view: ViewContext): Card['rows'] {
  return tellingChanges(item.changes).map((change) => ({
    label: FIELD_NAMES[change.field],
    value: item.creates ? changeSides(change, view).to : changeWords(change, view),
  }));
}

/** What 是 does, by its name: winning or losing a deal is more than a change to it. */
function previewTitle({ title, creates, reasons }: PreviewFacts): string {
  if (creates) return `新建 ${title}？`;
  if (reasons.some(({ code }) => code === 'win')) return `${title} 赢单？`;
  if (reasons.some(({ code }) => code === 'lose')) return `${title} 输单？`;
  return `修改 ${title}？`;
}

function previewButtons(id: string, items: readonly PreviewFacts[], view: ViewContext): Button[] {
  const yes: Button = { key: `yes:${id}`, text: '是', style: 'primary' };
  const edit: Button = { key: `edit:${id}`, text: '修改', style: 'plain' };
  const no: Button = { key: `no:${id}`, text: '取消', style: 'danger' };
  const duplicate = items.some((item) =>
    item.reasons.some(({ code }) => code === 'duplicate-customer'),
  );
  if (duplicate) return [yes, no];
  return [yes, ...otherDays(id, items, view), edit, no];
}

/** The other day an ambiguous date may mean, one tap away (N5). */
function otherDays(id: string, items: readonly PreviewFacts[], view: ViewContext): Button[] {
  const [item] = items;
  if (!item || items.length > 1) return [];
  const days = item.reasons.flatMap((reason) =>
    reason.code === 'ambiguous-date' ? reason.alternatives : [],
  );
  const written = new Set(
    item.changes.flatMap((change) =>
      change.field === 'closeOn'
        ? [change.to]
        : change.field === 'nextFollowUp'
          ? [change.to?.day]
          : [],
    ),
  );
  return [...new Set(days)]
    .filter((day) => !written.has(day))
    .slice(0, 2)
    .map((day) => ({
      key: `day:${id}:${day}`,
      text: dayWords(day, view.today).replace(/^\d+年/, ''),
      style: 'plain' as const,
    }));
}

function itemLines(item: PreviewFacts, number: number, view: ViewContext): string[] {
  return [
    `${number ? `${number}. ` : ''}${item.creates ? '新建' : ''}【${item.title}】`,
    ...tellingChanges(item.changes).map((change) =>
      item.creates
        ? `${FIELD_NAMES[change.field]} ${changeSides(change, view).to}`
        : changeLine(change, view),
    ),
    ...itemNotes(item, view),
  ];
}

function itemNotes(item: PreviewFacts, view: ViewContext): string[] {
  return [
    ...item.reasons.map((reason) => reasonWords(reason, view)),
    ...(item.followUp ? [`并记录跟进：${cut(item.followUp, 40)}`] : []),
    ...item.remarks,
  ];
}

/** Why it is asked, in one short line. */
export function reasonWords(reason: PreviewReason, view: ViewContext): string {
  switch (reason.code) {
    case 'amount-down':
      return '金额变小了，确认一下。';
    case 'close-pushed':
      return '签约日往后推了，确认一下。';
    case 'backward':
      return '阶段往回退了，确认一下。';
    case 'win':
      return '要记为赢单，确认一下。';
    case 'lose':
      return '要记为输单，确认一下。';
    case 'owner':
      return '要换负责人，确认一下。';
    case 'uncertain':
      return '这句我没有十足把握，确认一下。';
    case 'ambiguous-date':
      return `日期有几种理解：${reason.alternatives
        .map((day) => dayWords(day, view.today))
        .join(' / ')}。`;
    case 'recent-other': {
      const what = reason.changes.map((change) => changeLine(change, view)).join('；');
      return `${reason.byName} ${instantWords(reason.at, view.today)} 刚改过：${cut(what, 50)}。你仍要改吗？`;
    }
    case 'duplicate-customer':
      return duplicateWords(reason);
    default:
      return assertNever(reason);
  }
}

/** 撞单: names whom to ask, never amount or content (decisions 17, 41). */
function duplicateWords(reason: Extract<PreviewReason, { code: 'duplicate-customer' }>): string {
  const own = reason.own.map(({ title }) => `“${title}”`).join('、');
  const ask = reason.ownerNames.length ? `，请联系 ${cut(reason.ownerNames.join('、'), 30)}` : '';
  const yours = own ? `，其中有你的${cut(own, 40)}` : '';
  return `同客户已有 ${reason.count} 个进行中商机${yours}${ask}。仍要新建？`;
}

/** A preview's card after it was answered. */
export function previewSettledCard(title: string, settled: string): Card {
  return { source: '请确认', title, rows: [], buttons: [], settled };
}

/** 修改 was asked for. */
export function askForEdit(items: readonly { title: string }[]): Message {
  if (items.length > 1)
    return textMessage(
      '要改哪一条？请带上名字说，例如：',
      ...items.slice(0, 3).map((item) => `“${cut(item.title, 20)} 金额45万”`),
    );
  return textMessage('改成什么？直接说就行，例如“金额45万”或“下周五签”。其余不变。');
}

export function previewDropped(titles: readonly string[]): Message {
  return textMessage(`好的，没有写入：${cut(titles.join('、'), 60)}。`);
}

/** 撤销 dropped the preview; the change before it was not meant, and is one 撤销 away. */
export const earlierStands = (): Message =>
  textMessage('在它之前写入的改动没有动，要撤回请再回复“撤销”。');

/** 撤销 took back a change made after this was shown. */
export const stillToConfirm = (titles: readonly string[]): Message =>
  textMessage(`“${cut(titles.join('、'), 40)}”还在等你确认，回复“是”或“取消”。`);

/** Added to a new preview that takes the place of an unanswered one. */
export function previewReplaced(titles: readonly string[]): string {
  return `上一条待确认的“${cut(titles.join('、'), 40)}”没有写入。`;
}

/** Added to a preview that joins one of the same message: one 是 answers both. */
export function previewJoined(titles: readonly string[]): string {
  return `和前面待确认的“${cut(titles.join('、'), 40)}”一起，回复“是”全部写入。`;
}
