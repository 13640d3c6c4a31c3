import type { UUID } from 'bson';
import { decode } from '../bson/decode.js';
import { encode, encodeStored } from '../bson/encode.js';
import type { Doc } from '../bson/value.js';
import { DbError } from '../errors.js';
import { parseCollation, type Collation } from '../query/collation.js';
import { Turns } from '../turns.js';
import { BREATH, type Work } from '../work.js';
import type { Committer } from './committer.js';
import { Index, type IndexSpec } from './index.js';
import { entryKey, recordSuffix } from './key.js';
import type { Change, KeyOwner, Log, Stored } from './log.js';
import { IndexBuild } from './index-build.js';

/** A stored document and its place in natural order. */
export interface Entry {
  readonly record: number;
  readonly doc: Doc;
  readonly bytes: number;
}

/** What the catalog keeps about a collection. */
export interface CollectionMeta {
  readonly id: number;
  readonly namespace: string;
  readonly uuid: Buffer;
  readonly options: Doc;
  readonly indexes: readonly IndexSpec[];
}

const ID_INDEX: IndexSpec = { v: 2, key: { _id: 1 }, name: '_id_' };

/** One collection in memory. Every change goes to the committer together with how to take it back. */
export class Collection implements KeyOwner {
  readonly entries = new Map<number, Entry>();
  readonly indexes: Index[];
  /** Bytes of all documents as BSON. */
  dataBytes = 0;
  /** Grows with every change; lets a walk that paused notice. */
  changes = 0;
  dropped = false;
  private nextRecord = 1;
  /** Indexes not finished yet; they are told of every change. */
  private readonly builds = new Set<IndexBuild>();
  private lastBuild: Promise<unknown> = Promise.resolve();
  private readonly collation: Collation | undefined;

  constructor(
    readonly id: number,
    public namespace: string,
    readonly uuid: UUID,
    readonly options: Doc,
    specs: readonly IndexSpec[],
    private readonly committer: Committer,
  ) {
    this.collation = parseCollation(options['collation']);
    this.indexes = (specs.length ? specs : [this.idIndexSpec()]).map((spec) => newIndex(spec));
  }

  get database(): string {
    return this.namespace.slice(0, this.namespace.indexOf('.'));
  }

  get name(): string {
    return this.namespace.slice(this.namespace.indexOf('.') + 1);
  }

  /** The collation queries use when they name none. */
  get defaultCollation(): Collation | undefined {
    return this.collation;
  }

  private idIndexSpec(): IndexSpec {
    const collation = this.options['collation'];
    return collation ? { ...ID_INDEX, collation: collation as Doc } : ID_INDEX;
  }

  get idIndex(): Index {
    return this.indexes[0] as Index;
  }

  get indexBytes(): number {
    return this.indexes.reduce((sum, index) => sum + index.keys.size * 32, 0);
  }

  /** Reads the stored documents; the collection is used only after this resolved. May be tried again. */
  async load(log: Log): Promise<void> {
    this.entries.clear();
    this.dataBytes = 0;
    const turns = new Turns();
    const fillings = this.indexes.map((index): Filling => ({
      index: newIndex(index.spec),
      keys: [],
      records: [],
    }));
    for await (const batch of log.read(documentPrefix(this.id))) {
      await turns.run(this.take(batch, fillings));
    }
    for (const { index, keys, records } of fillings) {
      await turns.run(index.keys.fill(keys, records));
    }
    this.indexes.splice(0, this.indexes.length, ...fillings.map(({ index }) => index));
  }

  private *take(batch: readonly Stored[], fillings: readonly Filling[]): Work<void> {
    for (const [storedUnder, value] of batch) {
      const record = recordOf(storedUnder);
      this.nextRecord = Math.max(this.nextRecord, record + 1);
      if (!value) continue;
      const entry = { record, doc: decode(value), bytes: value.length };
      this.entries.set(record, entry);
      this.dataBytes += entry.bytes;
      const suffix = recordSuffix(record);
      for (const { index, keys, records } of fillings) {
        for (const key of index.keysOf(entry.doc)) {
          keys.push(entryKey(key, suffix));
          records.push(record);
        }
      }
      yield;
    }
  }

