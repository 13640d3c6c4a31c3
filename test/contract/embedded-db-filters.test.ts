import { describe, expect, test } from '@jest/globals';
import { Decimal128, Double, Long, ObjectId, type Document } from 'mongodb';

import { contractDb } from '../support/contract-db.js';

const { collectionOf, idsFor } = contractDb();

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
