import { afterEach, expect, test } from '@jest/globals';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { MongoClient } from 'mongodb';

import { startEmbeddedDb } from '../../src/embedded-db/index.js';
import {
  startEmulator,
  type Emulator,
  type Member,
  type Person,
  type ShownMessage,
} from '../../src/emulator/index.js';
import { dayOf, addDays, instantOf, MovableClock, systemClock } from '../../src/kernel/index.js';
import { DEPARTMENTS, PEOPLE, newKeys } from '../support/company.js';
import { MortalServer, type Victim } from '../support/mortal-server.js';
import { wordsOf } from '../support/test-member.js';

const isDeep = process.env.DEEP === '1';
const KILLS = Number(process.env.KILLS ?? (isDeep ? 200 : 10));
const SEED = Number(process.env.SEED ?? 20_261_118);
const MINUTE_MS = 60_000;

/** How long the server lives before it is killed, and how often it is killed before it even listens. */
const LIVES_MS = { least: 50, most: 1_500 };
const KILLED_STARTING = 0.15;
/** The dead hold their leases for so long; the clock is moved on rather than waited for. */
const PAST_LEASES_MS = 20_000;
/** Reps speak this often; more than 28 replies a minute to one person wait for room. */
const SPEAKS_EVERY_MS = { least: 300, most: 1_500 };
const ADDERS = 6;
const WINNERS = 2;

const WEBHOOK_KEY = '693a91b2-2f5c-4d1e-9a07-00000000000c';
const GROUP = '华东销售群';
const REP_IDS = Array.from({ length: ADDERS + WINNERS }, (_, n) => `rep${n}`);

const REPS: Person[] = REP_IDS.map((userid, n) => ({
  userid,
  name: `${'赵钱孙李周吴郑冯'[n]}小${'一二三四五六七八'[n]}`,
  department: [2],
}));

/** Chances that repeat with the seed. */
function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Chance = () => number;
const between = (chance: Chance, { least, most }: { least: number; most: number }): number =>
  least + chance() * (most - least);

const FIRST =
  '东南西北安宁泰康瑞祥福禄嘉裕恒昌盛隆永丰华荣景云海星辰光明远博鹏鹤鹿凤龙麒银铜玉珠青紫蓝橙文武仁义礼智信勇诚敬勤俭朴实';
const SECOND = '浦岳岭溪湖桥塔港湾园堡苑亭阁台城坊畔洲岛峰谷泉池林松柏竹梅兰';

/** A name nobody else has, without digits, and no part of another. */
function nameOf(n: number): string {
  const pick = (alphabet: string, place: number): string => alphabet[place % alphabet.length] ?? '';
  return pick(FIRST, n) + pick(SECOND, Math.floor(n / FIRST.length));
}

/** All that somebody who creates, adds and asks to be reminded may be told. */
const EXPECTED = /已新建：|已更新：|该跟进了：|你好/;

/** What was said, and which of it WeCom got an answer to. */
interface Ledger {
  created: { title: string; acked: boolean }[];
  /** By title: how often “加1万” was said, and answered 200. */
  added: Map<string, { said: number; acked: number }>;
  reminders: { userid: string; title: string; acked: boolean }[];
  won: { userid: string; title: string }[];
  callbacks: number;
  acked: number;
}

interface Found {
  opportunities: Map<string, { amountWan: number; won: boolean }>;
  outbox: { state: string; lane: string; why: string | null; notice: string | null }[];
  inbox: Map<string, number>;
}

class Scene {
  readonly ledger: Ledger = {
    created: [],
    added: new Map(),
    reminders: [],
    won: [],
    callbacks: 0,
    acked: 0,
  };
  #names = 0;
  #isOver = false;

  private constructor(
    readonly folder: string,
    readonly clock: MovableClock,
    readonly wecom: Emulator,
    readonly server: MortalServer,
  ) {}

