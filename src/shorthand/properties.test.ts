import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { createCalendar } from '../domain/index.js';
import { addDays, weekdayOf } from '../kernel/index.js';
import { CONTRACT_STAGES } from './contract.js';
import { createReader } from './reader.js';
import type { ReadUpdate, Slot } from './reading.js';

const RUNS = process.env['DEEP'] === '1' ? 12_000 : 400;
const SEED = 20261118;
const check = <T>(property: fc.IProperty<T>): void =>
  fc.assert(property, { numRuns: RUNS, seed: SEED });

const CUSTOMERS = [
  '福耀玻璃',
  '紫金矿业',
  '安踏体育',
  '苏州汇川技术股份有限公司',
  '中国联通广东公司',
];
const parts = {
  lexicon: {
    customers: CUSTOMERS.map((name) => ({ id: name, name })),
    people: [
      { id: 'p1', name: '韩梅' },
      { id: 'p2', name: '陆远' },
    ],
  },
  calendar: createCalendar([]),
  stages: CONTRACT_STAGES,
};
const reader = createReader(parts);
/** A Wednesday. */
const TODAY = '2026-11-18';
const now = new Date(`${TODAY}T10:00:00+08:00`);
const only = (text: string): ReadUpdate | undefined => {
  const { updates } = reader.read(text, { now });
  return updates.length === 1 ? updates[0] : undefined;
};

// ── money ───────────────────────────────────────────────────────────────────────────────────────

const HAN = '零一二三四五六七八九';

/** 1 … 9999 in Chinese figures: 2050 → 二千零五十. */
function inHan(n: number): string {
  let out = '';
  let zero = false;
  for (const [unit, name] of [
    [1000, '千'],
    [100, '百'],
    [10, '十'],
    [1, ''],
  ] as const) {
    const digit = Math.floor(n / unit) % 10;
    if (digit === 0) {
      zero = out !== '';
    } else {
      out += `${zero ? '零' : ''}${HAN[digit] ?? ''}${name}`;
      zero = false;
    }
  }
  return out.replace(/^一十/, '十');
}

/** Spoken forms of `wan` times ten thousand yuan. */
const SPOKEN_MONEY: readonly ((wan: number) => string)[] = [
  (n) => `${n}万`,
  (n) => `${n}w`,
  (n) => `${n}W`,
  (n) => `${n} 万`,
  (n) => `${n}万元`,
  (n) => `${n}万块`,
  (n) => `¥${n}万`,
  (n) => `￥${n}万`,
  (n) => `${inHan(n)}万`,
  (n) => `${inHan(n)}万元`,
  (n) => `${n * 10_000}元`,
  (n) => `¥${n * 10_000}`,
  (n) => `${(n * 10_000).toLocaleString('en-US')}元`,
  (n) => `RMB ${(n * 10_000).toLocaleString('en-US')}`,
  (n) => `${n * 10}k`,
  (n) => `${n / 100}M`,
  (n) => `${n / 10_000}亿`,
  (n) => `金额${n}万`,
  (n) => `金额：${n}万`,
  (n) => `报价${inHan(n)}万`,
  (n) => `预算${n}万左右`,
  (n) => `大概${n}万`,
  (n) => `金额改成${n}万`,
  (n) => `从${n + 7}万压到${n}万`,
  (n) => `不是${n + 3}万是${n}万`,
  (n) => `${n + 5}万→${n}万`,
  (n) => String(n).replace(/\d/g, (d) => String.fromCharCode(d.charCodeAt(0) + 0xfee0)) + '万',
];

test('a sum reads back exactly in each of more than twenty spoken forms', () => {
  check(
    fc.property(
      fc.integer({ min: 1, max: 9_999 }),
      fc.constantFrom(...SPOKEN_MONEY),
      fc.constantFrom(...CUSTOMERS),
      (wan, say, customer) => {
        const text = `${customer} ${say(wan)}`;
        expect([text, only(text)?.amount?.value.fen]).toEqual([text, wan * 1_000_000]);
      },
    ),
  );
});

test('the digit behind 万 is the next lower unit', () => {
  check(
    fc.property(fc.integer({ min: 1, max: 999 }), fc.integer({ min: 1, max: 9 }), (wan, digit) => {
      const fen = (wan * 10_000 + digit * 1_000) * 100;
      expect(only(`福耀 ${wan}万${digit}`)?.amount?.value.fen).toBe(fen);
      expect(only(`福耀 ${inHan(wan)}万${HAN[digit] ?? ''}`)?.amount?.value.fen).toBe(fen);
    }),
  );
});

