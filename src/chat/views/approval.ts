import type {
  ApprovalCause,
  ApprovalVerdict,
  CriterionResult,
  FieldChange,
  Notice,
  OpportunityFacts,
} from '../../domain/index.js';
import { isDay } from '../../kernel/index.js';
import type { Card } from '../card.js';
import type { Message } from '../message.js';
import { CARD_LIMITS, cardMessage, cut, fitCard, noticeMessage, textMessage } from './budget.js';
import {
  FIELD_NAMES,
  changeLine,
  changeWords,
  dayWords,
  instantWords,
  moneyWords,
  stageName,
  tellingChanges,
} from './words.js';
import type { ViewContext } from './words.js';

export const VERDICT_NAMES: Record<ApprovalVerdict, string> = {
  approved: '同意',
  rejected: '驳回',
  withdrawn: '撤回',
  overtaken: '作废',
};

const CAUSES: Record<ApprovalCause, string> = {
  'into-stage': '推进阶段',
  win: '赢单',
  backward: '阶段后退',
  'amount-raised': '金额调高',
};

const SOURCE = '商机审批';

export interface ApprovalFacts {
  opportunity: OpportunityFacts;
  approvalId: string;
  ref: number;
  causes: readonly ApprovalCause[];
  changes: readonly FieldChange[];
  criteria: readonly CriterionResult[];
  requestedByName: string;
  requestedAt: Date;
  reason: string;
}

/** `✓ 有报价金额 ¥3,000,000`, `✓ 有预计签约日 12月25日 周五` */
function criterionLine({ label, met, evidence }: CriterionResult, view: ViewContext): string {
  const shown = isDay(evidence) ? dayWords(evidence, view.today) : evidence;
  return cut(`${met ? '✓' : '✗'} ${label} ${met ? shown : ''}`.trim(), 30);
}

/** The stage's criteria, unmet ones first, as many as 160 字 hold. */
function criteriaBody(criteria: readonly CriterionResult[], view: ViewContext): string {
  const ordered = [...criteria].sort((a, b) => Number(a.met) - Number(b.met));
  const lines: string[] = [];
  let left: number = CARD_LIMITS.body;
  for (const line of ordered.map((criterion) => criterionLine(criterion, view))) {
    if (left - line.length - 1 < 8) break;
    lines.push(line);
    left -= line.length + 1;
  }
  const rest = ordered.length - lines.length;
  return [...lines, ...(rest > 0 ? [`还有 ${rest} 项`] : [])].join('\n');
}

function approvalRows(facts: ApprovalFacts, view: ViewContext): Card['rows'] {
  const { opportunity } = facts;
  const changes = tellingChanges(facts.changes).slice(0, 2);
  const changed = new Set(changes.map((change) => change.field));
  const rest: Card['rows'] = [
    ...(changed.has('amountFen')
      ? []
      : [{ label: FIELD_NAMES.amountFen, value: moneyWords(opportunity.amountFen) }]),
    { label: FIELD_NAMES.ownerId, value: opportunity.ownerName },
    { label: FIELD_NAMES.customerName, value: opportunity.customerName },
    {
      label: '申请',
      value: `${cut(facts.requestedByName, 10)} ${instantWords(facts.requestedAt, view.today)}`,
    },
    ...(changed.has('closeOn') || !opportunity.closeOn
      ? []
      : [{ label: FIELD_NAMES.closeOn, value: dayWords(opportunity.closeOn, view.today) }]),
  ];
  return [
    ...changes.map((change) => ({
      label: FIELD_NAMES[change.field],
      value: changeWords(change, view),
    })),
    ...rest,
  ].slice(0, CARD_LIMITS.rows);
}

/** The gate on one card (N11): criteria ✓/✗, the change, amount, owner, the rep's words. */
export function approvalCard(facts: ApprovalFacts, view: ViewContext): Card {
  const causes = facts.causes.map((cause) => CAUSES[cause]).join('、');
  return fitCard({
    source: SOURCE,
    title: `#${facts.ref} ${cut(facts.opportunity.title, 28)}`,
    subtitle: `${causes} · 等你审批`,
    body: criteriaBody(facts.criteria, view),
    rows: approvalRows(facts, view),
    ...(facts.reason && {
      quote: { title: `${cut(facts.requestedByName, 10)} 说`, text: facts.reason },
    }),
    buttons: [
      { key: `approve:${facts.approvalId}`, text: '同意', style: 'primary' },
      { key: `reject:${facts.approvalId}`, text: '驳回', style: 'danger' },
    ],
  });
}

