import { setTimeout as wait } from 'node:timers/promises';

import type { Incoming, PassiveAnswer } from '../chat/index.js';
import { AppError, LeasedLanes, messageOf } from '../kernel/index.js';
import type { Clock, Leases, Logger, Turn } from '../kernel/index.js';
import type { InboxOutcome, InboxStore } from '../usecases/index.js';
import { ClaimBatcher } from './claim-batcher.js';
import { Handling } from './handling.js';
import type { HandlingOptions } from './handling.js';

export interface InboxOptions extends Omit<HandlingOptions, 'onDecided'> {
  store: InboxStore;
  leases: Leases;
  clock: Clock;
  log: Logger;
  /** Unique per process. */
  instanceId: string;
  /** The most callbacks stored in one write. */
  batch?: number;
  /** How long `accept` waits for the database before it gives up; WeCom waits five seconds. */
  acceptWithinMs?: number;
  /** Senders handled at the same time by this instance. */
  concurrency?: number;
}

export interface Inbox {
  /**
   * Stores the callback; once this resolves it will be handled, whatever happens to this process.
   * Throws AppError `inbox.unavailable`, retryable, when the database does not answer in time.
   */
  accept(incoming: Incoming): Promise<{ fresh: boolean }>;
  /**
   * The answer to a tap's callback: waits for its outcome, decided here or on another instance. A
   * repeated tap gets the same one. Null when there is none in time; it will still be carried out.
   */
  passiveAnswer(key: string, timeoutMs: number): Promise<PassiveAnswer | null>;
  /** This sender may have something waiting. */
  nudge(sender: string): void;
  /** Looks for senders left waiting: after a crash, or by another instance. For heartbeats. */
  sweep(): Promise<void>;
  /** Resolves when nothing is being handled here. */
  idle(): Promise<void>;
  /** Finishes what is being handled, takes nothing new. */
  stop(): Promise<void>;
}

const BATCH = 200;
const ACCEPT_WITHIN_MS = 2_500;
const CONCURRENCY = 32;
const SWEEP_LIMIT = 200;
const ROWS_AT_ONCE = 10;

/** After a crash another instance takes a sender over when this is past, plus the clocks' skew. */
const LEASE_MS = 4_000;

const LOOK_FOR_OUTCOME_MS = 60;

/** Everything that arrives, stored first, then handled in order, one sender at a time. */
export function createInbox(options: InboxOptions): Inbox {
  return new DurableInbox(options);
}

class DurableInbox implements Inbox {
  readonly #store: InboxStore;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #acceptWithinMs: number;
  readonly #batcher: ClaimBatcher;
  readonly #lanes: LeasedLanes;
  readonly #handling: Handling;
  /** Taps waiting for an outcome that is being decided here. */
  readonly #awaited = new Map<string, Set<(answer: PassiveAnswer) => void>>();
  #isStopped = false;

  constructor(options: InboxOptions) {
    const { store, clock, leases, log } = options;
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
    this.#acceptWithinMs = options.acceptWithinMs ?? ACCEPT_WITHIN_MS;
    this.#batcher = new ClaimBatcher(store, clock, options.batch ?? BATCH);
    this.#handling = new Handling({
      ...options,
      perhapsTriedAfterMs: LEASE_MS,
      onDecided: (key, outcome) => this.#tellAwaiting(key, outcome),
    });
    this.#lanes = new LeasedLanes({
      leases,
      clock,
      log,
      owner: options.instanceId,
      name: 'inbox',
      leaseMs: LEASE_MS,
      concurrency: options.concurrency ?? CONCURRENCY,
      work: (sender, turn) => this.#workSender(sender, turn),
    });
  }

  async accept(incoming: Incoming): Promise<{ fresh: boolean }> {
    if (this.#isStopped) throw unavailable(new Error('the inbox is stopped'));
    const inTime = new AbortController();
    try {
      const fresh = await Promise.race([
        this.#batcher.claim(incoming),
        failAfter(this.#acceptWithinMs, inTime.signal),
      ]);
      if (fresh) this.#lanes.wake(incoming.from);
      return { fresh };
    } catch (error) {
      throw unavailable(error);
    } finally {
      inTime.abort();
    }
  }

  async passiveAnswer(key: string, timeoutMs: number): Promise<PassiveAnswer | null> {
    const over = new AbortController();
    let tell: (answer: PassiveAnswer) => void = () => undefined;
    const decidedHere = new Promise<PassiveAnswer>((resolve) => (tell = resolve));
    this.#await(key, tell);
    try {
      return await Promise.race([
        decidedHere,
        this.#decidedAnywhere(key, over.signal),
        wait(timeoutMs, null, { signal: over.signal }),
      ]);
    } finally {
      over.abort();
      this.#stopAwaiting(key, tell);
    }
  }

  nudge(sender: string): void {
    this.#lanes.wake(sender);
  }

  async sweep(): Promise<void> {
    for (const sender of await this.#store.sendersWaiting(SWEEP_LIMIT)) this.#lanes.wake(sender);
  }

  idle(): Promise<void> {
    return this.#lanes.idle();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#lanes.stop();
  }

  /** The rows of one sender, oldest first; answers when to look again if the oldest must wait. */
  async #workSender(sender: string, turn: Turn): Promise<Date | null> {
    for (;;) {
      const rows = await this.#store.waitingOf(sender, ROWS_AT_ONCE);
      for (const row of rows) {
        if (!(await turn.goesOn())) return null;
        if (row.retryAt && row.retryAt > this.#clock.now()) return row.retryAt;
        const retryAt = await this.#handling.work(row, turn);
        if (retryAt) return retryAt;
      }
      // Fewer than asked for: that was all. Whoever adds one wakes this lane again.
      if (rows.length < ROWS_AT_ONCE) return null;
    }
  }

  #await(key: string, tell: (answer: PassiveAnswer) => void): void {
    const waiting = this.#awaited.get(key) ?? new Set();
    this.#awaited.set(key, waiting.add(tell));
  }

  #stopAwaiting(key: string, tell: (answer: PassiveAnswer) => void): void {
    const waiting = this.#awaited.get(key);
    waiting?.delete(tell);
    if (waiting?.size === 0) this.#awaited.delete(key);
  }

  #tellAwaiting(key: string, outcome: InboxOutcome): void {
    for (const tell of this.#awaited.get(key) ?? []) tell(outcome.passive);
  }

  /** Looks until the outcome is there, whoever decided it. Null when the row is unknown or over. */
  async #decidedAnywhere(key: string, over: AbortSignal): Promise<PassiveAnswer | null> {
    while (!over.aborted) {
      try {
        const row = await this.#store.find(key);
        if (row?.outcome) return row.outcome.passive;
        if (row?.state !== 'waiting') return null;
      } catch (error) {
        // The tap is stored and will be handled; only its answer may come too late.
        this.#log.warn({ key, err: error }, 'could not look for the answer to a tap');
      }
      await wait(LOOK_FOR_OUTCOME_MS, null, { signal: over }).catch(() => null);
    }
    return null;
  }
}

async function failAfter(ms: number, signal: AbortSignal): Promise<never> {
  await wait(ms, null, { signal, ref: false });
  throw new Error(`not stored within ${ms} ms`);
}

function unavailable(cause: unknown): AppError {
  return new AppError(`the callback could not be stored: ${messageOf(cause)}`, {
    code: 'inbox.unavailable',
    hint: 'WeCom sends it again; check the database',
    retryable: true,
    cause,
  });
}