test('a difference keeps its sign and is never a total', () => {
  check(
    fc.property(
      fc.integer({ min: 1, max: 999 }),
      fc.constantFrom(
        ['加', 1],
        ['加了', 1],
        ['追加', 1],
        ['上调', 1],
        ['涨了', 1],
        ['减', -1],
        ['砍了', -1],
        ['降了', -1],
        ['少了', -1],
        ['便宜了', -1],
      ),
      (wan, [verb, sign]) => {
        const update = only(`紫金矿业 ${String(verb)}${wan}万`);
        expect(update?.amountChange?.value).toBe(Number(sign) * wan * 1_000_000);
        expect(update?.amount).toBeUndefined();
      },
    ),
  );
});

// ── days ────────────────────────────────────────────────────────────────────────────────────────

const WEEKDAYS = '一二三四五六日';
const monthOf = (day: string): number => Number(day.slice(5, 7));
const dateOf = (day: string): number => Number(day.slice(8));
/** The day's weekday in the calendar week `ahead` weeks from now, when it lies there. */
const weekAhead = (n: number): number => Math.floor((n + weekdayOf(TODAY) - 1) / 7);

/** Spoken forms of the day `n` days from today; `undefined` where the form cannot name it. */
const SPOKEN_DAYS: readonly ((day: string, n: number) => string | undefined)[] = [
  (day) => day,
  (day) => day.replaceAll('-', '/'),
  (day) => day.replaceAll('-', '.'),
  (day) => day.replaceAll('-', ''),
  (day) => `${day.slice(0, 4)}年${monthOf(day)}月${dateOf(day)}日`,
  (day) => `${day.slice(0, 4)}年${monthOf(day)}月${dateOf(day)}号`,
  (day) => `${monthOf(day)}月${dateOf(day)}号`,
  (day) => `${monthOf(day)}月${dateOf(day)}日`,
  (day) => `${monthOf(day)}月${dateOf(day)}`,
  (day) => `${inHan(monthOf(day))}月${inHan(dateOf(day))}号`,
  (day) => `${inHan(monthOf(day))}月${inHan(dateOf(day))}日`,
  (day) => `${monthOf(day)}.${dateOf(day)}`,
  (day) => `${monthOf(day)}/${dateOf(day)}`,
  (day) => `${monthOf(day)}-${dateOf(day)}`,
  (_, n) => `${n}天后`,
  (_, n) => `${n}天之后`,
  (_, n) => `${inHan(n)}天后`,
  (_, n) => (n === 1 ? '明天' : n === 2 ? '后天' : n === 3 ? '大后天' : undefined),
  (_, n) => (n % 7 === 0 ? `${n / 7}周后` : undefined),
  (_, n) => (n % 7 === 0 ? `${inHan(n / 7)}个星期后` : undefined),
  (day, n) => (n <= 6 ? `周${WEEKDAYS[weekdayOf(day) - 1] ?? ''}` : undefined),
  (day, n) => (n <= 6 ? `星期${WEEKDAYS[weekdayOf(day) - 1] ?? ''}` : undefined),
  (day, n) => (weekAhead(n) === 0 ? `本周${WEEKDAYS[weekdayOf(day) - 1] ?? ''}` : undefined),
  (day, n) => (weekAhead(n) === 1 ? `下周${WEEKDAYS[weekdayOf(day) - 1] ?? ''}` : undefined),
  (day, n) => (weekAhead(n) === 1 ? `下礼拜${WEEKDAYS[weekdayOf(day) - 1] ?? ''}` : undefined),
  (day, n) => (weekAhead(n) === 2 ? `下下周${WEEKDAYS[weekdayOf(day) - 1] ?? ''}` : undefined),
  (day) => (day.startsWith('2026-12') ? `下个月${dateOf(day)}号` : undefined),
  (day) => (day.startsWith('2026-11') ? `${dateOf(day)}号` : undefined),
  (day) => (day.startsWith('2027') ? `明年${monthOf(day)}月${dateOf(day)}号` : undefined),
];

test('a day reads back exactly in each of more than twenty spoken forms', () => {
  check(
    fc.property(
      fc.integer({ min: 1, max: 330 }),
      fc.constantFrom(...SPOKEN_DAYS),
      fc.constantFrom('签', '签约', '签合同', '前签', '成交'),
      (n, say, verb) => {
        const day = addDays(TODAY, n);
        const words = say(day, n);
        if (words === undefined) return;
        const text = `安踏 ${words}${verb}`;
        expect([text, only(text)?.closeOn?.value.day]).toEqual([text, day]);
      },
    ),
  );
});

