import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { startEmulator, type Emulator } from '../../src/emulator/index.js';
import { systemClock } from '../../src/kernel/index.js';
import { DEPARTMENTS, PEOPLE } from '../support/company.js';

const KEYS = {
  corpId: 'wwdoctor',
  agentId: 1_000_002,
  secret: 'doctor-secret',
  token: 'doctortoken',
  encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
};

let wecom: Emulator;
let home: string;
/** Stands for the public address: our server behind a proxy. */
const front = createServer((_request, response) => response.end('{"ok":true}'));

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'operator-'));
  wecom = await startEmulator({
    ...KEYS,
    clock: systemClock,
    people: PEOPLE,
    departments: DEPARTMENTS,
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await wecom.stop();
  front.close();
  await rm(home, { recursive: true, force: true });
});

interface Ran {
  code: number;
  said: string;
}

function run(program: string, args: string[], env: Record<string, string> = {}): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [`dist/src/${program}.js`, ...args],
      { env: { PATH: process.env.PATH, ...env } },
      (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, said: stdout + stderr }),
    );
  });
}

const settings = (): Record<string, string> => ({
  WECOM_CORP_ID: KEYS.corpId,
  WECOM_AGENT_ID: String(KEYS.agentId),
  WECOM_SECRET: KEYS.secret,
  WECOM_TOKEN: KEYS.token,
  WECOM_ENCODING_AES_KEY: KEYS.encodingAesKey,
  WECOM_API_BASE_URL: wecom.url,
  DATA_DIR: path.join(home, 'data'),
  ADMIN_USERIDS: 'guanli',
  PUBLIC_URL: `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
});

test('doctor finds nothing wrong with a company that is set up', async () => {
  const { code, said } = await run('doctor', [], settings());
  expect(said).not.toContain('✗');
  expect(code).toBe(0);
}, 60_000);

test('doctor names a wrong secret and an unreachable address, says what to do, and repeats no secret', async () => {
  const { code, said } = await run('doctor', [], {
    ...settings(),
    WECOM_SECRET: 'mistyped-secret',
    PUBLIC_URL: 'http://127.0.0.1:9',
  });
  expect(code).toBe(1);
  expect(said).toMatch(/✗ .*credentials/i);
  expect(said).toContain('✗ callback');
  expect(said).toContain('→');
  expect(said).not.toContain('mistyped-secret');
}, 60_000);

test('doctor without settings lists what is missing', async () => {
  const { code, said } = await run('doctor', []);
  expect(code).toBe(1);
  expect(said).toMatch(/WECOM_CORP_ID {2}is missing/);
});

test('config:check passes what is shipped and names file and line of each mistake', async () => {
  expect(await run('config-check', ['config'])).toMatchObject({ code: 0 });

  const copy = path.join(home, 'config');
  await cp('config', copy, { recursive: true });
  const file = path.join(copy, 'cadence.yaml');
  await writeFile(file, (await readFile(file, 'utf8')).replace('B: 30', 'B: thirty'));
  const { code, said } = await run('config-check', [copy]);
  expect(code).toBe(1);
  expect(said).toContain('cadence.yaml:4');
});
