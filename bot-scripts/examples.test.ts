import { expect, test } from '@jest/globals';
import { loadScripts } from '../src/bot/index.js';
import { startChat } from '../test/support/chat-harness.js';

test('every example shown by 帮助 is understood', async () => {
  const scripts = await loadScripts(['bot-scripts']);
  expect(scripts.length).toBeGreaterThanOrEqual(20);
  for (const { command } of scripts) {
    for (const example of command.examples) {
      const chat = await startChat();
      await chat.has();
      await chat.has({ id: 'opp_mi', title: '小米MES', customerName: '小米', ownerId: 'lisi' });
      const reply = await chat.person('lei').says(example);
      expect([example, reply]).not.toEqual([
        example,
        expect.stringMatching(/没看懂|没找到|我是商机助手，跟进客户/),
      ]);
    }
  }
});
