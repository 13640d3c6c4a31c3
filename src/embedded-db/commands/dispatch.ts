import { isNumeric, toDouble, type Doc } from '../bson/value.js';
import { DbError } from '../errors.js';
import type { Request } from '../wire/message.js';
import { requireAuthentication } from './authentication.js';
import type { CommandContext } from './command.js';
import { COMMANDS } from './table.js';
import { Turns } from '../turns.js';

/** An order to drop the connection instead of answering (a fail point's doing). */
export const HANG_UP: unique symbol = Symbol('hang up');

/** Runs one command; whatever happens, there is an answer. */
export async function dispatch(
  request: Request,
  context: CommandContext,
): Promise<Doc | typeof HANG_UP> {
  const name = Object.keys(request.command)[0] ?? '';
  try {
    const fault = context.failPoints?.hit(name);
    if (fault) {
      if (fault.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
      if (fault.closeConnection) return HANG_UP;
      if (fault.error) throw fault.error;
    }
    const reply = await run(name, request, context);
    return fault?.writeConcernError
      ? { ...reply, writeConcernError: fault.writeConcernError }
      : reply;
  } catch (error) {
    return errorReply(error);
  }
}

async function run(name: string, request: Request, context: CommandContext): Promise<Doc> {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw new DbError(59, `no such command: '${name}'`);
  requireAuthentication(name, context);
  refuseTransactions(request.command);
  const { counters } = context.server;
  counters[name] = (counters[name] ?? 0) + 1;
  const limit = request.command['maxTimeMS'];
  const turns = new Turns(isNumeric(limit) ? toDouble(limit) : undefined);
  return command({
    name,
    command: request.command,
    database: request.database,
    context: { ...context, turns },
  });
}

function refuseTransactions(command: Doc): void {
  if (command['startTransaction'] === true || command['autocommit'] === false) {
    throw new DbError(
      115,
      'Transactions are not supported by the embedded database; set MONGODB_URI to use a replica set',
    );
  }
}

export function errorReply(error: unknown): Doc {
  if (error instanceof DbError) {
    return {
      ok: 0,
      errmsg: error.message,
      code: error.code,
      codeName: error.codeName,
      ...error.extra,
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(
    `embedded-db: ${error instanceof Error ? (error.stack ?? message) : message}\n`,
  );
  return { ok: 0, errmsg: message, code: 1, codeName: 'InternalError' };
}
