import { describe, expect, test } from '@jest/globals';
import { newOpportunity } from '../../domain/index.js';
import type {
  Approval,
  DomainEvent,
  FieldChange,
  Notice,
  Opportunity,
  OpportunityFacts,
  Pipeline,
  PreviewReason,
  Refusal,
  SettledApproval,
} from '../../domain/index.js';
import type { Card } from '../card.js';
import type { Message } from '../message.js';
import * as views from './index.js';
import type { ViewContext } from './index.js';

const AT = new Date('2026-11-24T10:32:00+08:00');
const PIPELINE: Pipeline = {
  stages: [
    ['qualify', '需求确认', 'open'],
    ['propose', '方案呈现', 'open'],
    ['negotiate', '商务谈判', 'open'],
    ['won', '赢单', 'won'],
    ['lost', '输单', 'lost'],
  ].map(([id = '', name = '', kind]) => ({
    id,
    name,
    alsoSaid: [],
    kind: kind as 'open',
    probability: 0.5,
    criteria: [],
    maxDays: null,
  })),
  lossReasons: [],
};
const view: ViewContext = { pipeline: PIPELINE, today: '2026-11-24', link: () => null };
const linked: ViewContext = { ...view, link: (id) => `https://crm.example.com/o/${id}` };

const LONG = '华为二期👨‍👩‍👧‍👦'.repeat(10).slice(0, 100);
const NAME = '欧阳某某某某某某某某某某某某';

const opportunity = (changes: Partial<Opportunity> = {}): Opportunity => ({
  ...newOpportunity(
    { id: 'opp_1', title: '华为二期', customerName: '华为', by: 'zhangsan', at: AT },
    PIPELINE,
  ),
  rev: 1,
  stage: 'propose',
  amountFen: 300_000_000,
  closeOn: '2026-12-31',
  nextFollowUp: { day: '2026-11-25' },
  tier: 'A',
  ...changes,
});

const followUp = {
  id: 'f',
  at: AT,
  by: 'zhangsan',
  channel: 'call' as const,
  contacts: [LONG],
  summary: LONG.repeat(10),
  next: null,
};

const everyChange: FieldChange[] = [
  { field: 'title', from: LONG, to: LONG },
  { field: 'customerName', from: LONG, to: LONG },
  { field: 'stage', from: 'propose', to: 'negotiate' },
  { field: 'amountFen', from: 999_999_999_00, to: 888_888_888_88 },
  { field: 'closeOn', from: '2026-12-31', to: '2027-11-25' },
  {
    field: 'nextFollowUp',
    from: { day: '2027-11-25', time: '10:00' },
    to: { day: '2026-11-25', time: '15:30' },
  },
  { field: 'probability', from: null, to: 0.7 },
  { field: 'ownerId', from: 'zhangsan', to: 'lisi' },
  { field: 'collaboratorIds', from: [], to: ['a', 'b'] },
  { field: 'contacts', from: [], to: [{ name: LONG, title: LONG, phone: '13800000000' }] },
  { field: 'competitors', from: [], to: [LONG, LONG] },
  { field: 'nextStep', from: null, to: LONG },
  { field: 'priority', from: null, to: '高' },
  { field: 'tier', from: 'A', to: 'B' },
  { field: 'tags', from: [], to: [LONG] },
  { field: 'outcome', from: null, to: { kind: 'lost', on: '2026-11-24', reason: LONG } },
];

const big = opportunity({
  title: LONG,
  customerName: LONG,
  amountFen: 999_999_999_99,
  closeOn: '2027-12-31',
  nextFollowUp: { day: '2027-12-31', time: '10:00' },
  contacts: [{ name: LONG }],
  nextStep: LONG,
  lastFollowUp: followUp,
  outcome: { kind: 'lost', on: '2027-01-01', reason: LONG },
});

const facts: OpportunityFacts = {
  id: big.id,
  title: LONG,
  customerName: LONG,
  stage: 'propose',
  amountFen: 999_999_999_99,
  closeOn: '2027-12-31',
  nextFollowUp: null,
  ownerId: 'zhangsan',
  ownerName: NAME,
  tier: 'A',
};

