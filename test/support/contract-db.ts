import { afterAll, beforeAll } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { MongoClient, type Collection, type Db, type Document } from 'mongodb';

export interface ContractDb {
  readonly db: Db;
  /** A fresh collection holding these documents; an `_id` is their position unless they bring one. */
  readonly collectionOf: (docs: readonly Document[]) => Promise<Collection<Document>>;
  /** The `_id`s of those of `docs` that match. */
  readonly idsFor: (docs: readonly Document[], filter: Document) => Promise<unknown[]>;
}

/**
 * For what the product relies on, asked through the real driver: the embedded database and, where `MONGODB_URI`
 * is set, MongoDB itself give the same answers. A database of its own for each file.
 */
export function contractDb(): ContractDb {
  let client: MongoClient;
  let db: Db;
  let serial = 0;

  beforeAll(async () => {
    client = await MongoClient.connect(process.env['TEST_MONGODB_URI'] ?? '', {
      promoteLongs: false,
    });
    db = client.db(`contract_${randomUUID().slice(0, 8)}`);
  });

  afterAll(async () => {
    await db.dropDatabase();
    await client.close();
  });

  const collectionOf = async (docs: readonly Document[]): Promise<Collection<Document>> => {
    const collection = db.collection<Document>(`c${++serial}`);
    if (docs.length > 0) {
      await collection.insertMany(
        docs.map((doc, i) => ('_id' in doc ? { ...doc } : { _id: i, ...doc })) as Document[],
      );
    }
    return collection;
  };

  return {
    get db() {
      return db;
    },
    collectionOf,
    async idsFor(docs, filter) {
      const collection = await collectionOf(docs);
      const found = await collection.find(filter).sort({ _id: 1 }).toArray();
      return found.map(({ _id }) => _id as unknown);
    },
  };
}
