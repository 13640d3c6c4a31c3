import type { Incoming } from '../chat/index.js';
import type { Clock } from '../kernel/index.js';
import type { InboxStore } from '../usecases/index.js';

interface Waiting {
  incoming: Incoming;
  resolve: (isFresh: boolean) => void;
  reject: (error: unknown) => void;
}

/**
 * Lets callbacks that arrive together share one synced write.
 *
 * The first goes at once; those that come while it is on its way collect and go together next. So
 * nobody waits for company, and under load one write carries many.
 */
export class ClaimBatcher {
  #waiting: Waiting[] = [];
  #isWriting = false;

  constructor(
    private readonly store: InboxStore,
    private readonly clock: Clock,
    /** The most callbacks in one write. */
    private readonly batch: number,
  ) {}

  /** Resolves when the callback is stored: true when it was not there before. */
  claim(incoming: Incoming): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ incoming, resolve, reject });
      if (!this.#isWriting) void this.#writeAll();
    });
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) await this.#write(this.#waiting.splice(0, this.batch));
    this.#isWriting = false;
  }

  /** Never throws: a failure belongs to those who wait. */
  async #write(waiting: readonly Waiting[]): Promise<void> {
    try {
      const fresh = await this.store.claim(
        waiting.map(({ incoming }) => incoming),
        this.clock.now(),
      );
      waiting.forEach(({ resolve }, position) => resolve(fresh[position] ?? false));
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }
}
