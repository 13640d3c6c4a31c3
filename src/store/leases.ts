import type { Collection } from 'mongodb';

import type { Clock, Leases as LeasesPort } from '../kernel/index.js';
import type { LeaseDocument } from './documents.js';
import { isDuplicateKey } from './duplicate-key.js';

/**
 * Instances tell time by their own clocks. A lease is taken over only when it has been over for
 * this long by the taker's clock, so a holder whose clock runs behind by less is still safe.
 */
const CLOCK_SKEW_MS = 2_000;

const LONG_AGO = new Date(0);

/** Leases on documents of their own, kept after release so that the fencing number goes on growing. */
export class Leases implements LeasesPort {
  constructor(
    private readonly documents: Collection<LeaseDocument>,
    private readonly clock: Clock,
  ) {}

  async acquire(key: string, owner: string, ttlMs: number): Promise<{ token: number } | null> {
    // Mostly nobody holds it: try that first, one round trip. Only when somebody does, see if it is us.
    return (await this.#takeFree(key, owner, ttlMs)) ?? (await this.#renewOwn(key, owner, ttlMs));
  }

  async release(key: string, owner: string): Promise<void> {
    await this.documents.updateOne(
      { _id: key, owner },
      { $set: { owner: null, expiresAt: LONG_AGO } },
    );
  }

  async #takeFree(key: string, owner: string, ttlMs: number): Promise<{ token: number } | null> {
    const now = this.clock.now().getTime();
    try {
      const taken = await this.documents.findOneAndUpdate(
        { _id: key, owner: { $ne: owner }, expiresAt: { $lte: new Date(now - CLOCK_SKEW_MS) } },
        { $set: { owner, expiresAt: new Date(now + ttlMs) }, $inc: { token: 1 } },
        { upsert: true, returnDocument: 'after' },
      );
      return taken && { token: taken.token };
    } catch (error) {
      // The upsert found no free lease and could not insert a second one: it is held.
      if (isDuplicateKey(error)) return null;
      throw error;
    }
  }

  async #renewOwn(key: string, owner: string, ttlMs: number): Promise<{ token: number } | null> {
    const renewed = await this.documents.findOneAndUpdate(
      { _id: key, owner },
      { $set: { expiresAt: new Date(this.clock.now().getTime() + ttlMs) } },
      { returnDocument: 'after' },
    );
    return renewed && { token: renewed.token };
  }
}
