import { describe, expect, test } from '@jest/globals';

import { digestDueAt } from '../domain/index.js';
import type { GroupDigest, Opportunity, PersonalDigest } from '../domain/index.js';
import { HOUR_MS, MINUTE_MS } from '../kernel/index.js';
import { EAST_GROUP, Scene, anOpportunity, must, policies } from './testing/index.js';

const at = (text: string): Date => new Date(`${text.replace(' ', 'T')}:00+08:00`);
const HOURS = policies().digest;

class Office extends Scene {
  /** Digests that reached the outbox, newest last. */
  digests(): (GroupDigest | PersonalDigest)[] {
    return this.world.outbox.all().flatMap(({ content }) => {
      if (content.kind !== 'notice' || !('digest' in content.notice)) return [];
      return [content.notice.digest];
    });
  }

  groupDigests(): GroupDigest[] {
    return this.digests().filter((digest) => 'groupName' in digest);
  }

  /** What the heartbeat does at `text`; answers how many digests were made. */
  async heartbeat(text: string): Promise<number> {
    this.world.clock.advanceTo(at(text));
    return this.verbs.sendDigests(this.world.clock.now());
  }
}

/** Wednesday morning in an office with one group and, unless told, nothing personal. */
function office(
  options: { personal?: boolean; opportunities?: Opportunity[]; now?: string } = {},
): Office {
  const { personal = false, opportunities, now = '2026-03-10 09:00' } = options;
  return new Office({
    now: at(now),
    policies: { digest: { ...HOURS, personal } },
    ...(opportunities ? { opportunities } : {}),
  });
}

/** “section: title”, then “why: title”. */
function told(digest: GroupDigest | undefined): string[] {
  const lines = digest?.sections.flatMap(({ section, lines }) =>
    lines.map(({ title }) => `${section}: ${title}`),
  );
  return [...(lines ?? []), ...(digest?.todos.map(({ why, title }) => `${why}: ${title}`) ?? [])];
}