const approval: Approval = {
  id: 'apr_1',
  ref: 123456,
  causes: ['into-stage', 'win', 'backward', 'amount-raised'],
  changes: everyChange,
  requestedBy: 'zhangsan',
  requestedAt: AT,
  reason: LONG.repeat(5),
  approvers: [],
  raised: 2,
  askedAt: AT,
};
const settledApproval: SettledApproval = {
  id: 'apr_1',
  ref: 123456,
  verdict: 'rejected',
  by: 'lei',
  at: AT,
  reason: LONG.repeat(5),
  changes: everyChange,
  requestedBy: 'zhangsan',
};
const held = { approval, approverNames: Array.from({ length: 20 }, () => NAME) };
const criteria = Array.from({ length: 12 }, (_, index) => ({
  label: `条件${index}${LONG.slice(0, 40)}`,
  met: index % 2 === 0,
  required: true,
  evidence: LONG,
}));
const reasons: PreviewReason[] = [
  ...(
    ['amount-down', 'close-pushed', 'backward', 'win', 'lose', 'owner', 'uncertain'] as const
  ).map((code) => ({ code })),
  { code: 'ambiguous-date', alternatives: ['2026-11-28', '2026-11-29'] },
  { code: 'recent-other', byName: NAME, at: AT, changes: everyChange },
  {
    code: 'duplicate-customer',
    count: 9,
    ownerNames: Array.from({ length: 9 }, () => NAME),
    own: [{ id: 'x', title: LONG }],
  },
];
const previewItem = {
  title: LONG,
  creates: false,
  changes: everyChange,
  reasons,
  followUp: LONG,
  remarks: [LONG],
};
const todo = (index: number) => ({
  opportunityId: `opp_${index}`,
  title: LONG,
  ownerName: NAME,
  why: 'follow-up-overdue' as const,
  on: '2026-11-20',
  amountFen: 999_999_999_99,
});
const digestLine = {
  opportunityId: 'opp_1',
  title: LONG,
  customerName: LONG,
  ownerName: NAME,
  changes: everyChange,
  amountFen: 999_999_999_99,
  reason: LONG,
};

const notices: Notice[] = [
  {
    code: 'approval-requested',
    opportunity: facts,
    approvalId: 'apr_1',
    ref: 123456,
    causes: approval.causes,
    changes: everyChange,
    criteria,
    requestedByName: NAME,
    requestedAt: AT,
    reason: LONG.repeat(5),
    raised: 2,
    renewed: true,
  },
  ...(['approved', 'rejected', 'withdrawn', 'overtaken'] as const).map((verdict): Notice => ({
    code: 'approval-settled',
    opportunity: facts,
    ref: 123456,
    verdict,
    byName: NAME,
    at: AT,
    reason: LONG.repeat(5),
    changes: everyChange,
  })),
  {
    code: 'approval-raised',
    opportunity: facts,
    ref: 1,
    requestedAt: AT,
    toNames: held.approverNames,
  },
  { code: 'approval-card-replaced', opportunity: facts, ref: 1 },
  { code: 'no-approver', opportunity: facts, ref: 1, requestedByName: NAME },
  ...(['follow-up', 'contact-overdue', 'node'] as const).flatMap((chase): Notice[] => [
    {
      code: 'reminder',
      opportunity: facts,
      chase,
      dueOn: '2026-11-20',
      step: 3,
      daysSinceContact: 400,
      everyDays: 15,
      lastFollowUp: followUp,
    },
    {
      code: 'escalation',
      opportunity: facts,
      chase,
      dueOn: '2026-11-20',
      firstRemindedAt: AT,
      daysSinceContact: 400,
      lastFollowUp: null,
    },
  ]),
  { code: 'won', opportunity: facts, reason: LONG.repeat(20) },
  { code: 'assigned', opportunity: facts, byName: NAME },
  { code: 'taken-back', opportunity: facts, byName: NAME, changes: everyChange },
  { code: 'group-created', groupName: LONG, byName: NAME, memberNames: held.approverNames },
  {
    code: 'group-digest',
    digest: {
      groupName: LONG,
      on: '2026-11-24',
      since: AT,
      until: AT,
      sections: (
        ['created', 'advanced', 'backward', 'postponed', 'amount', 'won', 'lost'] as const
      ).map((section) => ({ section, lines: Array.from({ length: 40 }, () => digestLine) })),
      todos: Array.from({ length: 40 }, (_, index) => todo(index)),
      limit: 30,
    },
  },
  {
    code: 'personal-digest',
    digest: {
      name: NAME,
      on: '2026-11-24',
      todos: Array.from({ length: 60 }, (_, index) => todo(index)),
      limit: 60,
      heldBack: 3,
    },
  },
  { code: 'admin-alert', title: LONG, detail: LONG.repeat(30), action: LONG.repeat(10) },
];

