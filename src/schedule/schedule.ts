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
/** Another instance takes a beat over after that when this one dies in the middle; renewed while it goes on. */
const LOCK_MS = 20_000;
const RENEW_MS = LOCK_MS / 4;
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
  let running = false;
  agenda.on('error', (error: Error) => {
    if (running) log.error({ error }, 'the scheduler lost its database');
    // Agenda does not wait for a poll under way when it stops: the closing connection ends it.
    else log.debug({ error }, 'a last poll of the scheduler ended with its connection');
  });

  const underWay = new Set<Promise<void>>();

  for (const heartbeat of heartbeats) {
    const { name } = heartbeat;
    agenda.define(name, async (job) => {
      if (!running) return;
      let renewing: Promise<void> = Promise.resolve();
      const renewal = setInterval(() => {
        renewing = job
          .touch()
          .catch((error: unknown) => log.warn({ error, heartbeat: name }, 'lock not renewed'));
      }, RENEW_MS);
      const beat = heartbeat
        .run()
        .catch((error: unknown) => log.error({ error, heartbeat: name }, 'heartbeat failed'))
        .finally(() => {
          clearInterval(renewal);
          // A renewal on its way would lock the beat again after it is done.
          return renewing;
        });
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
