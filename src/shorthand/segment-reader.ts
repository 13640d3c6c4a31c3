import type { Lexed } from './lexer.js';
import { spanOf, wordsAt } from './lexer.js';
import {
  isBusiness,
  isHypothesis,
  isLetter,
  isReport,
  isStory,
  PRONOUN,
  readCreate,
  readOutcome,
  readRemind,
  readUndo,
} from './intent.js';
import type { IntentHit } from './intent.js';
import type { Names } from './lexicon.js';
import type {
  Doubt,
  Intent,
  Mention,
  ReadUpdate,
  ReadWhen,
  Refused,
  Slot,
  Span,
} from './reading.js';
import { MARK, overwritten, Scene } from './scene.js';
import type { Found, Range } from './scene.js';
import { isGroup } from './segment.js';
import type { Segment } from './segment.js';
import { readAmount } from './slots/amount.js';
import type { AmountReading } from './slots/amount.js';
import { readChannel } from './slots/channel.js';
import { readCompetitors } from './slots/competitor.js';
import { findContacts, findReachable } from './slots/contact.js';
import { misspeltCustomer, unknownCustomer } from './slots/customer.js';
import type { CustomerMention } from './slots/customer.js';
import { closingDay, findDays, followUpDay } from './slots/day.js';
import type { FoundDay } from './slots/day.js';
import { readLabels } from './slots/labels.js';
import type { Moment } from './slots/moment.js';
import { dictated, labelledCustomer, productBehind } from './slots/opportunity.js';
import { readAssignee } from './slots/person.js';
import { isNobody } from './slots/subject.js';
import { readProbability } from './slots/probability.js';
import { readPeriod, readQuery } from './slots/query.js';
import { isReasonWord, phraseOf, readNextStep, readReason } from './slots/reason.js';
import type { StageGrammar } from './slots/stage.js';
import { placeDays } from './slots/when.js';

type SubjectSlots = Pick<ReadUpdate, 'customer' | 'opportunity'>;

/** What the reader knows apart from the message. */
export interface Knowledge {
  readonly names: Names;
  readonly stages: StageGrammar;
}

/** Words that name or set a field; a message of slots and these alone is an update without a name. */
const FIELD_WORDS =
  /^(?:金额|合同额?|客户|已|已经|加|减|多|少|时间|按|算|谈|谈到|现在|目前|要|还|预算|报价|阶段|概率|把握|成交|签约?|关单|日期|时间|预计|大概|左右|大约|改成?|改为|改到|调到|调整|更新|推到?|推进到?|推迟|延期?|提前|到|为|是|成|了|就|吧|的|把|将|给|约|再|跟|下次|跟进|联系|回访|优先级|电话|邮箱|前|之前|以内|差不多|应该|能|先|那|定|下|商机|这|单|个|它|刚才|子|项目)*$/;

/** Words that only introduce a slot: part of what was read, not worth a note. */
function isCue(words: string): boolean {
  return FIELD_WORDS.test(words.replace(/[^\p{L}\p{N}]/gu, ''));
}

/** “建群 … @甲 @乙” speaks of a chat group, not of handing anything over. */
const GROUP_CHAT = /[建拉](?:一?个)?群|@[^@]{1,12}@/;
const ASKS_FOR_LIST = /哪些|哪几|多少|几个|几家|几条|谁|吗\s*[?。]*$|\?\s*$/;
/** Weak words of winning and losing: without a name they are small talk (搞定了, 凉了). */
const WEAK_OUTCOME =
  /^(?:搞定了?|成了|飞了|凉了|凉凉|跑了|没了|废了|吹了|到手了?|盖章了?|下单了|泡汤了?|失败了?|没希望了|没机会了|没戏了|黄了|失败|出局了?|淘汰了?|流失了?|败了|丢了|输了|赢了)$/;

