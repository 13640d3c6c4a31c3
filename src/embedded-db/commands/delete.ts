import type { Collection } from '../storage/collection.js';
import { isDoc, isNumeric, toDouble, type Doc } from '../bson/value.js';
import { DbError } from '../errors.js';
import { findEntries, type FindRequest } from '../query/find.js';
import { compileMatch, type Match } from '../query/match.js';
import { collect, type Work } from '../work.js';
import { collationOf, namespaceOf, ok, type Call, type Command, variablesOf } from './command.js';
import { selectOne } from './select.js';
import { runStatements, statementsOf } from './write.js';

export const deleteCommand: Command = async (call) => {
  const namespace = namespaceOf(call);
  const statements = statementsOf(call, 'deletes');
  let n = 0;
  const errors = await runStatements(call, statements, async (statement) => {
    n += await deleteStatement(call, namespace, statement);
  });
  return ok({ n, ...errors });
};

async function deleteStatement(call: Call, namespace: string, statement: Doc): Promise<number> {
  const filter = isDoc(statement['q']) ? statement['q'] : undefined;
  if (!filter)
    throw new DbError(40414, "BSON field 'delete.deletes.q' is missing but a required field");
  const limit = isNumeric(statement['limit']) ? toDouble(statement['limit']) : Number.NaN;
  if (limit !== 0 && limit !== 1) {
    throw new DbError(
      9,
      `The limit field in delete objects must be 0 or 1. Got ${String(statement['limit'])}`,
    );
  }
  const { store, turns } = call.context;
  const collection = await store.find(namespace);
  const collation = collationOf(statement['collation'], collection);
  const request: FindRequest = {
    filter,
    hint: statement['hint'],
    collation,
    variables: variablesOf(call),
  };
  const match = compileMatch(filter, request);
  if (!collection) return 0;
  if (limit === 1) {
    const entry = await selectOne(call, collection, request, match);
    if (entry) collection.remove(entry);
    return entry ? 1 : 0;
  }
  return turns.run(deleteAll(collection, request, match));
}

/** Pauses after so many documents for others. */
const BREATH = 16;

/** Removes all that match now; one that changed while others had their turn is matched again first. */
export function* deleteAll(
  collection: Collection,
  request: FindRequest,
  match: Match,
): Work<number> {
  let n = 0;
  for (const found of yield* collect(findEntries(collection, request, match))) {
    const entry = collection.entries.get(found.record);
    if (!entry || (entry !== found && !match(entry.doc))) continue;
    collection.remove(entry);
    n++;
    if (n % BREATH === 0) yield;
  }
  return n;
}
