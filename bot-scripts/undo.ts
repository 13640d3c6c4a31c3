import { z } from 'zod';
import { defineCommand } from '../src/bot/index.js';

export default defineCommand({
  name: '撤销',
  rank: 9,
  aliases: ['撤销上一步', '撤销刚才'],
  summary: '把你上一条消息改的全部改回去',
  usage: '撤销',
  examples: ['撤销'],
  claims: ['undo'],
  args: z.object({}),

  async run({ undo }) {
    await undo();
  },
});
