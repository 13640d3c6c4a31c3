import type { Model } from 'mongoose';

import type { Day } from '../kernel/index.js';
import type { DigestLedger } from '../usecases/index.js';
import type { DigestDocument } from './documents.js';
import { isDuplicateKey } from './duplicate-key.js';

/** One line per reader and day: who records it first is the one who sends it. */
export class Digests implements DigestLedger {
  constructor(private readonly model: Model<DigestDocument>) {}

  async last(reader: string): Promise<{ on: Day; until: Date } | null> {
    const found = await this.model.findOne({ reader }).sort({ on: -1 }).lean<DigestDocument>();
    return found && { on: found.on, until: found.until };
  }

  async record(entry: { reader: string; on: Day; until: Date }): Promise<boolean> {
    try {
      await this.model.create([{ _id: `${entry.reader}|${entry.on}`, ...entry }]);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }
}
