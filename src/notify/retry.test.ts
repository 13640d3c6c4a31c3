import { describe, expect, test } from '@jest/globals';

import { AppError, HOUR_MS, MINUTE_MS } from '../kernel/index.js';
import { MOST_ATTEMPTS, verdictOn } from './retry.js';

const now = new Date('2026-03-10T10:00:00+08:00');
const facts = { id: 'ntc_1', attempts: 1, isRepeatable: true, now };

const failure = (code: string, retryable: boolean, details = {}): AppError =>
  new AppError('failed', { code, retryable, details });

describe('after a failed sending', () => {
  test('what passes is tried again, later and later, never more than a minute apart', () => {
    const pauses = Array.from({ length: 20 }, (_, n) => {
      const verdict = verdictOn(failure('wecom.-1', true), { ...facts, attempts: n + 1 });
      return verdict.kind === 'retry' ? verdict.at.getTime() - now.getTime() : NaN;
    });
    expect(pauses[0]).toBeGreaterThanOrEqual(500);
    expect(pauses[0]).toBeLessThanOrEqual(1_000);
    expect(pauses[4]).toBeGreaterThanOrEqual(8_000);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(MINUTE_MS);
    expect(Math.min(...pauses.slice(7))).toBeGreaterThanOrEqual(MINUTE_MS / 2);
  });

  test('an outage of ten minutes is lived through, one of four hours is not waited for', () => {
    let waited = 0;
    for (let attempts = 1; attempts < MOST_ATTEMPTS; attempts++) {
      const verdict = verdictOn(failure('wecom.unreachable', true), { ...facts, attempts });
      if (verdict.kind === 'retry') waited += verdict.at.getTime() - now.getTime();
    }
    expect(waited).toBeGreaterThan(HOUR_MS);
    expect(waited).toBeLessThan(4 * HOUR_MS);
    const last = verdictOn(failure('wecom.unreachable', true), {
      ...facts,
      attempts: MOST_ATTEMPTS,
    });
    expect(last).toMatchObject({ kind: 'dead' });
  });

  test('what no retry can help is dead at once, and says why', () => {
    expect(verdictOn(failure('wecom.40003', false), facts)).toEqual({
      kind: 'dead',
      why: 'wecom.40003: failed',
    });
  });

  test('no room is not a failure: it waits until there is', () => {
    const until = new Date(now.getTime() + 20_000);
    const paced = failure('wecom.paced', true, { until });
    expect(verdictOn(paced, { ...facts, attempts: MOST_ATTEMPTS })).toEqual({
      kind: 'wait',
      until,
    });
  });

  test('a platform that says when to come back is not asked before', () => {
    const until = new Date(now.getTime() + 5 * MINUTE_MS);
    const verdict = verdictOn(failure('wecom.45009', true, { until }), facts);
    expect(verdict).toEqual({ kind: 'retry', at: until });
  });

  test('an unknown outcome is repeated to a person, never to a group', () => {
    const cut = failure('wecom.unknown-outcome', true);
    expect(verdictOn(cut, facts)).toMatchObject({ kind: 'retry' });
    expect(verdictOn(cut, { ...facts, isRepeatable: false })).toMatchObject({ kind: 'unknown' });
    const surprise = new TypeError('undefined is not a function');
    expect(verdictOn(surprise, { ...facts, isRepeatable: false })).toMatchObject({
      kind: 'unknown',
    });
    expect(
      verdictOn(failure('wecom.unreachable', true), { ...facts, isRepeatable: false }),
    ).toMatchObject({ kind: 'retry' });
  });
});
