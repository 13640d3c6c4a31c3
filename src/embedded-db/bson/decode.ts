import { DbError } from '../errors.js';
import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  Decimal128,
  Double,
  isInt32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  setField,
  Timestamp,
  type Doc,
} from './value.js';

const MAX_DEPTH = 180;
const UTF8 = new TextDecoder('utf-8', { fatal: true });

function malformed(why: string): DbError {
  return new DbError(22, `Invalid BSON: ${why}`);
}

/**
 * Reads one BSON document.
 *
 * The library's own `deserialize` cannot be used: it turns integral doubles and longs into int32 on the
 * way back, the regular-expression option `s` into `g`, and `{ $ref, $id }` into a `DBRef`. Everything
 * that comes from the network passes here, so every length is checked before it is believed.
 *
 * @throws DbError 22 when the bytes are not one well-formed document
 */
export function decode(bytes: Buffer, start = 0): Doc {
  const reader = new Reader(bytes, start);
  return reader.document(0);
}

/** The length in bytes that a document at `start` claims for itself. */
export function documentLength(bytes: Buffer, start: number): number {
  if (start + 5 > bytes.length) throw malformed('document is cut short');
  return bytes.readInt32LE(start);
}

class Reader {
  constructor(
    private readonly bytes: Buffer,
    private at: number,
  ) {}

  document(depth: number): Doc {
    const doc: Doc = {};
    this.elements(depth, (name, value) => {
      setField(doc, name, value);
    });
    return doc;
  }

  private array(depth: number): unknown[] {
    const values: unknown[] = [];
    this.elements(depth, (_name, value) => values.push(value));
    return values;
  }

  private elements(depth: number, take: (name: string, value: unknown) => void): void {
    if (depth > MAX_DEPTH) throw malformed('nested too deeply');
    const start = this.at;
    const length = documentLength(this.bytes, start);
    const end = start + length;
    if (length < 5 || end > this.bytes.length || this.bytes[end - 1] !== 0) {
      throw malformed('bad document length');
    }
    this.at = start + 4;
    while (this.at < end - 1) {
      const type = this.bytes[this.at++] as number;
      const name = this.cstring(end);
      take(name, this.value(type, end, depth));
    }
    if (this.at !== end - 1) throw malformed('element runs past its document');
    this.at = end;
  }

  private need(count: number, end: number): number {
    const at = this.at;
    if (count < 0 || at + count > end) throw malformed('element runs past its document');
    this.at += count;
    return at;
  }

  private cstring(end: number): string {
    const zero = this.bytes.indexOf(0, this.at);
    if (zero < 0 || zero >= end) throw malformed('unterminated name');
    const text = this.text(this.at, zero);
    this.at = zero + 1;
    return text;
  }

  private text(from: number, to: number): string {
    // Short ASCII names and values are most of the traffic; reading them here saves a native call.
    if (to - from < 24) {
      let text = '';
      let i = from;
      for (; i < to; i++) {
        const byte = this.bytes[i] as number;
        if (byte > 127) break;
        text += String.fromCharCode(byte);
      }
      if (i === to) return text;
    }
    try {
      return UTF8.decode(this.bytes.subarray(from, to));
    } catch {
      throw malformed('string is not UTF-8');
    }
  }

  private string(end: number): string {
    const length = this.bytes.readInt32LE(this.need(4, end));
    if (length < 1) throw malformed('bad string length');
    const at = this.need(length, end);
    if (this.bytes[at + length - 1] !== 0) throw malformed('unterminated string');
    return this.text(at, at + length - 1);
  }

  private long(end: number): Long {
    const at = this.need(8, end);
    return new Long(this.bytes.readInt32LE(at), this.bytes.readInt32LE(at + 4));
  }

  private value(type: number, end: number, depth: number): unknown {
    switch (type) {
      case 0x01: {
        const value = this.bytes.readDoubleLE(this.need(8, end));
        return isInt32(value) ? new Double(value) : value;
      }
      case 0x02:
        return this.string(end);
      case 0x03:
        return this.document(depth + 1);
      case 0x04:
        return this.array(depth + 1);
      case 0x05:
        return this.binary(end);
      case 0x06:
      case 0x0a:
        return null;
      case 0x07: {
        const at = this.need(12, end);
        return new ObjectId(Uint8Array.prototype.slice.call(this.bytes, at, at + 12));
      }
      case 0x08:
        return this.bytes[this.need(1, end)] !== 0;
      case 0x09:
        return new Date(this.long(end).toNumber());
      case 0x0b:
        return new BSONRegExp(this.cstring(end), this.cstring(end));
      case 0x0c: {
        const namespace = this.string(end);
        const at = this.need(12, end);
        return {
          $ref: namespace,
          $id: new ObjectId(Uint8Array.prototype.slice.call(this.bytes, at, at + 12)),
        };
      }
      case 0x0d:
        return new Code(this.string(end));
      case 0x0e:
        return new BSONSymbol(this.string(end));
      case 0x0f: {
        this.need(4, end);
        const source = this.string(end);
        return new Code(source, this.document(depth + 1));
      }
      case 0x10:
        return this.bytes.readInt32LE(this.need(4, end));
      case 0x11: {
        const at = this.need(8, end);
        return new Timestamp({
          i: this.bytes.readUInt32LE(at),
          t: this.bytes.readUInt32LE(at + 4),
        });
      }
      case 0x12:
        return this.long(end);
      case 0x13: {
        const at = this.need(16, end);
        return new Decimal128(Uint8Array.prototype.slice.call(this.bytes, at, at + 16));
      }
      case 0xff:
        return new MinKey();
      case 0x7f:
        return new MaxKey();
      default:
        throw malformed(`unknown element type 0x${type.toString(16)}`);
    }
  }

  private binary(end: number): Binary {
    let length = this.bytes.readInt32LE(this.need(4, end));
    const subtype = this.bytes[this.need(1, end)] as number;
    if (subtype === 2) {
      const inner = this.bytes.readInt32LE(this.need(4, end));
      if (inner !== length - 4) throw malformed('bad binary length');
      length = inner;
    }
    const at = this.need(length, end);
    return new Binary(Buffer.from(this.bytes.subarray(at, at + length)), subtype);
  }
}
