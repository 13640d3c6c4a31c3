import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Decimal128, Double, Long, MongoClient, type Document } from 'mongodb';
import {
  createEmbeddedServer,
  startEmbeddedDb,
  type EmbeddedDb,
} from '../../src/embedded-db/index.js';

const entry = path.resolve('dist/src/embedded-db/main.js');
const run = promisify(execFile);

let folder: string;
const running: EmbeddedDb[] = [];
const clients: MongoClient[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'embedded-db-'));
});

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  for (const db of running.splice(0)) await db.stop();
  await rm(folder, { recursive: true, force: true });
});

async function start(name: string): Promise<{ db: EmbeddedDb; client: MongoClient }> {
  const db = await startEmbeddedDb({ dataDir: path.join(folder, name), entry });
  running.push(db);
  const client = await MongoClient.connect(db.uri, { promoteValues: false });
  clients.push(client);
  return { db, client };
}

async function tool(...args: readonly string[]): Promise<string> {
  return (await run(process.execPath, [entry, ...args])).stdout;
}

const docs = [
  { _id: 1, name: '华为二期', amount: Long.fromString('30000000001'), rate: new Double(1) },
  {
    _id: 2,
    name: '小米',
    price: Decimal128.fromString('1.10'),
    at: new Date(0),
    tags: [/x/i, null],
  },
];

async function filled(client: MongoClient): Promise<void> {
  const collection = client.db('shop').collection<Document>('deals');
  await collection.insertMany(docs as Document[]);
  await collection.createIndex(
    { name: 1 },
    { unique: true, collation: { locale: 'zh', strength: 2 } },
  );
  await client.db('shop').createCollection('empty');
}

async function contentOf(client: MongoClient): Promise<Document> {
  const collection = client.db('shop').collection('deals');
  return {
    docs: await collection.find().sort({ _id: 1 }).toArray(),
    indexes: await collection.indexes(),
    collections: (await client.db('shop').listCollections({}, { nameOnly: true }).toArray())
      .map(({ name }) => String(name))
      .sort(),
  };
}

test('a backup taken while running is restored whole, types and indexes included', async () => {
  const first = await start('first');
  await filled(first.client);
  const before = await contentOf(first.client);
  const file = path.join(folder, 'backup');
  expect(await tool('backup', file, '--uri', first.db.uri)).toContain('2 documents');
  await first.client.db('shop').collection('deals').deleteMany({});

  await tool('restore', file, '--uri', first.db.uri, '--drop');
  expect(await contentOf(first.client)).toEqual(before);
  await expect(tool('restore', file, '--uri', first.db.uri)).rejects.toThrow(
    /already holds documents/,
  );
});

test('one command copies everything to another server', async () => {
  const first = await start('first');
  const second = await start('second');
  await filled(first.client);
  const said = await tool('copy', '--uri', first.db.uri, '--to', second.db.uri);
  expect(said).toContain('2 documents of 2 collections');
  expect(await contentOf(second.client)).toEqual(await contentOf(first.client));
});

test('a backup that was cut short or changed is refused before anything is replaced', async () => {
  const { db, client } = await start('first');
  await filled(client);
  const file = path.join(folder, 'backup');
  await tool('backup', file, '--uri', db.uri);
  const whole = await readFile(file);
  await truncate(file, whole.length - 3);
  await expect(tool('restore', file, '--uri', db.uri, '--drop')).rejects.toThrow(/cut short/);
  await writeFile(file, 'something else entirely, long enough to be read');
  await expect(tool('restore', file, '--uri', db.uri, '--drop')).rejects.toThrow(
    /damaged|no backup/,
  );
  expect(Number(await client.db('shop').collection('deals').countDocuments())).toBe(2);
});

test('expired documents are deleted, others are kept', async () => {
  let now = 1_700_000_000_000;
  const server = await createEmbeddedServer({ clock: { now: () => now } });
  const client = await MongoClient.connect(server.uri);
  const collection = client.db('ttl').collection('sessions');
  await collection.createIndex({ at: 1 }, { expireAfterSeconds: 60 });
  await collection.insertMany([
    { at: new Date(now) },
    { at: new Date(now + 60_000) },
    { at: 'text' },
    {},
  ]);
  now += 61_000;
  expect(await server.expireNow()).toBe(1);
  expect(await collection.countDocuments()).toBe(3);
  await client.close();
  await server.close();
});

test('beyond this machine it listens only with a password, and asks every client for it', async () => {
  await expect(createEmbeddedServer({ host: '0.0.0.0' })).rejects.toThrow(
    /needs a user and a password/,
  );
  const credentials = { user: 'sales', password: 'p@ss，中文' };
  const server = await createEmbeddedServer({ host: '0.0.0.0', credentials });
  const uri = server.uri.replace('0.0.0.0', '127.0.0.1');
  const auth = { username: credentials.user, password: credentials.password };

  const known = await MongoClient.connect(uri, { auth });
  await known.db('a').collection('b').insertOne({ ok: 1 });
  expect(await known.db('a').collection('b').countDocuments()).toBe(1);
  await known.close();

  const anonymous = await MongoClient.connect(uri);
  await expect(anonymous.db('a').collection('b').findOne()).rejects.toMatchObject({ code: 13 });
  await anonymous.close();
  const wrong = MongoClient.connect(uri, { auth: { ...auth, password: 'guess' } });
  await expect(wrong).rejects.toMatchObject({ code: 18 });
  const stranger = MongoClient.connect(uri, { auth: { ...auth, username: 'other' } });
  await expect(stranger).rejects.toMatchObject({ code: 18 });
  await server.close();
});
