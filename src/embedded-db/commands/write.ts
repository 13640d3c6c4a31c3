import { ObjectId, isDoc, type Doc } from '../bson/value.js';
import { DbError } from '../errors.js';
import { flagOf, type Call } from './command.js';

/** The statements of a bulk write, in the body or as a document sequence. */
export function statementsOf(call: Call, name: string): Doc[] {
  const value: unknown = call.command[name];
  if (!Array.isArray(value)) {
    throw new DbError(40414, `BSON field '${call.name}.${name}' is missing but a required field`);
  }
  if (value.length === 0 || value.length > 100_000) {
    throw new DbError(
      16,
      `Write batch sizes must be between 1 and 100000. Got ${value.length} operations.`,
    );
  }
  for (const [i, statement] of value.entries()) {
    if (!isDoc(statement))
      throw new DbError(14, `BSON field '${call.name}.${name}.${i}' must be an object`);
  }
  return value as Doc[];
}

/** Statements between two looks at the clock. */
const BREATH = 8;

/**
 * Runs the statements of a batch one after the other; a failing one is reported in `writeErrors` and ends
 * an ordered batch. The answer waits for the disk whatever happened: even “duplicate key” tells of a
 * document that must not be lost again.
 */
export async function runStatements(
  call: Call,
  statements: readonly Doc[],
  run: (statement: Doc, index: number) => Promise<void> | void,
): Promise<Doc> {
  const ordered = flagOf(call.command, 'ordered', call.name) ?? true;
  const { turns } = call.context;
  const writeErrors: Doc[] = [];
  for (const [index, statement] of statements.entries()) {
    try {
      const pending = run(statement, index);
      if (pending) await pending;
      if (index % BREATH === BREATH - 1 && turns.isOver()) await turns.pass();
    } catch (error) {
      if (!(error instanceof DbError)) throw error;
      writeErrors.push({ index, code: error.code, ...error.extra, errmsg: error.message });
      if (ordered) break;
    }
  }
  await call.context.store.committer.durable();
  return writeErrors.length > 0 ? { writeErrors } : {};
}

/** `_id` present and first. @throws DbError 53 for an `_id` that can not be one */
export function withId(doc: Doc): Doc {
  checkStorable(doc);
  const { _id } = doc;
  if (_id === undefined) return { _id: new ObjectId(), ...doc };
  return Object.keys(doc)[0] === '_id' ? doc : { _id, ...doc };
}

/** @throws DbError 53, 52 for what MongoDB does not store */
export function checkStorable(doc: Doc): void {
  const { _id } = doc;
  if (Array.isArray(_id)) throw new DbError(53, "The '_id' value cannot be of type array");
  if (isRegExpValue(_id)) throw new DbError(53, "The '_id' value cannot be of type regex");
  if (isDoc(_id)) {
    for (const name of Object.keys(_id)) {
      if (name.startsWith('$') && !['$ref', '$id', '$db'].includes(name)) {
        throw new DbError(
          52,
          `_id fields may not contain '$'-prefixed fields: ${name} is not valid for storage.`,
        );
      }
    }
  }
}

function isRegExpValue(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    '_bsontype' in value &&
    value._bsontype === 'BSONRegExp'
  );
}
