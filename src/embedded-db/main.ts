import { fstatSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createEmbeddedServer, type EmbeddedServer } from './server.js';

const USAGE = `usage: embedded-db --data DIR [--port 27117] [--host 127.0.0.1] [--memory] [--memory-limit-mb N]
  --data DIR            folder that keeps the documents; one server at a time
  --host ADDRESS        beyond this machine only with EMBEDDED_DB_USER and EMBEDDED_DB_PASSWORD set
  --memory              keep nothing on disk
  --memory-limit-mb N   warn when the process grows beyond this (default 1536)
  --test-commands       allow configureFailPoint
       embedded-db backup FILE [--uri mongodb://127.0.0.1:27117]
       embedded-db restore FILE [--uri …] [--drop]
       embedded-db copy --to MONGODB_URI [--uri …] [--drop]
  all three while the server is running; --drop replaces collections that already hold documents
`;

interface Arguments {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string | undefined;
  readonly memoryLimitBytes: number | undefined;
  readonly testCommands: boolean;
  readonly credentials: { readonly user: string; readonly password: string } | undefined;
}

function readArguments(): Arguments {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '27117' },
      host: { type: 'string', default: '127.0.0.1' },
      data: { type: 'string' },
      memory: { type: 'boolean', default: false },
      'memory-limit-mb': { type: 'string' },
      'test-commands': { type: 'boolean', default: false },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`bad --port ${values.port}`);
  if (!values.memory && values.data === undefined) throw new Error('--data DIR is missing');
  const limitMb = values['memory-limit-mb'];
  return {
    port,
    host: values.host,
    dataDir: values.memory ? undefined : values.data,
    testCommands: values['test-commands'],
    credentials: credentialsFromEnvironment(),
    memoryLimitBytes: limitMb === undefined ? undefined : Number(limitMb) * 1024 * 1024,
  };
}

function credentialsFromEnvironment(): Arguments['credentials'] {
  const { EMBEDDED_DB_USER: user, EMBEDDED_DB_PASSWORD: password } = process.env;
  return user && password ? { user, password } : undefined;
}

const PARENT_CHECK_MS = 1000;

/**
 * A child must not outlive its parent. With a channel to it, the channel closes even when the parent is
 * killed; a parent that only reads our output is watched by its process number. Run by hand, with the
 * output on a terminal or in a file, the server stays until it is told to stop.
 */
function stopWithParent(stop: () => void): void {
  if (process.connected) {
    process.once('disconnect', stop);
    return;
  }
  const output = fstatSync(1);
  if (!output.isFIFO() && !output.isSocket()) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) stop();
  }, PARENT_CHECK_MS).unref();
}

const TOOLS: ReadonlySet<string> = new Set(['backup', 'restore', 'copy']);

/** Runs a tool instead of the server; the driver it needs is loaded only then. */
async function runTool(args: readonly string[]): Promise<void> {
  try {
    const { useTool } = await import('./tools/command-line.js');
    process.stdout.write(`${await useTool(args)}\n`);
  } catch (error) {
    process.stderr.write(
      `embedded-db: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    process.exitCode = 1;
  }
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  if (TOOLS.has(args[0] ?? '')) {
    await runTool(args);
    return;
  }
  let options: Arguments;
  try {
    options = readArguments();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  let server: EmbeddedServer;
  try {
    server = await createEmbeddedServer(options);
  } catch (error) {
    process.stderr.write(
      `embedded-db: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    process.exit(1);
  }
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void server.close().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  stopWithParent(stop);
  process.stdout.write(`embedded database listening on ${server.uri}\n`);
}

await main();
