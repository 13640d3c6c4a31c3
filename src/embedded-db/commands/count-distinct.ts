import { encodeKey } from '../storage/key.js';
import { isDoc, isNumeric, toDouble, type Doc } from '../bson/value.js';
import { DbError } from '../errors.js';
import { findDocs, findEntries } from '../query/find.js';
import { textFolding, type Collation } from '../query/collation.js';
import { compileMatch } from '../query/match.js';
import { anyValue, parsePath } from '../query/path.js';
import { mergeSort } from '../query/sort-work.js';
import { counted, forEach, type Flow, type Work } from '../work.js';
import {
  collationOf,
  countArgument,
  docArgument,
  namespaceOf,
  ok,
  type Command,
} from './command.js';
import { honourReadConcern } from './find.js';

export const count: Command = async (call) => {
  const { command, context } = call;
  await honourReadConcern(call);
  const namespace = namespaceOf(call);
  const filter = docArgument(call, 'query') ?? {};
  const skip = countArgument(call, 'skip');
  const limit = isNumeric(command['limit']) ? Math.abs(Math.trunc(toDouble(command['limit']))) : 0;
  const collection = await context.store.find(namespace);
  const collation = collationOf(command['collation'], collection);
  const request = { filter, skip, limit, hint: command['hint'], collation };
  compileMatch(filter, request);
  if (!collection) return ok({ n: 0 });
  if (Object.keys(filter).length === 0) {
    const rest = Math.max(0, collection.entries.size - (skip ?? 0));
    return ok({ n: limit ? Math.min(limit, rest) : rest });
  }
  return ok({ n: await context.turns.run(counted(findEntries(collection, request))) });
};

export const distinct: Command = async (call) => {
  const { command, context } = call;
  await honourReadConcern(call);
  const namespace = namespaceOf(call);
  const key = command['key'];
  if (typeof key !== 'string') {
    throw new DbError(14, `BSON field 'distinct.key' is the wrong type, expected type 'string'`);
  }
  const query = command['query'];
  if (query !== undefined && query !== null && !isDoc(query)) {
    throw new DbError(14, `BSON field 'distinct.query' is the wrong type, expected type 'object'`);
  }
  const filter: Doc = isDoc(query) ? query : {};
  const collection = await context.store.find(namespace);
  const collation = collationOf(command['collation'], collection);
  const request = { filter, hint: command['hint'], collation };
  compileMatch(filter, request);
  const docs = findDocs(collection, request);
  return ok({ values: await context.turns.run(distinctValues(docs, key, collation)) });
};

/** Every value under a path once, in order. */
function* distinctValues(
  docs: Flow<Doc>,
  key: string,
  collation: Collation | undefined,
): Work<unknown[]> {
  const fold = collation ? textFolding(collation) : undefined;
  const values = new Map<string, unknown>();
  const path = parsePath(key);
  const take = (value: unknown): false => {
    // The array as a whole is offered after its elements; distinct wants the elements.
    if (value === undefined || Array.isArray(value)) return false;
    const id = encodeKey(fold && typeof value === 'string' ? fold(value) : value);
    if (!values.has(id)) values.set(id, value);
    return false;
  };
  yield* forEach(docs, (doc) => {
    anyValue(doc, path, 'each', take, undefined);
  });
  const sorted = yield* mergeSort([...values.keys()], (a, b) => (a < b ? -1 : 1));
  return sorted.map((id) => values.get(id));
}