  /** All documents in natural order, a few at a time; what is inserted meanwhile comes as well. */
  *walk(): Generator<readonly Entry[], void> {
    const entries = this.entries.values();
    for (let batch = next(entries, BREATH); batch.length > 0; batch = next(entries, BREATH)) {
      yield batch;
    }
  }

  private place(entry: Entry, keys: readonly string[][]): void {
    this.changes++;
    this.entries.set(entry.record, entry);
    this.dataBytes += entry.bytes;
    this.indexes.forEach((index, i) => {
      index.add(keys[i] as string[], entry.record);
    });
    for (const build of this.builds) build.changed(entry.record);
  }

  private forget(entry: Entry): void {
    this.changes++;
    this.entries.delete(entry.record);
    this.dataBytes -= entry.bytes;
    for (const index of this.indexes) index.remove(index.keysOf(entry.doc), entry.record);
    for (const build of this.builds) build.changed(entry.record, entry.doc);
  }

  private keysOf(doc: Doc): string[][] {
    return this.indexes.map((index) => index.keysOf(doc));
  }

  /** @throws DbError 11000 naming the unique index whose key is taken; 10334 when too large */
  insert(doc: Doc): Entry {
    const value = encodeStored(doc);
    const keys = this.checkedKeys(doc, -1);
    const entry = { record: this.nextRecord++, doc, bytes: value.length };
    this.place(entry, keys);
    this.record(this.keyOf(entry.record), value, () => {
      this.forget(entry);
    });
    if (this.options['capped'] === true) this.evict();
    return entry;
  }

  /** A capped collection forgets its oldest documents for new ones. */
  private evict(): void {
    const size = Number(this.options['size']);
    const max = Number(this.options['max'] ?? Number.POSITIVE_INFINITY);
    for (const oldest of this.entries.values()) {
      if (this.dataBytes <= size && this.entries.size <= max) return;
      this.remove(oldest);
    }
  }

  /** Puts `doc` in the place of `entry`. @throws like {@link insert} */
  replace(entry: Entry, doc: Doc): Entry {
    const value = encodeStored(doc);
    const keys = this.checkedKeys(doc, entry.record);
    const next = { record: entry.record, doc, bytes: value.length };
    this.swap(entry, next, keys);
    this.record(this.keyOf(entry.record), value, () => {
      this.swap(next, entry, this.keysOf(entry.doc));
    });
    return next;
  }

  private swap(from: Entry, to: Entry, keys: readonly string[][]): void {
    this.changes++;
    this.entries.set(to.record, to);
    this.dataBytes += to.bytes - from.bytes;
    this.indexes.forEach((index, i) => {
      const next = keys[i] as string[];
      const previous = index.keysOf(from.doc);
      if (sameKeys(previous, next)) return;
      index.remove(previous, from.record);
      index.add(next, to.record);
    });
    for (const build of this.builds) build.changed(to.record, from.doc);
  }

  remove(entry: Entry): void {
    this.forget(entry);
    this.record(this.keyOf(entry.record), undefined, () => {
      this.place(entry, this.keysOf(entry.doc));
    });
  }

  private checkedKeys(doc: Doc, record: number): string[][] {
    return this.indexes.map((index) => {
      const keys = index.keysOf(doc);
      const taken = index.conflict(keys, record);
      if (taken) throw index.duplicate(this.namespace, doc, taken.key);
      return keys;
    });
  }

  /** Index builds of one collection wait for each other: of two equal ones the second finds the first's. */
  oneAtATime<T>(task: () => Promise<T>): Promise<T> {
    const run = this.lastBuild.then(task);
    this.lastBuild = run.catch(() => undefined);
    return run;
  }