/** “今天签了两个单子！” is joy, not the news of one deal. */
const SEVERAL_DEALS = /^(?:一|两|三|四|五|几|好几|\d+|个|大)(?:个|单|笔|家|大)/;
/** “丢了，价格太高”: all that is said is the outcome and why. */
const NAMELESS_OUTCOME =
  /^\s*(?:已经?|最终|最后|终于|刚|确定|还是|结果)*(?:赢单|输单|丢单|赢了|输了|丢了|签了|签下|拿下|成交|中标|没中标|没谈成|won|lost|win|lose)(?:[\s,，。!了]|$)/;

/** Words of losing that are the reason, too: 项目取消了. */
const REASON_ITSELF = /取消|砍|放弃|不做|不要|不买|淘汰|没入围|流标|选|抢|不合作/;

const LONGEST_ANSWER = 30;
const MOST_IN_GROUP = 30;
/** Characters of unread words that make a message a report rather than a change of fields. */
const MUCH_TALK = 6;

type Draft = { -readonly [K in keyof ReadUpdate]?: ReadUpdate[K] };

/** Reads one segment: none, one, or (for a group of customers) several updates. */
export function readSegment(
  lexed: Lexed,
  segment: Segment,
  knowledge: Knowledge,
  moment: Moment,
): ReadUpdate[] {
  const reading = new SegmentReading(lexed, segment, knowledge, moment);
  const update = reading.read();
  if (!update) return [];
  return reading.group.length > 1
    ? reading.group.map((subject) => ({ ...update, ...subject }))
    : [update];
}

/** A message that answers a question: any slot it holds, whether or not it is an operation. */
export function readAnswer(
  lexed: Lexed,
  subjects: readonly CustomerMention[],
  knowledge: Knowledge,
  moment: Moment,
): ReadUpdate | undefined {
  if (lexed.text.length > LONGEST_ANSWER) return undefined;
  const segment = { start: 0, end: lexed.text.length, customers: subjects };
  return new SegmentReading(lexed, segment, knowledge, moment).readLoosely();
}

class SegmentReading {
  private readonly scene: Scene;
  private readonly draft: Draft = {};
  private readonly doubts = new Set<Doubt>();
  private readonly refused: Refused[] = [];
  private readonly cues: Range[] = [];
  private mentions: CustomerMention[];
  private days: FoundDay[] = [];
  private amount: AmountReading | undefined;
  group: SubjectSlots[] = [];

  constructor(
    private readonly lexed: Lexed,
    private readonly segment: Segment,
    private readonly knowledge: Knowledge,
    private readonly moment: Moment,
  ) {
    this.scene = new Scene(lexed.text.slice(segment.start, segment.end));
    const here = <R extends Range>(range: R): R => ({
      ...range,
      start: range.start - segment.start,
      end: range.end - segment.start,
    });
    this.mentions = segment.customers.map(({ opportunity, ...mention }) => ({
      ...here(mention),
      ...(opportunity ? { opportunity: here(opportunity) } : {}),
    }));
  }

  read(): ReadUpdate | undefined {
    const text = this.scene.text;
    if (isLetter(text)) return undefined;
    this.readReachable();
    this.scene.claim(this.mentions, MARK.customer);
    if (this.mentions.length > 0 && readUndo(overwritten(text, this.mentions, ' '))) {
      this.takeCustomer();
      return this.finish('undo');
    }
    const remind = readRemind(text);
    const create = remind || ASKS_FOR_LIST.test(text) ? undefined : readCreate(this.scene.marked);
    this.readFigures(create !== undefined);
    const query = remind || create ? undefined : this.readQuestion();
    if (query) return this.finish('query');
    if (!remind && !create && isHypothesis(this.scene.marked)) return undefined;
    if (remind) return this.readReminder(remind);
    if (create) return this.readCreation(create);
    return this.readChange();
  }

