import { describe, expect, test } from '@jest/globals';

import type { Notice, Opportunity } from '../domain/index.js';
import { clockTimeOf, dayOf } from '../kernel/index.js';
import { MEMBERS, Scene, anOpportunity, policies } from './testing/index.js';

const at = (text: string): Date => new Date(`${text.replace(' ', 'T')}:00+08:00`);
const shown = (instant: Date): string => `${dayOf(instant)} ${clockTimeOf(instant)}`;

/** Reminders leave at 09:10 sharp, so that tables can name the minute. */
const sharp = { cadence: { ...policies().cadence, jitterMinutes: 0 } };

class Watch extends Scene {
  constructor(opportunity: Partial<Opportunity> = {}, options: { now?: string } = {}) {
    super({
      opportunities: [anOpportunity({ lastContactAt: at('2026-03-10 10:00'), ...opportunity })],
      policies: sharp,
      ...(options.now ? { now: at(options.now) } : {}),
    });
  }

  /** What a heartbeat does at `instant`. */
  async heartbeat(instant: Date): Promise<void> {
    this.world.clock.advanceTo(instant);
    const now = this.world.clock.now();
    for (const { id } of await this.world.opportunities.needingAttention(now, 100)) {
      await this.verbs.attend(id, now);
    }
    await this.verbs.relayAll(100);
  }

  /** Walks from one due instant to the next up to `until`; answers what was told at each. */
  async walk(until: string): Promise<string[]> {
    const told: string[] = [];
    for (;;) {
      const next = await this.world.opportunities.nextAttentionAt();
      if (!next || next > at(until)) return told;
      const before = (await this.told()).length;
      await this.heartbeat(next);
      const news = (await this.told()).slice(before);
      told.push(...news.map((line) => `${shown(this.world.clock.now())} ${line}`));
    }
  }

  notices(): Notice[] {
    return this.world.outbox
      .all()
      .flatMap(({ content }) => (content.kind === 'notice' ? [content.notice] : []));
  }
}

/** Saved once, so that its attention is computed. */
async function watching(opportunity: Partial<Opportunity>, now?: string): Promise<Watch> {
  const scene = new Watch(opportunity, now ? { now } : {});
  await scene.wrote('zhangsan', { nextStep: '等客户答复' });
  return scene;
}

describe('a follow-up that falls due', () => {
  test('reminds its owner, with what was said last and why', async () => {
    const scene = new Watch();
    await scene.wrote(
      'zhangsan',
      { nextFollowUp: { day: '2026-03-13' } },
      { followUp: { channel: 'call', contacts: ['张总'], summary: '嫌贵' } },
    );
    expect(await scene.walk('2026-03-13 12:00')).toEqual(['2026-03-13 09:10 reminder → zhangsan']);
    expect(scene.notices()[0]).toMatchObject({
      code: 'reminder',
      chase: 'follow-up',
      dueOn: '2026-03-13',
      step: 1,
      daysSinceContact: 2,
      everyDays: null,
      lastFollowUp: { summary: '嫌贵', channel: 'call' },
      opportunity: { title: '华为二期', ownerName: '张三' },
    });
    expect(await scene.happened()).toEqual(['followed-up', 'changed', 'reminded']);
  });

  test('is told once, however many instances look and however often', async () => {
    const scene = await watching({ nextFollowUp: { day: '2026-03-13' } });
    scene.world.clock.advanceTo(at('2026-03-13 09:10'));
    const now = scene.world.clock.now();
    const { id } = await scene.opportunity();
    await Promise.all([1, 2, 3].map(() => scene.verbs.attend(id, now)));
    await scene.verbs.attend(id, now);
    expect(await scene.told()).toEqual(['reminder → zhangsan']);
  });

  test('is told once when another save comes in between', async () => {
    const scene = await watching({ nextFollowUp: { day: '2026-03-13' } });
    scene.world.opportunities.interruptNextReplace(() =>
      scene.wrote('zhangsan', { priority: '高' }),
    );
    await scene.heartbeat(at('2026-03-13 09:10'));
    expect(await scene.told()).toEqual(['reminder → zhangsan']);
    expect(await scene.opportunity()).toMatchObject({ priority: '高', chase: { step: 1 } });
  });

  test('is not told before its time', async () => {
    const scene = await watching({ nextFollowUp: { day: '2026-03-13' } });
    await scene.verbs.attend((await scene.opportunity()).id, at('2026-03-13 09:09'));
    expect(await scene.told()).toEqual([]);
  });

  test('is not told on a holiday, but on the exchanged working day', async () => {
    const scene = await watching({ nextFollowUp: { day: '2026-10-03' } }, '2026-09-30 10:00');
    expect(await scene.walk('2026-10-08 12:00')).toEqual(['2026-10-08 09:10 reminder → zhangsan']);
    const exchanged = await watching({ nextFollowUp: { day: '2026-10-10' } }, '2026-10-09 10:00');
    expect(await exchanged.walk('2026-10-10 12:00')).toEqual([
      '2026-10-10 09:10 reminder → zhangsan',
    ]);
  });

  test('at a clock time is a reminder the rep set: half an hour ahead, passing quiet hours', async () => {
    const scene = await watching({ nextFollowUp: { day: '2026-03-14', time: '20:30' } });
    expect(await scene.walk('2026-03-14 23:00')).toEqual(['2026-03-14 20:00 reminder → zhangsan']);
    expect(scene.world.outbox.all()[0]).toMatchObject({ class: 'self-reminder' });
  });

  test('of an owner who left goes to the nearest leader', async () => {
    const scene = await watching({ nextFollowUp: { day: '2026-03-13' } });
    await scene.world.directory.replaceAll(MEMBERS.filter(({ userid }) => userid !== 'zhangsan'));
    expect(await scene.walk('2026-03-13 12:00')).toEqual(['2026-03-13 09:10 reminder → lei']);
  });
});

