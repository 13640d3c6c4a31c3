import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';

import type { Fault } from '../../src/emulator/index.js';
import { startHarness, type Harness } from '../support/harness.js';

let harness: Harness;
afterEach(() => harness.stop());

const MINUTE_MS = 60_000;
const WEBHOOK_KEY = '693a91b2-2f5c-4d1e-9a07-000000000002';
const EAST: [string, string] = [
  'groups: []',
  'groups: [{ id: east, name: 华东销售群, channel: { via: webhook, keyEnv: SALES_EAST_KEY }, departments: [2] }]',
];

/** The clock goes on, with the heartbeats that come with it. */
async function pass(minutes: number, stepMinutes = 1): Promise<void> {
  for (let n = 0; n < minutes; n += stepMinutes) {
    harness.clock.advance(stepMinutes * MINUTE_MS);
    await harness.app.beat();
  }
}

describe('WeCom fails for ten minutes', () => {
  const FAULTS: [string, Fault | 'outage'][] = [
    ['every connection is cut', 'outage'],
    ['system busy (-1)', { kind: 'errcode', errcode: -1 }],
    ['HTTP 502', { kind: 'http', status: 502 }],
    ['HTTP 502, although it took effect', { kind: 'http', status: 502, when: 'after' }],
    ['answers get lost', { kind: 'cut', when: 'after' }],
    ['every token has expired (42001)', { kind: 'errcode', errcode: 42001 }],
    ['answers that are no JSON', { kind: 'wrong-json' }],
    ['answers that are no JSON, although it took effect', { kind: 'wrong-json', when: 'after' }],
    ['this address is not trusted (60020)', { kind: 'errcode', errcode: 60020 }],
    ['called too often (45009)', { kind: 'errcode', errcode: 45009 }],
  ];

  beforeEach(async () => {
    harness = await startHarness({ now: '2026-11-18T14:00:00+08:00' });
    for (const userid of ['zhangsan', 'lisi']) {
      await harness
        .member(userid)
        .says(
          `新建 ${userid === 'lisi' ? '中兴三期' : '华为二期'} 客户${userid === 'lisi' ? '中兴' : '华为'} 10万`,
        );
    }
  });

  test.each(FAULTS)('%s: everything arrives afterwards, once, in order', async (_, fault) => {
    const zhang = harness.member('zhangsan').reads();
    const lisi = harness.member('lisi').reads();
    if (fault === 'outage') harness.wecom.faults.outage(true);
    else harness.wecom.faults.add(fault);
    for (let n = 1; n <= 5; n++) {
      for (const [member, title] of [
        [zhang, '华为二期'],
        [lisi, '中兴三期'],
      ] as const) {
        const { httpStatuses } = await member.emulated.says(`${title} 加${n}万`);
        expect(httpStatuses).toEqual([200]);
      }
      await pass(2, 2);
    }
    harness.wecom.faults.clear();
    await pass(4);

    const sums = (texts: string[]): (string | undefined)[] =>
      texts.flatMap((text) => /→ ¥([\d,]+)/.exec(text)?.[1] ?? []);
    const expected = ['110,000', '130,000', '160,000', '200,000', '250,000'];
    expect(sums(zhang.fresh())).toEqual(expected);
    expect(sums(lisi.fresh())).toEqual(expected);
    expect(zhang.fresh()).toHaveLength(5);
    expect(harness.wecom.dropped()).toEqual([]);
    expect(harness.wecom.warnings()).toEqual([]);
  });
});

describe('more was waiting than a person may be sent at once', () => {
  test('comes in order, within what WeCom shows', async () => {
    harness = await startHarness({ now: '2026-11-18T14:00:00+08:00' });
    const zhang = harness.member('zhangsan');
    await zhang.says('新建 华为二期 客户华为 10万');
    zhang.reads();
    harness.wecom.faults.outage(true);
    for (let n = 0; n < 45; n++) {
      harness.clock.advance(1_000);
      await zhang.emulated.says('华为二期 加1万');
    }
    await harness.settle();
    harness.wecom.faults.clear();
    await pass(5);
    expect(zhang.fresh().map((text) => /→ ¥([\d,]+)/.exec(text)?.[1])).toEqual(
      Array.from({ length: 45 }, (_, n) => `${11 + n}0,000`),
    );
    expect(harness.wecom.dropped()).toEqual([]);
  });
});

