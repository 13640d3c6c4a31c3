import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

import { compose, type App } from './compose.js';
import { ADMINS, CORP, DEPARTMENTS, GROUPS, PEOPLE } from './demo-data.js';
import { seedDemo } from './demo-seed.js';
import { startEmbeddedDb } from './embedded-db/index.js';
import { startEmulator, type Emulator } from './emulator/index.js';
import {
  addDays,
  dayOf,
  HOUR_MS,
  instantOf,
  messageOf,
  MovableClock,
  systemClock,
} from './kernel/index.js';
import { readServerEnv } from './settings/index.js';
import type { World } from './usecases/index.js';
import { createLogger } from './telemetry/index.js';

/** What the demo remembers between two starts beside its database: its keys and its clock. */
const memory = z.object({
  secret: z.string(),
  token: z.string(),
  encodingAesKey: z.string(),
  webhookKey: z.string(),
  clockOffsetMs: z.number(),
});
type Memory = z.output<typeof memory>;

const MORNING = '09:30';
const BUSY_PORT = 'EADDRINUSE';

async function demo(): Promise<void> {
  const settings = readServerEnv({ ...process.env, LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn' });
  const home = path.resolve(settings.dataDir, 'demo');
  await mkdir(home, { recursive: true });
  const log = createLogger({
    level: settings.logLevel,
    write: (line) => process.stderr.write(line),
  });

  const remembered = await recall(home);
  const clock = new MovableClock(systemClock);
  clock.advance(remembered.clockOffsetMs);

  const database = await startEmbeddedDb({ dataDir: path.join(home, 'db') });
  const keys = {
    corpId: CORP.corpId,
    agentId: CORP.agentId,
    secret: remembered.secret,
    token: remembered.token,
    encodingAesKey: remembered.encodingAesKey,
  };
  const controls: { app: App | null } = { app: null };
  const jump = async (target: (app: App) => Promise<Date | null>): Promise<void> => {
    const app = controls.app;
    const until = app && (await target(app));
    if (!app || !until) return;
    await app.fastForward(clock, until);
    await remember(home, { ...remembered, clockOffsetMs: clock.offsetMs });
  };
  const wecom = await onPort(settings.port, (port) =>
    startEmulator({
      ...keys,
      clock,
      port,
      dataDir: path.join(home, 'wecom'),
      people: PEOPLE.map(personOf),
      departments: DEPARTMENTS.map(({ parentId, ...department }) => ({
        ...department,
        parentid: parentId,
      })),
      timeControls: [
        { label: '到下次提醒', run: () => jump((app) => app.nextDueAt()) },
        { label: '到明早', run: () => jump(() => Promise.resolve(nextMorning(clock))) },
        {
          label: '+1小时',
          run: () => jump(() => Promise.resolve(new Date(clock.now().getTime() + HOUR_MS))),
        },
      ],
    }),
  );
  openSouthGroup(wecom, remembered.webhookKey);

  const app = await compose({
    server: {
      ...settings,
      port: 0,
      mongodbUri: `${database.uri}/opportunity`,
      adminUserids: ADMINS,
    },
    wecom: { ...keys, baseUrl: wecom.url },
    clock,
    log,
    instanceId: `demo-${randomUUID().slice(0, 8)}`,
    secretOf: (name) => (name === 'DEMO_SOUTH_KEY' ? remembered.webhookKey : undefined),
    host: '127.0.0.1',
    prepare: (world) => seedOnce(world, clock),
  });
  await wecom.setCallbackUrl(app.callbackUrl);
  controls.app = app;

  process.stdout.write(
    `\n  商机助手演示：${wecom.url}/chat\n\n  选一个人，输入“帮助”开始。Ctrl+C 结束；再次启动时数据还在（${home}）。\n`,
  );
  onSignal(async () => {
    await app.stop();
    await wecom.stop();
    await database.stop();
  });
}

function personOf({ leads, department, ...person }: (typeof PEOPLE)[number]) {
  return { ...person, department: [department], isLeaderIn: leads ? [department] : [] };
}

function openSouthGroup(wecom: Emulator, key: string): void {
  const south = GROUPS.find(({ channel }) => channel.via === 'webhook');
  if (south) wecom.registerWebhook({ name: south.name, members: south.memberIds, key });
}

/** The first start lives the company's last two months; later ones find them. */
async function seedOnce(world: World, clock: MovableClock): Promise<void> {
  const { total } = await world.opportunities.find(
    { visibleTo: 'all' },
    { limit: 1, order: 'last-touched' },
  );
  if (total > 0) return;
  for (const { name, channel, memberIds } of GROUPS) {
    const [ownerId = ''] = memberIds;
    if (channel.via === 'appchat') {
      await world.groupChats.create({
        chatId: channel.chatId,
        name,
        ownerId,
        memberIds: [...memberIds],
      });
    }
  }
  await seedDemo(world, clock);
}

function nextMorning(clock: MovableClock): Date {
  const now = clock.now();
  const today = instantOf(dayOf(now), MORNING);
  return now < today ? today : instantOf(addDays(dayOf(now), 1), MORNING);
}

async function recall(home: string): Promise<Memory> {
  const text = await readFile(path.join(home, 'demo.json'), 'utf8').catch(() => null);
  if (text) return memory.parse(JSON.parse(text));
  const fresh = {
    secret: randomBytes(24).toString('hex'),
    token: randomBytes(8).toString('hex'),
    encodingAesKey: randomBytes(40).toString('hex').slice(0, 43),
    webhookKey: randomUUID(),
    clockOffsetMs: 0,
  };
  await remember(home, fresh);
  return fresh;
}

async function remember(home: string, state: Memory): Promise<void> {
  const file = path.join(home, 'demo.json');
  await writeFile(`${file}.new`, JSON.stringify(state, null, 2), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** The port asked for, or a free one when somebody else has it. */
async function onPort<T>(port: number, start: (port: number) => Promise<T>): Promise<T> {
  try {
    return await start(port);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== BUSY_PORT) throw error;
    return start(0);
  }
}

function onSignal(stop: () => Promise<void>): void {
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      stop().then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`${messageOf(error)}\n`);
          process.exit(1);
        },
      );
    });
  }
}

demo().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
});
