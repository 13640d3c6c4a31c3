import type {
  Channel,
  Contact,
  DayAndTime,
  FieldChange,
  FieldName,
  Opportunity,
  Pipeline,
  StageId,
} from '../../domain/index.js';
import { assertNever, clockTimeOf, dayOf, formatYuan, weekdayOf } from '../../kernel/index.js';
import type { Day, Fen } from '../../kernel/index.js';
import { cut } from './budget.js';

/** What every view may ask of its surroundings. */
export interface ViewContext {
  pipeline: Pipeline;
  today: Day;
  /** The signed read-only page of an opportunity; null while PUBLIC_URL is unset. */
  link(opportunityId: string): string | null;
  /** A colleague's name; without it the userid is shown. */
  nameOf?(userid: string): string;
}

const UNSET = '未定';

const WEEKDAYS = ['', '周一', '周二', '周三', '周四', '周五', '周六', '周日'];

/** `11月25日 周三`; the year only when it is not this one. */
export function dayWords(day: Day, today: Day): string {
  const [year = '', month = '', date = ''] = day.split('-');
  const prefix = year === today.slice(0, 4) ? '' : `${year}年`;
  return `${prefix}${Number(month)}月${Number(date)}日 ${WEEKDAYS[weekdayOf(day)] ?? ''}`;
}

export function whenWords(when: DayAndTime | null, today: Day): string {
  if (!when) return UNSET;
  return when.time ? `${dayWords(when.day, today)} ${when.time}` : dayWords(when.day, today);
}

/** `今天 10:32`, or the day and the time. */
export function instantWords(at: Date, today: Day): string {
  const day = dayOf(at);
  return `${day === today ? '今天' : dayWords(day, today)} ${clockTimeOf(at)}`;
}

export function moneyWords(fen: Fen | null): string {
  return fen === null ? UNSET : formatYuan(fen);
}

export function stageName(stage: StageId, pipeline: Pipeline): string {
  return pipeline.stages.find((one) => one.id === stage)?.name ?? stage;
}

const CHANNELS: Record<Channel, string> = {
  call: '电话',
  visit: '拜访',
  wechat: '微信',
  email: '邮件',
  meeting: '会议',
};

export function channelName(channel: Channel | null): string {
  return channel ? CHANNELS[channel] : '联系';
}

/** ≤ 5 字 each: they label the rows of cards. */
export const FIELD_NAMES: Record<FieldName, string> = {
  title: '名称',
  customerName: '客户',
  stage: '阶段',
  amountFen: '金额',
  closeOn: '预计签约',
  nextFollowUp: '下次跟进',
  probability: '赢率',
  ownerId: '负责人',
  collaboratorIds: '协作人',
  contacts: '联系人',
  competitors: '竞争对手',
  nextStep: '下一步',
  priority: '优先级',
  tier: '客户级别',
  tags: '标签',
  outcome: '结果',
};

const listed = (words: readonly string[]): string => (words.length ? words.join('、') : '无');

/** Old and new of one field, in words. */
export function changeSides(change: FieldChange, view: ViewContext): { from: string; to: string } {
  const both = <T>(from: T, to: T, say: (value: T) => string) => ({ from: say(from), to: say(to) });
  const name = (userid: string) => view.nameOf?.(userid) ?? userid;
  switch (change.field) {
    case 'amountFen':
      return both(change.from, change.to, moneyWords);
    case 'stage':
      return both(change.from, change.to, (stage) => stageName(stage, view.pipeline));
    case 'closeOn':
      return both(change.from, change.to, (day) => (day ? dayWords(day, view.today) : UNSET));
    case 'nextFollowUp':
      return both(change.from, change.to, (when) => whenWords(when, view.today));
    case 'probability':
      return both(change.from, change.to, (p) =>
        p === null ? '随阶段' : `${Math.round(p * 100)}%`,
      );
    case 'ownerId':
      return both(change.from, change.to, name);
    case 'collaboratorIds':
      return both(change.from, change.to, (ids) => listed(ids.map(name)));
    case 'contacts':
      return both(change.from, change.to, (all) =>
        listed(all.map((contact) => contactWords(contact))),
      );
    case 'competitors':
    case 'tags':
      return both(change.from, change.to, listed);
    case 'tier':
      return both(change.from, change.to, (tier) => `${tier}级`);
    case 'outcome':
      return both(change.from, change.to, outcomeWords);
    case 'title':
    case 'customerName':
    case 'nextStep':
    case 'priority':
      return { from: change.from ?? '无', to: change.to ?? '无' };
    default:
      return assertNever(change);
  }
}

function contactWords(contact: Opportunity['contacts'][number]): string {
  const more = [contact.title, contact.phone, contact.email].filter(Boolean).join(' ');
  return more ? `${contact.name}（${more}）` : contact.name;
}

function outcomeWords(outcome: Opportunity['outcome']): string {
  if (!outcome) return '进行中';
  const kind = outcome.kind === 'won' ? '赢单' : '输单';
  return outcome.reason ? `${kind}（${outcome.reason}）` : kind;
}

/** A row's value for one change: `¥3,000,000 → ¥3,200,000`, within 30 字. */
export function changeWords(change: FieldChange, view: ViewContext, max = 30): string {
  const { from, to } = changeSides(change, view);
  const whole = `${from} → ${to}`;
  if (whole.length <= max) return whole;
  const difference = contactsChanged(change);
  if (difference) return cut(difference, max);
  const old = cut(from, Math.max(8, Math.floor((max - 3) / 2)));
  return `${old} → ${cut(to, max - 3 - old.length)}`;
}

/** Of long lists, only what is new in them: 新增 李总（采购经理）. */
function contactsChanged(change: FieldChange): string | null {
  if (change.field !== 'contacts') return null;
  const same = (one: Contact, other: Contact): boolean => contactWords(one) === contactWords(other);
  const words = (told: string, all: readonly Contact[]): string[] =>
    all.length > 0 ? [`${told} ${listed(all.map(contactWords))}`] : [];
  const fresh = change.to.filter((one) => !change.from.some((other) => same(one, other)));
  const gone = change.from.filter(({ name }) => !change.to.some((other) => other.name === name));
  const isKnown = ({ name }: Contact): boolean => change.from.some((other) => other.name === name);
  return [
    ...words(
      '新增',
      fresh.filter((one) => !isKnown(one)),
    ),
    ...words('更新', fresh.filter(isKnown)),
    ...words('去掉', gone),
  ].join('；');
}

/**
 * The changes worth a line each. An ending sets the probability as well, and says nothing the stage does
 * not unless it has a reason.
 */
export function tellingChanges(changes: readonly FieldChange[]): FieldChange[] {
  const has = (field: FieldName): boolean => changes.some((change) => change.field === field);
  return changes.filter((change) => {
    if (change.field === 'probability') return !has('outcome');
    if (change.field !== 'outcome' || !has('stage')) return true;
    return Boolean(change.to?.reason ?? change.from?.reason);
  });
}

/** `金额 ¥3,000,000 → ¥3,200,000` */
export function changeLine(change: FieldChange, view: ViewContext): string {
  return `${FIELD_NAMES[change.field]} ${changeWords(change, view, 80)}`;
}
