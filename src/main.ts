import { randomUUID } from 'node:crypto';

import { compose } from './compose.js';
import { messageOf, systemClock } from './kernel/index.js';
import { readEnv } from './settings/index.js';
import { createLogger } from './telemetry/index.js';

/** The production server: start, stop, signals; nothing else. */
async function main(): Promise<void> {
  const { server, wecom } = readEnv(process.env);
  const log = createLogger({ level: server.logLevel });
  const app = await compose({
    server,
    wecom,
    clock: systemClock,
    log,
    instanceId: `i-${randomUUID().slice(0, 8)}`,
    secretOf: (name) => process.env[name],
  });
  log.info({ port: app.port }, 'listening');

  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping');
    app.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ error }, 'could not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
}

main().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
});
