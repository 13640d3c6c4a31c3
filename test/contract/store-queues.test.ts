import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import type { Incoming } from '../../src/chat/index.js';
import type { Store } from '../../src/store/index.js';
import type { InboxOutcome, NewOutboxRow } from '../../src/usecases/index.js';
import { TUESDAY, startStore } from '../support/store.js';
import type { TestStore } from '../support/store.js';

let world: TestStore;
let store: Store;

beforeAll(async () => {
  world = await startStore();
  store = world.store;
});
afterAll(() => world.end());
beforeEach(async () => {
  for (const name of ['inbox', 'outbox']) {
    await store.connection.db.collection(name).deleteMany({});
  }
});

const after = (seconds: number): Date => new Date(TUESDAY.getTime() + seconds * 1000);

const said = (key: string, from = 'zhangsan', at = TUESDAY): Incoming => ({
  key,
  from,
  at,
  kind: 'text',
  text: `{"$gt":""} ${key}`,
});

const outcome = (text: string): InboxOutcome => ({
  reply: { kind: 'text', text },
  passive: { kind: 'none' },
  dialog: { about: 'opp_1', 'a.b': 1 },
});

describe('the inbox', () => {
  test('knows, of callbacks claimed together, which are new', async () => {
    expect(await store.inbox.claim([said('1'), said('2')], TUESDAY)).toEqual([true, true]);
    expect(await store.inbox.claim([said('2'), said('3'), said('3')], TUESDAY)).toEqual([
      false,
      true,
      false,
    ]);
    expect(await store.inbox.claim([], TUESDAY)).toEqual([]);
  });

  test('fifty claims of one callback at once: exactly one is the first', async () => {
    const claims = await Promise.all(
      Array.from({ length: 50 }, () => store.inbox.claim([said('7')], TUESDAY)),
    );
    expect(claims.flat().filter(Boolean)).toHaveLength(1);
  });

  test('keeps the callback whole', async () => {
    const tap: Incoming = {
      key: 'tap_1',
      from: 'lei',
      at: TUESDAY,
      kind: 'tap',
      button: 'approve:apr_1',
      cardId: 'ntc_1',
      chosen: { 'reason.x': ['price'], $set: ['y'] },
      responseCode: 'code',
    };
    await store.inbox.claim([tap], after(1));
    expect(await store.inbox.find('tap_1')).toEqual({
      incoming: tap,
      receivedAt: after(1),
      state: 'waiting',
      attempts: 0,
      retryAt: null,
      outcome: null,
    });
    expect(await store.inbox.find('nothing')).toBeNull();
  });

  test('hands out a sender’s rows by time said, then by MsgId as a number', async () => {
    const rows = [
      said('10', 'zhangsan', after(5)),
      said('9', 'zhangsan', after(5)),
      said('4561255354251345929', 'zhangsan', after(5)),
      said('11', 'zhangsan', after(1)),
      said('8', 'lisi', after(0)),
    ];
    await store.inbox.claim(rows, after(6));
    const order: string[] = [];
    for (;;) {
      const [row] = await store.inbox.waitingOf('zhangsan', 1);
      if (!row) break;
      order.push(row.incoming.key);
      await store.inbox.finish(row.incoming.key, 'done');
    }
    expect(order).toEqual(['11', '9', '10', '4561255354251345929']);
  });

  test('lists senders waiting longest first, each once', async () => {
    await store.inbox.claim([said('1', 'lisi')], after(2));
    await store.inbox.claim([said('2', 'zhangsan')], after(1));
    await store.inbox.claim([said('3', 'zhangsan'), said('4', 'wangwu')], after(3));
    await store.inbox.finish('4', 'failed');
    expect(await store.inbox.sendersWaiting(10)).toEqual(['zhangsan', 'lisi']);
    expect(await store.inbox.sendersWaiting(1)).toEqual(['zhangsan']);
  });

  test('the first outcome decided stands', async () => {
    await store.inbox.claim([said('1')], TUESDAY);
    expect(await store.inbox.decide('1', outcome('first'))).toEqual(outcome('first'));
    expect(await store.inbox.decide('1', outcome('second'))).toEqual(outcome('first'));
    expect((await store.inbox.find('1'))?.outcome).toEqual(outcome('first'));
  });

  test('a finished row takes no new state, and no outcome it never had', async () => {
    await store.inbox.claim([said('1')], TUESDAY);
    await store.inbox.finish('1', 'failed');
    await store.inbox.finish('1', 'done');
    expect((await store.inbox.find('1'))?.state).toBe('failed');
    await expect(store.inbox.decide('1', outcome('late'))).rejects.toMatchObject({
      code: 'store.inbox-row',
    });
  });

  test('counts tries and remembers when the next may be', async () => {
    await store.inbox.claim([said('1')], TUESDAY);
    expect(await store.inbox.countAttempt('1', after(1))).toBe(1);
    expect(await store.inbox.countAttempt('1', after(3))).toBe(2);
    expect(await store.inbox.waitingOf('zhangsan', 9)).toMatchObject([
      { attempts: 2, retryAt: after(3) },
    ]);
  });
});

