import { z } from 'zod';
import { defineCommand, plainWords } from '../src/bot/index.js';
import { helpOverview, helpPhrasings, helpTopic, helpUnknownTopic } from '../src/chat/index.js';
import { HELP_PAGES } from '../src/shorthand/index.js';

export default defineCommand({
  name: '帮助',
  rank: 20,
  aliases: ['help', '怎么用', '使用说明'],
  summary: '看我会做什么',
  usage: '帮助 [话题]',
  examples: ['帮助', '帮助 更新', '帮助 金额'],
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
    const page = HELP_PAGES.find((other) => other.topic === topic);
    if (one) reply(helpTopic(one));
    else if (page) reply(helpPhrasings(page));
    else {
      const topics = [...known.map(({ name }) => name), ...HELP_PAGES.map((other) => other.topic)];
      reply(helpUnknownTopic(topic, topics));
    }
  },
});
