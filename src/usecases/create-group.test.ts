import { describe, expect, test } from '@jest/globals';

import { MEMBERS, Scene, must, refusalOf } from './testing/index.js';

function create(scene: Scene, userid: string, memberIds: string[], name = '华东销售群') {
  return scene.verbs.createGroup({ ...scene.cause(userid), name, memberIds });
}

describe('making a group', () => {
  test('reaches WeCom, greets, and hears of its people from then on', async () => {
    const scene = new Scene();
    const made = must(await create(scene, 'lei', ['zhangsan', 'lisi']));
    expect(made).toMatchObject({ name: '华东销售群', existed: false });
    expect(made.memberNames).toEqual(['雷经理', '张三', '李四']);
    expect(scene.world.groupChats.chats.get(made.groupId)).toEqual({
      name: '华东销售群',
      ownerId: 'lei',
      memberIds: ['lei', 'zhangsan', 'lisi'],
    });
    expect(await scene.told()).toEqual([`group-created → group ${made.groupId}`]);

    const approvalId = await scene.heldAs('zhangsan', { outcome: { kind: 'won', reason: null } });
    await scene.decide('lei', approvalId, 'approved');
    expect(await scene.told()).toContain(`won → group ${made.groupId}`);
  });

  test('twice, by anybody in it who leads, adds members and greets nobody again', async () => {
    const scene = new Scene();
    const first = must(await create(scene, 'zong', ['lei', 'zhangsan']));
    const second = must(await create(scene, 'lei', ['wangwu']));
    expect(second).toMatchObject({ groupId: first.groupId, existed: true });
    const [group] = await scene.world.groups.all();
    expect(group?.memberIds).toEqual(['zong', 'lei', 'zhangsan', 'wangwu']);
    expect((await scene.told()).filter((line) => line.startsWith('group-created'))).toHaveLength(1);
  });

  test('an administrator adds to a group without joining it', async () => {
    const scene = new Scene();
    must(await create(scene, 'lei', ['zhangsan', 'lisi']));
    const { memberNames } = must(await create(scene, 'admin', ['wangwu']));
    expect(memberNames).toEqual(['雷经理', '张三', '李四', '王五']);
  });

  test.each([
    ['by a rep', 'zhangsan', ['lisi'], 'not-allowed'],
    // Told for what it is: they are a leader, and the name is taken.
    ['by the leader of another team, under a name that is taken', 'nan', ['wangwu'], 'group-taken'],
  ])('%s is refused', async (_by, userid, memberIds, code) => {
    const scene = new Scene();
    must(await create(scene, 'lei', ['zhangsan', 'lisi']));
    const [before] = await scene.world.groups.all();
    expect(refusalOf(await create(scene, userid, memberIds))).toMatchObject({ code });
    expect(await scene.world.groups.all()).toEqual([before]);
  });

  test('with nobody else in it is refused: WeCom makes no such group', async () => {
    const scene = new Scene();
    expect(refusalOf(await create(scene, 'lei', []))).toEqual({
      code: 'group-too-small',
      least: 2,
    });
    expect(scene.world.groupChats.chats.size).toBe(0);
  });
});

describe('keeping groups in step', () => {
  test('newcomers of the department join, those who left leave, those named stay', async () => {
    const scene = new Scene();
    const { groupId } = must(await create(scene, 'zong', ['zhangsan', 'lisi']));
    const [zhang] = MEMBERS.filter(({ userid }) => userid === 'zhangsan');
    if (!zhang) throw new Error('张三 is missing');
    await scene.world.directory.replaceAll([
      ...MEMBERS.filter(({ userid }) => userid !== 'lisi'),
      { ...zhang, userid: 'qianqi', name: '钱七' },
    ]);
    await scene.verbs.keepGroupsInStep();
    expect(scene.world.groupChats.chats.get(groupId)?.memberIds.sort()).toEqual(
      ['zong', 'lei', 'zhangsan', 'qianqi'].sort(),
    );
  });

  test('a group of people from several departments follows none of them', async () => {
    const scene = new Scene();
    const { groupId } = must(await create(scene, 'zong', ['zhangsan', 'wangwu'], '攻坚群'));
    await scene.verbs.keepGroupsInStep();
    expect(scene.world.groupChats.chats.get(groupId)?.memberIds.sort()).toEqual(
      ['zong', 'zhangsan', 'wangwu'].sort(),
    );
  });

  test('a group that fails keeps no other waiting', async () => {
    const scene = new Scene();
    const first = must(await create(scene, 'zong', ['zhangsan', 'wangwu'], '甲群'));
    const second = must(await create(scene, 'zong', ['zhangsan', 'wangwu'], '乙群'));
    const updated: string[] = [];
    scene.world.groupChats.setMembers = async (chatId) => {
      if (chatId === first.groupId) throw new Error('86003');
      updated.push(chatId);
    };
    await expect(scene.verbs.keepGroupsInStep()).rejects.toThrow('1 of 2 groups out of step');
    expect(updated).toEqual([second.groupId]);
  });
});