describe('a message to a group', () => {
  beforeEach(async () => {
    harness = await startHarness({
      now: '2026-11-18T14:00:00+08:00',
      secrets: { SALES_EAST_KEY: WEBHOOK_KEY },
      config: { 'digest.yaml': [EAST] },
    });
    harness.wecom.registerWebhook({ name: '华东销售群', key: WEBHOOK_KEY });
    const zhang = harness.member('zhangsan');
    await zhang.says('新建 华为二期 客户华为 300万 9月底签');
    await zhang.says('华为二期 赢了');
    await zhang.says('是');
  });

  const sendings = (): number => harness.wecom.requests('webhook/send').length;

  test.each<[string, Fault, number]>([
    ['was shown, its answer lost', { kind: 'cut', when: 'after' }, 1],
    ['was cut before it was shown', { kind: 'cut' }, 0],
    ['was answered 502', { kind: 'http', status: 502, when: 'after' }, 1],
    ['was answered with rubbish', { kind: 'wrong-json', when: 'after' }, 1],
  ])('that %s is never sent again, and the administrators are told', async (_, fault, shown) => {
    const admin = harness.member('guanli').reads();
    harness.wecom.faults.add(fault, { endpoint: 'webhook/send' });
    await harness.member('lijingli').taps('同意');
    harness.wecom.faults.clear();
    await pass(5);
    await harness.restart();
    await pass(5);
    expect(sendings()).toBe(1);
    expect(harness.groupHeard('华东销售群')).toHaveLength(shown);
    const alarms = admin.fresh().filter((text) => text.includes('不确定是否送达'));
    expect(alarms).toHaveLength(1);
  });

  test.each<[string, Fault]>([
    ['that WeCom was too busy for', { kind: 'errcode', errcode: -1 }],
    ['that came too often', { kind: 'errcode', errcode: 45009 }],
    ['to a webhook switched off for a while', { kind: 'errcode', errcode: 93004 }],
  ])('%s is sent when it can be, once', async (_, fault) => {
    harness.wecom.faults.add(fault, { endpoint: 'webhook/send' });
    await harness.member('lijingli').taps('同意');
    await pass(2);
    expect(harness.groupHeard('华东销售群')).toEqual([]);
    harness.wecom.faults.clear();
    await pass(4);
    expect(harness.groupHeard('华东销售群')).toHaveLength(1);
  });
});

describe('the database is away', () => {
  /** A way to the database that can be closed. */
  class Door {
    readonly #open = new Set<Socket>();
    #isClosed = false;

    private constructor(
      private readonly server: Server,
      readonly uri: string,
    ) {}

    static async to(uri: string): Promise<Door> {
      const target = new URL(uri);
      const server = createServer();
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const through = new URL(uri);
      through.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
      const door = new Door(server, through.href);
      server.on('connection', (socket) => door.#pass(socket, target));
      return door;
    }

    #pass(socket: Socket, target: URL): void {
      if (this.#isClosed) {
        socket.destroy();
        return;
      }
      const beyond = connect(Number(target.port), target.hostname);
      for (const one of [socket, beyond]) {
        this.#open.add(one);
        one.on('error', () => one.destroy());
        one.on('close', () => {
          this.#open.delete(one);
          socket.destroy();
          beyond.destroy();
        });
      }
      socket.pipe(beyond).pipe(socket);
    }

    close(): void {
      this.#isClosed = true;
      for (const socket of this.#open) socket.destroy();
    }

    reopen(): void {
      this.#isClosed = false;
    }

    async remove(): Promise<void> {
      this.close();
      this.server.close();
      await once(this.server, 'close');
    }
  }

  test('a callback is answered 503 within WeCom’s patience, and taken when it is repeated', async () => {
    const database = new URL(process.env.TEST_MONGODB_URI ?? '');
    database.pathname = `/t_${randomUUID().replaceAll('-', '')}`;
    const door = await Door.to(database.href);
    harness = await startHarness({ mongodbUri: door.uri });
    const zhang = harness.member('zhangsan');
    await zhang.says('新建 华为二期 客户华为 10万');
    zhang.reads();

    door.close();
    // The emulator hangs up after five seconds, as WeCom does: then these were timeouts.
    const lost = await zhang.emulated.says('华为二期 加1万');
    expect(lost.httpStatuses).toEqual([503, 503, 503, 503]);

    door.reopen();
    const [again] = await harness.wecom.replay(lost.callback);
    expect(again?.outcome).toBe(200);
    await harness.settle();
    await harness.app.beat();
    expect(zhang.fresh()).toHaveLength(1);
    expect(zhang.last()).toContain('¥110,000');
    await door.remove().catch(() => undefined);
  });
});
