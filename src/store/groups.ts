import type { Model } from 'mongoose';

import type { GroupStore, SalesGroup } from '../usecases/index.js';
import type { GroupDocument } from './documents.js';

/** Sales groups made in chat (建群). */
export class Groups implements GroupStore {
  constructor(private readonly model: Model<GroupDocument>) {}

  async all(): Promise<SalesGroup[]> {
    const found = await this.model.find({}).sort({ _id: 1 }).lean<GroupDocument[]>();
    return found.map(({ _id, ...group }) => ({ ...group, id: _id }));
  }

  async put({ id, ...group }: SalesGroup): Promise<void> {
    await this.model.updateOne({ _id: id }, { $set: group }, { upsert: true });
  }
}
