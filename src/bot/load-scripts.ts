import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { AppError, messageOf } from '../kernel/index.js';
import type { Command } from './define.js';
import type { LoadedScript } from './scripts.js';

/** What a script's default export must look like; `defineCommand` makes it so. */
const commandShape = z.object({
  rank: z.number(),
  name: z.string().min(1),
  aliases: z.array(z.string().min(1)),
  summary: z.string().min(1),
  usage: z.string().min(1),
  examples: z.array(z.string()),
  permission: z.enum(['anyone', 'leader']),
  claims: z.array(z.string()),
  phrases: z.array(z.string()),
  menu: z.record(z.string(), z.string()),
  args: z.instanceof(z.ZodObject),
  run: z.function(),
  buttons: z.record(z.string(), z.function()),
});

const SCRIPT = /^(?!.*\.(?:test|d)\.)[^.].*\.(?:js|mjs|ts)$/u;

/**
 * Loads every script of `folders`, in the order of their names: our own (built to dist/bot-scripts; `.ts`
 * under jest), then a company's (BOT_SCRIPTS_DIR).
 *
 * @throws AppError naming the file, when one cannot be loaded or does not export a command.
 */
export async function loadScripts(folders: readonly string[]): Promise<LoadedScript[]> {
  const loaded: LoadedScript[] = [];
  for (const folder of folders) {
    for (const name of await scriptsIn(folder))
      loaded.push(await loadScript(path.join(folder, name)));
  }
  return loaded;
}

async function scriptsIn(folder: string): Promise<string[]> {
  try {
    const names = await readdir(folder);
    return names.filter((name) => SCRIPT.test(name)).sort();
  } catch (cause) {
    throw new AppError(`cannot read the bot scripts in ${folder}: ${messageOf(cause)}`, {
      code: 'bot.scripts-folder',
      hint: 'BOT_SCRIPTS_DIR must be a readable folder, or unset',
      cause,
    });
  }
}

async function loadScript(file: string): Promise<LoadedScript> {
  const module = await importFile(file);
  const parsed = commandShape.safeParse(module.default);
  if (!parsed.success)
    throw new AppError(`${file} does not export a command by default`, {
      code: 'bot.script-shape',
      hint: `export default defineCommand({ … }): ${parsed.error.issues[0]?.path.join('.') ?? ''} ${parsed.error.issues[0]?.message ?? ''}`,
      cause: parsed.error,
    });
  return { file, command: module.default as Command };
}

async function importFile(file: string): Promise<{ default?: unknown }> {
  try {
    return (await import(pathToFileURL(file).href)) as { default?: unknown };
  } catch (cause) {
    throw new AppError(`cannot load the bot script ${file}: ${messageOf(cause)}`, {
      code: 'bot.script-broken',
      hint: 'run it with node to see the mistake',
      cause,
    });
  }
}
