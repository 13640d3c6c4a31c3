import { LeasedLanes, messageOf } from '../kernel/index.js';
import type { Leases, Turn } from '../kernel/index.js';
import { Delivery } from './delivery.js';
import type { DeliveryOptions } from './delivery.js';

export interface OutboxWorkerOptions extends DeliveryOptions {
  leases: Leases;
  /** Unique per process. */
  instanceId: string;
  /** The longest one request to WeCom may take; a lane is leased for longer. */
  requestTimeoutMs?: number;
  /** Lanes sent at the same time by this instance. */
  concurrency?: number;
}

export interface OutboxWorker {
  /** Something was put: into `lane`, or who knows where. Returns at once. */
  kick(lane?: string): void;
  /** Looks through all lanes for rows that are due. For heartbeats. */
  sweep(): Promise<void>;
  /** Resolves when nothing is being sent or looked for here. */
  idle(): Promise<void>;
  /** Finishes what is being sent, takes nothing new. */
  stop(): Promise<void>;
}

const REQUEST_TIMEOUT_MS = 10_000;
const LEASE_MARGIN_MS = 5_000;
const CONCURRENCY = 16;
const SWEEP_LIMIT = 500;
const ROWS_AT_ONCE = 10;

/** Looking through all lanes may take this part of the time: it costs more, the more is waiting. */
const REST_PER_LOOK = 4;

/** Sends what is in the outbox: each lane in order, different lanes side by side. */
export function createOutboxWorker(options: OutboxWorkerOptions): OutboxWorker {
  return new LaneWorker(options);
}

class LaneWorker implements OutboxWorker {
  readonly #options: OutboxWorkerOptions;
  readonly #delivery: Delivery;
  readonly #lanes: LeasedLanes;
  #looking: Promise<void> | null = null;
  #lookAgain = false;
  #isStopped = false;

  constructor(options: OutboxWorkerOptions) {
    const { leases, clock, log, instanceId } = options;
    this.#options = options;
    this.#delivery = new Delivery(options);
    this.#lanes = new LeasedLanes({
      leases,
      clock,
      log,
      owner: instanceId,
      name: 'outbox',
      leaseMs: (options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS) + LEASE_MARGIN_MS,
      concurrency: options.concurrency ?? CONCURRENCY,
      work: (lane, turn) => this.#workLane(lane, turn),
    });
  }

  kick(lane?: string): void {
    if (this.#isStopped) return;
    if (lane !== undefined) {
      this.#lanes.wake(lane);
      return;
    }
    this.#lookAgain = true;
    this.#looking ??= this.#lookWhileAsked();
  }

  async sweep(): Promise<void> {
    const { outbox, clock } = this.#options;
    if (this.#isStopped) return;
    for (const lane of await outbox.lanesWaiting(clock.now(), SWEEP_LIMIT)) this.#lanes.wake(lane);
  }

  async idle(): Promise<void> {
    while (this.#looking) await this.#looking;
    await this.#lanes.idle();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#looking;
    await this.#lanes.stop();
  }

  /** The rows of one lane, in order; answers when to come back if the first must wait. */
  async #workLane(lane: string, turn: Turn): Promise<Date | null> {
    const { outbox, clock } = this.#options;
    for (;;) {
      const rows = await outbox.dueOf(lane, clock.now(), ROWS_AT_ONCE);
      for (const row of rows) {
        if (!(await turn.goesOn())) return null;
        const comeBackAt = await this.#delivery.deliver(row);
        if (comeBackAt) return comeBackAt;
      }
      // Fewer than asked for: that was all. Whoever adds one wakes this lane again.
      if (rows.length < ROWS_AT_ONCE) return null;
    }
  }

  /** Kicks that come while we look are answered by one more look, after a rest. Never throws. */
  async #lookWhileAsked(): Promise<void> {
    const { log } = this.#options;
    while (this.#lookAgain && !this.#isStopped) {
      this.#lookAgain = false;
      const began = performance.now();
      try {
        await this.sweep();
      } catch (error) {
        log.warn({ err: error }, `could not look for rows to send: ${messageOf(error)}`);
      }
      if (this.#lookAgain) await rest((performance.now() - began) * REST_PER_LOOK);
    }
    this.#looking = null;
  }
}

function rest(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
