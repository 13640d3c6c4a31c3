import type { Work } from '../aggregate/pipeline.js';
import { DbError } from '../errors.js';

/** How long one command may keep the event loop before others get a turn, in ms. */
const SLICE_MS = 1;

/** Runs long work in slices, so that a scan of everything does not make a ping wait. */
export class Turns {
  private readonly deadline: number;

  /** @param limitMs `maxTimeMS` of the command; none means as long as it takes */
  constructor(limitMs?: number) {
    this.deadline = limitMs ? performance.now() + limitMs : Number.POSITIVE_INFINITY;
  }

  /** @throws DbError 50 when the command's time is up */
  async run<T>(work: Work<T>): Promise<T> {
    let sliceEnds = performance.now() + SLICE_MS;
    for (;;) {
      const step = work.next();
      if (step.done) return step.value;
      const now = performance.now();
      if (now < sliceEnds) continue;
      if (now > this.deadline) throw new DbError(50, 'operation exceeded time limit');
      await new Promise(setImmediate);
      sliceEnds = performance.now() + SLICE_MS;
    }
  }
}
