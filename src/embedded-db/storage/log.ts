/** One change of the stored bytes, and how to take its effect on memory back if it cannot be stored. */
export interface Change {
  readonly key: Buffer;
  /** `undefined` deletes the key. */
  readonly value: Uint8Array | undefined;
  readonly undo: () => void;
  readonly owner: KeyOwner;
}

/** Knows what should be stored under its keys. */
export interface KeyOwner {
  /** The bytes memory has for a key now; `undefined` when it has none. */
  bytesOf(key: Buffer): Uint8Array | undefined;
}

/** What is written of a change. */
export type Write = Pick<Change, 'key' | 'value'>;

/** A stored value; `undefined` when it was damaged, which has been reported. */
export type Stored = readonly [key: Buffer, value: Buffer | undefined];

/** What survives the process: a flat, ordered, durable map. LevelDB, or nothing at all in memory mode. */
export interface Log {
  /** Stores all writes or none; resolved means synced to disk. After a failure either may be the case. */
  commit(writes: readonly Write[]): Promise<void>;
  /** Everything whose key starts with `prefix`, in key order, a few hundred at a time. */
  read(prefix: Buffer): AsyncIterable<readonly Stored[]>;
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
