import { z } from 'zod';
import { defineCommand, plainWords } from '../src/bot/index.js';
import { helpOverview, helpTopic, helpUnknownTopic } from '../src/chat/index.js';

export default defineCommand({
  name: '帮助',
  rank: 20,
  aliases: ['help', '怎么用', '使用说明'],
  summary: '看我会做什么',
  usage: '帮助 [话题]',
  examples: ['帮助', '帮助 更新'],
  claims: ['help'],
  menu: { help: '帮助' },
  args: z.object({ topic: plainWords().optional() }),

  async run({ args: { topic }, abilities, reply }) {
    const known = abilities();
    if (topic === undefined) {
      reply(helpOverview(known));
      return;
    }
    const one = known.find(({ name, aliases }) => name === topic || aliases.includes(topic));
    reply(
      one
        ? helpTopic(one)
        : helpUnknownTopic(
            topic,
            known.map(({ name }) => name),
          ),
    );
  },
});