const refusals: Refusal[] = [
  { code: 'not-found' },
  { code: 'not-visible' },
  { code: 'group-taken', name: LONG },
  ...(['change', 'approve', 'withdraw', 'create-group'] as const).map((what): Refusal => ({
    code: 'not-allowed',
    what,
    ownerName: NAME,
  })),
  { code: 'closed', opportunity: big },
  { code: 'archived', title: LONG },
  { code: 'criteria-unmet', opportunity: big, stage: 'negotiate', unmet: criteria },
  { code: 'loss-reason-needed', opportunity: big, reasons: ['价格', '竞品'] },
  { code: 'approval-open', opportunity: big, approval, approverNames: held.approverNames },
  { code: 'no-next-stage', opportunity: big, direction: 'next' },
  { code: 'amount-out-of-range', limitFen: 1_000_000_000_00 },
  { code: 'nothing-to-undo' },
  { code: 'undo-too-late', hours: 24 },
  { code: 'undo-changed-since', opportunity: big, byName: NAME, at: AT },
  { code: 'undo-gated', opportunity: big },
  { code: 'no-such-approval' },
  { code: 'approval-settled', settled: settledApproval, byName: NAME, opportunity: big },
  { code: 'own-approval', opportunity: big },
  { code: 'busy' },
];

const event = (type: 'changed' | 'followed-up'): DomainEvent => ({
  ...(type === 'changed' ? { type, changes: everyChange } : { type, followUp }),
  id: 'e',
  opportunityId: 'opp_1',
  title: LONG,
  customerName: LONG,
  ownerId: 'zhangsan',
  by: 'zhangsan',
  at: AT,
  causeId: 'c',
  said: LONG,
});

const written: views.WrittenFacts = {
  opportunity: big,
  changes: everyChange,
  followedUp: true,
  needsNext: true,
  held,
  undoable: true,
  won: false,
  remarks: [LONG, LONG],
};
const list: views.ListFacts = {
  items: Array.from({ length: 60 }, () => big),
  total: 999,
  amountFen: 999_999_999_99,
  ownerNames: { zhangsan: NAME },
};
const settledFacts = {
  ...settledApproval,
  opportunity: facts,
  byName: NAME,
  requestedByName: NAME,
  won: true,
  celebrated: true,
};
const help = Array.from({ length: 60 }, () => ({
  name: '更新',
  summary: LONG,
  usage: LONG,
  examples: [LONG],
  aliases: [LONG],
}));

