import type { CriterionResult, Refusal } from '../../domain/index.js';
import { assertNever } from '../../kernel/index.js';
import type { Message } from '../message.js';
import { cut, textMessage } from './budget.js';
import { VERDICT_NAMES } from './approval.js';
import { instantWords, moneyWords, stageName } from './words.js';
import type { ViewContext } from './words.js';

/** A kind no: what happened, and what to type next. */
export function refused(refusal: Refusal, view: ViewContext): Message {
  return textMessage(refusalWords(refusal, view));
}

export function refusalWords(refusal: Refusal, view: ViewContext): string {
  switch (refusal.code) {
    case 'not-found':
    case 'not-visible':
      // The same words for both: whether it exists is not for everyone to know.
      return '没找到你能看到的这个商机。回复“我的商机”看看有哪些，或“新建 名称 客户 金额”建一个。';
    case 'not-allowed':
      return notAllowed(refusal);
    case 'closed':
      return `“${refusal.opportunity.title}”已经${stageName(refusal.opportunity.stage, view.pipeline)}，不能再这样改。要重新跟，请说“${cut(refusal.opportunity.title, 20)} 退回 商务谈判”。`;
    case 'archived':
      return `“${refusal.title}”已经收回，不能再改。需要的话请重新“新建”。`;
    case 'criteria-unmet':
      return criteriaWords(
        refusal.opportunity.title,
        stageName(refusal.stage, view.pipeline),
        refusal.unmet,
      );
    case 'loss-reason-needed':
      return `“${refusal.opportunity.title}”输单的原因是？${refusal.reasons.join(' / ')}`;
    case 'approval-open': {
      const who = refusal.approverNames.join('、') || '管理员安排审批人';
      return `“${refusal.opportunity.title}”的审批 #${refusal.approval.ref}（${instantWords(refusal.approval.requestedAt, view.today)} 提交）还在等 ${cut(who, 30)}。要改请先“撤回申请”。`;
    }
    case 'no-next-stage':
      return `“${refusal.opportunity.title}”在${stageName(refusal.opportunity.stage, view.pipeline)}，${
        refusal.direction === 'next'
          ? '后面没有阶段了，赢了说“赢了”，丢了说“丢了 原因”。'
          : '前面没有阶段了。'
      }`;
    case 'amount-out-of-range':
      return `这个金额超出范围了（0 到 ${moneyWords(refusal.limitFen)}），没有写入。请检查单位，例如“金额 50万”。`;
    case 'nothing-to-undo':
      return '没有可以撤销的改动。只能撤销你自己最近一次的改动。';
    case 'undo-too-late':
      return `超过 ${refusal.hours} 小时了，不能撤销。请直接说要改成什么。`;
    case 'undo-changed-since':
      return `“${refusal.opportunity.title}”后来被 ${refusal.byName} 在 ${instantWords(refusal.at, view.today)} 改过，不能撤销。请直接说要改成什么。`;
    case 'undo-gated':
      return `“${refusal.opportunity.title}”的这次改动经过审批，不能直接撤销。请直接说要改成什么，会重新走审批。`;
    case 'no-such-approval':
      return '没有等你处理的这条审批，可能已经处理过了。';
    case 'approval-settled':
      return `“${refusal.opportunity.title}”的审批 #${refusal.settled.ref} 已由 ${refusal.byName} 在 ${instantWords(refusal.settled.at, view.today)} ${VERDICT_NAMES[refusal.settled.verdict]}，不用再处理。`;
    case 'own-approval':
      return `“${refusal.opportunity.title}”是你自己提交的，不能自己审批。`;
    case 'group-taken':
      return `已经有叫“${cut(refusal.name, 30)}”的群了，你不在里面。请换个群名，或请群里的主管来加人。`;
    case 'group-too-small':
      return `群里至少要有 ${refusal.least} 个人。请 @ 上成员，例如“建群 华东销售群 @张三 @李四”。`;
    case 'busy':
      return '这个商机刚好有人在改，没有写入。请再发一次。';
    default:
      return assertNever(refusal);
  }
}

function notAllowed(refusal: Extract<Refusal, { code: 'not-allowed' }>): string {
  const owner = refusal.ownerName ? `请联系负责人 ${refusal.ownerName}` : '请联系管理员';
  switch (refusal.what) {
    case 'change':
      return `你不能改这个商机，${owner}。`;
    case 'approve':
      return '这条审批不是由你处理。';
    case 'withdraw':
      return '只有提交人可以撤回申请。';
    case 'create-group':
      return '只有主管或管理员可以建群。';
    default:
      return assertNever(refusal.what);
  }
}

/** Required criteria block a move; each is named with what to type (decisions 40). */
function criteriaWords(title: string, stage: string, unmet: readonly CriterionResult[]): string {
  const missing = unmet.map(({ label, evidence }) => `· ${label}：${evidence}`).join('\n');
  return `“${title}”进入${stage}前还差：\n${missing}\n直接补上即可，例如“50万 下月底签”。`;
}
