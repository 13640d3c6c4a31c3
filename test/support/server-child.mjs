// The real server in a process of its own, so that tests can kill it: built code, real driver, embedded
// database. What it is told comes as JSON in SERVER_CHILD; its clock runs, shifted as its parent's is.
import { randomUUID } from 'node:crypto';

import { compose } from '../../dist/src/compose.js';
import { MovableClock, systemClock } from '../../dist/src/kernel/index.js';
import { createLogger } from '../../dist/src/telemetry/index.js';

const { server, wecom, secrets, clockOffsetMs } = JSON.parse(process.env.SERVER_CHILD);

const clock = new MovableClock(systemClock);
clock.advance(clockOffsetMs);
const app = await compose({
  server,
  wecom,
  clock,
  log: createLogger({ level: server.logLevel }),
  instanceId: `i-${randomUUID().slice(0, 8)}`,
  secretOf: (name) => secrets[name],
  host: '127.0.0.1',
});

/** Does all that is due, and says whether anything is left. */
async function settle({ offsetMs }) {
  clock.advance(offsetMs - clock.offsetMs);
  await app.beat();
  const waiting = await app.world.inbox.sendersWaiting(1);
  const unsent = await app.world.outbox.nextDueAt(clock.now());
  process.send({ settled: { isQuiet: waiting.length === 0 && unsent === null } });
}

process.on('message', (message) => {
  if (message.settle) {
    settle(message.settle).catch((error) => process.send({ settled: { error: String(error) } }));
  }
});
process.once('disconnect', () => process.exit(1));
process.once('SIGTERM', () => void app.stop().then(() => process.exit(0)));
process.send({ port: app.port });