function messagesWith(context: ViewContext): Message[] {
  return [
    ...notices.map((notice) => views.wordNotice(notice, context)),
    ...refusals.map((refusal) => views.refused(refusal, context)),
    views.opportunityCreated(
      { opportunity: big, ownerName: NAME, held, remarks: [LONG] },
      'undo:x',
      context,
    ),
    views.changesWritten(written, 'undo:x', context),
    views.changesWritten({ ...written, undoable: false, won: true }, 'undo:x', context),
    views.changesUndone(
      [{ opportunity: big, changes: everyChange, followUpRemoved: true, archived: false }],
      context,
    ),
    views.opportunityShown(
      {
        opportunity: { ...big, approval },
        ownerName: NAME,
        collaboratorNames: held.approverNames,
        approverNames: held.approverNames,
        recent: Array.from({ length: 20 }, () => event('changed')).concat(event('followed-up')),
        names: {},
      },
      context,
    ),
    views.fieldHistoryShown(
      {
        opportunity: big,
        entries: everyChange.map((change) => ({
          event: event('changed'),
          change,
          byName: NAME,
          approvedByName: NAME,
          said: LONG,
        })),
      },
      'amountFen',
      context,
    ),
    views.previewShown('p1', [previewItem], [], context),
    views.previewShown(
      'p1',
      Array.from({ length: 9 }, () => previewItem),
      [LONG],
      context,
    ),
    views.previewShown(
      'p1',
      [
        {
          ...previewItem,
          changes: everyChange.slice(3, 5),
          reasons: reasons.slice(7, 8),
          remarks: [],
        },
      ],
      [],
      context,
    ),
    views.pickList(
      'q1',
      LONG,
      Array.from({ length: 20 }, () => ({ label: LONG, detail: NAME })),
    ),
    views.pickList('q1', '哪一个？', [{ label: '价格' }, { label: '竞品' }]),
    ...(['customer', 'contact-summary', 'field'] as const).map((about) =>
      views.questionAsked(views.question({ about, title: LONG }), [LONG]),
    ),
    views.questionAsked(views.question({ about: 'reject-reason', title: LONG, ref: 123456 })),
    views.decided(settledFacts, context),
    views.approvalsListed(
      Array.from({ length: 30 }, () => ({ ...approval, title: LONG, requestedByName: NAME })),
      Array.from({ length: 30 }, () => ({ ...approval, title: LONG, approverNames: [NAME, NAME] })),
      context,
    ),
    ...(['mine', 'team', 'stale'] as const).map((about) =>
      views.opportunitiesListed(list, { about }, context),
    ),
    views.opportunitiesListed(list, { about: 'customer', customerName: LONG }, context),
    views.funnelShown(list, context),
    views.forecastShown(
      {
        from: '2026-11-01',
        to: '2026-11-30',
        stages: PIPELINE.stages.map(({ id }) => ({
          stage: id,
          count: 99,
          amountFen: 999_999_999_99,
          weightedFen: 999_999_999_99,
        })),
        weightedFen: 999_999_999_99,
        openFen: 999_999_999_99,
        wonFen: 999_999_999_99,
        wonCount: 99,
      },
      context,
    ),
    views.todosListed(
      Array.from({ length: 60 }, (_, index) => todo(index)),
      60,
      context,
    ),
    views.helpOverview(help),
    ...help.slice(0, 1).map(views.helpTopic),
    views.helpUnknownTopic(LONG, ['更新']),
    views.welcome(LONG),
    views.nothingFound(LONG, [LONG, LONG, LONG]),
    views.colleagueUnknown(LONG),
    views.groupCreated({ name: LONG, memberNames: held.approverNames, existed: false }),
    views.apology('E-1234'),
  ];
}

const cards: Card[] = [
  views.settledApprovalCard(settledFacts, view),
  views.replacedApprovalCard({ opportunity: facts, ref: 123456 }),
  views.approvalCard(
    { ...approval, opportunity: facts, approvalId: 'apr_1', criteria, requestedByName: NAME },
    view,
  ),
  views.fitCard(views.snoozeChoices(big, [{ day: '2026-11-25', label: '明天' }], view)),
  views.fitCard(views.previewSettledCard(LONG, LONG)),
  views.fitCard(views.pickSettledCard(LONG, LONG)),
  views.fitCard(views.undoneCard(LONG, LONG)),
  views.reminderSettledCard(LONG, LONG, LONG.repeat(9)),
];

