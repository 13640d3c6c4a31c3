import { DbError } from '../errors.js';
import type { Change, Log } from './log.js';

interface Batch {
  readonly changes: Change[];
  readonly done: Promise<void>;
  settle(error?: Error): void;
}

/**
 * Group commit: while one batch is being synced, the changes of everybody else gather in the next, so
 * that many writers share one sync. Nobody is told of success before the sync that covers them.
 */
export class Committer {
  private gathering: Batch | undefined;
  private flying: Batch | undefined;

  constructor(private readonly log: Log) {}

  /** Takes a change that memory already shows. */
  add(change: Change): void {
    this.gathering ??= newBatch();
    this.gathering.changes.push(change);
    if (!this.flying) this.scheduleFlight();
  }

  /**
   * Resolves when everything added so far is on disk, at once when nothing waits. An answer that tells of
   * a change waits for it even when another client made it: what was answered must not be lost.
   */
  durable(): Promise<void> {
    return (this.gathering ?? this.flying)?.done ?? Promise.resolve();
  }

  private scheduleFlight(): void {
    // Lets every command that arrived in the same turn of the event loop join the batch.
    setImmediate(() => {
      if (this.flying || !this.gathering) return;
      void this.fly(this.gathering);
    });
  }

  private async fly(batch: Batch): Promise<void> {
    this.gathering = undefined;
    this.flying = batch;
    try {
      await this.log.commit(batch.changes);
      this.flying = undefined;
      batch.settle();
    } catch (error) {
      this.fail(batch, error);
    }
    if (this.gathering) this.scheduleFlight();
  }

  /** What could not be stored must not stay visible: later changes may build on it, so they go first. */
  private fail(batch: Batch, error: unknown): void {
    const waiting = this.gathering;
    this.gathering = undefined;
    this.flying = undefined;
    for (const failed of [waiting, batch]) {
      for (const change of failed?.changes.toReversed() ?? []) change.undo();
    }
    const refusal = new DbError(
      14031,
      `the write could not be stored and was taken back: ${error instanceof Error ? error.message : String(error)}`,
    );
    batch.settle(refusal);
    waiting?.settle(refusal);
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
