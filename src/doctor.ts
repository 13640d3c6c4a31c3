import { randomUUID } from 'node:crypto';
import path from 'node:path';

import { startEmbeddedDb } from './embedded-db/index.js';
import { messageOf, silentLogger, systemClock } from './kernel/index.js';
import { readConfig, readEnv, type EnvSettings } from './settings/index.js';
import { connectStore } from './store/index.js';
import { CALLBACK_PATH } from './web/index.js';
import { createDispatcher, createWecomClient, examineWecom, type Finding } from './wecom/index.js';

/**
 * `npm run doctor`: tries everything the server depends on, from the settings outwards, and says what to do
 * about what fails. Changes nothing, but for one token and, with ADMIN_USERIDS, one short message.
 */
async function doctor(): Promise<void> {
  const settings = readEnv(process.env);
  const findings: Finding[] = [
    await examineConfig(settings.server.configDir),
    ...(await examineDatabaseAndWecom(settings)),
    await examineReachability(settings.server.publicUrl),
  ];
  for (const { ok, name, detail, fix } of findings) {
    process.stdout.write(
      `${ok ? '✓' : '✗'} ${name}  ${detail}\n${ok || !fix ? '' : `    → ${fix}\n`}`,
    );
  }
  process.exitCode = findings.every(({ ok }) => ok) ? 0 : 1;
}

async function examineConfig(folder: string): Promise<Finding> {
  try {
    const { version } = await readConfig(folder);
    return { name: 'config', ok: true, detail: `${folder}, version ${version}`, fix: '' };
  } catch (error) {
    return {
      name: 'config',
      ok: false,
      detail: messageOf(error),
      fix: 'see the lines named above',
    };
  }
}

async function examineDatabaseAndWecom({ server, wecom }: EnvSettings): Promise<Finding[]> {
  let stop = async (): Promise<void> => undefined;
  try {
    const database = server.mongodbUri
      ? null
      : await startEmbeddedDb({ dataDir: path.join(server.dataDir, 'db') });
    stop = async () => database?.stop();
    const config = await readConfig(server.configDir);
    const store = await connectStore({
      uri: server.mongodbUri ?? `${database?.uri}/opportunity`,
      clock: systemClock,
      log: silentLogger,
      pipeline: () => config.pipeline,
    });
    stop = async () => {
      await store.close();
      await database?.stop();
    };
    const client = createWecomClient({
      ...wecom,
      tokens: store.tokens,
      leases: store.leases,
      instanceId: `doctor-${randomUUID().slice(0, 8)}`,
      clock: systemClock,
      log: silentLogger,
      dispatcher: createDispatcher(server.proxy),
    });
    const [adminId] = server.adminUserids;
    return [
      {
        name: 'database',
        ok: true,
        detail: server.mongodbUri ? 'MongoDB answers' : 'embedded database opens',
        fix: '',
      },
      ...(await examineWecom({ client, clock: systemClock, ...(adminId && { adminId }) })),
    ];
  } catch (error) {
    return [
      {
        name: 'database',
        ok: false,
        detail: messageOf(error),
        fix: 'is the server still running on the same DATA_DIR? else check MONGODB_URI',
      },
    ];
  } finally {
    await stop();
  }
}

const REACH_WITHIN_MS = 5_000;

/** From here to the public address and back: what WeCom's callbacks will travel. */
async function examineReachability(publicUrl: string | null): Promise<Finding> {
  const name = 'callback';
  if (!publicUrl) {
    return {
      name,
      ok: false,
      detail: 'PUBLIC_URL is unset',
      fix: 'set it to the address WeCom and phones reach',
    };
  }
  try {
    const answer = await fetch(`${publicUrl}/healthz`, {
      signal: AbortSignal.timeout(REACH_WITHIN_MS),
    });
    return answer.ok
      ? { name, ok: true, detail: `${publicUrl}${CALLBACK_PATH} is reachable`, fix: '' }
      : {
          name,
          ok: false,
          detail: `${publicUrl}/healthz answered ${answer.status}`,
          fix: 'is the server running behind it?',
        };
  } catch (error) {
    return {
      name,
      ok: false,
      detail: `${publicUrl}: ${messageOf(error)}`,
      fix: 'start the server; check DNS, TLS and firewall',
    };
  }
}

doctor().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
});
