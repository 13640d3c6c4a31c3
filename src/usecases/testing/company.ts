import { createCalendar, newOpportunity } from '../../domain/index.js';
import type { Criterion, Member, Opportunity, Pipeline, Stage } from '../../domain/index.js';
import type { Policies, SalesGroup } from '../ports.js';

/** Wednesday 11 March 2026, 10:00 in Shanghai. */
export const WEDNESDAY = new Date('2026-03-11T10:00:00+08:00');

const member = (
  userid: string,
  name: string,
  departmentId: number,
  managerIds: string[],
  isAdmin = false,
): Member => ({
  userid,
  name,
  departmentIds: [departmentId],
  departmentName: { 1: '销售部', 2: '华东组', 3: '华南组' }[departmentId] ?? '',
  managerIds,
  isAdmin,
  isActive: true,
});

/** Two teams under one director; the director has nobody above. */
export const MEMBERS: readonly Member[] = [
  member('zong', '宗总', 1, []),
  member('lei', '雷经理', 2, ['zong']),
  member('nan', '南经理', 3, ['zong']),
  member('zhangsan', '张三', 2, ['lei', 'zong']),
  member('lisi', '李四', 2, ['lei', 'zong']),
  member('wangwu', '王五', 3, ['nan', 'zong']),
  member('zhaoliu', '赵六', 3, ['nan', 'zong']),
  member('admin', '管理员', 1, [], true),
];

const criterion = (check: Criterion['check'], label: string, required = false): Criterion => ({
  check,
  label,
  required,
  hint: `${label}：补上即可`,
});

const stage = (
  id: string,
  name: string,
  probability: number,
  criteria: Criterion[] = [],
  kind: Stage['kind'] = 'open',
): Stage => ({ id, name, alsoSaid: [], kind, probability, criteria, maxDays: 14 });

export const PIPELINE: Pipeline = {
  stages: [
    stage('contact', '初步接洽', 0.1),
    stage('qualify', '需求确认', 0.25),
    stage('propose', '方案呈现', 0.5, [criterion('contact', '有客户联系人')]),
    stage('negotiate', '商务谈判', 0.7, [
      criterion('amount', '有报价金额', true),
      criterion('close-date', '有预计签约日', true),
      criterion('contact', '有客户联系人'),
    ]),
    stage('won', '赢单', 1, [criterion('amount', '有成交金额')], 'won'),
    stage('lost', '输单', 0, [criterion('loss-reason', '有输单原因', true)], 'lost'),
  ],
  lossReasons: [
    { name: '价格', alsoSaid: ['太贵', '嫌贵'] },
    { name: '竞品', alsoSaid: ['对手'] },
  ],
};

export const EAST_GROUP: SalesGroup = {
  id: 'east',
  name: '华东销售群',
  channel: { via: 'webhook', keyEnv: 'SALES_EAST_KEY' },
  departmentIds: [2],
  memberIds: [],
};

/** The shipped defaults (decisions 9, 10, 38, 40). */
export function policies(changes: Partial<Policies> = {}): Policies {
  return {
    pipeline: PIPELINE,
    approval: {
      rules: [
        { cause: 'into-stage', stage: 'negotiate', fromFen: 500_000_000 },
        { cause: 'amount-raised', stage: 'negotiate', fromFen: 500_000_000 },
        { cause: 'win', fromFen: 0 },
        { cause: 'backward', fromFen: 0 },
      ],
      raiseAfterWorkdays: 1,
      renewCardAfterHours: 70,
    },
    cadence: {
      contactEveryDays: { A: 15, B: 30, C: 60 },
      exceptions: [],
      newOpportunityNodes: [1, 3, 7],
      ladder: [
        { afterWorkdays: 2, tell: 'owner' },
        { afterWorkdays: 3, tell: 'leader' },
      ],
      remindFrom: '09:10',
      jitterMinutes: 20,
    },
    confirm: {
      preview: {
        'amount-down': true,
        'close-pushed': true,
        backward: true,
        win: true,
        lose: true,
        owner: true,
        uncertain: true,
        'ambiguous-date': true,
        'recent-other': true,
      },
      recentMinutes: 10,
      undoHours: 24,
    },
    digest: { groups: [EAST_GROUP], at: '08:30', until: '12:00', limit: 8, personal: true },
    calendar: createCalendar([]),
    version: 'test',
    ...changes,
  };
}

/** 华为二期 of 张三: ¥3,000,000 at 需求确认, created a month before `WEDNESDAY`. */
export function anOpportunity(changes: Partial<Opportunity> = {}): Opportunity {
  const said = {
    id: 'opp_huawei2',
    title: '华为二期',
    customerName: '华为',
    by: 'zhangsan',
    at: new Date('2026-02-09T10:00:00+08:00'),
  };
  return {
    ...newOpportunity(said, PIPELINE),
    rev: 1,
    stage: 'qualify',
    amountFen: 300_000_000,
    closeOn: '2026-04-30',
    tier: 'C',
    nodesDone: [1, 3, 7],
    ...changes,
  };
}
