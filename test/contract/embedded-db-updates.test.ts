import { describe, expect, test } from '@jest/globals';
import type { Document } from 'mongodb';

import { contractDb } from '../support/contract-db.js';

const { collectionOf } = contractDb();

describe('updates', () => {
  test.each<[string, Document, Document | Document[], Document]>([
    ['$set makes the documents on the way', {}, { $set: { 'a.b.c': 1 } }, { a: { b: { c: 1 } } }],
    ['$set pads an array with null', { a: [1] }, { $set: { 'a.3': 9 } }, { a: [1, null, null, 9] }],
    ['$unset leaves null in an array', { a: [1, 2] }, { $unset: { 'a.0': '' } }, { a: [null, 2] }],
    ['$inc makes a field', {}, { $inc: { n: 2 } }, { n: 2 }],
    ['$mul of nothing is zero', {}, { $mul: { n: 2 } }, { n: 0 }],
    [
      '$min and $max compare dates',
      { d: new Date(5), e: new Date(5) },
      { $min: { d: new Date(1) }, $max: { e: new Date(9) } },
      { d: new Date(1), e: new Date(9) },
    ],
    ['$rename moves', { a: 1 }, { $rename: { a: 'b.c' } }, { b: { c: 1 } }],
    [
      '$push with every clause',
      { a: [3, 1] },
      { $push: { a: { $each: [2, 5], $sort: 1, $slice: -3 } } },
      { a: [2, 3, 5] },
    ],
    [
      '$push at a position',
      { a: [1, 4] },
      { $push: { a: { $each: [2, 3], $position: 1 } } },
      { a: [1, 2, 3, 4] },
    ],
    [
      '$push sorts documents',
      { a: [{ n: 2 }] },
      { $push: { a: { $each: [{ n: 1 }], $sort: { n: 1 } } } },
      { a: [{ n: 1 }, { n: 2 }] },
    ],
    [
      '$addToSet keeps one of each',
      { a: [1] },
      { $addToSet: { a: { $each: [1, 2, 2] } } },
      { a: [1, 2] },
    ],
    ['$pull by condition', { a: [1, 5, 9] }, { $pull: { a: { $gte: 5 } } }, { a: [1] }],
    [
      '$pull documents by fields',
      {
        a: [
          { k: 1, v: 1 },
          { k: 2, v: 1 },
        ],
      },
      { $pull: { a: { k: 1 } } },
      { a: [{ k: 2, v: 1 }] },
    ],
    [
      '$pullAll and $pop',
      { a: [1, 2, 1, 3], b: [1, 2] },
      { $pullAll: { a: [1] }, $pop: { b: -1 } },
      { a: [2, 3], b: [2] },
    ],
    ['$bit', { n: 5 }, { $bit: { n: { xor: 1 } } }, { n: 4 }],
    [
      '$[] reaches every element',
      { a: [{ n: 1 }, { n: 2 }] },
      { $inc: { 'a.$[].n': 1 } },
      { a: [{ n: 2 }, { n: 3 }] },
    ],
    ['new fields come in the order of their names', {}, { $set: { z: 1, b: 2 } }, { b: 2, z: 1 }],
    [
      'a pipeline sees the document',
      { a: 2, b: 3 },
      [{ $set: { sum: { $add: ['$a', '$b'] } } }, { $unset: 'b' }],
      { a: 2, sum: 5 },
    ],
  ])('%s', async (_title, before, update, after) => {
    const collection = await collectionOf([before]);
    await collection.updateOne({ _id: 0 as never }, update);
    const { _id, ...rest } = (await collection.findOne()) as Document;
    expect(_id).toBe(0);
    expect(rest).toEqual(after);
    expect(Object.keys(rest)).toEqual(Object.keys(after));
  });

  test('the positional $ is the element the query matched', async () => {
    const collection = await collectionOf([
      {
        items: [
          { k: 'a', n: 1 },
          { k: 'b', n: 1 },
        ],
      },
    ]);
    await collection.updateOne({ 'items.k': 'b', _id: 0 as never }, { $set: { 'items.$.n': 7 } });
    await collection.updateOne(
      { items: { $elemMatch: { k: 'a', n: 1 } } },
      { $inc: { 'items.$.n': 1 } },
    );
    expect(await collection.findOne()).toMatchObject({
      items: [
        { k: 'a', n: 2 },
        { k: 'b', n: 7 },
      ],
    });
  });

  test('arrayFilters choose elements by name', async () => {
    const collection = await collectionOf([
      {
        items: [
          { k: 'a', due: 5 },
          { k: 'b', due: 9 },
        ],
      },
    ]);
    await collection.updateOne(
      {},
      { $set: { 'items.$[late].sent': true } },
      { arrayFilters: [{ 'late.due': { $lt: 7 } }] },
    );
    expect(await collection.findOne()).toMatchObject({
      items: [{ k: 'a', sent: true }, { k: 'b' }],
    });
  });

  test('modifiedCount counts only real changes', async () => {
    const collection = await collectionOf([{ a: 1 }]);
    expect(await collection.updateOne({}, { $set: { a: 1 } })).toMatchObject({
      matchedCount: 1,
      modifiedCount: 0,
    });
    expect(await collection.updateOne({}, { $set: { a: 2 } })).toMatchObject({
      matchedCount: 1,
      modifiedCount: 1,
    });
  });

  test('an upsert takes the equalities of its filter and $setOnInsert', async () => {
    const collection = await collectionOf([]);
    const update = { $set: { at: 5 }, $setOnInsert: { made: true } };
    const filter = { key: 'k', 'nested.x': 1, n: { $gt: 3 }, $and: [{ also: { $eq: 2 } }] };
    expect((await collection.updateOne(filter, update, { upsert: true })).upsertedCount).toBe(1);
    const doc = (await collection.findOne()) as Document;
    expect(doc).toMatchObject({ key: 'k', nested: { x: 1 }, also: 2, at: 5, made: true });
    expect(doc['n']).toBeUndefined();
    expect(Object.keys(doc)[0]).toBe('_id');
  });

  test.each<[string, Document, Document, number]>([
    ['$inc of a text', { a: 'x' }, { $inc: { a: 1 } }, 14],
    ['$push onto a number', { a: 1 }, { $push: { a: 1 } }, 2],
    ['a field inside a number', { a: 1 }, { $set: { 'a.b': 1 } }, 28],
    ['two modifiers on one path', { a: 1 }, { $set: { a: 1 }, $inc: { a: 1 } }, 40],
    ['a path and its beginning', { a: 1 }, { $set: { a: 1, 'a.b': 1 } }, 40],
    ['changing _id', { a: 1 }, { $set: { _id: 9 } }, 66],
    ['an unknown modifier', { a: 1 }, { $boost: { a: 1 } }, 9],
    ['a positional $ without a match', { a: [1] }, { $set: { 'a.$': 1 } }, 2],
  ])('%s is refused', async (_title, doc, update, code) => {
    const collection = await collectionOf([doc]);
    await expect(collection.updateOne({}, update)).rejects.toMatchObject({ code });
  });
});

