import { expect, test } from '@jest/globals';

import { TEXT_BYTES, bytesOf } from './budget.js';
import { helpPhrasings } from './help.js';

test('a page says what may be typed and what is understood', () => {
  expect(
    helpPhrasings({ topic: '金额', rows: [{ said: ['50万', '五十万'], means: '金额 ¥500,000' }] }),
  ).toMatchObject({
    text: '【金额】可以这样说（假如现在是 2026-11-18 周三 10:00）：\n· 50万 / 五十万 → 金额 ¥500,000',
  });
});

test('a page never outgrows one message', () => {
  const rows = Array.from({ length: 200 }, () => ({
    said: ['永辉超市 推进到谈判'],
    means: '更新',
  }));
  const message = helpPhrasings({ topic: '阶段', rows });
  expect(bytesOf(message.kind === 'text' ? message.text : '')).toBeLessThanOrEqual(TEXT_BYTES);
});
