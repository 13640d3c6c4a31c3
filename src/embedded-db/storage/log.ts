/** One change of the stored bytes, and how to take its effect on memory back if it cannot be stored. */
export interface Change {
  readonly key: Buffer;
  /** `undefined` deletes the key. */
  readonly value: Uint8Array | undefined;
  readonly undo: () => void;
}

/** What survives the process: a flat, ordered, durable map. LevelDB, or nothing at all in memory mode. */
export interface Log {
  /** Stores all changes or none; resolved means synced to disk. */
  commit(changes: readonly Change[]): Promise<void>;
  /** Everything whose key starts with `prefix`, in key order, a few hundred at a time. */
  read(prefix: Buffer): AsyncIterable<readonly [key: Buffer, value: Buffer][]>;
  close(): Promise<void>;
}

/** Keeps nothing: for unit tests and `--memory`. */
export function memoryLog(): Log {
  return {
    commit: () => Promise.resolve(),
    read: async function* () {
      // Nothing was ever kept.
    },
    close: () => Promise.resolve(),
  };
}
