import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Decimal128, Double, Long, MongoClient, ObjectId, type Db, type Document } from 'mongodb';

/**
 * What the product relies on, asked through the real driver: the embedded database and, where `MONGODB_URI`
 * is set, MongoDB itself give the same answers.
 */
let client: MongoClient;
let db: Db;

beforeAll(async () => {
  client = await MongoClient.connect(process.env['TEST_MONGODB_URI'] as string, {
    promoteLongs: false,
  });
  db = client.db(`contract_${randomUUID().slice(0, 8)}`);
});

afterAll(async () => {
  await db.dropDatabase();
  await client.close();
});

let serial = 0;

/** A fresh collection holding these documents; an `_id` is their position unless they bring one. */
async function collectionOf(docs: readonly Document[]) {
  const collection = db.collection<Document>(`c${++serial}`);
  if (docs.length > 0) {
    await collection.insertMany(
      docs.map((doc, i) => ('_id' in doc ? { ...doc } : { _id: i, ...doc })) as Document[],
    );
  }
  return collection;
}

async function idsFor(docs: readonly Document[], filter: Document): Promise<unknown[]> {
  const collection = await collectionOf(docs);
  const found = await collection.find(filter).sort({ _id: 1 }).toArray();
  return found.map(({ _id }) => _id as unknown);
}

describe('filters', () => {
  const id = new ObjectId();
  test.each<[string, Document[], Document, unknown[]]>([
    [
      'null matches null and missing, not an empty array',
      [{ a: null }, {}, { a: [] }, { a: 1 }],
      { a: null },
      [0, 1],
    ],
    [
      'null under an array of documents',
      [{ a: [{ b: 1 }, {}] }, { a: [{ b: 1 }] }, { a: [] }, { a: 5 }],
      { 'a.b': null },
      [0, 3],
    ],
    [
      'numbers are equal across their types',
      [
        { a: 5 },
        { a: Long.fromNumber(5) },
        { a: new Double(5) },
        { a: Decimal128.fromString('5') },
        { a: '5' },
      ],
      { a: 5 },
      [0, 1, 2, 3],
    ],
    [
      'decimals compare by value',
      [{ a: Decimal128.fromString('10') }, { a: Decimal128.fromString('9') }],
      { a: { $gt: 9.5 } },
      [0],
    ],
    [
      'a range stays within its type',
      [{ a: 5 }, { a: '5' }, { a: new Date(9) }, { a: true }],
      { a: { $gt: 1 } },
      [0],
    ],
    [
      'two bounds may be met by two elements',
      [{ a: [1, 10] }, { a: [4] }, { a: [1] }],
      { a: { $gt: 3, $lt: 6 } },
      [0, 1],
    ],
    [
      '$elemMatch wants one element for both',
      [{ a: [1, 10] }, { a: [4] }],
      { a: { $elemMatch: { $gt: 3, $lt: 6 } } },
      [1],
    ],
    [
      '$elemMatch over documents',
      [
        {
          a: [
            { x: 1, y: 1 },
            { x: 2, y: 2 },
          ],
        },
        { a: [{ x: 1, y: 2 }] },
      ],
      { a: { $elemMatch: { x: 1, y: 2 } } },
      [1],
    ],
    [
      'embedded documents match in their field order',
      [{ a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } }],
      { a: { x: 1, y: 2 } },
      [0],
    ],
    [
      '$ne of an array element excludes the document',
      [{ a: [1, 2] }, { a: [2] }, {}],
      { a: { $ne: 1 } },
      [1, 2],
    ],
    ['$nin with null excludes missing', [{ a: 1 }, {}, { a: null }], { a: { $nin: [null] } }, [0]],
    [
      '$not of a pattern keeps what is no text',
      [{ a: 'abc' }, { a: 5 }, {}],
      { a: { $not: /^a/ } },
      [1, 2],
    ],
    ['$exists sees null', [{ a: null }, {}], { a: { $exists: true } }, [0]],
    [
      '$type knows arrays, ids and numbers',
      [{ a: [1] }, { a: id }, { a: 1.5 }, { a: 'x' }],
      { a: { $type: ['array', 'objectId', 'double'] } },
      [0, 1, 2],
    ],
    [
      '$size of a nested array',
      [{ a: { b: [1, 2] } }, { a: { b: [1] } }],
      { 'a.b': { $size: 2 } },
      [0],
    ],
    ['$all needs every value', [{ a: [1, 2, 3] }, { a: [1, 3] }], { a: { $all: [1, 2] } }, [0]],
    ['a position in a path', [{ a: [5, 6] }, { a: [6, 5] }], { 'a.0': 6 }, [1]],
    [
      '$expr compares two fields',
      [{ a: 1, b: 2 }, { a: 2, b: 1 }, { a: 2 }],
      { $expr: { $gt: ['$a', '$b'] } },
      [1, 2],
    ],
    ['$mod', [{ a: 4 }, { a: 5 }, { a: 'x' }], { a: { $mod: [2, 0] } }, [0]],
    ['bits', [{ a: 5 }, { a: 2 }], { a: { $bitsAllSet: 4 } }, [0]],
    [
      'a pattern with options',
      [{ a: '华为二期' }, { a: 'HUAWEI' }],
      { a: { $regex: '^hua', $options: 'i' } },
      [1],
    ],
    [
      '$in takes patterns',
      [{ a: 'abc' }, { a: 'xyz' }, { a: 'q' }],
      { a: { $in: [/^a/, 'q'] } },
      [0, 2],
    ],
    [
      '$or, $nor and $and together',
      [
        { a: 1, b: 1 },
        { a: 2, b: 1 },
        { a: 3, b: 2 },
      ],
      { $and: [{ b: 1 }, { $or: [{ a: 1 }, { a: 2 }] }, { $nor: [{ a: 2 }] }] },
      [0],
    ],
  ])('%s', async (_title, docs, filter, expected) => {
    expect(await idsFor(docs, filter)).toEqual(expected);
  });

  test('an operator in a value from a user is only a value', async () => {
    expect(await idsFor([{ a: 'x' }, { a: { $gt: '' } }], { a: { $eq: { $gt: '' } } })).toEqual([
      1,
    ]);
  });

  test.each<[Document, number]>([
    [{ a: { $unknown: 1 } }, 2],
    [{ $unknown: 1 }, 2],
    [{ a: { $in: 5 } }, 2],
    [{ $and: [] }, 2],
    [{ a: { $regex: '(' } }, 51091],
  ])('%j is refused with code %d', async (filter, code) => {
    const collection = await collectionOf([{ a: 1 }]);
    await expect(collection.find(filter).toArray()).rejects.toMatchObject({ code });
  });
});

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
});

