import { expect, test } from '@jest/globals';

import { Scene, anOpportunity, must, refusalOf } from './testing/index.js';
import type { NameCommand } from './verbs.js';

const scene = (): Scene =>
  new Scene({
    opportunities: [
      anOpportunity({ id: 'opp_1', title: '华为二期' }),
      anOpportunity({ id: 'opp_2', title: '小米MES', ownerId: 'wangwu' }),
    ],
  });

const naming = (here: Scene, userid: string, over: Partial<NameCommand> = {}): NameCommand => ({
  by: here.world.directory.who(userid),
  at: here.world.clock.now(),
  words: '老王那单',
  key: '老王',
  opportunityId: 'opp_1',
  among: null,
  shared: false,
  ...over,
});

test('a name of one’s own is nobody else’s; a shared one is', async () => {
  const here = scene();
  must(await here.verbs.nameOpportunity(naming(here, 'zhangsan')));
  expect(await here.verbs.named('zhangsan', '老王')).toMatchObject({ opportunityId: 'opp_1' });
  expect(await here.verbs.named('lei', '老王')).toBeNull();
  must(await here.verbs.nameOpportunity(naming(here, 'zhangsan', { shared: true })));
  expect(await here.verbs.named('lei', '老王')).toMatchObject({ opportunityId: 'opp_1' });
});

test('nobody names what they may not see', async () => {
  const here = scene();
  const named = naming(here, 'zhangsan', { opportunityId: 'opp_2', shared: true });
  expect(refusalOf(await here.verbs.nameOpportunity(named))).toMatchObject({ code: 'not-visible' });
  expect(await here.verbs.named('wangwu', '老王')).toBeNull();
});

test('one’s own name is forgotten first, a shared one by whoever shared it or an administrator', async () => {
  const here = scene();
  const person = (userid: string) => here.world.directory.who(userid);
  must(await here.verbs.nameOpportunity(naming(here, 'zhangsan')));
  must(await here.verbs.nameOpportunity(naming(here, 'zhangsan', { shared: true })));
  expect(await here.verbs.forgetName(person('lei'), '老王')).toBeNull();
  expect(await here.verbs.forgetName(person('zhangsan'), '老王')).toMatchObject({
    userid: 'zhangsan',
  });
  expect(await here.verbs.forgetName(person('admin'), '老王')).toMatchObject({ userid: null });
  expect(await here.verbs.named('zhangsan', '老王')).toBeNull();
});
