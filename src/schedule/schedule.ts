import { MongoBackend } from '@agendajs/mongo-backend';
import { Agenda } from 'agenda';
import type { Db } from 'mongodb';

import type { Logger } from '../kernel/index.js';

/**
 * An idempotent piece of work repeated at an interval. What is due is decided inside by our own data and
 * clock: Agenda's cron would overwrite a run missed during a deploy (decisions 25).
 */
export interface Heartbeat {
  name: string;
  everyMs: number;
  run(): Promise<void>;
}

export interface ScheduleOptions {
  /** The product's own connection; Agenda opens none. */
  db: Db;
  instanceId: string;
  heartbeats: readonly Heartbeat[];
  log: Logger;
}

export interface Schedule {
  start(): Promise<void>;
  /** Waits for beats under way. */
  stop(): Promise<void>;
  isRunning(): boolean;
}

const POLL_MS = 2_000;
/** Longer than any beat; another instance takes over after that when this one dies in the middle. */
const LOCK_MS = 60_000;
const STOP_WITHIN_MS = 10_000;

export function createSchedule({ db, instanceId, heartbeats, log }: ScheduleOptions): Schedule {
  const agenda = new Agenda({
    backend: new MongoBackend({ mongo: db, collection: 'heartbeats' }),
    name: instanceId,
    processEvery: POLL_MS,
    defaultLockLifetime: LOCK_MS,
    defaultConcurrency: 1,
    logging: false,
  });
  agenda.on('error', (error: Error) => log.error({ error }, 'the scheduler lost its database'));

  let running = false;
  const underWay = new Set<Promise<void>>();

  for (const heartbeat of heartbeats) {
    const { name } = heartbeat;
    agenda.define(name, async () => {
      if (!running) return;
      const beat = heartbeat
        .run()
        .catch((error: unknown) => log.error({ error, heartbeat: name }, 'heartbeat failed'));
      underWay.add(beat);
      await beat.finally(() => underWay.delete(beat));
    });
  }

  return {
    async start() {
      running = true;
      await agenda.start();
      for (const { name, everyMs } of heartbeats) await agenda.every(everyMs, name);
    },
    async stop() {
      running = false;
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise<void>(
        (resolve) => (timer = setTimeout(resolve, STOP_WITHIN_MS)),
      );
      await Promise.race([Promise.all(underWay), patience]);
      clearTimeout(timer);
      await agenda.stop();
    },
    isRunning: () => running,
  };
}
