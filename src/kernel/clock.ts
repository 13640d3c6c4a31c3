/** Where “now” comes from. Rules never ask: they are handed an instant or a day. */
export interface Clock {
  now(): Date;
}

/** The machine's clock; the only place of the product that reads it. */
export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands still until it is moved; for tests and the demo's fast-forward. */
export class MovableClock implements Clock {
  #offsetMs = 0;

  /**
   * @param base what is being shifted: another clock (it keeps running), or an instant (it stands still).
   */
  constructor(private readonly base: Clock | Date) {}

  now(): Date {
    const base = this.base instanceof Date ? this.base : this.base.now();
    return new Date(base.getTime() + this.#offsetMs);
  }

  /** Moves forward by `ms`. A clock never runs backwards. */
  advance(ms: number): void {
    if (ms < 0) throw new RangeError(`a clock does not run backwards: ${ms} ms`);
    this.#offsetMs += ms;
  }

  /** Moves forward to `instant`; does nothing when it has passed. */
  advanceTo(instant: Date): void {
    const ahead = instant.getTime() - this.now().getTime();
    if (ahead > 0) this.advance(ahead);
  }

  get offsetMs(): number {
    return this.#offsetMs;
  }
}
