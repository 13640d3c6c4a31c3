import { expect, test } from '@jest/globals';
import { finish } from '../work.js';
import type { Doc, Long } from '../bson/value.js';
import { Cursors } from './cursors.js';

const DOCS: readonly Doc[] = [{ _id: 1 }, { _id: 2 }, { _id: 3 }];
const same = (doc: Doc): Doc => doc;

function opened(cursors: Cursors): Long {
  return finish(cursors.start('t.x', DOCS, 1, false, same))['id'] as Long;
}

test('a cursor that nobody asks for ten minutes ends, one that is used lives on', () => {
  let now = 0;
  const cursors = new Cursors({ now: () => now });
  const idle = opened(cursors);
  const used = opened(cursors);
  now = 6 * 60_000;
  finish(cursors.more(used, 't.x', 1));
  now = 11 * 60_000;
  cursors.expire();
  expect(() => finish(cursors.more(idle, 't.x', 1))).toThrow(expect.objectContaining({ code: 43 }));
  expect(finish(cursors.more(used, 't.x', 1))).toMatchObject({ ns: 't.x' });
});

test('there are never more than ten thousand of them', () => {
  const cursors = new Cursors({ now: () => 0 });
  for (let n = 0; n < 10_000; n++) opened(cursors);
  expect(() => opened(cursors)).toThrow(expect.objectContaining({ code: 96 }));
  expect(cursors.size).toBe(10_000);
});

test('a cursor read to its end, or killed, is gone', () => {
  const cursors = new Cursors({ now: () => 0 });
  finish(cursors.more(opened(cursors), 't.x', undefined));
  cursors.kill(opened(cursors));
  expect(cursors.size).toBe(0);
});
