import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { defineCommand } from './define.js';
import { loadScripts } from './load-scripts.js';
import { Scripts } from './scripts.js';

const command = (name: string, more: object = {}) =>
  defineCommand({
    name,
    summary: '做一件事',
    usage: name,
    examples: [name],
    args: z.object({}),
    run: async () => undefined,
    ...more,
  });

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bot-scripts-'));
});
afterEach(() => rm(folder, { recursive: true }));

test.each([
  ['a word', { aliases: ['查单'] }, 'the word 查单'],
  ['an intent', { claims: ['win'] }, 'the intent win'],
  ['a button', { buttons: { go: async () => undefined } }, 'the button go'],
  ['a menu item', { menu: { mine: '我的' } }, 'the menu item mine'],
])('two scripts that claim %s fail at start, naming both files', (_, more, what) => {
  expect(
    () =>
      new Scripts([
        { file: 'bot-scripts/a.js', command: command('甲', more) },
        { file: '/site/b.mjs', command: command('乙', more) },
      ]),
  ).toThrow(`two bot scripts claim ${what}: bot-scripts/a.js and /site/b.mjs`);
});

test('a company’s own script is found, by .js or .mjs; tests and declarations are not scripts', async () => {
  const text = `
    import { defineCommand, z } from '${path.resolve('src/bot/index.ts')}';
    export default defineCommand({ name: '考勤', summary: '看', usage: '考勤', examples: ['考勤'],
      args: z.object({}), run: async () => undefined });`;
  await writeFile(path.join(folder, 'clock-in.mjs'), text);
  await writeFile(path.join(folder, 'clock-in.test.mjs'), 'throw new Error()');
  await writeFile(path.join(folder, 'readme.txt'), 'no script');
  const loaded = await loadScripts([folder]);
  expect(loaded.map(({ command: { name } }) => name)).toEqual(['考勤']);
});

test('a file that exports no command, is broken, or a folder that is not there, is named', async () => {
  const file = path.join(folder, 'wrong.mjs');
  await writeFile(file, 'export default { name: 1 };');
  await expect(loadScripts([folder])).rejects.toThrow(`${file} does not export a command`);
  const broken = path.join(folder, 'broken.mjs');
  await writeFile(broken, 'throw new Error("boom");');
  await expect(loadScripts([folder])).rejects.toThrow(`cannot load the bot script ${broken}: boom`);
  await expect(loadScripts(['/nowhere'])).rejects.toThrow(
    'cannot read the bot scripts in /nowhere',
  );
});