describe('a group’s digest', () => {
  test('tells what happened since the day before, and what is to do', async () => {
    const scene = office();
    await scene.wrote('zhangsan', { amountFen: 400_000_000, nextFollowUp: { day: '2026-03-11' } });
    await scene.create('lisi');
    expect(await scene.heartbeat('2026-03-11 09:00')).toBe(1);
    expect(told(scene.groupDigests()[0])).toEqual([
      'created: 小米一期',
      'amount: 华为二期',
      'follow-up-today: 华为二期',
    ]);
    expect(scene.groupDigests()[0]).toMatchObject({ groupName: '华东销售群', on: '2026-03-11' });
    expect(scene.world.outbox.all().at(-1)).toMatchObject({
      to: { kind: 'group', groupId: 'east' },
      class: 'group',
      lane: 'group:east',
    });
  });

  test('leaves out what other teams did', async () => {
    const scene = office();
    await scene.create('wangwu');
    await scene.heartbeat('2026-03-11 09:00');
    expect(told(scene.groupDigests()[0])).toEqual([]);
  });

  test('of a quiet day is sent all the same', async () => {
    const scene = office();
    expect(await scene.heartbeat('2026-03-11 09:00')).toBe(1);
    expect(scene.groupDigests()[0]).toMatchObject({ sections: [], todos: [] });
  });

  test('is made once, however many instances look and however often', async () => {
    const scene = office();
    scene.world.clock.advanceTo(at('2026-03-11 09:00'));
    const now = scene.world.clock.now();
    const made = await Promise.all([1, 2, 3].map(() => scene.verbs.sendDigests(now)));
    expect(made.reduce((sum, count) => sum + count)).toBe(1);
    expect(await scene.heartbeat('2026-03-11 11:00')).toBe(0);
    expect(scene.groupDigests()).toHaveLength(1);
  });

  test('continues where the last one ended: nothing twice, nothing left out', async () => {
    const scene = office();
    const cutOff = new Date(digestDueAt(EAST_GROUP.id, '2026-03-11', HOURS).getTime() - MINUTE_MS);
    scene.world.clock.advanceTo(cutOff);
    await scene.wrote('zhangsan', { amountFen: 400_000_000 });
    scene.world.clock.advance(1);
    await scene.create('lisi');
    await scene.heartbeat('2026-03-11 09:30');
    await scene.heartbeat('2026-03-12 09:30');
    const [first, second] = scene.groupDigests();
    expect(told(first)).toEqual(['amount: 华为二期']);
    expect(told(second)).toContain('created: 小米一期');
    expect(second?.since).toEqual(first?.until);
  });

  test('on Monday tells of the whole weekend, after the holiday of the whole holiday', async () => {
    const scene = office({ now: '2026-09-29 09:00' });
    await scene.heartbeat('2026-09-30 09:30');
    scene.world.clock.advanceTo(at('2026-10-03 15:00'));
    await scene.wrote('zhangsan', { amountFen: 400_000_000 });
    expect(await scene.heartbeat('2026-10-05 09:30')).toBe(0);
    expect(await scene.heartbeat('2026-10-08 09:30')).toBe(1);
    expect(told(scene.groupDigests().at(-1))).toContain('amount: 华为二期');
  });

  test('the first one, after a holiday, tells of the last working day before it as well', async () => {
    const scene = office({ now: '2026-09-30 15:00' });
    await scene.wrote('zhangsan', { amountFen: 400_000_000 });
    await scene.heartbeat('2026-10-08 09:30');
    expect(told(scene.groupDigests()[0])).toContain('amount: 华为二期');
  });

  test('of a group made during the day begins the next morning, with all of that day', async () => {
    const scene = office({ now: '2026-03-11 09:30' });
    await scene.wrote('zhangsan', { amountFen: 400_000_000 });
    await scene.heartbeat('2026-03-11 10:00');
    const command = { ...scene.cause('lei'), name: '新群', memberIds: ['zhangsan', 'lisi'] };
    must(await scene.verbs.createGroup(command));
    expect(await scene.heartbeat('2026-03-11 10:01')).toBe(0);
    expect(await scene.heartbeat('2026-03-12 09:30')).toBe(2);
    const first = scene.groupDigests().find(({ groupName }) => groupName === '新群');
    expect(told(first)).toContain('amount: 华为二期');
  });

  test('is sent on a Saturday worked for the holiday', async () => {
    const scene = office({ now: '2026-10-09 12:30' });
    expect(await scene.heartbeat('2026-10-10 09:30')).toBe(1);
  });

  test('missed in the morning still goes out until noon', async () => {
    const scene = office();
    expect(await scene.heartbeat('2026-03-11 11:59')).toBe(1);
  });

  test('missed until the afternoon merges into the next', async () => {
    const scene = office();
    await scene.heartbeat('2026-03-10 09:30');
    await scene.wrote('zhangsan', { amountFen: 400_000_000 });
    expect(await scene.heartbeat('2026-03-11 12:01')).toBe(0);
    await scene.heartbeat('2026-03-12 09:30');
    expect(scene.groupDigests().map(({ on }) => on)).toEqual(['2026-03-10', '2026-03-12']);
    expect(told(scene.groupDigests()[1])).toContain('amount: 华为二期');
  });

  test('made just before a crash is not made again', async () => {
    const scene = office();
    const record = scene.world.digests.record.bind(scene.world.digests);
    scene.world.digests.record = () => Promise.reject(new Error('killed'));
    await expect(scene.heartbeat('2026-03-11 09:00')).rejects.toThrow(AggregateError);
    scene.world.digests.record = record;
    await scene.wrote('zhangsan', { amountFen: 400_000_000 });
    await scene.heartbeat('2026-03-11 09:05');
    expect(scene.groupDigests()).toHaveLength(1);
    await scene.heartbeat('2026-03-12 09:05');
    expect(told(scene.groupDigests()[1])).toContain('amount: 华为二期');
  });

  test('that cannot be made keeps no other from being made', async () => {
    const broken = { ...EAST_GROUP, id: 'broken', departmentIds: [9] };
    const scene = new Office({
      now: at('2026-03-10 09:00'),
      policies: { digest: { ...HOURS, personal: false, groups: [broken, EAST_GROUP] } },
    });
    const between = scene.world.events.between.bind(scene.world.events);
    scene.world.events.between = (from, to, ownerIds, limit) =>
      ownerIds.length === 0 ? Promise.reject(new Error('no')) : between(from, to, ownerIds, limit);
    await expect(scene.heartbeat('2026-03-11 09:00')).rejects.toThrow('1 digests');
    expect(scene.groupDigests().map(({ groupName }) => groupName)).toEqual(['华东销售群']);
  });
});

