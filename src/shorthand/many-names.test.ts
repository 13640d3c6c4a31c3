import { beforeAll, expect, test } from '@jest/globals';

import { createCalendar } from '../domain/index.js';
import { CONTRACT_STAGES } from './contract.js';
import { createReader } from './reader.js';
import type { Mention, Reader } from './reading.js';

/*
 * Names as a large company has them: ten thousand customers that share characters with one another, two
 * thousand colleagues with namesakes, two opportunities for every customer.
 */
const PLACES = [...'沪京深杭苏蓉汉秦青厦'].map((c, i) => `${c}${'东西南北中山江海湖城'[i] ?? ''}`);
const FIRST = [...'华中金银天海云龙安康泰宏远盛大新恒瑞德信'];
const SECOND = [...'达通源创诚丰润联科鑫博航能力建成美利佳方'];
const FORMS = ['科技有限公司', '集团股份有限公司', '电子有限公司', '医药股份有限公司'];
const SURNAMES = [...'王李张刘陈杨黄赵吴周'];
const GIVEN = [...'伟芳娜秀敏静磊军洋勇艳杰娟涛明超霞平刚桂'];
const at = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;

const customers = Array.from({ length: 10_000 }, (_, n) => ({
  id: `c${n}`,
  name: `${at(PLACES, n)}${at(FIRST, Math.floor(n / 10))}${at(SECOND, Math.floor(n / 200))}${at(FIRST, Math.floor(n / 4000) + 3)}${at(FORMS, n * 3)}`,
}));
const people = Array.from({ length: 2_000 }, (_, n) => ({
  id: `p${n}`,
  name: `${at(SURNAMES, n)}${at(GIVEN, Math.floor(n / 10))}${at(GIVEN, Math.floor(n / 200))}`,
}));
const PROJECTS = ['MES二期', 'ERP升级'];
const opportunities = customers.flatMap(({ id, name }, n) =>
  PROJECTS.map((project, i) => ({
    id: `o${n}-${i}`,
    name: `${name.slice(0, 5)}${project}`,
    customerId: id,
  })),
);

let reader: Reader;
const now = new Date('2026-11-18T10:00:00+08:00');
const customerIn = (text: string): Mention | undefined =>
  reader.read(text, { now }).updates[0]?.customer?.value;

beforeAll(() => {
  const named = [
    { id: 'xugong', name: '徐州工程机械集团有限公司', alsoSaid: ['徐工'] },
    { id: 'ximalaya', name: '上海喜马拉雅网络科技有限公司' },
    { id: 'feihe', name: '飞鹤乳业' },
    { id: 'feihe2', name: '飞鹤山庄酒店' },
    { id: 'bureau8', name: '中建八局' },
    { id: 'bureau5', name: '中国建筑第五工程局有限公司' },
    { id: 'railway4', name: '中铁四局' },
    { id: 'hospital', name: '浙江大学医学院附属第一医院' },
  ];
  reader = createReader({
    lexicon: { customers: [...customers, ...named], people, opportunities },
    calendar: createCalendar([]),
    stages: CONTRACT_STAGES,
  });
}, 60_000);

test.each([
  ['上海喜马拉雅网络科技有限公司 50万', { kind: 'one', id: 'ximalaya', how: 'exact' }],
  ['喜马拉雅 50万', { kind: 'one', id: 'ximalaya', how: 'part' }],
  ['徐工 推进到谈判', { kind: 'one', id: 'xugong', how: 'alias' }],
  ['xmly 推进到谈判', { kind: 'one', id: 'ximalaya', how: 'pinyin' }],
  ['中建八局 50万', { kind: 'one', id: 'bureau8', how: 'exact' }],
  ['中建五局 50万', { kind: 'one', id: 'bureau5', how: 'part' }],
  ['中建三局 50万', { kind: 'unknown', words: '中建三局' }],
  ['中铁大桥局 阶段改成谈判', { kind: 'unknown', words: '中铁大桥局' }],
  ['节后第一个工作日提醒我回访徐工', { kind: 'one', id: 'xugong', how: 'alias' }],
  ['喜玛拉雅推进到谈判', { kind: 'one', id: 'ximalaya', how: 'typo' }],
  ['飞鹤 月底签', { kind: 'several' }],
  ['飞鹤乳业 月底签', { kind: 'one', id: 'feihe', how: 'exact' }],
  [`${customers[4321]?.name ?? ''} 50万`, { kind: 'one', id: 'c4321', how: 'exact' }],
])('%s', (text, expected) => {
  expect(customerIn(text)).toMatchObject(expected);
});

test('a title is found among twenty thousand, with its customer', () => {
  const { name = '' } = opportunities[9_999] ?? {};
  const update = reader.read(`${name} 谈判 50万`, { now }).updates[0];
  expect(update?.opportunity?.value).toMatchObject({ kind: 'one', id: 'o4999-1' });
  expect(update?.customer?.value).toMatchObject({ kind: 'one', id: 'c4999' });
});

test('a name that is put is known at once, and one that is dropped no more', () => {
  reader.names.putCustomer({ id: 'new', name: '珠峰冰川股份有限公司' });
  expect(customerIn('珠峰冰川 50万')).toMatchObject({ kind: 'one', id: 'new' });
  reader.names.putCustomer({ id: 'new', name: '昆仑雪山股份有限公司' });
  expect(customerIn('昆仑雪山 50万')).toMatchObject({ kind: 'one', id: 'new' });
  expect(customerIn('珠峰冰川 50万')).toMatchObject({ kind: 'unknown' });
  reader.names.dropCustomer('new');
  expect(customerIn('昆仑雪山 50万')).toMatchObject({ kind: 'unknown' });
});

test('namesakes among colleagues are all named', () => {
  const { name = '' } = people[0] ?? {};
  const namesakes = people.filter((person) => person.name === name).length;
  const value = reader.read(`喜马拉雅 转给${name}`, { now }).updates[0]?.assignee?.value;
  expect(value).toMatchObject(namesakes > 1 ? { kind: 'several' } : { kind: 'one', name });
});
