import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import type { Incoming } from '../../src/chat/index.js';
import { createInbox } from '../../src/inbox/index.js';
import type { Inbox, InboxFailure, InboxOptions } from '../../src/inbox/index.js';
import { AppError, derivedId, silentLogger } from '../../src/kernel/index.js';
import type { Store } from '../../src/store/index.js';
import type { InboxOutcome } from '../../src/usecases/index.js';
import { Mortal } from '../support/mortal.js';
import { TUESDAY, startStore } from '../support/store.js';
import type { TestStore } from '../support/store.js';

let world: TestStore;
let store: Store;
/** What handling came to, in order: the business, as it were. */
let handled: string[];
let failures: InboxFailure[];
const inboxes: Inbox[] = [];

beforeAll(async () => {
  world = await startStore();
  store = world.store;
});
afterAll(() => world.end());
beforeEach(async () => {
  await Promise.all(inboxes.splice(0).map((inbox) => inbox.stop()));
  for (const name of ['inbox', 'outbox', 'dialogs', 'leases']) {
    await store.connection.db.collection(name).deleteMany({});
  }
  handled = [];
  failures = [];
});

const answerTo = (incoming: Incoming): InboxOutcome => ({
  reply: { kind: 'text', text: `收到 ${incoming.key}` },
  passive: { kind: 'none' },
  dialog: { last: incoming.key },
});

let instances = 0;
function instance(options: Partial<InboxOptions> = {}): Inbox {
  const inbox = createInbox({
    store: store.inbox,
    dialogs: store.dialogs,
    outbox: store.outbox,
    leases: store.leases,
    clock: world.clock,
    log: silentLogger,
    handle: async (incoming) => {
      handled.push(incoming.key);
      return answerTo(incoming);
    },
    apology: (reference) => ({ kind: 'text', text: `抱歉，没有处理成功（${reference}）` }),
    onFailed: async (failure) => void failures.push(failure),
    onReply: () => undefined,
    instanceId: `instance${++instances}`,
    ...options,
  });
  inboxes.push(inbox);
  return inbox;
}

const said = (key: string, from = 'zhangsan', at = TUESDAY): Incoming => ({
  key,
  from,
  at,
  kind: 'text',
  text: key,
});

const tapped = (key: string): Incoming => ({
  key,
  from: 'lei',
  at: TUESDAY,
  kind: 'tap',
  button: 'approve:apr_1',
  cardId: 'ntc_1',
  chosen: {},
  responseCode: 'code',
});

async function replies(): Promise<string[]> {
  const rows = await store.connection.db
    .collection<{ _id: string; causeId: string }>('outbox')
    .find({})
    .sort({ causeAt: 1, causeSeq: 1 })
    .toArray();
  return rows.map(({ causeId }) => causeId);
}

const stateOf = async (key: string): Promise<string | undefined> =>
  (await store.inbox.find(key))?.state;

describe('never doubled', () => {
  test('the same callback fifty times at once has one effect and one reply', async () => {
    const inbox = instance();
    const accepted = await Promise.all(Array.from({ length: 50 }, () => inbox.accept(said('1'))));
    await inbox.idle();
    expect(accepted.filter(({ fresh }) => fresh)).toHaveLength(1);
    expect(handled).toEqual(['1']);
    expect(await replies()).toEqual(['1']);
    expect(await stateOf('1')).toBe('done');
    expect(await store.dialogs.load('zhangsan')).toEqual({ last: '1' });
  });

  test('and again after a restart, on another instance, changes nothing', async () => {
    const first = instance();
    await first.accept(said('1'));
    await first.idle();
    await first.stop();

    const second = instance();
    const again = await Promise.all(Array.from({ length: 50 }, () => second.accept(said('1'))));
    await second.sweep();
    await second.idle();
    expect(again.some(({ fresh }) => fresh)).toBe(false);
    expect(handled).toEqual(['1']);
    expect(await replies()).toEqual(['1']);
  });

  test('the reply is the sender’s, in their lane, and asked for', async () => {
    const inbox = instance();
    await inbox.accept(said('1'));
    await inbox.idle();
    expect(await store.outbox.find(derivedId('reply', '1'))).toMatchObject({
      lane: 'reply:zhangsan',
      to: { kind: 'person', userid: 'zhangsan' },
      class: 'reply',
      causeAt: TUESDAY,
      content: { kind: 'message', message: { kind: 'text', text: '收到 1' } },
    });
  });
});

