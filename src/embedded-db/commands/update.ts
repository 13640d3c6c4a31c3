import { isDoc, type Doc } from '../bson/value.js';
import { DbError } from '../errors.js';
import { findEntries, type FindRequest } from '../query/find.js';
import { compileMatch, type Match } from '../query/match.js';
import type { Collection } from '../storage/collection.js';
import { compileUpdate, type Update } from '../update/update.js';
import { collect, type Work } from '../work.js';
import {
  collationOf,
  flagOf,
  namespaceOf,
  ok,
  type Call,
  type Command,
  variablesOf,
  constants,
} from './command.js';
import { updateEntry } from './modify.js';
import { selectOne } from './select.js';
import { upsertedDoc } from './upsert.js';
import { runStatements, statementsOf } from './write.js';

const KNOWN = new Set([
  'q',
  'u',
  'c',
  'multi',
  'upsert',
  'collation',
  'arrayFilters',
  'hint',
  'sampleId',
]);

interface Tally {
  n: number;
  nModified: number;
  readonly upserted: Doc[];
}

export const update: Command = async (call) => {
  const namespace = namespaceOf(call);
  const statements = statementsOf(call, 'updates');
  for (const statement of statements) checkStatement(statement);
  const tally: Tally = { n: 0, nModified: 0, upserted: [] };
  const errors = await runStatements(call, statements, (statement, index) =>
    updateStatement(call, namespace, statement, index, tally),
  );
  const upserted = tally.upserted.length > 0 ? { upserted: tally.upserted } : {};
  return ok({ n: tally.n, nModified: tally.nModified, ...upserted, ...errors });
};

function checkStatement(statement: Doc): void {
  for (const name of Object.keys(statement)) {
    // `sort` came with MongoDB 8; drivers expect this refusal from an older server.
    if (!KNOWN.has(name))
      throw new DbError(40415, `BSON field 'update.updates.${name}' is an unknown field.`);
  }
  for (const name of ['multi', 'upsert']) flagOf(statement, name, 'update.updates');
  for (const name of ['q', 'u']) {
    if (statement[name] === undefined) {
      throw new DbError(
        40414,
        `BSON field 'update.updates.${name}' is missing but a required field`,
      );
    }
  }
}

async function updateStatement(
  call: Call,
  namespace: string,
  statement: Doc,
  index: number,
  tally: Tally,
): Promise<void> {
  const { context } = call;
  const upsert = statement['upsert'] === true;
  const collection = upsert
    ? await context.store.findOrCreate(namespace)
    : await context.store.find(namespace);
  const filter = isDoc(statement['q']) ? statement['q'] : {};
  const collation = collationOf(statement['collation'], collection);
  const variables = {
    ...variablesOf(call),
    ...(isDoc(statement['c']) ? constants(statement['c'], context.clock.now()) : {}),
  };
  const request: FindRequest = { filter, hint: statement['hint'], collation, variables };
  const match = compileMatch(filter, request);
  const compiled = compileUpdate(statement['u'], {
    collation,
    variables,
    arrayFilters: statement['arrayFilters'] as unknown[] | undefined,
    now: context.clock.now(),
  });
  const multi = statement['multi'] === true;
  if (multi && compiled.isReplacement)
    throw new DbError(9, 'multi update is not supported for replacement-style update');
  if (!collection) return;
  const matched = multi
    ? await context.turns.run(updateAll(collection, request, match, compiled, tally))
    : await updateFirst(call, collection, request, match, compiled, tally);
  if (matched > 0 || !upsert) return;
  const doc = upsertedDoc(filter, compiled);
  collection.insert(doc);
  tally.n++;
  tally.upserted.push({ index, _id: doc['_id'] });
}

async function updateFirst(
  call: Call,
  collection: Collection,
  request: FindRequest,
  match: Match,
  compiled: Update,
  tally: Tally,
): Promise<number> {
  const entry = await selectOne(call, collection, request, match);
  if (!entry) return 0;
  const next = updateEntry(collection, entry, match, compiled);
  tally.n++;
  if (next !== entry) tally.nModified++;
  return 1;
}

/** Statements that change many documents pause after so many for others. */
const BREATH = 16;

/** All that match now; one that changed while others had their turn is matched again before it is touched. */
function* updateAll(
  collection: Collection,
  request: FindRequest,
  match: Match,
  compiled: Update,
  tally: Tally,
): Work<number> {
  let matched = 0;
  for (const found of yield* collect(findEntries(collection, request, match))) {
    const entry = collection.entries.get(found.record);
    if (!entry || (entry !== found && !match(entry.doc))) continue;
    const next = updateEntry(collection, entry, match, compiled);
    matched++;
    tally.n++;
    if (next !== entry) tally.nModified++;
    if (matched % BREATH === 0) yield;
  }
  return matched;
}
