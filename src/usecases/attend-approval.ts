import { factsOf, nextApprovers, possibleApprovers } from '../domain/index.js';
import type { Approval, Approver, Member, Opportunity } from '../domain/index.js';
import { HOUR_MS } from '../kernel/index.js';
import { approvalCard, approverAskedAt } from './approval-card.js';
import type { Attention } from './attend-reminder.js';
import type { NoticeDraft } from './commit.js';
import { lookUpPeople } from './people.js';
import type { People } from './people.js';
import type { World } from './ports.js';
import { noApproverNotices } from './request-approval.js';

/**
 * Nobody decided in time: the next level is asked as well, and the rep is told. At the top those who were
 * asked get a fresh card instead; with nobody to ask at all the administrators are told again. It is
 * never decided by waiting.
 */
export async function raiseApproval(
  world: World,
  opportunity: Opportunity,
  now: Date,
): Promise<Attention> {
  const approval = approvalOf(opportunity);
  const around = await lookAround(world, opportunity, approval);
  const { requester, people } = around;
  const asked = nextApprovers(requester, people.list, approval, world.policies().approval);
  if (asked.length === 0) return askAgain(world, opportunity, around, now);

  const approvers = asked.map((userid) => approverAskedAt(approval.id, userid, 1, now));
  const raised: Approval = {
    ...approval,
    approvers: [...approval.approvers, ...approvers],
    raised: approval.raised + 1,
    askedAt: now,
  };
  const next = { ...opportunity, approval: raised };
  return {
    next,
    happenings: [],
    notices: [
      ...approvers.map((approver) => cardFor(world, next, around, approver)),
      {
        to: { kind: 'person', userid: approval.requestedBy },
        class: 'approval',
        notice: {
          code: 'approval-raised',
          opportunity: factsOf(next, people.nameOf(next.ownerId)),
          ref: approval.ref,
          requestedAt: approval.requestedAt,
          toNames: asked.map((userid) => people.nameOf(userid)),
        },
      },
    ],
  };
}

/**
 * Replaces the cards that are about to die: WeCom lets a card be rewritten for 72 hours only, and a
 * decision must still reach every card that was sent.
 */
export async function renewApprovalCards(
  world: World,
  opportunity: Opportunity,
  now: Date,
): Promise<Attention> {
  const approval = approvalOf(opportunity);
  const around = await lookAround(world, opportunity, approval);
  const oldest = now.getTime() - world.policies().approval.renewCardAfterHours * HOUR_MS;
  return withFreshCards(world, opportunity, around, now, ({ cardSentAt }) => {
    return cardSentAt.getTime() <= oldest;
  });
}

async function askAgain(
  world: World,
  opportunity: Opportunity,
  around: Around,
  now: Date,
): Promise<Attention> {
  const approval = { ...approvalOf(opportunity), askedAt: now };
  const next = { ...opportunity, approval };
  if (approval.approvers.some(({ userid }) => canAct(around, userid))) {
    return withFreshCards(world, next, around, now, () => true);
  }
  return {
    next,
    happenings: [],
    notices: await noApproverNotices(world, next, approval, {
      owner: around.people.nameOf(next.ownerId),
      requestedBy: around.requester.name,
    }),
  };
}

/** Everybody `needsOne` gets a new card, and their old one says so; those who left keep what they had. */
function withFreshCards(
  world: World,
  opportunity: Opportunity,
  around: Around,
  now: Date,
  needsOne: (approver: Approver) => boolean,
): Attention {
  const approval = approvalOf(opportunity);
  const replaced = approval.approvers.filter(needsOne).map((old) => ({
    old,
    fresh: canAct(around, old.userid)
      ? approverAskedAt(approval.id, old.userid, old.generation + 1, now)
      : { ...old, cardSentAt: now },
  }));
  const freshOf = (approver: Approver): Approver =>
    replaced.find(({ old }) => old === approver)?.fresh ?? approver;
  const next = {
    ...opportunity,
    approval: { ...approval, approvers: approval.approvers.map(freshOf) },
  };
  const notices = replaced
    .filter(({ old, fresh }) => old.cardId !== fresh.cardId)
    .flatMap(({ old, fresh }): NoticeDraft[] => [
      {
        to: { kind: 'person', userid: old.userid },
        class: 'approval',
        notice: {
          code: 'approval-card-replaced',
          opportunity: factsOf(next, around.people.nameOf(opportunity.ownerId)),
          ref: approval.ref,
        },
        updates: { cardId: old.cardId },
      },
      cardFor(world, next, around, fresh),
    ]);
  return { next, happenings: [], notices };
}

const canAct = ({ people }: Around, userid: string): boolean =>
  people.find(userid)?.isActive ?? false;

const cardFor = (
  world: World,
  opportunity: Opportunity,
  { requester, people }: Around,
  approver: Approver,
): NoticeDraft =>
  approvalCard(world, opportunity, approvalOf(opportunity), approver, {
    owner: people.nameOf(opportunity.ownerId),
    requestedBy: requester.name,
  });

function approvalOf({ id, approval }: Opportunity): Approval {
  if (!approval) throw new RangeError(`no approval is open: ${id}`);
  return approval;
}

interface Around {
  requester: Member;
  people: People;
}

/** Everybody a waiting approval has to do with. */
async function lookAround(
  world: World,
  { ownerId }: Opportunity,
  { requestedBy, approvers }: Approval,
): Promise<Around> {
  const requester = (await world.directory.member(requestedBy)) ?? formerColleague(requestedBy);
  const asked = possibleApprovers(requester, world.policies().approval);
  return {
    requester,
    people: await lookUpPeople(world, [
      ...asked,
      ...approvers.map(({ userid }) => userid),
      ownerId,
    ]),
  };
}

/** Somebody the directory no longer knows: nobody is above them, so only fallback approvers are left. */
const formerColleague = (userid: string): Member => ({
  userid,
  name: userid,
  departmentIds: [],
  departmentName: '',
  managerIds: [],
  isAdmin: false,
  isActive: false,
});
