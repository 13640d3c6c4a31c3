import { expect, test } from '@jest/globals';
import { createCalendar } from '../domain/index.js';
import { createReader } from '../shorthand/index.js';
import { newNameIn } from './naming.js';

const reader = createReader({
  lexicon: {
    customers: [
      { id: '华为', name: '华为' },
      { id: '小米', name: '小米' },
    ],
    people: [],
    opportunities: [{ id: 'o1', name: '华为二期', customerId: '华为' }],
  },
  calendar: createCalendar([]),
  stages: [{ id: 'qualify', name: '需求确认', alsoSaid: ['需求'] }],
});

test.each([
  ['新建 华为二期 客户华为 300万 需求确认 9月底签', '华为二期', '华为'],
  ['新建 华为云 客户华为 30万', '华为云', '华为'],
  ['新建 华为二期扩容 客户华为', '华为二期扩容', '华为'],
  ['新建商机 作业帮 直播平台 九十五万', '作业帮直播平台', '作业帮'],
  ['新建 小米MES 客户小米科技 50万', '小米MES', '小米科技'],
  ['新建 OPPO影像 客户OPPO 50万', 'OPPO影像', 'OPPO'],
  ['新建 徐工泵车 客户徐工 30万', '徐工泵车', '徐工'],
  ['新建 大唐商城 30万', '大唐商城', '大唐商城'],
  ['帮我新建一个商机：小米 MES 50万', '小米MES', '小米'],
])('%s is called %s, of %s', (text, title, customerName) => {
  const reading = reader.read(text, { now: new Date('2026-03-11T10:00:00+08:00') });
  const [update] = reading.updates;
  expect(update && newNameIn(update, text)).toEqual({ title, customerName });
});

test('a bare 新建 names nothing', () => {
  const reading = reader.read('新建商机', { now: new Date('2026-03-11T10:00:00+08:00') });
  const [update] = reading.updates;
  expect(update && newNameIn(update, '新建商机')).toEqual({ title: null, customerName: null });
});
