import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { startEmulator } from '../../dist/src/emulator/index.js';
import { systemClock } from '../../dist/src/kernel/index.js';
import { percentile, round } from './measure.mjs';

const PER_SECOND = 50;
/** More people than WeCom's 30 messages a minute to one member would need. */
const PEOPLE = 200;

/**
 * From the moment a person presses Enter to the moment the reply is on their screen: callback, storage, reading,
 * the change itself, relay, outbox, message/send; at 50 messages a second from 200 people.
 */
export async function benchReplies({ seconds = 20 } = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-'));
  const keys = {
    corpId: 'wwbench',
    agentId: 1_000_002,
    secret: randomUUID(),
    token: 'benchtoken',
    encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
  };
  const wecom = await startEmulator({
    ...keys,
    clock: systemClock,
    people: Array.from({ length: PEOPLE }, (_, n) => ({
      userid: `rep${n}`,
      name: `销售${n}号`,
      department: [1],
    })),
    departments: [{ id: 1, name: '销售部', parentid: 0 }],
  });
  const child = fork(
    fileURLToPath(new URL('./product-server.mjs', import.meta.url)),
    [JSON.stringify({ ...keys, baseUrl: wecom.url, dataDir: folder })],
    { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] },
  );
  const [callbackUrl] = await once(child.stdout, 'data');
  await wecom.setCallbackUrl(String(callbackUrl).trim());

  const people = Array.from({ length: PEOPLE }, (_, n) => wecom.member(`rep${n}`));
  await Promise.all(
    people.map((person, n) =>
      roundTrip(person, `新建 项目${n}号 客户公司${n}号 ${n + 10}万 下月底签`),
    ),
  );

  const waits = [];
  const underWay = [];
  const total = PER_SECOND * seconds;
  const began = performance.now();
  for (let n = 0; n < total; n++) {
    const due = began + (n * 1000) / PER_SECOND;
    const early = due - performance.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    const person = people[n % PEOPLE];
    underWay.push(
      roundTrip(person, `项目${n % PEOPLE}号 加${(n % 9) + 1}万`).then((ms) => waits.push(ms)),
    );
  }
  await Promise.all(underWay);
  const took = (performance.now() - began) / 1000;
  child.kill();
  await once(child, 'exit');
  await wecom.stop();
  await rm(folder, { recursive: true, force: true });
  return {
    offeredPerSecond: PER_SECOND,
    servedPerSecond: round(total / took, 1),
    messages: total,
    p50Ms: round(percentile(waits, 0.5), 0),
    p99Ms: round(percentile(waits, 0.99), 0),
  };
}

/** Milliseconds from typing to the next message of the app in this person's chat. */
async function roundTrip(person, text) {
  const began = performance.now();
  const answered = new Promise((resolve) => {
    const off = person.onMessage((message) => {
      if (message.from !== 'app') return;
      off();
      resolve(performance.now() - began);
    });
  });
  await person.says(text);
  return answered;
}
