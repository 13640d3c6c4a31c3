import { compileExpression } from '../aggregate/expression.js';
import { DbError } from '../errors.js';
import { isDoc, isNumeric, Timestamp, toDouble, type Doc } from '../bson/value.js';
import type { Clock } from '../clock.js';
import { parseCollation, type Collation } from '../query/collation.js';
import type { Collection } from '../storage/collection.js';
import type { Store } from '../storage/store.js';
import type { Cursors } from './cursors.js';
import type { FailPoints } from './fail-point.js';
import type { Authentication } from '../wire/scram.js';
import type { Turns } from '../turns.js';

/** What a command may use; one per connection, around one shared server. */
export interface CommandContext {
  readonly store: Store;
  readonly cursors: Cursors;
  readonly turns: Turns;
  readonly clock: Clock;
  readonly server: ServerFacts;
  readonly connectionId: number;
  readonly authentication: Authentication;
  /** Only in a server started for tests. */
  readonly failPoints: FailPoints | undefined;
}

/** What the server tells about itself. */
export interface ServerFacts {
  readonly startedAt: number;
  readonly address: () => string;
  readonly connections: () => number;
  readonly persistent: boolean;
  readonly memoryLimitBytes: number;
  readonly counters: Record<string, number>;
  /** Damage found in what was stored; mongosh shows them when it connects. */
  readonly warnings: readonly string[];
  readonly ttlEveryMs: () => number;
  readonly setTtlEveryMs: (ms: number) => void;
}

/** One request for one command. */
export interface Call {
  readonly name: string;
  readonly command: Doc;
  readonly database: string;
  readonly context: CommandContext;
}

export type Command = (call: Call) => Promise<Doc> | Doc;

/** The namespace of a command whose first field names a collection. @throws DbError 73 otherwise */
export function namespaceOf(call: Call): string {
  const name = call.command[call.name];
  if (typeof name !== 'string') {
    throw new DbError(73, `collection name has invalid type ${typeof name}`);
  }
  if (name === '') throw new DbError(73, `Invalid namespace specified '${call.database}.'`);
  return `${call.database}.${name}`;
}

export function docArgument(call: Call, name: string): Doc | undefined {
  const value = call.command[name];
  if (value === undefined || value === null) return undefined;
  if (isDoc(value)) return value;
  throw new DbError(
    14,
    `BSON field '${call.name}.${name}' is the wrong type '${typeName(value)}', expected type 'object'`,
  );
}

function typeName(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'number' ? 'int' : typeof value;
}

/** The values of `let`: expressions that see no document. */
export function variablesOf(call: Call): Doc | undefined {
  const lets = docArgument(call, 'let');
  return lets && constants(lets, call.context.clock.now());
}

export function constants(expressions: Doc, now: number): Doc {
  return Object.fromEntries(
    Object.entries(expressions).map(([name, expression]) => [
      name,
      compileExpression(expression, { now })({}) ?? null,
    ]),
  );
}

/**
 * A yes or no of a command, or of one of its statements.
 * @param loose whether a number is taken for one as well; MongoDB differs from command to command
 * @throws DbError 14 for anything else
 */
export function flagOf(doc: Doc, name: string, owner: string, loose = false): boolean | undefined {
  const value = doc[name];
  if (value === undefined || value === null || typeof value === 'boolean')
    return value ?? undefined;
  if (loose && isNumeric(value)) return toDouble(value) !== 0;
  const expected = loose ? "types '[bool, long, int, decimal, double']" : "type 'bool'";
  throw new DbError(
    14,
    `BSON field '${owner}.${name}' is the wrong type '${typeName(value)}', expected ${expected}`,
  );
}

/** A whole non-negative number. */
export function countArgument(call: Call, name: string): number | undefined {
  const value = call.command[name];
  if (value === undefined || value === null) return undefined;
  if (!isNumeric(value)) {
    throw new DbError(
      14,
      `BSON field '${call.name}.${name}' is the wrong type '${typeName(value)}', expected types '[long, int, decimal, double']`,
    );
  }
  const number = Math.trunc(toDouble(value));
  if (number < 0)
    throw new DbError(51024, `BSON field '${name}' value must be >= 0, actual value '${number}'`);
  return number;
}

/** The collation of a command, or the collection's own. */
export function collationOf(
  spec: unknown,
  collection: Collection | undefined,
): Collation | undefined {
  return spec === undefined || spec === null ? collection?.defaultCollation : parseCollation(spec);
}

export function ok(reply: Doc = {}): Doc {
  return { ...reply, ok: 1 };
}

export function timestampOf(ms: number): Timestamp {
  return new Timestamp({ t: Math.floor(ms / 1000), i: 1 });
}