  /** Every slot the words can fill, for a question that is open. */
  readLoosely(): ReadUpdate | undefined {
    const { text } = this.scene;
    if (/[?？]|[吗呢]\s*$/.test(text)) return undefined;
    this.readReachable();
    this.scene.claim(this.mentions, MARK.customer);
    this.readFigures(false);
    this.takeCustomer();
    this.takeAmount();
    this.readStage();
    this.readPeople();
    this.readLabels();
    this.readChannel();
    const day = this.days.find(({ day: found, past }) => found && !past);
    if (day?.day) {
      const value: ReadWhen = {
        day: closingDay(day, this.moment) ?? day.day,
        ...(day.time ? { time: day.time } : {}),
        ...(day.alternatives ? { alternatives: day.alternatives } : {}),
        ...(day.within ? { within: day.within } : {}),
      };
      this.draft.closeOn = this.slot(day, value);
      this.draft.nextFollowUp = this.slot(day, {
        ...value,
        day: followUpDay(day, this.moment) ?? value.day,
      });
    }
    const phrase = phraseOf(text, { start: 0, end: text.length });
    if (phrase) this.draft.lossReason = this.words(phrase);
    const answered =
      this.hasFields() ||
      (this.draft.contacts ?? []).length > 0 ||
      (phrase !== undefined && isReasonWord(phrase.value));
    return answered || this.draft.customer ? this.finish('update') : undefined;
  }

  // ── shared recognisers, in the order in which they may claim digits ────────────────────────────

  private readReachable(): void {
    const { phones, emails } = findReachable(this.scene.text);
    const [phone] = phones;
    const [email] = emails;
    if (phone) this.draft.phone = this.slot(phone, phone.value);
    if (email) this.draft.email = this.words(email);
    this.scene.claim([...phones, ...emails], MARK.reach);
    const inside = (mention: CustomerMention): boolean =>
      emails.some((e) => mention.start < e.end && e.start < mention.end);
    this.mentions = this.mentions.filter((mention) => !inside(mention));
  }

  private readFigures(create: boolean): void {
    this.amount = readAmount(this.scene, { bare: true, lone: this.mentions.length > 0 || create });
    this.scene.claim(this.amount.ranges, MARK.amount);
    const chance = readProbability(this.scene.marked);
    this.scene.claim(chance.ranges, MARK.chance);
    if (chance.probability)
      this.draft.probability = this.slot(chance.probability, chance.probability.value);
    this.refuse('probability', 'impossible-probability', chance.refused);
    this.refuse('amount', 'impossible-amount', this.amount.refused);
    this.days = findDays(this.withoutNames(), this.moment);
    this.scene.claim(this.days, MARK.day);
    this.refuse(
      'day',
      'impossible-day',
      this.days.filter((day) => day.impossible),
    );
  }

  /** 周一鸣 is a colleague and no Monday. */
  private withoutNames(unmarked = false): string {
    const marked = unmarked ? this.scene.text : this.scene.marked;
    return overwritten(marked, this.knowledge.names.people.fullNames(marked), MARK.person);
  }

  private refuse(slot: string, why: Refused['why'], ranges: readonly Range[]): void {
    for (const range of ranges) {
      const span = this.span(range);
      this.refused.push({ slot, why, span, words: wordsAt(this.lexed, span) });
    }
  }

  private takeAmount(): void {
    const { amount } = this;
    if (!amount) return;
    if (amount.total) {
      const { fen, approx, range } = amount.total;
      this.draft.amount = this.slot(amount.total, {
        fen,
        ...(approx ? { approx: true as const } : {}),
        ...(range ? { range } : {}),
      });
      if (range) this.doubts.add('amount-range');
    }
    if (amount.change) this.draft.amountChange = this.slot(amount.change, amount.change.fen);
    if (amount.currency) this.draft.currency = this.slot(amount.currency, amount.currency.code);
    if (amount.unsure) this.doubts.add('two-values');
  }

