import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** `npm run embedded-db` in package.json has the same. */
const MEMORY = [
  // Most of what a command allocates dies young. With room for it, clearing it away is rare enough that fewer
  // than one in a hundred of those who wait beside long work meet it: measured by the bench.
  '--max-semi-space-size=64',
  // 300,000 documents fit; without this, a small machine's own limit may end the process before.
  '--max-old-space-size=4096',
];

export interface StartEmbeddedDbOptions {
  readonly dataDir: string;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  readonly host?: string;
  /** The built program; needed where this module itself is not run from `dist`. */
  readonly entry?: string;
}

export interface EmbeddedDb {
  /** Connection string without a database name. */
  readonly uri: string;
  readonly pid: number;
  /** Resolves when the process has ended, with its exit code (`null` after a signal). */
  readonly exited: Promise<number | null>;
  /** Asks it to close and waits until it has; everything acknowledged is on disk either way. */
  stop(): Promise<void>;
}

/**
 * Runs the embedded database as a child process and waits until it listens. The child ends by itself when
 * this process does, however that happens.
 *
 * @throws Error with what the child said when it could not start (folder in use, port taken)
 */
export async function startEmbeddedDb(options: StartEmbeddedDbOptions): Promise<EmbeddedDb> {
  const entry = options.entry ?? fileURLToPath(new URL('./main.js', import.meta.url));
  const args = [entry, '--data', options.dataDir, '--port', String(options.port ?? 0)];
  if (options.host !== undefined) args.push('--host', options.host);
  const child = spawn(process.execPath, [...MEMORY, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // A group of its own: Ctrl+C in the terminal reaches the parent alone, which stops us when it is done.
    detached: true,
  });
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', resolve);
  });
  const uri = await announcedUri(child, exited);
  // The open channel must not keep a parent alive that has nothing else to do.
  child.channel?.unref();
  return {
    uri,
    pid: child.pid as number,
    exited,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

async function announcedUri(child: ChildProcess, exited: Promise<number | null>): Promise<string> {
  let errors = '';
  let output = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
    process.stderr.write(chunk);
  });
  const announced = new Promise<string>((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const uri = /mongodb:\/\/\S+/.exec(output)?.[0];
      if (uri !== undefined && output.includes('\n')) resolve(uri);
    });
  });
  const failed = exited.then((code) => {
    throw new Error(
      `the embedded database could not start (exit code ${String(code)}): ${errors.trim()}`,
    );
  });
  return Promise.race([announced, failed]);
}
