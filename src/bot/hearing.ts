import {
  acknowledged,
  blocked,
  greeted,
  noSuchNumber,
  unknownInput,
  unwritten,
  welcome,
} from '../chat/index.js';
import type { ReadUpdate, Reader } from '../shorthand/index.js';
import type { Command } from './define.js';
import type { Question, Task } from './dialog.js';
import type { Engine } from './engine.js';
import { answerIn, emptyUpdate, mergeUpdates, statedBy } from './patch.js';
import type { Scripts } from './scripts.js';
import { MAX_NAME, classify, isGreeting, isNamed, isThanks, tellings } from './reply-kind.js';
import type { Heard } from './reply-kind.js';
import { confirms, ownerOf } from './short-reply.js';
import type { OpenThings } from './short-reply.js';
import type { Turn } from './turn.js';

<<<<<<< Updated upstream
=======
/** Orders and questions of their own: never an answer to something open. */
const COMMANDS: ReadonlySet<Intent> = new Set([
  'create',
  'approve',
  'reject',
  'query',
  'undo',
  'help',
]);

/** These leave what stands open as it is; 撤销 ends it by itself. */
const LEAVES_OPEN: ReadonlySet<Intent> = new Set(['query', 'help', 'undo']);

>>>>>>> Stashed changes
/** Without a pronoun, “它” is meant only while the talk is still about it. */
const IT_LIFE_MS = 30 * 60_000;

/**
 * What a text message does: an answer to something open, a command's words, or an understood sentence.
 * Order: open dialog and short replies (decisions 12) → command words → shorthand → a kind answer.
 */
export class Hearing {
  constructor(
    private readonly engine: Engine,
    private readonly scripts: Scripts,
  ) {}

  async hear(turn: Turn, typed: string, reader: Reader): Promise<void> {
    const text = typed.trim();
    if (text === '') return;
    const heard = await this.understand(turn, text, reader);
    const owner = ownerOf(heard, openIn(turn, heard));
    const { dialog } = turn;
    const [question] = dialog.questions;
    switch (owner) {
      case 'preview':
        return this.toPreview(turn, heard);
      case 'question':
        return question ? this.toQuestion(turn, heard, question, reader) : undefined;
      case 'pick':
        return question ? this.toPick(turn, heard, question) : undefined;
      case 'list':
        return this.toList(turn, heard);
      case 'reminder':
        return this.toOpportunity(turn, heard, heard.reminders[0]?.opportunityIds[0], true);
      case 'which-reminder':
        return this.whichReminder(turn, heard);
      case 'it':
        return this.toOpportunity(turn, heard, dialog.it?.opportunityId, false);
      case 'message':
        return this.toMessage(turn, heard);
      case 'nobody':
        return this.toNobody(turn, heard);
    }
  }

  private async understand(turn: Turn, text: string, reader: Reader): Promise<Heard> {
    const { reminders, list } = await this.engine.openPrompts(turn);
    const reading = reader.read(text, { now: turn.incoming.at, numbered: list !== null });
    const word = this.scripts.byWord(text);
    // “新建 A 10万；新建 B 20万” is two sentences, not one command: what the reader understood of a
    // script's own business goes by the reader.
    const command =
      word && !reading.updates.some((update) => this.scripts.byUpdate(update) === word.command)
        ? word
<<<<<<< Updated upstream
        : null;
=======
        : this.askedOutright(text, reading);
    const option = optionIn(turn.dialog.questions[0], text, reading, turn.policies.pipeline);
    const short = shortReply(text);
    // “华为云 客户华为” names a new one, though it holds a known name.
    const names = turn.dialog.questions[0]?.about === 'new-title' && text.includes('客户');
    const stranger = strangerOf(text, reading);
>>>>>>> Stashed changes
    return {
      text,
      reading,
      command,
      word,
      reminders,
      list,
      ...classify(text, reading, {
        question: turn.dialog.questions[0],
        pipeline: turn.policies.pipeline,
        command: command !== null,
      }),
    };
  }