  private readPeople(): void {
    const marked = this.scene.marked;
    const assigned = readAssignee(marked, this.knowledge.names.people);
    if (assigned.assignee && assigned.assignee.value.kind !== 'unknown') {
      this.draft.assignee = this.slot(assigned.assignee, assigned.assignee.value);
      if (assigned.assignee.value.kind === 'several') this.doubts.add('several-people');
      this.scene.claim([assigned.assignee, ...(assigned.cue ? [assigned.cue] : [])], MARK.person);
    }
    const { contacts, title } = findContacts(this.scene.marked, this.knowledge.names.people.names);
    this.draft.contacts = contacts.map((contact) => this.words(contact));
    this.scene.claim(contacts, MARK.contact);
    if (
      title &&
      !contacts.some((contact) => title.start < contact.end && contact.start < title.end)
    )
      this.draft.title = this.words(title);
  }

  private readLabels(): void {
    const { priority, tier, tags } = readLabels(this.scene.marked);
    if (priority) this.draft.priority = this.slot(priority, priority.value);
    if (tier) this.draft.tier = this.slot(tier, tier.value);
    this.draft.tags = tags.map((tag) => {
      const slot = this.words(tag);
      return { ...slot, value: slot.words.trim() };
    });
    this.scene.claim(
      [...(priority ? [priority] : []), ...(tier ? [tier] : []), ...tags],
      MARK.other,
    );
  }

  private takeCustomer(): void {
    const [first] = this.mentions;
    if (!first) return;
    const { mention } = first;
    Object.assign(this.draft, this.subjectSlots(first));
    if (mention.kind === 'several') this.doubts.add('several-customers');
    if (mention.kind === 'unknown' && !isNobody(mention)) this.doubts.add('unknown-customer');
    if (mention.kind === 'one' && (mention.how === 'typo' || mention.how === 'pinyin'))
      this.doubts.add('guessed-name');
    const different = [
      ...new Map(this.mentions.map((subject) => [subjectKey(subject), subject])).values(),
    ].slice(0, MOST_IN_GROUP);
    if (different.length > 1 && isGroup(this.scene.text, different)) {
      this.group = different.map((subject) => this.subjectSlots(subject));
    }
  }

  /** The customer and, when one was named, the opportunity. A title stated apart (华为 … 二期) counts too. */
  private subjectSlots(subject: CustomerMention): SubjectSlots {
    const titled =
      subject.opportunity ??
      this.mentions.find(
        (other) => other.opportunity && sameMention(other.mention, subject.mention),
      )?.opportunity;
    if (titled?.mention.kind === 'several') this.doubts.add('several-opportunities');
    return {
      ...(isNobody(subject.mention) ? {} : { customer: this.slot(subject, subject.mention) }),
      ...(titled ? { opportunity: this.slot(titled, titled.mention) } : {}),
    };
  }

  // ── questions ─────────────────────────────────────────────────────────────────────────────────

  private readQuestion(): boolean {
    const { text, marked } = this.scene;
    if (text.length > 60 || this.amount?.total || this.draft.probability) return false;
    if (
      /(?:客户|对方|他们|老板|[总工])(?:那边)?(?:问|想知道|想了解|在问|催问)|问(?:了|我们|到)/.test(
        text,
      )
    )
      return false;
    const query = readQuery(text, marked, {
      hasCustomer: this.mentions.length > 0,
      hasPerson: () => this.personInQuestion() !== undefined,
      hasStage: () => this.knowledge.stages.named(marked) !== undefined,
    });
    if (!query) return false;
    const person = this.personInQuestion();
    const stage = this.knowledge.stages.named(marked);
    this.takeCustomer();
    this.draft.queryKind = this.slot(query, query.value);
    if (query.value === 'stage' && stage) this.draft.stage = this.slot(stage, stage.value);
    if (person && query.value !== 'customer') this.draft.assignee = this.slot(person, person.value);
    const period = readPeriod(this.withoutNames(true), this.moment);
    if (period) this.draft.period = this.slot(period, period.value);
    return true;
  }

