import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import type { MovableClock } from '../../src/kernel/index.js';
import type { ServerSettings, WecomSettings } from '../../src/settings/index.js';

export interface MortalServerOptions {
  server: ServerSettings;
  wecom: WecomSettings;
  secrets: Record<string, string>;
  /** Shared with the child: it counts on from the same offset. */
  clock: MovableClock;
}

/** What is killed: the server, its database, or both in the same instant. */
export type Victim = 'server' | 'database' | 'both';

const ENTRY = fileURLToPath(new URL('./server-child.mjs', import.meta.url));

/** The built server as a child process with a database child of its own; started, killed, started again. */
export class MortalServer {
  #child: ChildProcess | null = null;
  #port = 0;
  #errors = '';

  constructor(private readonly options: MortalServerOptions) {}

  get port(): number {
    return this.#port;
  }

  /** The last words on its standard error. */
  get complaints(): string {
    return this.#errors;
  }

  /** Starts the process, without waiting for it to listen. The port stays the same ever after. */
  spawn(): void {
    const { server, wecom, secrets, clock } = this.options;
    const told = {
      server: { ...server, port: this.#port },
      wecom,
      secrets,
      clockOffsetMs: clock.offsetMs,
    };
    this.#child = spawn(process.execPath, [ENTRY], {
      env: { ...process.env, SERVER_CHILD: JSON.stringify(told) },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#errors = (this.#errors + chunk.toString()).slice(-4_000);
    });
  }

  /** Resolves true when it listens, false when it ended first. */
  async listens(): Promise<boolean> {
    const child = this.#running();
    if (child.exitCode !== null || child.signalCode !== null) return false;
    return new Promise((resolve) => {
      child.once('exit', () => resolve(false));
      child.on('message', (message: { port?: number }) => {
        if (message.port === undefined) return;
        this.#port = message.port;
        resolve(true);
      });
    });
  }

  /** `kill -9`, now. Resolves when the victim is gone. */
  async kill(victim: Victim): Promise<void> {
    if (victim !== 'server') this.#killDatabase();
    if (victim === 'database') return;
    const child = this.#running();
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  /** Lets it do all that is due; whether nothing is left. */
  async settle(): Promise<boolean> {
    const child = this.#running();
    const settled = new Promise<boolean>((resolve, reject) => {
      child.once('exit', () => reject(new Error(`the server ended: ${this.#errors}`)));
      child.on('message', (message: { settled?: { isQuiet?: boolean; error?: string } }) => {
        if (message.settled?.error) reject(new Error(message.settled.error));
        else if (message.settled) resolve(message.settled.isQuiet === true);
      });
    });
    child.send({ settle: { offsetMs: this.options.clock.offsetMs } });
    return settled;
  }

  /** SIGTERM; resolves with the exit code. */
  async stop(): Promise<number | null> {
    const child = this.#running();
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    const [code] = (await gone) as [number | null];
    return code;
  }

  #killDatabase(): void {
    const folder = path.join(this.options.server.dataDir, 'db');
    try {
      const pid = Number(readFileSync(path.join(folder, 'OWNER'), 'utf8'));
      // A number may have passed to somebody else's process meanwhile.
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      if (command.includes(folder)) process.kill(pid, 'SIGKILL');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // It has not come up yet, or is gone already.
      if (code !== 'ENOENT' && code !== 'ESRCH') throw error;
    }
  }

  #running(): ChildProcess {
    if (!this.#child) throw new Error('the server was never started');
    return this.#child;
  }
}
