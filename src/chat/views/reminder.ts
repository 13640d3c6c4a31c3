import type { ChaseKind, FollowUp, Notice } from '../../domain/index.js';
import type { Card } from '../card.js';
import type { Message } from '../message.js';
import { cardMessage, cut, noticeMessage } from './budget.js';
import { opportunityRows } from './opportunity.js';
import { channelName, dayWords, instantWords } from './words.js';
import type { ViewContext } from './words.js';

type Reminder = Extract<Notice, { code: 'reminder' }>;
type Escalation = Extract<Notice, { code: 'escalation' }>;

const SOURCE = '跟进提醒';

/** Why it came, in one sentence (N24). */
function whyReminded(
  facts: Pick<Reminder, 'chase' | 'dueOn' | 'daysSinceContact' | 'everyDays' | 'step'> & {
    tier: string;
  },
  view: ViewContext,
): string {
  const again = facts.step > 1 ? `（第 ${facts.step} 次提醒）` : '';
  const due = dayWords(facts.dueOn, view.today);
  switch (facts.chase) {
    case 'follow-up':
      return `你约了 ${due} 跟进${again}`;
    case 'node':
      return `新商机建好 ${facts.everyDays ?? 0} 天，看看进展${again}`;
    case 'contact-overdue':
      return `${facts.tier}级客户每 ${facts.everyDays ?? 0} 天联系一次，已 ${facts.daysSinceContact} 天没联系${again}`;
  }
}

const lastWords = (last: FollowUp | null, view: ViewContext): Card['quote'] => ({
  title: last
    ? `上次 ${instantWords(last.at, view.today)} ${channelName(last.channel)} ${cut(last.contacts.join('、'), 10)}`.trim()
    : '还没有跟进记录',
  text: last ? last.summary : '先打个招呼，了解预算、决策人和时间。',
});

/** The rep's task: last contact, why it came, and three answers. */
export function reminder(notice: Reminder, view: ViewContext): Message {
  const { opportunity } = notice;
  const why = whyReminded({ ...notice, tier: opportunity.tier }, view);
  const quote = lastWords(notice.lastFollowUp, view);
  const rows = opportunityRows(opportunity, opportunity.ownerName, view).slice(0, 4);
  return cardMessage(
    {
      source: SOURCE,
      title: `该跟进了：${cut(opportunity.title, 30)}`,
      subtitle: why,
      rows,
      ...(quote && { quote }),
      buttons: reminderButtons(opportunity.id),
    },
    `【跟进提醒】${opportunity.title}`,
    `为什么提醒：${why}`,
    ...rows.map((row) => `${row.label}：${row.value}`),
    quote && `${quote.title}：${cut(quote.text, 120)}`,
    '直接回复跟进情况就会记录，例如“电话聊过，下周三再约”；或回复“推迟 三天后”“今天不提醒”。',
  );
}

const reminderButtons = (opportunityId: string): Card['buttons'] => [
  { key: `followed:${opportunityId}`, text: '已跟进', style: 'primary' },
  { key: `snooze:${opportunityId}`, text: '推迟', style: 'plain' },
  { key: `rest:${opportunityId}`, text: '今天不提醒', style: 'plain' },
];

/** 推迟 was tapped: until when? */
export function snoozeChoices(
  opportunity: { id: string; title: string },
  choices: readonly { day: string; label: string }[],
  view: ViewContext,
): Card {
  return {
    source: SOURCE,
    title: `推迟到什么时候：${cut(opportunity.title, 26)}`,
    body: [
      ...choices.map(({ day, label }) => `${label}：${dayWords(day, view.today)}`),
      '别的时间直接说，例如“下周三 10点”。',
    ].join('\n'),
    rows: [],
    buttons: choices.map(({ day, label }) => ({
      key: `snooze-until:${opportunity.id}:${day}`,
      text: label,
      style: 'plain' as const,
    })),
  };
}

export function reminderSettledCard(title: string, settled: string, body?: string): Card {
  return {
    source: SOURCE,
    title: cut(title, 36),
    ...(body !== undefined && { body: cut(body, 160) }),
    rows: [],
    buttons: [],
    settled: cut(settled, 20),
  };
}

const CHASES: Record<ChaseKind, string> = {
  'follow-up': '约定的跟进',
  'contact-overdue': '例行联系',
  node: '新商机跟进',
};

/** To the leader: what was sent, when, and what is known (N10). */
export function escalation(notice: Escalation, view: ViewContext): Message {
  const { opportunity } = notice;
  const quote = lastWords(notice.lastFollowUp, view);
  const what = `${CHASES[notice.chase]}（${dayWords(notice.dueOn, view.today)}）还没完成`;
  const sent = `已于 ${instantWords(notice.firstRemindedAt, view.today)} 提醒 ${opportunity.ownerName}，未处理`;
  return noticeMessage(
    {
      source: '跟进逾期',
      title: `${cut(opportunity.ownerName, 10)}：${opportunity.title}`,
      subtitle: what,
      body: `${sent}；已 ${notice.daysSinceContact} 天没有联系记录。`,
      rows: opportunityRows(opportunity, opportunity.ownerName, view),
      ...(quote && { quote }),
      buttons: [],
    },
    view.link(opportunity.id),
    `【跟进逾期】${opportunity.title}（${opportunity.ownerName}）`,
    what,
    `${sent}；已 ${notice.daysSinceContact} 天没有联系记录。`,
    quote && `${quote.title}：${cut(quote.text, 120)}`,
  );
}
