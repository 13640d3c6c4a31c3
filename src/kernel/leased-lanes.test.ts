import { describe, expect, test } from '@jest/globals';

import { MovableClock } from './clock.js';
import { LeasedLanes } from './leased-lanes.js';
import type { LeasedLanesOptions, Turn } from './leased-lanes.js';
import { silentLogger } from './logger.js';
import type { Leases } from './ports.js';

const LEASE_MS = 4_000;

class MemoryLeases implements Leases {
  readonly held = new Map<string, { owner: string | null; token: number; until: number }>();
  constructor(private readonly clock: MovableClock) {}

  async acquire(key: string, owner: string, ttlMs: number): Promise<{ token: number } | null> {
    const now = this.clock.now().getTime();
    const lease = this.held.get(key) ?? { owner: null, token: 0, until: 0 };
    if (lease.owner !== owner && lease.owner !== null && lease.until > now) return null;
    const token = lease.owner === owner ? lease.token : lease.token + 1;
    this.held.set(key, { owner, token, until: now + ttlMs });
    return { token };
  }

  async release(key: string, owner: string): Promise<void> {
    const lease = this.held.get(key);
    if (lease?.owner === owner) this.held.set(key, { ...lease, owner: null });
  }
}

function setup() {
  const clock = new MovableClock(new Date('2026-03-10T10:00:00+08:00'));
  const leases = new MemoryLeases(clock);
  const lanes = (
    work: LeasedLanesOptions['work'],
    changes: Partial<LeasedLanesOptions> = {},
  ): LeasedLanes =>
    new LeasedLanes({
      leases,
      clock,
      log: silentLogger,
      owner: 'one',
      name: 'test',
      leaseMs: LEASE_MS,
      concurrency: 2,
      work,
      ...changes,
    });
  return { clock, leases, lanes };
}

/** Something to wait for that a test lets happen. */
function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

describe('lanes', () => {
  test('work one lane once at a time, and once more when it was woken meanwhile', async () => {
    const { lanes } = setup();
    const began = gate();
    const { open, opened } = gate();
    let runs = 0;
    const all = lanes(async () => {
      began.open();
      if (++runs === 1) await opened;
      return null;
    });
    for (let n = 0; n < 5; n++) all.wake('a');
    await began.opened;
    for (let n = 0; n < 5; n++) all.wake('a');
    open();
    await all.idle();
    expect(runs).toBe(2);
  });

  test('work no more lanes at once than allowed, and all of them in the end', async () => {
    const { lanes } = setup();
    let atOnce = 0;
    let most = 0;
    const done: string[] = [];
    const all = lanes(async (lane) => {
      most = Math.max(most, ++atOnce);
      await new Promise((resolve) => setImmediate(resolve));
      atOnce--;
      done.push(lane);
      return null;
    });
    for (const lane of 'abcdefg') all.wake(lane);
    await all.idle();
    expect(most).toBe(2);
    expect(done.sort().join('')).toBe('abcdefg');
  });

  test('give the lease back when drained, so that another instance need not wait', async () => {
    const { lanes, leases } = setup();
    const all = lanes(async () => null);
    all.wake('a');
    await all.idle();
    expect(await leases.acquire('test:a', 'two', LEASE_MS)).toEqual({ token: 2 });
  });

  test('held elsewhere are looked at again until they are free', async () => {
    const { lanes, leases } = setup();
    await leases.acquire('test:a', 'two', LEASE_MS);
    let runs = 0;
    const all = lanes(async () => {
      runs++;
      return null;
    });
    all.wake('a');
    await new Promise((resolve) => setImmediate(resolve));
    expect(runs).toBe(0);
    await leases.release('test:a', 'two');
    await all.idle();
    expect(runs).toBe(1);
  });

  test('that break are tried again, and others are not disturbed', async () => {
    const { lanes } = setup();
    let breaks = 0;
    const mended = gate();
    const done: string[] = [];
    const all = lanes(async (lane) => {
      if (lane === 'broken' && breaks++ === 0) throw new Error('down');
      done.push(lane);
      if (lane === 'broken') mended.open();
      return null;
    });
    all.wake('broken');
    all.wake('fine');
    await all.idle();
    expect(done).toEqual(['fine']);
    await mended.opened;
    await all.idle();
    expect(done).toEqual(['fine', 'broken']);
  });

  test('are looked at again when they said so', async () => {
    const { lanes, clock } = setup();
    const again = gate();
    let runs = 0;
    const all = lanes(async () => {
      if (++runs === 2) again.open();
      return runs === 1 ? new Date(clock.now().getTime() + 5) : null;
    });
    all.wake('a');
    await again.opened;
    await all.idle();
    expect(runs).toBe(2);
  });
});

describe('a turn', () => {
  async function during(
    check: (turn: Turn, parts: ReturnType<typeof setup>) => Promise<void>,
  ): Promise<void> {
    const parts = setup();
    let failure: unknown;
    const all = parts.lanes(async (_, turn) => {
      await check(turn, parts).catch((error: unknown) => (failure = error));
      return null;
    });
    all.wake('a');
    await all.idle();
    if (failure) throw failure as Error;
  }

  test('goes on while the lease is ours, also after a long sleep nobody used', async () => {
    await during(async (turn, { clock }) => {
      expect(await turn.goesOn()).toBe(true);
      clock.advance(60_000);
      expect(await turn.isHeld()).toBe(true);
    });
  });

  test('ends when somebody took over while this process slept', async () => {
    await during(async (turn, { clock, leases }) => {
      clock.advance(60_000);
      await leases.acquire('test:a', 'two', LEASE_MS);
      expect(await turn.isHeld()).toBe(false);
      expect(await turn.goesOn()).toBe(false);
      expect(leases.held.get('test:a')?.owner).toBe('two');
    });
  });

  test('ends after the piece at hand when asked to stop', async () => {
    const { lanes, leases } = setup();
    const began = gate();
    const { open, opened } = gate();
    const seen: boolean[] = [];
    const all = lanes(async (_, turn) => {
      seen.push(await turn.goesOn());
      began.open();
      await opened;
      seen.push(await turn.goesOn(), await turn.isHeld());
      return null;
    });
    all.wake('a');
    await began.opened;
    const stopped = all.stop();
    all.wake('b');
    open();
    await stopped;
    expect(seen).toEqual([true, false, true]);
    expect(leases.held.get('test:a')?.owner).toBeNull();
    expect(leases.held.has('test:b')).toBe(false);
  });
});
