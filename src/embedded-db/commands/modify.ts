import { equalValues } from '../bson/compare.js';
import type { Doc } from '../bson/value.js';
import { DbError } from '../errors.js';
import type { MatchDetails } from '../query/path.js';
import type { Match } from '../query/match.js';
import type { Collection, Entry } from '../storage/collection.js';
import type { Update } from '../update/update.js';

/** Applies an update to one stored document. @returns the entry after it, the same one when nothing changed */
export function updateEntry(
  collection: Collection,
  entry: Entry,
  match: Match,
  update: Update,
): Entry {
  const details: MatchDetails = { index: undefined };
  match(entry.doc, details);
  const next = update.apply(entry.doc, details.index, false);
  if (next === entry.doc) return entry;
  checkIdKept(entry.doc, next, update);
  return collection.replace(entry, next);
}

function checkIdKept(before: Doc, after: Doc, update: Update): void {
  if (equalValues(before['_id'], after['_id']) && '_id' in after) return;
  throw update.isReplacement
    ? new DbError(
        66,
        "After applying the update, the (immutable) field '_id' was found to have been altered to _id: " +
          String(after['_id']),
      )
    : new DbError(
        66,
        "Performing an update on the path '_id' would modify the immutable field '_id'",
      );
}