function expectWithinLimits(card: Card): void {
  const limits = views.CARD_LIMITS;
  const within = (text: string | undefined, max: number) => {
    expect((text ?? '').length).toBeLessThanOrEqual(max);
    // Half an emoji is a lone surrogate.
    expect(text ?? '').not.toMatch(/\p{Surrogate}/u);
  };
  expect(card.title).not.toBe('');
  within(card.source, limits.source);
  within(card.title, limits.title);
  within(card.subtitle, limits.subtitle);
  within(card.body, limits.body);
  within(card.quote?.text, limits.quoteText);
  within(card.settled, limits.settled);
  expect(card.rows.length).toBeLessThanOrEqual(limits.rows);
  for (const row of card.rows) {
    expect(row.label).not.toBe('');
    expect(row.value).not.toBe('');
    within(row.label, limits.label);
    within(row.value, limits.value);
  }
  expect(card.buttons.length).toBeLessThanOrEqual(limits.buttons);
  expect(new Set(card.buttons.map(({ key }) => key)).size).toBe(card.buttons.length);
  for (const button of card.buttons) within(button.text, limits.button);
  expect(card.select?.options.length ?? 1).toBeGreaterThan(0);
  expect(card.select?.options.length ?? 0).toBeLessThanOrEqual(limits.options);
  for (const option of card.select?.options ?? []) within(option.text, limits.option);
}

describe('every view stays within what WeCom shows', () => {
  test.each([
    ['without links', view],
    ['with links', linked],
  ])('messages %s', (_, context) => {
    for (const message of messagesWith(context)) {
      expect(message.text).not.toBe('');
      expect(views.bytesOf(message.text)).toBeLessThanOrEqual(views.TEXT_BYTES);
      if (message.kind === 'markdown')
        expect(views.bytesOf(message.markdown)).toBeLessThanOrEqual(views.TEXT_BYTES);
      if (message.kind === 'card') {
        expectWithinLimits(message.card);
        // A card nobody can tap must lead somewhere: WeCom refuses it otherwise.
        expect(message.card.buttons.length > 0 || message.card.link !== undefined).toBe(true);
      }
    }
  });

  test('cards that rewrite earlier ones', () => {
    for (const card of cards) {
      expectWithinLimits(card);
      expect(card.buttons.length > 0 || card.settled !== undefined).toBe(true);
    }
  });

  test('groups never get a card', () => {
    for (const notice of notices) {
      if (['won', 'group-digest', 'group-created'].includes(notice.code))
        expect(views.wordNotice(notice, linked).kind).not.toBe('card');
    }
  });
});

