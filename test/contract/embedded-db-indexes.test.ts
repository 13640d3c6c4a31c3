import { describe, expect, test } from '@jest/globals';
import type { Document } from 'mongodb';

import { contractDb } from '../support/contract-db.js';

const contract = contractDb();
const { collectionOf } = contract;

describe('indexes', () => {
  test('a unique index names the key that is taken', async () => {
    const collection = await collectionOf([{ a: 1, b: 'x' }]);
    await collection.createIndex({ a: 1, b: 1 }, { unique: true });
    await expect(collection.insertOne({ a: 1, b: 'x' })).rejects.toMatchObject({
      code: 11000,
      keyPattern: { a: 1, b: 1 },
      keyValue: { a: 1, b: 'x' },
    });
    await collection.insertOne({ a: 1, b: 'y' });
    await expect(collection.updateOne({ b: 'y' }, { $set: { b: 'x' } })).rejects.toMatchObject({
      code: 11000,
    });
    expect(await collection.countDocuments({ b: 'y' })).toBe(1);
  });

  test('a unordered batch goes on after a duplicate, an ordered one stops', async () => {
    const collection = await collectionOf([{ _id: 1 }]);
    const docs = [{ _id: 1 }, { _id: 2 }] as unknown as Document[];
    await expect(collection.insertMany(docs)).rejects.toMatchObject({
      code: 11000,
      insertedCount: 0,
    });
    await expect(collection.insertMany(docs, { ordered: false })).rejects.toMatchObject({
      code: 11000,
      insertedCount: 1,
    });
  });

  test('sparse and partial unique indexes leave other documents alone', async () => {
    const collection = await collectionOf([{ k: 1, on: true }, { other: 1 }, { other: 2 }]);
    await collection.createIndex({ s: 1 }, { unique: true, sparse: true });
    await collection.createIndex({ k: 1 }, { unique: true, partialFilterExpression: { on: true } });
    await collection.insertMany([{ k: 1, on: false }, { k: 1 }]);
    await expect(collection.insertOne({ k: 1, on: true })).rejects.toMatchObject({ code: 11000 });
  });

  test('elements of an array are unique across documents', async () => {
    const collection = await collectionOf([{ tags: ['a', 'b'] }]);
    await collection.createIndex({ tags: 1 }, { unique: true });
    await expect(collection.insertOne({ tags: ['c', 'b'] })).rejects.toMatchObject({ code: 11000 });
  });

  test('listIndexes gives back what was asked for', async () => {
    const collection = await collectionOf([{ a: 1 }]);
    await collection.createIndex(
      { a: 1 },
      { name: 'mine', expireAfterSeconds: 60, partialFilterExpression: { a: { $gt: 5 } } },
    );
    expect(await collection.indexes()).toEqual([
      { v: 2, key: { _id: 1 }, name: '_id_' },
      {
        v: 2,
        key: { a: 1 },
        name: 'mine',
        expireAfterSeconds: 60,
        partialFilterExpression: { a: { $gt: 5 } },
      },
    ]);
    await expect(collection.createIndex({ a: 1 }, { name: 'mine' })).rejects.toMatchObject({
      code: 86,
    });
    await collection.dropIndex('mine');
    await expect(collection.dropIndex('mine')).rejects.toMatchObject({ code: 27 });
  });

  test('explain tells which index answers', async () => {
    const collection = await collectionOf(
      Array.from({ length: 50 }, (_, i) => ({ a: i, b: i % 5 })),
    );
    await collection.createIndex({ b: 1, a: -1 });
    const plan = await collection.find({ b: 3 }).sort({ a: -1 }).explain('executionStats');
    expect(JSON.stringify(plan['queryPlanner'])).toContain('"indexName":"b_1_a_-1"');
    expect(JSON.stringify(plan['queryPlanner'])).not.toContain('"SORT"');
    expect(plan['executionStats']).toMatchObject({ nReturned: 10, totalDocsExamined: 10 });
  });

  test('behind one element of an array the order of an index is the order asked for', async () => {
    const collection = await collectionOf(
      Array.from({ length: 60 }, (_, i) => ({ seenBy: [`u${i % 3}`, 'boss'], on: (i * 7) % 60 })),
    );
    await collection.createIndex({ seenBy: 1, on: 1 });
    const cursor = collection.find({ seenBy: 'boss' }).sort({ on: 1 }).limit(5);
    expect((await cursor.clone().toArray()).map(({ on }) => on as number)).toEqual([0, 1, 2, 3, 4]);
    const plan = await cursor.explain('executionStats');
    expect(plan['executionStats']).toMatchObject({ nReturned: 5, totalDocsExamined: 5 });
  });

  test('documents written while an index is built are in it', async () => {
    const collection = await collectionOf(Array.from({ length: 3_000 }, (_, i) => ({ a: i })));
    const build = collection.createIndex({ a: 1 });
    const writes = Array.from({ length: 50 }, (_, i) =>
      Promise.all([
        collection.insertOne({ a: 10_000 + i }),
        collection.updateOne({ a: i }, { $set: { a: -i - 1 } }),
        collection.deleteOne({ a: 2_999 - i }),
      ]),
    );
    await Promise.all([build, ...writes]);
    const all = await collection.find().hint({ $natural: 1 }).toArray();
    const indexed = await collection
      .find({ a: { $gte: -100 } })
      .hint({ a: 1 })
      .toArray();
    const inOrder = all.map(({ a }) => a as number).sort((a, b) => a - b);
    expect(indexed.map(({ a }) => a as number)).toEqual(inOrder);
    expect(all).toHaveLength(3_000);
  });

  test('an index becomes unique when nothing violates it any more', async () => {
    const collection = await collectionOf([{ x: 1 }, { x: 1 }]);
    await collection.createIndex({ x: 1 });
    const change = (index: Document): Promise<Document> =>
      contract.db.command({
        collMod: collection.collectionName,
        index: { keyPattern: { x: 1 }, ...index },
      });
    await expect(change({ unique: true })).rejects.toMatchObject({ code: 72 });
    await change({ prepareUnique: true });
    await expect(collection.insertOne({ x: 1 })).rejects.toMatchObject({ code: 11000 });
    await expect(change({ unique: true })).rejects.toMatchObject({
      code: 359,
      errorResponse: { violations: [{ ids: [0, 1] }] },
    });
    await collection.deleteOne({ x: 1 });
    await change({ unique: true });
    expect(await collection.indexes()).toContainEqual(expect.objectContaining({ unique: true }));
  });
});
