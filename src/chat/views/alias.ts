import type { Message } from '../message.js';
import { cut, textMessage } from './budget.js';

const MOST_LISTED = 20;

/** What a person calls opportunities, and how to add one. */
export function aliasList(
  rows: readonly { words: string; title: string; shared: boolean }[],
): Message {
  if (rows.length === 0)
    return textMessage(
      '还没有别名。同名要选时选过一次，下次我就记得；也可以直接说“别名 老王那单 是 华为二期”。',
    );
  const rest = rows.length - MOST_LISTED;
  return textMessage(
    '你的别名：',
    ...rows
      .slice(0, MOST_LISTED)
      .map(
        ({ words, title, shared }) =>
          `· ${cut(words, 20)} → ${cut(title, 30)}${shared ? '（共享）' : ''}`,
      ),
    rest > 0 && `还有 ${rest} 项`,
    `不要了请回复“别名 ${cut(rows[0]?.words ?? '', 20)} 取消”。`,
  );
}

export const aliasKept = (words: string, title: string, shared: boolean): Message =>
  textMessage(
    `记住了：${shared ? '大家' : '你'}说“${cut(words, 20)}”就是 ${cut(title, 40)}。`,
    shared
      ? '只有能看到这个商机的同事会用到。'
      : `要给同事用请回复“别名 ${cut(words, 20)} 共享”，不要了回复“别名 ${cut(words, 20)} 取消”。`,
  );

export const aliasForgotten = (words: string): Message =>
  textMessage(`已取消别名“${cut(words, 20)}”。`);

export const aliasUnknown = (words: string): Message =>
  textMessage(`没有别名“${cut(words, 20)}”，或者它是同事共享的。回复“别名”看有哪些。`);
