import {
  approvalCardId,
  criteriaFor,
  factsOf,
  nextApprovers,
  possibleApprovers,
} from '../domain/index.js';
import type { Approval, Approver, Member, Opportunity } from '../domain/index.js';
import { HOUR_MS } from '../kernel/index.js';
import type { Attention } from './attend-reminder.js';
import type { NoticeDraft } from './commit.js';
import { lookUpPeople } from './people.js';
import type { People } from './people.js';
import type { World } from './ports.js';

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

  const approvers = asked.map((userid) => approverWith(approval, userid, 1, now));
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
      ...approvers.map((approver) => cardFor(world, next, around, approver, false)),
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

function askAgain(world: World, opportunity: Opportunity, around: Around, now: Date): Attention {
  const approval = { ...approvalOf(opportunity), askedAt: now };
  const next = { ...opportunity, approval };
  if (approval.approvers.length > 0) return withFreshCards(world, next, around, now, () => true);
  return {
    next,
    happenings: [],
    notices: around.admins.map(({ userid }) => ({
      to: { kind: 'person', userid },
      class: 'admin',
      notice: {
        code: 'no-approver',
        opportunity: factsOf(next, around.people.nameOf(opportunity.ownerId)),
        ref: approval.ref,
        requestedByName: around.requester.name,
      },
    })),
  };
}

/** Everybody `needsOne` gets a new card, and their old one says so. */
function withFreshCards(
  world: World,
  opportunity: Opportunity,
  around: Around,
  now: Date,
  needsOne: (approver: Approver) => boolean,
): Attention {
  const approval = approvalOf(opportunity);
  const replaced = approval.approvers.map((old) => ({
    old,
    fresh: needsOne(old) ? approverWith(approval, old.userid, old.generation + 1, now) : null,
  }));
  const next = {
    ...opportunity,
    approval: { ...approval, approvers: replaced.map(({ old, fresh }) => fresh ?? old) },
  };
  const notices = replaced.flatMap(({ old, fresh }): NoticeDraft[] =>
    fresh
      ? [
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
          cardFor(world, next, around, fresh, true),
        ]
      : [],
  );
  return { next, happenings: [], notices };
}

function cardFor(
  world: World,
  opportunity: Opportunity,
  around: Around,
  approver: Approver,
  renewed: boolean,
): NoticeDraft {
  const approval = approvalOf(opportunity);
  return {
    id: approver.cardId,
    to: { kind: 'person', userid: approver.userid },
    class: 'approval',
    notice: {
      code: 'approval-requested',
      opportunity: factsOf(opportunity, around.people.nameOf(opportunity.ownerId)),
      approvalId: approval.id,
      ref: approval.ref,
      causes: approval.causes,
      changes: approval.changes,
      criteria: criteriaFor(opportunity, approval, world.policies().pipeline, approver.cardSentAt),
      requestedByName: around.requester.name,
      requestedAt: approval.requestedAt,
      reason: approval.reason,
      raised: approval.raised,
      renewed,
    },
  };
}

const approverWith = (
  approval: Approval,
  userid: string,
  generation: number,
  now: Date,
): Approver => ({
  userid,
  cardId: approvalCardId(approval.id, userid, generation),
  cardSentAt: now,
  generation,
});

function approvalOf({ id, approval }: Opportunity): Approval {
  if (!approval) throw new RangeError(`no approval is open: ${id}`);
  return approval;
}

interface Around {
  requester: Member;
  people: People;
  admins: Member[];
}

/** Everybody a waiting approval has to do with. */
async function lookAround(
  world: World,
  { ownerId }: Opportunity,
  { requestedBy }: Approval,
): Promise<Around> {
  const requester = (await world.directory.member(requestedBy)) ?? formerColleague(requestedBy);
  const asked = possibleApprovers(requester, world.policies().approval);
  return {
    requester,
    people: await lookUpPeople(world, [...asked, ownerId]),
    admins: await world.directory.admins(),
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
