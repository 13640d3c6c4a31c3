import { encode } from '../bson/encode.js';
import { isDoc, type Doc } from '../bson/value.js';

/** Documents already encoded, to be copied into a reply as they are. */
export class EncodedBatch {
  constructor(readonly docs: readonly Uint8Array[]) {}
}

/**
 * The BSON of a reply. The documents of a cursor's batch come encoded and are not taken apart again:
 * they are most of what a server sends.
 */
export function encodeReply(reply: Doc): Buffer[] {
  const { cursor, ...rest } = reply;
  if (!isDoc(cursor)) return [asBuffer(encode(reply))];
  const [name] = Object.keys(cursor);
  const batch = name === undefined ? undefined : cursor[name];
  if (name === undefined || !(batch instanceof EncodedBatch)) return [asBuffer(encode(reply))];
  const cursorRest = Object.fromEntries(Object.entries(cursor).slice(1));
  const array = arrayParts(batch.docs);
  const inner = documentParts([elementHead(0x04, name), ...array], cursorRest);
  return documentParts([elementHead(0x03, 'cursor'), ...inner], rest);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function elementHead(type: number, name: string): Buffer {
  return Buffer.concat([Buffer.from([type]), Buffer.from(`${name}\0`)]);
}

function sizeOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

/** A document that starts with the given elements and goes on with those of `rest`. */
function documentParts(first: readonly Buffer[], rest: Doc): Buffer[] {
  const encoded = asBuffer(encode(rest));
  const tail = encoded.subarray(4);
  const head = Buffer.alloc(4);
  head.writeInt32LE(4 + sizeOf(first) + tail.length, 0);
  return [head, ...first, tail];
}

const END = Buffer.from([0]);

function arrayParts(docs: readonly Uint8Array[]): Buffer[] {
  const parts: Buffer[] = [];
  let size = 5;
  for (const [i, doc] of docs.entries()) {
    const head = elementHead(0x03, String(i));
    parts.push(head, asBuffer(doc));
    size += head.length + doc.length;
  }
  const length = Buffer.alloc(4);
  length.writeInt32LE(size, 0);
  return [length, ...parts, END];
}
