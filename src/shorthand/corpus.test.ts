import { readFileSync } from 'node:fs';

import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

import { createCalendar } from '../domain/index.js';
import { CONTRACT_STAGES, toContract } from './contract.js';
import { createReader } from './reader.js';

/** Names the corpus speaks of; none of them is in the development set. */
const CUSTOMERS =
  '农夫山泉 老板电器 永辉超市 浦发银行 安踏体育 福耀玻璃 紫金矿业 恒生电子 海澜之家 国家能源集团宁夏煤业有限责任公司 中国联通广东公司 杭州娃哈哈集团有限公司 正泰电器 传化智联 公牛集团 先导智能 天合光能 洽洽食品 TCL科技 顾家家居 九阳股份 大华技术 大华银行 绿城中国 绿城服务 万向集团';
const PEOPLE = '韩梅 陆远 方洁 韩冬 周一鸣';
const named = (list: string) => list.split(' ').map((name) => ({ id: name, name }));

const reader = createReader({
  lexicon: { customers: named(CUSTOMERS), people: named(PEOPLE) },
  calendar: createCalendar([]),
  stages: CONTRACT_STAGES,
});
/** A Wednesday. */
const now = new Date('2026-11-18T10:00:00+08:00');

type Fields = Record<string, unknown>;
interface Entry<T> {
  reads: T;
  said: string[];
}

const load = <T>(file: string): T =>
  parse(readFileSync(new URL(`./corpus/${file}`, import.meta.url), 'utf8')) as T;
const reads = (text: string): Fields[] => reader.read(text, { now }).updates.map(toContract);

/** The same words behind several names, joined in the ways people type. */
const SUBJECTS = ['永辉 ', '安踏体育 ', '福耀', '紫金矿业，', '顾家家居 '];
const behindNames = (said: string[]): [string][] =>
  said.map((words, i) => [`${SUBJECTS[i % SUBJECTS.length] ?? ''}${words}`]);

describe('whole messages', () => {
  for (const { reads: expected, said } of load<Entry<Fields[]>[]>('messages.yaml')) {
    test.each(said)('%s', (text) => {
      expect(reads(text)).toEqual(expected);
    });
  }
});

describe('messages that are no operation write nothing', () => {
  test.each(load<string[]>('nothing.yaml'))('%s', (text) => {
    expect(reads(text)).toEqual([]);
  });
});

describe('money behind a name', () => {
  for (const { reads: expected, said } of load<Entry<Fields>[]>('amounts.yaml')) {
    test.each(behindNames(said))(`%s → ${JSON.stringify(expected)}`, (text) => {
      const { amount, amountChange, currency } = reads(text)[0] ?? {};
      expect({ amount, amountChange, currency }).toEqual({
        amount: undefined,
        amountChange: undefined,
        currency: undefined,
        ...expected,
      });
    });
  }
});

describe('the day of signing behind a name', () => {
  for (const { reads: expected, said } of load<Entry<string>[]>('days.yaml')) {
    test.each(behindNames(said))(`%s → ${expected}`, (text) => {
      expect(reads(text)).toMatchObject([{ closeDate: expected }]);
      expect(reads(text)[0]).not.toHaveProperty('nextFollowUpAt');
    });
  }
});

describe('the next follow-up behind a name', () => {
  for (const { reads: expected, said } of load<Entry<string>[]>('follow-ups.yaml')) {
    test.each(behindNames(said))(`%s → ${expected}`, (text) => {
      expect(reads(text)).toMatchObject([{ nextFollowUpAt: expected }]);
      expect(reads(text)[0]).not.toHaveProperty('closeDate');
    });
  }
});
