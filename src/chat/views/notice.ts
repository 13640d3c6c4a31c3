import type { Notice } from '../../domain/index.js';
import { assertNever } from '../../kernel/index.js';
import type { Card } from '../card.js';
import type { Message } from '../message.js';
import {
  approvalRaised,
  approvalRequested,
  approvalSettled,
  noApprover,
  replacedApprovalCard,
  settledApprovalCard,
} from './approval.js';
import { TEXT_BYTES, cut, cutBytes, escapeMarkdown, noticeMessage, textMessage } from './budget.js';
import { groupDigest, personalDigest } from './digest.js';
import { opportunityRows } from './opportunity.js';
import { escalation, reminder } from './reminder.js';
import { FIELD_NAMES, changeLine, changeWords, moneyWords, tellingChanges } from './words.js';
import type { ViewContext } from './words.js';

/** Finds the words for every notice. Pure: the same facts and day give the same message. */
export function wordNotice(notice: Notice, view: ViewContext): Message {
  switch (notice.code) {
    case 'approval-requested':
      return approvalRequested(notice, view);
    case 'approval-settled':
      return approvalSettled(notice, view);
    case 'approval-raised':
      return approvalRaised(notice, view);
    case 'approval-card-replaced':
      return textMessage(`审批 #${notice.ref}“${notice.opportunity.title}”的卡片已换成新的。`);
    case 'no-approver':
      return noApprover(notice, view);
    case 'reminder':
      return reminder(notice, view);
    case 'escalation':
      return escalation(notice, view);
    case 'won':
      return won(notice);
    case 'assigned':
      return assigned(notice, view);
    case 'taken-back':
      return takenBack(notice, view);
    case 'group-created':
      return textMessage(
        `大家好，${notice.byName} 建了“${cut(notice.groupName, 40)}”。`,
        '每个工作日早上我会在这里发商机变化和今天要处理的事，赢单也会在这里报喜。',
        `成员：${cut(notice.memberNames.join('、'), 300)}`,
      );
    case 'group-digest':
      return groupDigest(notice.digest, view);
    case 'personal-digest':
      return personalDigest(notice.digest, view);
    case 'admin-alert':
      return textMessage(
        `【系统提醒】${cut(notice.title, 60)}`,
        cut(notice.detail, 400),
        `请处理：${cut(notice.action, 200)}`,
      );
    default:
      return assertNever(notice);
  }
}

/** What an earlier card becomes, for notices that rewrite one (`Addressed.updates`); null for the others. */
export function wordUpdate(notice: Notice, view: ViewContext): Card | null {
  switch (notice.code) {
    case 'approval-settled':
      return settledApprovalCard(notice, view);
    case 'approval-card-replaced':
      return replacedApprovalCard(notice);
    default:
      return null;
  }
}

/** The group celebrates (喜报). Groups take no cards. */
function won(notice: Extract<Notice, { code: 'won' }>): Message {
  const { opportunity } = notice;
  const lines = [
    `${opportunity.customerName}｜${opportunity.title}`,
    `金额 ${moneyWords(opportunity.amountFen)}，负责人 ${opportunity.ownerName}`,
    ...(notice.reason ? [`赢在：${cut(notice.reason, 80)}`] : []),
    `恭喜 ${opportunity.ownerName}！`,
  ];
  return {
    kind: 'markdown',
    markdown: cutBytes(['🎉 **赢单喜报**', ...lines.map(escapeMarkdown)].join('\n'), TEXT_BYTES),
    text: cutBytes(['🎉 赢单喜报', ...lines].join('\n'), TEXT_BYTES),
  };
}

function assigned(notice: Extract<Notice, { code: 'assigned' }>, view: ViewContext): Message {
  const { opportunity } = notice;
  const rows = opportunityRows(opportunity, opportunity.ownerName, view);
  return noticeMessage(
    {
      source: '商机分派',
      title: `新分给你：${opportunity.title}`,
      subtitle: `${notice.byName} 转给你，请尽快联系客户`,
      rows,
      buttons: [],
    },
    view.link(opportunity.id),
    `${notice.byName} 把“${opportunity.title}”转给了你，请尽快联系客户。`,
    ...rows.map((row) => `${row.label}：${row.value}`),
    `联系后直接说，例如“${cut(opportunity.title, 20)} 今天电话聊过，下周三再约”。`,
  );
}

/** A correction of notices already sent (decisions 11). */
function takenBack(notice: Extract<Notice, { code: 'taken-back' }>, view: ViewContext): Message {
  const changes = tellingChanges(notice.changes);
  return noticeMessage(
    {
      source: '更正',
      title: `已撤销：${notice.opportunity.title}`,
      subtitle: `${notice.byName} 撤销了之前通知过的改动`,
      rows: changes.slice(0, 6).map((change) => ({
        label: FIELD_NAMES[change.field],
        value: changeWords(change, view),
      })),
      buttons: [],
    },
    view.link(notice.opportunity.id),
    `更正：${notice.byName} 撤销了“${notice.opportunity.title}”之前的改动。`,
    ...changes.map((change) => changeLine(change, view)),
  );
}
