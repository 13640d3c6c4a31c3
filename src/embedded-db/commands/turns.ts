import type { Work } from '../aggregate/pipeline.js';

/** How long one command may keep the event loop before others get a turn, in ms. */
const SLICE_MS = 5;

/** Runs long work in slices, so that a scan of everything does not make a ping wait. */
export class Turns {
  async run<T>(work: Work<T>, checkAbort?: () => void): Promise<T> {
    let sliceEnds = performance.now() + SLICE_MS;
    for (;;) {
      const step = work.next();
      if (step.done) return step.value;
      if (performance.now() < sliceEnds) continue;
      checkAbort?.();
      await new Promise(setImmediate);
      sliceEnds = performance.now() + SLICE_MS;
    }
  }
}