  /** A claimed question that the reader made nothing of: 谁把华为二期的赢率改了. */
  private askedOutright(text: string, { updates, blocked }: Reading): Heard['command'] {
    const command = updates.length === 0 && !blocked ? this.scripts.byPhrase(text) : undefined;
    return command ? { command, rest: '' } : null;
  }

  private async toPreview(turn: Turn, heard: Heard): Promise<void> {
    if (heard.kind === 'yes') return this.engine.confirm(turn);
    if (heard.kind === 'no') return this.engine.cancelPreview(turn);
    const [item] = turn.dialog.preview?.items ?? [];
    const update = answerIn(heard.reading, item?.patch.nextFollowUp ? 'nextFollowUp' : 'closeOn');
    if (heard.kind === 'edit' || !update) return this.engine.askEdit(turn);
    const { patch } = statedBy(update);
    return this.engine.editPreview(turn, {
      patch: (before) => ({ ...before, ...patch }),
      task: (before) => ({ ...before, update: mergeUpdates(before.update, update) }),
    });
  }

  private async toQuestion(
    turn: Turn,
    heard: Heard,
    question: Question,
    reader: Reader,
  ): Promise<void> {
    if (heard.kind === 'no') return this.engine.drop(turn, question);
    const { task } = question;
    if (question.about === 'new-title') {
      // “华为二期 客户华为” answers as if it had been said with 新建.
      const said = `新建 ${heard.text}`;
      const update =
        reader.read(said, { now: turn.incoming.at }).updates[0] ?? emptyUpdate('create', said);
      const merged = {
        ...mergeUpdates(task.update, update),
        ...namesOf(update),
        span: update.span,
      };
      return this.engine.resume(turn, question, { ...task, update: merged, said });
    }
    if (question.about === 'slots' || question.about === 'when') {
      const update = answerIn(
        heard.reading,
        question.about === 'when' ? 'nextFollowUp' : 'closeOn',
      );
      if (!update) return this.toNobody(turn, heard);
      return this.engine.resume(turn, question, {
        ...task,
        update: mergeUpdates(task.update, update),
      });
    }
    if (question.about === 'opportunity-words')
      return this.engine.resume(turn, question, {
        ...task,
        update: { ...task.update, ...namesOf(unknownName(heard.text)) },
      });
    const update = answerIn(heard.reading, 'nextFollowUp');
    // What is told about a contact may hold its next date as well.
    if (question.about === 'summary' && update)
      return this.engine.resume(turn, question, {
        ...task,
        update: mergeUpdates(task.update, update),
        answers: { ...task.answers, summary: heard.text },
      });
    return this.engine.answer(turn, question, heard.text.slice(0, 500));
  }

  private async toPick(turn: Turn, heard: Heard, question: Question): Promise<void> {
    if (heard.kind === 'no') return this.engine.drop(turn, question);
    if (question.kind !== 'pick') return;
    const option = question.options[(heard.number ?? 0) - 1];
    if (!option) return turn.reply(noSuchNumber(question.options.length));
    return this.engine.answer(turn, question, option.value);
  }

  /** “1 推到周五 2 已报价30万 3 输单 价格高”, or a bare number to look at one. */
  private async toList(turn: Turn, heard: Heard): Promise<void> {
    const ids = heard.list?.opportunityIds ?? [];
    if (heard.kind === 'number') {
      const id = ids[(heard.number ?? 0) - 1];
      const update = { ...emptyUpdate('query', heard.text), pronoun: true };
      return id ? this.run(turn, heard, update, id) : undefined;
    }
    for (const update of heard.reading.updates) {
      const id = update.itemNumber === undefined ? undefined : ids[update.itemNumber - 1];
      if (id) await this.run(turn, heard, update, id);
      else turn.reply(noSuchNumber(ids.length));
    }
  }

