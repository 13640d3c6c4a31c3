import { DbError } from './errors.js';
import type { Work } from './work.js';

/** How long one command may keep the event loop before others get a turn, in ms. */
const SLICE_MS = 0.25;

/** Runs long work in slices, so that a scan of everything does not make a ping wait. */
export class Turns {
  private readonly deadline: number;
  private sliceEnds = performance.now() + SLICE_MS;

  /** @param limitMs `maxTimeMS` of the command; none means as long as it takes */
  constructor(limitMs?: number) {
    this.deadline = limitMs ? performance.now() + limitMs : Number.POSITIVE_INFINITY;
  }

  /** @throws DbError 50 when the command's time is up */
  async run<T>(work: Work<T>): Promise<T> {
    for (;;) {
      const step = work.next();
      if (step.done) return step.value;
      if (this.isOver()) await this.pass();
    }
  }

  /** Whether the command has had the event loop for long enough. */
  isOver(): boolean {
    return performance.now() >= this.sliceEnds;
  }

  /** Lets others have their turn. @throws DbError 50 when the command's time is up */
  async pass(): Promise<void> {
    if (performance.now() > this.deadline) throw new DbError(50, 'operation exceeded time limit');
    await new Promise(setImmediate);
    this.sliceEnds = performance.now() + SLICE_MS;
  }
}