  static async open(): Promise<Scene> {
    const clock = new MovableClock(systemClock);
    clock.advanceTo(nextWednesdayAfternoon(clock.now()));
    const folder = await mkdtemp(path.join(tmpdir(), 'crash-'));
    const keys = newKeys();
    const wecom = await startEmulator({
      ...keys,
      clock,
      people: [...PEOPLE, ...REPS],
      departments: DEPARTMENTS,
      // Repeated until answered, far longer than WeCom would, so that nearly all are answered at last.
      callbacks: { retryDelayMs: 250, retries: 60, resignRetries: true },
    });
    wecom.registerWebhook({ name: GROUP, key: WEBHOOK_KEY });
    const server = new MortalServer({
      clock,
      secrets: { EAST_KEY: WEBHOOK_KEY },
      wecom: { ...keys, baseUrl: wecom.url },
      server: {
        port: 0,
        mongodbUri: null,
        dataDir: path.join(folder, 'data'),
        configDir: await configIn(folder),
        botScriptsDir: null,
        publicUrl: null,
        adminUserids: ['guanli'],
        logLevel: 'silent',
        alertWebhookUrl: null,
        proxy: {},
      },
    });
    return new Scene(folder, clock, wecom, server);
  }

  async close(): Promise<void> {
    this.#isOver = true;
    await this.server.kill('both');
    await this.wecom.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  async start(): Promise<void> {
    this.server.spawn();
    if (!(await this.server.listens())) throw new Error(this.server.complaints);
    this.wecom.useCallbackUrl(`http://127.0.0.1:${this.server.port}/wecom/callback`);
  }

  /** Kills and starts again, `times` times, at moments the dice choose, while the load goes on. */
  async killRepeatedly(times: number, chance: Chance): Promise<void> {
    for (let n = 0; n < times; n++) {
      await wait(between(chance, LIVES_MS));
      const victim = victimOf(chance());
      await this.server.kill(victim);
      this.clock.advance(PAST_LEASES_MS);
      if (victim === 'database') continue;
      this.server.spawn();
      const isStarting = chance() < KILLED_STARTING;
      if (isStarting) {
        await wait(between(chance, { least: 50, most: 1_500 }));
        await this.server.kill('both');
        this.server.spawn();
      }
      if (!(await this.server.listens())) throw new Error(this.server.complaints);
    }
  }

  /** Until every message is worked and every reminder has gone out. */
  async untilQuiet(): Promise<void> {
    this.clock.advance(3 * MINUTE_MS);
    while (!(await this.server.settle())) this.clock.advance(PAST_LEASES_MS);
  }

  /** Everybody goes about their business until `over`. */
  async load(over: Promise<unknown>, chance: Chance): Promise<void> {
    const ended = over.finally(() => (this.#isOver = true));
    const busy = REP_IDS.map((userid, n) =>
      n < ADDERS ? this.#adds(userid, dice(chance() * 1e9)) : this.#wins(userid),
    );
    await Promise.all([ended, ...busy]);
  }

  async says(userid: string, text: string): Promise<boolean> {
    this.ledger.callbacks++;
    const { httpStatuses } = await this.wecom.member(userid).says(text);
    const isAcked = httpStatuses.at(-1) === 200;
    if (isAcked) this.ledger.acked++;
    return isAcked;
  }

  /** Makes an opportunity and adds to it; now and then another, or a date to be reminded of. */
  async #adds(userid: string, chance: Chance): Promise<void> {
    let own = await this.#creates(userid);
    while (!this.#isOver) {
      await wait(between(chance, SPEAKS_EVERY_MS));
      const what = chance();
      if (what < 0.1) own = (await this.#creates(userid)) ?? own;
      else if (what < 0.25) await this.#wantsReminder(userid);
      else if (own) await this.#adding(userid, own);
    }
  }

  async #creates(userid: string): Promise<string | null> {
    const name = nameOf(this.#names++);
    const title = `${name}平台`;
    const acked = await this.says(userid, `新建 ${title} 客户${name}集团 10万`);
    this.ledger.created.push({ title, acked });
    return acked ? title : null;
  }

  async #adding(userid: string, title: string): Promise<void> {
    const acked = await this.says(userid, `${title} 加1万`);
    const before = this.ledger.added.get(title) ?? { said: 0, acked: 0 };
    this.ledger.added.set(title, {
      said: before.said + 1,
      acked: before.acked + (acked ? 1 : 0),
    });
  }

  async #wantsReminder(userid: string): Promise<void> {
    const title = await this.#creates(userid);
    if (!title) return;
    const due = new Date(this.clock.now().getTime() + 2 * MINUTE_MS);
    const time = due.toLocaleTimeString('zh-CN', {
      timeZone: 'Asia/Shanghai',
      hour: '2-digit',
      minute: '2-digit',
      hour12: false,
    });
    const acked = await this.says(userid, `${title} 今天${time}再约`);
    this.ledger.reminders.push({ userid, title, acked });
  }

  /** Wins one after the other: preview, tap, approval, tap, celebration. */
  async #wins(userid: string): Promise<void> {
    while (!this.#isOver) {
      const title = await this.#creates(userid);
      if (!title || !(await this.says(userid, `${title} 赢了`))) continue;
      const asked = await this.#tap(userid, '是', title);
      const decided = asked && (await this.#tap('lijingli', '同意', title));
      if (decided) this.ledger.won.push({ userid, title });
    }
  }

  /** Waits for the card about `title` that has this button, and taps it. */
  async #tap(userid: string, button: string, title: string): Promise<boolean> {
    const member = this.wecom.member(userid);
    const card = await this.#cardWith(member, title, `[${button}]`);
    if (!card) return false;
    this.ledger.callbacks++;
    const { httpStatuses } = await member.taps(button, { card: card.id, stale: true });
    const isAcked = httpStatuses.at(-1) === 200;
    if (isAcked) this.ledger.acked++;
    return isAcked;
  }

