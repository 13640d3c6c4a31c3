import { mkdir, readdir, readFile, stat, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ClassicLevel } from 'classic-level';
import type { Log, Stored, Write } from './log.js';
import { seal, unseal } from './seal.js';
import { damagedLogs } from './write-ahead-check.js';

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

export type MakeEngine = (folder: string) => ClassicLevel<Buffer, Uint8Array>;

/** LevelDB on a folder, not opened yet. */
export const makeLevel: MakeEngine = (folder) =>
  new ClassicLevel(folder, {
    keyEncoding: 'buffer',
    valueEncoding: 'view',
    writeBufferSize: 16 * 1024 * 1024,
  });

/**
 * Opens the folder, making it if needed. LevelDB's LOCK keeps a second process out for as long as this
 * one lives, however it ends.
 *
 * @param report is told of damage in words for an operator; what is not damaged is kept
 * @param makeEngine another make of LevelDB, for tests of what a disk can do
 * @throws FolderInUse naming the process that has it
 */
export async function openLevelLog(
  folder: string,
  report: (damage: string) => void,
  makeEngine: MakeEngine = makeLevel,
): Promise<Log> {
  await mkdir(folder, { recursive: true });
  const damage = await damagedLogs(folder);
  const db = makeEngine(folder);
  await openWhenFree(db, folder);
  damage.forEach(report);
  await writeFile(path.join(folder, OWNER_FILE), `${process.pid}\n`);
  return new LevelLog(db, folder, report);
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

/** For what a recovery writes besides the table. */
const SPARE_BYTES = 1024 * 1024;

async function logBytes(folder: string): Promise<number> {
  const logs = (await readdir(folder)).filter((name) => name.endsWith('.log'));
  const sizes = await Promise.all(
    logs.map(async (name) => (await stat(path.join(folder, name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

class LevelLog implements Log {
  /**
   * A write failed. LevelDB would go on behind the half record it may have left in its log, where no recovery
   * finds anything again; a fresh log has to be begun first.
   */
  private torn = false;

  constructor(
    private readonly db: ClassicLevel<Buffer, Uint8Array>,
    private readonly folder: string,
    private readonly report: (damage: string) => void,
  ) {}

  async commit(writes: readonly Write[]): Promise<void> {
    if (this.torn) await this.beginFreshLog();
    try {
      await this.db.batch(
        writes.map(({ key, value }) =>
          value === undefined
            ? { type: 'del' as const, key }
            : { type: 'put' as const, key, value: seal(value) },
        ),
        { sync: true },
      );
    } catch (error) {
      this.torn = true;
      throw error;
    }
  }

  /**
   * Opening again sorts the old log into a table and begins another. While there is no room for that, the
   * folder stays as it is: what was not asked for yet can still be read.
   */
  private async beginFreshLog(): Promise<void> {
    const { bavail, bsize } = await statfs(this.folder);
    const needed = (await logBytes(this.folder)) + SPARE_BYTES;
    if (bavail * bsize < needed) {
      const mb = Math.ceil(needed / 1024 / 1024);
      throw new Error(`${this.folder}: no space left on device, ${mb} MB are needed to go on`);
    }
    await this.db.close();
    await openWhenFree(this.db, this.folder);
    this.torn = false;
  }

  async *read(prefix: Buffer): AsyncGenerator<Stored[]> {
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
        yield batch.map(([key, value]) => [key, this.opened(key, value)] as const);
      }
    } finally {
      await entries.close();
    }
  }

  private opened(key: Buffer, stored: Uint8Array): Buffer | undefined {
    const value = unseal(Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength));
    if (!value) {
      this.report(
        `${this.folder}: the value of ${key.toString('hex')} is damaged and was left out`,
      );
    }
    return value;
  }

  close(): Promise<void> {
    return this.db.close();
  }
}
