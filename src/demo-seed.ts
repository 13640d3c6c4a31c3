import { GROUPS, STORIES, type Step, type Story } from './demo-data.js';
import type { Patch } from './domain/index.js';
import {
  addDays,
  dayOf,
  derivedId,
  instantOf,
  MovableClock,
  type Clock,
  type Day,
} from './kernel/index.js';
import { createUseCases, type Nudge, type OutboxStore, type World } from './usecases/index.js';

/** Seeding relays by itself. */
const NOBODY: Nudge = { inbox: () => undefined, relay: () => undefined, outbox: () => undefined };

const DAYS_SINCE_LAST_DIGEST = 5;
const YUAN_PER_WAN = 10_000;
const FEN_PER_YUAN = 100;

interface Moment {
  at: Date;
  story: Story;
  /** null: the creation. */
  step: Step | null;
  n: number;
}

/**
 * Lives the last two months of the demo company through the real verbs, one sentence after the other, so
 * that history, change log and undo are what they would be. What was told to people then is not sent.
 */
export async function seedDemo(world: World, clock: Clock): Promise<void> {
  for (const group of GROUPS) {
    await world.groups.put({
      ...group,
      departmentIds: [...group.departmentIds],
      memberIds: [...group.memberIds],
    });
  }
  const today = dayOf(clock.now());
  const moments = STORIES.flatMap((story) => momentsOf(story, today)).sort(
    (a, b) => a.at.getTime() - b.at.getTime() || a.n - b.n,
  );
  const first = moments[0];
  if (!first) return;
  const past = new MovableClock(first.at);
  const verbs = createUseCases({
    ...world,
    clock: past,
    outbox: silent(world.outbox),
    nudge: NOBODY,
  });
  for (const moment of moments) {
    past.advanceTo(moment.at);
    await live(world, verbs, moment, today);
  }
  // As if the last digest had gone out some days ago: the first one shown has something to tell.
  const on = addDays(today, -DAYS_SINCE_LAST_DIGEST);
  for (const { id } of GROUPS) {
    await world.digests.record({ reader: id, on, until: instantOf(on, '08:45') });
  }
}

/** Mid-morning, a minute apart, so that every cause has an instant of its own. */
function momentsOf(story: Story, today: Day): Moment[] {
  const place = STORIES.indexOf(story);
  const at = (ago: number, n: number): Date =>
    new Date(instantOf(addDays(today, -ago), '10:00').getTime() + (place * 5 + n) * 60_000);
  return [
    { at: at(story.ago, 0), story, step: null, n: 0 },
    ...story.steps.map((step, index) => ({
      at: at(step.ago, index + 1),
      story,
      step,
      n: index + 1,
    })),
  ];
}

type Verbs = ReturnType<typeof createUseCases>;

async function live(
  world: World,
  verbs: Verbs,
  { at, story, step, n }: Moment,
  today: Day,
): Promise<void> {
  const by = await world.directory.member((step && 'by' in step && step.by) || story.owner);
  if (!by) throw new Error(`demo data names nobody: ${story.owner}`);
  const causeId = derivedId('demo', story.title, n);
  const opportunityId = derivedId('opp', derivedId('demo', story.title, 0));
  const cause = { causeId, by, at };

  if (!step) {
    const created = await verbs.createOpportunity({
      ...cause,
      said: `新建 ${story.title}`,
      title: story.title,
      customerName: story.customer,
      confirmed: true,
      fields: {
        stage: story.stage,
        tier: story.tier,
        amountFen: story.wan === null ? null : story.wan * YUAN_PER_WAN * FEN_PER_YUAN,
        closeOn: story.closeIn === null ? null : addDays(today, story.closeIn),
        addContacts: [{ name: story.who }],
      },
    });
    expectOk(created, story.title);
  } else if ('decide' in step) {
    const opportunity = await world.opportunities.load(opportunityId);
    if (!opportunity?.approval) throw new Error(`demo data: ${story.title} has nothing to decide`);
    expectOk(
      await verbs.decideApproval({
        ...cause,
        said: step.said,
        approvalId: opportunity.approval.id,
        verdict: step.decide,
        reason: null,
      }),
      step.said,
    );
  } else {
    const contact = 'contact' in step ? step.contact : null;
    const nextIn = 'nextIn' in step ? step.nextIn : undefined;
    expectOk(
      await verbs.changeOpportunity({
        ...cause,
        said: step.said,
        opportunityId,
        confirmed: true,
        patch: {
          ...absolute(step.patch ?? {}, today),
          ...(nextIn !== undefined && { nextFollowUp: { day: addDays(dayOf(at), nextIn) } }),
        },
        ...(contact && {
          followUp: { channel: contact.channel, contacts: [contact.who], summary: step.said },
        }),
      }),
      step.said,
    );
  }
  await verbs.relay(opportunityId);
}

/** Days in the data are `+14`: counted from the day the demo starts. */
function absolute(patch: Patch, today: Day): Patch {
  return patch.closeOn?.startsWith('+')
    ? { ...patch, closeOn: addDays(today, Number(patch.closeOn)) }
    : patch;
}

function expectOk(
  decision: { ok: true } | { ok: false; refusal: { code: string } },
  what: string,
): void {
  if (!decision.ok) throw new Error(`demo data: “${what}” was refused: ${decision.refusal.code}`);
}

/** Nobody is told today what happened last month. */
function silent(outbox: OutboxStore): OutboxStore {
  return new Proxy(outbox, {
    get(target, name) {
      if (name === 'put') return () => Promise.resolve();
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
}
