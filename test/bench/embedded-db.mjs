import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { ClassicLevel } from 'classic-level';
import { MongoClient } from 'mongodb';

import { startEmbeddedDb } from '../../dist/src/embedded-db/index.js';
import { INDEXES } from '../../dist/src/store/index.js';
import { percentile, round } from './measure.mjs';

const DOCUMENTS = 100_000;
const DAY_MS = 86_400_000;
const OWNERS = 200;
/** How many writers or readers ask at once where a line says so. */
const TOGETHER = 50;

/** Without the cost of the layer under it a figure of ours says nothing: both are measured in turns. */
export async function benchEmbeddedDb() {
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-'));
  const dataDir = path.join(folder, 'db');
  const level = new ClassicLevel(path.join(folder, 'level'), { valueEncoding: 'buffer' });
  try {
    const filledMs = await fill(dataDir);
    const { db, client, deals, ...startCosts } = await start(dataDir);
    const operations = await measureOperations(deals, client, level);
    const manners = await measureManners(db.uri);
    const afterwards = { rssAfterwardsMb: await residentMb(client) };
    await client.close();
    await db.stop();
    return {
      documents: DOCUMENTS,
      start: { filledMs, ...startCosts, ...afterwards },
      operations,
      manners,
    };
  } finally {
    await level.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** An opportunity as the product stores one: some 1.2 kB of BSON. */
function deal(n) {
  const day = new Date(Date.UTC(2026, 0, 1) + (n % 365) * DAY_MS);
  const on = day.toISOString().slice(0, 10);
  const owner = `user${n % OWNERS}`;
  return {
    _id: `opp_${n}`,
    rev: 1,
    title: `项目${n}号二期`,
    customerName: `客户公司${n % 5_000}号`,
    stage: ['qualify', 'propose', 'negotiate', 'contract'][n % 4],
    amountFen: (n % 1_000) * 1_000_000,
    closeOn: on,
    ownerId: owner,
    collaboratorIds: [`user${(n + 7) % OWNERS}`],
    contacts: [{ name: '张总', phone: `138${String(n).padStart(8, '0')}` }],
    nextStep: '下周五前把方案和报价一起发给客户，再约技术交流',
    tags: ['重点'],
    createdAt: day,
    applied: [{ causeId: `c${n}`, at: day, result: { kind: 'written', changes: [] } }],
    pending: [],
    lookup: {
      state: n % 5 === 0 ? 'closed' : 'open',
      seenBy: [owner, `user${(n + 7) % OWNERS}`],
      closeOn: on,
      followUpOn: on,
      contactAt: day,
      customer: `客户公司${n % 5_000}`,
      updatedAt: new Date(day.getTime() + (n % 1_000) * 60_000),
    },
  };
}

async function fill(dataDir) {
  const db = await startEmbeddedDb({ dataDir });
  const client = await MongoClient.connect(db.uri);
  const deals = client.db('bench').collection('opportunities');
  await deals.createIndexes([...INDEXES.opportunities]);
  const began = performance.now();
  for (let from = 0; from < DOCUMENTS; from += 1_000) {
    await deals.insertMany(Array.from({ length: 1_000 }, (_, n) => deal(from + n)));
  }
  const ms = round(performance.now() - began, 0);
  await client.close();
  await db.stop();
  return ms;
}

/** Documents are read when they are first asked for: the first answer tells what a start costs. */
async function start(dataDir) {
  const began = performance.now();
  const db = await startEmbeddedDb({ dataDir });
  const listeningMs = round(performance.now() - began, 0);
  const client = await MongoClient.connect(db.uri, { maxPoolSize: TOGETHER + 5 });
  const deals = client.db('bench').collection('opportunities');
  await deals.findOne({ _id: 'opp_1' });
  const firstAnswerMs = round(performance.now() - began, 0);
  return { db, client, deals, listeningMs, firstAnswerMs, rssMb: await residentMb(client) };
}

const ping = (client) => client.db('admin').command({ ping: 1 });

async function residentMb(client) {
  return (await client.db('admin').command({ serverStatus: 1 })).mem.resident;
}

/** Milliseconds of each run. */
async function timesOf(times, act) {
  const taken = [];
  for (let n = 0; n < times; n++) {
    const from = performance.now();
    await act(n);
    taken.push(performance.now() - from);
  }
  return taken;
}

/**
 * An operation and the layer under it, in turns of a few runs each, so that both meet the same machine. The
 * ratio is of medians: one pause does not decide it.
 */
async function besideLayer(what, times, act, [layerName, layer], perRun = 1) {
  const taken = [];
  const under = [];
  const TURNS = 10;
  const each = Math.ceil(times / TURNS);
  for (let turn = 0; turn < TURNS; turn++) {
    taken.push(...(await timesOf(each, (n) => act(turn * each + n))));
    under.push(...(await timesOf(each, (n) => layer(turn * each + n))));
  }
  const [own, below] = [percentile(taken, 0.5), percentile(under, 0.5)];
  return {
    what,
    perSecond: round((1_000 * perRun) / own, 0),
    p50Ms: round(own, 3),
    p99Ms: round(percentile(taken, 0.99), 3),
    layer: layerName,
    layerMs: round(below, 3),
    ratio: round(own / below),
  };
}

/** What each operation costs, as a multiple of the layer it stands on. */
async function measureOperations(deals, client, level) {
  const bytes = Buffer.alloc(1_200, 1);
  let next = DOCUMENTS;
  let key = 0;
  const insert = () => deals.insertOne(deal(next++));
  const put = () => level.put(`k${key++}`, bytes, { sync: true });
  const several = (act) => () => Promise.all(Array.from({ length: TOGETHER }, act));
  const any = (n) => `opp_${(n * 7_919) % DOCUMENTS}`;
  const rangeOf = (n) =>
    deals
      .find({ 'lookup.seenBy': `user${n % OWNERS}`, 'lookup.state': 'open' })
      .sort({ 'lookup.closeOn': 1 })
      .limit(20)
      .toArray();
  const increment = (n) => deals.updateOne({ _id: any(n) }, { $inc: { rev: 1, amountFen: 100 } });
  const onePing = ['ping', () => ping(client)];
  const putAndPing = [
    'ping + synced put',
    async () => {
      await ping(client);
      await put();
    },
  ];
  return [
    await besideLayer('insertOne', 500, insert, putAndPing),
    await besideLayer(
      `insertOne, ${TOGETHER} at once`,
      100,
      several(insert),
      [`${TOGETHER} synced puts`, several(put)],
      TOGETHER,
    ),
    await besideLayer(
      'findOne by unique key',
      2_000,
      (n) => deals.findOne({ _id: any(n) }),
      onePing,
    ),
    await besideLayer('indexed range, 20 documents', 500, rangeOf, onePing),
    await besideLayer('$inc', 500, increment, putAndPing),
    await besideLayer('$group over all', 10, () => deals.aggregate(BY_STAGE).toArray(), onePing),
    await besideLayer('day buckets over all', 10, () => deals.aggregate(BY_DAY).toArray(), onePing),
  ];
}

const BY_STAGE = [{ $group: { _id: '$stage', count: { $sum: 1 }, fen: { $sum: '$amountFen' } } }];

/** Buckets by the day of Shanghai's time, over everything. */
export const BY_DAY = [
  {
    $group: {
      _id: { $dateTrunc: { date: '$createdAt', unit: 'day', timezone: 'Asia/Shanghai' } },
      count: { $sum: 1 },
    },
  },
];

/**
 * Pings beside long work, from a client of its own whose collector of garbage has room and needs no second
 * thread: what it does itself must not count as the server's.
 */
async function measureManners(uri) {
  const program = new URL('./embedded-db-manners.mjs', import.meta.url);
  const child = fork(program, [uri], {
    execArgv: ['--max-semi-space-size=64', '--single-threaded-gc'],
  });
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`the client that pings ended with ${code}`);
  });
  const [lines] = await Promise.race([once(child, 'message'), failed]);
  return lines;
}
