import { describe, expect, jest, test } from '@jest/globals';

import type { Addressed, Notice } from '../domain/index.js';
import { factsOf } from '../domain/index.js';
import { commitChange } from './commit.js';
import { laneOf, promptOf } from './relay.js';
import { Scene, WEDNESDAY, anOpportunity, must } from './testing/index.js';

const ID = anOpportunity().id;

/** Saves one notice on the opportunity, as a verb would. */
async function saveNotice(scene: Scene, draft: Pick<Addressed, 'to' | 'class' | 'notice'>) {
  const cause = { opportunityId: ID, causeId: 'due', by: 'system', at: WEDNESDAY, said: '' };
  must(
    await commitChange(scene.world, cause, (next) => ({
      ok: true,
      value: { next, result: null, happenings: [], notices: [draft] },
    })),
  );
}

const reminder: Notice = {
  code: 'reminder',
  opportunity: factsOf(anOpportunity(), '张三'),
  chase: 'follow-up',
  dueOn: '2026-03-11',
  step: 1,
  daysSinceContact: 5,
  everyDays: null,
  lastFollowUp: null,
};

const digest: Notice = {
  code: 'personal-digest',
  digest: {
    name: '张三',
    on: '2026-03-11',
    todos: ['opp_a', 'opp_b'].map((opportunityId) => ({
      opportunityId,
      title: opportunityId,
      ownerName: '张三',
      why: 'follow-up-today',
      on: '2026-03-11',
      amountFen: null,
    })),
    limit: 8,
    heldBack: 0,
  },
};

describe('the relay', () => {
  test('moves what waits to the history and the outbox, once, and forgets it', async () => {
    const scene = new Scene();
    await scene.wrote('zhangsan', { ownerId: 'lisi' });
    expect(scene.world.relaysNudged).toEqual([ID]);
    await scene.verbs.relay(ID);
    await scene.verbs.relay(ID);
    expect((await scene.opportunity()).pending).toEqual([]);
    expect(scene.world.events.all()).toHaveLength(1);
    expect(scene.world.outbox.all()).toMatchObject([
      { lane: 'alert:lisi', causeAt: WEDNESDAY, notBefore: WEDNESDAY, n: 0, updatesCardId: null },
    ]);
  });

  const cut = new Error('the power went out');

  test.each<[string, (scene: Scene) => unknown]>([
    [
      'before the history',
      ({ world }) => jest.spyOn(world.events, 'append').mockRejectedValueOnce(cut),
    ],
    [
      'before the outbox',
      ({ world }) => jest.spyOn(world.outbox, 'put').mockRejectedValueOnce(cut),
    ],
    [
      'before forgetting',
      ({ world }) => jest.spyOn(world.opportunities, 'pullPending').mockRejectedValueOnce(cut),
    ],
  ])('stopped %s and run again leaves one of each', async (_where, stop) => {
    const scene = new Scene();
    await scene.wrote('zhangsan', { ownerId: 'lisi' });
    stop(scene);
    await expect(scene.verbs.relay(ID)).rejects.toThrow(cut);
    await scene.verbs.relayAll(10);
    expect(scene.world.events.all()).toHaveLength(1);
    expect(scene.world.outbox.all()).toHaveLength(1);
    expect((await scene.opportunity()).pending).toEqual([]);
  });

  test('does not take what was added while it ran', async () => {
    const scene = new Scene();
    await scene.wrote('zhangsan', { tier: 'A' });
    const append = scene.world.events.append.bind(scene.world.events);
    scene.world.events.append = async (events) => {
      scene.world.events.append = append;
      await append(events);
      await scene.wrote('zhangsan', { tier: 'B' });
    };
    await scene.verbs.relay(ID);
    expect((await scene.opportunity()).pending).toHaveLength(1);
    expect(await scene.happened()).toEqual(['changed', 'changed']);
  });

  test('answers how many opportunities had something waiting', async () => {
    const scene = new Scene();
    expect(await scene.verbs.relayAll(10)).toBe(0);
    await scene.wrote('zhangsan', { tier: 'A' });
    expect(await scene.verbs.relayAll(10)).toBe(1);
    await scene.verbs.relay('opp_none');
  });

  test('a reminder can be answered, and stays answered when it is moved again', async () => {
    const scene = new Scene();
    await saveNotice(scene, {
      to: { kind: 'person', userid: 'zhangsan' },
      class: 'alert',
      notice: reminder,
    });
    const { pending } = await scene.opportunity();
    await scene.verbs.relay(ID);
    const [prompt] = await scene.world.prompts.openFor('zhangsan', new Date(0));
    expect(prompt).toMatchObject({ id: pending[0]?.id, kind: 'reminder', opportunityIds: [ID] });
    await scene.world.prompts.answered(prompt?.id ?? '', WEDNESDAY);
    scene.world.opportunities.seed({ ...(await scene.opportunity()), pending });
    await scene.verbs.relay(ID);
    expect(await scene.world.prompts.openFor('zhangsan', new Date(0))).toEqual([]);
  });
});

