import { derivedId } from '../../kernel/index.js';
import type { Member } from '../people/member.js';
import type { Approval, ApprovalPolicy } from './approval.js';

/**
 * Who is asked first: the nearest active leader above the requester, never the requester. Without one, the
 * company's fallback approvers; without those nobody, and it stays held: a yes is never given by itself.
 *
 * @param people those of the requester's leaders and fallback approvers the directory knows.
 */
export function firstApprovers(
  requester: Member,
  people: readonly Member[],
  policy: ApprovalPolicy,
): string[] {
  const canAct = (userid: string): boolean =>
    userid !== requester.userid &&
    people.some((person) => person.userid === userid && person.isActive);
  const leader = requester.managerIds.find(canAct);
  if (leader !== undefined) return [leader];
  return (policy.fallbackApprovers ?? []).filter(canAct);
}

/**
 * Who is asked when nobody decided in time: the nearest active leader above all those asked so far; past
 * the top, the fallback approvers not yet asked. Empty when there is nobody left to ask.
 */
export function nextApprovers(
  requester: Member,
  people: readonly Member[],
  approval: Pick<Approval, 'approvers'>,
  policy: ApprovalPolicy,
): string[] {
  const asked = new Set(approval.approvers.map(({ userid }) => userid));
  const canBeAsked = (userid: string): boolean =>
    userid !== requester.userid &&
    !asked.has(userid) &&
    people.some((person) => person.userid === userid && person.isActive);
  const highestAsked = requester.managerIds.findLastIndex((userid) => asked.has(userid));
  const leader = requester.managerIds.slice(highestAsked + 1).find(canBeAsked);
  if (leader !== undefined) return [leader];
  return (policy.fallbackApprovers ?? []).filter(canBeAsked);
}

/** Everyone a decision may be asked of, for looking them up. */
export function possibleApprovers(requester: Member, policy: ApprovalPolicy): string[] {
  return [...new Set([...requester.managerIds, ...(policy.fallbackApprovers ?? [])])];
}

/**
 * May this person decide? Whoever was asked, any leader above the requester; when nobody could be asked, the
 * fallback approvers and the administrators, who are told of it. Never the requester.
 */
export function mayDecide(
  member: Member,
  approval: Approval,
  requester: Member | null,
  policy: ApprovalPolicy,
): boolean {
  const { userid } = member;
  if (userid === approval.requestedBy || !member.isActive) return false;
  return (
    approval.approvers.some((approver) => approver.userid === userid) ||
    (requester?.managerIds.includes(userid) ?? false) ||
    (approval.approvers.length === 0 &&
      (member.isAdmin || (policy.fallbackApprovers ?? []).includes(userid)))
  );
}

/** The card a person holds for an approval: its notice's id and task_id. A replacement is the next generation. */
export function approvalCardId(approvalId: string, userid: string, generation: number): string {
  return derivedId('card', approvalId, userid, generation);
}
