import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Doc } from '../bson/value.js';
import { makeLevel, openLevelLog, type MakeEngine } from './level-log.js';
import { Store } from './store.js';

let folder: string;
let reports: string[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'level-log-'));
  reports = [];
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

type Operations = readonly { type: 'put' | 'del'; key: Buffer; value?: Uint8Array }[];
type Batch = (operations: Operations, options: { sync: boolean }) => Promise<void>;

const batchOf = (level: ReturnType<MakeEngine>): Batch =>
  level.batch.bind(level) as unknown as Batch;

/** LevelDB whose batches go through `batch`, which is given the real one. */
function engineWith(batch: (real: Batch, ...args: Parameters<Batch>) => Promise<void>): MakeEngine {
  return (where) => {
    const level = makeLevel(where);
    const real = batchOf(level);
    return Object.assign(level, { batch: (...args: Parameters<Batch>) => batch(real, ...args) });
  };
}

async function open(engine?: MakeEngine): Promise<Store> {
  return Store.open(await openLevelLog(folder, (damage) => reports.push(damage), engine));
}

async function docsOf(store: Store): Promise<Doc[]> {
  const collection = await store.find('shop.deals');
  return [...(collection?.entries.values() ?? [])].map(({ doc }) => doc);
}

describe('a power cut', () => {
  /** What is on the platter: batches that were synced, and those before them. */
  let platter: Operations[];
  /** What only the cache of the disk has seen. */
  let cache: Operations[];

  beforeEach(() => {
    platter = [];
    cache = [];
  });

  /** A disk that forgets, when the power goes, whatever was not synced. */
  const forgetful = engineWith(async (real, operations, options) => {
    await real(operations, options);
    cache.push(operations);
    if (options.sync) platter.push(...cache.splice(0));
  });

  /** A server that says “stored” without having synced: the fault the test is there for. */
  const careless = engineWith(async (real, operations) => {
    await real(operations, { sync: false });
    cache.push(operations);
  });

  /** Writes from several sides; answers the `_id`s of what was acknowledged before the power went. */
  async function writeUntilPowerCut(engine: MakeEngine): Promise<Set<unknown>> {
    const store = await open(engine);
    const collection = store.create('shop.deals', {});
    const acknowledged = new Set<unknown>();
    const writer = async (name: string): Promise<void> => {
      for (let i = 0; i < 50; i++) {
        const _id = `${name}-${i}`;
        collection.insert({ _id, text: 'x'.repeat(i) });
        await store.committer.durable();
        acknowledged.add(_id);
      }
    };
    await Promise.all(['a', 'b', 'c', 'd'].map(writer));
    // Written, never waited for: the power goes before its sync.
    collection.insert({ _id: 'unacknowledged' });
    await store.close();
    return acknowledged;
  }

  async function missingAfterPowerCut(engine: MakeEngine): Promise<unknown[]> {
    const acknowledged = await writeUntilPowerCut(engine);
    await rm(folder, { recursive: true });
    const disk = makeLevel(folder);
    for (const operations of platter) await batchOf(disk)(operations, { sync: true });
    await disk.close();
    const kept = new Set((await docsOf(await open())).map(({ _id }) => _id));
    return [...acknowledged].filter((id) => !kept.has(id));
  }

  test('loses nothing that was acknowledged', async () => {
    expect(await missingAfterPowerCut(forgetful)).toEqual([]);
  });

  test('shows when something was acknowledged without a sync', async () => {
    expect(await missingAfterPowerCut(careless)).toHaveLength(200);
  });
});

