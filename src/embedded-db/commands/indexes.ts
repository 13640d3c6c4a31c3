import { show } from '../bson/show.js';
import { equalValues } from '../bson/compare.js';
import { encodeKey } from '../storage/key.js';
import { isDoc, isNumeric, toDouble, type Doc } from '../bson/value.js';
import { DbError } from '../errors.js';
import { requireCollection, type Collection } from '../storage/collection.js';
import type { Index, IndexSpec } from '../storage/index.js';
import { docArgument, namespaceOf, ok, type Command } from './command.js';
import { parseIndexSpec } from './index-spec.js';

export const createIndexes: Command = async (call) => {
  const namespace = namespaceOf(call);
  const inputs: unknown = call.command['indexes'];
  if (!Array.isArray(inputs) || inputs.length === 0) {
    throw new DbError(2, 'Must specify at least one index to create');
  }
  const { store } = call.context;
  const existed = await store.find(namespace);
  const specs = inputs.map((input) => parseIndexSpec(isDoc(input) ? input : {}, existed));
  const collection = existed ?? (await store.findOrCreate(namespace));
  const counts = await collection.oneAtATime(async () => {
    const numIndexesBefore = collection.indexes.length;
    // All of them are checked before the first is built.
    const fresh = specs.filter((spec) => !isPresent(collection, spec));
    for (const spec of fresh) {
      if (!isPresent(collection, spec)) await call.context.turns.run(collection.buildIndex(spec));
    }
    return { numIndexesBefore, numIndexesAfter: collection.indexes.length };
  });
  await store.committer.durable();
  return ok({
    ...counts,
    createdCollectionAutomatically: !existed,
    ...(counts.numIndexesBefore === counts.numIndexesAfter
      ? { note: 'all indexes already exist' }
      : {}),
  });
};

/** @throws DbError 85/86 when an index of this name or key exists with another meaning */
function isPresent(collection: Collection, spec: IndexSpec): boolean {
  if (sameKey(spec.key, { _id: 1 }) && collection.findIndex('_id_')) return true;
  const byName = collection.findIndex(spec.name);
  if (byName) {
    if (!sameIdentity(byName.spec, spec)) {
      throw new DbError(
        86,
        `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Requested index: ${show(spec)}, existing index: ${show(byName.spec)}`,
      );
    }
    if (!sameOptions(byName.spec, spec)) {
      throw new DbError(
        85,
        `An equivalent index already exists with the same name but different options. Requested index: ${show(spec)}, existing index: ${show(byName.spec)}`,
      );
    }
    return true;
  }
  const twin = collection.indexes.find((index) => sameIdentity(index.spec, spec));
  if (twin) {
    const what = sameOptions(twin.spec, spec)
      ? `Index already exists with a different name: ${twin.spec.name}`
      : `An equivalent index already exists with a different name and options. Requested index: ${show(spec)}, existing index: ${show(twin.spec)}`;
    throw new DbError(85, what);
  }
  return false;
}

export function sameKey(a: Doc, b: Doc): boolean {
  return encodeKey(a) === encodeKey(b);
}

/** Key pattern, partial filter and collation tell indexes apart; other options only describe them. */
function sameIdentity(a: IndexSpec, b: IndexSpec): boolean {
  return (
    sameKey(a.key, b.key) &&
    equalValues(a.partialFilterExpression, b.partialFilterExpression) &&
    equalValues(a.collation, b.collation)
  );
}

function sameOptions(a: IndexSpec, b: IndexSpec): boolean {
  return (
    Boolean(a.unique) === Boolean(b.unique) &&
    Boolean(a.sparse) === Boolean(b.sparse) &&
    a.expireAfterSeconds === b.expireAfterSeconds
  );
}

export const listIndexes: Command = async (call) => {
  const namespace = namespaceOf(call);
  const collection = requireCollection(await call.context.store.find(namespace), namespace);
  const specs = collection.indexes.map(({ spec }): Doc => ({ ...spec }));
  const cursor = docArgument(call, 'cursor');
  const batch = cursor?.['batchSize'];
  const batchSize = isNumeric(batch) ? toDouble(batch) : undefined;
  return ok({
    cursor: await call.context.turns.run(
      call.context.cursors.start(namespace, specs, batchSize, false, (doc) => doc),
    ),
  });
};

export const dropIndexes: Command = async (call) => {
  const namespace = namespaceOf(call);
  const { store } = call.context;
  const collection = requireCollection(await store.find(namespace), namespace);
  const nIndexesWas = collection.indexes.length;
  for (const index of indexesToDrop(collection, call.command['index']))
    collection.removeIndex(index);
  await store.committer.durable();
  return ok({ nIndexesWas });
};

function indexesToDrop(collection: Collection, which: unknown): Index[] {
  if (which === '*') return collection.indexes.filter((index) => !index.isId);
  if (Array.isArray(which)) return which.flatMap((name) => indexesToDrop(collection, name));
  const index =
    typeof which === 'string'
      ? collection.findIndex(which)
      : collection.indexes.find(({ spec }) => isDoc(which) && sameKey(spec.key, which));
  if (!index) {
    throw new DbError(
      27,
      typeof which === 'string'
        ? `index not found with name [${which}]`
        : `can't find index with key: ${show(which)}`,
    );
  }
  if (index.isId) throw new DbError(72, 'cannot drop _id index');
  return [index];
}