export function approvalRequested(
  notice: Extract<Notice, { code: 'approval-requested' }>,
  view: ViewContext,
): Message {
  const card = approvalCard(notice, view);
  const why = notice.renewed
    ? '（换了新卡，请在这张上处理）'
    : notice.raised > 0
      ? '（等待较久，已上报给你）'
      : '';
  return cardMessage(
    { ...card, subtitle: `${card.subtitle ?? ''}${why}` },
    `【审批 #${notice.ref}】${notice.opportunity.title}${why}`,
    ...approvalRows(notice, view).map((row) => `${row.label}：${row.value}`),
    ...notice.criteria.map((criterion) => criterionLine(criterion, view)),
    notice.reason && `${notice.requestedByName} 说：“${cut(notice.reason, 100)}”`,
    `回复“同意 #${notice.ref}”或“驳回 #${notice.ref} 原因”。`,
  );
}

export interface SettledFacts {
  opportunity: OpportunityFacts;
  ref: number;
  verdict: ApprovalVerdict;
  byName: string;
  at: Date;
  reason: string | null;
  changes: readonly FieldChange[];
}

/** The same card after the decision: who, when, and nothing to tap. Every approver's card becomes this. */
export function settledApprovalCard(facts: SettledFacts, view: ViewContext): Card {
  const changes = tellingChanges(facts.changes).slice(0, 3);
  const who = `${cut(facts.byName, 6)} 已${VERDICT_NAMES[facts.verdict]}`;
  return fitCard({
    source: SOURCE,
    title: `#${facts.ref} ${cut(facts.opportunity.title, 28)}`,
    subtitle: `${facts.byName} ${instantWords(facts.at, view.today)} ${VERDICT_NAMES[facts.verdict]}`,
    ...(facts.reason && { body: `原因：${facts.reason}` }),
    rows: [
      ...changes.map((change) => ({
        label: FIELD_NAMES[change.field],
        value: changeWords(change, view),
      })),
      { label: FIELD_NAMES.ownerId, value: facts.opportunity.ownerName },
      { label: FIELD_NAMES.customerName, value: facts.opportunity.customerName },
    ],
    buttons: [],
    settled: who,
  });
}

/** Tells the one who asked. */
export function approvalSettled(
  notice: Extract<Notice, { code: 'approval-settled' }>,
  view: ViewContext,
): Message {
  const verdict = VERDICT_NAMES[notice.verdict];
  const effect = {
    approved: '已生效',
    rejected: '没有改动',
    withdrawn: '没有改动',
    overtaken: '商机已另有变化，原申请作废',
  }[notice.verdict];
  const changes = tellingChanges(notice.changes);
  return noticeMessage(
    {
      source: SOURCE,
      title: `审批 #${notice.ref} 已${verdict}：${notice.opportunity.title}`,
      subtitle: `${cut(notice.byName, 12)} ${instantWords(notice.at, view.today)} ${verdict}，${effect}`,
      ...(notice.reason && { body: `原因：${notice.reason}` }),
      rows: changes.slice(0, CARD_LIMITS.rows).map((change) => ({
        label: FIELD_NAMES[change.field],
        value: changeWords(change, view),
      })),
      buttons: [],
    },
    view.link(notice.opportunity.id),
    `审批 #${notice.ref} “${notice.opportunity.title}”：${notice.byName} ${instantWords(notice.at, view.today)} 已${verdict}，${effect}。`,
    ...changes.map((change) => changeLine(change, view)),
    notice.reason && `原因：${notice.reason}`,
    notice.verdict === 'rejected' && '补充后可以再说一次，会重新提交。',
  );
}

/** Says to the decider what their word did. */
export function decided(
  facts: SettledFacts & { requestedByName: string; won: boolean; celebrated: boolean },
  view: ViewContext,
): Message {
  const verdict = VERDICT_NAMES[facts.verdict];
  return textMessage(
    `已${verdict} #${facts.ref}“${facts.opportunity.title}”${facts.reason ? `，原因：${facts.reason}` : ''}。`,
    ...(facts.verdict === 'approved'
      ? tellingChanges(facts.changes).map((change) => changeLine(change, view))
      : []),
    facts.verdict !== 'withdrawn' && `已告知 ${facts.requestedByName}。`,
    facts.won && `恭喜赢单！${facts.celebrated ? '喜报会发到销售群。' : ''}`,
  );
}