describe('an unanswered reminder', () => {
  test('reminds the owner again, then tells the leader, then rests', async () => {
    const scene = await watching({ nextFollowUp: { day: '2026-03-13' } });
    expect(await scene.walk('2026-06-30 12:00')).toEqual([
      '2026-03-13 09:10 reminder → zhangsan',
      '2026-03-17 09:10 reminder → zhangsan',
      '2026-03-18 09:10 escalation → lei',
    ]);
    expect(scene.notices().at(-1)).toMatchObject({
      code: 'escalation',
      chase: 'follow-up',
      firstRemindedAt: at('2026-03-13 09:10'),
    });
  });

  test('that is answered is over', async () => {
    const scene = await watching({ nextFollowUp: { day: '2026-03-13' } });
    await scene.walk('2026-03-13 12:00');
    await scene.wrote(
      'zhangsan',
      {},
      { followUp: { channel: null, contacts: [], summary: '再等两周' } },
    );
    expect(await scene.walk('2026-05-11 12:00')).toEqual([]);
  });

  test('of somebody at the top stays with them', async () => {
    const scene = await watching({ ownerId: 'zhangsan', nextFollowUp: { day: '2026-03-13' } });
    const flat = MEMBERS.map((member) => ({ ...member, managerIds: [] }));
    await scene.world.directory.replaceAll(flat);
    expect(await scene.walk('2026-06-30 12:00')).toEqual([
      '2026-03-13 09:10 reminder → zhangsan',
      '2026-03-17 09:10 reminder → zhangsan',
    ]);
  });
});

describe('a customer left alone', () => {
  test('is asked about by the rhythm of its tier, once, with the rhythm named', async () => {
    const scene = await watching({ tier: 'A' });
    expect(await scene.walk('2026-03-25 12:00')).toEqual(['2026-03-25 09:10 reminder → zhangsan']);
    expect(scene.notices()[0]).toMatchObject({
      chase: 'contact-overdue',
      everyDays: 15,
      daysSinceContact: 15,
    });
  });

  test('is not asked about while a later date is agreed, and once on that date', async () => {
    const scene = await watching({ tier: 'A', nextFollowUp: { day: '2026-05-20' } });
    expect(await scene.walk('2026-05-20 12:00')).toEqual(['2026-05-20 09:10 reminder → zhangsan']);
  });

  test('of a won opportunity: nobody is chased', async () => {
    const scene = await watching({ nextFollowUp: { day: '2026-03-13' }, tier: 'A' });
    const approvalId = await scene.heldAs('zhangsan', { outcome: { kind: 'won', reason: null } });
    await scene.decide('lei', approvalId, 'approved');
    expect((await scene.opportunity()).outcome?.kind).toBe('won');
    expect(await scene.walk('2026-12-31 12:00')).toEqual([]);
  });

  test('brought in from elsewhere after months is asked about once, not for every node it missed', async () => {
    const scene = await watching({
      createdAt: at('2025-06-01 10:00'),
      lastContactAt: null,
      nodesDone: [],
    });
    await scene.heartbeat(at('2026-03-11 10:05'));
    expect(await scene.told()).toEqual(['reminder → zhangsan']);
    expect((await scene.opportunity()).nodesDone).toEqual([1, 3, 7]);
    expect(await scene.walk('2026-03-12 23:00')).toEqual([]);
  });
});

