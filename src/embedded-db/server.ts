import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { systemClock, type Clock } from './clock.js';
import type { CommandContext, ServerFacts } from './commands/command.js';
import { Cursors } from './commands/cursors.js';
import { FailPoints } from './commands/fail-point.js';
import { dispatch } from './commands/dispatch.js';
import { Turns } from './turns.js';
import { openLevelLog } from './storage/level-log.js';
import { memoryLog, type Log } from './storage/log.js';
import { Store } from './storage/store.js';
import { deleteExpired } from './ttl.js';
import { Authentication, createAccount } from './wire/scram.js';
import { serveConnection } from './wire/connection.js';

export interface EmbeddedServerOptions {
  /** Folder of the data; without one nothing outlives the server. */
  readonly dataDir?: string | undefined;
  /** Takes the place of `dataDir`, for tests of what a disk can do. */
  readonly log?: Log | undefined;
  /** 0 takes any free port. */
  readonly port?: number | undefined;
  readonly host?: string | undefined;
  readonly clock?: Clock | undefined;
  /** Asked of every client by SCRAM-SHA-256; needed to listen beyond this machine. */
  readonly credentials?: { readonly user: string; readonly password: string } | undefined;
  /** Allows `configureFailPoint`, for tests that need a server to fail. */
  readonly testCommands?: boolean | undefined;
  /** Further clients are turned away; 1,000 unless told. */
  readonly mostConnections?: number | undefined;
  /** Above this resident size a warning is written, in bytes. */
  readonly memoryLimitBytes?: number | undefined;
}

export interface EmbeddedServer {
  readonly uri: string;
  /** Deletes expired documents now instead of within a minute. */
  expireNow(): Promise<number>;
  /** Ends connections, waits for the disk, gives the folder free. */
  close(): Promise<void>;
}

const MOST_CONNECTIONS = 1000;
const HOUSEKEEPING_MS = 60_000;
const DEFAULT_MEMORY_LIMIT = 1.5 * 1024 ** 3;

/**
 * Starts the server in this process: for unit tests and for the program around it. A product runs it as
 * a child process instead ({@link startEmbeddedDb}), so that a long query never holds up its event loop.
 *
 * @throws Error when it should listen beyond this machine without credentials
 * @throws FolderInUse when another process serves the folder
 */
export async function createEmbeddedServer(
  options: EmbeddedServerOptions,
): Promise<EmbeddedServer> {
  const host = options.host ?? '127.0.0.1';
  if (!options.credentials && !isLoopback(host)) {
    throw new Error(`listening on ${host} needs a user and a password`);
  }
  const clock = options.clock ?? systemClock;
  const warnings: string[] = [];
  const warn = (what: string): void => {
    warnings.push(what);
    process.stderr.write(`embedded-db: ${what}\n`);
  };
  const log = options.log ?? (await openLog(options.dataDir, warn));
  const store = await Store.open(log);
  const sockets = new Set<Socket>();
  const cursors = new Cursors(clock);
  const account =
    options.credentials && createAccount(options.credentials.user, options.credentials.password);
  const failPoints = options.testCommands ? new FailPoints() : undefined;
  let connections = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    const context: CommandContext = {
      store,
      cursors,
      turns: new Turns(),
      clock,
      server: facts,
      connectionId: ++connections,
      failPoints,
      authentication: new Authentication(account),
    };
    serveConnection(socket, (request) => dispatch(request, context));
  });
  server.maxConnections = options.mostConnections ?? MOST_CONNECTIONS;
  let ttlEveryMs = HOUSEKEEPING_MS;
  let ttl: NodeJS.Timeout | undefined;
  const startTtl = (everyMs: number): void => {
    clearInterval(ttl);
    ttlEveryMs = everyMs;
    ttl = setInterval(() => {
      deleteExpired(store, clock).catch((error: unknown) => {
        process.stderr.write(
          `embedded-db: expired documents could not be deleted: ${String(error)}\n`,
        );
      });
    }, everyMs);
    ttl.unref();
  };
  const facts: ServerFacts = {
    startedAt: clock.now(),
    address: () => address(server),
    connections: () => sockets.size,
    persistent: options.dataDir !== undefined || options.log !== undefined,
    memoryLimitBytes: options.memoryLimitBytes ?? DEFAULT_MEMORY_LIMIT,
    counters: {},
    warnings,
    ttlEveryMs: () => ttlEveryMs,
    setTtlEveryMs: startTtl,
  };
  await listen(server, options.port ?? 0, host);
  const housekeeping = setInterval(() => {
    cursors.expire();
    warnOfMemory(facts.memoryLimitBytes);
  }, HOUSEKEEPING_MS);
  housekeeping.unref();
  startTtl(HOUSEKEEPING_MS);
  return {
    uri: `mongodb://${address(server)}`,
    expireNow: () => deleteExpired(store, clock),
    close: async () => {
      clearInterval(housekeeping);
      clearInterval(ttl);
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await store.close();
    },
  };
}

function openLog(dataDir: string | undefined, warn: (what: string) => void): Promise<Log> {
  return dataDir === undefined ? Promise.resolve(memoryLog()) : openLevelLog(dataDir, warn);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}

function address(server: Server): string {
  const { address: host, port, family } = server.address() as AddressInfo;
  return family === 'IPv6' ? `[${host}]:${port}` : `${host}:${port}`;
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function warnOfMemory(limitBytes: number): void {
  const { rss } = process.memoryUsage();
  if (rss < limitBytes * 0.9) return;
  const mb = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MB`;
  process.stderr.write(
    `embedded-db: uses ${mb(rss)} of memory (limit ${mb(limitBytes)}); it keeps all documents in memory, ` +
      `set MONGODB_URI to move to MongoDB\n`,
  );
}
