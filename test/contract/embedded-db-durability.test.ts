import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { startEmbeddedDb, type EmbeddedDb } from '../../src/embedded-db/index.js';

const entry = path.resolve('dist/src/embedded-db/main.js');
const KILLS = process.env['DEEP'] ? 100 : 6;

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'embedded-db-'));
});

afterEach(async () => {
  await rm(dataDir, { recursive: true, force: true });
});

interface Counter {
  _id: number;
  count: number;
  twin: number;
}

/** Writes until the connection breaks; remembers only what was acknowledged. */
async function writeUntilKilled(
  client: MongoClient,
  writer: number,
  acknowledged: { inserts: Set<string>; counts: Map<number, number> },
  round: number,
): Promise<void> {
  const inserts = client
    .db('kill')
    .collection<{ _id: string; half: string; other: string }>('inserts');
  const counters = client.db('kill').collection<Counter>('counters');
  try {
    for (let i = 0; ; i++) {
      const ids = [0, 1, 2].map((part) => `${round}-${writer}-${i}-${part}`);
      await inserts.insertMany(
        ids.map((_id) => ({ _id, half: _id.repeat(20), other: _id.repeat(20) })),
      );
      ids.forEach((id) => acknowledged.inserts.add(id));
      const after = await counters.findOneAndUpdate(
        { _id: writer },
        { $inc: { count: 1, twin: 1 } },
        { upsert: true, returnDocument: 'after' },
      );
      acknowledged.counts.set(writer, after?.count ?? 0);
    }
  } catch {
    // The server was killed; what was not acknowledged may or may not be there.
    return;
  }
}

async function connect(db: EmbeddedDb): Promise<MongoClient> {
  return MongoClient.connect(db.uri, {
    retryWrites: false,
    retryReads: false,
    serverSelectionTimeoutMS: 2000,
  });
}

test(
  `${KILLS} kills at random moments under load lose no acknowledged write and tear none`,
  async () => {
    const acknowledged = { inserts: new Set<string>(), counts: new Map<number, number>() };
    for (let round = 0; round < KILLS; round++) {
      const db = await startEmbeddedDb({ dataDir, entry });
      const client = await connect(db);
      await verify(client, acknowledged);
      const writers = Array.from({ length: 8 }, (_, writer) =>
        writeUntilKilled(client, writer, acknowledged, round),
      );
      // The moment is counted in acknowledged writes, so that a slow machine is killed under load as well.
      const target = acknowledged.inserts.size + 1 + Math.floor(Math.random() * 300);
      while (acknowledged.inserts.size < target) await new Promise(setImmediate);
      process.kill(db.pid, 'SIGKILL');
      await Promise.all(writers);
      expect(await db.exited).toBeNull();
      await client.close();
    }
    const db = await startEmbeddedDb({ dataDir, entry });
    const client = await connect(db);
    await verify(client, acknowledged);
    await client.close();
    await db.stop();
  },
  KILLS * 10_000,
);

async function verify(
  client: MongoClient,
  acknowledged: { inserts: Set<string>; counts: Map<number, number> },
): Promise<void> {
  const stored = await client
    .db('kill')
    .collection<{ _id: string; half: string; other: string }>('inserts')
    .find()
    .toArray();
  const ids = new Set(stored.map(({ _id }) => _id));
  expect([...acknowledged.inserts].filter((id) => !ids.has(id))).toEqual([]);
  expect(
    stored.filter(({ _id, half, other }) => half !== _id.repeat(20) || other !== half),
  ).toEqual([]);
  const counters = await client.db('kill').collection<Counter>('counters').find().toArray();
  expect(counters.filter(({ count, twin }) => count !== twin)).toEqual([]);
  for (const { _id, count } of counters) {
    expect(count).toBeGreaterThanOrEqual(acknowledged.counts.get(_id) ?? 0);
  }
}

test('a second server on the same folder is refused, naming the process that has it', async () => {
  const db = await startEmbeddedDb({ dataDir, entry });
  await expect(startEmbeddedDb({ dataDir, entry })).rejects.toThrow(`in use by process ${db.pid}`);
  await db.stop();
});

test('stopping gives the folder free and ends with code 0', async () => {
  const db = await startEmbeddedDb({ dataDir, entry });
  await db.stop();
  expect(await db.exited).toBe(0);
  const again = await startEmbeddedDb({ dataDir, entry });
  await again.stop();
});

test('the child ends by itself when its parent is killed', async () => {
  const door = pathToFileURL(path.resolve('dist/src/embedded-db/index.js')).href;
  const program =
    `const { startEmbeddedDb } = await import(${JSON.stringify(door)});` +
    `const db = await startEmbeddedDb({ dataDir: ${JSON.stringify(dataDir)} });` +
    `console.log(db.pid); setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [announced] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(announced.toString());
  parent.kill('SIGKILL');
  await expect(ended(pid)).resolves.toBeUndefined();
});

/** Resolves when no process has this number any more. */
async function ended(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      // ESRCH: it is gone.
      return;
    }
    await new Promise(setImmediate);
  }
}