  private personInQuestion(): Found<Mention> | undefined {
    const { marked } = this.scene;
    for (let at = 0; at < marked.length; at++) {
      if (
        at > 0 &&
        /[\p{Script=Han}]/u.test(marked[at - 1] ?? '') &&
        !/[看查下询出给@,\s]/.test(marked[at - 1] ?? '')
      )
        continue;
      const person = this.knowledge.names.people.at(marked, at);
      if (
        person &&
        person.value.kind !== 'unknown' &&
        !(person.value.kind === 'one' && person.value.how === 'typo')
      )
        return person;
    }
    return undefined;
  }

  // ── reminders ─────────────────────────────────────────────────────────────────────────────────

  private readReminder(cue: IntentHit): ReadUpdate | undefined {
    this.scene.claim([cue], MARK.other);
    this.cues.push(cue);
    const day = this.reminderDay(cue);
    if (day?.day) {
      const when: ReadWhen = {
        day: day.day,
        ...(day.time ? { time: day.time } : {}),
        ...(day.alternatives ? { alternatives: day.alternatives } : {}),
      };
      this.draft.remindAt = this.slot(day, when);
    }
    this.takeCustomer();
    this.readPeople();
    delete this.draft.assignee;
    delete this.draft.probability;
    this.readChannel();
    return this.finish('remind');
  }

  /** The day of the clause that asks for the reminder; one with a clock time before others. */
  private reminderDay(cue: Range): FoundDay | undefined {
    const usable = this.days.filter((day) => day.day && !day.past);
    const { text } = this.scene;
    const sameClause = usable.filter(
      (day) =>
        !/[,，。;；\n]/.test(
          text.slice(Math.min(day.end, cue.end), Math.max(day.start, cue.start)),
        ),
    );
    const pool = sameClause.length > 0 ? sameClause : usable;
    const before = pool.filter((day) => day.end <= cue.start);
    return before.at(-1) ?? pool[0];
  }

  // ── new opportunities ─────────────────────────────────────────────────────────────────────────

  private readCreation(cue: IntentHit): ReadUpdate | undefined {
    this.scene.claim([cue], MARK.other);
    this.cues.push(cue);
    this.takeAmount();
    this.readStage();
    this.takeCustomer();
    const known = this.mentions.length > 0;
    const customer = known
      ? undefined
      : (labelledCustomer(this.scene.marked) ?? dictated(this.scene.marked, false).customer);
    if (customer) {
      this.scene.claim([customer], MARK.customer);
      const slot = this.words(customer);
      this.draft.customer = { ...slot, value: { kind: 'unknown', words: slot.words } };
      this.doubts.add('unknown-customer');
    }
    this.readPeople();
    this.readLabels();
    this.takeDays(true, false, false);
    const { opportunity } = dictated(this.scene.marked, true);
    if (opportunity && !this.draft.opportunity) {
      const slot = this.words(opportunity);
      this.draft.opportunity = { ...slot, value: { kind: 'unknown', words: slot.words } };
    }
    return this.finish('create');
  }

  // ── changes and reports ───────────────────────────────────────────────────────────────────────

