import { afterEach, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Decimal128, Long, MongoClient, ObjectId, type Document } from 'mongodb';
import { createEmbeddedServer, type EmbeddedServer } from '../server.js';

/**
 * Whatever is asked, the server answers: with a result or with one of MongoDB's errors, never with a fault of its
 * own, and it keeps nothing of what it was asked.
 */
const RUNS = process.env['DEEP'] ? 100_000 : 3_000;

let server: EmbeddedServer;
let client: MongoClient;

beforeEach(async () => {
  server = await createEmbeddedServer({});
  client = await MongoClient.connect(server.uri, { maxPoolSize: 1 });
});

afterEach(async () => {
  await client.close();
  await server.close();
});

const name = fc.constantFrom('a', 'b', 'a.b', 'a.0', 'a.b.c', 'a.$', 'a.$[]', 'a.$[x]', '_id', '');
const scalar = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.double(),
  fc.string({ maxLength: 3 }),
  fc.constantFrom<unknown>(null, true, false, new Date(0), /a/, new ObjectId(Buffer.alloc(12))),
  fc.constantFrom<unknown>(Long.MAX_VALUE, Decimal128.fromString('1.5'), Buffer.from('x')),
);
function named(...names: readonly string[]): fc.Arbitrary<string> {
  return fc.constantFrom(...names.map((each) => `$${each}`));
}

const operator = fc.oneof(
  named('eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'nin', 'not', 'and', 'or', 'nor', 'exists'),
  named('type', 'size', 'all', 'elemMatch', 'regex', 'options', 'mod', 'bitsAllSet', 'expr'),
  named('each', 'slice', 'sort', 'position', 'literal', 'concat', 'add', 'divide', 'cond', 'map'),
  named('dateTrunc', 'dateToString', 'arrayElemAt', 'toString', 'sum', 'first', 'push', 'where'),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    { weight: 5, arbitrary: scalar },
    { weight: 2, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
    { weight: 2, arbitrary: fc.dictionary(name, tie('value'), { maxKeys: 3 }) },
    { weight: 2, arbitrary: fc.dictionary(operator, tie('value'), { maxKeys: 2 }) },
  ),
}));

const modifier = fc.oneof(
  named('set', 'unset', 'inc', 'mul', 'min', 'max', 'rename', 'setOnInsert', 'currentDate'),
  named('push', 'addToSet', 'pull', 'pullAll', 'pop', 'bit', 'nonsense'),
);
const stage = fc.oneof(
  named('match', 'project', 'addFields', 'group', 'sort', 'limit', 'skip', 'unwind', 'count'),
  named('lookup', 'facet', 'bucket', 'replaceRoot', 'sortByCount', 'sample', 'setWindowFields'),
);

const documents = fc.dictionary(name, value, { maxKeys: 4 });
const filter = fc.oneof(
  fc.dictionary(name, value, { maxKeys: 3 }),
  fc.dictionary(operator, value, { maxKeys: 2 }),
);
const update = fc.oneof(
  fc.dictionary(modifier, fc.dictionary(name, value, { maxKeys: 2 }), { maxKeys: 2 }),
  fc.array(fc.dictionary(stage, value, { maxKeys: 1 }), { maxLength: 2 }),
  documents,
);
const flag = fc.boolean();

const command: fc.Arbitrary<Document> = fc.oneof(
  documents.map((doc) => ({ insert: 'c', documents: [doc] })),
  fc.record({ find: fc.constant('c'), filter, sort: value, projection: value, limit: value }),
  fc.record({ find: fc.constant('c'), filter }),
  fc.record({ count: fc.constant('c'), query: filter }),
  fc.record({ distinct: fc.constant('c'), key: name, query: filter }),
  fc
    .record({ q: filter, u: update, multi: flag, upsert: flag })
    .map((statement) => ({ update: 'c', updates: [statement] })),
  fc
    .record({ q: filter, limit: fc.constantFrom(0, 1, 2) })
    .map((statement) => ({ delete: 'c', deletes: [statement] })),
  fc.record({ findAndModify: fc.constant('c'), query: filter, update, new: flag, upsert: flag }),
  fc.record({
    aggregate: fc.constant('c'),
    pipeline: fc.array(fc.dictionary(stage, value, { minKeys: 1, maxKeys: 1 }), { maxLength: 3 }),
    cursor: fc.constant({}),
  }),
  fc
    .dictionary(name, fc.constantFrom<unknown>(1, -1, 'text', 0, null), { maxKeys: 2 })
    .map((key) => ({ createIndexes: 'c', indexes: [{ key, name: JSON.stringify(key) }] })),
  fc.tuple(fc.string({ minLength: 1 }), value).map(([odd, given]) => ({ [odd]: given })),
);

async function answer(asked: Document): Promise<Document> {
  try {
    return await client.db('fuzz').command(asked, { ignoreUndefined: true });
  } catch (error) {
    return error as Document;
  }
}

test(`${RUNS} random commands are all answered, none with a fault of the server’s own`, async () => {
  let asked = 0;
  await fc.assert(
    fc.asyncProperty(command, async (random) => {
      // What piles up would hide slow growth behind a growing collection.
      if (++asked % 200 === 0) await answer({ drop: 'c' });
      const reply = await answer(random);
      const faults = [reply, ...((reply['writeErrors'] ?? []) as Document[])];
      expect(faults.filter(({ code }) => code === 1)).toEqual([]);
    }),
    { numRuns: RUNS, seed: 20261122 },
  );
  const status = await client.db('admin').command({ serverStatus: 1 });
  const { metrics, connections } = status as {
    metrics: { cursor: { open: { total: number } } };
    connections: { current: number };
  };
  expect(metrics.cursor.open.total).toBeLessThan(200);
  expect(connections.current).toBeLessThan(5);
}, 600_000);