describe('the words', () => {
  test('days are absolute, with the weekday, and the year only when it is another one', () => {
    expect(views.dayWords('2026-11-25', '2026-11-24')).toBe('11月25日 周三');
    expect(views.dayWords('2027-01-05', '2026-11-24')).toBe('2027年1月5日 周二');
  });

  test('a change is old → new', () => {
    const message = views.changesWritten(
      {
        opportunity: opportunity(),
        changes: [
          { field: 'amountFen', from: 300_000_000, to: 320_000_000 },
          { field: 'closeOn', from: null, to: '2026-11-27' },
        ],
        followedUp: false,
        needsNext: false,
        held: null,
        undoable: true,
        won: false,
        remarks: [],
      },
      'undo:x',
      view,
    );
    expect(message.text).toBe(
      '【华为二期】已更新\n金额 ¥3,000,000 → ¥3,200,000\n预计签约 未定 → 11月27日 周五\n不对？回复“撤销”。',
    );
  });

  test('the part that waits for a yes is said beside what was written', () => {
    const message = views.changesWritten(
      {
        opportunity: opportunity(),
        changes: [{ field: 'amountFen', from: 300_000_000, to: 600_000_000 }],
        followedUp: false,
        needsNext: false,
        held: {
          approval: {
            ...approval,
            ref: 12,
            changes: [{ field: 'stage', from: 'propose', to: 'negotiate' }],
          },
          approverNames: ['雷经理'],
        },
        undoable: true,
        won: false,
        remarks: [],
      },
      'undo:x',
      view,
    );
    expect(message.text).toContain('待审批 #12：阶段→商务谈判，已请 雷经理 审批，同意后生效。');
  });

  test('a lost deal says so once, with its reason', () => {
    const message = views.changesWritten(
      {
        opportunity: opportunity({ stage: 'lost' }),
        changes: [
          { field: 'stage', from: 'propose', to: 'lost' },
          { field: 'outcome', from: null, to: { kind: 'lost', on: '2026-11-24', reason: '价格' } },
        ],
        followedUp: false,
        needsNext: false,
        held: null,
        undoable: true,
        won: false,
        remarks: [],
      },
      'undo:x',
      view,
    );
    expect(message.text).toContain('已记为输单');
    expect(message.text).toContain('结果 进行中 → 输单（价格）');
  });

  test('a 撞单 warning names whom to ask and nothing else', () => {
    const words = views.reasonWords(
      { code: 'duplicate-customer', count: 1, ownerNames: ['张三'], own: [] },
      view,
    );
    expect(words).toBe('同客户已有 1 个进行中商机，请联系 张三。仍要新建？');
  });

  test('another reading of a date is one tap away', () => {
    const message = views.previewShown(
      'p1',
      [
        {
          title: '华为二期',
          creates: false,
          changes: [{ field: 'closeOn', from: null, to: '2026-11-28' }],
          reasons: [{ code: 'ambiguous-date', alternatives: ['2026-11-28', '2026-11-29'] }],
          followUp: null,
          remarks: [],
        },
      ],
      [],
      view,
    );
    expect(message.kind === 'card' && message.card.buttons.map(({ text }) => text)).toEqual([
      '是',
      '11月29日 周日',
      '修改',
      '取消',
    ]);
  });

  test('an approval card lists what is missing first', () => {
    const card = views.approvalCard(
      {
        ...approval,
        approvalId: 'apr_1',
        opportunity: { ...facts, title: '华为二期' },
        criteria: [
          { label: '有报价金额', met: true, required: true, evidence: '¥3,000,000' },
          { label: '近期联系过', met: false, required: false, evidence: '今天电话' },
          { label: '有预计签约日', met: true, required: true, evidence: '2026-12-25' },
        ],
        requestedByName: '张三',
      },
      view,
    );
    expect(card.body).toBe('✗ 近期联系过\n✓ 有报价金额 ¥3,000,000\n✓ 有预计签约日 12月25日 周五');
  });

  test('a quiet day takes two lines', () => {
    const message = views.groupDigest(
      {
        groupName: '华东销售群',
        on: '2026-11-24',
        since: new Date('2026-11-23T08:35:00+08:00'),
        until: AT,
        sections: [],
        todos: [],
        limit: 8,
      },
      view,
    );
    expect(message.text.split('\n')).toEqual([
      '华东销售群 商机日报 11月24日 周二',
      '自 11月23日 周一 08:35 以来没有变化，今天没有要处理的。',
    ]);
  });

  test('long lists are cut to whole lines and say how many are left', () => {
    expect(views.capped(['一', '二', '三'], { limit: 2, max: 500 })).toEqual([
      '一',
      '二',
      '还有 1 项',
    ]);
    const message = views.opportunitiesListed(list, { about: 'mine' }, view);
    expect(message.text).toMatch(/还有 \d+ 项/);
  });

  test('a reminder says why it came', () => {
    const message = views.wordNotice(
      {
        code: 'reminder',
        opportunity: { ...facts, title: '华为二期', ownerName: '张三' },
        chase: 'contact-overdue',
        dueOn: '2026-11-20',
        step: 1,
        daysSinceContact: 16,
        everyDays: 15,
        lastFollowUp: null,
      },
      view,
    );
    expect(message.text).toContain('为什么提醒：A级客户每 15 天联系一次，已 16 天没联系');
    expect(message.kind === 'card' && message.card.buttons.map(({ text }) => text)).toEqual([
      '已跟进',
      '推迟',
      '今天不提醒',
    ]);
  });

  test('what people typed never becomes formatting', () => {
    const message = views.wordNotice(
      { code: 'won', opportunity: { ...facts, title: '[点我](http://x) **粗**' }, reason: null },
      view,
    );
    expect(message.kind === 'markdown' && message.markdown).not.toContain('](http');
  });
});
