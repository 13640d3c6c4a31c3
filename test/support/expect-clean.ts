import { expect } from '@jest/globals';

import { expectNothingRefused, type Harness } from './harness.js';

/** Asserts that WeCom refused nothing we sent and that nothing went wrong on our side. */
export function expectClean(harness: Harness): void {
  expectNothingRefused(harness.wecom);
  expect(harness.logLines.filter((line) => /"level":[56]0/.test(line))).toEqual([]);
}