  private readChange(): ReadUpdate | undefined {
    const { text } = this.scene;
    const result = readOutcome(text, this.scene.marked);
    if (this.mentions.length === 0) this.guessCustomer(result.outcome !== undefined);
    this.takeCustomer();
    this.takeAmount();
    if (result.outcome) {
      this.scene.claim([result.outcome.hit], MARK.other);
      this.cues.push(result.outcome.hit);
    } else {
      this.readStage();
      if (this.draft.stage?.value === 'won' || this.draft.stage?.value === 'lost')
        delete this.draft.stage;
    }
    this.readPeople();
    this.readLabels();
    this.readChannel();
    const competitors = readCompetitors(this.reasonText(), result.outcome?.intent === 'lose');
    this.draft.competitors = competitors.competitors.map((name) => this.words(name));
    if (this.draft.customer && !this.draft.opportunity) {
      const behind = this.mentions[0] && productBehind(this.scene.marked, this.mentions[0].end);
      if (behind) {
        const slot = this.words(behind);
        this.draft.opportunity = { ...slot, value: { kind: 'unknown', words: slot.words } };
      }
    }
    const next = readNextStep(text, this.scene.marked);
    if (next) this.draft.nextStep = this.words(next);
    const reported = this.isReported(result.outcome !== undefined);
    this.takeDays(false, reported, result.outcome?.intent === 'win');
    if (result.outcome) return this.readOutcomeDetails(result.outcome.intent, result.outcome.hit);
    if (result.unreal) this.doubts.add('hedged');
    return this.readPlainChange(reported, result.unreal);
  }

  private readOutcomeDetails(intent: 'win' | 'lose', at: Range): ReadUpdate | undefined {
    const { text } = this.scene;
    const named =
      (this.draft.customer ?? this.draft.opportunity) !== undefined ||
      this.isNumbered ||
      PRONOUN.test(text);
    if (
      !named &&
      (WEAK_OUTCOME.test(text.slice(at.start, at.end)) || !isBusiness(this.businessText())) &&
      !NAMELESS_OUTCOME.test(text)
    )
      return undefined;
    if (!named && SEVERAL_DEALS.test(text.slice(at.end))) return undefined;
    const reason =
      readReason(this.reasonText(), at) ??
      (REASON_ITSELF.test(this.scene.text.slice(at.start, at.end))
        ? { ...at, value: '' }
        : undefined);
    if (reason) {
      if (intent === 'lose') this.draft.lossReason = this.words(reason);
      else if (
        /因为|原因|靠|凭|赢在|多亏|得益|优势|关系|价格|服务|方案|性价比|口碑|案例|响应|品牌/.test(
          this.scene.text,
        )
      )
        this.draft.winReason = this.words(reason);
    }
    delete this.draft.probability;
    delete this.draft.closeOn;
    delete this.draft.assignee;
    if (this.draft.nextFollowUp?.value.day === this.moment.today) delete this.draft.nextFollowUp;
    return this.finish(intent);
  }

  /** The words outside names: 老板 in 老板电器 speaks of no boss. */
  private businessText(): string {
    return overwritten(this.scene.text, this.mentions, MARK.customer);
  }

  /** The segment with customers, amounts and days blotted out, and everything else legible. */
  private reasonText(): string {
    const { text, marked } = this.scene;
    return [...marked]
      .map((c, i) =>
        c === MARK.customer || c === MARK.amount || c === MARK.day ? c : (text[i] ?? c),
      )
      .join('');
  }

  private isReported(outcome: boolean): boolean {
    return outcome || this.draft.channel !== undefined || isReport(this.scene.text);
  }

  private readPlainChange(reported: boolean, unreal: boolean): ReadUpdate | undefined {
    const { draft } = this;
    const { text } = this.scene;
    const fields = this.hasFields();
    const named =
      (draft.customer ?? draft.opportunity) !== undefined || this.isNumbered || PRONOUN.test(text);
    if (draft.assignee && GROUP_CHAT.test(text)) return undefined;
    if (draft.assignee && !draft.amount && !draft.stage && !draft.closeOn)
      return this.finish('assign');
    if (/[?？]\s*$|[吗么]\s*[?？。!]*\s*$/.test(text)) return undefined;
    if (fields) {
      if (!named && !this.standsAlone())
        return isBusiness(this.businessText()) && (draft.contacts ?? []).length > 0
          ? this.finish('log')
          : undefined;
      return this.finish(this.tellsStory() ? 'log' : 'update');
    }
    if (named && this.isBareName()) return this.finish('query');
    if (
      named &&
      (unreal ||
        isBusiness(this.businessText()) ||
        isStory(this.scene.marked) ||
        (draft.contacts ?? []).length > 0)
    )
      return this.finish('log');
    if (
      !named &&
      (draft.contacts ?? []).length > 0 &&
      isBusiness(this.businessText()) &&
      (draft.channel !== undefined || reported)
    )
      return this.finish('log');
    return undefined;
  }

