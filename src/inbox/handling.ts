import { setTimeout as wait } from 'node:timers/promises';

import type { Incoming, Message } from '../chat/index.js';
import { AppError, derivedId, isRetryable, messageOf } from '../kernel/index.js';
import type { Clock, Logger, Turn } from '../kernel/index.js';
import type {
  DialogStore,
  InboxOutcome,
  InboxRow,
  InboxStore,
  OutboxStore,
} from '../usecases/index.js';

/** A callback nobody could handle; its sender got an apology with `reference`. */
export interface InboxFailure {
  key: string;
  from: string;
  /** What the person was told to quote; in the log beside the error. */
  reference: string;
  /** The AppError's code, or `unexpected`. */
  code: string;
  hint: string | undefined;
  attempts: number;
  at: Date;
}

export interface HandlingOptions {
  store: InboxStore;
  dialogs: DialogStore;
  outbox: OutboxStore;
  clock: Clock;
  log: Logger;
  /**
   * What a callback comes to. Its effects must be idempotent by the callback's key: after a crash
   * it is handled again. AppError `retryable` says whether trying again may help.
   */
  handle: (incoming: Incoming) => Promise<InboxOutcome>;
  /** The words for somebody whose message could not be handled. */
  apology: (reference: string) => Message;
  /** Tells the administrators; idempotent by the failure's key. */
  onFailed: (failure: InboxFailure) => Promise<void>;
  /** A reply was put into this lane of the outbox. */
  onReply: (lane: string) => void;
  /** The outcome stands, and is about to be carried out. */
  onDecided: (key: string, outcome: InboxOutcome) => void;
}

const RETRY_FIRST_MS = 500;
/** About half a minute of trying; then the person is told. */
const MOST_ATTEMPTS = 7;
/** What we do not recognise is mostly a mistake of ours, and trying again changes little. */
const MOST_ATTEMPTS_UNEXPECTED = 3;
/** A handler that takes longer than this hangs. */
const HANDLE_WITHIN_MS = 60_000;

/**
 * One row from arrival to done: handle → decide (save the outcome) → carry out → finish.
 *
 * Stopped anywhere, it can be begun again from the row: before `decide` it is handled anew, with
 * effects that know their cause; after it, the saved outcome is carried out again, idempotently.
 */
export class Handling {
  readonly #options: HandlingOptions & { perhapsTriedAfterMs: number };

  /** @param options `perhapsTriedAfterMs`: a row older than this may have been tried by a process that died of it. */
  constructor(options: HandlingOptions & { perhapsTriedAfterMs: number }) {
    this.#options = options;
  }

  /** Null when done with, or no longer ours; else when to try again. */
  async work(row: InboxRow, turn: Turn): Promise<Date | null> {
    const { store, onDecided } = this.#options;
    const { key } = row.incoming;
    const handled = row.outcome ?? (await this.#handle(row));
    if (handled instanceof Date) return handled;
    if (!(await turn.isHeld())) return null;
    const outcome = row.outcome ?? (await store.decide(key, handled));
    onDecided(key, outcome);
    await this.#carryOut(row.incoming, outcome);
    await store.finish(key, outcome.failed ? 'failed' : 'done');
    return null;
  }

  async #handle(row: InboxRow): Promise<InboxOutcome | Date> {
    const { handle, store, clock } = this.#options;
    const { key } = row.incoming;
    const tries = row.attempts + 1;
    const now = clock.now().getTime();
    const retryAt = new Date(now + RETRY_FIRST_MS * 2 ** (tries - 1));
    // A message that kills the process must not do so for ever: one that was perhaps tried before
    // is counted before it is tried, not after. Fresh ones are spared the write.
    const isCounted = now - row.receivedAt.getTime() >= this.#options.perhapsTriedAfterMs;
    if (isCounted) await store.countAttempt(key, retryAt);
    try {
      if (row.attempts >= MOST_ATTEMPTS) throw neverEnds(key, row.attempts);
      return await within(HANDLE_WITHIN_MS, handle(row.incoming));
    } catch (error) {
      if (!mayRetry(error, tries)) return this.#giveUp(row.incoming, tries, error);
      this.#options.log.warn({ key, tries, retryAt, err: error }, `retry: ${messageOf(error)}`);
      if (!isCounted) await store.countAttempt(key, retryAt);
      return retryAt;
    }
  }

  async #giveUp(incoming: Incoming, attempts: number, error: unknown): Promise<InboxOutcome> {
    const { clock, log, apology, onFailed } = this.#options;
    const { key, from } = incoming;
    const reference = referenceOf(key);
    log.error({ key, from, attempts, reference, err: error }, `gave up: ${messageOf(error)}`);
    await onFailed({
      key,
      from,
      reference,
      code: error instanceof AppError ? error.code : 'unexpected',
      hint: error instanceof AppError ? error.hint : undefined,
      attempts,
      at: clock.now(),
    });
    return { reply: apology(reference), passive: { kind: 'none' }, dialog: null, failed: true };
  }

  /** Repeatable: the reply's id is derived from the callback, the dialog is saved whole. */
  async #carryOut(incoming: Incoming, outcome: InboxOutcome): Promise<void> {
    const { dialogs, outbox, clock, onReply } = this.#options;
    const now = clock.now();
    const lane = `reply:${incoming.from}`;
    const { reply, dialog } = outcome;
    await Promise.all([
      dialog && dialogs.save(incoming.from, dialog, now),
      reply &&
        outbox.put(
          [
            {
              id: derivedId('reply', incoming.key),
              lane,
              to: { kind: 'person', userid: incoming.from },
              class: 'reply',
              content: { kind: 'message', message: reply },
              updatesCardId: null,
              causeAt: incoming.at,
              causeId: incoming.key,
              n: 0,
              notBefore: now,
            },
          ],
          now,
        ),
    ]);
    if (reply) onReply(lane);
  }
}

/** Short enough to read out over the phone. */
function referenceOf(key: string): string {
  return derivedId('E', key).slice(2, 10).toUpperCase();
}

function mayRetry(error: unknown, tries: number): boolean {
  const most = error instanceof AppError ? MOST_ATTEMPTS : MOST_ATTEMPTS_UNEXPECTED;
  return isRetryable(error) && tries < most;
}

function neverEnds(key: string, attempts: number): AppError {
  return new AppError(`handling ${key} never came to an end in ${attempts} tries`, {
    code: 'inbox.never-ends',
    hint: 'the process ended or hung while handling it; look for what it said',
  });
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const done = new AbortController();
  const tooLong = wait(ms, null, { signal: done.signal, ref: false }).then(() => {
    throw new AppError(`the handler did not answer within ${ms} ms`, {
      code: 'inbox.handler-hangs',
      retryable: true,
    });
  });
  try {
    return await Promise.race([work, tooLong]);
  } finally {
    done.abort();
  }
}
