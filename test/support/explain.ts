import type { Document, MongoClient } from 'mongodb';

import type { SentCommand } from './wire-tap.js';

/** A question the product asks: one command, or one statement of a bulk write. */
export interface Question {
  readonly database: string;
  readonly command: Document;
  /** Collection, command, and which fields are asked for by which operators: what tells questions apart. */
  readonly shape: string;
}

const SESSION_FIELDS = new Set([
  '$db',
  '$clusterTime',
  '$readPreference',
  'lsid',
  'txnNumber',
  'writeConcern',
  'readConcern',
  'apiVersion',
]);

/** Of all that was sent, what looks for documents; each shape once. */
export function questionsIn(commands: readonly SentCommand[]): Question[] {
  const byShape = new Map<string, Question>();
  for (const sent of commands) {
    for (const command of readingParts(withoutSession(sent))) {
      const database = String(sent['$db']);
      const shape = shapeOf(command);
      byShape.set(shape, { database, command, shape });
    }
  }
  return [...byShape.values()];
}

function withoutSession(command: SentCommand): Document {
  return Object.fromEntries(Object.entries(command).filter(([name]) => !SESSION_FIELDS.has(name)));
}

/** `explain` takes one statement at a time. */
function readingParts(command: Document): Document[] {
  const [name = ''] = Object.keys(command);
  switch (name) {
    case 'find':
    case 'count':
    case 'distinct':
    case 'findAndModify':
      return [command];
    case 'aggregate':
      return typeof command['aggregate'] === 'string' ? [command] : [];
    case 'update':
    case 'delete': {
      const list = name === 'update' ? 'updates' : 'deletes';
      return (command[list] as Document[]).map((statement) => ({
        [name]: command[name] as unknown,
        [list]: [statement],
      }));
    }
    default:
      return [];
  }
}

function shapeOf(command: Document): string {
  const [name = ''] = Object.keys(command);
  const { filter, query, sort, pipeline, updates, deletes } = command;
  const statement = ((updates ?? deletes) as Document[] | undefined)?.[0];
  const asked: unknown = filter ?? query ?? pipeline ?? statement?.['q'];
  return `${String(command[name])}.${name} ${JSON.stringify(asked ?? {}, valuesLeftOut)}${
    sort ? ` by ${JSON.stringify(sort)}` : ''
  }`;
}

/** Keeps operators and field names; a value, or a list of them, becomes a dot. */
function valuesLeftOut(_name: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.some(isPlainObject) ? (value as unknown[]) : '·';
  return isPlainObject(value) ? value : '·';
}

function isPlainObject(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !(value instanceof Date) &&
    !('_bsontype' in value)
  );
}

/** The stages of the plan the database chooses, as `explain` names them. */
export async function stagesOf(client: MongoClient, question: Question): Promise<string[]> {
  const { database, command } = question;
  const cursor = 'aggregate' in command ? { cursor: {} } : {};
  const explained = await client
    .db(database)
    .command({ explain: { ...command, ...cursor }, verbosity: 'queryPlanner' });
  return stagesIn(explained);
}

function stagesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    if (name === 'command' || name === 'rejectedPlans') return [];
    return name === 'stage' && typeof inner === 'string' ? [inner] : stagesIn(inner);
  });
}
