import os from 'node:os';
import { Binary, Long, type Doc } from '../bson/value.js';
import { MAX_DOCUMENT_BYTES } from '../bson/encode.js';
import { DbError } from '../errors.js';
import { MAX_MESSAGE_BYTES } from '../wire/message.js';
import { helloAuthentication } from './authentication.js';
import { ok, timestampOf, type Command } from './command.js';

/** What this server passes for. Above wire version 21 drivers would use commands it does not have. */
export const SERVER_VERSION = '7.0.0';
const MAX_WIRE_VERSION = 21;

export const hello: Command = (call) => {
  const { name, command, context } = call;
  const primary = name === 'hello' ? { isWritablePrimary: true } : { ismaster: true };
  const helloOk = command['helloOk'] === true ? { helloOk: true } : {};
  // No topologyVersion: with one, drivers would wait for streamed answers to this command.
  return ok({
    ...helloOk,
    ...primary,
    maxBsonObjectSize: MAX_DOCUMENT_BYTES,
    maxMessageSizeBytes: MAX_MESSAGE_BYTES,
    maxWriteBatchSize: 100_000,
    localTime: new Date(context.clock.now()),
    logicalSessionTimeoutMinutes: 30,
    connectionId: context.connectionId,
    minWireVersion: 0,
    maxWireVersion: MAX_WIRE_VERSION,
    readOnly: false,
    ...helloAuthentication(call),
  });
};

export const buildInfo: Command = () =>
  ok({
    version: SERVER_VERSION,
    versionArray: [7, 0, 0, 0],
    gitVersion: 'embedded',
    modules: ['embedded-db'],
    allocator: 'system',
    javascriptEngine: 'none',
    sysInfo: 'deprecated',
    openssl: { running: 'none' },
    storageEngines: ['leveldb'],
    bits: 64,
    debug: false,
    maxBsonObjectSize: MAX_DOCUMENT_BYTES,
  });

export const hostInfo: Command = ({ context }) =>
  ok({
    system: {
      currentTime: new Date(context.clock.now()),
      hostname: os.hostname(),
      cpuAddrSize: 64,
      numCores: os.availableParallelism(),
      cpuArch: process.arch,
    },
    os: { type: os.type(), name: os.platform(), version: os.release() },
    extra: {},
  });

export const whatsmyuri: Command = ({ context }) => ok({ you: context.server.address() });

export const serverStatus: Command = ({ context }) => {
  const memory = process.memoryUsage();
  const { server, cursors } = context;
  const uptimeMs = context.clock.now() - server.startedAt;
  return ok({
    host: os.hostname(),
    version: SERVER_VERSION,
    process: 'embedded-db',
    pid: Long.fromNumber(process.pid),
    uptime: uptimeMs / 1000,
    uptimeMillis: Long.fromNumber(uptimeMs),
    localTime: new Date(context.clock.now()),
    connections: {
      current: server.connections(),
      available: 1000,
      totalCreated: context.connectionId,
    },
    mem: {
      bits: 64,
      resident: Math.round(memory.rss / 1024 / 1024),
      virtual: Math.round(memory.rss / 1024 / 1024),
      supported: true,
      limit: Math.round(server.memoryLimitBytes / 1024 / 1024),
    },
    metrics: { cursor: { open: { total: Long.fromNumber(cursors.size) } } },
    opcounters: { ...server.counters },
    storageEngine: {
      name: server.persistent ? 'leveldb' : 'memory',
      persistent: server.persistent,
    },
    ok: 1,
  });
};

export const getParameter: Command = ({ command }) => {
  const known: Doc = {
    featureCompatibilityVersion: { version: '7.0' },
    authenticationMechanisms: ['SCRAM-SHA-256'],
  };
  const wanted = Object.keys(command).filter((name) => name in known);
  return ok(
    command['getParameter'] === '*'
      ? known
      : Object.fromEntries(wanted.map((name) => [name, known[name]])),
  );
};

export const getCmdLineOpts: Command = () => ok({ argv: ['embedded-db'], parsed: {} });

/** The one log there is: what an operator should know since the start, as MongoDB's structured lines. */
export const getLog: Command = ({ command, context }) => {
  const which = command['getLog'];
  if (which === '*') return ok({ names: ['global', 'startupWarnings'] });
  if (which !== 'global' && which !== 'startupWarnings') {
    throw new DbError(96, `No log named '${String(which)}'`);
  }
  const at = new Date(context.server.startedAt).toISOString();
  const log = context.server.warnings.map((msg) =>
    JSON.stringify({ t: { $date: at }, s: 'W', c: 'STORAGE', id: 0, ctx: 'main', msg }),
  );
  return ok({ totalLinesWritten: log.length, log });
};

export const startSession: Command = ({ context }) =>
  ok({
    id: {
      id: new Binary(Buffer.from(crypto.getRandomValues(new Uint8Array(16))), Binary.SUBTYPE_UUID),
    },
    timeoutMinutes: 30,
    startedAt: timestampOf(context.clock.now()),
  });

/** Answers that need nothing but saying yes; sessions carry no state here. */
export const acknowledge: Command = () => ok();