/** Several wait: one line each for a pick list. */
export function approvalChoice(opportunity: { title: string; approval: { ref: number } }): string {
  return `#${opportunity.approval.ref} ${opportunity.title}`;
}

export const noApprovalsWaiting = (): Message => textMessage('现在没有等你审批的事项。');

export interface WaitingFacts {
  ref: number;
  title: string;
  requestedByName: string;
  requestedAt: Date;
  changes: readonly FieldChange[];
}

/** One's own request, and whom it waits for. */
export type RequestFacts = Omit<WaitingFacts, 'requestedByName'> & {
  approverNames: readonly string[];
};

const MAX_WAITING = 10;

/** 待我审批: what this person is to decide, and what they wait for themselves. */
export function approvalsListed(
  waiting: readonly WaitingFacts[],
  own: readonly RequestFacts[],
  view: ViewContext,
): Message {
  if (waiting.length + own.length === 0) return noApprovalsWaiting();
  return textMessage(
    ...(waiting.length > 0 ? toDecide(waiting, view) : ['现在没有等你审批的事项。']),
    ...(own.length > 0 ? stillAsked(own, view) : []),
  );
}

function toDecide(waiting: readonly WaitingFacts[], view: ViewContext): string[] {
  return [
    `等你审批的有 ${waiting.length} 项：`,
    ...waiting
      .slice(0, MAX_WAITING)
      .map((one) => waitingLine(one, `${one.requestedByName} `, view)),
    ...(waiting.length > MAX_WAITING ? [`还有 ${waiting.length - MAX_WAITING} 项`] : []),
    '回复“同意 #编号”或“驳回 #编号 原因”。',
  ];
}

function stillAsked(own: readonly RequestFacts[], view: ViewContext): string[] {
  return [
    `你提交、还没批的有 ${own.length} 项：`,
    ...own.slice(0, MAX_WAITING).map((one) => {
      const who = one.approverNames.join('、') || '管理员安排审批人';
      return `${waitingLine(one, '', view)}｜等 ${cut(who, 30)}`;
    }),
    ...(own.length > MAX_WAITING ? [`还有 ${own.length - MAX_WAITING} 项`] : []),
    '不申请了请说“撤回申请”。',
  ];
}

function waitingLine(
  { ref, title, requestedAt, changes }: Omit<WaitingFacts, 'requestedByName'>,
  by: string,
  view: ViewContext,
): string {
  const what = tellingChanges(changes).map((change) => changeLine(change, view));
  const when = instantWords(requestedAt, view.today);
  return `#${ref} ${cut(title, 24)}｜${by}${when}｜${what.join('；')}`;
}

export function noApprover(
  notice: Extract<Notice, { code: 'no-approver' }>,
  view: ViewContext,
): Message {
  const { opportunity } = notice;
  return textMessage(
    `审批 #${notice.ref} 找不到审批人，请处理：`,
    `${opportunity.title}（${stageName(opportunity.stage, view.pipeline)} ${moneyWords(opportunity.amountFen)}），${notice.requestedByName} 提交。`,
    '请在企业微信通讯录给提交人设置上级，或由管理员回复' + `“同意 #${notice.ref}”。`,
  );
}

/** The old card once a fresh one took its place: nobody meets dead buttons (N13). */
export function replacedApprovalCard(facts: { opportunity: OpportunityFacts; ref: number }): Card {
  return fitCard({
    source: SOURCE,
    title: `#${facts.ref} ${cut(facts.opportunity.title, 28)}`,
    subtitle: '已换新卡片，请在新的上处理',
    rows: [{ label: FIELD_NAMES.ownerId, value: facts.opportunity.ownerName }],
    buttons: [],
    settled: '已换新卡',
  });
}

/** Tells the one who asked that it went up a level. */
export function approvalRaised(
  notice: Extract<Notice, { code: 'approval-raised' }>,
  view: ViewContext,
): Message {
  const who = notice.toNames.length ? cut(notice.toNames.join('、'), 60) : '管理员';
  return textMessage(
    `审批 #${notice.ref}“${notice.opportunity.title}”${instantWords(notice.requestedAt, view.today)} 提交后还没人处理，已上报给 ${who}。`,
  );
}