  /** Nothing but a name was said: 华为, 客户是华为. */
  private isBareName(): boolean {
    const rest = this.scene.marked.replace(/[^\p{L}\p{N}\ue001-\ue009]/gu, '');
    return (
      this.draft.customer !== undefined &&
      /^(?:客户|公司|名称|是|为|叫|的|那|这|个|单|子|项目|商机|\ue001)*$/.test(rest)
    );
  }

  /** An item of a numbered list needs no name. */
  private get isNumbered(): boolean {
    return this.segment.itemNumber !== undefined;
  }

  private hasFields(): boolean {
    const { draft } = this;
    return (
      [
        draft.stage,
        draft.stageMove,
        draft.amount,
        draft.amountChange,
        draft.closeOn,
        draft.nextFollowUp,
        draft.probability,
      ].some((slot) => slot !== undefined) ||
      [
        draft.phone,
        draft.email,
        draft.title,
        draft.nextStep,
        draft.priority,
        draft.tier,
        draft.assignee,
      ].some((slot) => slot !== undefined) ||
      (draft.tags ?? []).length > 0 ||
      (draft.competitors ?? []).length > 0
    );
  }

  /** Without a customer only a message that is nothing but fields is an update. */
  private standsAlone(): boolean {
    const rest = this.scene.marked.replace(/[\ue001-\ue009\s\p{P}\p{S}]/gu, '');
    return FIELD_WORDS.test(rest);
  }

  private tellsStory(): boolean {
    if (this.draft.channel !== undefined && isReport(this.scene.text)) return true;
    return isStory(this.scene.marked) || this.isMostlyTalk();
  }

  /** Only days, rivals or next steps were read, and more was said than they account for. */
  private isMostlyTalk(): boolean {
    const { nextFollowUp, closeOn, nextStep, competitors, tags, ...others } = this.draft;
    if (nextFollowUp === undefined || closeOn || nextStep || competitors?.length || tags?.length)
      return false;
    const told = new Set(['customer', 'opportunity', 'contacts', 'channel']);
    if (Object.keys(others).some((slot) => !told.has(slot))) return false;
    const unread = this.unreadSpans()
      .map((span) => wordsAt(this.lexed, span))
      .join('');
    return (unread.match(/\p{Script=Han}/gu) ?? []).length >= MUCH_TALK;
  }

  /** No known name: one with a wrong character, else an unknown one in the place of a name. */
  private guessCustomer(outcome: boolean): void {
    const { marked } = this.scene;
    const stated =
      outcome ||
      [this.amount?.total, this.amount?.change, this.draft.probability].some(
        (slot) => slot !== undefined,
      ) ||
      this.knowledge.stages.read(marked).stage !== undefined;
    const spoken = stated || this.days.length > 0;
    if (!spoken && !isBusiness(this.businessText())) return;
    const guess =
      misspeltCustomer(marked, this.knowledge.names.customers, spoken ? 2 : 3) ??
      (stated ? unknownCustomer(marked) : undefined);
    if (!guess) return;
    this.mentions = [guess];
    this.scene.claim([guess], MARK.customer);
  }

  private readStage(): void {
    const { stage, move, ranges } = this.knowledge.stages.read(this.scene.marked);
    if (stage) this.draft.stage = this.slot(stage, stage.value);
    if (move) this.draft.stageMove = this.slot(move, move.value);
    this.scene.claim(ranges, MARK.stage);
  }

  private readChannel(): void {
    const channel = readChannel(this.scene.marked);
    if (channel) this.draft.channel = this.slot(channel, channel.value);
  }

