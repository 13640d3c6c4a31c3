import { show } from '../bson/show.js';
import { Binary, isDoc, isNumeric, toDouble, type Doc } from '../bson/value.js';
import { DbError, notSupported } from '../errors.js';
import { parseCollation } from '../query/collation.js';
import { compileMatch } from '../query/match.js';
import type { Collection } from '../storage/collection.js';
import { docArgument, flagOf, namespaceOf, ok, type Call, type Command } from './command.js';

const REFUSED = [
  'timeseries',
  'viewOn',
  'pipeline',
  'validator',
  'clusteredIndex',
  'expireAfterSeconds',
  'changeStreamPreAndPostImages',
  'encryptedFields',
];

export const create: Command = async (call) => {
  const namespace = namespaceOf(call);
  for (const name of REFUSED) {
    const value = call.command[name];
    const isEmpty = isDoc(value) && Object.keys(value).length === 0;
    if (value !== undefined && value !== false && !isEmpty) {
      throw notSupported(`create with '${name}' is`);
    }
  }
  const { store } = call.context;
  const collation = parseCollation(call.command['collation']);
  const options: Doc = {
    ...cappedOptions(call.command),
    ...(collation ? { collation: collation.spec } : {}),
  };
  const existing = await store.find(namespace);
  if (existing) {
    // Creating what is already there in the same way is no error since MongoDB 7.
    if (show(existing.options) === JSON.stringify(options)) return ok();
    throw new DbError(
      48,
      `namespace ${namespace} already exists, but with different options: ${show(existing.options)}`,
    );
  }
  store.create(namespace, options);
  await store.committer.durable();
  return ok();
};

/** @throws DbError 72 for a capped collection without a size */
function cappedOptions(command: Doc): Doc {
  const { size, max } = command;
  if (!flagOf(command, 'capped', 'create', true)) {
    if (size === undefined && max === undefined) return {};
    throw new DbError(
      72,
      "the 'capped' field needs to be true when either the 'size' or 'max' fields are present",
    );
  }
  if (!isNumeric(size)) throw new DbError(72, "the 'size' field is required when 'capped' is true");
  // MongoDB rounds the size up to whole 256-byte blocks.
  const bytes = Math.max(256, Math.ceil(toDouble(size) / 256) * 256);
  return { capped: true, size: bytes, ...(isNumeric(max) ? { max: toDouble(max) } : {}) };
}

export const drop: Command = async (call) => {
  const namespace = namespaceOf(call);
  const { store } = call.context;
  const collection = await store.find(namespace);
  if (!collection) return ok();
  store.drop(collection);
  await store.committer.durable();
  return ok({ nIndexesWas: collection.indexes.length, ns: namespace });
};

export const dropDatabase: Command = async (call) => {
  const { store } = call.context;
  for (const { namespace } of store.list(call.database)) {
    const collection = await store.find(namespace);
    if (collection) store.drop(collection);
  }
  await store.committer.durable();
  return ok({ dropped: call.database });
};

export const renameCollection: Command = async (call) => {
  const from = call.command['renameCollection'];
  const to = call.command['to'];
  if (typeof from !== 'string' || typeof to !== 'string') {
    throw new DbError(73, 'renameCollection needs two namespaces');
  }
  const { store } = call.context;
  const collection = await store.find(from);
  if (!collection) throw new DbError(26, `Source collection ${from} does not exist`);
  if (from === to) throw new DbError(20, "Can't rename a collection to itself");
  const target = await store.find(to);
  if (target) {
    if (call.command['dropTarget'] !== true) throw new DbError(48, 'target namespace exists');
    store.drop(target);
  }
  store.rename(collection, to);
  await store.committer.durable();
  return ok();
};

export const listCollections: Command = async (call) => {
  const { store, cursors } = call.context;
  const match = compileMatch(docArgument(call, 'filter') ?? {});
  const nameOnly = call.command['nameOnly'] === true;
  const docs = store
    .list(call.database)
    .map((collection) => description(collection))
    .filter((doc) => match(doc))
    .map((doc) => (nameOnly ? { name: doc['name'], type: doc['type'] } : doc));
  return ok({
    cursor: await call.context.turns.run(
      cursors.start(
        `${call.database}.$cmd.listCollections`,
        docs,
        batchSizeOf(call),
        false,
        (doc) => doc,
      ),
    ),
  });
};

function batchSizeOf(call: Call): number | undefined {
  const batch = docArgument(call, 'cursor')?.['batchSize'];
  return isNumeric(batch) ? toDouble(batch) : undefined;
}

function description(collection: Collection): Doc {
  return {
    name: collection.name,
    type: 'collection',
    options: collection.options,
    info: { readOnly: false, uuid: new Binary(collection.uuid.id, Binary.SUBTYPE_UUID) },
    idIndex: { ...collection.idIndex.spec },
  };
}

export const listDatabases: Command = async (call) => {
  const { store } = call.context;
  const match = compileMatch(docArgument(call, 'filter') ?? {});
  const nameOnly = call.command['nameOnly'] === true;
  const databases = store
    .databases()
    .map((name): Doc => {
      const sizeOnDisk = store.list(name).reduce((sum, { dataBytes }) => sum + dataBytes, 0);
      return nameOnly ? { name } : { name, sizeOnDisk, empty: false };
    })
    .filter((doc) => match(doc));
  if (nameOnly) return ok({ databases });
  const totalSize = databases.reduce((sum, doc) => sum + Number(doc['sizeOnDisk']), 0);
  return ok({ databases, totalSize, totalSizeMb: Math.floor(totalSize / 1024 / 1024) });
};
