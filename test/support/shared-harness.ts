import { afterAll, beforeAll, beforeEach, expect } from '@jest/globals';

import {
  expectNothingRefused,
  startHarness,
  type Harness,
  type HarnessOptions,
} from './harness.js';

/**
 * One harness for all tests of a file, handed to `begin` before the first of them and stopped after the last.
 * By then WeCom must have refused nothing we sent, and nothing may have gone wrong on our side.
 *
 * A minute passes before every test: WeCom drops what is beyond 30 messages a minute to one person.
 */
export function shareHarness(
  begin: (harness: Harness) => Promise<void> | void,
  options?: HarnessOptions,
): void {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness(options);
    await begin(harness);
  });
  beforeEach(() => harness.clock.advance(60_000));
  afterAll(async () => {
    try {
      expectClean(harness);
    } finally {
      await harness.stop();
    }
  });
}

function expectClean(harness: Harness): void {
  expectNothingRefused(harness.wecom);
  expect(harness.logLines.filter((line) => /"level":[56]0/.test(line))).toEqual([]);
}
