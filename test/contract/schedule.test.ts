import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';

import { silentLogger } from '../../src/kernel/index.js';
import { createSchedule } from '../../src/schedule/index.js';

let client: MongoClient;

beforeAll(async () => {
  client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? '');
});
afterAll(() => client.close());

/** Resolves at the given count, so that a test awaits the effect and never sleeps. */
function counter(goal: number): { count: () => number; hit(): void; reached: Promise<void> } {
  let count = 0;
  let done = (): void => undefined;
  const reached = new Promise<void>((resolve) => (done = resolve));
  return {
    count: () => count,
    hit: () => {
      count++;
      if (count >= goal) done();
    },
    reached,
  };
}

test('a heartbeat beats again and again, and one that fails beats on', async () => {
  const db = client.db(`schedule_${randomUUID().slice(0, 8)}`);
  const sound = counter(2);
  const broken = counter(2);
  const schedule = createSchedule({
    db,
    instanceId: 'one',
    log: silentLogger,
    heartbeats: [
      { name: 'sound', everyMs: 1_000, run: async () => sound.hit() },
      {
        name: 'broken',
        everyMs: 1_000,
        run: async () => {
          broken.hit();
          throw new Error('this beat failed');
        },
      },
    ],
  });
  await schedule.start();
  expect(schedule.isRunning()).toBe(true);
  await Promise.all([sound.reached, broken.reached]);
  await schedule.stop();
  expect(schedule.isRunning()).toBe(false);
});

test('two instances share the beats: none runs on both at once', async () => {
  const db = client.db(`schedule_${randomUUID().slice(0, 8)}`);
  const beats = counter(3);
  let underWay = 0;
  let most = 0;
  const heartbeat = {
    name: 'shared',
    everyMs: 500,
    run: async () => {
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay--;
      beats.hit();
    },
  };
  const schedules = ['one', 'two'].map((instanceId) =>
    createSchedule({ db, instanceId, log: silentLogger, heartbeats: [heartbeat] }),
  );
  for (const schedule of schedules) await schedule.start();
  await beats.reached;
  for (const schedule of schedules) await schedule.stop();
  expect(most).toBe(1);
  expect(await db.collection('heartbeats').countDocuments({ name: 'shared' })).toBe(1);
});
