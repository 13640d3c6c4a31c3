import type { Approval } from '../approval/approval.js';
import type { Opportunity } from '../opportunity/opportunity.js';
import type { Member } from './member.js';

type Team = Pick<Opportunity, 'ownerId' | 'collaboratorIds'>;

/** The owner and the collaborators. */
export function teamOf({ ownerId, collaboratorIds }: Team): string[] {
  return [ownerId, ...collaboratorIds];
}

/**
 * May this person know of it (decisions 17): its team, everyone above one of them, administrators.
 *
 * @param people those of the team the directory knows.
 */
export function canSee(member: Member, opportunity: Team, people: readonly Member[]): boolean {
  const team = teamOf(opportunity);
  return (
    member.isAdmin ||
    team.includes(member.userid) ||
    people.some(
      ({ userid, managerIds }) => team.includes(userid) && managerIds.includes(member.userid),
    )
  );
}

/** May this person change it: its team, and everyone above the owner. Administrators only look. */
export function canChange(member: Member, opportunity: Team, people: readonly Member[]): boolean {
  const owner = people.find(({ userid }) => userid === opportunity.ownerId);
  return (
    teamOf(opportunity).includes(member.userid) ||
    (owner?.managerIds.includes(member.userid) ?? false)
  );
}

/** May this person take a request back (撤回申请): who asked, or the owner. */
export function canWithdraw(member: Member, opportunity: Team, approval: Approval): boolean {
  return member.userid === approval.requestedBy || member.userid === opportunity.ownerId;
}