describe('in order', () => {
  test('messages of one sender on two instances are handled one by one, as they were said', async () => {
    let atOnce = 0;
    const handle = async (incoming: Incoming): Promise<InboxOutcome> => {
      expect(++atOnce).toBe(1);
      await store.ping();
      handled.push(incoming.key);
      atOnce--;
      return answerTo(incoming);
    };
    const [one, two] = [instance({ handle }), instance({ handle })] as const;
    const keys = Array.from({ length: 20 }, (_, n) => String(n + 1));
    for (const [n, key] of keys.entries()) await (n % 2 ? one : two).accept(said(key));
    await Promise.all([one.idle(), two.idle()]);
    await one.sweep();
    await one.idle();
    expect(handled).toEqual(keys);
    expect(await replies()).toEqual(keys);
    expect(await store.dialogs.load('zhangsan')).toEqual({ last: '20' });
  });

  test('different senders do not wait for one another', async () => {
    let letGo: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    const inbox = instance({
      handle: async (incoming) => {
        if (incoming.from === 'slow') await gate;
        handled.push(incoming.key);
        return answerTo(incoming);
      },
      onReply: (lane) => {
        if (lane === 'reply:quick') letGo();
      },
    });
    await inbox.accept(said('1', 'slow'));
    await inbox.accept(said('2', 'quick'));
    await inbox.idle();
    expect(handled).toEqual(['2', '1']);
  });

  test('a message that must be retried is not overtaken by the next', async () => {
    let broken = true;
    const inbox = instance({
      handle: async (incoming) => {
        if (broken && incoming.key === '1') {
          throw new AppError('busy', { code: 'test.busy', retryable: true });
        }
        handled.push(incoming.key);
        return answerTo(incoming);
      },
    });
    await inbox.accept(said('1'));
    await inbox.accept(said('2'));
    await inbox.idle();
    expect(handled).toEqual([]);
    expect(await store.inbox.find('1')).toMatchObject({ state: 'waiting', attempts: 1 });

    broken = false;
    world.clock.advance(500);
    await inbox.sweep();
    await inbox.idle();
    expect(handled).toEqual(['1', '2']);
    expect(failures).toEqual([]);
  });
});

describe('crashes', () => {
  /** Runs one message through an instance that dies in its `dieAt`th step; answers which that was. */
  async function dyingIn(dieAt: number, moment: 'before' | 'after'): Promise<string | null> {
    const mortal = new Mortal(dieAt, moment);
    const effects = { add: async (key: string) => void handled.push(key) };
    const mortalEffects = mortal.port('effects', effects);
    const inbox = createInbox({
      store: mortal.port('inbox', store.inbox),
      dialogs: mortal.port('dialogs', store.dialogs),
      outbox: mortal.port('outbox', store.outbox),
      leases: mortal.port('leases', store.leases),
      clock: world.clock,
      log: silentLogger,
      handle: async (incoming) => {
        await mortalEffects.add(incoming.key);
        return answerTo(incoming);
      },
      apology: () => ({ kind: 'text', text: '抱歉' }),
      onFailed: async (failure) => void failures.push(failure),
      onReply: () => undefined,
      instanceId: `mortal${dieAt}${moment}`,
      acceptWithinMs: 60_000,
    });
    const lived = inbox.accept(said('1')).then(() => inbox.idle());
    await Promise.race([lived, mortal.death]);
    return mortal.diedIn;
  }

  test.each(['before', 'after'] as const)(
    'dying just %s any step, the callback still has exactly its effect and its reply',
    async (moment) => {
      const steps: string[] = [];
      for (let dieAt = 1; ; dieAt++) {
        for (const name of ['inbox', 'outbox', 'dialogs', 'leases']) {
          await store.connection.db.collection(name).deleteMany({});
        }
        handled = [];
        const diedIn = await dyingIn(dieAt, moment);
        if (diedIn === null) break;
        steps.push(diedIn);

        world.clock.advance(10_000);
        const survivor = instance();
        // What was never acknowledged, WeCom sends again.
        if (diedIn === 'inbox.claim') await survivor.accept(said('1'));
        await survivor.sweep();
        await survivor.idle();
        await survivor.stop();

        expect([...new Set(handled)]).toEqual(['1']);
        expect(await replies()).toEqual(['1']);
        expect(await store.dialogs.load('zhangsan')).toEqual({ last: '1' });
        expect(await stateOf('1')).toBe('done');
      }
      expect(steps).toEqual(
        expect.arrayContaining([
          'inbox.claim',
          'leases.acquire',
          'inbox.waitingOf',
          'effects.add',
          'inbox.decide',
          'dialogs.save',
          'outbox.put',
          'inbox.finish',
          'leases.release',
        ]),
      );
    },
  );

  test('an outcome once decided is what is carried out, not a second thought', async () => {
    await store.inbox.claim([said('1')], TUESDAY);
    await store.inbox.decide('1', answerTo(said('1')));
    const inbox = instance({
      handle: async () => {
        throw new Error('must not be handled again');
      },
    });
    await inbox.sweep();
    await inbox.idle();
    expect(await replies()).toEqual(['1']);
    expect(await stateOf('1')).toBe('done');
  });

  test('a message that kills every process handling it is given up in the end', async () => {
    await store.inbox.claim([said('poison')], TUESDAY);
    let deaths = 0;
    while ((await stateOf('poison')) === 'waiting' && deaths < 30) {
      world.clock.advance(60_000);
      const died = new Promise<void>((resolve) => {
        const doomed = createInbox({
          store: store.inbox,
          dialogs: store.dialogs,
          outbox: store.outbox,
          leases: store.leases,
          clock: world.clock,
          log: silentLogger,
          handle: () => {
            deaths++;
            resolve();
            return new Promise(() => undefined);
          },
          apology: () => ({ kind: 'text', text: '抱歉' }),
          onFailed: async (failure) => void failures.push(failure),
          onReply: () => undefined,
          instanceId: `doomed${deaths}`,
        });
        void doomed
          .sweep()
          .then(() => doomed.idle())
          .then(resolve);
      });
      await died;
    }
    expect(await stateOf('poison')).toBe('failed');
    expect(failures).toMatchObject([{ key: 'poison', code: 'inbox.never-ends' }]);
    expect(deaths).toBeLessThan(10);
  });
});

