import { DbError } from '../errors.js';
import type { Change, Log, Write } from './log.js';

interface Batch {
  readonly changes: Change[];
  readonly done: Promise<void>;
  settle(error?: Error): void;
}

/** More changes than this are stored in several syncs, so that preparing one never takes long. */
const MOST_CHANGES = 1000;

/**
 * Group commit: while one batch is being synced, the changes of everybody else gather in the next, so
 * that many writers share one sync. Nobody is told of success before the sync that covers them.
 */
export class Committer {
  /** Batches not yet stored, oldest first; the first may be on its way, the last still gathers. */
  private readonly queue: Batch[] = [];
  private flying = false;
  /** Changes of batches that failed: the disk may hold them or not, until it is told again what memory holds. */
  private readonly doubtful = new Map<string, Change>();

  constructor(private readonly log: Log) {}

  /** Takes a change that memory already shows. */
  add(change: Change): void {
    let batch = this.queue.at(-1);
    if (
      !batch ||
      (this.flying && this.queue.length === 1) ||
      batch.changes.length >= MOST_CHANGES
    ) {
      batch = newBatch();
      this.queue.push(batch);
      if (!this.flying) this.scheduleFlight();
    }
    batch.changes.push(change);
  }

  /**
   * Resolves when everything added so far is on disk, at once when nothing waits. An answer that tells of
   * a change waits for it even when another client made it: what was answered must not be lost.
   */
  durable(): Promise<void> {
    return this.queue.at(-1)?.done ?? Promise.resolve();
  }

  private scheduleFlight(): void {
    // Lets every command that arrived in the same turn of the event loop join the batch.
    setImmediate(() => {
      const [batch] = this.queue;
      if (!this.flying && batch) void this.fly(batch);
    });
  }

  private async fly(batch: Batch): Promise<void> {
    this.flying = true;
    try {
      await this.log.commit([...this.corrections(), ...batch.changes]);
      this.doubtful.clear();
      this.queue.shift();
      this.flying = false;
      batch.settle();
    } catch (error) {
      this.flying = false;
      this.fail(error);
    }
    if (this.queue.length > 0) this.scheduleFlight();
  }

  private corrections(): Write[] {
    return Array.from(this.doubtful.values(), ({ key, owner }) => ({
      key,
      value: owner.bytesOf(key),
    }));
  }

  /** What could not be stored must not stay visible: later changes may build on it, so they go first. */
  private fail(error: unknown): void {
    const failed = this.queue.splice(0);
    for (const batch of failed.toReversed()) {
      for (const change of batch.changes.toReversed()) change.undo();
    }
    for (const change of failed[0]?.changes ?? []) {
      this.doubtful.set(change.key.toString('latin1'), change);
    }
    const refusal = new DbError(
      14031,
      `the write could not be stored and was taken back: ${error instanceof Error ? error.message : String(error)}`,
    );
    for (const batch of failed) batch.settle(refusal);
  }
}

function newBatch(): Batch {
  let settle: Batch['settle'] = () => undefined;
  const done = new Promise<void>((resolve, reject) => {
    settle = (error) => {
      if (error === undefined) resolve();
      else reject(error);
    };
  });
  // A batch nobody waits for (expired documents) must not end the process when it fails.
  done.catch(() => undefined);
  return { changes: [], done, settle };
}
