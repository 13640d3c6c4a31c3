import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import type { Message, Receipt, Recipient, Sender } from '../../src/chat/index.js';
import { createCalendar } from '../../src/domain/index.js';
import type { Notice } from '../../src/domain/index.js';
import { AppError, MINUTE_MS, silentLogger } from '../../src/kernel/index.js';
import { createOutboxWorker } from '../../src/notify/index.js';
import type {
  DeliveryFailure,
  NotifyPolicy,
  OutboxWorker,
  OutboxWorkerOptions,
} from '../../src/notify/index.js';
import type { Store } from '../../src/store/index.js';
import type { NewOutboxRow, OutboxRow } from '../../src/usecases/index.js';
import { MEMBERS } from '../../src/usecases/testing/index.js';
import { Mortal } from '../support/mortal.js';
import { startStore } from '../support/store.js';
import type { TestStore } from '../support/store.js';

/** A WeCom that shows a repeated body to a person once, and everything it gets to a group. */
class PretendWecom implements Sender {
  /** `recipient: text`, in the order people see them. */
  readonly shown: string[] = [];
  readonly updates: string[] = [];
  readonly #seen = new Set<string>();
  /** What every request fails with, until it is taken away. */
  trouble: AppError | null = null;
  receipt: Partial<Receipt> = {};
  updatesWork = true;
  requests = 0;

  build(to: Recipient, message: Message, id: string): string {
    return JSON.stringify({ id, to: nameOf(to), text: textOf(message) });
  }

  async send(to: Recipient, body: string): Promise<Receipt> {
    this.requests++;
    if (this.trouble) throw this.trouble;
    const isRepeat = to.kind === 'person' && this.#seen.has(body);
    this.#seen.add(body);
    if (!isRepeat) this.shown.push(`${nameOf(to)}: ${(JSON.parse(body) as { text: string }).text}`);
    return {
      messageId: `m${this.requests}`,
      responseCode: `code${this.requests}`,
      undeliverable: null,
      ...this.receipt,
    };
  }

  async updateCard({
    userids,
    responseCode,
  }: Parameters<Sender['updateCard']>[0]): Promise<boolean> {
    if (this.trouble) throw this.trouble;
    this.updates.push(`${userids.join()} ${responseCode}`);
    return this.updatesWork;
  }
}

const nameOf = (to: Recipient): string =>
  to.kind === 'person' ? to.userid : to.kind === 'appchat' ? to.chatId : to.keyEnv;
const textOf = (message: Message): string =>
  message.kind === 'markdown' ? message.markdown : message.text;

const POLICY: NotifyPolicy = {
  quiet: { from: '20:00', to: '08:30', nonWorkdays: true },
  caps: { perDay: 3, perHour: 2 },
  paused: { all: false, people: [] },
  pilotDepartments: [],
};

let world: TestStore;
let store: Store;
let wecom: PretendWecom;
let dead: DeliveryFailure[];
let unknown: DeliveryFailure[];
let stuck: DeliveryFailure[];
const workers: OutboxWorker[] = [];

beforeAll(async () => {
  world = await startStore();
  store = world.store;
  await store.directory.replaceAll(MEMBERS, world.clock.now());
});
afterAll(() => world.end());
beforeEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()));
  for (const name of ['outbox', 'windows', 'leases']) {
    await store.connection.db.collection(name).deleteMany({});
  }
  wecom = new PretendWecom();
  dead = [];
  unknown = [];
  stuck = [];
  nextMorning();
});

