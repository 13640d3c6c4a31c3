import { serialize } from 'bson';
import { DbError } from '../errors.js';
import type { Doc } from './value.js';

/** MongoDB's limit for one document. */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;

/** The BSON bytes of a document; `undefined` fields are left out. */
export function encode(doc: Doc): Uint8Array {
  return serialize(doc, { ignoreUndefined: true });
}

/** Like {@link encode}, for a document about to be stored. @throws DbError 10334 above 16 MB */
export function encodeStored(doc: Doc): Uint8Array {
  const bytes = encode(doc);
  if (bytes.length > MAX_DOCUMENT_BYTES) {
    throw new DbError(
      10334,
      `BSONObj size: ${bytes.length} (0x${bytes.length.toString(16).toUpperCase()}) is invalid. ` +
        `Size must be between 0 and ${MAX_DOCUMENT_BYTES}(16MB) First element: _id: ${String(doc['_id'])}`,
    );
  }
  return bytes;
}
