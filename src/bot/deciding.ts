import {
  approvalCard,
  approvalChoice,
  closedCard,
  decided,
  noApprovalsWaiting,
  question,
  settledApprovalCard,
} from '../chat/index.js';
import type { Card } from '../chat/index.js';
import { factsOf } from '../domain/index.js';
import type { Opportunity, Refusal } from '../domain/index.js';
import type { Decided } from '../usecases/index.js';
import type { ButtonContext, Talk } from './define.js';

/*
 * 同意 and 驳回, typed or tapped: one road, so that both end the same.
 */

export type Verdict = 'approved' | 'rejected';

export interface Wanted {
  verdict: Verdict;
  ref: { ref: number } | { id: string } | undefined;
  reason: string | undefined;
}

/** Typed: the named one, the only one waiting, or a pick among several. */
export async function decideTyped(context: Talk, wanted: Wanted): Promise<void> {
  const { ref } = wanted;
  if (ref) return decideOne(context, 'id' in ref ? ref.id : String(ref.ref), wanted);
  let waiting: Waiting[] = [];
  const only = await context.meant(async () => {
    waiting = await waitingFor(context);
    const [first] = waiting;
    return first && waiting.length === 1 ? first.approval.id : null;
  });
  if (only !== null) return decideOne(context, only, wanted);
  if (waiting.length === 0) {
    context.reply(noApprovalsWaiting());
    return;
  }
  context.ask({
    kind: 'pick',
    about: 'approval',
    words: `有 ${waiting.length} 项等你审批，${wanted.verdict === 'approved' ? '同意' : '驳回'}哪一项？`,
    options: waiting
      .slice(0, 10)
      .map((one) => ({ value: one.approval.id, label: approvalChoice(one) })),
  });
}

type Waiting = Opportunity & { approval: NonNullable<Opportunity['approval']> };

/** What this person could decide when they wrote: not what was asked since, nor what they asked for themselves. */
export async function waitingFor({ usecases, by, at }: Talk): Promise<Waiting[]> {
  return (await usecases.approvalsFor(by)).flatMap((one) =>
    one.approval && one.approval.requestedBy !== by.userid && one.approval.requestedAt <= at
      ? [{ ...one, approval: one.approval }]
      : [],
  );
}

/** What this person asked for and nobody has decided. */
export async function requestsOf({ usecases, by }: Talk): Promise<Waiting[]> {
  return (await usecases.approvalsFor(by)).flatMap((one) =>
    one.approval?.requestedBy === by.userid ? [{ ...one, approval: one.approval }] : [],
  );
}

async function decideOne(context: Talk, approvalId: string, wanted: Wanted): Promise<void> {
  const done = await decide(context, approvalId, wanted);
  if (!done) return;
  if (wanted.verdict === 'rejected' && wanted.reason === undefined)
    askReason(context, done, (ask) => {
      context.ask(ask);
    });
}

async function decide(
  context: Talk,
  approvalId: string,
  wanted: Pick<Wanted, 'verdict' | 'reason'>,
): Promise<Decided | null> {
  const decision = await context.usecases.decideApproval({
    ...context.cause(),
    approvalId,
    verdict: wanted.verdict,
    reason: wanted.reason ?? null,
  });
  if (!decision.ok) {
    context.refuse(decision.refusal);
    return null;
  }
  const { settled, opportunity, ...told } = decision.value;
  context.spokeOf(opportunity);
  context.reply(
    decided(
      {
        ...settled,
        opportunity: factsOf(opportunity, context.nameOf(opportunity.ownerId)),
        byName: context.nameOf(settled.by),
        ...told,
      },
      context.view,
    ),
  );
  return decision.value;
}

/** Cards take no text, so the reason comes afterwards; it may stay unsaid (decisions 13). */
function askReason(
  context: Talk,
  done: Decided,
  ask: (question: Parameters<Talk['ask']>[0]) => void,
): void {
  if (done.settled.verdict !== 'rejected') return;
  ask({
    kind: 'open',
    about: 'reason',
    words: question({
      about: 'reject-reason',
      title: done.opportunity.title,
      ref: done.settled.ref,
    }),
    takesWords: true,
    optional: true,
  });
}

/** Tapped: the decision, then the card as it truly is now, however late the tap came. */
export async function decideTapped(context: ButtonContext, verdict: Verdict): Promise<void> {
  const approvalId = context.argument;
  const decision = await context.usecases.decideApproval({
    ...context.cause(),
    approvalId,
    verdict,
    reason: null,
  });
  context.show(await trueCard(context, approvalId, decision.ok ? null : decision.refusal));
  if (!decision.ok) {
    // A card that already says who decided needs no further words.
    if (decision.refusal.code !== 'approval-settled') context.refuse(decision.refusal);
    return;
  }
  if (verdict === 'rejected')
    askReason(context, decision.value, (ask) => {
      context.askThen(ask, { approval: approvalId });
    });
}

/** The card of an approval as it stands. Those it is no business of learn nothing from it. */
async function trueCard(
  context: ButtonContext,
  approvalId: string,
  refusal: Refusal | null,
): Promise<Card> {
  if (refusal?.code === 'not-allowed' || refusal?.code === 'not-visible')
    return closedCard('商机审批', '这条审批', '不由你处理');
  const state = await context.usecases.approvalState(approvalId);
  if (!state) return closedCard('商机审批', '这条审批', '已失效');
  const opportunity = factsOf(state.opportunity, context.nameOf(state.opportunity.ownerId));
  if (state.settled)
    return settledApprovalCard(
      { ...state.settled, opportunity, byName: state.byName },
      context.view,
    );
  if (!state.open) return closedCard('商机审批', '这条审批', '已失效');
  const card = approvalCard(
    {
      ...state.open,
      opportunity,
      approvalId: state.open.id,
      criteria: state.criteria,
      requestedByName: state.requestedByName,
    },
    context.view,
  );
  return refusal?.code === 'own-approval' ? { ...card, buttons: [], settled: '等他人审批' } : card;
}

/** Which of one's own requests is meant: the only one, or a pick. */
export async function pickRequest(context: Talk): Promise<string | null> {
  let own: Waiting[] = [];
  const only = await context.meant(async () => {
    own = await requestsOf(context);
    return own.length === 1 ? (own[0]?.id ?? null) : null;
  });
  if (only !== null) return only;
  if (own.length === 0) {
    context.refuse({ code: 'no-such-approval' });
    return null;
  }
  context.ask({
    kind: 'pick',
    about: 'opportunity',
    words: '撤回哪一项申请？',
    options: own.slice(0, 10).map((one) => ({ value: one.id, label: approvalChoice(one) })),
  });
  return null;
}
