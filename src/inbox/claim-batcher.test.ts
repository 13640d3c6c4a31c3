import { expect, test } from '@jest/globals';

import type { Incoming } from '../chat/index.js';
import type { InboxStore } from '../usecases/index.js';
import { ClaimBatcher } from './claim-batcher.js';

const NOW = new Date('2026-03-10T10:00:00+08:00');

const said = (key: string): Incoming => ({ key, from: 'a', at: NOW, kind: 'text', text: key });

/** A store whose writes end when they are told to. */
function gatedStore() {
  const writes: { keys: string[]; end: () => void; fail: (error: Error) => void }[] = [];
  const claim = (incomings: readonly Incoming[]): Promise<boolean[]> =>
    new Promise((resolve, reject) => {
      const keys = incomings.map(({ key }) => key);
      writes.push({ keys, end: () => resolve(keys.map((key) => key !== 'seen')), fail: reject });
    });
  return { writes, store: { claim } as unknown as InboxStore };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('the first callback goes at once, those that come meanwhile go together', async () => {
  const { writes, store } = gatedStore();
  const batcher = new ClaimBatcher(store, { now: () => NOW }, 3);
  const first = batcher.claim(said('1'));
  expect(writes.map(({ keys }) => keys)).toEqual([['1']]);

  const rest = ['2', 'seen', '4', '5'].map((key) => batcher.claim(said(key)));
  expect(writes).toHaveLength(1);
  writes[0]?.end();
  expect(await first).toBe(true);
  await settled();
  writes[1]?.end();
  await settled();
  writes[2]?.end();
  expect(await Promise.all(rest)).toEqual([true, false, true, true]);
  expect(writes.map(({ keys }) => keys)).toEqual([['1'], ['2', 'seen', '4'], ['5']]);
});

test('a write that fails fails those it carried, and nobody else', async () => {
  const { writes, store } = gatedStore();
  const batcher = new ClaimBatcher(store, { now: () => NOW }, 200);
  const first = batcher.claim(said('1'));
  const next = batcher.claim(said('2'));
  writes[0]?.fail(new Error('no server'));
  await expect(first).rejects.toThrow('no server');
  await settled();
  writes[1]?.end();
  expect(await next).toBe(true);
  const later = batcher.claim(said('3'));
  await settled();
  writes[2]?.end();
  expect(await later).toBe(true);
});
