import { equalValues } from '../bson/compare.js';
import { compilePipeline } from '../aggregate/pipeline.js';
import { isDoc, type Doc } from '../bson/value.js';
import { DbError } from '../errors.js';
import { findEntries } from '../query/find.js';
import type { Collection } from '../storage/collection.js';
import { collect, finish } from '../work.js';
import type { Call } from './command.js';
import { withId } from './write.js';

/** Whether a stage writes the result instead of returning it. */
export function isWriting(stage: Doc | undefined): stage is Doc {
  return stage !== undefined && ('$out' in stage || '$merge' in stage);
}

export async function writeResult(call: Call, stage: Doc, docs: readonly Doc[]): Promise<void> {
  if ('$out' in stage) await replaceCollection(call, stage['$out'], docs);
  else await mergeInto(call, stage['$merge'], docs);
  await call.context.store.committer.durable();
}

function namespaceFor(call: Call, target: unknown): string {
  if (typeof target === 'string') return `${call.database}.${target}`;
  if (isDoc(target) && typeof target['coll'] === 'string') {
    const db = typeof target['db'] === 'string' ? target['db'] : call.database;
    return `${db}.${target['coll']}`;
  }
  throw new DbError(16990, '$out only supports a string or object argument');
}

async function replaceCollection(call: Call, target: unknown, docs: readonly Doc[]): Promise<void> {
  const collection = await call.context.store.findOrCreate(namespaceFor(call, target));
  for (const entry of [...collection.entries.values()]) collection.remove(entry);
  for (const doc of docs) collection.insert(withId(doc));
}

async function mergeInto(call: Call, spec: unknown, docs: readonly Doc[]): Promise<void> {
  const options: Doc = isDoc(spec) ? spec : { into: spec };
  const collection = await call.context.store.findOrCreate(namespaceFor(call, options['into']));
  const on = options['on'];
  const keys: string[] =
    on === undefined ? ['_id'] : Array.isArray(on) ? (on as string[]) : [on as string];
  const { whenMatched = 'merge', whenNotMatched = 'insert' } = options;
  for (const doc of docs.map(withId))
    mergeOne(call, collection, doc, keys, whenMatched, whenNotMatched);
}

function mergeOne(
  call: Call,
  collection: Collection,
  doc: Doc,
  keys: readonly string[],
  whenMatched: unknown,
  whenNotMatched: unknown,
): void {
  const filter = Object.fromEntries(keys.map((key) => [key, { $eq: doc[key] ?? null }]));
  const [entry] = finish(collect(findEntries(collection, { filter, limit: 1 })));
  if (!entry) {
    if (whenNotMatched === 'fail') {
      throw new DbError(
        13113,
        '$merge could not find a matching document in the target collection',
      );
    }
    if (whenNotMatched !== 'discard') collection.insert(doc);
    return;
  }
  const next = mergedDoc(call, entry.doc, doc, whenMatched);
  if (!equalValues(next, entry.doc)) collection.replace(entry, next);
}

function mergedDoc(call: Call, old: Doc, fresh: Doc, whenMatched: unknown): Doc {
  if (Array.isArray(whenMatched)) {
    const run = compilePipeline(whenMatched as Doc[], {
      variables: { new: fresh },
      now: call.context.clock.now(),
    });
    return run([old])[0] ?? old;
  }
  switch (whenMatched) {
    case 'keepExisting':
      return old;
    case 'replace':
      return { ...fresh, _id: old['_id'] };
    case 'fail':
      throw new DbError(11000, '$merge failed due to a DuplicateKey error', {
        keyPattern: { _id: 1 },
        keyValue: { _id: fresh['_id'] },
      });
    default:
      return { ...old, ...fresh, _id: old['_id'] };
  }
}