  /** Null when everything was over before it came. */
  async #cardWith(member: Member, ...words: string[]): Promise<ShownMessage | null> {
    while (!this.#isOver) {
      const card = await member
        .sees(
          (message) =>
            message.kind === 'card' && words.every((word) => wordsOf(message).includes(word)),
          { timeoutMs: 1_000 },
        )
        .catch(() => null);
      if (card) return card;
    }
    return null;
  }

  /** What lies in the database afterwards. */
  async look(): Promise<Found> {
    const database = await startEmbeddedDb({
      dataDir: path.join(this.folder, 'data', 'db'),
      entry: 'dist/src/embedded-db/main.js',
    });
    const client = await MongoClient.connect(database.uri);
    try {
      const db = client.db('opportunity');
      const opportunities = await db.collection('opportunities').find().toArray();
      const outbox = await db.collection('outbox').find().toArray();
      const inbox = await db.collection('inbox').find().toArray();
      return {
        opportunities: new Map(
          opportunities.map((one) => [
            one['title'] as string,
            {
              amountWan: (one['amountFen'] as number) / 1_000_000,
              won: (one['outcome'] as { kind?: string } | null)?.kind === 'won',
            },
          ]),
        ),
        outbox: outbox.map((row) => ({
          state: row['state'] as string,
          lane: row['lane'] as string,
          why: row['why'] as string | null,
          notice: (row['content'] as { notice?: { code: string } }).notice?.code ?? null,
        })),
        inbox: tally(inbox.map((row) => row['state'] as string)),
      };
    } finally {
      await client.close();
      await database.stop();
    }
  }

  seenBy(userid: string): string[] {
    return this.wecom.member(userid).inbox().map(wordsOf);
  }
}

function victimOf(roll: number): Victim {
  if (roll < 0.45) return 'server';
  return roll < 0.85 ? 'both' : 'database';
}

