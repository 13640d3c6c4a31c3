import type {
  CapWindow,
  Clock,
  Leases,
  RateLimiter,
  StoredToken,
  TokenStore,
} from '../../src/kernel/index.js';

/** The kernel's shared ports in one process's memory, for tests of rooms that may not import store. */

export class MemoryLeases implements Leases {
  readonly #held = new Map<string, { owner: string; until: number; token: number }>();
  #tokens = 0;

  constructor(private readonly clock: Clock) {}

  async acquire(key: string, owner: string, ttlMs: number): Promise<{ token: number } | null> {
    const now = this.clock.now().getTime();
    const held = this.#held.get(key);
    if (held && held.until > now && held.owner !== owner) return null;
    const token = held?.owner === owner ? held.token : ++this.#tokens;
    this.#held.set(key, { owner, until: now + ttlMs, token });
    return { token };
  }

  async release(key: string, owner: string): Promise<void> {
    if (this.#held.get(key)?.owner === owner) this.#held.delete(key);
  }
}

export class MemoryTokens implements TokenStore {
  readonly saved = new Map<string, StoredToken>();

  async load(key: string): Promise<StoredToken | null> {
    return this.saved.get(key) ?? null;
  }

  async save(key: string, token: StoredToken): Promise<void> {
    this.saved.set(key, token);
  }

  async forget(key: string, value: string): Promise<void> {
    if (this.saved.get(key)?.value === value) this.saved.delete(key);
  }
}

/** Rolling windows, counted exactly. */
export class MemoryLimiter implements RateLimiter {
  readonly #taken = new Map<string, Map<string, number>>();

  async reserve(
    reservation: string,
    windows: readonly CapWindow[],
    now: Date,
  ): Promise<{ ok: true } | { ok: false; full: string; until: Date }> {
    for (const { key, windowMs, limit } of windows) {
      const inside = this.inside(key, windowMs, now).filter(([name]) => name !== reservation);
      const oldest = inside[0];
      if (inside.length >= limit && oldest) {
        return { ok: false, full: key, until: new Date(oldest[1] + windowMs) };
      }
    }
    for (const { key } of windows) this.counts(key).set(reservation, now.getTime());
    return { ok: true };
  }

  async release(reservation: string, windows: readonly CapWindow[]): Promise<void> {
    for (const { key } of windows) this.counts(key).delete(reservation);
  }

  private inside(key: string, windowMs: number, now: Date): [string, number][] {
    return [...this.counts(key)].filter(([, at]) => at > now.getTime() - windowMs);
  }

  private counts(key: string): Map<string, number> {
    let counts = this.#taken.get(key);
    if (!counts) this.#taken.set(key, (counts = new Map<string, number>()));
    return counts;
  }
}
