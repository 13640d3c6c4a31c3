import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * LevelDB's write-ahead log: blocks of 32 KB, each a row of records, a write being one record or several
 * fragments. LevelDB itself steps over what it can not read and says so only in a file nobody reads.
 */
const BLOCK = 32_768;
const HEADER = 7;

const FIRST = 2;
const LAST = 4;

/** A part of a log that can not be read any more. */
export interface Damage {
  readonly at: number;
  readonly bytes: number;
  /** `unfinished`: the file ends within a write, as after a power cut. `broken`: its bytes have changed. */
  readonly kind: 'unfinished' | 'broken';
}

/** What an operator should know about the logs of a folder before they are replayed. */
export async function damagedLogs(folder: string): Promise<string[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.log')).sort();
  const found: string[] = [];
  for (const file of files) {
    for (const damage of damagesOf(await readFile(path.join(folder, file)))) {
      found.push(describe(path.join(folder, file), damage));
    }
  }
  return found;
}

function describe(file: string, { at, bytes, kind }: Damage): string {
  return kind === 'unfinished'
    ? `${file} ends within a write: its last ${bytes} bytes were left out, everything before them was kept`
    : `${file} is damaged: ${bytes} bytes at ${at} can not be read and were left out, everything else was kept`;
}

/** The damaged parts of one log, as LevelDB will skip them. */
function damagesOf(log: Buffer): Damage[] {
  const damages: Damage[] = [];
  /** Where the fragments of a write under way began. */
  let begun: number | undefined;
  for (let block = 0; block < log.length; block += BLOCK) {
    const end = Math.min(block + BLOCK, log.length);
    let at = block;
    while (at < end) {
      const left = end - at;
      if (left < HEADER) {
        if (end % BLOCK !== 0) return [...damages, unfinished(begun ?? at, log)];
        break;
      }
      const length = log.readUInt16LE(at + 4);
      const type = log[at + 6] as number;
      if (type === 0 && length === 0) break;
      if (HEADER + length > left && end % BLOCK !== 0) {
        return [...damages, unfinished(begun ?? at, log)];
      }
      if (HEADER + length > left || log.readUInt32LE(at) !== checksum(log, at + 6, length + 1)) {
        // The length may be what is wrong: the rest of the block is lost with the record.
        damages.push({ at: begun ?? at, bytes: end - (begun ?? at), kind: 'broken' });
        begun = undefined;
        break;
      }
      if (type === FIRST) begun = at;
      else if (type === LAST) begun = undefined;
      at += HEADER + length;
    }
  }
  return begun === undefined ? damages : [...damages, unfinished(begun, log)];
}

function unfinished(at: number, log: Buffer): Damage {
  return { at, bytes: log.length - at, kind: 'unfinished' };
}

const POLYNOMIAL = 0x82f63b78;
const MASK = 0xa282ead8;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ POLYNOMIAL : rest >>> 1;
  return rest >>> 0;
});

/** CRC-32C, masked the way LevelDB stores it. */
function checksum(bytes: Buffer, start: number, length: number): number {
  let crc = 0xffffffff;
  for (let i = start; i < start + length; i++) {
    crc = (TABLE[(crc ^ (bytes[i] as number)) & 0xff] as number) ^ (crc >>> 8);
  }
  crc = ~crc >>> 0;
  return (((crc >>> 15) | (crc << 17)) + MASK) >>> 0;
}
