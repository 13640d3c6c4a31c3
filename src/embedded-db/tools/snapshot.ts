import { MongoClient, type Document, type IndexDescription } from 'mongodb';

/** A collection as a snapshot describes it. */
export interface CollectionHead {
  readonly number: number;
  readonly namespace: string;
  readonly options: Document;
  readonly indexes: readonly IndexDescription[];
  readonly count: number;
}

export interface CollectionRow {
  readonly number: number;
  readonly doc: Document;
}

/** Snapshots are read and written type by type: an int64 stays one, a whole double too. */
const EXACT = {
  promoteValues: false,
  promoteBuffers: false,
  bsonRegExp: true,
  raw: false,
} as const;

export async function connect(uri: string): Promise<MongoClient> {
  return MongoClient.connect(uri, { ...EXACT, serverSelectionTimeoutMS: 5000 });
}

/** The heads of all collections and their documents, of one instant. */
export async function* readSnapshot(
  source: MongoClient,
): AsyncGenerator<CollectionHead | CollectionRow> {
  const rows = source.db('admin').aggregate([{ $embeddedSnapshot: {} }]);
  for await (const row of rows) yield plainNumbers(row) as CollectionHead | CollectionRow;
}

/** The frame's own numbers as JavaScript's; the documents inside stay exact. */
function plainNumbers(row: Document): Document {
  const frame = { ...row, number: Number(row['number']) };
  return 'count' in row ? { ...frame, count: Number(row['count']) } : frame;
}

export function isHead(row: CollectionHead | CollectionRow): row is CollectionHead {
  return 'namespace' in row;
}
