/** One line of a page: ways to say the same, and what is understood. */
export interface PhrasingRow {
  readonly said: readonly string[];
  readonly means: string;
}

/** The ways to say one kind of thing, taken from the corpus that the tests read. */
export interface PhrasingPage {
  readonly topic: string;
  readonly rows: readonly PhrasingRow[];
}

type Fields = Readonly<Record<string, unknown>>;
interface Entry<T> {
  readonly reads: T;
  readonly said: readonly string[];
}

/** The files of `corpus/`, parsed. */
export interface Corpus {
  readonly amounts: readonly Entry<Fields>[];
  readonly days: readonly Entry<string>[];
  readonly followUps: readonly Entry<string>[];
  readonly messages: readonly Entry<readonly Fields[]>[];
}

/** What makes a message an example of a topic. */
const TOPICS: readonly (readonly [string, (update: Fields, all: readonly Fields[]) => boolean])[] =
  [
    ['一次说几个', (_, all) => all.length > 1],
    ['建商机', ({ intent }) => intent === 'create'],
    ['阶段', (update) => update['intent'] === 'update' && hasAny(update, ['stage', 'stageMove'])],
    ['概率', (update) => update['intent'] === 'update' && hasAny(update, ['probability'])],
    ['联系人', (update) => update['intent'] === 'update' && hasAny(update, CONTACT)],
    ['竞争对手', (update) => update['intent'] === 'update' && hasAny(update, ['competitor'])],
    ['等级与标签', (update) => update['intent'] === 'update' && hasAny(update, LABELS)],
    ['下一步', (update) => update['intent'] === 'update' && hasAny(update, ['nextStep'])],
    ['记跟进', ({ intent }) => intent === 'log'],
    ['赢了', ({ intent }) => intent === 'win'],
    ['丢了', ({ intent }) => intent === 'lose'],
    ['转给同事', ({ intent }) => intent === 'assign'],
    ['要提醒', ({ intent }) => intent === 'remind'],
    ['问', ({ intent }) => intent === 'query'],
    ['审批', ({ intent }) => intent === 'approve' || intent === 'reject'],
    ['撤回与帮助', ({ intent }) => intent === 'undo' || intent === 'help'],
  ];
const CONTACT = ['phone', 'email', 'title', 'contact'];
const LABELS = ['priority', 'tier', 'tags'];
const hasAny = (update: Fields, fields: readonly string[]): boolean =>
  fields.some((field) => field in update);

/** Every topic with all that the corpus says of it, in the corpus's order. */
export function phrasingPages({ amounts, days, followUps, messages }: Corpus): PhrasingPage[] {
  const rows = new Map<string, PhrasingRow[]>(TOPICS.map(([topic]) => [topic, []]));
  for (const { reads, said } of messages) {
    const topic = TOPICS.find(([, holds]) => reads[0] && holds(reads[0], reads))?.[0];
    if (topic) rows.get(topic)?.push({ said, means: reads.map(meaningOf).join('；') });
  }
  return [
    { topic: '金额', rows: amounts.map(({ reads, said }) => ({ said, means: meaningOf(reads) })) },
    { topic: '签约日', rows: days.map(({ reads, said }) => ({ said, means: reads })) },
    {
      topic: '跟进时间',
      rows: followUps.map(({ reads, said }) => ({ said, means: timeOf(reads) })),
    },
    ...TOPICS.map(([topic]) => ({ topic, rows: rows.get(topic) ?? [] })),
  ].filter((page) => page.rows.length > 0);
}

/** A page short enough for a chat: the first rows, a few phrasings each. */
export function shortened(page: PhrasingPage, rows: number, phrasings: number): PhrasingPage {
  const short = page.rows.filter(({ said }) => said.some(isShort)).slice(0, rows);
  return {
    ...page,
    rows: short.map(({ said, means }) => ({
      said: said.filter(isShort).slice(0, phrasings),
      means,
    })),
  };
}

const LONGEST_IN_CHAT = 28;
const isShort = (words: string): boolean =>
  words.length <= LONGEST_IN_CHAT && !words.includes('\n');

const INTENT: Readonly<Record<string, string>> = {
  create: '新建',
  update: '更新',
  log: '记跟进',
  win: '赢单',
  lose: '输单',
  assign: '转给',
  remind: '提醒',
  query: '查询',
  approve: '同意',
  reject: '驳回',
  undo: '撤销',
  help: '帮助',
};
const FIELD: Readonly<Record<string, string>> = {
  customer: '客户',
  customerCandidates: '可能是',
  opportunity: '商机',
  stage: '阶段',
  stageMove: '阶段',
  amount: '金额',
  amountChange: '金额',
  currency: '币种',
  closeDate: '签约日',
  nextFollowUpAt: '下次跟进',
  remindAt: '时间',
  probability: '概率',
  assignee: '同事',
  assigneeCandidates: '可能是',
  contact: '联系人',
  title: '职务',
  phone: '电话',
  email: '邮箱',
  channel: '方式',
  lossReason: '原因',
  winReason: '原因',
  nextStep: '下一步',
  reason: '理由',
  competitor: '竞争对手',
  priority: '优先级',
  tier: '等级',
  tags: '标签',
  ref: '编号',
  queryKind: '问的是',
  period: '时段',
};
const WORD: Readonly<Record<string, string>> = {
  next: '下一阶段',
  prev: '上一阶段',
  call: '电话',
  visit: '拜访',
  wechat: '微信',
  email: '邮件',
  meeting: '会议',
  mine: '我的商机',
  owner: '某人的商机',
  followups: '要跟进的',
  stage: '某阶段的商机',
  customer: '某客户的进展',
  forecast: '预测',
  closing: '要签的',
  stale: '很久没动的',
  won: '赢了的',
  lost: '丢了的',
  funnel: '漏斗',
};

/** 首付三成, 20台设备: figures that are no field. */
const NOT_MEANT = '不当作字段';

function meaningOf({ intent, ...fields }: Fields): string {
  const said = Object.entries(fields).map(([field, value]) => {
    const shown = Array.isArray(value)
      ? value.map((one) => wordOf(field, one)).join('、')
      : wordOf(field, value);
    return `${FIELD[field] ?? field} ${shown}`;
  });
  const verb = typeof intent === 'string' ? [INTENT[intent] ?? intent] : [];
  return [...verb, ...said].join(' · ') || NOT_MEANT;
}

function wordOf(field: string, value: unknown): string {
  if (field === 'amount' && typeof value === 'number') return yuan(value);
  if (field === 'amountChange' && typeof value === 'number')
    return `${value < 0 ? '−' : '+'}${yuan(Math.abs(value))}`;
  if (field === 'probability' && typeof value === 'number') return `${Math.round(value * 100)}%`;
  if (field === 'queryKind' || field === 'channel' || field === 'stageMove')
    return WORD[String(value)] ?? String(value);
  if (field === 'period') return String(value).replace('/', ' 至 ');
  return timeOf(String(value));
}

const yuan = (value: number): string => `¥${value.toLocaleString('en-US')}`;
const timeOf = (value: string): string => value.replace(/(\d{4}-\d{2}-\d{2})T/, '$1 ');
