import { randomUUID } from 'node:crypto';
import { UUID } from 'bson';
import { decode } from '../bson/decode.js';
import { isDoc, type Binary, type Doc } from '../bson/value.js';
import { DbError } from '../errors.js';
import { catalogPrefix, Collection } from './collection.js';
import { Committer } from './committer.js';
import type { IndexSpec } from './index.js';
import type { KeyOwner, Log } from './log.js';

const COUNTER_KEY = Buffer.from([0x6e]);

/** Known from the catalog, perhaps not read yet. */
interface Slot {
  readonly collection: Collection;
  loading: Promise<void> | undefined;
  loaded: boolean;
}

/** All databases of one folder: which collections exist, and their documents once somebody asked. */
export class Store implements KeyOwner {
  readonly committer: Committer;
  private readonly slots = new Map<string, Slot>();
  private nextId = 1;

  private constructor(private readonly log: Log) {
    this.committer = new Committer(log);
  }

  static async open(log: Log): Promise<Store> {
    const store = new Store(log);
    for await (const batch of log.read(COUNTER_KEY)) {
      for (const [, value] of batch) if (value) store.nextId = value.readUInt32BE(0);
    }
    for await (const batch of log.read(catalogPrefix)) {
      for (const [key, value] of batch) store.remember(key.readUInt32BE(1), value);
    }
    return store;
  }

  private remember(id: number, stored: Buffer | undefined): void {
    this.nextId = Math.max(this.nextId, id + 1);
    if (!stored) return;
    const meta = decode(stored);
    const collection = new Collection(
      id,
      meta['namespace'] as string,
      new UUID((meta['uuid'] as Binary).buffer),
      isDoc(meta['options']) ? meta['options'] : {},
      meta['indexes'] as IndexSpec[],
      this.committer,
    );
    this.slots.set(collection.namespace, { collection, loading: undefined, loaded: false });
  }

  /** The collection with its documents in memory, or `undefined` when there is none of that name. */
  async find(namespace: string): Promise<Collection | undefined> {
    const slot = this.slots.get(namespace);
    if (!slot) return undefined;
    if (!slot.loaded) {
      slot.loading ??= this.load(slot);
      await slot.loading;
    }
    return slot.collection;
  }

  private async load(slot: Slot): Promise<void> {
    try {
      await slot.collection.load(this.log);
      slot.loaded = true;
    } finally {
      // What could not be read is tried again when it is asked for again.
      slot.loading = undefined;
    }
  }

  async findOrCreate(namespace: string): Promise<Collection> {
    return (
      (await this.find(namespace)) ??
      this.slots.get(namespace)?.collection ??
      this.create(namespace, {})
    );
  }

  /** @throws DbError 48 when it exists, 73 when the name is not allowed */
  create(namespace: string, options: Doc): Collection {
    checkNamespace(namespace);
    if (this.slots.has(namespace)) {
      throw new DbError(48, `Collection ${namespace} already exists.`);
    }
    const collection = new Collection(
      this.nextId++,
      namespace,
      new UUID(randomUUID()),
      options,
      [],
      this.committer,
    );
    this.slots.set(namespace, { collection, loading: undefined, loaded: true });
    this.saveCounter();
    collection.save(() => {
      collection.dropped = true;
      this.slots.delete(namespace);
    });
    return collection;
  }

  /** The number of a dropped collection is never given out again, whatever a crash left of it on disk. */
  private saveCounter(): void {
    this.committer.add({
      key: COUNTER_KEY,
      value: this.bytesOf(),
      undo: () => undefined,
      owner: this,
    });
  }

  /** The one key of its own is the counter's. */
  bytesOf(): Uint8Array {
    const value = Buffer.alloc(4);
    value.writeUInt32BE(this.nextId, 0);
    return value;
  }

  drop(collection: Collection): void {
    const { namespace } = collection;
    const slot = this.slots.get(namespace);
    if (!slot) return;
    this.slots.delete(namespace);
    collection.erase(() => this.slots.set(namespace, slot));
  }

  rename(collection: Collection, to: string): void {
    checkNamespace(to);
    const from = collection.namespace;
    const slot = this.slots.get(from) as Slot;
    const move = (source: string, target: string): void => {
      this.slots.delete(source);
      collection.namespace = target;
      this.slots.set(target, slot);
    };
    move(from, to);
    collection.save(() => {
      move(to, from);
    });
  }

  /** Collections of a database (catalog only, nothing is loaded), by name. */
  list(database: string): Collection[] {
    return this.all()
      .filter((collection) => collection.database === database)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  all(): Collection[] {
    return [...this.slots.values()].map(({ collection }) => collection);
  }

  databases(): string[] {
    return [...new Set(this.all().map(({ database }) => database))].sort();
  }

  async close(): Promise<void> {
    await this.committer.durable().catch(() => undefined);
    await this.log.close();
  }
}

function checkNamespace(namespace: string): void {
  const dot = namespace.indexOf('.');
  const name = namespace.slice(dot + 1);
  const invalid =
    dot <= 0 ||
    name === '' ||
    name.startsWith('.') ||
    name.includes('$') ||
    name.includes('\0') ||
    /[/\\. "$]/.test(namespace.slice(0, dot));
  if (invalid) throw new DbError(73, `Invalid namespace specified '${namespace}'`);
  if (Buffer.byteLength(namespace) > 255) {
    throw new DbError(
      73,
      `Fully qualified namespace is too long. Namespace: ${namespace} Max: 255`,
    );
  }
}
