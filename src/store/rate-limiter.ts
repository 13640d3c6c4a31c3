import type { Collection } from 'mongodb';

import { AppError, addDays, instantOf, isDay } from '../kernel/index.js';
import type { CapWindow, Clock, RateLimiter as RateLimiterPort } from '../kernel/index.js';
import type { WindowDocument } from './documents.js';
import { isDuplicateKey } from './duplicate-key.js';

/** How often a place is tried for again when others take places of the same window meanwhile. */
const MAX_TRIES = 20;

type Place = { kind: 'new' | 'had' } | { kind: 'full'; until: Date };

/**
 * Windows as small documents that list who took a place and when; made for limits up to about a
 * thousand. A window without a label slides: no span of `windowMs`, wherever it begins, ever holds
 * more than `limit`. (Counting by the clock's minutes would let twice as many through around the
 * turn of a minute, and WeCom drops what is too much without a word.)
 */
export class RateLimiter implements RateLimiterPort {
  constructor(
    private readonly documents: Collection<WindowDocument>,
    private readonly machine: Clock,
  ) {}

  async reserve(
    reservation: string,
    windows: readonly CapWindow[],
    now: Date,
  ): Promise<{ ok: true } | { ok: false; full: string; until: Date }> {
    const taken: CapWindow[] = [];
    for (const window of windows) {
      const place = await this.#take(reservation, window, now);
      if (place.kind === 'full') {
        await this.release(reservation, taken, now);
        return { ok: false, full: window.key, until: place.until };
      }
      if (place.kind === 'new') taken.push(window);
    }
    return { ok: true };
  }

  async release(reservation: string, windows: readonly CapWindow[], _now: Date): Promise<void> {
    for (const window of windows) {
      await this.documents.updateOne(
        { _id: idOf(window), 'taken.id': reservation },
        { $pull: { taken: { id: reservation } }, $inc: { rev: 1 } },
      );
    }
  }

  async #take(reservation: string, window: CapWindow, now: Date): Promise<Place> {
    for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
      const stored = await this.documents.findOne({ _id: idOf(window) });
      const counting = (stored?.taken ?? []).filter(({ at }) => counts(at, window, now));
      if (counting.some(({ id }) => id === reservation)) return { kind: 'had' };
      if (counting.length >= window.limit) {
        return { kind: 'full', until: opensAgain(counting, window, now) };
      }
      const taken = [...counting, { id: reservation, at: now }];
      if (await this.#save(window, stored?.rev ?? null, taken)) return { kind: 'new' };
    }
    throw new AppError(`no place in ${window.key} after ${MAX_TRIES} tries`, {
      code: 'store.limiter-contended',
      hint: 'too many instances send to the same recipient at once',
      retryable: true,
    });
  }

  /** False when somebody else changed the window since it was read. */
  async #save(
    window: CapWindow,
    rev: number | null,
    taken: WindowDocument['taken'],
  ): Promise<boolean> {
    const _id = idOf(window);
    const storedAt = this.machine.now();
    if (rev !== null) {
      const saved = await this.documents.updateOne(
        { _id, rev },
        { $set: { taken, storedAt }, $inc: { rev: 1 } },
      );
      return saved.matchedCount === 1;
    }
    try {
      await this.documents.insertOne({ _id, rev: 1, taken, storedAt });
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }
}

function idOf({ key, label }: CapWindow): string {
  return label === undefined ? key : `${key}|${label}`;
}

/** A labelled window counts whole; a sliding one only what is younger than itself. */
function counts(at: Date, { windowMs, label }: CapWindow, now: Date): boolean {
  return label !== undefined || now.getTime() - at.getTime() < windowMs;
}

function opensAgain(counting: WindowDocument['taken'], window: CapWindow, now: Date): Date {
  if (window.label !== undefined && isDay(window.label)) {
    return instantOf(addDays(window.label, 1));
  }
  if (window.label !== undefined) return new Date(now.getTime() + window.windowMs);
  // A place opens when the one that is `limit` from the end grows too old to count.
  const freed = counting.map(({ at }) => at.getTime()).sort((a, b) => a - b);
  const next = freed[counting.length - window.limit] ?? now.getTime();
  return new Date(next + window.windowMs);
}
