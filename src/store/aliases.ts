import type { Model } from 'mongoose';

import type { AliasStore, NameAlias } from '../usecases/index.js';
import type { AliasDocument } from './documents.js';

/** More names than one person keeps in mind. */
const MOST_LISTED = 200;

/** What people call opportunities besides their titles. */
export class Aliases implements AliasStore {
  constructor(private readonly model: Model<AliasDocument>) {}

  async put({ id, ...alias }: NameAlias): Promise<void> {
    await this.model.updateOne({ _id: id }, { $set: alias }, { upsert: true });
  }

  async named(userid: string, key: string): Promise<NameAlias[]> {
    const found = await this.model
      .find({ userid: { $in: [userid, null] }, key })
      .lean<AliasDocument[]>();
    return found
      .map(fromDocument)
      .sort((a, b) => Number(a.userid === null) - Number(b.userid === null));
  }

  async of(userid: string): Promise<NameAlias[]> {
    const found = await this.model
      .find({ userid: { $in: [userid, null] } })
      .sort({ at: -1 })
      .limit(MOST_LISTED)
      .lean<AliasDocument[]>();
    return found.map(fromDocument);
  }

  async drop(id: string): Promise<void> {
    await this.model.deleteOne({ _id: id });
  }
}

const fromDocument = ({ _id, ...alias }: AliasDocument): NameAlias => ({ ...alias, id: _id });