describe('what cannot be handled', () => {
  test('is retried a few times, then the sender gets an apology with a number and the administrators are told once', async () => {
    let tries = 0;
    const inbox = instance({
      handle: async (incoming) => {
        if (incoming.key === '2') return answerTo(incoming);
        tries++;
        throw new AppError('secret inner detail', { code: 'test.down', retryable: true });
      },
    });
    await inbox.accept(said('1'));
    await inbox.accept(said('2'));
    for (let n = 0; n < 12; n++) {
      await inbox.sweep();
      await inbox.idle();
      world.clock.advance(60_000);
    }
    expect(tries).toBe(7);
    expect(await stateOf('1')).toBe('failed');
    expect(await stateOf('2')).toBe('done');
    expect(failures).toMatchObject([{ key: '1', from: 'zhangsan', code: 'test.down' }]);
    const reply = await store.outbox.find(derivedId('reply', '1'));
    const reference = failures[0]?.reference ?? '';
    expect(reference).toMatch(/^[0-9A-F]{8}$/);
    expect(JSON.stringify(reply?.content)).toContain(reference);
    expect(JSON.stringify(reply?.content)).not.toContain('secret');
  });

  test('and no try can help is given up at once', async () => {
    const inbox = instance({
      handle: async () => {
        throw new AppError('never', { code: 'test.never' });
      },
    });
    await inbox.accept(said('1'));
    await inbox.idle();
    expect(await stateOf('1')).toBe('failed');
    expect(await replies()).toEqual(['1']);
    expect(failures).toHaveLength(1);
  });

  test('the database being away is said quickly, as something that passes', async () => {
    const away = { ...store.inbox, claim: () => new Promise<boolean[]>(() => undefined) };
    const slow = instance({ store: away, acceptWithinMs: 20 });
    await expect(slow.accept(said('1'))).rejects.toMatchObject({
      code: 'inbox.unavailable',
      retryable: true,
    });
    const refusing = { claim: () => Promise.reject(new Error('no server')) };
    const broken = instance({ store: refusing as unknown as Store['inbox'] });
    await expect(broken.accept(said('1'))).rejects.toMatchObject({ code: 'inbox.unavailable' });
  });

  test('a stopped inbox takes nothing more, and has finished what it had', async () => {
    const inbox = instance();
    await inbox.accept(said('1'));
    await inbox.stop();
    await expect(inbox.accept(said('2'))).rejects.toMatchObject({ code: 'inbox.unavailable' });
    expect(await store.leases.acquire('inbox:zhangsan', 'another', 1_000)).not.toBeNull();
  });
});

describe('taps', () => {
  const passive = {
    kind: 'card',
    card: { source: '商机审批', title: '已同意', rows: [], buttons: [] },
  } as const;
  const decide = async (incoming: Incoming): Promise<InboxOutcome> => {
    handled.push(incoming.key);
    return {
      reply: null,
      passive: { ...passive, card: { ...passive.card, rows: [], buttons: [] } },
      dialog: null,
    };
  };

  test('are answered with what they came to, a repeat with the same', async () => {
    const inbox = instance({ handle: decide });
    await inbox.accept(tapped('tap'));
    expect(await inbox.passiveAnswer('tap', 5_000)).toEqual(passive);
    await inbox.idle();
    expect((await inbox.accept(tapped('tap'))).fresh).toBe(false);
    expect(await inbox.passiveAnswer('tap', 5_000)).toEqual(passive);
    expect(handled).toEqual(['tap']);
    expect(await replies()).toEqual([]);
  });

  test('repeated to another instance while the first decides get the first one’s answer', async () => {
    let letGo: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    const one = instance({
      handle: async (incoming) => {
        await gate;
        return decide(incoming);
      },
    });
    const two = instance({ handle: decide });
    await one.accept(tapped('tap'));
    expect((await two.accept(tapped('tap'))).fresh).toBe(false);
    const answer = two.passiveAnswer('tap', 10_000);
    letGo();
    expect(await answer).toEqual(passive);
    expect(handled).toEqual(['tap']);
  });

  test('that take too long get none, and are carried out all the same', async () => {
    let letGo: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    const inbox = instance({
      handle: async (incoming) => {
        await gate;
        return decide(incoming);
      },
    });
    await inbox.accept(tapped('tap'));
    expect(await inbox.passiveAnswer('tap', 30)).toBeNull();
    letGo();
    await inbox.idle();
    expect(await stateOf('tap')).toBe('done');
  });

  test('nobody knows have no answer', async () => {
    expect(await instance().passiveAnswer('nothing', 5_000)).toBeNull();
  });
});
