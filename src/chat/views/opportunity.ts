import type {
  Approval,
  DomainEvent,
  FieldChange,
  FollowUp,
  Opportunity,
} from '../../domain/index.js';
import { assertNever, daysBetween, dayOf } from '../../kernel/index.js';
import type { Button, Card } from '../card.js';
import type { Message } from '../message.js';
import { CARD_LIMITS, cardMessage, cut, noticeMessage, textMessage } from './budget.js';
import {
  FIELD_NAMES,
  changeLine,
  changeSides,
  changeWords,
  channelName,
  dayWords,
  instantWords,
  moneyWords,
  stageName,
  tellingChanges,
  whenWords,
} from './words.js';
import type { ViewContext } from './words.js';

/** An approval that now waits, and who was asked. */
export interface Held {
  approval: Approval;
  approverNames: string[];
}

/** What one opportunity's part of a message came to. */
export interface WrittenFacts {
  opportunity: Opportunity;
  changes: FieldChange[];
  followedUp: boolean;
  /** No next contact is agreed: it is asked for. */
  needsNext: boolean;
  held: Held | null;
  undoable: boolean;
  won: boolean;
  /** Things said that were not written, and why. */
  remarks: string[];
}

const SOURCE = '商机助手';

/** Said under everything that was written; the engine says it once for several. */
export const UNDO_HINT = '不对？回复“撤销”。';

/** The six facts a card about an opportunity shows. */
export function opportunityRows(
  opportunity: Pick<
    Opportunity,
    'customerName' | 'stage' | 'amountFen' | 'closeOn' | 'nextFollowUp'
  >,
  ownerName: string,
  view: ViewContext,
): Card['rows'] {
  return [
    { label: FIELD_NAMES.customerName, value: opportunity.customerName },
    { label: FIELD_NAMES.stage, value: stageName(opportunity.stage, view.pipeline) },
    { label: FIELD_NAMES.amountFen, value: moneyWords(opportunity.amountFen) },
    {
      label: FIELD_NAMES.closeOn,
      value: opportunity.closeOn ? dayWords(opportunity.closeOn, view.today) : '未定',
    },
    { label: FIELD_NAMES.nextFollowUp, value: whenWords(opportunity.nextFollowUp, view.today) },
    { label: FIELD_NAMES.ownerId, value: ownerName },
  ];
}

const asLines = (rows: Card['rows']): string[] => rows.map((row) => `${row.label}：${row.value}`);

/** A new opportunity, with a button to take it back. */
export function opportunityCreated(
  facts: { opportunity: Opportunity; ownerName: string; held: Held | null; remarks: string[] },
  undoKey: string,
  view: ViewContext,
): Message {
  const { opportunity } = facts;
  const rows = opportunityRows(opportunity, facts.ownerName, view);
  const notes = [
    facts.held && heldWords(facts.held, view),
    missingHint(opportunity),
    ...facts.remarks,
  ].filter((note): note is string => Boolean(note));
  return cardMessage(
    {
      source: SOURCE,
      title: `已新建：${opportunity.title}`,
      ...(notes.length > 0 && { body: notes.join('\n') }),
      rows,
      buttons: [undoButton(undoKey)],
    },
    `已新建商机“${opportunity.title}”`,
    ...asLines(rows),
    ...notes,
    UNDO_HINT,
  );
}

/** What to type for the two facts every deal needs, when they are missing. */
function missingHint(opportunity: Opportunity): string | null {
  const missing = [
    opportunity.amountFen === null ? '“金额 50万”' : null,
    opportunity.closeOn === null ? '“下月底签”' : null,
  ].filter(Boolean);
  return missing.length ? `还可以补充：直接说${missing.join('、')}。` : null;
}

const undoButton = (key: string): Button => ({ key, text: '撤销', style: 'plain' });

/** What one message changed in one opportunity: old → new, and what waits for a yes. */
export function changesWritten(facts: WrittenFacts, undoKey: string, view: ViewContext): Message {
  const changes = tellingChanges(facts.changes);
  const rows = changes.slice(0, CARD_LIMITS.rows).map((change) => ({
    label: FIELD_NAMES[change.field],
    value: changeWords(change, view),
  }));
  const notes = writtenNotes(facts, view);
  const more = changes.length - rows.length;
  if (more > 0) notes.unshift(`另有 ${more} 项改动。`);
  const lines = writtenLines(facts, view);
  if (!facts.undoable) return plainOrCard(facts, rows, notes, lines, view);
  return cardMessage(
    {
      source: SOURCE,
      title: writtenTitle(facts),
      subtitle: facts.opportunity.customerName,
      ...(notes.length > 0 && { body: notes.join('\n') }),
      rows,
      buttons: [undoButton(undoKey)],
    },
    ...lines,
    UNDO_HINT,
  );
}

function plainOrCard(
  facts: WrittenFacts,
  rows: Card['rows'],
  notes: string[],
  lines: string[],
  view: ViewContext,
): Message {
  if (rows.length === 0) return textMessage(...lines);
  return noticeMessage(
    {
      source: SOURCE,
      title: writtenTitle(facts),
      subtitle: facts.opportunity.customerName,
      ...(notes.length > 0 && { body: notes.join('\n') }),
      rows,
      buttons: [],
    },
    view.link(facts.opportunity.id),
    ...lines,
  );
}

