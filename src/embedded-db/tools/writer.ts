import type { Document, IndexDescription, MongoClient } from 'mongodb';
import { isHead, type CollectionHead, type CollectionRow } from './snapshot.js';

const BATCH = 500;

export interface WriteOptions {
  /** Replace collections that already hold documents instead of refusing. */
  readonly drop: boolean;
}

export interface Written {
  readonly collections: number;
  readonly documents: number;
}

/**
 * Writes a snapshot into a server: collections, documents, then indexes, and counts what arrived.
 *
 * @throws Error when a collection already holds documents (without `drop`), or when the counts differ
 */
export async function writeSnapshot(
  target: MongoClient,
  rows: AsyncIterable<CollectionHead | CollectionRow>,
  { drop }: WriteOptions,
): Promise<Written> {
  const heads = new Map<number, CollectionHead>();
  const waiting = new Map<number, Document[]>();
  let documents = 0;
  const flush = async (number: number): Promise<void> => {
    const docs = waiting.get(number);
    if (!docs?.length) return;
    waiting.set(number, []);
    await collectionOf(target, headOf(heads, number)).insertMany(docs, { ordered: false });
  };
  for await (const row of rows) {
    if (isHead(row)) {
      await prepare(target, row, drop);
      heads.set(row.number, row);
      waiting.set(row.number, []);
      continue;
    }
    const docs = waiting.get(row.number) ?? [];
    docs.push(row.doc);
    documents++;
    if (docs.length >= BATCH) await flush(row.number);
  }
  for (const number of waiting.keys()) await flush(number);
  for (const head of heads.values()) await finish(target, head);
  return { collections: heads.size, documents };
}

function headOf(heads: ReadonlyMap<number, CollectionHead>, number: number): CollectionHead {
  const head = heads.get(number);
  if (!head)
    throw new Error(`the snapshot has documents of a collection it does not describe (${number})`);
  return head;
}

function split(namespace: string): { database: string; name: string } {
  const dot = namespace.indexOf('.');
  return { database: namespace.slice(0, dot), name: namespace.slice(dot + 1) };
}

function collectionOf(target: MongoClient, head: CollectionHead) {
  const { database, name } = split(head.namespace);
  return target.db(database).collection(name);
}

async function prepare(target: MongoClient, head: CollectionHead, drop: boolean): Promise<void> {
  const collection = collectionOf(target, head);
  if (drop) {
    await collection.drop();
  } else if ((await collection.countDocuments({}, { limit: 1 })) > 0) {
    throw new Error(`${head.namespace} already holds documents; use --drop to replace it`);
  }
  const { database, name } = split(head.namespace);
  const existing = await target.db(database).listCollections({ name }).toArray();
  if (existing.length === 0) await target.db(database).createCollection(name, head.options);
}

async function finish(target: MongoClient, head: CollectionHead): Promise<void> {
  const collection = collectionOf(target, head);
  const indexes = head.indexes.filter(({ name }) => name !== '_id_');
  if (indexes.length > 0) await collection.createIndexes(indexes.map(withoutVersion));
  const count = Number(await collection.countDocuments());
  if (count !== head.count) {
    throw new Error(`${head.namespace} holds ${count} documents after writing ${head.count}`);
  }
}

function withoutVersion(index: IndexDescription): IndexDescription {
  const copy: Document = { ...index };
  delete copy['v'];
  return copy as IndexDescription;
}
