import type { Doc } from '../bson/value.js';
import type { Collection } from '../storage/collection.js';
import type { Call } from './command.js';

/**
 * Everything the server holds, at one instant: first what each collection is, then its documents. The tools
 * for backup and copying read it through an ordinary cursor; it costs references, not copies.
 */
export async function snapshotOf(call: Call): Promise<Doc[]> {
  const { store } = call.context;
  const collections: Collection[] = [];
  for (const { namespace } of store.all()) {
    const collection = await store.find(namespace);
    if (collection) collections.push(collection);
  }
  await store.committer.durable();
  // Nothing is waited for from here on, so all of it is of one instant.
  return collections
    .filter(({ dropped }) => !dropped)
    .flatMap((collection, number) => [
      {
        number,
        namespace: collection.namespace,
        options: collection.options,
        indexes: collection.indexes.map(({ spec }) => ({ ...spec })),
        count: collection.entries.size,
      },
      ...Array.from(collection.entries.values(), ({ doc }) => ({ number, doc })),
    ]);
}