describe('a new opportunity', () => {
  test('nobody speaks about is looked at after 1, 3 and 7 days', async () => {
    const scene = new Scene({ opportunities: [], policies: sharp });
    await scene.create('zhangsan');
    const watch = Object.assign(new Watch(), { world: scene.world, verbs: scene.verbs });
    expect(await watch.walk('2026-03-18 12:00')).toEqual([
      '2026-03-12 09:10 reminder → zhangsan',
      '2026-03-16 09:10 reminder → zhangsan',
      '2026-03-18 09:10 reminder → zhangsan',
    ]);
    expect(watch.notices().map((notice) => 'chase' in notice && notice.chase)).toEqual([
      'node',
      'node',
      'node',
    ]);
  });
});

describe('put off', () => {
  const due = { nextFollowUp: { day: '2026-03-13' } };

  async function reminded(): Promise<Watch> {
    const scene = await watching(due);
    await scene.walk('2026-03-13 12:00');
    return scene;
  }

  async function putOff(scene: Watch, until: { day: string; time?: string }): Promise<boolean> {
    const { id } = await scene.opportunity();
    const decision = await scene.verbs.snooze({
      ...scene.cause('zhangsan'),
      opportunityId: id,
      until,
    });
    return decision.ok;
  }

  test('to a day, the reminder comes back that morning and its ladder begins again', async () => {
    const scene = await reminded();
    await putOff(scene, { day: '2026-03-20' });
    expect(await scene.walk('2026-03-25 12:00')).toEqual([
      '2026-03-20 09:10 reminder → zhangsan',
      '2026-03-24 09:10 reminder → zhangsan',
      '2026-03-25 09:10 escalation → lei',
    ]);
  });

  test('“not today” means the next working morning', async () => {
    const scene = await reminded();
    await putOff(scene, { day: '2026-03-13' });
    expect(await scene.walk('2026-03-16 12:00')).toEqual(['2026-03-16 09:10 reminder → zhangsan']);
  });

  test('to the minute, it comes back at that minute', async () => {
    const scene = await reminded();
    await putOff(scene, { day: '2026-03-13', time: '15:00' });
    expect(await scene.walk('2026-03-13 18:00')).toEqual(['2026-03-13 15:00 reminder → zhangsan']);
  });

  test('to a minute that has passed, it comes back the next working morning', async () => {
    const scene = await reminded();
    await putOff(scene, { day: '2026-03-13', time: '09:00' });
    expect(await scene.walk('2026-03-16 12:00')).toEqual(['2026-03-16 09:10 reminder → zhangsan']);
  });

  test('it does not come back when it was done meanwhile', async () => {
    const scene = await reminded();
    await putOff(scene, { day: '2026-03-20' });
    await scene.wrote(
      'zhangsan',
      {},
      { followUp: { channel: 'call', contacts: [], summary: '好' } },
    );
    expect(await scene.walk('2026-03-31 12:00')).toEqual([]);
  });

  test('a closed opportunity, or somebody else’s, cannot be', async () => {
    const scene = await reminded();
    const { id } = await scene.opportunity();
    const foreign = await scene.verbs.snooze({
      ...scene.cause('wangwu'),
      opportunityId: id,
      until: { day: '2026-03-20' },
    });
    expect(foreign).toEqual({ ok: false, refusal: { code: 'not-visible' } });
    await scene.wrote('zhangsan', { outcome: { kind: 'lost', reason: '价格' } });
    expect(await putOff(scene, { day: '2026-03-20' })).toBe(false);
  });
});

