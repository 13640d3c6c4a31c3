import { describe, expect, test } from '@jest/globals';
import { Long, type Document } from 'mongodb';

import { contractDb } from '../support/contract-db.js';

const { collectionOf } = contractDb();

/** The numbers from `from` up to, not including, `to`. */
function ids(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, n) => from + n);
}

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

  test.each<[string, unknown[], unknown]>([
    ['small integers as one', [1, 2, -5], -2],
    ['integers that outgrow 32 bits as a long', [2_147_483_647, 1], Long.fromString('2147483648')],
    [
      'longs that outgrow what a double holds exactly',
      [Long.fromString('9007199254740992'), 1, 1],
      Long.fromString('9007199254740994'),
    ],
    ['integers with a fraction as a double', [1, 0.5, 1], 2.5],
    ['nothing but texts as zero', ['1', 'x'], 0],
  ])('sums %s', async (_title, values, expected) => {
    const collection = await collectionOf(values.map((value) => ({ value })));
    const [sum] = await collection
      .aggregate([{ $group: { _id: null, sum: { $sum: '$value' } } }], { promoteLongs: false })
      .toArray();
    expect(sum).toEqual({ _id: null, sum: expected });
  });

  /** Stages hand on a few documents at a time: more of them than fit, so that every stage meets a border. */
  const many = Array.from({ length: 100 }, (_, n) => ({
    _id: n,
    tags: n % 2 === 0 ? ['even', 'any'] : ['odd', 'any'],
    visits: [{ day: n }, { day: n + 1 }],
  }));

  test.each<[string, Document[], unknown[]]>([
    [
      '$match of an element',
      [{ $project: { tags: 1 } }, { $match: { tags: 'even' } }],
      many.filter(({ _id }) => _id % 2 === 0).map(({ _id }) => _id),
    ],
    [
      '$match of a field in an array',
      [{ $sort: { _id: 1 } }, { $match: { 'visits.day': { $in: [40, 70] } } }],
      [39, 40, 69, 70],
    ],
    [
      '$match by $elemMatch',
      [{ $sort: { _id: 1 } }, { $match: { visits: { $elemMatch: { day: { $gt: 98 } } } } }],
      [98, 99],
    ],
    ['$skip and $limit', [{ $sort: { _id: 1 } }, { $skip: 30 }, { $limit: 40 }], ids(30, 70)],
    ['a descending $sort', [{ $sort: { _id: -1 } }], ids(0, 100).reverse()],
    [
      '$unwind',
      [{ $sort: { _id: 1 } }, { $unwind: '$tags' }, { $match: { tags: 'any' } }],
      ids(0, 100),
    ],
    [
      '$unionWith of itself',
      [{ $match: { _id: { $lt: 33 } } }, { $unionWith: 'things' }, { $sort: { _id: 1 } }],
      [...ids(0, 33), ...ids(0, 100)].sort((a, b) => a - b),
    ],
    ['$redact', [{ $redact: { $cond: [{ $lt: ['$_id', 50] }, '$$KEEP', '$$PRUNE'] } }], ids(0, 50)],
    ['$count', [{ $match: {} }, { $count: '_id' }], [100]],
    [
      '$facet',
      [
        { $facet: { a: [{ $skip: 90 }], b: [{ $count: 'n' }] } },
        { $project: { _id: { $concatArrays: ['$a._id', '$b.n'] } } },
      ],
      [[...ids(90, 100), 100]],
    ],
  ])('%s of a hundred documents', async (_what, stages, expected) => {
    const collection = await collectionOf(many);
    const pipeline = stages.map((stage) =>
      '$unionWith' in stage ? { $unionWith: collection.collectionName } : stage,
    );
    const found = await collection.aggregate(pipeline).toArray();
    expect(found.map(({ _id }): unknown => _id)).toEqual(expected);
  });

  test('groups equal numbers of any type, and keeps texts, dates and numbers apart', async () => {
    const at = new Date(5);
    const keys = [5, Long.fromNumber(5), '5', at, new Date(5), null, '5', at.toISOString()];
    const collection = await collectionOf([...keys.map((key) => ({ key })), {}]);
    const groups = await collection
      .aggregate([{ $group: { _id: '$key', n: { $sum: 1 } } }, { $sort: { _id: 1 } }])
      .toArray();
    expect(groups).toEqual([
      { _id: null, n: 2 },
      { _id: 5, n: 2 },
      { _id: at.toISOString(), n: 1 },
      { _id: '5', n: 2 },
      { _id: at, n: 2 },
    ]);
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
