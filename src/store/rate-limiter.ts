import type { Collection } from 'mongodb';

import { AppError, addDays, derivedId, instantOf, isDay } from '../kernel/index.js';
import type { CapWindow, Clock, RateLimiter as RateLimiterPort } from '../kernel/index.js';
import type { Place, WindowsDocument } from './documents.js';
import { isDuplicateKey } from './duplicate-key.js';

/** How often a place is tried for again when others take places meanwhile. */
const MAX_TRIES = 20;

/** Documents remembered as we last wrote them: mostly nobody else did since, and one write is enough. */
const REMEMBERED = 500;

/**
 * Windows as a small document that lists who took a place and when; made for limits up to about a
 * thousand. Windows reserved together share one document, so a place is taken in all of them or in
 * none by one write. (The same key always comes with the same company, so its places are in one list.)
 *
 * A window without a label slides: no span of `windowMs`, wherever it begins, ever holds more than
 * `limit`. Counting by the clock's minutes would let twice as many through around the turn of a
 * minute, and WeCom drops what is too much without a word.
 */
export class RateLimiter implements RateLimiterPort {
  readonly #remembered = new Map<string, WindowsDocument>();

  constructor(
    private readonly documents: Collection<WindowsDocument>,
    private readonly machine: Clock,
  ) {}

  async reserve(
    reservation: string,
    windows: readonly CapWindow[],
    now: Date,
  ): Promise<{ ok: true } | { ok: false; full: string; until: Date }> {
    if (windows.length === 0) return { ok: true };
    const _id = idOf(windows);
    let remembered = this.#remembered.get(_id);
    for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
      const stored = remembered ?? (await this.documents.findOne({ _id }));
      const places = (stored?.places ?? []).filter((place) =>
        windows.some((window) => counts(place, window, now)),
      );
      const isThere = places.some(({ id }) => id === reservation);
      const full = windows.find((window) => isFull(places, window, now));
      // What is remembered may be outdated: good enough to try a write on, not to answer from.
      if (remembered && (isThere || full)) {
        remembered = undefined;
        continue;
      }
      if (isThere) return { ok: true };
      if (full) return { ok: false, full: full.key, until: opensAgain(places, full, now) };
      const labels = windows.flatMap(({ label }) => label ?? []);
      const next = [...places, { id: reservation, at: now, labels }];
      if (await this.#save(_id, stored?.rev ?? null, next)) return { ok: true };
      remembered = undefined;
    }
    throw new AppError(`no place in ${_id} after ${MAX_TRIES} tries`, {
      code: 'store.limiter-contended',
      hint: 'too many instances send to the same recipient at once',
      retryable: true,
    });
  }

  async release(reservation: string, windows: readonly CapWindow[], _now: Date): Promise<void> {
    const _id = idOf(windows);
    this.#remembered.delete(_id);
    await this.documents.updateOne(
      { _id, 'places.id': reservation },
      { $pull: { places: { id: reservation } }, $inc: { rev: 1 } },
    );
  }

  /** False when somebody else changed the windows since they were read. */
  async #save(_id: string, rev: number | null, places: Place[]): Promise<boolean> {
    const next = { _id, rev: (rev ?? 0) + 1, places, storedAt: this.machine.now() };
    this.#remembered.delete(_id);
    if (!(await this.#write(next, rev))) return false;
    this.#remembered.set(_id, next);
    const oldest = this.#remembered.keys().next();
    if (this.#remembered.size > REMEMBERED && !oldest.done) this.#remembered.delete(oldest.value);
    return true;
  }

  async #write(next: WindowsDocument, rev: number | null): Promise<boolean> {
    if (rev !== null) {
      const saved = await this.documents.replaceOne({ _id: next._id, rev }, next);
      return saved.matchedCount === 1;
    }
    try {
      await this.documents.insertOne(next);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }
}

function idOf(windows: readonly CapWindow[]): string {
  const keys = windows.map(({ key }) => key);
  return keys.length === 1 ? (keys[0] ?? '') : `${keys[0]}…${derivedId('w', ...keys)}`;
}

/** A labelled window counts what was taken under its label; a sliding one what is younger than itself. */
function counts({ at, labels }: Place, { windowMs, label }: CapWindow, now: Date): boolean {
  return label === undefined ? now.getTime() - at.getTime() < windowMs : labels.includes(label);
}

function isFull(places: readonly Place[], window: CapWindow, now: Date): boolean {
  return places.filter((place) => counts(place, window, now)).length >= window.limit;
}

function opensAgain(places: readonly Place[], window: CapWindow, now: Date): Date {
  if (window.label !== undefined) {
    return isDay(window.label)
      ? instantOf(addDays(window.label, 1))
      : new Date(now.getTime() + window.windowMs);
  }
  // A place opens when the one that is `limit` from the newest grows too old to count.
  const taken = places
    .filter((place) => counts(place, window, now))
    .map(({ at }) => at.getTime())
    .sort((a, b) => a - b);
  const next = taken[taken.length - window.limit] ?? now.getTime();
  return new Date(next + window.windowMs);
}
