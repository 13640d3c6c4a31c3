import type { Db } from 'mongodb';
import type { Model } from 'mongoose';

import { AppError } from '../kernel/index.js';
import type { Clock, Leases, Logger } from '../kernel/index.js';
import type { MetaDocument } from './documents.js';

/**
 * One step from `version - 1` to `version`. Two releases may run side by side during an upgrade, so a
 * step only adds what the older release can live with, and may be run again after a crash.
 */
export interface Migration {
  version: number;
  describes: string;
  run(db: Db): Promise<void>;
}

/** In order. Version 1 is the layout the product began with. */
const MIGRATIONS: readonly Migration[] = [
  { version: 1, describes: 'the first layout', run: async () => undefined },
];

const META_ID = 'schema';
const LEASE_KEY = 'migrate';
const LEASE_MS = 60_000;

export interface MigrationContext {
  db: Db;
  meta: Model<MetaDocument>;
  leases: Leases;
  clock: Clock;
  log: Logger;
  owner: string;
  /** Waits before looking again while another instance migrates. */
  pause(): Promise<void>;
}

/**
 * Brings the database to this release's layout, one instance at a time; the others wait for it.
 * A newer layout is left as it is: that release was written to live beside this one.
 */
export async function migrate(
  context: MigrationContext,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  const target = migrations.at(-1)?.version ?? 0;
  while ((await versionOf(context.meta)) < target) {
    if (!(await context.leases.acquire(LEASE_KEY, context.owner, LEASE_MS))) {
      await context.pause();
      continue;
    }
    try {
      await runPending(context, migrations);
    } finally {
      await context.leases.release(LEASE_KEY, context.owner);
    }
  }
  const version = await versionOf(context.meta);
  if (version > target) {
    context.log.warn({ version, known: target }, 'the database was migrated by a newer release');
  }
}

async function runPending(
  { db, meta, leases, clock, log, owner }: MigrationContext,
  migrations: readonly Migration[],
): Promise<void> {
  const from = await versionOf(meta);
  for (const migration of migrations.filter(({ version }) => version > from)) {
    if (!(await leases.acquire(LEASE_KEY, owner, LEASE_MS))) {
      throw new AppError('lost the migration lease', {
        code: 'store.migration-lease',
        retryable: true,
      });
    }
    await migration.run(db);
    await meta.updateOne(
      { _id: META_ID },
      { $set: { version: migration.version, changedAt: clock.now() } },
      { upsert: true },
    );
    log.info({ version: migration.version, describes: migration.describes }, 'migrated');
  }
}

async function versionOf(meta: Model<MetaDocument>): Promise<number> {
  const found = await meta.findById(META_ID).lean<MetaDocument>();
  return found?.version ?? 0;
}
