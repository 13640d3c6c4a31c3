import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { deserialize, serialize } from 'bson';
import { isHead, type CollectionHead, type CollectionRow } from './snapshot.js';

const MAGIC = 'embedded-db backup 1';
/** More than one document with its frame can have. */
const MAX_ROW_BYTES = 17 * 1024 * 1024;

/**
 * Writes a snapshot to a file of BSON documents: a head, the rows, and an end that counts them. The file
 * appears under its name only when it is complete and on disk.
 *
 * @returns how many documents it holds
 */
export async function writeBackup(
  file: string,
  rows: AsyncIterable<CollectionHead | CollectionRow>,
): Promise<number> {
  const partial = `${file}.partial`;
  const output = createWriteStream(partial, { mode: 0o600 });
  let documents = 0;
  let count = 0;
  const put = async (row: object): Promise<void> => {
    if (!output.write(serialize(row))) await once(output, 'drain');
  };
  await put({ magic: MAGIC });
  for await (const row of rows) {
    await put(row);
    count++;
    if (!isHead(row)) documents++;
  }
  await put({ end: count });
  output.end();
  await finished(output);
  await syncFile(partial);
  await rename(partial, file);
  return documents;
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The rows of a backup. @throws Error when the file is none, is damaged, or was cut short */
export async function* readBackup(file: string): AsyncGenerator<CollectionHead | CollectionRow> {
  let count = -1;
  for await (const row of documentsOf(file)) {
    if (count < 0) {
      if (row['magic'] !== MAGIC) throw new Error(`${file} is no backup of the embedded database`);
      count = 0;
    } else if ('end' in row) {
      if (Number(row['end']) !== count) throw new Error(`${file} is damaged: rows are missing`);
      return;
    } else {
      count++;
      yield normalised(row);
    }
  }
  throw new Error(`${file} was cut short; nothing after row ${count} is there`);
}

function normalised(row: Record<string, unknown>): CollectionHead | CollectionRow {
  const frame = { ...row, number: Number(row['number']) };
  return ('count' in row ? { ...frame, count: Number(row['count']) } : frame) as
    CollectionHead | CollectionRow;
}

async function* documentsOf(file: string): AsyncGenerator<Record<string, unknown>> {
  let rest = Buffer.alloc(0);
  for await (const chunk of createReadStream(file)) {
    rest = Buffer.concat([rest, chunk as Buffer]);
    let at = 0;
    while (rest.length - at >= 4) {
      const length = rest.readInt32LE(at);
      if (length < 5 || length > MAX_ROW_BYTES) throw new Error(`${file} is damaged`);
      if (rest.length - at < length) break;
      const options = { promoteValues: false, promoteBuffers: false, bsonRegExp: true };
      yield deserialize(rest.subarray(at, at + length), options);
      at += length;
    }
    rest = rest.subarray(at);
  }
}