  /** A nameless sentence about a known opportunity: a reminder's, or “它”. */
  private async toOpportunity(
    turn: Turn,
    heard: Heard,
    opportunityId: string | undefined,
    answersReminder: boolean,
  ): Promise<void> {
    for (const update of tellings(heard, answersReminder)) {
      // A reply to a reminder is the follow-up, however it is put (N3); a new day alone is only that.
      const isContact = answersReminder && update.intent === 'update' && !isDayAlone(update);
      const told: ReadUpdate = isContact ? { ...update, intent: 'log' } : update;
      await this.run(turn, heard, told, opportunityId);
    }
  }

  private async whichReminder(turn: Turn, heard: Heard): Promise<void> {
    const [update] = tellings(heard, true);
    if (!update) return;
    const script = this.scripts.byUpdate({ ...update, intent: 'log' });
    if (!script) return;
    turn.ask(
      await this.engine.pickAmong(
        turn,
        heard.reminders.flatMap(({ opportunityIds }) => opportunityIds),
      ),
      this.task(turn, script, { ...update, intent: 'log' }, heard.text),
    );
  }

  private async toMessage(turn: Turn, heard: Heard): Promise<void> {
    const { reading, command, text } = heard;
    if (reading.blocked) return turn.reply(blocked(reading.blocked));
    if (command) {
      this.engine.turnAway(turn);
      const it = meantByPronoun(turn, heard);
      const named = heard.stranger === null ? {} : namesOf(unknownName(heard.stranger));
      const update = answerIn(reading, 'nextFollowUp') ?? {
        ...emptyUpdate('help', text),
        ...named,
      };
      return this.engine.run(turn, {
        ...this.task(turn, command.command, update, text),
        answers: { rest: command.rest, ...(it !== undefined && { it }) },
      });
    }
    const writes = reading.updates.some(({ intent }) => !LEAVES_OPEN.has(intent));
    if (writes) this.engine.turnAway(turn);
    if (reading.updates.length === 0 || heard.kind === 'strange') return this.toNobody(turn, heard);
    const it = meantByPronoun(turn, heard);
    for (const update of reading.updates)
      await this.run(turn, heard, update, !isNamed(update) || update.pronoun ? it : undefined);
    if (reading.cut)
      turn.reply({ kind: 'text', text: unwritten({ why: 'cut', limit: reading.text.length }) });
  }

  private async run(
    turn: Turn,
    heard: Heard,
    update: ReadUpdate,
    opportunityId: string | undefined,
  ): Promise<void> {
    const phrased = update.intent === 'query' ? this.scripts.byPhrase(heard.text) : undefined;
    const script = phrased ?? this.scripts.byUpdate(update);
    if (!script) return this.toNobody(turn, heard);
    const plain = this.task(turn, script, update, heard.text);
    const task =
      heard.word?.command === script ? { ...plain, answers: { rest: heard.word.rest } } : plain;
    return this.engine.run(
      turn,
      opportunityId === undefined || update.customer || update.opportunity
        ? task
        : { ...task, answers: { ...task.answers, opportunity: opportunityId } },
    );
  }

  /** Nothing we can do with it: a short kind answer; emoji and thanks get no lecture. */
  private async toNobody(turn: Turn, heard: Heard): Promise<void> {
    const { kind, text, reading, stranger } = heard;
    if (reading.blocked) return turn.reply(blocked(reading.blocked));
    if (kind === 'strange' && stranger)
      return turn.reply(await this.engine.notFound(turn, stranger));
    if (kind === 'number') return turn.reply(noSuchNumber(heard.list?.opportunityIds.length ?? 0));
    if (kind === 'no' || kind === 'edit') return this.engine.nothingOpen(turn);
    if (kind === 'yes' && confirms(text)) return this.engine.nothingOpen(turn);
    if (kind === 'yes' || isThanks(text)) return turn.reply(acknowledged());
    if (!turn.dialog.welcomed) {
      turn.dialog.welcomed = true;
      return turn.reply(welcome(turn.by.name));
    }
    turn.reply(isGreeting(text) ? greeted(turn.by.name) : unknownInput());
  }

