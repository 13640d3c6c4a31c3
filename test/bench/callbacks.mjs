import { encrypt, getSignature } from '@wecom/crypto';
import autocannon from 'autocannon';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { ClassicLevel } from 'classic-level';

import { startEmbeddedDb } from '../../dist/src/embedded-db/index.js';
import { round } from './measure.mjs';

const KEYS = {
  token: 'benchtoken',
  encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
  corpId: 'wwbench',
  agentId: 1_000_002,
};
const CONNECTIONS = 50;
const ROUNDS = 3;

/**
 * Bare Koa, Koa + signature + decrypt, and our full callback, in turns so that each meets the same machine;
 * beside them one synced put of the same bytes in the storage engine. Every callback is a different message.
 */
export async function benchCallbacks({ seconds = 4 } = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-'));
  const database = await startEmbeddedDb({ dataDir: path.join(folder, 'db') });
  const servers = {};
  for (const kind of ['bare', 'decrypt', 'callback']) {
    servers[kind] = await startServer(kind, `${database.uri}/bench`);
  }
  const runs = { bare: [], decrypt: [], callback: [] };
  const bodies = sealedBodies();
  for (let round = 0; round < ROUNDS; round++) {
    for (const kind of Object.keys(runs)) {
      runs[kind].push(await load(servers[kind].port, bodies, seconds));
    }
  }
  const put = await syncedPuts(path.join(folder, 'level'));
  for (const { child } of Object.values(servers)) child.kill();
  await database.stop();
  await rm(folder, { recursive: true, force: true });

  const best = Object.fromEntries(
    Object.entries(runs).map(([kind, results]) => [kind, median(results, (r) => r.perSecond)]),
  );
  return {
    connections: CONNECTIONS,
    ...best,
    syncedPut: put,
    fullOfDecrypt: round(best.callback.perSecond / best.decrypt.perSecond),
    decryptOfBare: round(best.decrypt.perSecond / best.bare.perSecond),
  };
}

const median = (items, by) =>
  [...items].sort((a, b) => by(a) - by(b))[Math.floor(items.length / 2)];

async function startServer(kind, uri) {
  const child = fork(
    fileURLToPath(new URL('./callback-server.mjs', import.meta.url)),
    [kind, JSON.stringify(KEYS), uri],
    { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] },
  );
  const [port] = await once(child.stdout, 'data');
  return { child, port: Number(port) };
}

/** Endless distinct callbacks, sealed a few thousand at a time outside the measured run. */
function sealedBodies() {
  let n = 0;
  let ready = [];
  const seal = () => {
    const id = String(7_000_000_000_000_000_000n + BigInt(n++));
    const now = Math.floor(Date.now() / 1000);
    const xml = `<xml><ToUserName><![CDATA[${KEYS.corpId}]]></ToUserName><FromUserName><![CDATA[user${n % 500}]]></FromUserName><CreateTime>${now}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[华为二期 谈判 320万 下周五签 客户还要再看一版方案]]></Content><MsgId>${id}</MsgId><AgentID>${KEYS.agentId}</AgentID></xml>`;
    const sealed = encrypt(KEYS.encodingAesKey, xml, KEYS.corpId);
    const nonce = String(n);
    const signature = getSignature(KEYS.token, now, nonce, sealed);
    return {
      path: `/wecom/callback?msg_signature=${signature}&timestamp=${now}&nonce=${nonce}`,
      body: `<xml><ToUserName><![CDATA[${KEYS.corpId}]]></ToUserName><Encrypt><![CDATA[${sealed}]]></Encrypt><AgentID><![CDATA[${KEYS.agentId}]]></AgentID></xml>`,
    };
  };
  return {
    prepare(count) {
      ready = Array.from({ length: count }, seal);
    },
    next: () => ready.pop() ?? seal(),
  };
}

async function load(port, bodies, seconds) {
  bodies.prepare(seconds * 6_000);
  const result = await autocannon({
    url: `http://127.0.0.1:${port}`,
    connections: CONNECTIONS,
    duration: seconds,
    requests: [
      {
        method: 'POST',
        setupRequest: (request) => ({ ...request, ...bodies.next() }),
      },
    ],
  });
  if (result.non2xx > 0) throw new Error(`${result.non2xx} callbacks were refused`);
  return {
    perSecond: round(result.requests.average, 0),
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
  };
}

/** What the layer below costs: one synced put of a callback's bytes, alone and 50 at a time. */
async function syncedPuts(folder) {
  const db = new ClassicLevel(folder, { valueEncoding: 'buffer' });
  await db.open();
  const bytes = Buffer.alloc(900, 1);
  const timed = async (times, act) => {
    const began = performance.now();
    for (let n = 0; n < times; n++) await act(n);
    return round(times / ((performance.now() - began) / 1000), 0);
  };
  const alone = await timed(500, (n) => db.put(`a${n}`, bytes, { sync: true }));
  const together = await timed(100, (n) =>
    Promise.all(
      Array.from({ length: CONNECTIONS }, (_, m) => db.put(`b${n}-${m}`, bytes, { sync: true })),
    ),
  );
  await db.close();
  return { alonePerSecond: alone, fiftyAtOncePerSecond: together * CONNECTIONS };
}
