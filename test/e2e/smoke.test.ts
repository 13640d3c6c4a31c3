import { afterEach, expect, test } from '@jest/globals';

import { expectNothingRefused, startHarness, type Harness } from '../support/harness.js';

let harness: Harness;
afterEach(() => harness.stop());

test('a rep types 帮助 and is told what to type', async () => {
  harness = await startHarness();
  const zhang = harness.member('zhangsan');
  await zhang.says('帮助');
  zhang.shouldSee('新建');
  expectNothingRefused(harness.wecom);
  expect(harness.logLines.filter((line) => line.includes('"level":50'))).toEqual([]);
});
