import { digestCutOff, digestDueAt, isDigestTime, nextDigestAt } from '../domain/index.js';
import type { Addressed, Member } from '../domain/index.js';
import { dayOf, derivedId, instantOf, messageOf } from '../kernel/index.js';
import type { Day } from '../kernel/index.js';
import { groupDigest } from './group-digest.js';
import { allGroups } from './groups.js';
import { personalDigest } from './personal-digest.js';
import type { SalesGroup, World } from './ports.js';
import { outboxRowOf, promptOf, relayAll } from './relay.js';

/** Opportunities whose events are moved on first, so that a digest does not miss what is still waiting there. */
const MAX_RELAYED = 1_000;

/** In the ledger: every personal list of that day is done with, so that later heartbeats need not look. */
const EVERYBODY = 'everybody';

/** How a person is called in the ledger; a group goes by its id. */
const personalReader = (userid: string): string => `person:${userid}`;

/**
 * Sends every digest that is due (日报): each group's and, when enabled, each rep's own list. Answers how
 * many were made.
 *
 * Once per reader and working day, on however many instances: a digest has a derived id, and what it covers
 * is computed from the reader's hour rather than from when somebody looked. It goes to the outbox first and
 * into the ledger second; stopping in between repeats a put that changes nothing.
 *
 * @throws AggregateError when some could not be made; all the others were, and the next call tries again.
 */
export async function sendDigests(world: World, now: Date): Promise<number> {
  const { digest, calendar } = world.policies();
  const on = dayOf(now);
  const isOpen = now >= instantOf(on, digest.at) && now <= instantOf(on, digest.until);
  if (!isOpen || !calendar.isWorkday(on)) return 0;

  const tally: Tally = { made: 0, waiting: 0, failures: [] };
  for (const group of await allGroups(world)) {
    await sendOnce(world, tally, group.id, now, (slot) => toGroup(world, group, slot, now));
  }
  if (digest.personal) await sendPersonal(world, tally, on, now);
  if (tally.failures.length > 0) {
    throw new AggregateError(tally.failures, `${tally.failures.length} digests could not be made`);
  }
  return tally.made;
}

/** When each reader's next digest is due. */
export async function digestsAhead(world: World, now: Date): Promise<Date[]> {
  const { digest, calendar } = world.policies();
  const next = (reader: string, lastOn: Day | undefined): Date =>
    nextDigestAt(reader, lastOn ?? null, now, digest, calendar);
  const groups = (await allGroups(world)).map(async ({ id }) =>
    next(id, (await world.digests.last(id))?.on),
  );
  if (!digest.personal) return Promise.all(groups);
  const everybody = await world.digests.last(EVERYBODY);
  const people = (await readersOfLists(world)).map(async ({ userid }) => {
    const reader = personalReader(userid);
    const own = everybody?.on === dayOf(now) ? everybody : await world.digests.last(reader);
    return next(reader, own?.on);
  });
  return Promise.all([...groups, ...people]);
}

/** Active colleagues who own something open: they have a list of their own. */
async function readersOfLists(world: World): Promise<Member[]> {
  const names = await world.opportunities.names();
  const owners = new Set(
    names.flatMap(({ open, archived, ownerId }) => (open && !archived ? [ownerId] : [])),
  );
  return (await world.directory.everyone()).filter(({ userid }) => owners.has(userid));
}

async function sendPersonal(world: World, tally: Tally, on: Day, now: Date): Promise<void> {
  if ((await world.digests.last(EVERYBODY))?.on === on) return;
  const lists: Tally = { made: 0, waiting: 0, failures: [] };
  for (const member of await readersOfLists(world)) {
    const reader = personalReader(member.userid);
    await sendOnce(world, lists, reader, now, (slot) => toPerson(world, member, slot, now));
  }
  if (lists.waiting === 0 && lists.failures.length === 0) {
    await world.digests.record({ reader: EVERYBODY, on, until: now });
  }
  tally.made += lists.made;
  tally.failures.push(...lists.failures);
}

/** What became of the readers so far. */
interface Tally {
  made: number;
  /** Their minute has not come. */
  waiting: number;
  failures: unknown[];
}

interface Slot {
  /** The outbox row's id, the same for every instance, so that the first one's digest stands. */
  id: string;
  on: Day;
  since: Date;
  until: Date;
}

/** @param send makes the digest; false when there was nothing to say. */
async function sendOnce(
  world: World,
  tally: Tally,
  reader: string,
  now: Date,
  send: (slot: Slot) => Promise<boolean>,
): Promise<void> {
  const { digest, calendar } = world.policies();
  if (!isDigestTime(reader, now, digest, calendar)) {
    tally.waiting++;
    return;
  }
  try {
    const on = dayOf(now);
    const last = await world.digests.last(reader);
    if (last && last.on >= on) return;
    const cutOffOn = (day: Day): Date => digestCutOff(digestDueAt(reader, day, digest));
    const until = cutOffOn(on);
    // The first one tells what a digest of the working day before would have left for it.
    const since = last?.until ?? cutOffOn(calendar.addWorkdays(on, -1));
    const isSent = await send({ id: derivedId('dig', reader, on), on, since, until });
    const isFirst = await world.digests.record({ reader, on, until });
    if (isSent && isFirst) tally.made++;
  } catch (cause) {
    world.log.warn({ reader, error: messageOf(cause) }, 'a digest could not be made');
    tally.failures.push(cause);
  }
}

async function toGroup(world: World, group: SalesGroup, slot: Slot, now: Date): Promise<boolean> {
  const { id, on, since, until } = slot;
  if (await world.outbox.find(id)) return true;
  await relayAll(world, MAX_RELAYED);
  const digest = await groupDigest(world, group.id, on, since, until);
  await put(world, id, {
    to: { kind: 'group', groupId: group.id },
    class: 'group',
    notice: { code: 'group-digest', digest },
    causeAt: now,
    causeId: id,
    n: 0,
  });
  return true;
}

async function toPerson(world: World, member: Member, slot: Slot, now: Date): Promise<boolean> {
  const { id, on, since } = slot;
  if (!(await world.outbox.find(id))) {
    const digest = await personalDigest(world, member, on, since);
    if (digest.todos.length === 0 && digest.heldBack === 0) return false;
    await put(world, id, {
      to: { kind: 'person', userid: member.userid },
      class: 'digest',
      notice: { code: 'personal-digest', digest },
      causeAt: now,
      causeId: id,
      n: 0,
    });
  }
  await rememberNumbers(world, id);
  return true;
}

async function put(world: World, id: string, addressed: Addressed): Promise<void> {
  await world.outbox.put([outboxRowOf(id, addressed)], addressed.causeAt);
  world.nudge.outbox();
}

/**
 * What the numbers of a list stand for, read back from the one that is sent: another instance may have been
 * first, with a list a moment older.
 */
async function rememberNumbers(world: World, id: string): Promise<void> {
  const row = await world.outbox.find(id);
  if (row?.content.kind !== 'notice') return;
  const { notice } = row.content;
  for (const prompt of promptOf(id, { ...row, notice })) await world.prompts.put(prompt);
}
