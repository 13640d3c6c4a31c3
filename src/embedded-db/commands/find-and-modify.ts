import { isDoc, type Doc } from '../bson/value.js';
import { DbError } from '../errors.js';
import type { FindRequest } from '../query/find.js';
import { compileMatch, type Match } from '../query/match.js';
import { compileProjection } from '../query/projection.js';
import { parseSort } from '../query/sort.js';
import type { Collection } from '../storage/collection.js';
import { compileUpdate, type Update } from '../update/update.js';
import {
  collationOf,
  docArgument,
  flagOf,
  namespaceOf,
  ok,
  type Call,
  type Command,
  variablesOf,
} from './command.js';
import { updateEntry } from './modify.js';
import { selectOne } from './select.js';
import { upsertedDoc } from './upsert.js';

interface Outcome {
  readonly value: Doc | null;
  readonly lastErrorObject: Doc;
}

/** Finds one document and changes or removes it in one step that nobody can come between. */
export const findAndModify: Command = async (call) => {
  const { command, context } = call;
  const namespace = namespaceOf(call);
  const remove = flagOf(command, 'remove', call.name, true) ?? false;
  const upsert = flagOf(command, 'upsert', call.name, true) ?? false;
  const wantsNew = flagOf(command, 'new', call.name, true) ?? false;
  checkCombination(command, remove, upsert, wantsNew);
  const filter = docArgument(call, 'query') ?? {};
  const sort = docArgument(call, 'sort');
  if (sort) parseSort(sort);
  const collection = upsert
    ? await context.store.findOrCreate(namespace)
    : await context.store.find(namespace);
  const collation = collationOf(command['collation'], collection);
  const variables = variablesOf(call);
  const request: FindRequest = { filter, sort, hint: command['hint'], collation, variables };
  const match = compileMatch(filter, request);
  const update = remove
    ? undefined
    : compileUpdate(command['update'], {
        collation,
        variables,
        arrayFilters: command['arrayFilters'] as unknown[] | undefined,
        now: context.clock.now(),
      });
  const outcome = update
    ? await modifyOne(call, collection, request, match, update, upsert, wantsNew)
    : await removeOne(call, collection, request, match);
  await context.store.committer.durable();
  return ok({
    lastErrorObject: outcome.lastErrorObject,
    value: projected(call, filter, outcome.value),
  });
};

function checkCombination(command: Doc, remove: boolean, upsert: boolean, wantsNew: boolean): void {
  const hasUpdate = command['update'] !== undefined;
  if (remove && hasUpdate) throw new DbError(9, 'Cannot specify both an update and remove=true');
  if (!remove && !hasUpdate)
    throw new DbError(9, 'Either an update or remove=true must be specified');
  if (remove && upsert) throw new DbError(9, 'Cannot specify both upsert=true and remove=true');
  if (remove && wantsNew) {
    throw new DbError(
      9,
      "Cannot specify both new=true and remove=true; 'remove' always returns the deleted document",
    );
  }
}

async function removeOne(
  call: Call,
  collection: Collection | undefined,
  request: FindRequest,
  match: Match,
): Promise<Outcome> {
  const entry = collection && (await selectOne(call, collection, request, match));
  if (entry) collection.remove(entry);
  return { value: entry?.doc ?? null, lastErrorObject: { n: entry ? 1 : 0 } };
}

async function modifyOne(
  call: Call,
  collection: Collection | undefined,
  request: FindRequest,
  match: Match,
  update: Update,
  upsert: boolean,
  wantsNew: boolean,
): Promise<Outcome> {
  const entry = collection && (await selectOne(call, collection, request, match));
  if (entry) {
    const next = updateEntry(collection, entry, match, update);
    return {
      value: wantsNew ? next.doc : entry.doc,
      lastErrorObject: { n: 1, updatedExisting: true },
    };
  }
  if (!collection || !upsert) {
    return { value: null, lastErrorObject: { n: 0, updatedExisting: false } };
  }
  const doc = upsertedDoc(request.filter, update);
  collection.insert(doc);
  return {
    value: wantsNew ? doc : null,
    lastErrorObject: { n: 1, updatedExisting: false, upserted: doc['_id'] },
  };
}

function projected(call: Call, filter: Doc, value: Doc | null): Doc | null {
  const fields = call.command['fields'] ?? call.command['projection'];
  if (!value || !isDoc(fields) || Object.keys(fields).length === 0) return value;
  return compileProjection(fields, { filter, now: call.context.clock.now() }).apply(value);
}
