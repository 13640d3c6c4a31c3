import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { CardMessage } from '../../src/emulator/index.js';
import type { Opportunity } from '../../src/domain/index.js';
import { expectNothingRefused, startHarness, type Harness } from '../support/harness.js';
import { wordsOf } from '../support/test-member.js';

let harness: Harness;
afterEach(() => harness.stop());

const FIFTY = 50;
const WAN_FEN = 10_000_00;

/** Every opportunity there is, by title. */
async function opportunities(): Promise<Map<string, Opportunity>> {
  const store = harness.app.world.opportunities;
  const names = await store.names();
  const all = await store.loadMany(names.map(({ id }) => id));
  return new Map(all.map((opportunity) => [opportunity.title, opportunity]));
}

async function amountWan(title: string): Promise<number | null> {
  const fen = (await opportunities()).get(title)?.amountFen ?? null;
  return fen === null ? null : fen / WAN_FEN;
}

/** The callback of a typed line as WeCom would send it: its MsgId makes it the same message. */
function textXml(userid: string, msgId: string, content: string): string {
  const { corpId, agentId } = harness.keys;
  const createTime = Math.floor(harness.clock.now().getTime() / 1000);
  return (
    `<xml><ToUserName><![CDATA[${corpId}]]></ToUserName><FromUserName><![CDATA[${userid}]]></FromUserName>` +
    `<CreateTime>${createTime}</CreateTime><MsgType><![CDATA[text]]></MsgType>` +
    `<Content><![CDATA[${content}]]></Content><MsgId>${msgId}</MsgId><AgentID>${agentId}</AgentID></xml>`
  );
}

describe('one callback', () => {
  beforeEach(async () => {
    harness = await startHarness();
    await harness.member('zhangsan').says('新建 华为二期 客户华为 300万 9月底签');
  });

  test('fifty times at once and fifty times after a restart changes once and is answered once', async () => {
    const zhang = harness.member('zhangsan').reads();
    const xml = textXml('zhangsan', '7310000000000000001', '华为二期 加10万');
    const delivered = await Promise.all(
      Array.from({ length: FIFTY }, () => harness.wecom.deliver(xml)),
    );
    await harness.settle();
    expect(delivered.flatMap(({ httpStatuses }) => httpStatuses)).toEqual(Array(FIFTY).fill(200));
    expect(await amountWan('华为二期')).toBe(310);
    expect(zhang.fresh()).toHaveLength(1);

    await harness.restart();
    const again = await Promise.all(
      Array.from({ length: FIFTY }, () => harness.wecom.deliver(xml)),
    );
    await harness.app.beat();
    expect(again.flatMap(({ httpStatuses }) => httpStatuses)).toEqual(Array(FIFTY).fill(200));
    expect(await amountWan('华为二期')).toBe(310);
    expect(zhang.fresh()).toHaveLength(1);
    expectNothingRefused(harness.wecom);
  });

  test('of a new opportunity, repeated byte for byte, makes one', async () => {
    const zhang = harness.member('zhangsan');
    const { callback } = await zhang.says('新建 小米园区 客户小米 80万');
    const replayed = await harness.wecom.replay(callback, FIFTY, { atOnce: true });
    await harness.settle();
    expect(new Set(replayed.map(({ outcome }) => outcome))).toEqual(new Set([200]));
    expect([...(await opportunities()).keys()].sort()).toEqual(['华为二期', '小米园区']);
    expect(zhang.fresh()).toHaveLength(1);
  });
});

describe('two messages of one sender on two instances', () => {
  beforeEach(async () => {
    harness = await startHarness({ instances: 2 });
  });

  function onInstance(n: number): void {
    harness.wecom.useCallbackUrl(harness.apps[n]?.callbackUrl);
  }

  test.each([1, 2, 3])('are applied in the order they were typed (%i)', async (round) => {
    const zhang = harness.member('zhangsan').emulated;
    const title = `园区${round}期`;
    await harness.member('zhangsan').says(`新建 ${title} 客户客${round}户 10万`);
    harness.member('zhangsan').reads();
    for (let n = 0; n < 4; n++) {
      onInstance(n % 2);
      // Answered means stored: the next is typed while the first is still being worked on.
      await zhang.says(`${title} ${20 + n * 10}万`);
    }
    await harness.settle();
    expect(await amountWan(title)).toBe(50);
    const told = harness.member('zhangsan').fresh();
    expect(told.map((text) => /→ ¥([\d,]+)/.exec(text)?.[1])).toEqual([
      '200,000',
      '300,000',
      '400,000',
      '500,000',
    ]);
  });

  test('that arrive in the same moment both take effect, the later one last', async () => {
    const zhang = harness.member('zhangsan');
    await zhang.says('新建 华为二期 客户华为 10万');
    for (let round = 0; round < 10; round++) {
      harness.clock.advance(1_000);
      zhang.reads();
      onInstance(round % 2);
      const first = zhang.emulated.says(`华为二期 ${50 + round}0万`);
      onInstance((round + 1) % 2);
      const second = zhang.emulated.says(`不对，${51 + round}0万`);
      await Promise.all([first, second]);
      await harness.settle();
      expect(await amountWan('华为二期')).toBe((51 + round) * 10);
      expect(zhang.fresh()).toHaveLength(2);
    }
  });
});

