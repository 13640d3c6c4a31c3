import { describe, expect, test } from '@jest/globals';
import { Decimal128, Double, Long, type Document } from 'mongodb';

import { contractDb } from '../support/contract-db.js';

const contract = contractDb();
const { collectionOf } = contract;

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

describe('refusals', () => {
  test.each<[string, () => Promise<unknown>, number]>([
    ['an unknown command', () => contract.db.command({ fly: 1 }), 59],
    [
      'an unknown stage',
      () =>
        contract.db
          .collection('x')
          .aggregate([{ $fly: {} }])
          .toArray(),
      40324,
    ],
    [
      'creating a collection again in another way',
      async () => {
        await contract.db.createCollection('again');
        await contract.db.command({ create: 'again', collation: { locale: 'en' } });
      },
      48,
    ],
    [
      'a capped collection without a size',
      () => contract.db.command({ create: 'c', capped: 1 }),
      72,
    ],
    [
      'a number for a yes or no',
      () => contract.db.command({ update: 'c', updates: [{ q: {}, u: {}, multi: 1 }] }),
      14,
    ],
    ['a bad collection name', () => contract.db.command({ insert: 'a$b', documents: [{}] }), 73],
    [
      'a cursor that is gone',
      () => contract.db.command({ getMore: Long.fromNumber(5), collection: 'x' }),
      43,
    ],
    [
      'indexes of a collection that is not there',
      () => contract.db.command({ listIndexes: 'never' }),
      26,
    ],
  ])('%s', async (_title, run, code) => {
    await expect(run()).rejects.toMatchObject({ code });
  });

  test('a document above 16 MB', async () => {
    const list = Array.from({ length: 17 }, () => 'x'.repeat(1_000_000));
    const reply = await contract.db.command({ insert: 'big', documents: [{ list }] });
    expect(reply).toMatchObject({ n: 0, writeErrors: [{ index: 0, code: 10334 }] });
  });
});
