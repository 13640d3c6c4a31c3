import { expect, test } from '@jest/globals';
import { startChat } from '../test/support/chat-harness.js';

test('丢了 with a reason: preview, then lost', async () => {
  const chat = await startChat();
  await chat.has({ title: '小米MES', customerName: '小米' });
  const zhangsan = chat.person('zhangsan');

  expect(await zhangsan.says('小米那单丢了，价格')).toContain('结果 进行中 → 输单（价格）');
  expect(await zhangsan.says('是')).toContain('已记为输单');
  expect(await chat.opportunity('小米MES')).toMatchObject({
    stage: 'lost',
    outcome: { kind: 'lost', reason: '价格' },
  });
});

test.each(['1', '价格', '嫌贵'])(
  'a missing reason is asked for and answered by “%s”',
  async (answer) => {
    const chat = await startChat();
    await chat.has();
    const zhangsan = chat.person('zhangsan');

    expect(await zhangsan.says('华为二期 丢了')).toContain('输单的原因是？\n1. 价格\n2. 竞品');
    expect(await zhangsan.says(answer)).toContain('输单（价格）');
    await zhangsan.says('是');
    expect((await chat.opportunity('华为二期'))?.outcome?.reason).toBe('价格');
  },
);

test('赢了: preview → approval → won, and nothing changes before the yes', async () => {
  const chat = await startChat();
  await chat.has({ stage: 'negotiate' });
  const zhangsan = chat.person('zhangsan');
  const lei = chat.person('lei');

  expect(await zhangsan.says('华为二期 赢了')).toContain('要记为赢单');
  expect(await zhangsan.says('是')).toContain('已请 雷经理 审批');
  expect((await chat.opportunity('华为二期'))?.stage).toBe('negotiate');

  lei.receives();
  expect((await lei.taps('同意')).card).toMatchObject({ settled: '雷经理 已同意', buttons: [] });
  expect(await chat.opportunity('华为二期')).toMatchObject({
    stage: 'won',
    outcome: { kind: 'won' },
  });
});
