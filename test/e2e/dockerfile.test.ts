import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { cleanUp, runDockerfile } from '../support/run-dockerfile.mjs';

/** nobody:nogroup on Debian; anything but root. */
const NOBODY = 65_534;
const asRoot = process.getuid?.() === 0;

let target: string;
let image: ReturnType<typeof runDockerfile>;
let server: ChildProcess | undefined;

beforeAll(() => {
  target = mkdtempSync(path.join(tmpdir(), 'image-'));
  chmodSync(target, 0o755);
  image = runDockerfile({ source: process.cwd(), target, uid: NOBODY });
}, 300_000);

afterAll(async () => {
  if (server && server.exitCode === null) {
    server.kill('SIGTERM');
    await once(server, 'exit');
  }
  cleanUp(target);
});

function start(env: Record<string, string>): ChildProcess {
  const [command = '', ...args] = image.cmd;
  return spawn(command, args, {
    cwd: path.join(image.root, image.workdir),
    env: { PATH: process.env.PATH, ...image.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(asRoot && { uid: NOBODY, gid: NOBODY }),
  });
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true }).map(String);
}

test('the image runs as somebody other than root and holds no emulator, no demo, no build tools', () => {
  expect(image.user).toBe('node');
  const root = path.join(image.root, image.workdir);
  expect(filesBelow(path.join(root, 'dist')).filter((name) => /emulator|demo/.test(name))).toEqual(
    [],
  );
  expect(readdirSync(path.join(root, 'node_modules'))).not.toContain('typescript');
});

test('without settings it refuses to start and lists everything missing', async () => {
  const child = start({});
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, 'exit')) as [number];
  expect(code).toBe(1);
  for (const name of [
    'WECOM_CORP_ID',
    'WECOM_AGENT_ID',
    'WECOM_SECRET',
    'WECOM_TOKEN',
    'WECOM_ENCODING_AES_KEY',
  ]) {
    expect(said).toContain(name);
  }
  expect(said).toContain('npm run demo');
});

test('with settings it becomes healthy on the embedded database', async () => {
  server = start({
    PORT: '0',
    LOG_LEVEL: 'info',
    WECOM_CORP_ID: 'wwimage',
    WECOM_AGENT_ID: '1000002',
    WECOM_SECRET: 'image-secret',
    WECOM_TOKEN: 'imagetoken',
    WECOM_ENCODING_AES_KEY: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
    WECOM_API_BASE_URL: 'http://127.0.0.1:9',
  });
  const port = await new Promise<string>((resolve, reject) => {
    let seen = '';
    server?.stdout?.on('data', (chunk: Buffer) => {
      seen += chunk.toString();
      const found = /"port":(\d+)/.exec(seen)?.[1];
      if (found) resolve(found);
    });
    server?.once('exit', (code) => reject(new Error(`ended with ${code}: ${seen}`)));
  });
  execFileSync('sh', ['-c', image.healthcheck], {
    env: { PATH: process.env.PATH ?? '', PORT: port },
  });
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
  expect(await answer.json()).toMatchObject({ database: true, scheduler: true });
}, 60_000);
