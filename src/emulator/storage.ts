import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { World, WorldState } from './world.js';

const FILE = 'emulated-wecom.json';
const PAUSE_MS = 300;

/**
 * Keeps the emulated world in one JSON file, written shortly after each change and replaced whole,
 * so that a crash leaves either the old or the new one. A demo's memory, not a database: what
 * happened in the last third of a second may be lost.
 */
export class Storage {
  readonly #file: string;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(
    folder: string,
    private readonly world: World,
  ) {
    mkdirSync(folder, { recursive: true });
    this.#file = path.join(folder, FILE);
  }

  /** Takes up where the last run stopped; does nothing on the first one. */
  load(): void {
    if (!existsSync(this.#file)) return;
    this.world.state = parseState(readFileSync(this.#file, 'utf8'));
  }

  scheduleSave(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#writing = this.#writing
        .then(() => this.write())
        // The demo goes on in memory; only the restart will miss something.
        .catch((error: unknown) => process.emitWarning(`emulator not saved: ${String(error)}`));
    }, PAUSE_MS);
  }

  /** Writes what is outstanding. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#writing;
    await this.write();
  }

  private async write(): Promise<void> {
    const draft = `${this.#file}.new`;
    await writeFile(draft, JSON.stringify(this.world.state));
    await rename(draft, this.#file);
  }
}

/** Reads a snapshot; throws when it is not one of this version. */
export function parseState(json: string): WorldState {
  const state = JSON.parse(json) as WorldState;
  if (state.version !== 1) throw new Error('this is not a snapshot of the emulator');
  return state;
}