describe('results', () => {
  test('BSON types come back as they went in', async () => {
    const doc = {
      _id: 1,
      long: Long.fromString('9007199254740993'),
      whole: new Double(3),
      decimal: Decimal128.fromString('1.10'),
      date: new Date(1_700_000_000_000),
      text: '中文😀',
      nested: { list: [1, 2.5, null, { deep: true }] },
    };
    const collection = await collectionOf([doc]);
    const back = (await collection.findOne({}, { promoteValues: false })) as Document;
    expect(String(back['long'])).toBe('9007199254740993');
    expect((back['whole'] as Double)._bsontype).toBe('Double');
    expect(String(back['decimal'])).toBe('1.10');
    expect(
      await collection.findOne({}, { projection: { _id: 0, date: 1, text: 1, nested: 1 } }),
    ).toEqual({
      date: doc.date,
      text: doc.text,
      nested: doc.nested,
    });
  });

  test('a sort mixes types in MongoDB’s order', async () => {
    const values = [true, 'b', 2, null, new Date(0), 'a', [3], { x: 1 }, 1.5];
    const collection = await collectionOf(values.map((v) => ({ v })));
    const sorted = await collection.find().sort({ v: 1 }).toArray();
    expect(sorted.map(({ v }) => v as unknown)).toEqual([
      null,
      1.5,
      2,
      [3],
      'a',
      'b',
      { x: 1 },
      true,
      new Date(0),
    ]);
  });

  test('a cursor is a snapshot that later writes do not disturb', async () => {
    const collection = await collectionOf(Array.from({ length: 500 }, (_, i) => ({ n: i })));
    const cursor = collection.find().batchSize(100);
    const seen = [await cursor.next()];
    await collection.deleteMany({});
    for await (const doc of cursor) seen.push(doc);
    expect(seen.length).toBeGreaterThanOrEqual(100);
    expect(new Set(seen.map((doc) => String(doc?.['n']))).size).toBe(seen.length);
  });

  test('projections of every kind', async () => {
    const collection = await collectionOf([
      {
        a: 1,
        b: { c: 1, d: 2 },
        l: [
          { k: 1, v: 'x' },
          { k: 2, v: 'y' },
        ],
        n: [1, 2, 3, 4],
      },
    ]);
    const project = (projection: Document, filter: Document = {}) =>
      collection.findOne(filter, { projection });
    expect(await project({ 'b.c': 1, _id: 0 })).toEqual({ b: { c: 1 } });
    expect(await project({ b: 0, l: 0, n: 0 })).toEqual({ _id: 0, a: 1 });
    expect(await project({ 'l.v': 1, _id: 0 })).toEqual({ l: [{ v: 'x' }, { v: 'y' }] });
    expect(await project({ n: { $slice: -2 }, a: 1, _id: 0 })).toEqual({ a: 1, n: [3, 4] });
    expect(await project({ l: { $elemMatch: { k: 2 } }, _id: 0 })).toEqual({
      l: [{ k: 2, v: 'y' }],
    });
    expect(await project({ 'l.$': 1, _id: 0 }, { 'l.k': 2 })).toEqual({ l: [{ k: 2, v: 'y' }] });
    expect(await project({ twice: { $multiply: ['$a', 2] }, _id: 0 })).toEqual({ twice: 2 });
    await expect(project({ a: 1, b: 0 })).rejects.toMatchObject({ code: 31254 });
  });

  test('names sort by pinyin when a Chinese collation asks for it', async () => {
    const collection = await collectionOf(['赵', '阿', '李', '王'].map((name) => ({ name })));
    const sorted = await collection.find().sort({ name: 1 }).collation({ locale: 'zh' }).toArray();
    expect(sorted.map(({ name }) => name as string)).toEqual(['阿', '李', '王', '赵']);
  });

  test('a collation of strength 2 ignores case in queries and unique indexes', async () => {
    const collection = await collectionOf([{ name: 'Huawei' }]);
    const collation = { locale: 'en', strength: 2 };
    await collection.createIndex({ name: 1 }, { unique: true, collation });
    expect(await collection.countDocuments({ name: 'HUAWEI' }, { collation })).toBe(1);
    await expect(collection.insertOne({ name: 'huawei' })).rejects.toMatchObject({ code: 11000 });
  });
});

