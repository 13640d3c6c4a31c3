import { expect, test } from '@jest/globals';
import { createReader } from '../shorthand/index.js';
import { anOpportunity, memoryWorld } from '../usecases/testing/index.js';
import { NameIndex } from './names.js';

function index() {
  const world = memoryWorld();
  const names = new NameIndex({
    opportunities: world.opportunities,
    directory: world.directory,
    policies: () => world.policies(),
    makeReader: (lexicon, { calendar }) => createReader({ lexicon, calendar, stages: [] }),
    clock: world.clock,
  });
  const reads = async (text: string) =>
    (await names.reader()).read(text, { now: world.clock.now() }).updates[0]?.opportunity?.value;
  return { world, names, reads };
}

test('what was saved is known to the very next message, by any instance', async () => {
  const { world, reads } = index();
  await world.opportunities.insert(anOpportunity());
  expect(await reads('华为二期 300万')).toMatchObject({ kind: 'one', id: 'opp_huawei2' });
  world.clock.advance(60_000);
  await world.opportunities.insert(
    anOpportunity({ id: 'opp_mi', title: '小米MES', customerName: '小米' }),
  );
  expect(await reads('小米MES 300万')).toMatchObject({ kind: 'one', id: 'opp_mi' });
});

test('an archived one is forgotten', async () => {
  const { world, names, reads } = index();
  const one = anOpportunity();
  await world.opportunities.insert(one);
  await reads('华为二期 300万');
  world.clock.advance(60_000);
  await world.opportunities.replace({ ...one, rev: 2, archivedAt: world.clock.now() });
  await names.reader();
  const zhangsan = await world.directory.member('zhangsan');
  expect(zhangsan && (await names.visibleTo(zhangsan))).toEqual([]);
});

test('one sees one’s own, one’s reports’, and as an administrator all', async () => {
  const { world, names } = index();
  await world.opportunities.insert(anOpportunity());
  await world.opportunities.insert(
    anOpportunity({
      id: 'opp_dj',
      title: '大疆仓储',
      ownerId: 'wangwu',
      collaboratorIds: ['lisi'],
    }),
  );
  await names.reader();
  const sees = async (userid: string) => {
    const member = await world.directory.member(userid);
    return member ? (await names.visibleTo(member)).map(({ title }) => title).sort() : null;
  };
  expect(await sees('zhangsan')).toEqual(['华为二期']);
  expect(await sees('lisi')).toEqual(['大疆仓储']);
  expect(await sees('zhaoliu')).toEqual([]);
  expect(await sees('nan')).toEqual(['大疆仓储']);
  expect(await sees('zong')).toEqual(['华为二期', '大疆仓储'].sort());
  expect(await sees('admin')).toEqual(['华为二期', '大疆仓储'].sort());
});

test('new rules make a new reader that still knows every name', async () => {
  const { world, names, reads } = index();
  await world.opportunities.insert(anOpportunity());
  const before = await names.reader();
  const rules = world.policies();
  world.policies = () => ({ ...rules, version: 'next' });
  expect(await names.reader()).not.toBe(before);
  expect(await reads('华为二期 300万')).toMatchObject({ kind: 'one' });
});
