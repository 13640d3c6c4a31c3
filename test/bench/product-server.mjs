// The whole product as `npm start` runs it, for the reply benchmark. Prints its callback URL.
import { randomUUID } from 'node:crypto';

import { compose } from '../../dist/src/compose.js';
import { systemClock } from '../../dist/src/kernel/index.js';
import { createLogger } from '../../dist/src/telemetry/index.js';

const { dataDir, ...wecom } = JSON.parse(process.argv[2] ?? '{}');
const app = await compose({
  server: {
    port: 0,
    mongodbUri: null,
    dataDir,
    configDir: 'config',
    botScriptsDir: null,
    publicUrl: null,
    adminUserids: [],
    logLevel: 'warn',
    alertWebhookUrl: null,
    proxy: {},
  },
  wecom,
  clock: systemClock,
  log: createLogger({ level: 'warn', write: (line) => process.stderr.write(line) }),
  instanceId: randomUUID(),
  secretOf: () => undefined,
  host: '127.0.0.1',
});
process.stdout.write(`${app.callbackUrl}\n`);
process.on('SIGTERM', () => void app.stop().then(() => process.exit(0)));
