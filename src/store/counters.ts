import type { Model } from 'mongoose';

import { AppError } from '../kernel/index.js';
import type { Counters as CountersPort } from '../usecases/index.js';
import type { CounterDocument } from './documents.js';
import { isDuplicateKey } from './duplicate-key.js';

export class Counters implements CountersPort {
  constructor(private readonly model: Model<CounterDocument>) {}

  async next(name: string): Promise<number> {
    try {
      return await this.#step(name);
    } catch (error) {
      // Two instances began the same count at once: it is there now.
      if (isDuplicateKey(error)) return this.#step(name);
      throw error;
    }
  }

  async #step(name: string): Promise<number> {
    const stepped = await this.model
      .findOneAndUpdate(
        { _id: name },
        { $inc: { count: 1 } },
        { upsert: true, returnDocument: 'after' },
      )
      .lean<CounterDocument>();
    if (!stepped) throw new AppError(`counter ${name} did not step`, { code: 'store.counter' });
    return stepped.count;
  }
}