describe('aggregation', () => {
  const deals = [
    { owner: 'li', amount: 100, at: new Date('2025-03-11T15:59:59Z'), tags: ['a', 'b'] },
    { owner: 'li', amount: 50.5, at: new Date('2025-03-11T16:00:00Z'), tags: [] },
    { owner: 'wang', amount: Long.fromNumber(7), at: new Date('2025-03-12T01:00:00Z') },
  ];

  test.each<[string, Document[], Document[]]>([
    [
      'groups and sums',
      [
        { $group: { _id: '$owner', total: { $sum: '$amount' }, n: { $sum: 1 } } },
        { $sort: { _id: 1 } },
      ],
      [
        { _id: 'li', total: 150.5, n: 2 },
        { _id: 'wang', total: Long.fromNumber(7), n: 1 },
      ],
    ],
    [
      'buckets days of Shanghai',
      [
        {
          $group: {
            _id: { $dateTrunc: { date: '$at', unit: 'day', timezone: 'Asia/Shanghai' } },
            n: { $sum: 1 },
          },
        },
        { $sort: { _id: 1 } },
      ],
      [
        { _id: new Date('2025-03-10T16:00:00Z'), n: 1 },
        { _id: new Date('2025-03-11T16:00:00Z'), n: 2 },
      ],
    ],
    [
      'writes days of Shanghai',
      [
        { $limit: 2 },
        {
          $project: {
            _id: 0,
            day: {
              $dateToString: { date: '$at', format: '%Y-%m-%d %H:%M', timezone: 'Asia/Shanghai' },
            },
          },
        },
      ],
      [{ day: '2025-03-11 23:59' }, { day: '2025-03-12 00:00' }],
    ],
    [
      'unwinds',
      [
        { $unwind: { path: '$tags', preserveNullAndEmptyArrays: true } },
        { $project: { _id: 1, tags: 1 } },
      ],
      [{ _id: 0, tags: 'a' }, { _id: 0, tags: 'b' }, { _id: 1 }, { _id: 2 }],
    ],
    [
      'faceted',
      [
        {
          $facet: {
            n: [{ $count: 'n' }],
            top: [{ $sort: { amount: -1 } }, { $limit: 1 }, { $project: { _id: 1 } }],
          },
        },
      ],
      [{ n: [{ n: 3 }], top: [{ _id: 0 }] }],
    ],
    ['counts nothing as no document', [{ $match: { owner: 'nobody' } }, { $count: 'n' }], []],
    [
      'maps, filters and reduces',
      [
        { $limit: 1 },
        {
          $project: {
            _id: 0,
            m: { $map: { input: '$tags', as: 't', in: { $concat: ['$$t', '!'] } } },
            f: { $filter: { input: [1, 2, 3], cond: { $gt: ['$$this', 1] } } },
            r: {
              $reduce: { input: [1, 2, 3], initialValue: 0, in: { $add: ['$$value', '$$this'] } },
            },
          },
        },
      ],
      [{ m: ['a!', 'b!'], f: [2, 3], r: 6 }],
    ],
    [
      'tells missing from null',
      [
        { $match: { _id: 2 } },
        {
          $project: {
            _id: 0,
            missing: { $eq: ['$tags', null] },
            or: { $ifNull: ['$tags', 'none'] },
          },
        },
      ],
      [{ missing: false, or: 'none' }],
    ],
    [
      'tops',
      [
        {
          $group: {
            _id: null,
            top: { $top: { sortBy: { amount: -1 }, output: '$owner' } },
            all: { $push: '$owner' },
          },
        },
      ],
      [{ _id: null, top: 'li', all: ['li', 'li', 'wang'] }],
    ],
  ])('%s', async (_title, pipeline, expected) => {
    const collection = await collectionOf(deals);
    expect(await collection.aggregate(pipeline).toArray()).toEqual(expected);
  });

  test('looks up by field and by pipeline, and leaves stored documents as they are', async () => {
    const people = await collectionOf([
      { _id: 'li', team: 'east' },
      { _id: 'wang', team: 'west' },
    ]);
    const collection = await collectionOf(deals);
    const joined = await collection
      .aggregate([
        {
          $lookup: {
            from: people.collectionName,
            localField: 'owner',
            foreignField: '_id',
            as: 'who',
          },
        },
        {
          $lookup: {
            from: people.collectionName,
            let: { o: '$owner' },
            pipeline: [{ $match: { $expr: { $eq: ['$_id', '$$o'] } } }, { $project: { _id: 0 } }],
            as: 'again',
          },
        },
        { $set: { 'who.seen': true, team: { $first: '$who.team' } } },
        { $project: { team: 1, again: 1 } },
      ])
      .toArray();
    expect(joined.map(({ team, again }) => [team, again] as unknown)).toEqual([
      ['east', [{ team: 'east' }]],
      ['east', [{ team: 'east' }]],
      ['west', [{ team: 'west' }]],
    ]);
    expect(await people.findOne({ seen: true })).toBeNull();
  });
});

describe('refusals', () => {
  test.each<[string, () => Promise<unknown>, number]>([
    ['an unknown command', () => db.command({ fly: 1 }), 59],
    [
      'an unknown stage',
      () =>
        db
          .collection('x')
          .aggregate([{ $fly: {} }])
          .toArray(),
      40324,
    ],
    [
      'creating a collection again in another way',
      async () => {
        await db.createCollection('again');
        await db.command({ create: 'again', collation: { locale: 'en' } });
      },
      48,
    ],
    ['a bad collection name', () => db.command({ insert: 'a$b', documents: [{}] }), 73],
    [
      'a cursor that is gone',
      () => db.command({ getMore: Long.fromNumber(5), collection: 'x' }),
      43,
    ],
    ['indexes of a collection that is not there', () => db.command({ listIndexes: 'never' }), 26],
  ])('%s', async (_title, run, code) => {
    await expect(run()).rejects.toMatchObject({ code });
  });

  test('a document above 16 MB', async () => {
    const list = Array.from({ length: 17 }, () => 'x'.repeat(1_000_000));
    const reply = await db.command({ insert: 'big', documents: [{ list }] });
    expect(reply).toMatchObject({ n: 0, writeErrors: [{ index: 0, code: 10334 }] });
  });
});
