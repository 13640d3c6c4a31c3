import { expect } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { compose, type App } from '../../src/compose.js';
import {
  startEmulator,
  type Emulator,
  type Person,
  type ShownMessage,
} from '../../src/emulator/index.js';
import { instantOf, MovableClock, type Day, type Logger } from '../../src/kernel/index.js';
import { createLogger } from '../../src/telemetry/index.js';
import type { ServerSettings, WecomSettings } from '../../src/settings/index.js';
import { DEPARTMENTS, PEOPLE, newKeys } from './company.js';
import { TestMember, wordsOf } from './test-member.js';

export interface HarnessOptions {
  /** The instant the clock stands at: `2026-11-18T10:00+08:00`. A Wednesday. */
  now?: string;
  people?: Person[];
  /** Replaces words in files of config/: `{ 'notify.yaml': [['perDay: 3', 'perDay: 50']] }`. */
  config?: Record<string, [from: string, to: string][]>;
  /** Instances of the product on the same database. */
  instances?: number;
  admins?: string[];
  publicUrl?: string;
  /** Where alarms go besides WeCom. */
  alertWebhookUrl?: string;
  secrets?: Record<string, string>;
  /** Another way to a database of its own. */
  mongodbUri?: string;
}

export interface Harness {
  clock: MovableClock;
  wecom: Emulator;
  /** What the product and WeCom know in common. */
  keys: Omit<WecomSettings, 'baseUrl'>;
  /** The database of this harness, by name. */
  mongodbUri: string;
  /** The first instance. */
  app: App;
  apps: App[];
  logLines: string[];
  member(userid: string): TestMember;
  /** What a group has heard, oldest first. */
  groupHeard(chatidOrName: string): string[];
  /** Waits until everything accepted is worked and everything due is sent. */
  settle(): Promise<void>;
  /** Moves the clock, stopping at every instant at which something falls due, and settles. */
  goTo(day: Day, time: string): Promise<void>;
  /** Stops an instance the hard way and starts another in its place. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const DEFAULT_NOW = '2026-11-18T10:00:00+08:00';

/**
 * The whole product over real HTTP with real encryption and the real driver; only WeCom is pretend. The
 * clock stands still until it is moved. Every harness has a database of its own.
 */
export async function startHarness(options: HarnessOptions = {}): Promise<Harness> {
  const mongodbUri = options.mongodbUri ?? databaseUri();
  const clock = new MovableClock(new Date(options.now ?? DEFAULT_NOW));
  const wecomSettings = newKeys();
  const wecom = await startEmulator({
    ...wecomSettings,
    clock,
    people: options.people ?? PEOPLE,
    departments: DEPARTMENTS,
    callbacks: { retryDelayMs: 20 },
  });
  const configDir = await configCopy(options.config ?? {});
  const logLines: string[] = [];
  const log = createLogger({ level: 'debug', write: (line) => void logLines.push(line) });

  const startInstance = (): Promise<App> =>
    compose({
      server: serverSettings(mongodbUri, configDir, options),
      wecom: { ...wecomSettings, baseUrl: wecom.url } satisfies WecomSettings,
      clock,
      log,
      instanceId: `i-${randomUUID().slice(0, 8)}`,
      secretOf: (name) => options.secrets?.[name],
    });

  const apps: App[] = [];
  for (let n = 0; n < (options.instances ?? 1); n++) apps.push(await startInstance());
  const first = (): App => {
    const [app] = apps;
    if (!app) throw new Error('no instance runs');
    return app;
  };
  await wecom.setCallbackUrl(first().callbackUrl);
  // Past the welcome and the directory's first poll, so that tests begin in the middle of a working day.
  await first().beat();

  const settle = async (): Promise<void> => {
    for (const app of apps) await app.settle();
  };
  const members = new Map<string, TestMember>();

  return {
    clock,
    wecom,
    keys: wecomSettings,
    mongodbUri,
    get app() {
      return first();
    },
    apps,
    logLines,
    member(userid) {
      const known = members.get(userid);
      if (known) return known;
      const fresh = new TestMember(wecom.member(userid), clock, settle);
      members.set(userid, fresh);
      return fresh;
    },
    groupHeard: (chatidOrName) => wecom.group(chatidOrName).messages().map(wordsOf),
    settle,
    async goTo(day, time) {
      await first().fastForward(clock, instantOf(day, time));
      await settle();
    },
    async restart() {
      const [app] = apps.splice(0, 1);
      await app?.stop();
      apps.unshift(await startInstance());
      wecom.useCallbackUrl(first().callbackUrl);
    },
    async stop() {
      for (const app of apps) await app.stop();
      await wecom.stop();
      await rm(configDir, { recursive: true, force: true });
    },
  };
}

/** Asserts that nothing we sent was refused by WeCom or beyond what it advises. */
export function expectNothingRefused(wecom: Emulator): void {
  const refused = wecom.requests().filter(({ errcode }) => errcode !== 0);
  expect(refused).toEqual([]);
  expect(wecom.warnings()).toEqual([]);
  expect(wecom.dropped()).toEqual([]);
}

function databaseUri(): string {
  const server = process.env.TEST_MONGODB_URI;
  if (!server) throw new Error('TEST_MONGODB_URI is set by test/support/start-database.mjs');
  const uri = new URL(server);
  uri.pathname = `/t_${randomUUID().replaceAll('-', '')}`;
  return uri.href;
}

function serverSettings(
  mongodbUri: string,
  configDir: string,
  options: HarnessOptions,
): ServerSettings {
  return {
    port: 0,
    mongodbUri,
    dataDir: path.join(configDir, 'data'),
    configDir,
    botScriptsDir: null,
    publicUrl: options.publicUrl ?? null,
    adminUserids: options.admins ?? ['guanli'],
    logLevel: 'debug',
    alertWebhookUrl: options.alertWebhookUrl ?? null,
    proxy: {},
  };
}

async function configCopy(edits: NonNullable<HarnessOptions['config']>): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'harness-config-'));
  await cp('config', folder, { recursive: true });
  for (const [file, replacements] of Object.entries(edits)) {
    const place = path.join(folder, file);
    let text = await readFile(place, 'utf8');
    for (const [from, to] of replacements) {
      if (!text.includes(from)) throw new Error(`${file} does not say “${from}”`);
      text = text.replace(from, to);
    }
    await writeFile(place, text);
  }
  return folder;
}

export type { Logger, ShownMessage };