function writtenTitle({
  opportunity,
  changes,
  followedUp,
  held,
  won,
  remarks,
}: WrittenFacts): string {
  if (won) return `恭喜赢单：${opportunity.title}`;
  if (changes.some((change) => change.field === 'outcome' && change.to?.kind === 'lost'))
    return `已记为输单：${opportunity.title}`;
  if (changes.length === 0 && followedUp) return `已记录跟进：${opportunity.title}`;
  if (changes.length === 0 && held) return `已提交审批：${opportunity.title}`;
  if (changes.length === 0 && remarks.length > 0) return `没有写入：${opportunity.title}`;
  if (changes.length === 0) return `没有变化：${opportunity.title}`;
  return followedUp ? `已记录并更新：${opportunity.title}` : `已更新：${opportunity.title}`;
}

function writtenNotes(facts: WrittenFacts, view: ViewContext): string[] {
  const { opportunity, changes, followedUp, needsNext, held } = facts;
  const notes: string[] = [];
  if (followedUp && opportunity.lastFollowUp) notes.push(followUpWords(opportunity.lastFollowUp));
  if (held) notes.push(heldWords(held, view));
  if (!changes.length && !followedUp && !held && !facts.remarks.length)
    notes.push('说的内容和现在一样，不用改。');
  if (needsNext) notes.push('下次什么时候联系？直接回日期，例如“下周三”。');
  else if (
    followedUp &&
    opportunity.nextFollowUp &&
    !changes.some(({ field }) => field === 'nextFollowUp')
  )
    notes.push(`下次跟进：${whenWords(opportunity.nextFollowUp, view.today)}。`);
  return [...notes, ...facts.remarks];
}

/** `电话 张总：嫌贵，下周三再约` */
function followUpWords(followUp: FollowUp): string {
  const who = [channelName(followUp.channel), ...followUp.contacts].join(' ');
  return `${who}：${cut(followUp.summary, 60)}`;
}

/** The waiting part: what, who was asked, under which number. */
function heldWords(held: Held, view: ViewContext): string {
  const what = tellingChanges(held.approval.changes)
    .map((change) => `${FIELD_NAMES[change.field]}→${changeSides(change, view).to}`)
    .join('、');
  const who = held.approverNames.length
    ? `已请 ${cut(held.approverNames.join('、'), 20)} 审批`
    : '暂时没有可以审批的人，已通知管理员';
  return `待审批 #${held.approval.ref}：${cut(what, 50)}，${who}，同意后生效。`;
}

/** The same facts as lines, for several opportunities in one message and for plain-text readers. */
function writtenLines(facts: WrittenFacts, view: ViewContext): string[] {
  return [
    `【${facts.opportunity.title}】${writtenTitle(facts).split('：')[0] ?? ''}`,
    ...tellingChanges(facts.changes).map((change) => changeLine(change, view)),
    ...writtenNotes(facts, view),
  ];
}

export interface UndoneFacts {
  opportunity: Opportunity;
  changes: FieldChange[];
  followUpRemoved: boolean;
  /** The request for a yes that went with it. */
  requestWithdrawn?: boolean;
  archived: boolean;
}

/** What was taken back, new → old. */
export function changesUndone(undone: readonly UndoneFacts[], view: ViewContext): Message {
  return textMessage(...undone.flatMap((one) => undoneLines(one, view)));
}

function undoneLines(one: UndoneFacts, view: ViewContext): string[] {
  if (one.archived) return [`已撤销：新建的“${one.opportunity.title}”已收回。`];
  return [
    `已撤销：${one.opportunity.title}`,
    ...tellingChanges(one.changes).map((change) => changeLine(change, view)),
    ...(one.followUpRemoved ? ['刚才那条跟进记录已删除。'] : []),
    ...(one.requestWithdrawn ? ['审批申请已撤回。'] : []),
  ];
}

/** The card whose 撤销 was tapped: nothing more to tap. */
export function undoneCard(title: string, settled: string): Card {
  return { source: SOURCE, title, rows: [], buttons: [], settled };
}

export interface OpportunityShown {
  opportunity: Opportunity;
  ownerName: string;
  collaboratorNames: string[];
  approverNames: string[];
  /** Newest first. */
  recent: DomainEvent[];
  names: Record<string, string>;
}

/** 华为进展: the facts, what waits, and what happened lately. */
export function opportunityShown(shown: OpportunityShown, view: ViewContext): Message {
  const { opportunity } = shown;
  const rows = opportunityRows(opportunity, shown.ownerName, view);
  const named: ViewContext = { ...view, nameOf: (userid) => shown.names[userid] ?? userid };
  const recent = shown.recent.slice(0, 5).flatMap((event) => eventWords(event, named) ?? []);
  const state = stateWords(shown, named);
  return noticeMessage(
    {
      source: SOURCE,
      title: opportunity.title,
      ...(state.length > 0 && { subtitle: state[0] }),
      body: [...state.slice(1), ...recent].join('\n'),
      rows,
      buttons: [],
    },
    view.link(opportunity.id),
    `【${opportunity.title}】`,
    ...asLines(rows),
    ...state,
    ...(recent.length ? ['最近：', ...recent] : []),
  );
}

