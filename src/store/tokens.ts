import type { Model } from 'mongoose';

import type { StoredToken, TokenStore } from '../kernel/index.js';
import type { TokenDocument } from './documents.js';

/** The access_token all instances share; protected as the rest of the database is. */
export class Tokens implements TokenStore {
  constructor(private readonly model: Model<TokenDocument>) {}

  async load(key: string): Promise<StoredToken | null> {
    const found = await this.model.findById(key).lean<TokenDocument>();
    return found && { value: found.value, expiresAt: found.expiresAt };
  }

  async save(key: string, token: StoredToken): Promise<void> {
    await this.model.updateOne(
      { _id: key },
      { $set: { value: token.value, expiresAt: token.expiresAt } },
      { upsert: true },
    );
  }

  async forget(key: string, value: string): Promise<void> {
    await this.model.deleteOne({ _id: key, value });
  }
}
