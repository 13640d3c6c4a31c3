import { expect, test } from '@jest/globals';
import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { silentLogger } from '../kernel/index.js';
import { openConfig, readConfig, readEnv, SettingsError } from './index.js';

const WECOM = {
  WECOM_CORP_ID: 'wwcorp',
  WECOM_AGENT_ID: '1000002',
  WECOM_SECRET: 'secret-value',
  WECOM_TOKEN: 'token',
  WECOM_ENCODING_AES_KEY: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
};

async function copyOfConfig(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'config-'));
  await cp('config', folder, { recursive: true });
  return folder;
}

async function edit(folder: string, file: string, from: string, to: string): Promise<void> {
  const at = path.join(folder, file);
  await writeFile(at, (await readFile(at, 'utf8')).replace(from, to));
}

test('the shipped configuration is in order', async () => {
  const config = await readConfig('config');
  expect(config.pipeline.stages.map(({ id }) => id)).toEqual([
    'contact',
    'qualify',
    'propose',
    'negotiate',
    'won',
    'lost',
  ]);
  expect(config.approval.rules[0]).toEqual({
    cause: 'into-stage',
    stage: 'negotiate',
    fromFen: 500_000_000,
  });
});

test('all mistakes of all files are listed at once, with file and line', async () => {
  const folder = await copyOfConfig();
  await edit(folder, 'pipeline.yaml', 'probability: 0.25', 'probability: 25');
  await edit(folder, 'cadence.yaml', 'A: 15', 'A: often');
  await edit(folder, 'confirm.yaml', 'undoHours', 'undoHour');

  const error = await readConfig(folder).catch((reason: unknown) => reason);

  expect(error).toBeInstanceOf(SettingsError);
  const places = (error as SettingsError).problems.map(({ where }) => path.basename(where));
  expect(places).toEqual(
    expect.arrayContaining(['pipeline.yaml:18', 'cadence.yaml:3', 'confirm.yaml:16']),
  );
});

test('a rule for a stage that does not exist is refused', async () => {
  const folder = await copyOfConfig();
  await edit(folder, 'approval.yaml', 'stage: negotiate', 'stage: haggle');
  await expect(readConfig(folder)).rejects.toThrow('没有这个阶段：haggle');
});

test('a bad edit keeps the last good configuration and complains once', async () => {
  const folder = await copyOfConfig();
  const config = await openConfig(folder, silentLogger);
  const before = config.current().version;
  await edit(folder, 'notify.yaml', 'perDay: 3', 'perDay: none');

  expect((await config.refresh()).complaint).toContain('notify.yaml');
  expect((await config.refresh()).complaint).toBeNull();
  expect(config.current().version).toBe(before);

  await edit(folder, 'notify.yaml', 'perDay: none', 'perDay: 5');
  expect(await config.refresh()).toEqual({ changed: true, complaint: null });
  expect(config.current().notify.caps.perDay).toBe(5);
});

test('everything missing from the environment is said in one list that points to the demo', () => {
  const attempt = () => readEnv({ PORT: 'many', WECOM_TOKEN: 'not ok!' });
  expect(attempt).toThrow(SettingsError);
  expect(attempt).toThrow(
    /PORT[\s\S]*WECOM_CORP_ID {2}is missing[\s\S]*WECOM_TOKEN[\s\S]*npm run demo/,
  );
});

test('a wrong secret is never repeated in the complaint', () => {
  const attempt = () => readEnv({ ...WECOM, WECOM_ENCODING_AES_KEY: 'hush-hush' });
  expect(attempt).toThrow(/WECOM_ENCODING_AES_KEY/);
  expect(attempt).not.toThrow(/hush/);
});

test('a complete environment is read with its defaults', () => {
  const { server, wecom } = readEnv({
    ...WECOM,
    ADMIN_USERIDS: 'Admin, boss',
    PUBLIC_URL: 'https://bot.example.com/',
  });
  expect(server).toMatchObject({
    port: 3000,
    mongodbUri: null,
    adminUserids: ['admin', 'boss'],
    publicUrl: 'https://bot.example.com',
  });
  expect(wecom.baseUrl).toBe('https://qyapi.weixin.qq.com');
});