  private task(turn: Turn, script: Command, update: ReadUpdate, said: string): Task {
    return {
      script: script.name,
      update,
      said,
      atMs: turn.incoming.at.getTime(),
      answers: {},
    };
  }
}

<<<<<<< Updated upstream
=======
const isNamed = (update: ReadUpdate): boolean =>
  update.customer !== undefined || update.opportunity !== undefined || update.pronoun;

/** What a nameless sentence says of a known opportunity, whether or not it would be an operation by itself. */
function tellings({ reading, kind, text }: Heard, answersReminder: boolean): readonly ReadUpdate[] {
  if (reading.updates.length > 1) return reading.updates;
  const report = kind === 'report';
  const answer = answerIn(reading, report || answersReminder ? 'nextFollowUp' : 'closeOn');
  const update = answer ?? emptyUpdate('log', text);
  if (reading.updates.length > 0) return [update];
  return [{ ...update, intent: report ? 'log' : 'update', span: { start: 0, end: text.length } }];
}

function kindOf(
  text: string,
  reading: Reading,
  command: Heard['command'],
  stranger: string | null,
): ReplyKind {
  if (command) return 'command';
  if (reading.blocked) return 'talk';
  const { updates } = reading;
  if (isBareName(text, updates)) return 'name';
  if (updates.some(({ intent }) => COMMANDS.has(intent))) return 'command';
  if (updates.length > 0 && updates.every(({ itemNumber }) => itemNumber !== undefined))
    return 'numbered';
  if (stranger !== null) return 'strange';
  if (updates.some(({ intent }) => intent === 'update')) return 'update';
  if (updates.length > 0 || tellsOfContact(text) || reading.answer?.channel) return 'report';
  const answer = answerIn(reading, 'closeOn');
  if (!answer || Object.keys(statedBy(answer).patch).length === 0) return 'talk';
  return strangerIn(answer, text) === null ? 'value' : 'talk';
}

/** A sentence that is no command and names nothing known, but seems to name something. */
function strangerOf(text: string, reading: Reading): string | null {
  const { updates, answer } = reading;
  if (text.length > 200 || updates.length > 1 || updates.some(isNamed)) return null;
  if (tellsOfContact(text)) return null;
  const [update] = updates;
  const says = update ?? (answer && Object.keys(statedBy(answer).patch).length > 0 ? answer : null);
  const told = says ?? (answer?.channel ? answer : null);
  // “今天天气不错” holds a day, and nothing that is done with one.
  if (!update && isDayAlone(answerIn(reading, 'nextFollowUp')) && !DATED.test(text)) return null;
  return strangerIn(told, text);
}

/** What a day is said for. */
const DATED = /签|约|推|延|改|提醒|跟进|联系|拜访|见面|聊|谈|电话|打|报价|成交|到期/u;

/** What the open question makes of it, whatever it would be by itself. */
const kindAs = (option: number | null, names: boolean): ReplyKind | null =>
  option !== null ? 'option' : names ? 'name' : null;

/** Nothing but a name: 华为. */
function isBareName(text: string, updates: readonly ReadUpdate[]): boolean {
  return (
    updates.length === 1 &&
    text.length <= MAX_NAME &&
    updates.every(
      (update) =>
        (update.customer ?? update.opportunity) !== undefined &&
        !update.queryKind &&
        update.intent !== 'create' &&
        !saysSomething(update),
    )
  );
}

