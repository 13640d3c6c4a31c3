import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ClassicLevel } from 'classic-level';
import type { Change, Log } from './log.js';

const OWNER_FILE = 'OWNER';

/** A server whose parent was killed closes the folder within moments; its successor waits for it so long. */
const WAIT_FOR_OWNER_MS = 3_000;
const LOOK_AGAIN_MS = 50;

/** The folder already belongs to a running server. */
export class FolderInUse extends Error {
  constructor(
    readonly folder: string,
    readonly owner: string,
  ) {
    super(
      `the data folder ${folder} is in use by ${owner}; stop that server or choose another folder`,
    );
    this.name = 'FolderInUse';
  }
}

/**
 * Opens the folder, making it if needed. LevelDB's LOCK keeps a second process out for as long as this
 * one lives, however it ends.
 *
 * @throws FolderInUse naming the process that has it
 */
export async function openLevelLog(folder: string): Promise<Log> {
  await mkdir(folder, { recursive: true });
  const db = new ClassicLevel<Buffer, Uint8Array>(folder, {
    keyEncoding: 'buffer',
    valueEncoding: 'view',
    writeBufferSize: 16 * 1024 * 1024,
  });
  await openWhenFree(db, folder);
  await writeFile(path.join(folder, OWNER_FILE), `${process.pid}\n`);
  return new LevelLog(db);
}

async function openWhenFree(db: ClassicLevel<Buffer, Uint8Array>, folder: string): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += LOOK_AGAIN_MS) {
    try {
      return await db.open();
    } catch (error) {
      if (!isLocked(error)) throw error;
      if (waitedMs >= WAIT_FOR_OWNER_MS) throw new FolderInUse(folder, await ownerOf(folder));
      await wait(LOOK_AGAIN_MS);
    }
  }
}

function isLocked(error: unknown): boolean {
  const cause =
    error instanceof Error ? (error.cause as { code?: unknown } | undefined) : undefined;
  return cause?.code === 'LEVEL_LOCKED';
}

async function ownerOf(folder: string): Promise<string> {
  try {
    const pid = (await readFile(path.join(folder, OWNER_FILE), 'utf8')).trim();
    return `process ${pid}`;
  } catch {
    // The owner has not written its number yet, or the folder is not readable; the refusal stands.
    return 'another process';
  }
}

class LevelLog implements Log {
  constructor(private readonly db: ClassicLevel<Buffer, Uint8Array>) {}

  async commit(changes: readonly Change[]): Promise<void> {
    await this.db.batch(
      changes.map(({ key, value }) =>
        value === undefined ? { type: 'del' as const, key } : { type: 'put' as const, key, value },
      ),
      { sync: true },
    );
  }

  async *read(prefix: Buffer): AsyncGenerator<[Buffer, Buffer][]> {
    const end = Buffer.concat([prefix, Buffer.alloc(16, 0xff)]);
    const entries = this.db.iterator({
      gte: prefix,
      lt: end,
      fillCache: false,
      highWaterMarkBytes: 1024 * 1024,
    });
    try {
      for (;;) {
        const batch = await entries.nextv(500);
        if (batch.length === 0) return;
        yield batch.map(([key, value]) => [
          key,
          Buffer.from(value.buffer, value.byteOffset, value.byteLength),
        ]);
      }
    } finally {
      await entries.close();
    }
  }

  close(): Promise<void> {
    return this.db.close();
  }
}
