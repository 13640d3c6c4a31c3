import type { Opportunity, StageId } from '../../domain/index.js';
import type { Day, Fen } from '../../kernel/index.js';
import type { Message } from '../message.js';
import { TEXT_BYTES, bytesOf, capped, cut, textMessage } from './budget.js';
import { dayWords, moneyWords, stageName, whenWords } from './words.js';
import type { ViewContext } from './words.js';

/** Records an answer shows (X09): the rest is counted. */
const MAX_LISTED = 30;

export interface ListFacts {
  items: Opportunity[];
  total: number;
  amountFen: Fen;
  ownerNames: Record<string, string>;
}

/** What was asked, in the words of its headline. */
export type ListTitle =
  | { about: 'mine' | 'team' | 'stale' }
  | { about: 'owner'; name: string }
  | { about: 'stage'; stage: StageId }
  | { about: 'customer'; customerName: string }
  | { about: 'followups' | 'closing' | 'won' | 'lost'; from: Day; to: Day };

function headline(title: ListTitle, view: ViewContext): string {
  switch (title.about) {
    case 'mine':
      return '你的商机';
    case 'team':
      return '团队的商机';
    case 'stale':
      return '久未联系的商机';
    case 'owner':
      return `${title.name} 的商机`;
    case 'stage':
      return `${stageName(title.stage, view.pipeline)}阶段的商机`;
    case 'customer':
      return `${title.customerName} 的商机`;
    case 'followups':
      return `${periodWords(title, view)} 要跟进的`;
    case 'closing':
      return `预计 ${periodWords(title, view)} 签约的`;
    case 'won':
      return `${periodWords(title, view)} 赢单`;
    case 'lost':
      return `${periodWords(title, view)} 输单`;
  }
}

/** `11月16日 周一 – 11月22日 周日` */
function periodWords(period: { from: Day; to: Day }, view: ViewContext): string {
  if (period.from === period.to) return dayWords(period.from, view.today);
  return `${dayWords(period.from, view.today)} – ${dayWords(period.to, view.today)}`;
}

export function opportunitiesListed(list: ListFacts, title: ListTitle, view: ViewContext): Message {
  const head = headline(title, view);
  if (list.total === 0) return textMessage(`${head}：没有。`, emptyHint(title));
  const summary = `${head}：${list.total} 个，合计 ${moneyWords(list.amountFen)}`;
  const items = list.items.map(
    (one, index) => `${index + 1}. ${itemWords(one, list, title, view)}`,
  );
  const shown = capped(items, {
    limit: MAX_LISTED,
    max: TEXT_BYTES - bytesOf(summary) - 100,
    total: list.total,
  });
  return textMessage(
    summary,
    ...shown,
    '看详情请说名字，例如“华为进展”。'.replace('华为', cut(list.items[0]?.title ?? '华为', 16)),
  );
}

function emptyHint(title: ListTitle): string {
  return title.about === 'mine'
    ? '建一个试试：“新建 华为二期 客户华为 300万 下月底签”。'
    : '只统计你能看到的商机。';
}

function itemWords(one: Opportunity, list: ListFacts, title: ListTitle, view: ViewContext): string {
  const owner =
    title.about === 'mine' || title.about === 'owner' ? null : list.ownerNames[one.ownerId];
  const when =
    title.about === 'followups' || title.about === 'stale'
      ? `下次 ${whenWords(one.nextFollowUp, view.today)}`
      : one.outcome
        ? [dayWords(one.outcome.on, view.today), one.outcome.reason].filter(Boolean).join(' ')
        : one.closeOn
          ? `${dayWords(one.closeOn, view.today)} 签`
          : null;
  return [
    cut(one.title, 24),
    stageName(one.stage, view.pipeline),
    moneyWords(one.amountFen),
    when,
    owner,
  ]
    .filter(Boolean)
    .join('｜');
}

export interface ForecastFacts {
  from: Day;
  to: Day;
  stages: { stage: StageId; count: number; amountFen: Fen; weightedFen: Fen }[];
  weightedFen: Fen;
  openFen: Fen;
  wonFen: Fen;
  wonCount: number;
}

/** 本月预测: won + weighted, by stage, for what the asker may see. */
export function forecastShown(forecast: ForecastFacts, view: ViewContext): Message {
  const stages = forecast.stages.filter(({ count }) => count > 0);
  return textMessage(
    `预测 ${periodWords(forecast, view)}`,
    `已赢单：${forecast.wonCount} 个，${moneyWords(forecast.wonFen)}`,
    `预计还能签：${moneyWords(forecast.weightedFen)}（按赢率加权；全额 ${moneyWords(forecast.openFen)}）`,
    `合计：${moneyWords(forecast.wonFen + forecast.weightedFen)}`,
    ...stages.map(
      ({ stage, count, amountFen, weightedFen }) =>
        `· ${stageName(stage, view.pipeline)} ${count} 个 ${moneyWords(amountFen)}，加权 ${moneyWords(weightedFen)}`,
    ),
    stages.length === 0 &&
      forecast.wonCount === 0 &&
      '这段时间没有预计签约的商机。给商机填上签约日就会算进来。',
  );
}

/** 漏斗: open opportunities by stage, with a bar as long as its share. */
export function funnelShown(list: ListFacts, view: ViewContext): Message {
  const stages = view.pipeline.stages
    .filter(({ kind }) => kind === 'open')
    .map(({ id, name }) => {
      const inStage = list.items.filter(({ stage }) => stage === id);
      const amountFen = inStage.reduce((sum, one) => sum + (one.amountFen ?? 0), 0);
      return { name, count: inStage.length, amountFen };
    });
  const most = Math.max(1, ...stages.map(({ count }) => count));
  return textMessage(
    `销售漏斗：进行中 ${list.total} 个，合计 ${moneyWords(list.amountFen)}`,
    ...stages.map(({ name, count, amountFen }) =>
      [name, '▇'.repeat(Math.ceil((count / most) * 8)), `${count} 个`, moneyWords(amountFen)]
        .filter(Boolean)
        .join(' '),
    ),
    list.total > list.items.length && `（只按前 ${list.items.length} 个统计）`,
  );
}
