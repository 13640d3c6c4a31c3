import { isNumeric, toDouble, type Doc } from '../bson/value.js';
import type { Collection } from '../storage/collection.js';
import { namespaceOf, ok, type Command } from './command.js';

export function statsOf(collection: Collection | undefined, namespace: string, scale: number): Doc {
  const count = collection?.entries.size ?? 0;
  const size = collection?.dataBytes ?? 0;
  const scaled = (bytes: number): number => Math.floor(bytes / scale);
  const indexSizes = Object.fromEntries(
    (collection?.indexes ?? []).map(({ spec, keys }) => [spec.name, scaled(keys.size * 32)]),
  );
  return {
    ns: namespace,
    size: scaled(size),
    count,
    ...(count > 0 ? { avgObjSize: Math.floor(size / count) } : {}),
    numOrphanDocs: 0,
    storageSize: scaled(size),
    totalIndexSize: scaled(collection?.indexBytes ?? 0),
    totalSize: scaled(size + (collection?.indexBytes ?? 0)),
    indexSizes,
    nindexes: collection?.indexes.length ?? 0,
    capped: collection?.options['capped'] === true,
    ...(collection?.options['capped'] === true
      ? { maxSize: collection.options['size'], max: collection.options['max'] ?? 0 }
      : {}),
    scaleFactor: scale,
  };
}

function scaleOf(value: unknown): number {
  return isNumeric(value) && toDouble(value) > 0 ? Math.floor(toDouble(value)) : 1;
}

export const collStats: Command = async (call) => {
  const namespace = namespaceOf(call);
  const collection = await call.context.store.find(namespace);
  return ok(statsOf(collection, namespace, scaleOf(call.command['scale'])));
};

export const dbStats: Command = async (call) => {
  const { store } = call.context;
  const scale = scaleOf(call.command['scale']);
  const collections: Collection[] = [];
  for (const { namespace } of store.list(call.database)) {
    const collection = await store.find(namespace);
    if (collection) collections.push(collection);
  }
  const total = (pick: (collection: Collection) => number): number =>
    collections.reduce((sum, collection) => sum + pick(collection), 0);
  const objects = total(({ entries }) => entries.size);
  const dataSize = total(({ dataBytes }) => dataBytes);
  const indexSize = total(({ indexBytes }) => indexBytes);
  return ok({
    db: call.database,
    collections: collections.length,
    views: 0,
    objects,
    avgObjSize: objects > 0 ? dataSize / objects : 0,
    dataSize: dataSize / scale,
    storageSize: dataSize / scale,
    indexes: total(({ indexes }) => indexes.length),
    indexSize: indexSize / scale,
    totalSize: (dataSize + indexSize) / scale,
    scaleFactor: scale,
  });
};
