// The client `embedded-db.mjs` starts as a process of its own: pings beside long work.
import { MongoClient } from 'mongodb';

import { BY_DAY } from './embedded-db.mjs';
import { percentile, round } from './measure.mjs';

/** Each kind of long work is watched for so long, in turns with an idle server. */
const WATCHED_MS = 500;
const WATCHED_TURNS = 8;
/** Before anything is counted, so that neither side is still being compiled. */
const WARM_UP_MS = 1_500;

/** How long a ping takes while somebody else has long work done, beside one that has the server for itself. */
async function measureManners(client) {
  const deals = client.db('bench').collection('opportunities');
  const long = {
    scan: () => deals.countDocuments({ nextStep: 'nothing of the kind' }),
    'sort of all': () => deals.find().sort({ title: 1 }).limit(10).toArray(),
    $group: () => deals.aggregate([{ $group: { _id: '$ownerId', n: { $sum: 1 } } }]).toArray(),
    'day buckets': () => deals.aggregate(BY_DAY).toArray(),
    'index build': async () => {
      const name = await deals.createIndex({ customerName: 1, closeOn: -1 });
      await deals.dropIndex(name);
    },
  };
  const lines = [];
  for (const [what, work] of Object.entries(long)) {
    await pingsDuring(client, WARM_UP_MS, work);
    const idle = [];
    const busy = [];
    for (let turn = 0; turn < WATCHED_TURNS; turn++) {
      idle.push(...(await pingsDuring(client, WATCHED_MS)));
      busy.push(...(await pingsDuring(client, WATCHED_MS, work)));
    }
    const [idleP99, busyP99] = [percentile(idle, 0.99), percentile(busy, 0.99)];
    lines.push({
      what,
      pings: busy.length,
      idleP50Ms: round(percentile(idle, 0.5), 3),
      idleP99Ms: round(idleP99, 3),
      p50Ms: round(percentile(busy, 0.5), 3),
      p99Ms: round(busyP99, 3),
      maxMs: round(Math.max(...busy), 1),
      ratioP99: round(busyP99 / idleP99),
    });
  }
  return lines;
}

/** Milliseconds of each ping within `ms`, while `work` is done over and over. */
async function pingsDuring(client, ms, work) {
  const until = performance.now() + ms;
  const working = (async () => {
    while (work && performance.now() < until) await work();
  })();
  const taken = [];
  while (performance.now() < until) {
    const from = performance.now();
    await client.db('admin').command({ ping: 1 });
    taken.push(performance.now() - from);
  }
  await working;
  return taken;
}

const client = await MongoClient.connect(process.argv[2]);
const lines = await measureManners(client);
await client.close();
process.send(lines);
