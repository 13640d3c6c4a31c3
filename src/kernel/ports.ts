/** Shared by every instance through the database, so that only one of them does a thing at a time. */
export interface Leases {
  /**
   * Takes `key` for `ttlMs`, or answers null while another owner holds it. Taking one's own lease
   * again renews it. The token is a fencing number: it grows with every change of owner.
   */
  acquire(key: string, owner: string, ttlMs: number): Promise<{ token: number } | null>;
  /** Gives it back early; nothing happens when it is no longer ours. */
  release(key: string, owner: string): Promise<void>;
}

export interface StoredToken {
  value: string;
  expiresAt: Date;
}

/** The access_token all instances share. */
export interface TokenStore {
  load(key: string): Promise<StoredToken | null>;
  save(key: string, token: StoredToken): Promise<void>;
  /** Forgets the token, if it is still `value`: another instance may have renewed it already. */
  forget(key: string, value: string): Promise<void>;
}

export interface CapWindow {
  /** e.g. `alert:zhangsan:day` */
  key: string;
  windowMs: number;
  limit: number;
  /** Where the window begins: `rolling` (bucketed by windowMs) or a fixed label such as a day. */
  label?: string;
}

/** Counters shared by all instances. */
export interface RateLimiter {
  /**
   * Reserves one unit in every window or in none. `reservation` makes it idempotent: the same
   * reservation counts once. On refusal says which window is full and when it opens again.
   */
  reserve(
    reservation: string,
    windows: readonly CapWindow[],
    now: Date,
  ): Promise<{ ok: true } | { ok: false; full: string; until: Date }>;
  /** Gives a reservation back after a failed sending. */
  release(reservation: string, windows: readonly CapWindow[], now: Date): Promise<void>;
}
