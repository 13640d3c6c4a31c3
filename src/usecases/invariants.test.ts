import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { FIELD_ORDER, gateOf, sameValue, stageOf } from '../domain/index.js';
import type { DomainEvent, Opportunity, OpportunityFields, Patch } from '../domain/index.js';
import { MAX_AMOUNT_FEN } from '../kernel/index.js';
import { PIPELINE, Scene, anOpportunity, policies } from './testing/index.js';

/**
 * Whatever is said, by whomever, in whatever order, repeated or at the same moment: the history adds up to
 * what is stored, and nothing passes a gate without a yes.
 */
const RUNS = process.env['DEEP'] ? 3_000 : 150;

const userid = fc.constantFrom('zhangsan', 'lisi', 'lei', 'zong', 'wangwu');
const stage = fc.constantFrom('contact', 'qualify', 'propose', 'negotiate', 'won', 'lost');
const patch = fc.record(
  {
    amountFen: fc.constantFrom(0, 100_000_000, 600_000_000, MAX_AMOUNT_FEN),
    amountChangeFen: fc.constantFrom(-400_000_000, 50_000_000, 300_000_000),
    stage,
    stageMove: fc.constantFrom('next' as const, 'prev' as const),
    outcome: fc.constantFrom(
      { kind: 'won' as const, reason: null },
      { kind: 'lost' as const, reason: '价格' },
    ),
    closeOn: fc.constantFrom('2026-04-01', '2026-06-30', null),
    nextFollowUp: fc.constantFrom({ day: '2026-03-11' }, { day: '2026-03-20', time: '15:00' }),
    ownerId: userid,
    addContacts: fc.constant([{ name: '张总' }]),
    tier: fc.constantFrom('A' as const, 'C' as const),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Patch>;

type Step =
  | { do: 'change'; by: string; patch: Patch; confirmed: boolean; followsUp: boolean }
  | { do: 'decide'; by: string; verdict: 'approved' | 'rejected' }
  | { do: 'withdraw'; by: string }
  | { do: 'undo'; by: string; of: number }
  | { do: 'again'; of: number }
  | { do: 'wait'; minutes: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('change' as const),
      by: userid,
      patch,
      confirmed: fc.boolean(),
      followsUp: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('decide' as const),
      by: userid,
      verdict: fc.constantFrom('approved' as const, 'approved' as const, 'rejected' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw' as const), by: userid }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('undo' as const), by: userid, of: fc.nat(40) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('again' as const), of: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.nat(3_000) }) },
);

/** Everything said so far, so that it can be said again or taken back. */
interface Said {
  causeId: string;
  run: () => Promise<unknown>;
}

async function play(scene: Scene, steps: readonly Step[]): Promise<void> {
  const said: Said[] = [];
  for (const [n, next] of steps.entries()) {
    const run = actionOf(scene, next, `m${n}`, said);
    if (!run) continue;
    said.push({ causeId: `m${n}`, run });
    await run();
    check(await scene.opportunity());
  }
}

function actionOf(
  scene: Scene,
  next: Step,
  causeId: string,
  said: readonly Said[],
): (() => Promise<unknown>) | null {
  switch (next.do) {
    case 'change': {
      const followUp = { channel: null, contacts: [], summary: '聊了聊' };
      const more = { causeId, confirmed: next.confirmed, ...(next.followsUp && { followUp }) };
      const at = scene.world.clock.now();
      return () => scene.change(next.by, next.patch, { ...more, at });
    }
    case 'decide':
      return async () => {
        const { approval } = await scene.opportunity();
        if (approval) await scene.decide(next.by, approval.id, next.verdict, { causeId });
      };
    case 'withdraw':
      return () =>
        scene.verbs.withdrawApproval({
          ...scene.cause(next.by, { causeId }),
          opportunityId: anOpportunity().id,
        });
    case 'undo': {
      const target = said[next.of % Math.max(said.length, 1)];
      return target ? () => scene.undo(next.by, target.causeId, undefined, { causeId }) : null;
    }
    case 'again':
      return said[next.of % Math.max(said.length, 1)]?.run ?? null;
    case 'wait':
      scene.world.clock.advance(next.minutes * 60_000);
      return null;
  }
}

/** What is true of every opportunity at any time. */
function check(opportunity: Opportunity): void {
  const { outcome, amountFen, ownerId, collaboratorIds } = opportunity;
  expect(stageOf(PIPELINE, opportunity.stage).kind).toBe(outcome?.kind ?? 'open');
  expect(amountFen ?? 0).toBeGreaterThanOrEqual(0);
  expect(amountFen ?? 0).toBeLessThanOrEqual(MAX_AMOUNT_FEN);
  expect(collaboratorIds).not.toContain(ownerId);
  expect(opportunity.closePushes).toBeGreaterThanOrEqual(0);
  expect(new Set(opportunity.applied.map(({ causeId }) => causeId)).size).toBe(
    opportunity.applied.length,
  );
  if (outcome) expect(opportunity.chase).toBeNull();
}

/** The fields, from the first state and the history alone; every change must begin where the last one ended. */
function replayed(first: Opportunity, events: readonly DomainEvent[]): OpportunityFields {
  const fields: OpportunityFields = { ...first };
  for (const event of events) {
    if (event.type !== 'changed' && event.type !== 'undone') continue;
    for (const change of event.changes) {
      expect(sameValue(fields[change.field], change.from)).toBe(true);
      Object.assign(fields, { [change.field]: change.to });
    }
  }
  return fields;
}

/** Of all changes that took effect, those that needed a yes and had none. */
function ungated(first: Opportunity, events: readonly DomainEvent[]): string[] {
  const fields: OpportunityFields = { ...first };
  const approved = new Set(
    events.flatMap((event) =>
      event.type === 'approval-settled' && event.verdict === 'approved' ? [event.causeId] : [],
    ),
  );
  const passed: string[] = [];
  for (const event of events) {
    if (event.type !== 'changed' && event.type !== 'undone') continue;
    if (event.type === 'changed' && !approved.has(event.causeId)) {
      const gate = gateOf(fields, event.changes, policies().approval, PIPELINE);
      if (gate.held.length > 0) passed.push(event.causeId);
    }
    for (const change of event.changes) Object.assign(fields, { [change.field]: change.to });
  }
  return passed;
}

test('the history adds up to what is stored, and nothing passes a gate without a yes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      const first = anOpportunity({ collaboratorIds: ['lisi'] });
      const scene = new Scene({ opportunities: [first] });
      await play(scene, steps);
      await scene.verbs.relayAll(10);
      const events = await scene.world.events.ofOpportunity(first.id, { limit: 1_000 });
      const history = events.reverse();
      expect(new Set(history.map(({ id }) => id)).size).toBe(history.length);
      const stored = await scene.opportunity();
      const fields = replayed(first, history);
      for (const field of FIELD_ORDER)
        expect([field, stored[field]]).toEqual([field, fields[field]]);
      expect(ungated(first, history)).toEqual([]);
    }),
    { numRuns: RUNS, seed: 20260311 },
  );
});

test('many at the same moment: each takes effect once or says that it did not', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(1, 2, 3, 4, 5), { minLength: 1, maxLength: 8 }),
      async (causes) => {
        const scene = new Scene();
        const results = await Promise.all(
          causes.map((n) =>
            scene.change('zhangsan', { amountChangeFen: 10 ** n }, { causeId: `m${n}` }),
          ),
        );
        expect(results.every(({ ok }) => ok)).toBe(true);
        const expected = [...new Set(causes)].reduce((sum, n) => sum + 10 ** n, 300_000_000);
        expect((await scene.opportunity()).amountFen).toBe(expected);
      },
    ),
    { numRuns: 60, seed: 20260311 },
  );
});
