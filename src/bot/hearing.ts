import {
  acknowledged,
  blocked,
  colleagueUnknown,
  dayWords,
  greeted,
  noSuchNumber,
  notDeletable,
  pickFirst,
  unknownInput,
  unwritten,
  welcome,
} from '../chat/index.js';
import { lossReasonOf } from '../domain/index.js';
import { emptyUpdate } from '../shorthand/index.js';
import type { Intent, ReadUpdate, Reader, Reading } from '../shorthand/index.js';
import type { Command } from './define.js';
import type { Question, Task } from './dialog.js';
import type { Engine } from './engine.js';
import {
  DAY_MEANS,
  LONGEST_NAME,
  answerIn,
  bareDay,
  mergeUpdates,
  placeless,
  statedBy,
  unknownName,
} from './patch.js';
import type { Scripts } from './scripts.js';
import { classify, isDayAlone, isGreeting, isNamed, isThanks, tellings } from './reply-kind.js';
import type { Heard } from './reply-kind.js';
import { confirms, ownerOf, tellsOfContact } from './short-reply.js';
import type { OpenThings } from './short-reply.js';
import type { Ask, Turn } from './turn.js';

/** These leave what stands open as it is; 撤销 ends it by itself. */
const LEAVES_OPEN: ReadonlySet<Intent> = new Set(['query', 'help', 'undo']);

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
    const stranger = handedTo(heard);
    if (stranger !== null) return turn.reply(colleagueUnknown(stranger));
    const { it } = turn.dialog;
    if (it && !heard.command && ASKS_HOW_IT_GOES.test(text)) {
      const update = { ...emptyUpdate('query', text), pronoun: true };
      return this.run(turn, heard, update, it.opportunityId);
    }
    const reason = this.reasonInPreview(turn, heard);
    if (reason !== null) return this.engine.editPreview(turn, toldReason(reason));
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
        return this.toIt(turn, heard);
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
        : this.askedOutright(text, reading);
    const called = await this.engine.calledBy(turn, text);
    return {
      text,
      reading,
      command,
      word,
      called,
      reminders,
      list,
      ...classify(text, reading, {
        question: turn.dialog.questions[0],
        pipeline: turn.policies.pipeline,
        command: command !== null,
        called,
      }),
    };
  }

  /** A claimed question the reader made nothing of, or took for a report: 谁把华为二期的赢率改了. */
  private askedOutright(text: string, { updates, blocked }: Reading): Heard['command'] {
    const isOther = updates.some(
      (update) => update.intent !== 'log' || Object.keys(statedBy(update).patch).length > 0,
    );
    // “客户问谁改的方案” tells of a question instead of asking it.
    if (blocked || isOther || (updates.length > 0 && /[问说]/u.test(text))) return null;
    const command = this.scripts.byPhrase(text);
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

  /** Another reason, while a loss waits for its yes: 竞品. */
  private reasonInPreview(turn: Turn, { text, named, command }: Heard): string | null {
    const [item] = turn.dialog.preview?.items ?? [];
    if (item?.patch.outcome?.kind !== 'lost' || named || command) return null;
    return text.length > LONGEST_NAME ? null : lossReasonOf(turn.policies.pipeline, text);
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
        ...mergeUpdates(placeless(task.update), update),
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
    if (heard.number === null) {
      turn.reply(pickFirst());
      return this.engine.askNext(turn);
    }
    const option = question.options[heard.number - 1];
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

  /** What was spoken of last. A bare day may mean its signing or its next contact: asked, not guessed. */
  private async toIt(turn: Turn, heard: Heard): Promise<void> {
    const { it } = turn.dialog;
    const day = bareDay(heard.reading);
    const update = answerIn(heard.reading, 'nextFollowUp');
    const script = update && this.scripts.byUpdate(update);
    if (!it || !day || !script) return this.toOpportunity(turn, heard, it?.opportunityId, false);
    const task = this.task(turn, script, update, heard.text);
    turn.ask(whichDay(it.title, dayWords(day, turn.today)), {
      ...task,
      answers: { opportunity: it.opportunityId },
    });
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
        '这是哪个商机的跟进？',
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
      const task = {
        ...this.task(turn, command.command, update, text),
        answers: { rest: command.rest, ...(it !== undefined && { it }) },
      };
      const reminded = heard.reminders.flatMap(({ opportunityIds }) => opportunityIds);
      if (!command.command.ofReminder || heard.named || reminded.length === 0)
        return this.engine.run(turn, task);
      const [only = '', ...others] = reminded;
      if (others.length > 0)
        return turn.ask(await this.engine.pickAmong(turn, reminded, '说的是哪一个的提醒？'), task);
      return this.engine.run(turn, { ...task, answers: { ...task.answers, opportunity: only } });
    }
    const writes = reading.updates.some(({ intent }) => !LEAVES_OPEN.has(intent));
    if (writes) this.engine.turnAway(turn);
    // “老王那单 加10万”: the reader knows no such name, and takes nothing nameless for an order.
    const isCalled = heard.called?.isKnown && heard.kind === 'value';
    const updates = isCalled ? tellings(heard, false) : reading.updates;
    if (updates.length === 0 || heard.kind === 'strange') return this.toNobody(turn, heard);
    const it = meantByPronoun(turn, heard);
    for (const update of updates)
      await this.run(turn, heard, update, pointsBack(update, heard) ? it : undefined);
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
    // A value that cannot be is the only thing said: 华为二期 赢率120%.
    if (reading.answer?.refused.length)
      return turn.reply({ kind: 'text', text: statedBy(reading.answer).remarks.join('\n') });
    if (kind === 'number') return turn.reply(noSuchNumber(heard.list?.opportunityIds.length ?? 0));
    if (kind === 'no' || kind === 'edit') return this.engine.nothingOpen(turn);
    if (kind === 'yes' && confirms(text)) return this.engine.nothingOpen(turn);
    if (kind === 'yes' || isThanks(text)) return turn.reply(acknowledged());
    if (DELETING.test(text)) return turn.reply(notDeletable(turn.dialog.it?.title ?? null));
    const [asked] = turn.dialog.questions;
    if (asked?.kind === 'pick' && !isGreeting(text)) {
      turn.reply(pickFirst());
      return this.engine.askNext(turn);
    }
    if (!turn.dialog.welcomed) {
      turn.dialog.welcomed = true;
      return turn.reply(welcome(turn.by.name));
    }
    turn.reply(isGreeting(text) ? greeted(turn.by.name) : unknownInput());
    if (turn.dialog.preview) this.engine.stillToConfirm(turn);
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
      named: now - open.atMs <= IT_LIFE_MS && namesWhatIsAskedOf(open, heard),
    },
    options: question?.kind === 'pick' ? question.options.length : 0,
    listed: heard.list?.opportunityIds.length ?? 0,
    reminders: heard.reminders.length,
    it:
      dialog.it !== null &&
      now - dialog.it.atMs <= IT_LIFE_MS &&
      !(question?.kind === 'pick' && question.atMs >= dialog.it.atMs),
  };
}