describe('findAndModify', () => {
  test('many claimants share the work without doubling it', async () => {
    const collection = await collectionOf(
      Array.from({ length: 60 }, (_, i) => ({ state: 'new', rank: i % 7 })),
    );
    const claim = () =>
      collection.findOneAndUpdate(
        { state: 'new' },
        { $set: { state: 'taken' } },
        { sort: { rank: 1 }, returnDocument: 'after' },
      );
    const taken: unknown[] = [];
    await Promise.all(
      Array.from({ length: 12 }, async () => {
        for (let doc = await claim(); doc; doc = await claim()) taken.push(doc['_id']);
      }),
    );
    expect(taken).toHaveLength(60);
    expect(new Set(taken).size).toBe(60);
  });

  test('concurrent upserts of one key make one document', async () => {
    const collection = await collectionOf([]);
    await collection.createIndex({ key: 1 }, { unique: true });
    const upsert = () =>
      collection
        .findOneAndUpdate(
          { key: 'once' },
          { $inc: { n: 1 } },
          { upsert: true, returnDocument: 'after' },
        )
        .catch((error: unknown) => error);
    await Promise.all(Array.from({ length: 30 }, upsert));
    expect(await collection.countDocuments()).toBe(1);
  });

  test('returns the document before or after, projected', async () => {
    const collection = await collectionOf([{ a: 1, b: 1 }]);
    const before = await collection.findOneAndUpdate(
      {},
      { $inc: { a: 1 } },
      { projection: { _id: 0, a: 1 } },
    );
    expect(before).toEqual({ a: 1 });
    expect(await collection.findOneAndDelete({ a: 2 })).toMatchObject({ a: 2, b: 1 });
    expect(await collection.findOneAndDelete({ a: 2 })).toBeNull();
  });
});