describe('what a short reply may answer', () => {
  const addressed = (notice: Notice): Addressed => ({
    to: { kind: 'person', userid: 'zhangsan' },
    class: 'digest',
    notice,
    causeAt: WEDNESDAY,
    causeId: 'due',
    n: 0,
  });

  test('the numbers of a personal list, in their order', () => {
    expect(promptOf('ntc_1', addressed(digest))).toEqual([
      {
        id: 'ntc_1',
        userid: 'zhangsan',
        kind: 'numbered-list',
        at: WEDNESDAY,
        opportunityIds: ['opp_a', 'opp_b'],
        answeredAt: null,
      },
    ]);
  });

  test('nothing else', () => {
    const won: Notice = {
      code: 'won',
      opportunity: factsOf(anOpportunity(), '张三'),
      reason: null,
    };
    expect(promptOf('ntc_1', addressed(won))).toEqual([]);
    expect(
      promptOf('ntc_1', { ...addressed(reminder), to: { kind: 'group', groupId: 'east' } }),
    ).toEqual([]);
  });
});

describe('lanes', () => {
  test.each([
    ['reply', 'reply:lisi'],
    ['approval', 'reply:lisi'],
    ['self-reminder', 'reply:lisi'],
    ['alert', 'alert:lisi'],
    ['digest', 'alert:lisi'],
    ['admin', 'admin:lisi'],
  ] as const)('%s to a person waits in %s', (noticeClass, lane) => {
    expect(laneOf({ kind: 'person', userid: 'lisi' }, noticeClass)).toBe(lane);
  });

  test('a group has one of its own', () => {
    expect(laneOf({ kind: 'group', groupId: 'east' }, 'group')).toBe('group:east');
    expect(laneOf({ kind: 'group', groupId: 'east' }, 'digest')).toBe('group:east');
  });
});

describe('telling the administrators', () => {
  const alert = {
    key: 'group-unknown:1',
    title: '群消息不确定',
    detail: '…',
    action: '看一眼',
    at: WEDNESDAY,
  };

  test('once per key, however often it is noticed', async () => {
    const scene = new Scene();
    await scene.verbs.tellAdmins(alert);
    await scene.verbs.tellAdmins(alert);
    await scene.verbs.tellAdmins({ ...alert, key: 'group-unknown:2' });
    expect(await scene.told()).toEqual(['admin-alert → admin', 'admin-alert → admin']);
  });

  test('also by the channel that is not WeCom, in a lane of its own', async () => {
    const scene = new Scene({ hasAlarmChannel: true });
    await scene.verbs.tellAdmins(alert);
    await scene.verbs.tellAdmins(alert);
    expect(await scene.told()).toEqual(['admin-alert → admin', 'admin-alert → alarm']);
    expect(laneOf({ kind: 'alarm' }, 'admin')).toBe('alarm');
  });

  test('with nobody to tell it does not fail', async () => {
    const scene = new Scene({ members: [] });
    await scene.verbs.tellAdmins(alert);
    expect(await scene.told()).toEqual([]);
  });
});