function tally(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

function nextWednesdayAfternoon(now: Date): Date {
  let day = addDays(dayOf(now), 1);
  while (new Date(`${day}T00:00:00Z`).getUTCDay() !== 3) day = addDays(day, 1);
  return instantOf(day, '14:00');
}

async function configIn(folder: string): Promise<string> {
  const config = path.join(folder, 'config');
  await cp('config', config, { recursive: true });
  const digest = path.join(config, 'digest.yaml');
  const text = await readFile(digest, 'utf8');
  await writeFile(
    digest,
    text.replace(
      'groups: []',
      `groups: [{ id: east, name: ${GROUP}, channel: { via: webhook, keyEnv: EAST_KEY }, departments: [2] }]`,
    ),
  );
  return config;
}

let scene: Scene;
afterEach(() => scene.close());

test(
  `killed at ${KILLS} random moments under load, it loses nothing and repeats nothing`,
  async () => {
    scene = await Scene.open();
    const chance = dice(SEED);
    await scene.start();
    const began = performance.now();
    await scene.load(scene.killRepeatedly(KILLS, chance), chance);
    const killedFor = performance.now() - began;
    await scene.untilQuiet();
    const quietAfter = performance.now() - began - killedFor;
    expect(await scene.server.stop()).toBe(0);

    const { ledger } = scene;
    const found = await scene.look();
    const unknown = found.outbox.filter(({ state }) => state === 'unknown');
    if (isDeep) report(ledger, found, { killedFor, quietAfter });

    expect(ledger.won.length).toBeGreaterThan(0);
    expect(ledger.reminders.length).toBeGreaterThan(0);

    // Everything accepted was worked to its end, and everything to be told left.
    expect([...found.inbox.keys()]).toEqual(['done']);
    const stranded = found.outbox.filter(
      ({ state, notice }) =>
        state !== 'sent' && state !== 'unknown' && notice !== 'approval-settled',
    );
    expect(stranded).toEqual([]);

    for (const { title, acked } of ledger.created) {
      if (acked) expect([title, found.opportunities.has(title)]).toEqual([title, true]);
    }
    // Nobody was answered anything but what was asked for.
    for (const userid of REP_IDS.slice(0, ADDERS)) {
      const others = scene.seenBy(userid).filter((text) => !EXPECTED.test(text));
      expect([userid, others]).toEqual([userid, []]);
    }
    for (const [title, { said, acked }] of ledger.added) {
      const added = (found.opportunities.get(title)?.amountWan ?? 10) - 10;
      const isRight = added >= acked && added <= said;
      expect({ title, said, acked, added, isRight }).toMatchObject({ isRight: true });
    }

    // Each reply once, in the order things were said.
    for (const userid of REP_IDS) {
      const seen = scene.seenBy(userid);
      const answers = seen.filter((text) => /已新建：|已更新：|已提交审批：/.test(text));
      expect([...tally(answers)].filter(([, times]) => times > 1)).toEqual([]);
      for (const title of ledger.added.keys()) {
        const sums = seen.flatMap((text) =>
          text.includes(`已更新：${title}`) ? [/→ ¥([\d,]+)/.exec(text)?.[1] ?? ''] : [],
        );
        const numbers = sums.map((sum) => Number(sum.replaceAll(',', '')) / 10_000);
        expect(numbers).toEqual(numbers.map((_, n) => 11 + n));
        if (numbers.length > 0) {
          expect(numbers).toHaveLength((found.opportunities.get(title)?.amountWan ?? 0) - 10);
        }
      }
    }

    for (const { userid, title, acked } of ledger.reminders) {
      const reminders = scene
        .seenBy(userid)
        .filter((text) => text.includes(`该跟进了：${title}`)).length;
      expect([title, reminders]).toEqual([title, acked ? 1 : reminders]);
      expect(reminders).toBeLessThanOrEqual(1);
    }

    // A group hears a win once, or not for certain, and then the administrators know.
    const heard = scene.wecom.group(GROUP).messages().map(wordsOf);
    const celebrations = heard.filter((text) =>
      ledger.won.some(({ title }) => text.includes(title)),
    );
    for (const { title, userid } of ledger.won) {
      expect([title, found.opportunities.get(title)?.won]).toEqual([title, true]);
      const inGroup = heard.filter((text) => text.includes(title)).length;
      expect(inGroup).toBeLessThanOrEqual(1);
      const cards = scene.seenBy('lijingli').filter((text) => text.includes(title)).length;
      expect([title, 'approval cards', cards]).toEqual([title, 'approval cards', 1]);
      const told = scene
        .seenBy(userid)
        .filter((text) => /已同意：/.test(text) && text.includes(title));
      expect([title, 'told', told.length]).toEqual([title, 'told', 1]);
    }
    const silent = ledger.won.length - celebrations.length;
    expect(silent).toBeLessThanOrEqual(unknown.length);
    const alarms = scene.seenBy('guanli').filter((text) => text.includes('不确定是否送达'));
    expect(alarms).toHaveLength(unknown.length);
  },
  isDeep ? 60 * MINUTE_MS : 4 * MINUTE_MS,
);

function report(ledger: Ledger, found: Found, tookMs: Record<string, number>): void {
  const states = tally(found.outbox.map(({ state }) => state));
  const figures = {
    kills: KILLS,
    seed: SEED,
    ...Object.fromEntries(
      Object.entries(tookMs).map(([name, ms]) => [name, `${Math.round(ms / 1000)} s`]),
    ),
    callbacks: ledger.callbacks,
    acked: ledger.acked,
    opportunities: found.opportunities.size,
    additions: [...ledger.added.values()].reduce((sum, { acked }) => sum + acked, 0),
    reminders: ledger.reminders.length,
    wins: ledger.won.length,
    outbox: Object.fromEntries(states),
  };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}
