import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import { DAY_MS, HOUR_MS, MINUTE_MS, MovableClock } from '../../src/kernel/index.js';
import type { CapWindow, Leases, RateLimiter } from '../../src/kernel/index.js';
import type { Store } from '../../src/store/index.js';
import { startStore } from '../support/store.js';
import type { TestStore } from '../support/store.js';

let world: TestStore;
let store: Store;
let leases: Leases;
let limiter: RateLimiter;

beforeAll(async () => {
  world = await startStore();
  store = world.store;
  leases = store.leases;
  limiter = store.limiter;
});
afterAll(() => world.end());
beforeEach(async () => {
  for (const name of ['leases', 'windows']) {
    await store.connection.db.collection(name).deleteMany({});
  }
});

describe('a lease', () => {
  test('is taken by one of many at once', async () => {
    const taken = await Promise.all(
      Array.from({ length: 20 }, (_, n) => leases.acquire('lane', `owner${n}`, 5_000)),
    );
    expect(taken.filter(Boolean)).toEqual([{ token: 1 }]);
  });

  test('is renewed by its owner without a new number, and denied to others', async () => {
    expect(await leases.acquire('lane', 'a', 5_000)).toEqual({ token: 1 });
    world.clock.advance(4_000);
    expect(await leases.acquire('lane', 'a', 5_000)).toEqual({ token: 1 });
    world.clock.advance(4_000);
    expect(await leases.acquire('lane', 'b', 5_000)).toBeNull();
  });

  test('given back goes on at once, with a greater number', async () => {
    await leases.acquire('lane', 'a', 5_000);
    await leases.release('lane', 'b');
    expect(await leases.acquire('lane', 'b', 5_000)).toBeNull();
    await leases.release('lane', 'a');
    expect(await leases.acquire('lane', 'b', 5_000)).toEqual({ token: 2 });
  });

  test('of one who died goes on when it is over, not before, however the clocks differ', async () => {
    const slower = new MovableClock(world.clock);
    const elsewhere = await world.another(slower);
    await elsewhere.leases.acquire('lane', 'dead', 5_000);
    world.clock.advance(5_000 + 1_000);
    // The holder's clock may run behind ours by as much: for it the lease may not be over yet.
    expect(await leases.acquire('lane', 'b', 5_000)).toBeNull();
    world.clock.advance(1_000);
    expect(await leases.acquire('lane', 'b', 5_000)).toEqual({ token: 2 });
    expect(await leases.acquire('lane', 'dead', 5_000)).toBeNull();
  });

  test('that ran out but nobody took is its owner’s still, under the same number', async () => {
    await leases.acquire('lane', 'a', 5_000);
    world.clock.advance(HOUR_MS);
    expect(await leases.acquire('lane', 'a', 5_000)).toEqual({ token: 1 });
  });
});

describe('the limiter', () => {
  const minute: CapWindow = { key: 'zhangsan:minute', windowMs: MINUTE_MS, limit: 3 };
  const day: CapWindow = {
    key: 'zhangsan:day',
    windowMs: DAY_MS,
    limit: 4,
    label: '2026-03-10',
  };
  const now = (): Date => world.clock.now();

  test('lets through as many as fit, and says when the next place opens', async () => {
    const first = now();
    for (const id of ['a', 'b', 'c']) {
      expect(await limiter.reserve(id, [minute], now())).toEqual({ ok: true });
      world.clock.advance(1_000);
    }
    expect(await limiter.reserve('d', [minute], now())).toEqual({
      ok: false,
      full: minute.key,
      until: new Date(first.getTime() + MINUTE_MS),
    });
    world.clock.advanceTo(new Date(first.getTime() + MINUTE_MS));
    expect(await limiter.reserve('d', [minute], now())).toEqual({ ok: true });
    expect(await limiter.reserve('e', [minute], now())).toMatchObject({ ok: false });
  });

  test('counts the same reservation once', async () => {
    for (let n = 0; n < 10; n++) {
      expect(await limiter.reserve('same', [minute], now())).toEqual({ ok: true });
    }
    expect(await limiter.reserve('b', [minute], now())).toEqual({ ok: true });
  });

  test('takes a place in every window or in none', async () => {
    const tight: CapWindow = { key: 'zhangsan:hour', windowMs: HOUR_MS, limit: 1 };
    expect(await limiter.reserve('a', [minute, tight], now())).toEqual({ ok: true });
    for (const id of ['b', 'c', 'd']) {
      expect(await limiter.reserve(id, [minute, tight], now())).toMatchObject({ full: tight.key });
    }
    const wider = { ...tight, limit: 9 };
    for (const id of ['e', 'f']) {
      expect(await limiter.reserve(id, [minute, wider], now())).toEqual({ ok: true });
    }
    expect(await limiter.reserve('g', [minute, wider], now())).toMatchObject({ full: minute.key });
  });

  test('a labelled window is full until the day is over', async () => {
    const today = { ...day, limit: 1 };
    await limiter.reserve('a', [today], now());
    expect(await limiter.reserve('b', [today], now())).toEqual({
      ok: false,
      full: day.key,
      until: new Date('2026-03-11T00:00:00+08:00'),
    });
    const tomorrow = { ...today, label: '2026-03-11' };
    expect(await limiter.reserve('b', [tomorrow], now())).toEqual({ ok: true });
  });

  test('a place given back is free again', async () => {
    const one = { ...minute, limit: 1 };
    await limiter.reserve('a', [one], now());
    await limiter.release('b', [one], now());
    expect(await limiter.reserve('b', [one], now())).toMatchObject({ ok: false });
    await limiter.release('a', [one], now());
    expect(await limiter.reserve('b', [one], now())).toEqual({ ok: true });
  });

  test('asked by fifty at once from two instances never lets too many through', async () => {
    const elsewhere = await world.another();
    const wide = { ...minute, limit: 7 };
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        (n % 2 ? limiter : elsewhere.limiter)
          .reserve(`r${n}`, [wide, day], now())
          .catch(() => ({ ok: false })),
      ),
    );
    expect(answers.filter(({ ok }) => ok).length).toBeLessThanOrEqual(4);
    expect(answers.filter(({ ok }) => ok).length).toBeGreaterThan(0);
  });
});

describe('migrations', () => {
  test('three instances starting at once leave one layout and all start', async () => {
    await store.connection.db.collection('meta').deleteMany({});
    await Promise.all([world.another(), world.another(), world.another()]);
    const meta = await store.connection.db.collection('meta').find({}).toArray();
    expect(meta).toMatchObject([{ version: 1 }]);
  });
});
