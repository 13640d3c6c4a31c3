import { show } from '../bson/show.js';
import { isDoc, type Doc } from '../bson/value.js';
import { DbError } from '../errors.js';
import { compileMatch, type Match } from '../query/match.js';
import { textFolding, type Collation } from '../query/collation.js';
import { extractTuples } from './extract.js';
import { AFTER_ALL, EMPTY_ARRAY, encodeKey, entryKey, invertKey, recordSuffix } from './key.js';
import { OrderedKeys } from './ordered-keys.js';

/** An index as `listIndexes` shows it; unknown options were refused before it came here. */
export interface IndexSpec {
  readonly v: 2;
  readonly key: Readonly<Record<string, unknown>>;
  readonly name: string;
  readonly unique?: boolean;
  readonly sparse?: boolean;
  readonly hidden?: boolean;
  /** About to become unique: refuses new violations, tolerates those that are there. */
  readonly prepareUnique?: boolean;
  readonly expireAfterSeconds?: number;
  readonly partialFilterExpression?: Doc;
  readonly collation?: Doc;
}

export interface IndexField {
  readonly path: string;
  readonly parts: readonly string[];
  readonly direction: 1 | -1;
}

/** One index of one collection: the sorted keys in memory, rebuilt from the documents when they load. */
export class Index {
  readonly keys = new OrderedKeys();
  readonly fields: readonly IndexField[];
  /** Under which of its fields any document had several values, being an array or inside one. */
  readonly multikeyFields: boolean[];
  /** How often a plan chose this index since the server started. */
  uses = 0;
  private readonly paths: readonly (readonly string[])[];
  private readonly covers: Match | undefined;
  private readonly fold: ((text: string) => string) | undefined;

  constructor(
    public spec: IndexSpec,
    readonly collation: Collation | undefined,
  ) {
    this.fields = Object.entries(spec.key).map(([path, direction]) => ({
      path,
      parts: path.split('.'),
      direction: Number(direction) < 0 ? -1 : 1,
    }));
    this.paths = this.fields.map(({ parts }) => parts);
    this.multikeyFields = this.fields.map(() => false);
    this.covers = spec.partialFilterExpression
      ? compileMatch(spec.partialFilterExpression, { collation })
      : undefined;
    this.fold = collation ? textFolding(collation) : undefined;
  }

  get isId(): boolean {
    return this.spec.name === '_id_';
  }

  get multikey(): boolean {
    return this.multikeyFields.includes(true);
  }

  /** The keys of a document; none when a sparse or partial index leaves it out. */
  keysOf(doc: Doc): string[] {
    if (this.covers && !this.covers(doc)) return [];
    const tuples = extractTuples(doc, this.paths);
    if (tuples.length > 1) this.noteMultikey(tuples);
    const only = tuples[0];
    if (tuples.length === 1 && only) {
      if (this.spec.sparse && only.every((value) => value === undefined)) return [];
      return [this.keyOf(only)];
    }
    const keys = new Set<string>();
    for (const tuple of tuples) {
      if (this.spec.sparse && tuple.every((value) => value === undefined)) continue;
      keys.add(this.keyOf(tuple));
    }
    return [...keys];
  }

  private noteMultikey(tuples: readonly (readonly unknown[])[]): void {
    this.multikeyFields.forEach((known, i) => {
      if (known) return;
      const first = this.keyPart(i, tuples[0]?.[i]);
      this.multikeyFields[i] = tuples.some((tuple) => this.keyPart(i, tuple[i]) !== first);
    });
  }

  private keyOf(tuple: readonly unknown[]): string {
    let key = this.keyPart(0, tuple[0]);
    for (let i = 1; i < tuple.length; i++) key += this.keyPart(i, tuple[i]);
    return key;
  }

  /** The key of one field's value in this index, with its direction and collation. */
  keyPart(position: number, value: unknown): string {
    if (value === EMPTY_ARRAY) this.multikeyFields[position] = true;
    const key = encodeKey(this.fold ? foldTexts(value, this.fold) : value);
    return this.fields[position]?.direction === -1 ? invertKey(key) : key;
  }

  add(keys: readonly string[], record: number): void {
    const suffix = recordSuffix(record);
    for (const key of keys) this.keys.insert(entryKey(key, suffix), record);
  }

  remove(keys: readonly string[], record: number): void {
    const suffix = recordSuffix(record);
    for (const key of keys) this.keys.delete(key + suffix);
  }

  /** The record that already has one of `keys`, other than `except`. */
  conflict(keys: readonly string[], except: number): { key: string; record: number } | undefined {
    if (!this.spec.unique && !this.spec.prepareUnique && !this.isId) return undefined;
    for (const key of keys) {
      for (const records of this.keys.ascending(key, key + AFTER_ALL)) {
        const record = records.find((other) => other !== except);
        if (record !== undefined) return { key, record };
      }
    }
    return undefined;
  }

  /** The error for a document whose key is taken. */
  duplicate(namespace: string, doc: Doc, key: string): DbError {
    const tuple = extractTuples(doc, this.paths).find((values) => this.keyOf(values) === key) ?? [];
    const keyValue: Doc = {};
    this.fields.forEach(({ path }, i) => {
      const value = tuple[i];
      keyValue[path] = value === undefined || value === EMPTY_ARRAY ? null : value;
    });
    return new DbError(
      11000,
      `E11000 duplicate key error collection: ${namespace} index: ${this.spec.name} dup key: ${show(keyValue)}`,
      { keyPattern: { ...this.spec.key }, keyValue },
    );
  }
}

function foldTexts(value: unknown, fold: (text: string) => string): unknown {
  if (typeof value === 'string') return fold(value);
  if (Array.isArray(value)) return value.map((element) => foldTexts(element, fold));
  if (!isDoc(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, foldTexts(v, fold)]));
}
