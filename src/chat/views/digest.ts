import type {
  DigestLine,
  DigestSection,
  GroupDigest,
  PersonalDigest,
  TodoLine,
} from '../../domain/index.js';
import { daysBetween } from '../../kernel/index.js';
import type { Message } from '../message.js';
import { TEXT_BYTES, bytesOf, capped, cut, cutBytes, escapeMarkdown } from './budget.js';
import { changeSides, dayWords, instantWords, moneyWords } from './words.js';
import type { ViewContext } from './words.js';

const SECTIONS: Record<DigestSection, string> = {
  created: '新增',
  advanced: '推进',
  backward: '后退',
  postponed: '延期',
  amount: '金额变化',
  won: '赢单',
  lost: '输单',
};

/** One line of the change log: `华为二期（张三）方案呈现 → 商务谈判`. */
function changeLogLine(section: DigestSection, line: DigestLine, view: ViewContext): string {
  const lead = `${cut(line.title, 24)}（${cut(line.ownerName, 8)}）`;
  if (section === 'created') return `${lead}${moneyWords(line.amountFen)}`;
  if (section === 'won') return `${lead}${moneyWords(line.amountFen)}`;
  if (section === 'lost') return `${lead}${line.reason ?? '未写原因'}`;
  const field = { advanced: 'stage', backward: 'stage', postponed: 'closeOn', amount: 'amountFen' }[
    section
  ];
  const change = line.changes.find((one) => one.field === field) ?? line.changes[0];
  if (!change) return lead;
  const { from, to } = changeSides(change, view);
  return `${lead}${cut(from, 24)} → ${cut(to, 24)}`;
}

/** Why it is on today's list. */
function todoReason(todo: TodoLine, view: ViewContext): string {
  const late = daysBetween(todo.on, view.today);
  switch (todo.why) {
    case 'follow-up-today':
      return '今天约好跟进';
    case 'follow-up-overdue':
      return `跟进已过期 ${late} 天`;
    case 'contact-overdue':
      return `该联系了（${dayWords(todo.on, view.today)} 到期）`;
    case 'closing-soon':
      return `预计 ${dayWords(todo.on, view.today)} 签约`;
    case 'close-missed':
      return `签约日已过（${dayWords(todo.on, view.today)}）`;
    case 'approval-waiting':
      return `待审批（${dayWords(todo.on, view.today)} 提交）`;
  }
}

/** A digest is built twice from the same parts: as markdown, and as plain text. */
interface Block {
  heading: string;
  items: string[];
  /** How many there are before anything was cut. */
  total: number;
}

/** Fits the blocks within `max` bytes by showing fewer items of the longest one, never by cutting a line. */
function fitBlocks(
  head: string[],
  blocks: readonly Block[],
  limit: number,
  render: (block: Block, shown: string[]) => string[],
): string {
  for (let most = limit; most >= 1; most--) {
    const text = [
      ...head,
      ...blocks.flatMap((block) =>
        render(block, capped(block.items, { limit: most, max: TEXT_BYTES, total: block.total })),
      ),
    ].join('\n');
    if (bytesOf(text) <= TEXT_BYTES) return text;
  }
  return cutBytes(
    [...head, ...blocks.map((block) => `${block.heading} ${block.total} 项`)].join('\n'),
    TEXT_BYTES,
  );
}

/** The change log since the last digest, then today's to-dos; a quiet day takes two lines. */
export function groupDigest(digest: GroupDigest, view: ViewContext): Message {
  const title = `${digest.groupName} 商机日报 ${dayWords(digest.on, view.today)}`;
  const blocks: Block[] = [
    ...digest.sections
      .filter(({ lines }) => lines.length > 0)
      .map(({ section, lines }) => ({
        heading: SECTIONS[section],
        items: lines.map((line) => changeLogLine(section, line, view)),
        total: lines.length,
      })),
    ...(digest.todos.length
      ? [
          {
            heading: '今天要处理',
            items: digest.todos.map(
              (todo) =>
                `${cut(todo.title, 24)}（${cut(todo.ownerName, 8)}）${todoReason(todo, view)}`,
            ),
            total: digest.todos.length,
          },
        ]
      : []),
  ];
  if (blocks.length === 0) {
    const quiet = `自 ${instantWords(digest.since, view.today)} 以来没有变化，今天没有要处理的。`;
    return {
      kind: 'markdown',
      markdown: `**${escapeMarkdown(title)}**\n${quiet}`,
      text: `${title}\n${quiet}`,
    };
  }
  return bothWays(title, `自 ${instantWords(digest.since, view.today)} 以来`, blocks, digest.limit);
}

function bothWays(title: string, since: string | null, blocks: Block[], limit: number): Message {
  return {
    kind: 'markdown',
    markdown: fitBlocks(
      [`**${escapeMarkdown(title)}**`, ...(since ? [`<font color="comment">${since}</font>`] : [])],
      blocks,
      limit,
      (block, shown) => [
        `**${block.heading}**（${block.total}）`,
        ...shown.map((line) => `> ${escapeMarkdown(line)}`),
      ],
    ),
    text: fitBlocks([title, ...(since ? [since] : [])], blocks, limit, (block, shown) => [
      `${block.heading}（${block.total}）`,
      ...shown.map((line) => `· ${line}`),
    ]),
  };
}

/** A rep's numbered list, answerable by number (N2). */
export function personalDigest(digest: PersonalDigest, view: ViewContext): Message {
  const title = `${cut(digest.name, 12)}，早上好！今天 ${dayWords(digest.on, view.today)} 有 ${digest.todos.length} 件事`;
  return numberedTodos(title, digest.todos, digest.limit, digest.heldBack, view);
}

/** 今日待办, asked for. */
export function todosListed(todos: readonly TodoLine[], limit: number, view: ViewContext): Message {
  if (todos.length === 0)
    return {
      kind: 'text',
      text: '今天没有要处理的，真清爽！想看全部请回复“我的商机”。',
    };
  return numberedTodos(`今天有 ${todos.length} 件事`, todos, limit, 0, view);
}

function numberedTodos(
  title: string,
  todos: readonly TodoLine[],
  limit: number,
  heldBack: number,
  view: ViewContext,
): Message {
  const items = todos.map(
    (todo, index) =>
      `${index + 1}. ${cut(todo.title, 24)} ${moneyWords(todo.amountFen)} ${todoReason(todo, view)}`,
  );
  const how = '按序号回复即可，例如“1 推到周五 2 已报价30万”。';
  const held = heldBack > 0 ? `另有 ${heldBack} 条提醒已并入这里。` : null;
  const shown = capped(items, { limit, max: TEXT_BYTES - bytesOf(title) - 300 });
  const lines = [title, ...shown, ...(held ? [held] : []), ...(todos.length ? [how] : [])];
  return {
    kind: 'markdown',
    markdown: cutBytes(
      [
        `**${escapeMarkdown(title)}**`,
        ...shown.map(escapeMarkdown),
        ...(held ? [held] : []),
        ...(todos.length ? [`<font color="comment">${how}</font>`] : []),
      ].join('\n'),
      TEXT_BYTES,
    ),
    text: cutBytes(lines.join('\n'), TEXT_BYTES),
  };
}
