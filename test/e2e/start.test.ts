import { afterEach, describe, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { startEmulator, type Emulator } from '../../src/emulator/index.js';
import { systemClock } from '../../src/kernel/index.js';
import { DEPARTMENTS, PEOPLE, newKeys } from '../support/company.js';
import { wordsOf } from '../support/test-member.js';

const MAIN = 'dist/src/main.js';
const LISTENING = /"port":(\d+),"msg":"listening"/;

/** The production server as `npm start` runs it, with nothing in its environment but `env`. */
class Started {
  readonly child: ChildProcess;
  readonly exit: Promise<[number | null, string | null]>;
  output = '';
  errors = '';

  constructor(env: Record<string, string>) {
    this.child = spawn(process.execPath, [MAIN], {
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.exit = once(this.child, 'exit') as Promise<[number | null, string | null]>;
    this.child.stdout?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.child.stderr?.on('data', (chunk: Buffer) => (this.errors += chunk.toString()));
  }

  async port(): Promise<number> {
    for (;;) {
      const port = LISTENING.exec(this.output)?.[1];
      if (port) return Number(port);
      const ended = await Promise.race([
        once(this.child.stdout as NodeJS.ReadableStream, 'data').then(() => false),
        this.exit.then(() => true),
      ]);
      if (ended) throw new Error(`it ended before it listened: ${this.errors}${this.output}`);
    }
  }
}

const started: Started[] = [];
let wecom: Emulator | null = null;
let folder: string | null = null;

afterEach(async () => {
  for (const { child, exit } of started.splice(0)) {
    child.kill('SIGKILL');
    await exit;
  }
  await wecom?.stop();
  wecom = null;
  if (folder) await rm(folder, { recursive: true, force: true, maxRetries: 20 });
  folder = null;
});

function start(env: Record<string, string>): Started {
  const one = new Started(env);
  started.push(one);
  return one;
}

/** A pretend WeCom, and the settings for it. */
async function company(): Promise<Record<string, string>> {
  folder = await mkdtemp(path.join(tmpdir(), 'start-'));
  const keys = newKeys();
  wecom = await startEmulator({
    ...keys,
    clock: systemClock,
    people: PEOPLE,
    departments: DEPARTMENTS,
    callbacks: { retryDelayMs: 200, retries: 50 },
  });
  return {
    PORT: '0',
    DATA_DIR: path.join(folder, 'data'),
    WECOM_CORP_ID: keys.corpId,
    WECOM_AGENT_ID: String(keys.agentId),
    WECOM_SECRET: keys.secret,
    WECOM_TOKEN: keys.token,
    WECOM_ENCODING_AES_KEY: keys.encodingAesKey,
    WECOM_API_BASE_URL: wecom.url,
    ADMIN_USERIDS: 'guanli',
  };
}

const callbackAt = (port: number): string => `http://127.0.0.1:${port}/wecom/callback`;

function databasePid(): number {
  return Number(readFileSync(path.join(folder ?? '', 'data', 'db', 'OWNER'), 'utf8'));
}

/** Whether the database of this test's folder still runs. */
function databaseRuns(pid: number): boolean {
  const file = `/proc/${pid}/cmdline`;
  return existsSync(file) && readFileSync(file, 'utf8').includes(folder ?? '');
}

describe('npm start', () => {
  test('without settings says everything that is missing, and where to try it without', async () => {
    const server = start({});
    const [code] = await server.exit;
    expect(code).toBe(1);
    for (const name of [
      'WECOM_CORP_ID',
      'WECOM_AGENT_ID',
      'WECOM_SECRET',
      'WECOM_TOKEN',
      'WECOM_ENCODING_AES_KEY',
    ]) {
      expect(server.errors).toContain(name);
    }
    expect(server.errors).toContain('npm run demo');
    expect(server.errors).not.toMatch(/\n\s+at /);
  });

  test('never repeats the value of a setting that is wrong', async () => {
    const server = start({ ...(await company()), WECOM_ENCODING_AES_KEY: 'hush-hush' });
    const [code] = await server.exit;
    expect(code).toBe(1);
    expect(server.errors).toContain('WECOM_ENCODING_AES_KEY');
    expect(server.errors).not.toContain('hush');
  });

  test('contains no way into the demo', async () => {
    const port = await start(await company()).port();
    for (const place of ['/chat', '/emulator', '/demo', '/cgi-bin/gettoken', '/']) {
      const { status } = await fetch(`http://127.0.0.1:${port}${place}`);
      expect([place, status]).toEqual([place, 404]);
    }
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
  });

  test('starts while WeCom is away, and takes callbacks', async () => {
    const env = await company();
    wecom?.faults.outage(true);
    const port = await start(env).port();
    wecom?.useCallbackUrl(callbackAt(port));
    const delivered = await wecom?.member('zhangsan').says('帮助');
    expect(delivered?.httpStatuses).toEqual([200]);
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
  });
});

describe('stopped', () => {
  test('by SIGTERM in the middle of the work it ends cleanly, and the next start finds all of it', async () => {
    const env = await company();
    const first = start(env);
    const port = await first.port();
    wecom?.useCallbackUrl(callbackAt(port));
    const zhang = wecom?.member('zhangsan');
    if (!zhang) throw new Error('no company');
    await zhang.says('新建 华为二期 客户华为 10万');

    const saying: ReturnType<typeof zhang.says>[] = [];
    for (let n = 0; n < 20; n++) {
      saying.push(zhang.says('华为二期 加1万'));
      // In the middle: some are answered, some on their way, some not yet typed.
      if (n === 10) {
        await saying[0];
        first.child.kill('SIGTERM');
      }
    }
    const [code, signal] = await first.exit;
    expect([code, signal]).toEqual([0, null]);
    expect(first.errors).toBe('');

    const second = start({ ...env, PORT: String(port) });
    await second.port();
    const delivered = await Promise.all(saying);
    expect(delivered.map(({ httpStatuses }) => httpStatuses.at(-1))).toEqual(Array(20).fill(200));
    await zhang.sees((message) => wordsOf(message).includes('→ ¥300,000'), { timeoutMs: 20_000 });
    const sums = zhang
      .inbox()
      .map(wordsOf)
      .flatMap((text) => /→ ¥([\d,]+)/.exec(text)?.[1] ?? []);
    expect(sums).toEqual(Array.from({ length: 20 }, (_, n) => `${11 + n}0,000`));
  });

  test('by kill -9 it takes its database along', async () => {
    const server = start(await company());
    await server.port();
    const pid = databasePid();
    expect(databaseRuns(pid)).toBe(true);
    server.child.kill('SIGKILL');
    await server.exit;
    while (databaseRuns(pid)) await new Promise((resolve) => setImmediate(resolve));
  });

  test('not by the death of its database, which comes back', async () => {
    const server = start(await company());
    const port = await server.port();
    wecom?.useCallbackUrl(callbackAt(port));
    const zhang = wecom?.member('zhangsan');
    await zhang?.says('新建 华为二期 客户华为 10万');
    process.kill(databasePid(), 'SIGKILL');
    const delivered = await zhang?.says('华为二期 加1万');
    expect(delivered?.httpStatuses.at(-1)).toBe(200);
    await zhang?.sees((message) => wordsOf(message).includes('→ ¥110,000'), { timeoutMs: 20_000 });
    expect(server.child.exitCode).toBeNull();
    expect(server.output).toContain('the embedded database ended');
  });
});
