import { setTimeout as wait } from 'node:timers/promises';

import { startEmbeddedDb, type EmbeddedDb, type StartEmbeddedDbOptions } from './child.js';

export interface KeepEmbeddedDbOptions extends StartEmbeddedDbOptions {
  /** It ended unasked, or could not be started again; it will be tried once more. */
  readonly onTrouble: (what: string) => void;
}

/** An embedded database that is there again shortly after it was killed. */
export interface KeptEmbeddedDb {
  /** Connection string without a database name; the same after every restart. */
  readonly uri: string;
  stop(): Promise<void>;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Runs the embedded database as {@link startEmbeddedDb} does, and starts it again at the same address
 * whenever it ends unasked: the system may kill it for the memory it takes, and a server that lives on
 * without its database would refuse everything until somebody looks.
 *
 * @throws Error when it cannot be started the first time
 */
export async function keepEmbeddedDb(options: KeepEmbeddedDbOptions): Promise<KeptEmbeddedDb> {
  const { onTrouble, ...start } = options;
  let running = await startEmbeddedDb(start);
  const { uri } = running;
  const port = Number(new URL(uri).port);
  const stopping = new AbortController();

  const startAgain = async (): Promise<EmbeddedDb | null> => {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      await wait(pauseMs, null, { signal: stopping.signal }).catch(() => null);
      if (stopping.signal.aborted) return null;
      try {
        return await startEmbeddedDb({ ...start, port });
      } catch (error) {
        onTrouble(error instanceof Error ? error.message : String(error));
      }
    }
  };

  const keeping = (async () => {
    for (;;) {
      const code = await running.exited;
      if (stopping.signal.aborted) return;
      onTrouble(`the embedded database ended (exit code ${String(code)}); it is started again`);
      const again = await startAgain();
      if (!again) return;
      running = again;
      if (stopping.signal.aborted) await running.stop();
    }
  })();

  return {
    uri,
    stop: async () => {
      stopping.abort();
      await running.stop();
      await keeping;
    },
  };
}
