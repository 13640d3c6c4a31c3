import { afterAll, beforeAll, expect, test } from '@jest/globals';

import type { NameAlias } from '../../src/usecases/index.js';
import { TUESDAY, startStore } from '../support/store.js';
import type { TestStore } from '../support/store.js';

let world: TestStore;

beforeAll(async () => {
  world = await startStore();
});
afterAll(() => world.end());

const alias = (id: string, over: Partial<NameAlias> = {}): NameAlias => ({
  id,
  userid: 'zhangsan',
  words: '老王那单',
  key: '老王',
  opportunityId: 'opp_1',
  among: ['opp_1', 'opp_2'],
  by: 'zhangsan',
  at: TUESDAY,
  ...over,
});

test('one’s own name goes before a shared one, and others hear the shared one only', async () => {
  const { aliases } = world.store;
  const shared = alias('a2', { userid: null, opportunityId: 'opp_9', among: null, by: 'lisi' });
  await aliases.put(alias('a1'));
  await aliases.put(shared);
  expect(await aliases.named('zhangsan', '老王')).toEqual([alias('a1'), shared]);
  expect(await aliases.named('wangwu', '老王')).toEqual([shared]);
  expect(await aliases.named('zhangsan', '老李')).toEqual([]);
});

test('the latest meaning stands, and what is dropped is gone', async () => {
  const { aliases } = world.store;
  const later = alias('a1', { opportunityId: 'opp_2', at: new Date(TUESDAY.getTime() + 1) });
  await aliases.put(later);
  await aliases.put(later);
  expect(await aliases.of('zhangsan')).toMatchObject([
    { id: 'a1', opportunityId: 'opp_2' },
    { id: 'a2' },
  ]);
  await aliases.drop('a1');
  expect(await aliases.of('zhangsan')).toMatchObject([{ id: 'a2' }]);
});
