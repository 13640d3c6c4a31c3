import { expect, test } from '@jest/globals';

import { customerKey, isSameCustomer } from './customer-name.js';

test.each([
  ['华为', '华为技术', false],
  ['华为', '华为云', false],
  ['华为', '华为有限公司', true],
  ['华为技术', '华为技术有限公司', true],
  ['华为', '华为（集团）股份有限公司', true],
  ['华为', ' 华 为 ', true],
  ['腾讯', '腾讯控股有限公司', true],
  ['招商银行', '招商银行股份有限公司', true],
  ['招商银行', '招商银行北京分公司', false],
  ['ABC', 'ＡＢＣ', true],
  ['ABC', 'abc Co., Ltd.', true],
  ['Acme', 'ACME Inc', true],
  ['Zinc', 'Z', false],
  ['小米·之家', '小米之家', true],
])('%s and %s: one customer is %s', (a, b, expected) => {
  expect(isSameCustomer(a, b)).toBe(expected);
});

test.each(['集团', '公司', '***', '（）'])('a name of nothing else, %s, stays itself', (name) => {
  expect(customerKey(name)).not.toBe('');
});
