import { decode, documentLength } from '../bson/decode.js';
import { isDoc, type Doc } from '../bson/value.js';
import { DbError } from '../errors.js';
import { encodeReply } from './reply.js';

/** Announced as `maxMessageSizeBytes`; longer messages end the connection. */
export const MAX_MESSAGE_BYTES = 48_000_000;

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const HEADER_BYTES = 16;

const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;
/** Of the sixteen flag bits a receiver must understand, the ones it does. */
const KNOWN_REQUIRED_FLAGS = CHECKSUM_PRESENT | MORE_TO_COME;

export interface Request {
  readonly requestId: number;
  readonly command: Doc;
  readonly database: string;
  /** The old framing, used for the first hello only; the answer must use it too. */
  readonly legacy: boolean;
  /** The client wants no answer. */
  readonly silent: boolean;
}

/** Reads one complete message. @throws DbError 17 when it breaks the protocol, 22 when its BSON is broken */
export function parseRequest(bytes: Buffer): Request {
  const requestId = bytes.readInt32LE(4);
  const opcode = bytes.readInt32LE(12);
  if (opcode === OP_MSG) return parseMessage(bytes, requestId);
  if (opcode === OP_QUERY) return parseQuery(bytes, requestId);
  throw new DbError(17, `Unsupported operation code ${opcode}; this server speaks OP_MSG`);
}

function parseMessage(bytes: Buffer, requestId: number): Request {
  if (bytes.length < HEADER_BYTES + 5) throw new DbError(17, 'message is cut short');
  const flags = bytes.readUInt32LE(HEADER_BYTES);
  if ((flags & 0xffff & ~KNOWN_REQUIRED_FLAGS) !== 0) {
    throw new DbError(17, 'message has flags this server does not know');
  }
  const end = bytes.length - (flags & CHECKSUM_PRESENT ? 4 : 0);
  let body: Doc | undefined;
  const sequences: Doc = {};
  for (let at = HEADER_BYTES + 4; at < end;) {
    const kind = bytes[at++];
    if (kind === 0) {
      body = decode(bytes, at);
      at += documentLength(bytes, at);
    } else if (kind === 1) {
      at = readSequence(bytes, at, end, sequences);
    } else {
      throw new DbError(17, `Unknown section kind ${String(kind)}`);
    }
  }
  if (!body) throw new DbError(17, 'message has no body section');
  const command = { ...body, ...sequences };
  const database = command['$db'];
  if (typeof database !== 'string')
    throw new DbError(40571, 'OP_MSG requests require a $db argument');
  return { requestId, command, database, legacy: false, silent: (flags & MORE_TO_COME) !== 0 };
}

/** A document sequence: the documents of one array field, outside the body. */
function readSequence(bytes: Buffer, start: number, end: number, into: Doc): number {
  if (start + 4 > end) throw new DbError(17, 'document sequence is cut short');
  const stop = start + bytes.readInt32LE(start);
  const zero = bytes.indexOf(0, start + 4);
  if (stop > end || zero < 0 || zero >= stop) throw new DbError(17, 'bad document sequence');
  const name = bytes.toString('utf8', start + 4, zero);
  const docs: Doc[] = [];
  for (let at = zero + 1; at < stop; at += documentLength(bytes, at)) docs.push(decode(bytes, at));
  into[name] = docs;
  return stop;
}

function parseQuery(bytes: Buffer, requestId: number): Request {
  const zero = bytes.indexOf(0, HEADER_BYTES + 4);
  if (zero < 0 || zero + 9 > bytes.length) throw new DbError(17, 'bad OP_QUERY');
  const namespace = bytes.toString('utf8', HEADER_BYTES + 4, zero);
  if (!namespace.endsWith('.$cmd')) {
    throw new DbError(17, 'OP_QUERY is no longer supported for anything but the first hello');
  }
  const query = decode(bytes, zero + 9);
  const wrapped = query['$query'];
  return {
    requestId,
    command: isDoc(wrapped) ? wrapped : query,
    database: namespace.slice(0, -'.$cmd'.length),
    legacy: true,
    silent: false,
  };
}

/** The framed answer to a request. */
export function frameReply(
  requestId: number,
  reply: Doc,
  legacy: boolean,
  ownId: number,
): Buffer[] {
  const body = encodeReply(reply);
  const bodyBytes = body.reduce((sum, part) => sum + part.length, 0);
  const head = Buffer.alloc(legacy ? 36 : 21);
  head.writeInt32LE(head.length + bodyBytes, 0);
  head.writeInt32LE(ownId, 4);
  head.writeInt32LE(requestId, 8);
  head.writeInt32LE(legacy ? OP_REPLY : OP_MSG, 12);
  if (legacy) {
    head.writeInt32LE(8, 16);
    head.writeInt32LE(1, 32);
  }
  return [head, ...body];
}

/** Cuts a byte stream into messages. */
export class Deframer {
  private chunks: Buffer[] = [];
  private buffered = 0;

  /** @throws DbError 17 for a length no message can have */
  push(chunk: Buffer): Buffer[] {
    this.chunks.push(chunk);
    this.buffered += chunk.length;
    const messages: Buffer[] = [];
    for (;;) {
      const length = this.nextLength();
      if (length === undefined || this.buffered < length) return messages;
      messages.push(this.take(length));
    }
  }

  private nextLength(): number | undefined {
    if (this.buffered < HEADER_BYTES) return undefined;
    const length = this.peek().readInt32LE(0);
    if (length < HEADER_BYTES || length > MAX_MESSAGE_BYTES) {
      throw new DbError(17, `message length ${length} is out of bounds`);
    }
    return length;
  }

  private peek(): Buffer {
    const first = this.chunks[0] as Buffer;
    if (first.length >= 4) return first;
    this.chunks = [Buffer.concat(this.chunks)];
    return this.chunks[0] as Buffer;
  }

  private take(length: number): Buffer {
    const all = this.chunks.length === 1 ? (this.chunks[0] as Buffer) : Buffer.concat(this.chunks);
    this.buffered -= length;
    this.chunks = this.buffered > 0 ? [all.subarray(length)] : [];
    return all.subarray(0, length);
  }
}