test('a clock time reads back in figures and in words', () => {
  check(
    fc.property(fc.integer({ min: 8, max: 21 }), fc.constantFrom(0, 15, 30), (hour, minute) => {
      const time = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
      const part = hour < 12 ? '上午' : hour < 18 ? '下午' : '晚上';
      const short = hour > 12 ? hour - 12 : hour;
      const tail = minute === 0 ? '' : minute === 15 ? '一刻' : '半';
      for (const said of [
        `明天${time}`,
        `明天${part}${short}点${tail}`,
        `明天${part}${inHan(short)}点${tail}`,
      ]) {
        expect([said, only(`福耀 ${said}开会`)?.nextFollowUp?.value]).toEqual([
          said,
          { day: '2026-11-19', time },
        ]);
      }
    }),
  );
});

// ── what holds for any text ─────────────────────────────────────────────────────────────────────

const PIECES = [
  '福耀',
  '紫金矿业',
  '安踏',
  ' ',
  '，',
  '。',
  '；',
  '\n',
  '50万',
  '三百二十万五',
  '下周三',
  '月底',
  '签',
  '推进到',
  '谈判',
  '方案',
  '丢了',
  '赢了',
  '王总',
  '电话',
  '提醒我',
  '韩梅',
  '转给',
  '加',
  '没',
  '如果',
  '？',
  '1.',
  '2、',
  '😂',
  'é',
  '😀',
  '\ud800',
  '（',
  '{',
  '$',
  '<',
  '新建商机',
  '标签',
  '七成',
  '100%',
  '13800001111',
  'a@b.cn',
  '下午3点',
  '竞品',
  '联系人',
  '因为',
  '下一步',
  'ＷＯＮ',
  '華',
  '①',
  '\u200d',
  '~',
  '→',
  '%',
  '#',
];
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 25 }).map((pieces) => pieces.join('')),
);

function slotsOf(update: ReadUpdate): Slot<unknown>[] {
  return Object.values(update).flatMap((value: unknown) => {
    const list: unknown[] = Array.isArray(value) ? value : [value];
    return list.filter(
      (one): one is Slot<unknown> =>
        typeof one === 'object' &&
        one !== null &&
        'words' in one &&
        'span' in one &&
        'value' in one,
    );
  });
}

describe('any text', () => {
  test('is read without an error, and every slot quotes the text as it was typed', () => {
    check(
      fc.property(anyText, (text) => {
        const reading = reader.read(text, { now });
        expect(reading.text).toBe(text);
        for (const update of reading.updates) {
          for (const { span, words } of slotsOf(update)) {
            expect(span.start).toBeLessThanOrEqual(span.end);
            expect(text.slice(span.start, span.end)).toBe(words);
          }
          for (const span of update.noteSpans)
            expect(update.note).toContain(text.slice(span.start, span.end).trim());
        }
      }),
    );
  });

  test('reads the same twice: a reader keeps nothing between messages', () => {
    check(
      fc.property(anyText, anyText, (first, second) => {
        const before = reader.read(first, { now });
        reader.read(second, { now });
        expect(reader.read(first, { now })).toEqual(before);
      }),
    );
  });
});

// ── names that come and go ──────────────────────────────────────────────────────────────────────

test('after any changes of names a reader reads as one built anew with the names that are left', () => {
  const names = ['福耀玻璃', '福耀汽车', '三棵树', '绿城中国', '绿城服务', '中国移动浙江公司'];
  const change = fc.tuple(fc.constantFrom('put', 'drop'), fc.constantFrom(...names));
  fc.assert(
    fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
      const live = createReader({ ...parts, lexicon: { customers: [], people: [] } });
      const left = new Set<string>();
      for (const [what, name] of changes) {
        if (what === 'put') {
          left.add(name);
          live.names.putCustomer({ id: name, name });
        } else {
          left.delete(name);
          live.names.dropCustomer(name);
        }
      }
      const fresh = createReader({
        ...parts,
        lexicon: { customers: [...left].map((name) => ({ id: name, name })), people: [] },
      });
      for (const text of [
        '福耀 谈判',
        '绿城 50万',
        '浙江移动 明天签',
        '三颗树 丢了',
        'sks 七成',
        '绿城服务 方案',
      ]) {
        const sorted = (reading: ReturnType<typeof live.read>): unknown =>
          JSON.parse(JSON.stringify(reading), (key, value: unknown) =>
            key === 'candidates' && Array.isArray(value)
              ? (value as { id: string }[]).map(({ id }) => id).sort()
              : value,
          );
        expect(sorted(live.read(text, { now }))).toEqual(sorted(fresh.read(text, { now })));
      }
    }),
    { numRuns: Math.min(RUNS, 300), seed: SEED },
  );
});