const row = (id: string, changes: Partial<NewOutboxRow> = {}): NewOutboxRow => ({
  id,
  lane: 'alert:zhangsan',
  to: { kind: 'person', userid: 'zhangsan' },
  class: 'alert',
  content: { kind: 'message', message: { kind: 'text', text: id } },
  updatesCardId: null,
  causeAt: TUESDAY,
  causeId: 'c',
  n: 0,
  notBefore: TUESDAY,
  ...changes,
});

describe('the outbox', () => {
  test('puts a row once, whoever relays it again', async () => {
    await store.outbox.put([row('a')], TUESDAY);
    await store.outbox.mark('a', { state: 'sent', sentAt: TUESDAY });
    await store.outbox.put([row('a'), row('b', { n: 1 })], TUESDAY);
    expect((await store.outbox.find('a'))?.state).toBe('sent');
    expect(await store.outbox.find('b')).toEqual({
      ...row('b', { n: 1 }),
      state: 'waiting',
      attempts: 0,
      body: null,
      sentAt: null,
      receipt: null,
      why: null,
    });
    expect(await store.outbox.find('c')).toBeNull();
  });

  test('a lane goes by cause time, cause and place; MsgIds compare as numbers', async () => {
    await store.outbox.put(
      [
        row('e', { causeAt: after(2) }),
        row('c', { causeId: '10#1' }),
        row('d', { causeId: '10#1', n: 1 }),
        row('b', { causeId: '9#1' }),
      ],
      TUESDAY,
    );
    const order: string[] = [];
    for (;;) {
      const [head] = await store.outbox.dueOf('alert:zhangsan', after(9), 1);
      if (!head) break;
      order.push(head.id);
      await store.outbox.mark(head.id, { state: 'sent' });
    }
    expect(order).toEqual(['b', 'c', 'd', 'e']);
  });

  test('a head that may not go yet holds its lane, and only its lane', async () => {
    await store.outbox.put(
      [
        row('held', { notBefore: after(60) }),
        row('behind', { causeAt: after(1) }),
        row('free', { lane: 'reply:zhangsan' }),
      ],
      TUESDAY,
    );
    expect(await store.outbox.lanesWaiting(after(5), 10)).toEqual(['reply:zhangsan']);
    expect(await store.outbox.dueOf('alert:zhangsan', after(5), 9)).toEqual([]);
    expect(await store.outbox.lanesWaiting(after(60), 10)).toHaveLength(2);
    const due = await store.outbox.dueOf('alert:zhangsan', after(60), 9);
    expect(due.map(({ id }) => id)).toEqual(['held', 'behind']);
    expect(await store.outbox.dueOf('alert:zhangsan', after(60), 1)).toHaveLength(1);
  });

  test('says when the next row is due, now for what is overdue', async () => {
    expect(await store.outbox.nextDueAt(TUESDAY)).toBeNull();
    await store.outbox.put([row('a', { notBefore: after(60) })], TUESDAY);
    expect(await store.outbox.nextDueAt(TUESDAY)).toEqual(after(60));
    expect(await store.outbox.nextDueAt(after(90))).toEqual(after(90));
  });

  test('keeps the first body it is given', async () => {
    await store.outbox.put([row('a')], TUESDAY);
    expect(await store.outbox.keepBody('a', '{"n":1}')).toBe('{"n":1}');
    expect(await store.outbox.keepBody('a', '{"n":2}')).toBe('{"n":1}');
  });

  test('lets one of several begin to send, and shows the row as the head still', async () => {
    await store.outbox.put([row('a')], TUESDAY);
    const begun = await Promise.all([1, 2, 3].map(() => store.outbox.startSending('a')));
    expect(begun.filter(Boolean)).toHaveLength(1);
    expect(await store.outbox.dueOf('alert:zhangsan', TUESDAY, 9)).toMatchObject([
      { id: 'a', state: 'sending' },
    ]);
  });

  test('a card’s response code is spent once', async () => {
    await store.outbox.put([row('a'), row('b')], TUESDAY);
    const receipt = { messageId: 'm1', responseCode: 'code', undeliverable: null };
    await store.outbox.mark('a', { state: 'sent', receipt });
    const spent = await Promise.all([1, 2, 3].map(() => store.outbox.spendResponseCode('a')));
    expect(spent.filter((code) => code === 'code')).toHaveLength(1);
    expect(await store.outbox.spendResponseCode('b')).toBeNull();
    expect((await store.outbox.find('a'))?.receipt).toEqual({ ...receipt, responseCode: null });
  });

  test('counts what was held back since, by when it was held back', async () => {
    await store.outbox.put([row('a'), row('b'), row('c')], TUESDAY);
    await store.outbox.mark('a', { state: 'folded', why: 'cap:day' });
    const since = world.clock.now();
    world.clock.advance(1000);
    await store.outbox.mark('b', { state: 'folded', why: 'cap:day' });
    await store.outbox.mark('c', { state: 'dropped', why: 'left' });
    expect(await store.outbox.heldBackFor('zhangsan', since)).toBe(1);
    expect(await store.outbox.heldBackFor('zhangsan', after(-1))).toBe(2);
    expect(await store.outbox.heldBackFor('lisi', after(-1))).toBe(0);
  });

  test('dead letters are listed and can be sent again; what was sent cannot', async () => {
    await store.outbox.put([row('a'), row('b', { lane: 'group:east' }), row('c')], TUESDAY);
    await store.outbox.keepBody('a', 'body');
    await store.outbox.mark('a', { state: 'dead', attempts: 9, why: 'wecom.40003' });
    await store.outbox.mark('b', { state: 'unknown', why: 'cut' });
    await store.outbox.mark('c', { state: 'sent' });
    expect((await store.outbox.dead(10)).map(({ id }) => id)).toEqual(['a']);
    expect(await store.outbox.lanesWaiting(after(60), 10)).toEqual([]);

    expect(await store.outbox.replay('c', after(5))).toBe(false);
    expect(await store.outbox.replay('b', after(5))).toBe(true);
    expect(await store.outbox.replay('a', after(5))).toBe(true);
    expect(await store.outbox.dueOf('alert:zhangsan', after(5), 9)).toMatchObject([
      { id: 'a', state: 'waiting', attempts: 0, body: 'body', why: null },
    ]);
  });

  test('marking a row that is not there is an error, not silence', async () => {
    await expect(store.outbox.mark('nothing', { attempts: 1 })).rejects.toMatchObject({
      code: 'store.outbox-row',
    });
  });
});
