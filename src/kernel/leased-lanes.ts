import type { Clock } from './clock.js';
import { messageOf } from './errors.js';
import type { Logger } from './logger.js';
import type { Leases } from './ports.js';

/** One instance's turn at a lane: it holds the lane's lease. */
export interface Turn {
  /** Whether to take the next piece: the lease is still ours, and nobody asked us to stop. */
  goesOn(): Promise<boolean>;
  /** Whether the lease is still ours; asked before a step that must not be done by two. */
  isHeld(): Promise<boolean>;
}

export interface LeasedLanesOptions {
  leases: Leases;
  clock: Clock;
  log: Logger;
  /** Unique per process, so that a restarted one does not take itself for its predecessor. */
  owner: string;
  /** Lease keys are `<name>:<lane>`. */
  name: string;
  /** Renewed while work goes on; after a crash others wait this long before they take over. */
  leaseMs: number;
  /** Lanes worked at the same time by this instance. */
  concurrency: number;
  /**
   * Works a lane until nothing is left, or nothing may be done yet: then answers when to look again.
   * What it throws is logged here, and the lane is tried again a little later.
   */
  work: (lane: string, turn: Turn) => Promise<Date | null>;
}

/** While another instance has the lane, look again this soon, then less and less often. */
const CONTENDED_FIRST_MS = 50;
const CONTENDED_MOST_MS = 500;
const CONTENDED_TRIES = 20;

const BROKEN_FIRST_MS = 500;
const BROKEN_MOST_MS = 30_000;

/** Timers go by the machine's time, ours may be moved: look again at least this often. */
const LOOK_AGAIN_MS = 30_000;

/**
 * Many queues, each worked by one instance at a time and in order; different ones side by side.
 *
 * A lane is leased when there is something to do and given back as soon as it is drained, so other
 * instances never wait for an idle holder; one that finds it taken looks again within half a second,
 * because the holder may have seen the queue empty just before the newest piece was put in.
 */
export class LeasedLanes {
  readonly #options: LeasedLanesOptions;
  readonly #waiting = new Set<string>();
  readonly #running = new Map<string, { again: boolean }>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  /** How often in a row a lane was taken by another, or broke. */
  readonly #contended = new Map<string, number>();
  readonly #broken = new Map<string, number>();
  #idleWaiters: (() => void)[] = [];
  #stopping = false;

  constructor(options: LeasedLanesOptions) {
    this.#options = options;
  }