function stateWords(shown: OpportunityShown, view: ViewContext): string[] {
  const { opportunity } = shown;
  const words: string[] = [];
  if (opportunity.archivedAt) words.push('已收回');
  else if (opportunity.outcome) {
    const { kind, on, reason } = opportunity.outcome;
    const label = kind === 'won' ? '已赢单' : '已输单';
    words.push([label, dayWords(on, view.today), reason].filter(Boolean).join(' · '));
  } else {
    words.push(silenceWords(opportunity, view));
  }
  if (opportunity.approval) {
    const who = shown.approverNames.length ? shown.approverNames.join('、') : '（暂无审批人）';
    words.push(`待审批 #${opportunity.approval.ref}：等 ${who}`);
  }
  if (opportunity.nextStep) words.push(`下一步：${opportunity.nextStep}`);
  if (shown.collaboratorNames.length) words.push(`协作：${shown.collaboratorNames.join('、')}`);
  if (opportunity.contacts.length)
    words.push(`联系人：${opportunity.contacts.map((contact) => contact.name).join('、')}`);
  return words;
}

/** N1, N5: agreed silence is not neglect. */
function silenceWords(opportunity: Opportunity, view: ViewContext): string {
  const next = opportunity.nextFollowUp?.day;
  if (next && next > view.today) return `已约 ${dayWords(next, view.today)}，到期前不催`;
  if (!opportunity.lastContactAt) return '还没有联系记录';
  const days = daysBetween(dayOf(opportunity.lastContactAt), view.today);
  return days <= 0 ? '今天联系过' : `${days} 天前联系过`;
}

/** One line of history; null for what is of no interest to people. */
function eventWords(event: DomainEvent, view: ViewContext): string | null {
  const by = event.by === 'system' ? '系统' : (view.nameOf?.(event.by) ?? event.by);
  const lead = `${instantWords(event.at, view.today)} ${by}`;
  switch (event.type) {
    case 'created':
      return `${lead} 新建`;
    case 'changed':
      return `${event.request ? asked(event, event.request, view) : lead} ${tellingChanges(
        event.changes,
      )
        .map((change) => changeLine(change, view))
        .join('；')}`;
    case 'followed-up':
      return `${lead} ${followUpWords(event.followUp)}`;
    case 'approval-requested':
      return `${lead} 提交审批 #${event.ref}`;
    case 'approval-settled':
      return `${lead} ${VERDICTS[event.verdict]}审批 #${event.ref}${event.reason ? `：${event.reason}` : ''}`;
    case 'undone':
      return `${lead} 撤销了改动`;
    case 'snoozed':
      return `${lead} 推迟提醒到 ${instantWords(event.until, view.today)}`;
    case 'reminded':
      return null;
    default:
      return assertNever(event);
  }
}

/** Who wanted it stands first, who allowed it behind. */
function asked(event: DomainEvent, request: { by: string }, view: ViewContext): string {
  const [by, allowedBy] = [request.by, event.by].map((userid) => view.nameOf?.(userid) ?? userid);
  return `${instantWords(event.at, view.today)} ${by}（${allowedBy}同意）`;
}

const VERDICTS = {
  approved: '同意了',
  rejected: '驳回了',
  withdrawn: '撤回了',
  overtaken: '作废了',
} as const;

/** 谁改的金额: the changes of one field, newest first. */
export function fieldHistoryShown(
  history: {
    opportunity: Opportunity;
    entries: {
      event: DomainEvent;
      change: FieldChange;
      byName: string;
      approvedByName: string | null;
      said: string;
    }[];
  },
  field: FieldChange['field'],
  view: ViewContext,
): Message {
  const name = FIELD_NAMES[field];
  if (history.entries.length === 0)
    return textMessage(`“${history.opportunity.title}”的${name}没有改动记录。`);
  const lines = history.entries.slice(0, 10).map((entry) => {
    const said = entry.said ? `\n   原话：“${cut(entry.said, 40)}”` : '';
    const who = entry.approvedByName
      ? `${entry.byName}（${entry.approvedByName}同意）`
      : entry.byName;
    const when = instantWords(entry.event.at, view.today);
    return `${when} ${who}：${changeWords(entry.change, view, 60)}${said}`;
  });
  const rest = history.entries.length - lines.length;
  return textMessage(
    `“${history.opportunity.title}”的${name}改动（新的在前）：`,
    ...lines,
    rest > 0 && `还有 ${rest} 项`,
  );
}

/** 推迟 or 今天不提醒 took effect. */
export function snoozed(opportunity: Opportunity, until: string): Message {
  return textMessage(`好的，“${opportunity.title}”推迟到 ${until} 再提醒；到时仍需要才会发。`);
}
