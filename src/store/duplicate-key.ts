import { MongoBulkWriteError, MongoServerError } from 'mongodb';
import type { WriteError } from 'mongodb';

const DUPLICATE_KEY = 11_000;

/** Whether a write failed because a unique key is taken: for us an answer, not a failure. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY;
}

/**
 * The positions, in an unordered insertMany, of documents that were there already.
 * Rethrows when anything else went wrong with any of them.
 */
export function duplicatePositions(error: unknown): Set<number> {
  if (!(error instanceof MongoBulkWriteError)) throw error;
  const failures: readonly WriteError[] = [error.writeErrors].flat();
  if (failures.length === 0 || failures.some(({ code }) => code !== DUPLICATE_KEY)) throw error;
  return new Set(failures.map(({ index }) => index));
}
