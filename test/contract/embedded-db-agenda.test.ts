import { MongoBackend } from '@agendajs/mongo-backend';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Agenda } from 'agenda';
import { randomUUID } from 'node:crypto';
import { MongoClient, type Db } from 'mongodb';

const JOBS = 1_000;
const WORKERS = 3;

let clients: MongoClient[];
let agendas: Agenda[];
let dbName: string;

beforeEach(() => {
  clients = [];
  agendas = [];
  dbName = `agenda_${randomUUID().slice(0, 8)}`;
});

afterEach(async () => {
  for (const agenda of agendas) await agenda.stop();
  await clients[0]?.db(dbName).dropDatabase();
  for (const client of clients) await client.close();
});

/** An Agenda with a connection of its own, as an instance of the product has. */
async function anAgenda(name: string): Promise<{ agenda: Agenda; db: Db }> {
  const client = await MongoClient.connect(process.env['TEST_MONGODB_URI'] ?? '');
  clients.push(client);
  const db = client.db(dbName);
  const agenda = new Agenda({
    backend: new MongoBackend({ mongo: db, collection: 'jobs' }),
    name,
    processEvery: 100,
    defaultConcurrency: 20,
    maxConcurrency: 20,
    logging: false,
  });
  await agenda.ready;
  agendas.push(agenda);
  return { agenda, db };
}

test(`${WORKERS} workers and one scheduler: ${JOBS} jobs, each run once`, async () => {
  const runs: number[] = [];
  let allRun = (): void => undefined;
  const reached = new Promise<void>((resolve) => (allRun = resolve));
  const perWorker = new Map<string, number>();
  for (let n = 0; n < WORKERS; n++) {
    const worker = `worker${n}`;
    const { agenda, db } = await anAgenda(worker);
    agenda.define<{ number: number }>('count', async ({ attrs }) => {
      // Written, so that a run is no less than the work it stands for.
      await db.collection('runs').insertOne({ number: attrs.data.number, worker });
      perWorker.set(worker, (perWorker.get(worker) ?? 0) + 1);
      runs.push(attrs.data.number);
      if (runs.length >= JOBS) allRun();
    });
    await agenda.start();
  }
  const scheduler = await anAgenda('scheduler');
  const numbers = Array.from({ length: JOBS }, (_, number) => number);
  for (let from = 0; from < JOBS; from += 50) {
    const some = numbers.slice(from, from + 50);
    await Promise.all(some.map((number) => scheduler.agenda.now('count', { number })));
  }
  await reached;
  // Whoever would run one twice has it locked by now and runs it while stopping.
  for (const agenda of agendas) await agenda.drain();

  expect(await scheduler.db.collection('runs').countDocuments()).toBe(JOBS);
  expect(new Set(runs)).toEqual(new Set(numbers));
  expect(runs).toHaveLength(JOBS);
  expect(perWorker.size).toBe(WORKERS);
}, 120_000);
