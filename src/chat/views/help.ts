import type { Message } from '../message.js';
import { TEXT_BYTES, bytesOf, cut, textMessage } from './budget.js';

/** What a script says of itself. */
export interface HelpEntry {
  name: string;
  summary: string;
  usage: string;
  examples: readonly string[];
  aliases: readonly string[];
}

/** One line per ability; as many as one message holds. */
export function helpOverview(entries: readonly HelpEntry[]): Message {
  const head = [
    '我是商机助手，像聊天一样说就行：',
    '· “新建 华为二期 客户华为 300万 下月底签”',
    '· “华为二期 谈判 320万 下周五签”',
    '· “今天电话华为张总，嫌贵，下周三再约”',
    '',
    '还会这些：',
  ];
  const tail = '想细看请回复“帮助 话题”，例如“帮助 更新”“帮助 金额”。说错了回复“撤销”。';
  const lines: string[] = [];
  let room = TEXT_BYTES - bytesOf([...head, tail].join('\n')) - 10;
  for (const entry of entries) {
    const line = `${entry.name}：${entry.summary}`;
    room -= bytesOf(line) + 1;
    if (room < 0) break;
    lines.push(line);
  }
  return textMessage(...head, ...lines, tail);
}

export function helpTopic(entry: HelpEntry): Message {
  return textMessage(
    `【${entry.name}】${entry.summary}`,
    `用法：${entry.usage}`,
    '例如：',
    ...entry.examples.map((example) => `· ${example}`),
    entry.aliases.length > 0 && `也可以说：${entry.aliases.join('、')}`,
  );
}

/** Ways to say one kind of thing, and what is understood. */
export interface Phrasings {
  topic: string;
  rows: readonly { said: readonly string[]; means: string }[];
}

/** “帮助 签约日”: how days may be said. Days are those of one Wednesday, so that they can be checked. */
export function helpPhrasings({ topic, rows }: Phrasings): Message {
  const head = `【${topic}】可以这样说（假如现在是 2026-11-18 周三 10:00）：`;
  let room = TEXT_BYTES - bytesOf(head);
  const lines: string[] = [];
  for (const { said, means } of rows) {
    const line = `· ${said.join(' / ')} → ${means}`;
    room -= bytesOf(line) + 1;
    if (room < 0) break;
    lines.push(line);
  }
  return textMessage(head, ...lines);
}

export function helpUnknownTopic(topic: string, names: readonly string[]): Message {
  return textMessage(
    `没有“${cut(topic, 20)}”这个话题。可以看：${names.join('、')}。`,
    '例如回复“帮助 更新”。',
  );
}
