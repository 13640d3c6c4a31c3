import type { Addressed, Audience, NoticeClass, Pending } from '../domain/index.js';
import type { NewOutboxRow, Prompt, World } from './ports.js';

/**
 * Moves what waits on an opportunity on to the history and the outbox, then forgets it there. Everything is
 * put under its own derived id, so stopping anywhere and doing it again leaves one of each.
 */
export async function relay(world: World, opportunityId: string): Promise<void> {
  const opportunity = await world.opportunities.load(opportunityId);
  if (opportunity) await moveOn(world, opportunity.id, opportunity.pending);
}

/** The same for up to `limit` opportunities that have something waiting; answers how many had. */
export async function relayAll(world: World, limit: number): Promise<number> {
  const waiting = await world.opportunities.withPending(limit);
  for (const { id, pending } of waiting) await moveOn(world, id, pending);
  return waiting.length;
}

async function moveOn(
  world: World,
  opportunityId: string,
  pending: readonly Pending[],
): Promise<void> {
  if (pending.length === 0) return;
  const now = world.clock.now();
  const events = pending.flatMap((item) => (item.kind === 'event' ? [item.event] : []));
  const notices = pending.flatMap((item) => (item.kind === 'notice' ? [item] : []));
  const rows = notices.map(({ id, addressed }) => outboxRowOf(id, addressed));
  if (events.length > 0) await world.events.append(events);
  if (notices.length > 0) {
    const prompts = notices.flatMap(({ id, addressed }) => promptOf(id, addressed));
    // Before the notice can arrive: an answer must find what it answers.
    for (const prompt of prompts) await world.prompts.put(prompt);
    await world.outbox.put(rows, now);
  }
  const moved = pending.map(({ id }) => id);
  await world.opportunities.pullPending(opportunityId, moved);
  if (rows.length > 0) world.nudge.outbox(rows.map(({ lane }) => lane));
}

/** A notice as the outbox takes it. */
export function outboxRowOf(id: string, addressed: Addressed): NewOutboxRow {
  const { to, causeAt, causeId, n, notice, updates, notBefore } = addressed;
  return {
    id,
    lane: laneOf(to, addressed.class),
    to,
    class: addressed.class,
    content: { kind: 'notice', notice },
    updatesCardId: updates?.cardId ?? null,
    causeAt,
    causeId,
    n,
    notBefore: notBefore ?? causeAt,
  };
}

/**
 * The queue it waits in: one per recipient and kind, so that an alert held for the morning never stands in
 * the way of an answer, nor of an alarm to an administrator.
 */
export function laneOf(to: Audience, noticeClass: NoticeClass): string {
  if (to.kind === 'group') return `group:${to.groupId}`;
  if (to.kind === 'alarm') return 'alarm';
  switch (noticeClass) {
    case 'reply':
    case 'approval':
    case 'self-reminder':
      return `reply:${to.userid}`;
    case 'alert':
    case 'digest':
    case 'group':
      return `alert:${to.userid}`;
    case 'admin':
      return `admin:${to.userid}`;
  }
}

/** What a short reply may answer: a reminder, or the numbers of a personal list. */
export function promptOf(id: string, { to, notice, causeAt }: Addressed): Prompt[] {
  if (to.kind !== 'person') return [];
  const common = { id, userid: to.userid, at: causeAt, answeredAt: null };
  if (notice.code === 'reminder') {
    return [{ ...common, kind: 'reminder', opportunityIds: [notice.opportunity.id] }];
  }
  if (notice.code !== 'personal-digest') return [];
  const opportunityIds = notice.digest.todos.map(({ opportunityId }) => opportunityId);
  return [{ ...common, kind: 'numbered-list', opportunityIds }];
}
