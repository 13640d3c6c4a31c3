import { createHash } from 'node:crypto';

import type { Clock, Leases, Logger, StoredToken, TokenStore } from '../../kernel/index.js';
import { AppError, fractionOf, MINUTE_MS } from '../../kernel/index.js';
import { errcodeOf, isCredentialError } from './errcodes.js';

/** A token is renewed this long before it ends, plus up to a minute that differs by instance. */
const RENEW_EARLY_MS = 5 * MINUTE_MS;
const JITTER_MS = MINUTE_MS;
/** Longer than gettoken may take. */
const LEASE_MS = 30_000;
/** Waiting for another instance's renewal: pauses that double, ten seconds in all. */
const FIRST_POLL_MS = 100;
const LONGEST_POLL_MS = 2_000;
const POLLS = 9;
/** How long gettoken rests after a wrong secret: WeCom bans an address that repeats one. */
const FIRST_REST_MS = 10 * MINUTE_MS;
const LONGEST_REST_MS = 60 * MINUTE_MS;

export interface AccessTokenOptions {
  corpId: string;
  agentId: number;
  secret: string;
  /** gettoken itself: one call, no retries. */
  fetchToken: () => Promise<{ value: string; expiresInMs: number }>;
  tokens: TokenStore;
  leases: Leases;
  /** Differs between instances of the server. */
  instanceId: string;
  clock: Clock;
  sleep: (ms: number) => Promise<void>;
  log: Logger;
}

/**
 * The one access_token of this app, shared by all instances through the database. Within a process callers
 * share one renewal; across processes a lease lets one renew while the others wait for its result.
 *
 * @see https://developer.work.weixin.qq.com/document/path/91039
 */
export class AccessToken {
  readonly #options: AccessTokenOptions;
  readonly #key: string;
  #held: StoredToken | null = null;
  #renewal: Promise<StoredToken> | null = null;
  #rest: { until: Date; error: unknown } | null = null;
  #restMs = FIRST_REST_MS;

  constructor(options: AccessTokenOptions) {
    this.#options = options;
    // The secret takes part: a corrected one must not wait for the rest that its predecessor earned.
    const fingerprint = createHash('sha256').update(options.secret).digest('hex').slice(0, 12);
    this.#key = `wecom-token:${options.corpId}:${options.agentId}:${fingerprint}`;
  }

  /** A token that is good for some minutes yet. Throws AppError, retryable. */
  async get(): Promise<string> {
    if (this.#held && !this.isDue(this.#held)) return this.#held.value;
    this.#renewal ??= this.renew().finally(() => {
      this.#renewal = null;
    });
    return (await this.#renewal).value;
  }

  /** Whether a token good for now is known, here or in the database. Asks WeCom for nothing. */
  async isReady(): Promise<boolean> {
    const token = this.#held ?? (await this.#options.tokens.load(this.#key));
    return token !== null && token.expiresAt > this.now();
  }

  /** WeCom has refused `value`; the next get() brings another. */
  async forget(value: string): Promise<void> {
    if (this.#held?.value === value) this.#held = null;
    await this.#options.tokens.forget(this.#key, value);
  }

  private async renew(): Promise<StoredToken> {
    try {
      this.#held = await this.obtain();
      return this.#held;
    } catch (error) {
      // A token in its last minutes is better than none.
      if (this.#held && this.#held.expiresAt > this.now()) return this.#held;
      throw error;
    }
  }

  private async obtain(): Promise<StoredToken> {
    const { tokens, leases, instanceId, sleep } = this.#options;
    for (let poll = 0; poll < POLLS; poll++) {
      const stored = await tokens.load(this.#key);
      if (stored && !this.isDue(stored)) return stored;
      if (this.#rest && this.#rest.until > this.now()) throw this.#rest.error;
      if (await leases.acquire(this.#key, instanceId, LEASE_MS)) return this.obtainAlone();
      if (stored && stored.expiresAt > this.now()) return stored;
      await sleep(Math.min(FIRST_POLL_MS * 2 ** poll, LONGEST_POLL_MS));
    }
    const error = new AppError('another instance holds the renewal of the access_token', {
      code: 'wecom.token-busy',
      retryable: true,
      hint: 'If it lasts, look at the other instance’s log: its secret may have been refused.',
    });
    this.rest(LEASE_MS, error);
    throw error;
  }

  /** With the lease in hand. It is kept, not released, while gettoken has to rest: for all instances. */
  private async obtainAlone(): Promise<StoredToken> {
    const { tokens, leases, instanceId } = this.#options;
    let keepLease = false;
    try {
      const stored = await tokens.load(this.#key);
      return stored && !this.isDue(stored) ? stored : await this.fetchAndShare();
    } catch (error) {
      if (isCredentialError(errcodeOf(error) ?? 0)) {
        keepLease = true;
        await this.restAll(error);
      }
      throw error;
    } finally {
      if (!keepLease) await leases.release(this.#key, instanceId);
    }
  }

  private async fetchAndShare(): Promise<StoredToken> {
    const { fetchToken, tokens, log } = this.#options;
    const askedAt = this.now();
    const { value, expiresInMs } = await fetchToken();
    const token = { value, expiresAt: new Date(askedAt.getTime() + expiresInMs) };
    await tokens.save(this.#key, token);
    this.#restMs = FIRST_REST_MS;
    log.info({ expiresAt: token.expiresAt }, 'access_token renewed');
    return token;
  }

  private async restAll(error: unknown): Promise<void> {
    const { leases, instanceId } = this.#options;
    this.rest(this.#restMs, error);
    await leases.acquire(this.#key, instanceId, this.#restMs);
    this.#restMs = Math.min(this.#restMs * 2, LONGEST_REST_MS);
  }

  private rest(ms: number, error: unknown): void {
    this.#rest = { until: new Date(this.now().getTime() + ms), error };
  }

  private isDue(token: StoredToken): boolean {
    const jitterMs = fractionOf(this.#options.instanceId + token.value) * JITTER_MS;
    return this.now().getTime() >= token.expiresAt.getTime() - RENEW_EARLY_MS - jitterMs;
  }

  private now(): Date {
    return this.#options.clock.now();
  }
}