/** Ten o'clock of the next working day: tests do not inherit each other's caps or quiet hours. */
function nextMorning(): void {
  const calendar = createCalendar([]);
  const today = new Date(world.clock.now().getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
  world.clock.advanceTo(new Date(`${calendar.nextWorkday(today)}T10:00:00+08:00`));
}

let instances = 0;
function optionsOf(changes: Partial<OutboxWorkerOptions> = {}): OutboxWorkerOptions {
  return {
    outbox: store.outbox,
    leases: store.leases,
    limiter: store.limiter,
    directory: store.directory,
    sender: wecom,
    word: (notice: Notice) => ({ kind: 'text', text: notice.code }),
    alarms: null,
    groupChannel: (groupId) =>
      groupId === 'gone' ? null : { kind: 'appchat', chatId: `chat-${groupId}` },
    policy: () => POLICY,
    calendar: () => createCalendar([]),
    clock: world.clock,
    log: silentLogger,
    onDead: async (failure) => void dead.push(failure),
    onUnknown: async (failure) => void unknown.push(failure),
    onStuck: async (failure) => void stuck.push(failure),
    instanceId: `instance${++instances}`,
    ...changes,
  };
}

function instance(changes: Partial<OutboxWorkerOptions> = {}): OutboxWorker {
  const worker = createOutboxWorker(optionsOf(changes));
  workers.push(worker);
  return worker;
}

const row = (id: string, changes: Partial<NewOutboxRow> = {}): NewOutboxRow => ({
  id,
  lane: 'reply:zhangsan',
  to: { kind: 'person', userid: 'zhangsan' },
  class: 'reply',
  content: { kind: 'message', message: { kind: 'text', text: id } },
  updatesCardId: null,
  causeAt: world.clock.now(),
  causeId: id,
  n: 0,
  notBefore: world.clock.now(),
  ...changes,
});
const alert = (id: string, changes: Partial<NewOutboxRow> = {}): NewOutboxRow =>
  row(id, { lane: 'alert:zhangsan', class: 'alert', ...changes });
const toGroup = (id: string, changes: Partial<NewOutboxRow> = {}): NewOutboxRow =>
  row(id, {
    lane: 'group:east',
    class: 'group',
    to: { kind: 'group', groupId: 'east' },
    ...changes,
  });

async function put(...rows: NewOutboxRow[]): Promise<void> {
  await store.outbox.put(rows, world.clock.now());
}

async function work(worker: OutboxWorker): Promise<void> {
  await worker.sweep();
  await worker.idle();
}

const stored = async (id: string): Promise<OutboxRow | null> => store.outbox.find(id);

describe('sending', () => {
  test('a lane goes in order, and what came of it is recorded', async () => {
    await put(row('2', { causeId: '10' }), row('1', { causeId: '9' }));
    await work(instance());
    expect(wecom.shown).toEqual(['zhangsan: 1', 'zhangsan: 2']);
    expect(await stored('1')).toMatchObject({
      state: 'sent',
      sentAt: world.clock.now(),
      receipt: { messageId: 'm1', responseCode: 'code1', undeliverable: null },
    });
  });

  test('a kick is enough, with the lane or without', async () => {
    const worker = instance();
    await put(row('1'));
    worker.kick('reply:zhangsan');
    await worker.idle();
    await put(row('2', { lane: 'reply:lisi', to: { kind: 'person', userid: 'lisi' } }));
    worker.kick();
    worker.kick();
    await worker.idle();
    expect(wecom.shown).toEqual(['zhangsan: 1', 'lisi: 2']);
  });

  test('two instances that sweep at once show everything once, in order', async () => {
    const ids = Array.from({ length: 30 }, (_, n) => String(n + 1));
    await put(...ids.map((id) => row(id)), ...ids.map((id) => toGroup(`g${id}`)));
    const [one, two] = [instance(), instance()] as const;
    await Promise.all([one.sweep(), two.sweep()]);
    await Promise.all([one.idle(), two.idle()]);
    const to = (who: string): string[] => wecom.shown.filter((line) => line.startsWith(who));
    expect(to('zhangsan')).toEqual(ids.map((id) => `zhangsan: ${id}`));
    expect(to('chat-east')).toEqual(ids.map((id) => `chat-east: g${id}`));
    expect(unknown).toEqual([]);
  });

  test('what was worded once is sent in those words, whatever the words are by then', async () => {
    const notice: Notice = { code: 'admin-alert', title: 't', detail: 'd', action: 'a' };
    await put(row('1', { content: { kind: 'notice', notice } }));
    wecom.trouble = new AppError('down', { code: 'wecom.unreachable', retryable: true });
    await work(instance({ word: () => ({ kind: 'text', text: 'first words' }) }));
    wecom.trouble = null;
    world.clock.advance(MINUTE_MS);
    await work(instance({ word: () => ({ kind: 'text', text: 'other words' }) }));
    expect(wecom.shown).toEqual(['zhangsan: first words']);
  });
});

describe('when WeCom is away for ten minutes', () => {
  test('everything arrives afterwards, once, in order per person, within the caps', async () => {
    const worker = instance();
    wecom.trouble = new AppError('down', { code: 'wecom.unreachable', retryable: true });
    for (let minute = 0; minute < 10; minute++) {
      const id = String(minute).padStart(2, '0');
      await put(row(`r${id}`), alert(`a${id}`), toGroup(`g${id}`));
      await work(worker);
      world.clock.advance(MINUTE_MS);
    }
    expect(wecom.shown).toEqual([]);

    wecom.trouble = null;
    for (let minute = 0; minute < 3; minute++) {
      world.clock.advance(MINUTE_MS);
      await work(worker);
    }
    const texts = wecom.shown.map((line) => line.split(': ')[1] ?? '');
    const inOrder = Array.from({ length: 10 }, (_, n) => String(n).padStart(2, '0'));
    expect(texts.filter((text) => text.startsWith('r'))).toEqual(inOrder.map((n) => `r${n}`));
    expect(texts.filter((text) => text.startsWith('g'))).toEqual(inOrder.map((n) => `g${n}`));
    expect(texts.filter((text) => text.startsWith('a'))).toEqual(['a00', 'a01']);
    expect(await store.outbox.heldBackFor('zhangsan', new Date(0))).toBe(8);
    expect([...dead, ...unknown]).toEqual([]);
  });
});

describe('the gate', () => {
  test('alerts wait for the end of quiet hours, what was asked for does not', async () => {
    world.clock.advance(11 * 60 * MINUTE_MS);
    const worker = instance();
    await put(alert('alert'), row('reply'), row('approval', { class: 'approval', causeId: 'z' }));
    await work(worker);
    expect(wecom.shown).toEqual(['zhangsan: reply', 'zhangsan: approval']);
    const held = await stored('alert');
    expect(held).toMatchObject({ state: 'waiting', attempts: 0, body: null });

    world.clock.advanceTo(held?.notBefore ?? new Date(0));
    await work(worker);
    expect(wecom.shown.at(-1)).toBe('zhangsan: alert');
  });

  test('more alerts than the caps allow are folded for the next digest, and counted', async () => {
    const worker = instance();
    const began = new Date(world.clock.now().getTime() - 1);
    await put(alert('1'), alert('2'), alert('3'));
    await work(worker);
    expect(wecom.shown).toEqual(['zhangsan: 1', 'zhangsan: 2']);
    expect(await stored('3')).toMatchObject({ state: 'folded', why: 'cap:alert:zhangsan:hour' });

    world.clock.advance(61 * MINUTE_MS);
    await put(alert('4'), alert('5'));
    await work(worker);
    expect(wecom.shown).toHaveLength(3);
    expect(await stored('5')).toMatchObject({ state: 'folded', why: 'cap:alert:zhangsan:day' });
    expect(await store.outbox.heldBackFor('zhangsan', began)).toBe(2);
  });

  test('replies, approvals and digests do not count', async () => {
    const classes = ['reply', 'approval', 'self-reminder', 'digest', 'admin'] as const;
    await put(...classes.map((name, n) => row(name, { class: name, n, causeId: 'c' })));
    await put(alert('1'), alert('2'));
    await work(instance());
    expect(wecom.shown).toHaveLength(classes.length + 2);
  });

  test('a failed alert gives its place back', async () => {
    const worker = instance();
    await put(alert('1'));
    wecom.trouble = new AppError('no such user', { code: 'wecom.40003' });
    await work(worker);
    wecom.trouble = null;
    await put(alert('2'), alert('3'));
    await work(worker);
    expect(wecom.shown).toEqual(['zhangsan: 2', 'zhangsan: 3']);
  });

  test.each([
    ['everything is paused', { paused: { all: true, people: [] } }, 'paused:all'],
    ['the person is paused', { paused: { all: false, people: ['zhangsan'] } }, 'paused:person'],
    ['the pilot is elsewhere', { pilotDepartments: [3] }, 'not-in-pilot'],
  ])('when %s, pushes are kept by that rule and answers still go', async (_, changes, rule) => {
    await put(row('reply'), alert('alert'), row('digest', { class: 'digest', lane: 'd' }));
    await work(instance({ policy: () => ({ ...POLICY, ...changes }) }));
    expect(wecom.shown).toEqual(['zhangsan: reply']);
    expect(await stored('alert')).toMatchObject({ state: 'folded', why: rule });
    expect(await stored('digest')).toMatchObject({ state: 'dropped', why: rule });
  });

  test('members of the pilot and groups are not kept back by it', async () => {
    await put(alert('alert'), toGroup('group'));
    await work(instance({ policy: () => ({ ...POLICY, pilotDepartments: [2] }) }));
    expect(wecom.shown).toHaveLength(2);
  });

  test('nothing is pushed to somebody who left', async () => {
    const left = { kind: 'person', userid: 'left' } as const;
    await put(alert('alert', { to: left }), row('answer', { to: left }));
    await work(instance());
    expect(wecom.shown).toEqual(['left: answer']);
    expect(await stored('alert')).toMatchObject({ state: 'folded', why: 'left' });
  });
});

describe('failures', () => {
  test('no room at WeCom is waited for, without counting as a try', async () => {
    const until = new Date(world.clock.now().getTime() + 20_000);
    wecom.trouble = new AppError('full', {
      code: 'wecom.paced',
      retryable: true,
      details: { until },
    });
    const worker = instance();
    await put(row('1'));
    await work(worker);
    expect(await stored('1')).toMatchObject({ state: 'waiting', attempts: 0, notBefore: until });
    wecom.trouble = null;
    world.clock.advance(20_000);
    await work(worker);
    expect(wecom.shown).toEqual(['zhangsan: 1']);
  });

  test('a message nothing can deliver is a dead letter, and the lane goes on', async () => {
    const worker = instance();
    await put(row('1'));
    wecom.trouble = new AppError('bad', { code: 'wecom.40058', hint: 'a bug' });
    await work(worker);
    wecom.trouble = null;
    await put(row('2'));
    await work(worker);
    expect(wecom.shown).toEqual(['zhangsan: 2']);
    expect(dead).toMatchObject([{ row: { id: '1' }, why: 'wecom.40058: bad', hint: 'a bug' }]);
    expect((await store.outbox.dead(9)).map(({ id }) => id)).toEqual(['1']);

    await store.outbox.replay('1', world.clock.now());
    await work(worker);
    expect(wecom.shown).toEqual(['zhangsan: 2', 'zhangsan: 1']);
  });

  test('a stuck head gives way in the end', async () => {
    const worker = instance();
    await put(row('stuck'), row('z'));
    wecom.trouble = new AppError('busy', { code: 'wecom.-1', retryable: true });
    for (let n = 0; n < 400 && !dead.length; n++) {
      await work(worker);
      world.clock.advance(MINUTE_MS);
    }
    wecom.trouble = null;
    await work(worker);
    expect(await stored('stuck')).toMatchObject({ state: 'dead', attempts: 180 });
    expect(wecom.shown).toEqual(['zhangsan: z']);
  });

  test.each([
    ['a refusal only an administrator can lift is told of at once', true, 1],
    ['trouble that does not pass is told of after some minutes', false, 10],
  ])('%s, once, and tried on', async (_, alarm, attempts) => {
    wecom.trouble = new AppError('no', {
      code: 'wecom.60020',
      retryable: true,
      details: { alarm },
    });
    await put(row('1'), row('to-admin', { class: 'admin', lane: 'admin:zhangsan' }));
    const worker = instance();
    for (let n = 0; n < 20; n++) {
      await work(worker);
      world.clock.advance(MINUTE_MS);
    }
    expect(stuck.map((one) => [one.row.id, one.row.attempts])).toEqual([['1', attempts]]);
    wecom.trouble = null;
    await work(worker);
    expect(wecom.shown).toContain('zhangsan: 1');
  });

  test('a receipt that says it could not be given to the person is a dead letter', async () => {
    wecom.receipt = { undeliverable: 'unlicensed' };
    await put(row('1'));
    await work(instance());
    expect(await stored('1')).toMatchObject({ state: 'dead', why: 'undeliverable: unlicensed' });
    expect(dead).toHaveLength(1);
  });

  test('dead letters to administrators are not told to administrators', async () => {
    wecom.trouble = new AppError('bad', { code: 'wecom.40058' });
    await put(row('1', { class: 'admin' }));
    await work(instance());
    expect(await stored('1')).toMatchObject({ state: 'dead' });
    expect(dead).toEqual([]);
  });

  test('a group nobody knows any more, and words nobody finds, do not stop a lane', async () => {
    await put(toGroup('1', { lane: 'group:gone', to: { kind: 'group', groupId: 'gone' } }));
    await work(instance());
    expect(await stored('1')).toMatchObject({ state: 'dead' });
    expect(dead[0]?.why).toContain('notify.no-channel');
  });

  test('a group message whose answer was lost is unknown, told, and never sent again', async () => {
    const worker = instance();
    wecom.trouble = new AppError('cut', { code: 'wecom.unknown-outcome', hint: 'look there' });
    await put(toGroup('1'), toGroup('2', { causeId: '2' }));
    await work(worker);
    wecom.trouble = null;
    world.clock.advance(MINUTE_MS);
    await work(worker);
    expect(unknown.map(({ row: { id } }) => id)).toEqual(['1', '2']);
    expect(await stored('1')).toMatchObject({ state: 'unknown' });
    expect(wecom.shown).toEqual([]);
  });

  test('a group message that surely did not go out is sent when it can be', async () => {
    const worker = instance();
    wecom.trouble = new AppError('refused', { code: 'wecom.unreachable', retryable: true });
    await put(toGroup('1'));
    await work(worker);
    expect(await stored('1')).toMatchObject({ state: 'waiting', attempts: 1 });
    wecom.trouble = null;
    world.clock.advance(MINUTE_MS);
    await work(worker);
    expect(wecom.shown).toEqual(['chat-east: 1']);
  });
});

describe('crashes', () => {
  /** Sends one row with a process that dies in its `dieAt`th step; answers which that was. */
  async function dyingIn(dieAt: number, moment: 'before' | 'after'): Promise<string | null> {
    const mortal = new Mortal(dieAt, moment);
    const sending = mortal.port('wecom', {
      send: (to: Recipient, body: string) => wecom.send(to, body),
    });
    const worker = createOutboxWorker(
      optionsOf({
        outbox: mortal.port('outbox', store.outbox),
        leases: mortal.port('leases', store.leases),
        limiter: mortal.port('limiter', store.limiter),
        directory: mortal.port('directory', store.directory),
        sender: {
          build: (...args) => wecom.build(...args),
          send: (to, body) => sending.send(to, body),
          updateCard: async () => false,
        },
        word: () => ({ kind: 'text', text: `worded by ${dieAt}` }),
      }),
    );
    const lived = worker.sweep().then(() => worker.idle());
    await Promise.race([lived, mortal.death]);
    return mortal.diedIn;
  }

  async function forEveryStep(
    moment: 'before' | 'after',
    subject: () => NewOutboxRow,
    check: (diedIn: string) => Promise<void>,
  ): Promise<string[]> {
    const steps: string[] = [];
    for (let dieAt = 1; ; dieAt++) {
      for (const name of ['outbox', 'windows', 'leases']) {
        await store.connection.db.collection(name).deleteMany({});
      }
      wecom = new PretendWecom();
      unknown = [];
      await put(subject());
      const diedIn = await dyingIn(dieAt, moment);
      if (diedIn === null) return steps;
      steps.push(diedIn);
      world.clock.advance(30_000);
      const survivor = instance();
      await work(survivor);
      await survivor.stop();
      await check(diedIn);
    }
  }

  test.each(['before', 'after'] as const)(
    'dying just %s any step, a person sees their alert once, in its first words',
    async (moment) => {
      const notice: Notice = { code: 'admin-alert', title: 't', detail: 'd', action: 'a' };
      const subject = (): NewOutboxRow => alert('a', { content: { kind: 'notice', notice } });
      const steps = await forEveryStep(moment, subject, async () => {
        expect(wecom.shown).toHaveLength(1);
        expect(await stored('a')).toMatchObject({ state: 'sent' });
      });
      expect(steps).toEqual(
        expect.arrayContaining([
          'leases.acquire',
          'outbox.dueOf',
          'outbox.keepBody',
          'limiter.reserve',
          'wecom.send',
          'outbox.mark',
          'leases.release',
        ]),
      );
    },
  );

  test.each(['before', 'after'] as const)(
    'dying just %s any step, a group sees it once, or it is unknown and the administrators know',
    async (moment) => {
      const steps = await forEveryStep(
        moment,
        () => toGroup('g'),
        async (diedIn) => {
          const state = (await stored('g'))?.state;
          expect(wecom.shown.length).toBeLessThanOrEqual(1);
          if (state === 'sent') expect(wecom.shown).toHaveLength(1);
          else {
            expect(state).toBe('unknown');
            expect(unknown.map(({ row: { id } }) => id)).toEqual(['g']);
            expect(['outbox.startSending', 'wecom.send', 'outbox.mark']).toContain(diedIn);
          }
        },
      );
      expect(steps).toEqual(expect.arrayContaining(['outbox.startSending', 'wecom.send']));
    },
  );
});

describe('rewriting a card', () => {
  const card = { source: '商机审批', title: '已同意', rows: [], buttons: [], settled: '已同意' };
  const update = (id: string, cardId: string): NewOutboxRow =>
    row(id, {
      updatesCardId: cardId,
      class: 'approval',
      lane: 'update:zhangsan',
      content: { kind: 'message', message: { kind: 'card', card, text: '已同意' } },
    });

  test('uses the code its sending brought, once', async () => {
    const worker = instance();
    await put(row('card'), update('u1', 'card'));
    await worker.sweep();
    await worker.idle();
    world.clock.advance(2_000);
    await work(worker);
    expect(wecom.updates).toEqual(['zhangsan code1']);
    expect(await stored('u1')).toMatchObject({ state: 'sent' });
    expect((await stored('card'))?.receipt?.responseCode).toBeNull();

    await put(update('u2', 'card'));
    await work(worker);
    expect(wecom.updates).toHaveLength(1);
    expect(await stored('u2')).toMatchObject({ state: 'dropped', why: 'card:sent' });
  });

  test('waits for a card that is still on its way', async () => {
    const worker = instance();
    const later = new Date(world.clock.now().getTime() + 3_600_000);
    await put(row('card', { notBefore: later }), update('u', 'card'));
    await work(worker);
    expect(await stored('u')).toMatchObject({ state: 'waiting', attempts: 0 });
    world.clock.advanceTo(later);
    await work(worker);
    world.clock.advance(2_000);
    await work(worker);
    expect(wecom.updates).toEqual(['zhangsan code1']);
  });

  test('is dropped when the code is dead, the card never arrived, or is long gone', async () => {
    const worker = instance();
    wecom.updatesWork = false;
    await put(row('card'));
    await work(worker);
    await put(update('u1', 'card'), update('u2', 'nobody'));
    await work(worker);
    expect(await stored('u1')).toMatchObject({ why: 'card:code-used-or-expired' });
    expect(await stored('u2')).toMatchObject({ state: 'dropped', why: 'card:gone' });
    expect(wecom.shown).toEqual(['zhangsan: card']);
  });

  test('is tried again while WeCom is away', async () => {
    const worker = instance();
    await put(row('card'));
    await work(worker);
    wecom.trouble = new AppError('down', { code: 'wecom.unreachable', retryable: true });
    await put(update('u', 'card'));
    await work(worker);
    wecom.trouble = null;
    world.clock.advance(MINUTE_MS);
    await work(worker);
    expect(wecom.updates).toEqual(['zhangsan code1']);
  });
});