describe('a personal list', () => {
  const today = { nextFollowUp: { day: '2026-03-11' } };
  const two = [
    anOpportunity({ id: 'opp_small', title: '小单', amountFen: 100, ...today }),
    anOpportunity({ id: 'opp_big', title: '大单', amountFen: 900, ...today }),
    anOpportunity({ id: 'opp_other', title: '别人的', ownerId: 'lisi', closeOn: '2026-03-12' }),
  ];

  const personal = (scene: Office): Record<string, string[]> =>
    Object.fromEntries(
      scene
        .digests()
        .flatMap((digest) =>
          'name' in digest ? [[digest.name, digest.todos.map(({ title }) => title)]] : [],
        ),
    );

  test('goes to every rep with something to do, and its numbers can be answered', async () => {
    const scene = office({ personal: true, opportunities: two });
    await scene.heartbeat('2026-03-11 09:00');
    expect(personal(scene)).toEqual({ 张三: ['大单', '小单'], 李四: ['别人的'] });
    const prompts = await scene.world.prompts.openFor('zhangsan', at('2026-03-11 00:00'));
    expect(prompts).toMatchObject([
      { kind: 'numbered-list', opportunityIds: ['opp_big', 'opp_small'] },
    ]);
    expect(await scene.heartbeat('2026-03-11 09:10')).toBe(0);
  });

  test('is not sent to somebody with nothing to do', async () => {
    const calm = anOpportunity({ nextFollowUp: { day: '2026-03-20' } });
    const scene = office({ personal: true, opportunities: [calm] });
    await scene.heartbeat('2026-03-11 09:00');
    expect(personal(scene)).toEqual({});
  });

  test('is sent to tell of reminders that were held back, even with nothing else to do', async () => {
    const calm = anOpportunity({ nextFollowUp: { day: '2026-03-20' } });
    const scene = office({ personal: true, opportunities: [calm] });
    scene.world.outbox.heldBackFor = async (userid) => (userid === 'zhangsan' ? 2 : 0);
    await scene.heartbeat('2026-03-11 09:00');
    expect(scene.digests().find((digest) => 'name' in digest)).toMatchObject({ heldBack: 2 });
  });

  test('keeps the numbers of the list that was sent, whichever instance was first', async () => {
    const scene = office({ personal: true, opportunities: two });
    const record = scene.world.digests.record.bind(scene.world.digests);
    const put = scene.world.prompts.put.bind(scene.world.prompts);
    scene.world.prompts.put = () => Promise.reject(new Error('killed'));
    await expect(scene.heartbeat('2026-03-11 09:00')).rejects.toThrow(AggregateError);
    scene.world.prompts.put = put;
    scene.world.digests.record = record;
    await scene.wrote('zhangsan', { amountFen: 99_900 }, { opportunityId: 'opp_small' });
    await scene.heartbeat('2026-03-11 09:01');
    const prompts = await scene.world.prompts.openFor('zhangsan', at('2026-03-11 00:00'));
    expect(prompts[0]?.opportunityIds).toEqual(['opp_big', 'opp_small']);
  });

  test('of a leader holds the decisions asked of them, not their reports’ follow-ups', async () => {
    const scene = office({ opportunities: two });
    await scene.heldAs(
      'zhangsan',
      { outcome: { kind: 'won', reason: null } },
      { opportunityId: 'opp_big' },
    );
    const lei = scene.world.directory.who('lei');
    const todos = await scene.verbs.todosOf(lei, '2026-03-11');
    expect(todos.map(({ why, title }) => `${why}: ${title}`)).toEqual(['approval-waiting: 大单']);
    const zhang = scene.world.directory.who('zhangsan');
    expect((await scene.verbs.todosOf(zhang, '2026-03-11')).map(({ why }) => why)).toEqual([
      'follow-up-today',
      'follow-up-today',
    ]);
  });
});

describe('what is due next', () => {
  test('is the next digest when nothing else waits', async () => {
    const scene = office({ opportunities: [] });
    const dueOn = (day: string): Date => digestDueAt(EAST_GROUP.id, day, HOURS);
    expect(await scene.verbs.nextDueAt(at('2026-03-10 20:00'))).toEqual(dueOn('2026-03-11'));
    await scene.heartbeat('2026-03-11 09:30');
    const row = scene.world.outbox.all()[0];
    await scene.world.outbox.mark(row?.id ?? '', { state: 'sent' });
    expect(await scene.verbs.nextDueAt(at('2026-03-11 09:30'))).toEqual(dueOn('2026-03-12'));
    expect(await scene.verbs.nextDueAt(at('2026-03-13 20:00'))).toEqual(dueOn('2026-03-16'));
  });

  test('is the reminder when that comes first', async () => {
    const scene = office({ now: '2026-03-10 13:00' });
    await scene.wrote('zhangsan', { nextFollowUp: { day: '2026-03-10', time: '15:00' } });
    expect(await scene.verbs.nextDueAt(scene.world.clock.now())).toEqual(at('2026-03-10 14:30'));
  });

  test('never lies in the past', async () => {
    const scene = office();
    await scene.wrote('zhangsan', { nextFollowUp: { day: '2026-03-10', time: '15:00' } });
    const late = new Date(at('2026-03-10 15:00').getTime() + 5 * HOUR_MS);
    expect(await scene.verbs.nextDueAt(late)).toEqual(late);
  });

  test('stepping from one due instant to the next always gets on', async () => {
    const scene = office({ personal: true });
    await scene.wrote('zhangsan', { nextFollowUp: { day: '2026-03-12' } });
    let steps = 0;
    for (; scene.world.clock.now() < at('2026-03-17 00:00') && steps < 200; steps++) {
      const next = await scene.verbs.nextDueAt(scene.world.clock.now());
      if (!next) break;
      scene.world.clock.advanceTo(next);
      const now = scene.world.clock.now();
      for (const { id } of await scene.world.opportunities.needingAttention(now, 10)) {
        await scene.verbs.attend(id, now);
      }
      await scene.verbs.relayAll(10);
      await scene.verbs.sendDigests(now);
      for (const { id } of scene.world.outbox.all()) {
        await scene.world.outbox.mark(id, { state: 'sent' });
      }
    }
    expect(scene.world.clock.now() >= at('2026-03-17 00:00')).toBe(true);
    expect(steps).toBeLessThan(60);
    expect(scene.groupDigests()).toHaveLength(6);
  });
});