  private takeDays(create: boolean, reported: boolean, won: boolean): void {
    const { closeOn, nextFollowUp } = placeDays(
      this.scene.text,
      this.scene.marked,
      this.days,
      { create, reported, won },
      this.moment,
    );
    if (closeOn) this.draft.closeOn = this.slot(closeOn, closeOn.value);
    if (nextFollowUp) this.draft.nextFollowUp = this.slot(nextFollowUp, nextFollowUp.value);
    for (const when of [closeOn, nextFollowUp])
      if (when?.value.alternatives) this.doubts.add('several-days');
  }

  // ── assembling ────────────────────────────────────────────────────────────────────────────────

  private finish(intent: Intent): ReadUpdate {
    const noteSpans = this.unreadSpans();
    const low = [...this.doubts].some(
      (doubt) => doubt !== 'hedged' || intent === 'win' || intent === 'lose',
    );
    return {
      contacts: [],
      competitors: [],
      tags: [],
      ...this.draft,
      intent,
      certainty: low ? 'low' : 'high',
      doubts: [...this.doubts],
      span: this.span({ start: 0, end: this.scene.text.length }),
      ...(this.segment.itemNumber !== undefined ? { itemNumber: this.segment.itemNumber } : {}),
      pronoun: PRONOUN.test(this.scene.text),
      refused: this.refused,
      noteSpans,
      note: noteSpans.map((span) => wordsAt(this.lexed, span).trim()).join(' '),
    };
  }

  /** What no slot and no order holds. Punctuation alone is not worth a note. */
  private unreadSpans(): Span[] {
    const held = new Uint8Array(this.scene.text.length);
    const hold = (span: Span | undefined): void => {
      if (span) held.fill(1, this.indexAt(span.start), this.indexAt(span.end));
    };
    for (const slot of Object.values(this.draft)) {
      if (Array.isArray(slot)) for (const one of slot as Slot<unknown>[]) hold(one.span);
      else if (slot && typeof slot === 'object' && 'span' in slot)
        hold((slot as Slot<unknown>).span);
    }
    for (const range of [...this.cues, ...this.mentions]) held.fill(1, range.start, range.end);
    const spans: Span[] = [];
    for (let i = 0; i < held.length;) {
      if (held[i] === 1) {
        i++;
        continue;
      }
      let end = i;
      while (end < held.length && held[end] === 0) end++;
      const words = this.scene.text.slice(i, end);
      if (/[\p{L}\p{N}]/u.test(words) && !isCue(words)) spans.push(this.span({ start: i, end }));
      i = end;
    }
    return spans;
  }

  /** Where in the segment's uniform text the typed offset `at` lies. */
  private indexAt(at: number): number {
    const { startAt } = this.lexed;
    let low = this.segment.start;
    let high = this.segment.end;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((startAt[middle] ?? 0) < at) low = middle + 1;
      else high = middle;
    }
    return low - this.segment.start;
  }

  private span(range: Range): Span {
    return spanOf(this.lexed, this.segment.start + range.start, this.segment.start + range.end);
  }

  private slot<T>(range: Range, value: T): Slot<T> {
    const span = this.span(range);
    return { value, span, words: wordsAt(this.lexed, span) };
  }

  private words(range: Range): Slot<string> {
    const span = this.span(range);
    const words = wordsAt(this.lexed, span);
    return { value: words, span, words };
  }
}

function sameMention(a: Mention, b: Mention): boolean {
  return mentionKey(a) === mentionKey(b);
}

function mentionKey(mention: Mention): string {
  if (mention.kind === 'one') return `one ${mention.id}`;
  if (mention.kind === 'unknown') return `unknown ${mention.words}`;
  return `several ${mention.candidates.map(({ id }) => id).join(' ')}`;
}

function subjectKey({ mention, opportunity }: CustomerMention): string {
  return opportunity ? `opportunity ${mentionKey(opportunity.mention)}` : mentionKey(mention);
}