/** Which option of the open pick list the words name, counted from 1. */
function optionIn(
  question: Question | undefined,
  text: string,
  reading: Reading,
  pipeline: Pipeline,
): number | null {
  if (question?.kind !== 'pick') return null;
  if (question.about === 'loss-reason') {
    const reason = lossReasonOf(pipeline, text);
    const index = question.options.findIndex(({ value }) => value === reason);
    return index >= 0 && text.length <= MAX_NAME && !reading.updates.some(isNamed)
      ? index + 1
      : null;
  }
  const said = nameKey(text);
  if (said.length < 2 || (reading.updates.some(saysSomething) && text.length > 8)) return null;
  const labels = question.options.map(({ label }) => nameKey(label));
  const exact = question.options.findIndex(
    ({ value, label }) => nameKey(value) === said || nameKey(label) === said,
  );
  if (exact >= 0) return exact + 1;
  const fits = labels.flatMap((label, index) =>
    label.includes(said) || said.includes(label) ? [index + 1] : [],
  );
  return fits.length === 1 ? (fits[0] ?? null) : null;
}

>>>>>>> Stashed changes
function openIn(turn: Turn, heard: Heard): OpenThings {
  const { dialog, incoming } = turn;
  const [question] = dialog.questions;
  const now = incoming.at.getTime();
  const open = question?.kind === 'open' && mayAnswer(question, heard) ? question : null;
  return {
    preview: dialog.preview !== null,
    question: open && {
      takesWords: open.takesWords,
      takesNames: ['customer', 'new-title', 'opportunity-words'].includes(open.about),
      optional: open.optional,
    },
    options: question?.kind === 'pick' ? question.options.length : 0,
    listed: heard.list?.opportunityIds.length ?? 0,
    reminders: heard.reminders.length,
    it: dialog.it !== null && now - dialog.it.atMs <= IT_LIFE_MS,
  };
}

/** A day that may be left unsaid is answered by a day alone: “打过了，明天再打” tells of a contact. */
function mayAnswer(question: Question, { kind, reading, text }: Heard): boolean {
  if (question.kind !== 'open' || question.about !== 'when' || !question.optional) return true;
  return kind === 'no' || (isDayAlone(answerIn(reading, 'nextFollowUp')) && !tellsOfContact(text));
}

/** Says when, and nothing else: 明天, 推到周五. */
function isDayAlone(update: ReadUpdate | null): boolean {
  if (!update || update.note !== '' || update.channel) return false;
  const stated = Object.keys(statedBy(update).patch);
  return stated.length > 0 && stated.every((field) => field === 'nextFollowUp');
}

/** 它 / 这单: what was spoken of last, by either side. */
function meantByPronoun(turn: Turn, heard: Heard): string | undefined {
  const { it } = turn.dialog;
  const [reminder, ...others] = heard.reminders;
  if (reminder && others.length === 0 && reminder.at.getTime() > (it?.atMs ?? 0))
    return reminder.opportunityIds[0];
  return it?.opportunityId;
}

const namesOf = (update: ReadUpdate): Partial<ReadUpdate> => ({
  ...(update.customer && { customer: update.customer }),
  ...(update.opportunity && { opportunity: update.opportunity }),
});

/** Free words taken for a name. */
function unknownName(text: string): ReadUpdate {
  const words = text.slice(0, MAX_NAME);
  return {
    ...emptyUpdate('update', text),
    opportunity: {
      value: { kind: 'unknown', words },
      span: { start: 0, end: words.length },
      words,
    },
  };
}
<<<<<<< Updated upstream
=======

const isThanks = (text: string): boolean =>
  /^(?:好的|好|嗯|行|ok)?(?:非?常?(?:谢谢|多谢|感谢|谢了|谢)(?:你|您|啦|了|哈)*|辛苦[了啦]?|收到|明白|知道了|了解|好嘞|好咧|[哈呵嘿嘻]+|再见|拜拜|晚安|thanks?|thx|bye)?你?了?$/iu.test(
    withoutMarks(text),
  );

/** Without punctuation, emoji and what joins them. */
const withoutMarks = (text: string): string => text.replace(/[\s\p{P}\p{S}\p{M}\p{Cf}]/gu, '');

const isGreeting = (text: string): boolean =>
  /^(?:你好|您好|在吗|在不在|hi|hello|嗨|早|早上好|上午好|下午好|晚上好)[\s\p{P}\p{S}啊呀]*$/iu.test(
    text,
  );
>>>>>>> Stashed changes
