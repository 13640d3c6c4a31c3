import { compileStages, type PipelineOptions } from '../aggregate/pipeline.js';
import { isDoc, isNumeric, toDouble, type Doc } from '../bson/value.js';
import { DbError } from '../errors.js';
import { findDocs } from '../query/find.js';
import type { Collection } from '../storage/collection.js';
import { collect, flowOf, type Flow } from '../work.js';
import { collationOf, docArgument, ok, type Call, type Command, variablesOf } from './command.js';
import { honourReadConcern } from './find.js';
import { explainAggregate } from './explain.js';
import { SOURCES } from './aggregate-sources.js';
import { snapshotOf } from './snapshot.js';
import { isWriting, writeResult } from './aggregate-output.js';

export const aggregate: Command = async (call) => {
  const { command, context, database } = call;
  await honourReadConcern(call);
  const pipeline: unknown = command['pipeline'];
  if (!Array.isArray(pipeline))
    throw new DbError(14, "BSON field 'aggregate.pipeline' must be an array");
  const target = command['aggregate'];
  const cursorOptions = docArgument(call, 'cursor');
  if (!cursorOptions && command['explain'] !== true) {
    throw new DbError(
      9,
      "The 'cursor' option is required, except for aggregate with the explain argument",
    );
  }
  if (command['explain'] === true) return explainAggregate(call, 'queryPlanner');
  const namespace =
    typeof target === 'string' ? `${database}.${target}` : `${database}.$cmd.aggregate`;
  if (isDoc(pipeline[0]) && '$embeddedSnapshot' in pipeline[0]) return snapshot(call, namespace);
  const collection = typeof target === 'string' ? await context.store.find(namespace) : undefined;
  const stages = pipeline as Doc[];
  const options = await pipelineOptions(call, collection, stages);
  const output = stages.at(-1);
  const writing = isWriting(output);
  const result = await context.turns.run(
    collect(runPipeline(call, collection, writing ? stages.slice(0, -1) : stages, options)),
  );
  if (writing) {
    await writeResult(call, output, result);
    return ok({
      cursor: await context.turns.run(context.cursors.start(namespace, [], undefined, true, same)),
    });
  }
  const batch = cursorOptions?.['batchSize'];
  const batchSize = isNumeric(batch) ? toDouble(batch) : undefined;
  return ok({
    cursor: await context.turns.run(
      context.cursors.start(namespace, result, batchSize, false, same),
    ),
  });
};

const same = (doc: Doc): Doc => doc;

async function snapshot(call: Call, namespace: string): Promise<Doc> {
  const { context } = call;
  const docs = await snapshotOf(call);
  return ok({
    cursor: await context.turns.run(context.cursors.start(namespace, docs, 0, false, same)),
  });
}

export async function pipelineOptions(
  call: Call,
  collection: Collection | undefined,
  stages: readonly Doc[],
): Promise<PipelineOptions> {
  const { context, database, command } = call;
  const loaded = new Map<string, Collection>();
  for (const name of collectionsIn(stages)) {
    const other = await context.store.find(`${database}.${name}`);
    if (other) loaded.set(name, other);
  }
  return {
    collation: collationOf(command['collation'], collection),
    variables: variablesOf(call),
    now: context.clock.now(),
    collection: (name) => findDocs(loaded.get(name), { filter: {} }),
  };
}

/** The other collections a pipeline reads; they are loaded before it starts. */
function collectionsIn(value: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) {
    for (const element of value) collectionsIn(element, found);
  } else if (isDoc(value)) {
    for (const [name, inner] of Object.entries(value)) {
      if (
        (name === 'from' || name === 'coll' || name === '$unionWith') &&
        typeof inner === 'string'
      ) {
        found.add(inner);
      }
      collectionsIn(inner, found);
    }
  }
  return found;
}

/** A leading `$match`, with the `$sort` and `$limit` right behind it, is answered from the indexes. */
export function runPipeline(
  call: Call,
  collection: Collection | undefined,
  stages: readonly Doc[],
  options: PipelineOptions,
): Flow<Doc> {
  const first = Object.keys(stages[0] ?? {})[0];
  if (first === '$documents') return compileStages(stages, options)(flowOf([]));
  const source = first !== undefined && Object.hasOwn(SOURCES, first) ? SOURCES[first] : undefined;
  if (source) {
    const rest = compileStages(stages.slice(1), options);
    const namespace = `${call.database}.${String(call.command['aggregate'])}`;
    return rest(flowOf(source(call, collection, namespace)));
  }
  const { filter, sort, limit, used } = leadingStages(stages);
  const rest = compileStages(stages.slice(used), options);
  if (used > 0) compileStages(stages.slice(0, used), options);
  const { collation, variables } = options;
  const hint = call.command['hint'];
  return rest(findDocs(collection, { filter, sort, limit, collation, variables, hint }));
}

export function leadingStages(stages: readonly Doc[]): {
  filter: Doc;
  sort?: Doc;
  limit?: number;
  used: number;
} {
  const [first, second, third] = stages;
  const filter = first?.['$match'];
  const withFilter = isDoc(filter) ? 1 : 0;
  const sortStage = withFilter ? second : first;
  const sort = sortStage?.['$sort'];
  const base = { filter: isDoc(filter) ? filter : {} };
  if (!isDoc(sort) || Object.keys(sort).length === 0) return { ...base, used: withFilter };
  const limitStage = withFilter ? third : second;
  const limit = limitStage?.['$limit'];
  if (!isNumeric(limit) || toDouble(limit) < 1) return { ...base, sort, used: withFilter + 1 };
  return { ...base, sort, limit: toDouble(limit), used: withFilter + 2 };
}