describe('a repeated tap', () => {
  test('gets the same passive answer as the first, and decides once', async () => {
    harness = await startHarness();
    const zhang = harness.member('zhangsan');
    const li = harness.member('lijingli');
    await zhang.says('新建 华为二期 客户华为 300万 9月底签');
    await zhang.says('华为二期 赢了');
    await zhang.says('是');
    zhang.reads();

    const tapped = await li.taps('同意');
    if (!('callback' in tapped)) throw new Error('the button opened a page');
    expect(tapped.passive?.kind).not.toBe('rejected');
    expect(zhang.fresh()).toHaveLength(1);
    const again = await harness.wecom.replay(tapped.callback, FIFTY, { atOnce: true });
    await harness.restart();
    const afterRestart = await harness.wecom.replay(
      { ...tapped.callback, url: moved(tapped.callback.url) },
      5,
    );
    await harness.settle();

    const first = comparable(tapped.passive);
    for (const { outcome, passive } of [...again, ...afterRestart]) {
      expect(outcome).toBe(200);
      expect(comparable(passive)).toEqual(first);
    }
    expect((await opportunities()).get('华为二期')?.outcome?.kind).toBe('won');
    expect(zhang.fresh()).toHaveLength(1);
    const card = li.received().at(-1) as CardMessage;
    expect(wordsOf(card)).toContain('已同意');
  });

  /** The same path and query at the restarted instance. */
  function moved(url: string): string {
    return new URL(new URL(url).search, harness.app.callbackUrl).href;
  }

  /** The answer without the time it was given at. */
  function comparable(passive: unknown): unknown {
    return JSON.parse(
      JSON.stringify(passive).replaceAll(/<CreateTime>\d+<\/CreateTime>/g, '<CreateTime/>'),
    );
  }
});

describe('two instances on one database', () => {
  const WEBHOOK_KEY = '693a91b2-2f5c-4d1e-9a07-000000000001';

  beforeEach(async () => {
    harness = await startHarness({
      // Past the hours of that day's digests.
      now: '2026-11-18T14:00:00+08:00',
      instances: 2,
      secrets: { SALES_EAST_KEY: WEBHOOK_KEY },
      config: {
        'digest.yaml': [
          [
            'groups: []',
            'groups: [{ id: east, name: 华东销售群, channel: { via: webhook, keyEnv: SALES_EAST_KEY }, departments: [2] }]',
          ],
        ],
      },
    });
    harness.wecom.registerWebhook({ name: '华东销售群', key: WEBHOOK_KEY });
  });

  /** Both look at the same instant, as two servers with the same heartbeats do. */
  async function bothBeat(): Promise<void> {
    await Promise.all(harness.apps.map((app) => app.beat()));
    await harness.settle();
  }

  async function walkTo(until: Date): Promise<void> {
    for (;;) {
      await bothBeat();
      const due = await harness.app.nextDueAt();
      if (!due || due > until) break;
      if (due <= harness.clock.now()) harness.clock.advance(60_000);
      harness.clock.advanceTo(due);
    }
    harness.clock.advanceTo(until);
    await bothBeat();
  }

  test('remind once, send one group digest and one list of one’s own, renew one token', async () => {
    const zhang = harness.member('zhangsan');
    await zhang.says('新建 华为二期 客户华为 300万 9月底签');
    await zhang.says('华为二期 今天电话聊过，明天再约');
    zhang.reads();
    await walkTo(new Date('2026-11-19T09:45:00+08:00'));
    const reminders = zhang.fresh().filter((text) => text.includes('跟进提醒'));
    const lists = zhang.fresh().filter((text) => text.includes('早上好'));
    expect(reminders).toHaveLength(1);
    expect(lists).toHaveLength(1);
    const digests = harness
      .groupHeard('华东销售群')
      .filter((text) => text.includes('11月19日 周四'));
    expect(digests).toHaveLength(1);
    expect(digests[0]).toContain('华为二期');

    const tokensBefore = harness.wecom.requests('gettoken').length;
    harness.clock.advance(3 * 3_600_000);
    const messages = ['zhangsan', 'lisi', 'lijingli', 'wangwu'].map((userid, n) => {
      harness.wecom.useCallbackUrl(harness.apps[n % 2]?.callbackUrl);
      return harness.member(userid).emulated.says('帮助');
    });
    await Promise.all(messages);
    await harness.settle();
    expect(harness.wecom.requests('gettoken')).toHaveLength(tokensBefore + 1);
    expectNothingRefused(harness.wecom);
  });
});
