import type { Mention, ReadUpdate, ReadWhen, Slot, StageWords } from './reading.js';

/** Stage words of the command line's contract. */
export const CONTRACT_STAGES: readonly StageWords[] = [
  {
    id: 'contact',
    name: '初步接洽',
    alsoSaid: ['初步接触', '初步沟通', '初步', '接洽', '初访', '线索'],
  },
  {
    id: 'qualify',
    name: '需求确认',
    alsoSaid: ['需求调研', '需求沟通', '需求分析', '需求', '调研'],
  },
  {
    id: 'propose',
    name: '方案呈现',
    alsoSaid: ['方案汇报', '方案讲解', '方案演示', '方案', 'demo', 'poc', '试用', '测试'],
  },
  {
    id: 'negotiate',
    name: '商务谈判',
    alsoSaid: [
      '谈判',
      '商务',
      '议价',
      '谈价',
      '走合同',
      '合同流程',
      '招标',
      '投标',
      '招投标',
      'negotiation',
    ],
  },
  { id: 'won', name: '赢单', alsoSaid: [] },
  { id: 'lost', name: '输单', alsoSaid: [] },
];

const PRIORITY = { high: '高', medium: '中', low: '低' } as const;

/** One update in the contract's spelling: yuan, Chinese stage names, `closeDate`, `nextFollowUpAt` … */
export function toContract(update: ReadUpdate): Record<string, unknown> {
  return compact({
    intent: update.intent,
    ...mention('customer', update.customer),
    ...mention('assignee', update.assignee),
    opportunity: update.opportunity?.words,
    stage: CONTRACT_STAGES.find(({ id }) => id === update.stage?.value)?.name,
    stageMove: update.stageMove?.value,
    amount: update.amount && update.amount.value.fen / 100,
    amountChange: update.amountChange && update.amountChange.value / 100,
    currency: update.currency?.value,
    closeDate: update.closeOn?.value.day,
    nextFollowUpAt: when(update.nextFollowUp),
    remindAt: when(update.remindAt),
    probability: update.probability?.value,
    contact: update.contacts.map(({ value }) => value),
    title: update.title?.value,
    phone: update.phone?.value,
    email: update.email?.value,
    channel: update.channel?.value,
    lossReason: update.lossReason?.value,
    winReason: update.winReason?.value,
    nextStep: update.nextStep?.value,
    reason: update.reason?.value,
    competitor: update.competitors.map(({ value }) => value),
    priority: update.priority && PRIORITY[update.priority.value],
    tier: update.tier?.value,
    tags: update.tags.map(({ value }) => value),
    ref: update.ref?.value,
    queryKind: update.queryKind?.value ?? (update.intent === 'query' ? 'customer' : undefined),
    period: update.period && `${update.period.value.from}/${update.period.value.to}`,
  });
}

function mention(
  key: 'customer' | 'assignee',
  slot: Slot<Mention> | undefined,
): Record<string, unknown> {
  if (!slot) return {};
  const { value } = slot;
  if (value.kind === 'one') return { [key]: value.name };
  if (value.kind === 'several')
    return { [`${key}Candidates`]: value.candidates.map(({ name }) => name) };
  return { [key]: value.words };
}

function when(slot: Slot<ReadWhen> | undefined): string | undefined {
  return slot && (slot.value.time ? `${slot.value.day}T${slot.value.time}` : slot.value.day);
}

function compact(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).filter(
      ([, v]) => v !== undefined && !(Array.isArray(v) && v.length === 0),
    ),
  );
}
