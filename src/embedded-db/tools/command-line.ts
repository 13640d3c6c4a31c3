import { parseArgs } from 'node:util';
import { readBackup, writeBackup } from './backup-file.js';
import { connect, readSnapshot } from './snapshot.js';
import { writeSnapshot } from './writer.js';

const TOOLS = { backup, restore, copy } as const;

interface ToolArguments {
  readonly uri: string;
  readonly to: string | undefined;
  readonly file: string | undefined;
  readonly drop: boolean;
}

/** Runs `backup`, `restore` or `copy`. @returns what was done, in a sentence */
export async function useTool([name, ...rest]: readonly string[]): Promise<string> {
  const tool = Object.entries(TOOLS).find(([known]) => known === name)?.[1];
  if (!tool) throw new Error(`there is no tool ${String(name)}`);
  return tool(readArguments(rest));
}

function readArguments(args: readonly string[]): ToolArguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      uri: { type: 'string', default: 'mongodb://127.0.0.1:27117' },
      to: { type: 'string' },
      drop: { type: 'boolean', default: false },
    },
  });
  return { uri: values.uri, to: values.to, file: positionals[0], drop: values.drop };
}

function required(value: string | undefined, what: string): string {
  if (value === undefined) throw new Error(`${what} is missing`);
  return value;
}

async function backup({ uri, file }: ToolArguments): Promise<string> {
  const target = required(file, 'FILE');
  const source = await connect(uri);
  try {
    const documents = await writeBackup(target, readSnapshot(source));
    return `${documents} documents saved to ${target}`;
  } finally {
    await source.close();
  }
}

async function restore({ uri, file, drop }: ToolArguments): Promise<string> {
  const source = required(file, 'FILE');
  await checkWhole(source);
  const target = await connect(uri);
  try {
    const { collections, documents } = await writeSnapshot(target, readBackup(source), { drop });
    return `${documents} documents of ${collections} collections restored from ${source}`;
  } finally {
    await target.close();
  }
}

/** A damaged backup is found before anything is replaced by it. */
async function checkWhole(file: string): Promise<void> {
  const rows = readBackup(file);
  for (let row = await rows.next(); !row.done; row = await rows.next());
}

async function copy({ uri, to, drop }: ToolArguments): Promise<string> {
  const source = await connect(uri);
  const target = await connect(required(to, '--to MONGODB_URI'));
  try {
    const { collections, documents } = await writeSnapshot(target, readSnapshot(source), { drop });
    return `${documents} documents of ${collections} collections copied`;
  } finally {
    await source.close();
    await target.close();
  }
}
