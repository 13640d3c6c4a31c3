import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import type { Notice, OpportunityFacts } from '../domain/index.js';
import { DAY_MS, HOUR_MS, addDays, clockTimeOf, dayOf } from '../kernel/index.js';
import { Scene, anOpportunity, policies } from './testing/index.js';

const RUNS = process.env['DEEP'] ? 1_000 : 60;
const TIMEOUT_MS = process.env['DEEP'] ? 600_000 : 60_000;
const CALENDAR = policies().calendar;

/** What people do to an opportunity; in between, time passes and heartbeats beat. */
const action = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), hours: fc.nat(200) }) },
  fc.record({ do: fc.constant('speak' as const), next: fc.option(fc.nat(40)) }),
  fc.record({ do: fc.constant('agree' as const), days: fc.integer({ min: -2, max: 40 }) }),
  fc.record({ do: fc.constant('snooze' as const), days: fc.nat(15) }),
  fc.record({ do: fc.constant('edit' as const), tier: fc.constantFrom('A', 'B', 'C' as const) }),
  fc.record({ do: fc.constant('hand over' as const), to: fc.constantFrom('lisi', 'zhangsan') }),
  fc.record({ do: fc.constant('win' as const) }),
  fc.record({ do: fc.constant('lose' as const) }),
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

/** Reminders that went out, each with its hour and what the opportunity was then. */
interface Told {
  at: Date;
  to: string;
  notice: Extract<Notice, { code: 'reminder' | 'escalation' }>;
  opportunity: OpportunityFacts;
}

class Life extends Scene {
  readonly reminders: Told[] = [];
  #seen = 0;

  async act(one: Action): Promise<void> {
    const { ownerId } = await this.opportunity();
    const today = dayOf(this.world.clock.now());
    switch (one.do) {
      case 'wait':
        return this.pass(one.hours * HOUR_MS);
      case 'speak': {
        const next = one.next === null ? {} : { nextFollowUp: { day: addDays(today, one.next) } };
        const followUp = { channel: null, contacts: [], summary: '聊了' };
        await this.change(ownerId, next, { confirmed: true, followUp });
        return;
      }
      case 'agree':
        await this.change(ownerId, { nextFollowUp: { day: addDays(today, one.days) } });
        return;
      case 'snooze':
        await this.verbs.snooze({
          ...this.cause(ownerId),
          opportunityId: anOpportunity().id,
          until: { day: addDays(today, one.days) },
        });
        return;
      case 'edit':
        await this.change(ownerId, { tier: one.tier }, { confirmed: true });
        return;
      case 'hand over':
        await this.change(ownerId, { ownerId: one.to }, { confirmed: true });
        return;
      case 'win':
      case 'lose': {
        const kind = one.do === 'win' ? ('won' as const) : ('lost' as const);
        await this.change(ownerId, { outcome: { kind, reason: '价格' } }, { confirmed: true });
        return;
      }
    }
  }

  /** Lets time pass, with a heartbeat at every due instant. */
  async pass(ms: number): Promise<void> {
    const until = new Date(this.world.clock.now().getTime() + ms);
    for (;;) {
      const next = await this.world.opportunities.nextAttentionAt();
      if (!next || next > until) break;
      this.world.clock.advanceTo(next);
      await this.heartbeat();
    }
    this.world.clock.advanceTo(until);
  }

  async heartbeat(): Promise<void> {
    const now = this.world.clock.now();
    const { id } = anOpportunity();
    await Promise.all([this.verbs.attend(id, now), this.verbs.attend(id, now)]);
    const { attention } = await this.opportunity();
    // Everything due was done, and nothing is left that would make the next heartbeat spin.
    if (attention && attention.at <= now) throw new Error(`still due: ${attention.kind}`);
    await this.#collect(now);
  }

  async #collect(now: Date): Promise<void> {
    await this.verbs.relayAll(10);
    const rows = this.world.outbox.all();
    for (const { content, to } of rows.slice(this.#seen)) {
      if (content.kind !== 'notice' || to.kind !== 'person') continue;
      const { notice } = content;
      if (notice.code !== 'reminder' && notice.code !== 'escalation') continue;
      this.reminders.push({ at: now, to: to.userid, notice, opportunity: notice.opportunity });
    }
    this.#seen = rows.length;
  }
}

describe('whatever people do and whenever heartbeats beat', () => {
  test(
    'reminders are few, timely, fair, and end when the deal ends',
    async () => {
      const heard = { reminder: 0, escalation: 0 };
      await fc.assert(
        fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 25 }), async (actions) => {
          const life = new Life({ opportunities: [anOpportunity({ nodesDone: [], tier: 'A' })] });
          await life.change('zhangsan', { nextStep: '开始' });
          let closedAt: Date | null = null;
          for (const one of actions) {
            await life.act(one);
            const { outcome } = await life.opportunity();
            if (outcome) closedAt ??= life.world.clock.now();
          }
          await life.pass(60 * DAY_MS);
          expectSensible(life.reminders, closedAt);
          for (const { notice } of life.reminders) heard[notice.code]++;
        }),
        { numRuns: RUNS, seed: 20260311 },
      );
      // The walks do get somewhere: silence would keep every rule above.
      expect(heard.reminder).toBeGreaterThan(RUNS);
      expect(heard.escalation).toBeGreaterThan(RUNS / 4);
    },
    TIMEOUT_MS,
  );
});

function expectSensible(reminders: readonly Told[], closedAt: Date | null): void {
  const days = new Map<string, number>();
  for (const [n, { at, to, notice, opportunity }] of reminders.entries()) {
    expect(CALENDAR.isWorkday(dayOf(at))).toBe(true);
    expect(clockTimeOf(at) >= '09:10' && clockTimeOf(at) < '20:00').toBe(true);
    if (closedAt) expect(at <= closedAt).toBe(true);

    if (notice.code === 'escalation') {
      // The leader hears only after the very owner was told of the very same thing.
      const before = reminders.slice(0, n);
      expect(
        before.some(
          (earlier) =>
            earlier.notice.code === 'reminder' &&
            earlier.to === opportunity.ownerId &&
            earlier.notice.dueOn === notice.dueOn &&
            earlier.notice.chase === notice.chase,
        ),
      ).toBe(true);
    }
    const key = `${dayOf(at)} ${to} ${notice.code} ${notice.chase} ${notice.dueOn}`;
    days.set(key, (days.get(key) ?? 0) + 1);
  }
  // The same thing is never told twice to the same person on one day.
  for (const [key, count] of days) expect([key, count]).toEqual([key, 1]);
}