  /**
   * Builds an index while others go on reading and writing; it serves queries when this ends.
   * @throws DbError 11000 when the documents violate its uniqueness, 276 when they were dropped meanwhile
   */
  *buildIndex(spec: IndexSpec): Work<void> {
    const index = newIndex(spec);
    const build = new IndexBuild(index, this);
    this.builds.add(build);
    try {
      yield* build.run();
    } finally {
      this.builds.delete(build);
    }
    if (this.dropped) throw new DbError(276, `Index build aborted: ${this.namespace} was dropped`);
    this.changes++;
    this.indexes.push(index);
    this.save(() => this.dropFromList(index));
  }

  removeIndex(index: Index): void {
    this.changes++;
    this.dropFromList(index);
    this.save(() => this.indexes.push(index));
  }

  /** Replaces an index's options that need no rebuild, such as `hidden` and `expireAfterSeconds`. */
  changeIndex(index: Index, spec: IndexSpec): void {
    const before = index.spec;
    index.spec = spec;
    this.save(() => {
      index.spec = before;
    });
  }

  private dropFromList(index: Index): void {
    const at = this.indexes.indexOf(index);
    if (at >= 0) this.indexes.splice(at, 1);
  }

  findIndex(name: string): Index | undefined {
    return this.indexes.find((index) => index.spec.name === name);
  }

  /** Writes the catalog entry. */
  save(undo: () => void): void {
    this.record(catalogKey(this.id), encode(this.meta()), undo);
  }

  /** Deletes every document and, last, the catalog entry: what was cut short can be dropped again. */
  erase(undo: () => void): void {
    for (const record of this.entries.keys()) {
      this.record(this.keyOf(record), undefined, () => undefined);
    }
    this.record(catalogKey(this.id), undefined, () => {
      this.dropped = false;
      undo();
    });
    this.dropped = true;
  }

  /** A change that comes after the drop, from a command that began before it, leaves nothing on disk. */
  private record(key: Buffer, value: Uint8Array | undefined, undo: Change['undo']): void {
    if (!this.dropped) this.committer.add({ key, value, undo, owner: this });
  }

  bytesOf(key: Buffer): Uint8Array | undefined {
    if (this.dropped) return undefined;
    if (key[0] === CATALOG) return encode(this.meta());
    const entry = this.entries.get(recordOf(key));
    return entry && encode(entry.doc);
  }

  private meta(): Doc {
    return {
      namespace: this.namespace,
      uuid: this.uuid,
      options: this.options,
      indexes: this.indexes.map(({ spec }) => spec),
    };
  }

  private keyOf(record: number): Buffer {
    const key = Buffer.allocUnsafe(11);
    key[0] = 0x64;
    key.writeUInt32BE(this.id, 1);
    key.writeUIntBE(record, 5, 6);
    return key;
  }
}

/** The keys of an index while its documents are read, not sorted yet. */
interface Filling {
  readonly index: Index;
  readonly keys: string[];
  readonly records: number[];
}

function newIndex(spec: IndexSpec): Index {
  return new Index(spec, parseCollation(spec.collation));
}

/** A loop of its own, outside of any generator: there V8 makes an object of every step of an iterator. */
function next<T>(items: Iterator<T>, most: number): T[] {
  const batch = new Array<T>(most);
  for (let n = 0; n < most; n++) {
    const step = items.next();
    if (step.done) return batch.slice(0, n);
    batch[n] = step.value;
  }
  return batch;
}

function sameKeys(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

const CATALOG = 0x63;

export const catalogPrefix = Buffer.from([CATALOG]);

function catalogKey(id: number): Buffer {
  const key = Buffer.alloc(5);
  key[0] = CATALOG;
  key.writeUInt32BE(id, 1);
  return key;
}

function recordOf(key: Buffer): number {
  return key.readUIntBE(5, 6);
}

function documentPrefix(id: number): Buffer {
  const key = Buffer.alloc(5);
  key[0] = 0x64;
  key.writeUInt32BE(id, 1);
  return key;
}

export function requireCollection(
  collection: Collection | undefined,
  namespace: string,
): Collection {
  if (!collection) throw new DbError(26, `ns does not exist: ${namespace}`);
  return collection;
}