describe('an approval nobody decides', () => {
  test('is raised to the next level after a working day, and the rep is told', async () => {
    const scene = await watching({});
    await scene.heldAs('zhangsan', { outcome: { kind: 'won', reason: null } });
    expect(await scene.walk('2026-03-12 12:00')).toEqual([
      '2026-03-12 10:00 approval-requested → zong',
      '2026-03-12 10:00 approval-raised → zhangsan',
    ]);
    const { approval } = await scene.opportunity();
    expect(approval).toMatchObject({ raised: 1, askedAt: at('2026-03-12 10:00') });
    expect(approval?.approvers.map(({ userid }) => userid)).toEqual(['lei', 'zong']);
  });

  test('can still be decided by the first one asked, and both cards say so', async () => {
    const scene = await watching({});
    const approvalId = await scene.heldAs('zhangsan', { outcome: { kind: 'won', reason: null } });
    await scene.walk('2026-03-12 12:00');
    await scene.decide('lei', approvalId, 'approved');
    const told = await scene.told();
    expect(told).toContain('approval-settled → lei (card)');
    expect(told).toContain('approval-settled → zong (card)');
  });

  test('past the top is raised to those the company named for it', async () => {
    const scene = await watching({});
    const policy = scene.world.policies();
    const approval = { ...policy.approval, fallbackApprovers: ['admin'] };
    scene.world.policies = () => ({ ...policy, approval });
    await scene.heldAs('zhangsan', { outcome: { kind: 'won', reason: null } });
    await scene.walk('2026-03-12 12:00');
    expect(await scene.walk('2026-03-13 12:00')).toEqual([
      '2026-03-13 10:00 approval-requested → admin',
      '2026-03-13 10:00 approval-raised → zhangsan',
    ]);
  });

  test('at the top gets fresh cards once a working day, and is never decided by waiting', async () => {
    const scene = await watching({});
    await scene.heldAs('zhangsan', { outcome: { kind: 'won', reason: null } });
    await scene.walk('2026-03-12 12:00');
    expect(await scene.walk('2026-03-13 12:00')).toEqual([
      '2026-03-13 10:00 approval-card-replaced → lei (card)',
      '2026-03-13 10:00 approval-requested → lei',
      '2026-03-13 10:00 approval-card-replaced → zong (card)',
      '2026-03-13 10:00 approval-requested → zong',
    ]);
    await scene.walk('2026-03-31 12:00');
    expect((await scene.opportunity()).outcome).toBeNull();
  });

  test('has its card replaced at 70 hours, over a holiday too, without being raised', async () => {
    const scene = await watching({ nextFollowUp: { day: '2026-12-01' } }, '2026-09-30 17:00');
    await scene.heldAs('zhangsan', { outcome: { kind: 'won', reason: null } });
    const first = (await scene.opportunity()).approval?.approvers[0];
    expect(await scene.walk('2026-10-04 12:00')).toEqual([
      '2026-10-03 15:00 approval-card-replaced → lei (card)',
      '2026-10-03 15:00 approval-requested → lei',
    ]);
    const second = (await scene.opportunity()).approval?.approvers[0];
    expect(second).toMatchObject({ generation: 2, cardSentAt: at('2026-10-03 15:00') });
    const rows = scene.world.outbox.all();
    expect(rows.find(({ updatesCardId }) => updatesCardId)?.updatesCardId).toBe(first?.cardId);
    expect(rows.at(-1)).toMatchObject({
      id: second?.cardId,
      content: { notice: { renewed: true, raised: 0 } },
    });
  });

  test('of approvers who all left goes to the administrators', async () => {
    const scene = await watching({});
    await scene.heldAs('zhangsan', { outcome: { kind: 'won', reason: null } });
    const left = MEMBERS.filter(({ userid }) => userid !== 'lei' && userid !== 'zong');
    await scene.world.directory.replaceAll(left);
    expect(await scene.walk('2026-03-12 12:00')).toEqual(['2026-03-12 10:00 no-approver → admin']);
    expect(await scene.walk('2026-03-15 12:00')).toEqual(['2026-03-13 10:00 no-approver → admin']);
  });

  test('with nobody to ask, the administrators hear of it again', async () => {
    const scene = new Watch({ ownerId: 'zong' });
    await scene.heldAs('zong', { outcome: { kind: 'won', reason: null } });
    expect(await scene.walk('2026-03-12 12:00')).toEqual(['2026-03-12 10:00 no-approver → admin']);
  });
});

test('a rule that changed since moves the attention without telling anybody', async () => {
  const scene = await watching({ nextFollowUp: { day: '2026-03-13' } });
  const policy = scene.world.policies();
  scene.world.policies = () => ({ ...policy, cadence: { ...policy.cadence, remindFrom: '11:00' } });
  await scene.heartbeat(at('2026-03-13 09:10'));
  expect(await scene.told()).toEqual([]);
  expect(await scene.walk('2026-03-13 12:00')).toEqual(['2026-03-13 11:00 reminder → zhangsan']);
});