  /** There may be something to do in `lane`. Returns at once; waking twice does no harm. */
  wake(lane: string): void {
    if (this.#stopping) return;
    clearTimeout(this.#timers.get(lane));
    this.#timers.delete(lane);
    const run = this.#running.get(lane);
    if (run) {
      run.again = true;
      return;
    }
    this.#waiting.add(lane);
    this.#startNext();
  }

  /** Resolves when nothing is being worked and nothing is waiting for another instance's lease. */
  async idle(): Promise<void> {
    while (this.#running.size > 0 || this.#waiting.size > 0 || this.#contended.size > 0) {
      await new Promise<void>((resolve) => this.#idleWaiters.push(resolve));
    }
  }

  /** Takes nothing new, lets what is being done come to its end, gives the leases back. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#waiting.clear();
    this.#contended.clear();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    await this.idle();
  }

  #startNext(): void {
    for (const lane of this.#waiting) {
      if (this.#running.size >= this.#options.concurrency) return;
      this.#waiting.delete(lane);
      const run = { again: false };
      this.#running.set(lane, run);
      void this.#take(lane, run).then((lookAgainMs) => this.#ended(lane, run, lookAgainMs));
    }
  }

  #ended(lane: string, run: { again: boolean }, lookAgainMs: number | null): void {
    this.#running.delete(lane);
    if (!this.#stopping) {
      if (lookAgainMs !== null) this.#wakeLater(lane, lookAgainMs);
      // Woken while we looked elsewhere: unless another has it, then the timer is the way.
      else if (run.again) this.#waiting.add(lane);
    }
    this.#startNext();
    const waiters = this.#idleWaiters;
    this.#idleWaiters = [];
    for (const resolve of waiters) resolve();
  }

  #wakeLater(lane: string, afterMs: number): void {
    clearTimeout(this.#timers.get(lane));
    const timer = setTimeout(() => this.wake(lane), Math.max(1, afterMs));
    timer.unref();
    this.#timers.set(lane, timer);
  }

  /** Never throws. Answers after how many milliseconds to look again; null when woken is soon enough. */
  async #take(lane: string, run: { again: boolean }): Promise<number | null> {
    const { log, leases, owner, name, leaseMs, clock } = this.#options;
    const key = `${name}:${lane}`;
    try {
      const turn = await HeldTurn.begin(
        { leases, key, owner, leaseMs, clock },
        () => this.#stopping,
      );
      if (!turn) return this.#contendedPause(lane);
      this.#contended.delete(lane);
      try {
        const lookAgainAt = await this.#drain(lane, run, turn);
        this.#broken.delete(lane);
        if (!lookAgainAt) return null;
        const ms = lookAgainAt.getTime() - clock.now().getTime();
        return Math.min(Math.max(ms, 1), LOOK_AGAIN_MS);
      } finally {
        await turn.end();
      }
    } catch (error) {
      this.#contended.delete(lane);
      const failures = (this.#broken.get(lane) ?? 0) + 1;
      this.#broken.set(lane, failures);
      log.error({ lane, queue: name, failures, err: error }, `lane broke: ${messageOf(error)}`);
      return Math.min(BROKEN_FIRST_MS * 2 ** (failures - 1), BROKEN_MOST_MS);
    }
  }

  /** Works the lane, and once more in the same turn for what came meanwhile. */
  async #drain(lane: string, run: { again: boolean }, turn: Turn): Promise<Date | null> {
    for (;;) {
      run.again = false;
      const lookAgainAt = await this.#options.work(lane, turn);
      if (lookAgainAt || !run.again || !(await turn.goesOn())) return lookAgainAt;
    }
  }

  #contendedPause(lane: string): number | null {
    const tries = (this.#contended.get(lane) ?? 0) + 1;
    if (tries > CONTENDED_TRIES || this.#stopping) {
      // The holder is alive and busy, and will come to our piece; the next sweep makes sure.
      this.#contended.delete(lane);
      return null;
    }
    this.#contended.set(lane, tries);
    return Math.min(CONTENDED_FIRST_MS * 2 ** (tries - 1), CONTENDED_MOST_MS);
  }
}

interface HeldLease {
  leases: Leases;
  key: string;
  owner: string;
  leaseMs: number;
  clock: Clock;
}

/** Keeps one lease alive while its lane is worked. */
class HeldTurn implements Turn {
  #heldUntilMs: number;
  #lost = false;
  #renewing: Promise<void> = Promise.resolve();
  readonly #renewal: NodeJS.Timeout;

  static async begin(lease: HeldLease, isStopping: () => boolean): Promise<HeldTurn | null> {
    const askedAt = lease.clock.now().getTime();
    const held = await lease.leases.acquire(lease.key, lease.owner, lease.leaseMs);
    return held && new HeldTurn(lease, isStopping, held.token, askedAt + lease.leaseMs);
  }

  private constructor(
    private readonly lease: HeldLease,
    private readonly isStopping: () => boolean,
    private readonly token: number,
    heldUntilMs: number,
  ) {
    this.#heldUntilMs = heldUntilMs;
    this.#renewal = setInterval(() => {
      this.#renewing = this.#renewQuietly();
    }, lease.leaseMs / 3);
    this.#renewal.unref();
  }

  async goesOn(): Promise<boolean> {
    return !this.isStopping() && (await this.isHeld());
  }

  async isHeld(): Promise<boolean> {
    if (this.#lost) return false;
    // The process may have slept past its lease: then what the database says counts.
    if (this.lease.clock.now().getTime() >= this.#heldUntilMs) await this.#renew();
    return !this.#lost;
  }

  async end(): Promise<void> {
    clearInterval(this.#renewal);
    // A renewal on its way would take the lease again after it was given back.
    await this.#renewing;
    if (!this.#lost) await this.lease.leases.release(this.lease.key, this.lease.owner);
  }

  async #renew(): Promise<void> {
    const askedAt = this.lease.clock.now().getTime();
    const held = await this.lease.leases.acquire(
      this.lease.key,
      this.lease.owner,
      this.lease.leaseMs,
    );
    // Another number: somebody else had it in between, and what we know of the lane is stale.
    if (held?.token === this.token) this.#heldUntilMs = askedAt + this.lease.leaseMs;
    else this.#lost = true;
  }

  /** A renewal that fails is made up for by the next; `isHeld` finds out if none came through. */
  async #renewQuietly(): Promise<void> {
    await this.#renew().catch(() => undefined);
  }
}
