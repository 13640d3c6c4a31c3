import { expect, test } from '@jest/globals';
import { startChat } from '../test/support/chat-harness.js';

test('a sentence creates an opportunity and answers with its card', async () => {
  const chat = await startChat();
  const zhangsan = chat.person('zhangsan');

  await zhangsan.says('新建 华为二期 客户华为 300万 需求确认 9月底签');

  expect(zhangsan.lastCard()).toMatchObject({
    title: '已新建：华为二期',
    rows: [
      { label: '客户', value: '华为' },
      { label: '阶段', value: '需求确认' },
      { label: '金额', value: '¥3,000,000' },
      { label: '预计签约', value: '9月30日 周三' },
      { label: '下次跟进', value: '未定' },
      { label: '负责人', value: '张三' },
    ],
  });
  expect(await chat.opportunity('华为二期')).toMatchObject({
    customerName: '华为',
    stage: 'qualify',
    amountFen: 300_000_000,
    closeOn: '2026-09-30',
    ownerId: 'zhangsan',
  });
});

test('what is needed is asked for in one question, answered alone', async () => {
  const chat = await startChat();
  const zhangsan = chat.person('zhangsan');

  expect(await zhangsan.says('新建商机')).toContain('新商机叫什么、客户是谁？');
  expect(await zhangsan.says('海尔冷柜 客户海尔 20万')).toContain('已新建商机“海尔冷柜”');
  expect(await chat.opportunity('海尔冷柜')).toMatchObject({
    customerName: '海尔',
    amountFen: 20_000_000,
  });
});

test('a name told when asked is taken whole, however long the sentence before was', async () => {
  const chat = await startChat();
  const zhangsan = chat.person('zhangsan');

  await zhangsan.says('新建商机 50万');
  await zhangsan.says('星野食品门店系统');
  await zhangsan.says('星野食品');
  expect(await chat.opportunity('星野食品门店系统')).toMatchObject({ amountFen: 50_000_000 });
});

test('a second deal of the same customer is said before creating, naming only whom to ask', async () => {
  const chat = await startChat();
  await chat.has();
  const wangwu = chat.person('wangwu');

  const warning = await wangwu.says('新建 华为云桌面 客户华为 80万');
  expect(warning).toContain('同客户已有 1 个进行中商机，请联系 张三。仍要新建？');
  expect(warning).not.toMatch(/华为二期|3,000,000|需求确认/);
  expect(await chat.opportunity('华为云桌面')).toBeUndefined();

  expect((await wangwu.taps('是')).reply).toContain('已新建商机“华为云桌面”');
  expect(await chat.opportunity('华为云桌面')).toMatchObject({ ownerId: 'wangwu' });
});

test('撤销 takes a new one back', async () => {
  const chat = await startChat();
  const zhangsan = chat.person('zhangsan');
  await zhangsan.says('新建 海尔冷柜 客户海尔 20万');
  expect(await zhangsan.says('撤销')).toBe('已撤销：新建的“海尔冷柜”已收回。');
  expect(await zhangsan.says('海尔冷柜 30万')).toContain('没找到“海尔冷柜”');
});

test('the same 新建 handled again creates it once', async () => {
  const chat = await startChat();
  const zhangsan = chat.person('zhangsan');
  await zhangsan.says('新建 海尔冷柜 客户海尔 20万');
  expect((await zhangsan.repeatsLast()).reply?.text).toContain('已新建商机“海尔冷柜”');
  const names = await chat.world.opportunities.names();
  expect(names.filter(({ title }) => title === '海尔冷柜')).toHaveLength(1);
});

test('two sentences create two', async () => {
  const chat = await startChat();
  const reply = await chat
    .person('zhangsan')
    .says('新建 海尔冷柜 客户海尔 20万；新建 格力空调 客户格力 30万');
  expect(reply).toContain('已新建商机“海尔冷柜”');
  expect(reply).toContain('已新建商机“格力空调”');
});