/** “比亚迪产线 12月底签”, after 比亚迪产线 was found to lack its day of signing. */
function namesWhatIsAskedOf({ about, task }: Question, { reading, command }: Heard): boolean {
  const [update, ...others] = reading.updates;
  if (about !== 'slots' || command || others.length > 0 || update?.intent !== 'update')
    return false;
  const named = update.opportunity?.value;
  return named?.kind === 'one' && named.id === task.answers['opportunity'];
}

/** A day that may be left unsaid is answered by a day alone: “打过了，明天再打” tells of a contact. */
function mayAnswer(question: Question, { kind, reading, text }: Heard): boolean {
  if (question.kind !== 'open' || question.about !== 'when' || !question.optional) return true;
  return kind === 'no' || (isDayAlone(answerIn(reading, 'nextFollowUp')) && !tellsOfContact(text));
}

/** Names nothing, or 它: what was spoken of last is meant. */
const pointsBack = (update: ReadUpdate, { called }: Heard): boolean =>
  called === null && (!isNamed(update) || update.pronoun);

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

/** Without a name: 进展如何？ */
const ASKS_HOW_IT_GOES =
  /^(?:现在|目前|最近)?(?:有什么|有啥)?(?:进展|进度|情况|怎么样|咋样)(?:如何|怎么样|怎样|咋样|到哪)?[了呢吗\s\p{P}]*$/u;

/** The edit of a waiting loss that gives it this reason. */
const toldReason = (reason: string): Parameters<Engine['editPreview']>[1] => ({
  patch: (before) => ({ ...before, outcome: { kind: 'lost', reason } }),
  task: (before) => ({ ...before, answers: { ...before.answers, 'loss-reason': reason } }),
});

const DELETING = /^(?:请|帮我|把|将)*\s*(?:删除|删掉|删了)|(?:删除|删掉|删了)[\s\p{P}]*$/u;

/** 华为二期 转给王二麻子: handed, by its name, to somebody who is not in the directory. */
function handedTo({ text, reading }: Heard): string | null {
  const handed = /\s*(?:转给|转派给|转交给?|移交给?|交给)\s*(\p{L}{2,8})[\s\p{P}]*$/u.exec(text);
  const about = reading.answer?.opportunity ?? reading.answer?.customer;
  if (!handed || !about || reading.blocked) return null;
  const isRead = reading.updates.some(({ intent }) => intent === 'assign');
  return !isRead && about.span.end === handed.index ? (handed[1] ?? null) : null;
}

/** The answer decides which field the day is (`statedFields`). */
function whichDay(title: string, day: string): Ask {
  return {
    kind: 'pick',
    about: DAY_MEANS,
    words: `“${title}” ${day} 是指？`,
    options: [
      { value: 'nextFollowUp', label: '下次跟进' },
      { value: 'closeOn', label: '预计签约' },
    ],
  };
}
