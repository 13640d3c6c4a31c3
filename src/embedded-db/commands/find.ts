import { isDoc, isNumeric, toDouble, type Doc } from '../bson/value.js';
import { DbError, notSupported } from '../errors.js';
import { compileMatch } from '../query/match.js';
import { findDocs, type FindRequest } from '../query/find.js';
import { compileProjection } from '../query/projection.js';
import { parseSort } from '../query/sort.js';
import { collect } from '../work.js';
import {
  collationOf,
  countArgument,
  docArgument,
  flagOf,
  namespaceOf,
  ok,
  type Call,
  type Command,
  variablesOf,
} from './command.js';

const REFUSED = ['tailable', 'awaitData', 'showRecordId', 'returnKey', 'min', 'max'];

export function refuseOptions(call: Call, names: readonly string[]): void {
  for (const name of names) {
    const value = call.command[name];
    if (value !== undefined && value !== false && value !== null) {
      throw notSupported(`option '${name}' of ${call.name} is`);
    }
  }
}

/** `readConcern: majority` and stronger wait until what is read is on disk; snapshot reads are refused. */
export async function honourReadConcern(call: Call): Promise<void> {
  const concern = call.command['readConcern'];
  const level = isDoc(concern) ? concern['level'] : undefined;
  if (level === 'snapshot') {
    throw new DbError(246, 'Snapshot reads are not supported by the embedded database');
  }
  if (level === 'majority' || level === 'linearizable')
    await call.context.store.committer.durable();
}

export const find: Command = async (call) => {
  const { context, command } = call;
  refuseOptions(call, REFUSED);
  await honourReadConcern(call);
  const namespace = namespaceOf(call);
  const filter = docArgument(call, 'filter') ?? {};
  const sort = docArgument(call, 'sort');
  if (sort) parseSort(sort);
  const projection = docArgument(call, 'projection');
  const skip = countArgument(call, 'skip');
  const limit = limitOf(command['limit']);
  const batchSize = countArgument(call, 'batchSize');
  const collection = await context.store.find(namespace);
  const collation = collationOf(command['collation'], collection);
  const variables = variablesOf(call);
  const project =
    projection && Object.keys(projection).length > 0
      ? compileProjection(projection, { collation, filter, variables, now: context.clock.now() })
          .apply
      : (doc: Doc) => doc;
  const request: FindRequest = {
    filter,
    sort,
    skip,
    limit: limit.count,
    hint: command['hint'],
    collation,
    variables,
  };
  compileMatch(filter, request);
  const docs = await context.turns.run(collect(findDocs(collection, request)));
  const single = limit.single || (flagOf(command, 'singleBatch', 'find') ?? false);
  return ok({
    cursor: await context.turns.run(
      context.cursors.start(namespace, docs, batchSize ?? limit.batch, single, project),
    ),
  });
};

/** A negative limit is the old way of asking for a single batch. */
function limitOf(value: unknown): { count: number; single: boolean; batch: number | undefined } {
  const limit = isNumeric(value) ? Math.trunc(toDouble(value)) : 0;
  return limit < 0
    ? { count: -limit, single: true, batch: -limit }
    : { count: limit, single: false, batch: undefined };
}
