import { expect, test } from '@jest/globals';
import { serialize } from 'bson';
import fc from 'fast-check';
import { DbError } from '../errors.js';
import { Deframer, frameReply, parseRequest } from './message.js';
import { EncodedBatch } from './reply.js';
import { decode } from '../bson/decode.js';

const RUNS = process.env['DEEP'] ? 100_000 : 3000;

/** A well-formed OP_MSG with a command. */
function message(command: object): Buffer {
  const body = Buffer.from(serialize(command));
  const bytes = Buffer.concat([Buffer.alloc(21), body]);
  bytes.writeInt32LE(bytes.length, 0);
  bytes.writeInt32LE(2013, 12);
  return bytes;
}

function parseOrRefuse(bytes: Buffer): void {
  try {
    parseRequest(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(DbError);
  }
}

test('random bytes after a header are read or refused, nothing else', () => {
  const body = fc.uint8Array({ maxLength: 200 });
  fc.assert(
    fc.property(body, fc.constantFrom(2013, 2004, 1), (bytes, opcode) => {
      const whole = Buffer.concat([Buffer.alloc(16), bytes]);
      whole.writeInt32LE(whole.length, 0);
      whole.writeInt32LE(opcode, 12);
      parseOrRefuse(whole);
    }),
    { numRuns: RUNS, seed: 7 },
  );
});

test('a good message with flipped bytes is read or refused, nothing else', () => {
  const good = message({
    insert: 'x',
    documents: [{ a: 1, b: ['ü', new Date(0)], c: { d: null } }],
    $db: 't',
  });
  const flips = fc.array(
    fc.tuple(fc.integer({ min: 16, max: good.length - 1 }), fc.integer({ min: 0, max: 255 })),
    { minLength: 1, maxLength: 6 },
  );
  fc.assert(
    fc.property(flips, (changes) => {
      const bytes = Buffer.from(good);
      for (const [at, value] of changes) bytes[at] = value;
      parseOrRefuse(bytes);
    }),
    { numRuns: RUNS, seed: 11 },
  );
});

test('messages are found however the stream is cut', () => {
  const stream = Buffer.concat([message({ ping: 1, $db: 'a' }), message({ hello: 1, $db: 'b' })]);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (sizes) => {
      const deframer = new Deframer();
      const found: string[] = [];
      for (let at = 0, i = 0; at < stream.length; i++) {
        const size = sizes[i % sizes.length] as number;
        for (const one of deframer.push(stream.subarray(at, at + size)))
          found.push(parseRequest(one).database);
        at += size;
      }
      expect(found).toEqual(['a', 'b']);
    }),
    { numRuns: 200, seed: 3 },
  );
});

test('a length no message can have ends the conversation', () => {
  const bytes = Buffer.alloc(16);
  bytes.writeInt32LE(2_000_000_000, 0);
  expect(() => new Deframer().push(bytes)).toThrow(/out of bounds/);
});

test('documents encoded beforehand read like any others', () => {
  const docs = [{ a: 1 }, { b: '中' }];
  const batch = new EncodedBatch(docs.map((doc) => serialize(doc)));
  const cursor = { firstBatch: batch, id: 0, ns: 't.x' };
  const bytes = Buffer.concat(frameReply(5, { cursor, ok: 1 }, false, 9));
  expect(bytes.readInt32LE(0)).toBe(bytes.length);
  expect(decode(bytes, 21)).toEqual({ cursor: { firstBatch: docs, id: 0, ns: 't.x' }, ok: 1 });
});
