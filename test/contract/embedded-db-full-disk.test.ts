import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { MongoClient, type Collection } from 'mongodb';
import { startEmbeddedDb, type EmbeddedDb } from '../../src/embedded-db/index.js';

const run = promisify(execFile);
const entry = path.resolve('dist/src/embedded-db/main.js');

let dataDir: string;
let db: EmbeddedDb;
let client: MongoClient;

beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'embedded-db-'));
  await start();
});

afterEach(async () => {
  await client.close();
  await db.stop();
  await rm(dataDir, { recursive: true, force: true });
});

interface Row {
  _id: string;
  text: string;
}

async function start(): Promise<void> {
  db = await startEmbeddedDb({ dataDir, entry });
  client = await MongoClient.connect(db.uri, { retryWrites: false });
}

const rows = (): Collection<Row> => client.db('disk').collection<Row>('rows');
const row = (_id: string): Row => ({ _id, text: _id.repeat(800) });

/** No file may grow beyond this: to a process that writes, it is the same as a disk with no room left. */
async function limitFiles(bytes: number | 'unlimited'): Promise<void> {
  await run('prlimit', ['--pid', String(db.pid), `--fsize=${bytes}:unlimited`]);
}

test('a disk that fills up and is cleared loses nothing acknowledged and tears nothing', async () => {
  const acknowledged: string[] = [];
  const refused: string[] = [];
  const write = async (_id: string): Promise<void> => {
    try {
      await rows().insertOne(row(_id));
      acknowledged.push(_id);
    } catch (error) {
      expect(error).toMatchObject({ code: 14031 });
      refused.push(_id);
    }
  };
  await write('before');
  await limitFiles(64 * 1024);
  for (let n = 0; refused.length < 3; n++) await write(`full${n}`);

  // Reads go on, and show what was acknowledged and nothing else.
  expect((await rows().find().toArray()).map(({ _id }) => _id)).toEqual(acknowledged);

  await limitFiles('unlimited');
  for (let n = 0; n < 50; n++) await write(`after${n}`);
  expect(acknowledged).toContain('after49');

  process.kill(db.pid, 'SIGKILL');
  await db.exited;
  await client.close();
  await start();
  const kept = await rows().find().toArray();
  expect(kept.map(({ _id }) => _id).sort()).toEqual([...acknowledged].sort());
  expect(kept).toEqual(expect.arrayContaining(acknowledged.map(row)));
});
