import { Binary, Long, type Doc } from '../bson/value.js';
import { DbError } from '../errors.js';
import type { Collection } from '../storage/collection.js';
import type { Call } from './command.js';
import { statsOf } from './stats.js';

type Source = (call: Call, collection: Collection | undefined, namespace: string) => Doc[];

function indexStats(call: Call, collection: Collection | undefined): Doc[] {
  return (collection?.indexes ?? []).map((index) => ({
    name: index.spec.name,
    key: { ...index.spec.key },
    host: call.context.server.address(),
    accesses: {
      ops: Long.fromNumber(index.uses),
      since: new Date(call.context.server.startedAt),
    },
    spec: { ...index.spec },
  }));
}

function collStats(call: Call, collection: Collection | undefined, namespace: string): Doc[] {
  if (!collection) throw new DbError(26, `Collection [${namespace}] not found.`);
  const { count, ...storageStats } = statsOf(collection, namespace, 1);
  return [
    {
      ns: namespace,
      localTime: new Date(call.context.clock.now()),
      storageStats: { count, ...storageStats },
      count,
    },
  ];
}

function localSessions(call: Call): Doc[] {
  const id = new Binary(Buffer.alloc(16, call.context.connectionId), Binary.SUBTYPE_UUID);
  return [{ _id: { id }, lastUse: new Date(call.context.clock.now()) }];
}

/** First stages that produce documents about the server instead of reading a collection. */
export const SOURCES: Readonly<Record<string, Source>> = {
  $collStats: collStats,
  $indexStats: indexStats,
  $listLocalSessions: localSessions,
  $currentOp: (call) => [
    {
      type: 'op',
      host: call.context.server.address(),
      active: true,
      op: 'command',
      ns: `${call.database}.$cmd.aggregate`,
    },
  ],
};
