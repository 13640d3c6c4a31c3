import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';

import type { Db, MongoClient } from 'mongodb';
import mongoose from 'mongoose';
import type { Connection } from 'mongoose';

import type { Pipeline } from '../domain/index.js';
import { AppError, messageOf, systemClock } from '../kernel/index.js';
import type {
  Clock,
  Leases as LeasesPort,
  Logger,
  RateLimiter as RateLimiterPort,
  TokenStore,
} from '../kernel/index.js';
import type {
  Counters as CountersPort,
  DialogStore,
  DigestLedger,
  Directory,
  EventStore,
  GroupStore,
  InboxStore,
  OpportunityStore,
  OutboxStore,
  AliasStore,
  PromptStore,
} from '../usecases/index.js';
import { Counters } from './counters.js';
import { Dialogs } from './dialogs.js';
import { Digests } from './digests.js';
import { Events } from './events.js';
import { Groups } from './groups.js';
import { Inbox } from './inbox.js';
import { createIndexes } from './indexes.js';
import { Leases } from './leases.js';
import { Members } from './members.js';
import { migrate } from './migrations.js';
import { modelsOn } from './models.js';
import { Opportunities } from './opportunities.js';
import { Outbox } from './outbox.js';
import { Aliases } from './aliases.js';
import { Prompts } from './prompts.js';
import { RateLimiter } from './rate-limiter.js';
import { Tokens } from './tokens.js';

export interface StoreOptions {
  /** MongoDB, a replica set, or the embedded database: never asked which. */
  uri: string;
  /** Default: the one named in `uri`. */
  dbName?: string;
  clock: Clock;
  log: Logger;
  /** Stages' own probabilities, for the sums of forecasts. */
  pipeline: () => Pipeline;
  /** How long a call waits for a database that is away before it fails. */
  unavailableAfterMs?: number;
}

/** Everything kept in the database, behind the ports of usecases and kernel. One connection. */
export interface Store {
  opportunities: OpportunityStore;
  events: EventStore;
  directory: Directory;
  inbox: InboxStore;
  outbox: OutboxStore;
  prompts: PromptStore;
  aliases: AliasStore;
  dialogs: DialogStore;
  groups: GroupStore;
  digests: DigestLedger;
  counters: CountersPort;
  leases: LeasesPort;
  tokens: TokenStore;
  limiter: RateLimiterPort;
  /** The driver's own, for Agenda to share. */
  connection: { client: MongoClient; db: Db };
  /** Throws when the database does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Fast enough to answer a callback 503 within WeCom's five seconds. */
const UNAVAILABLE_AFTER_MS = 2_000;
const MIGRATION_PAUSE_MS = 500;

/**
 * Connects, migrates to this release's layout, creates missing indexes.
 * Throws AppError `store.unreachable` when the database cannot be reached.
 */
export async function connectStore(options: StoreOptions): Promise<Store> {
  const { clock, log } = options;
  const connection = await open(options);
  const db = connection.db;
  if (!db) throw new AppError('connected without a database', { code: 'store.unreachable' });
  const models = modelsOn(connection);
  const leases = new Leases(db.collection('leases'), clock);
  try {
    await migrate({
      db,
      meta: models.meta,
      leases,
      clock,
      log,
      owner: randomUUID(),
      pause: () => wait(MIGRATION_PAUSE_MS),
    });
    await createIndexes(connection);
  } catch (error) {
    await connection.close();
    throw error;
  }
  // The database expires documents by the machine's time, whatever clock we are given.
  const machine = systemClock;
  return {
    opportunities: new Opportunities(db.collection('opportunities'), clock, options.pipeline),
    events: new Events(models.events),
    directory: new Members(models.members),
    inbox: new Inbox(db.collection('inbox'), machine),
    outbox: new Outbox(db.collection('outbox'), clock, machine),
    prompts: new Prompts(models.prompts, machine),
    aliases: new Aliases(models.aliases),
    dialogs: new Dialogs(db.collection('dialogs'), clock, machine),
    groups: new Groups(models.groups),
    digests: new Digests(models.digests),
    counters: new Counters(models.counters),
    leases,
    tokens: new Tokens(models.tokens),
    limiter: new RateLimiter(db.collection('windows'), machine),
    connection: { client: connection.getClient(), db },
    ping: async () => {
      await db.command({ ping: 1 });
    },
    close: () => connection.close(),
  };
}

async function open(options: StoreOptions): Promise<Connection> {
  const connection = mongoose.createConnection(options.uri, {
    ...(options.dbName !== undefined && { dbName: options.dbName }),
    autoIndex: false,
    autoCreate: false,
    bufferCommands: false,
    ignoreUndefined: true,
    serverSelectionTimeoutMS: options.unavailableAfterMs ?? UNAVAILABLE_AFTER_MS,
    connectTimeoutMS: options.unavailableAfterMs ?? UNAVAILABLE_AFTER_MS,
    // “Saved” means saved on most members, and on disk: nothing acknowledged may be rolled back.
    writeConcern: { w: 'majority' },
  });
  try {
    return await connection.asPromise();
  } catch (error) {
    await connection.close();
    throw new AppError(`cannot reach the database: ${messageOf(error)}`, {
      code: 'store.unreachable',
      hint: 'check MONGODB_URI, and that the database is running and lets this machine in',
      retryable: true,
      cause: error,
    });
  }
}
