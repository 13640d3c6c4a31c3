import { expect, test } from '@jest/globals';

import { beginningsOf, neededBy } from './pattern-characters.js';

test.each([
  [/下(?:个)?周/, '下'],
  [/(?:明年)?(?:国庆|五一)/, '明国五'],
  [/(?<!\d)(?:今|明)天/, '今明'],
  [/[一二]|q1/, '一二q'],
  [/(?:再?过)?\d天/, '再过0123456789'],
  [/(?:明年)?/, undefined],
  [/.天/, undefined],
  [/[^,]天/, undefined],
  [/\p{Script=Han}天/u, undefined],
  [/a/i, undefined],
])('a match of %s begins with one of %s', (pattern, expected) => {
  const units = beginningsOf(pattern);
  expect(units && [...units].map((unit) => String.fromCharCode(unit)).join('')).toBe(expected);
});

test.each([
  [/下(?:个)?季度/, '季'],
  [/(?:国庆|五一)(?:前|后)/, '国五'],
  [/(?<=今)天|明(?!年)/, '天明'],
  [/(?:再?过)?\d+分钟/, '分'],
  [/\p{Script=Han}{2}集团/u, '集'],
  [/赢了|(?:明年)?/, undefined],
  [/[^,]+/, undefined],
  [/a/i, undefined],
])('a match of %s holds one of %s', (pattern, expected) => {
  const units = neededBy(pattern);
  expect(units && [...units].map((unit) => String.fromCharCode(unit)).join('')).toBe(expected);
});
