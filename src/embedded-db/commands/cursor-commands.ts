import { isLong, type Long } from '../bson/value.js';
import { DbError } from '../errors.js';
import { Long as LongValue } from '../bson/value.js';
import { countArgument, ok, type Command } from './command.js';

function cursorId(value: unknown): Long {
  if (isLong(value)) return value;
  if (typeof value === 'number') return LongValue.fromNumber(value);
  throw new DbError(14, 'cursor ids are 64-bit integers');
}

export const getMore: Command = async (call) => {
  const { command, context, database } = call;
  const collection = command['collection'];
  if (typeof collection !== 'string')
    throw new DbError(14, "BSON field 'getMore.collection' must be a string");
  const id = cursorId(command['getMore']);
  const batchSize = countArgument(call, 'batchSize');
  return ok({
    cursor: await context.turns.run(
      context.cursors.more(id, `${database}.${collection}`, batchSize),
    ),
  });
};

export const killCursors: Command = ({ command, context }) => {
  const ids: unknown = command['cursors'];
  if (!Array.isArray(ids))
    throw new DbError(14, "BSON field 'killCursors.cursors' must be an array");
  const cursorsKilled: Long[] = [];
  const cursorsNotFound: Long[] = [];
  for (const id of ids.map(cursorId)) {
    (context.cursors.kill(id) ? cursorsKilled : cursorsNotFound).push(id);
  }
  return ok({ cursorsKilled, cursorsNotFound, cursorsAlive: [], cursorsUnknown: [] });
};