describe('damage', () => {
  /** A store that ends without a word, as when it is killed, with `count` documents acknowledged one by one. */
  async function abandonedStore(count: number): Promise<string> {
    const store = await open();
    const collection = store.create('shop.deals', {});
    for (let _id = 0; _id < count; _id++) {
      collection.insert({ _id, text: 'x'.repeat(200) });
      await store.committer.durable();
    }
    const [log] = (await readdir(folder)).filter((name) => name.endsWith('.log'));
    const file = path.join(folder, log as string);
    const bytes = await readFile(file);
    // Closing changes nothing in the log; it is written back all the same, so that only what follows differs.
    await store.close();
    await writeFile(file, bytes);
    return file;
  }

  async function idsAfterwards(): Promise<unknown[]> {
    const store = await open();
    const ids = (await docsOf(store)).map(({ _id }) => _id);
    await store.close();
    return ids;
  }

  const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

  test('a log that is whole is not spoken of', async () => {
    await abandonedStore(30);
    expect(await idsAfterwards()).toEqual(upTo(30));
    expect(reports).toEqual([]);
  });

  test('a tail that was cut off is reported, everything before it is kept', async () => {
    const file = await abandonedStore(30);
    await truncate(file, (await readFile(file)).length - 40);
    expect(await idsAfterwards()).toEqual(upTo(29));
    expect(reports).toEqual([expect.stringMatching(/ends within a write: its last \d+ bytes/)]);
  });

  test('a flipped bit in the tail is reported, everything before it is kept', async () => {
    const file = await abandonedStore(30);
    const bytes = await readFile(file);
    bytes[bytes.length - 40] = (bytes[bytes.length - 40] as number) ^ 0x10;
    await writeFile(file, bytes);
    expect(await idsAfterwards()).toEqual(upTo(29));
    expect(reports).toEqual([expect.stringMatching(/is damaged: \d+ bytes at \d+/)]);
  });

  test('a broken block in the middle is reported, what lies behind the block is kept', async () => {
    const file = await abandonedStore(400);
    const bytes = await readFile(file);
    bytes.fill(0xaa, 40_000, 40_010);
    await writeFile(file, bytes);
    const ids = await idsAfterwards();
    expect(ids).toEqual(expect.arrayContaining([0, 1, 100, 398, 399]));
    expect(reports).toHaveLength(1);
    const lost = 400 - ids.length;
    // No more than the rest of one block of 32 KB, at some 300 bytes a document.
    expect(lost).toBeGreaterThan(0);
    expect(lost).toBeLessThan(120);
  });

  test('a value whose bytes have changed below the log is reported and left out', async () => {
    const file = await abandonedStore(3);
    const store = await open();
    await store.close();
    await rm(file, { force: true });
    const disk = makeLevel(folder);
    const [entry] = await disk.iterator({ gte: Buffer.from([0x64]), limit: 1 }).all();
    const [key, value] = entry as [Buffer, Uint8Array];
    value[20] = (value[20] as number) ^ 1;
    await disk.put(key, value);
    await disk.close();
    reports = [];
    expect(await idsAfterwards()).toEqual([1, 2]);
    expect(reports).toEqual([expect.stringMatching(/is damaged and was left out/)]);
  });
});

describe('a disk that fails', () => {
  let failing: 'half way' | 'at the end' | undefined;

  /** Leaves the beginning of a record behind the log, as a full disk does, or all of it, and fails. */
  const unreliable = engineWith(async (real, operations, options) => {
    await real(operations, options);
    if (!failing) return;
    const [log] = (await readdir(folder)).filter((name) => name.endsWith('.log'));
    const file = path.join(folder, log as string);
    if (failing === 'half way') await truncate(file, (await readFile(file)).length - 10);
    throw new Error('No space left on device');
  });

  test.each(['half way', 'at the end'] as const)(
    '%s: what is acknowledged after it has recovered survives, what was refused does not',
    async (moment) => {
      const store = await open(unreliable);
      const collection = store.create('shop.deals', {});
      const before = collection.insert({ _id: 'before', state: 'old' });
      await store.committer.durable();
      failing = moment;
      collection.insert({ _id: 'refused' });
      collection.replace(before, { _id: 'before', state: 'new' });
      await expect(store.committer.durable()).rejects.toMatchObject({ code: 14031 });
      failing = undefined;
      for (let i = 0; i < 20; i++) {
        collection.insert({ _id: i });
        await store.committer.durable();
      }
      await store.close();
      const again = await open();
      const kept = await docsOf(again);
      await again.close();
      expect(kept[0]).toEqual({ _id: 'before', state: 'old' });
      expect(kept.slice(1).map(({ _id }) => _id)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    },
  );
});
