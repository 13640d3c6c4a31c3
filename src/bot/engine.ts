import {
  askForEdit,
  earlierStands,
  helpTopic,
  noSuchNumber,
  nothingFound,
  nothingToConfirm,
  previewDropped,
  previewSettledCard,
  questionDropped,
  stillToConfirm,
} from '../chat/index.js';
import type { Card, Message } from '../chat/index.js';
import { emptyUpdate } from '../shorthand/index.js';
import type {
  NameAlias,
  OpportunityName,
  Prompt,
  PromptStore,
  UseCases,
} from '../usecases/index.js';
import type { Patch } from '../domain/index.js';
import { HOUR_MS, derivedId } from '../kernel/index.js';
import { readArgs } from './arg.js';
import { pickOpportunity } from './args/index.js';
import type { ButtonContext, Command, Talk } from './define.js';
import type { Question, Task } from './dialog.js';
import type { NameIndex } from './names.js';
import { worded } from './replying.js';
import { calledIn, wordsFor } from './naming.js';
import { nearest, stripped } from './resolve.js';
import type { Scripts } from './scripts.js';
import type { Ask, Turn } from './turn.js';
import {
  closePreview,
  closeQuestions,
  confirmPreview,
  refuseChange,
  settledFace,
  takeBack,
  titlesOf,
  writeChange,
  writeCreation,
  writePreviewed,
} from './writing.js';

/** So long a short reply may answer a reminder or a numbered list (decisions 12). */
const PROMPT_LIFE_MS = 12 * HOUR_MS;

export interface EngineParts {
  usecases: UseCases;
  prompts: PromptStore;
  names: NameIndex;
  scripts: Scripts;
  leadsSomeone(userid: string): Promise<boolean>;
}

/** Runs scripts and what stands open between them; knows nothing of how a message was read. */
export class Engine {
  constructor(private readonly parts: EngineParts) {}

  /** Runs one task: reads its arguments, asks for what is missing, or lets the script do its work. */
  async run(turn: Turn, task: Task): Promise<void> {
    const command = this.parts.scripts.named(task.script);
    if (!command) return;
    const read = await readArgs(command.args, {
      task,
      turn,
      names: this.parts.names,
      visible: this.visibleTo(turn),
      meantBy: (words) => this.meantBy(turn, words),
    });
    if ('ask' in read) turn.ask(read.ask, task);
    else if ('say' in read) turn.reply(read.say);
    else if ('missing' in read) turn.reply(helpTopic(command));
    else await command.run({ ...(await this.talk(turn, task)), args: read.args });
  }

  /** Answers the open question with `value` and lets its script go on. */
  async answer(turn: Turn, question: Question, value: string): Promise<void> {
    this.closeQuestion(turn, question, value);
    turn.joins = true;
    await this.learnName(turn, question, value);
    await this.run(turn, {
      ...question.task,
      answers: { ...question.task.answers, [question.about]: value },
    });
    this.askNext(turn);
  }

  /** What a message calls an opportunity by besides known names, and whether this person told us what it means. */
  async calledBy(turn: Turn, said: string): Promise<{ words: string; isKnown: boolean } | null> {
    const words = calledIn(said);
    if (words === null) return null;
    return { words, isKnown: (await this.meantBy(turn, words)) !== null };
  }

  /** What this person means by the words, once picked or told. */
  private meantBy(turn: Turn, words: string): Promise<NameAlias | null> {
    return this.parts.usecases.named(turn.by.userid, stripped(words));
  }

  /**
   * Words that had to be settled by a pick mean the same next time, while they could mean no other. A
   * customer's name alone, or a title two of them share, is asked about every time.
   */
  private async learnName(turn: Turn, question: Question, opportunityId: string): Promise<void> {
    if (question.kind !== 'pick' || question.about !== 'opportunity') return;
    const { update, said, answers } = question.task;
    const words = wordsFor(update, said);
    const key = stripped(words);
    const isCustomerOnly = update.customer !== undefined && update.opportunity === undefined;
    const isTitle = question.options.some(({ label }) => stripped(label).startsWith(key));
    if (answers['rest'] !== undefined || key === '' || isCustomerOnly || isTitle) return;
    await this.parts.usecases.nameOpportunity({
      by: turn.by,
      at: turn.incoming.at,
      words,
      key,
      opportunityId,
      among: question.options.map(({ value }) => value),
      shared: false,
    });
  }

  /** Goes on with a task that was completed by what was said. */
  async resume(turn: Turn, question: Question, task: Task): Promise<void> {
    this.closeQuestion(turn, question, '已回复');
    turn.joins = true;
    await this.run(turn, task);
    this.askNext(turn);
  }

  drop(turn: Turn, question: Question): void {
    this.closeQuestion(turn, question, '已取消');
    turn.reply(questionDropped());
    this.askNext(turn);
  }

  private closeQuestion(turn: Turn, question: Question, outcome: string): void {
    const option =
      question.kind === 'pick' ? question.options.find(({ value }) => value === outcome) : null;
    const label = option?.detail ?? option?.label ?? outcome;
    turn.dialog.questions = turn.dialog.questions.filter(({ id }) => id !== question.id);
    turn.dialog.settled = [
      ...turn.dialog.settled,
      { id: question.id, title: question.words, outcome: label },
    ].slice(-10);
  }

  /** What still stands open is put: what else the same message asked, or the same once more. */
  askNext(turn: Turn): void {
    const waiting = turn.dialog.questions;
    if (waiting.length === 0) return;
    turn.asked.push(...waiting);
    turn.dialog.questions = [];
  }

  async confirm(turn: Turn): Promise<void> {
    await confirmPreview(this.parts.usecases, turn);
  }

  cancelPreview(turn: Turn): void {
    const titles = turn.dialog.preview?.items.map(({ title }) => title) ?? [];
    closePreview(turn, '已取消');
    turn.reply(previewDropped(titles));
  }

  askEdit(turn: Turn): void {
    turn.reply(askForEdit(titlesOf(turn.dialog.preview?.items ?? [])));
  }

  /** The engine's own buttons: previews and pick lists. False when the verb is a script's. */
  async tapDialog(
    turn: Turn,
    verb: string,
    argument: string,
    chosen: Record<string, string[]>,
  ): Promise<boolean> {
    if (verb === 'pick' || verb === 'drop') {
      await this.tapPick(turn, verb, argument, chosen);
      return true;
    }
    if (!['yes', 'no', 'edit', 'day'].includes(verb)) return false;
    const [id = '', day = ''] = argument.split(':');
    const { preview } = turn.dialog;
    if (preview?.id !== id) {
      turn.passive = settledFace(turn, id, 'preview');
      return true;
    }
    if (verb === 'edit') {
      this.askEdit(turn);
      turn.passive = previewSettledCard(
        titlesOf(preview.items)
          .map(({ title }) => title)
          .join('、'),
        '修改中：请直接说',
      );
      return true;
    }
    if (verb === 'no') this.cancelPreview(turn);
    else {
      if (verb === 'day') redate(turn, day);
      await this.confirm(turn);
    }
    turn.passive = settledFace(turn, id, 'preview');
    return true;
  }

  private async tapPick(
    turn: Turn,
    verb: 'pick' | 'drop',
    id: string,
    chosen: Record<string, string[]>,
  ): Promise<void> {
    const question = turn.dialog.questions.find((one) => one.id === id);
    if (question?.kind !== 'pick') {
      turn.passive = settledFace(turn, id, 'pick');
      return;
    }
    const option = question.options[Number(chosen['choice']?.[0]) - 1];
    if (verb === 'drop') this.drop(turn, question);
    else if (option) await this.answer(turn, question, option.value);
    else {
      turn.reply(noSuchNumber(question.options.length));
      const again = worded(question, []);
      if (again.kind === 'card') turn.passive = again.card;
      return;
    }
    turn.passive = settledFace(turn, id, 'pick');
  }

  /** A tap on a script's card. */
  async tap(
    turn: Turn,
    command: Command,
    run: (context: ButtonContext) => Promise<void>,
    tapped: { argument: string; said: string },
  ): Promise<void> {
    const task: Task = {
      script: command.name,
      update: emptyUpdate('update', ''),
      said: tapped.said,
      atMs: turn.incoming.at.getTime(),
      answers: {},
    };
    this.answerByTap(turn, command);
    await run({
      ...(await this.talk(turn, task)),
      argument: tapped.argument,
      show: (card: Card) => {
        turn.passive = card;
      },
      askThen: (ask, answers) => turn.ask(ask, { ...task, answers }),
    });
  }

  /** What a card of this script asked in words too is answered by the tap. */
  private answerByTap(turn: Turn, { name }: Command): void {
    const [open] = turn.dialog.questions;
    if (open?.kind === 'open' && open.optional && open.task.script === name)
      this.closeQuestion(turn, open, '已点选');
  }

  /** Ends what stands open when somebody turns to something else. */
  turnAway(turn: Turn): void {
    closeQuestions(turn, '已放弃');
  }

  async editPreview(
    turn: Turn,
    edit: { task(task: Task): Task; patch(patch: Patch): Patch },
  ): Promise<void> {
    const { preview } = turn.dialog;
    const [item] = preview?.items ?? [];
    if (!preview || !item || preview.items.length > 1) {
      this.askEdit(turn);
      return;
    }
    closePreview(turn, '已修改');
    const next = { ...item, patch: edit.patch(item.patch), task: edit.task(item.task) };
    await writePreviewed(this.parts.usecases, turn, next, false);
  }

  nothingOpen(turn: Turn): void {
    turn.reply(nothingToConfirm());
  }

  /** Reminders and numbered lists a short reply may answer, newest first. */
  async openPrompts(turn: Turn): Promise<{ reminders: Prompt[]; list: Prompt | null }> {
    const since = new Date(turn.incoming.at.getTime() - PROMPT_LIFE_MS);
    const open = (await this.parts.prompts.openFor(turn.by.userid, since)).filter(
      ({ id, at }) => !turn.dialog.answeredPrompts.includes(id) && at < turn.incoming.at,
    );
    const reminders = open.filter(({ kind }) => kind === 'reminder');
    // Two reminders about one deal are one thing to answer.
    const seen = new Set<string>();
    return {
      reminders: reminders.filter(({ opportunityIds: [id = ''] }) => !seen.has(id) && seen.add(id)),
      list: open.find(({ kind }) => kind === 'numbered-list') ?? null,
    };
  }

  /** “没找到…”, with the nearest names this person may see. */
  async notFound(turn: Turn, words: string): Promise<Message> {
    return nothingFound(words, nearest(words, await this.parts.names.visibleTo(turn.by)));
  }

  /** A pick list of opportunities by their ids; those no longer visible are left out. */
  async pickAmong(turn: Turn, opportunityIds: readonly string[], words: string): Promise<Ask> {
    const visible = await this.parts.names.visibleTo(turn.by);
    return pickOpportunity(
      words,
      visible.filter(({ id }) => opportunityIds.includes(id)),
      turn.view,
    );
  }

  /** Every open reminder about this opportunity is answered by a contact with its customer. */
  async answerReminders(turn: Turn, opportunityId: string): Promise<void> {
    const since = new Date(turn.incoming.at.getTime() - 30 * 24 * HOUR_MS);
    for (const prompt of await this.parts.prompts.openFor(turn.by.userid, since)) {
      if (prompt.kind === 'reminder' && prompt.opportunityIds.includes(opportunityId))
        turn.dialog.answeredPrompts.push(prompt.id);
    }
  }

  /**
   * Marks what the *previous* message answered. Doing it with the message itself would make a repeat after
   * a crash see no open reminder, and take the sentence for something else.
   */
  async settlePrompts(turn: Turn): Promise<void> {
    for (const id of turn.dialog.answeredPrompts)
      await this.parts.prompts.answered(id, turn.incoming.at);
    turn.dialog.answeredPrompts = [];
  }

  visibleTo(turn: Turn): () => Promise<OpportunityName[]> {
    let known: Promise<OpportunityName[]> | null = null;
    return () => (known ??= this.parts.names.visibleTo(turn.by));
  }

  /**
   * 撤销 by words takes back what the last message did. While that message still waits for a yes or an
   * answer, ending that is what is meant: it never reaches past it to an older change.
   */
  private async undoLast(turn: Turn): Promise<boolean> {
    const { dialog } = turn;
    const [question] = dialog.questions;
    const { atMs: writtenAtMs = 0, targets = [] } = dialog.lastWrite ?? {};
    const isOpen = (one: { atMs: number } | null | undefined): boolean =>
      one ? one.atMs >= writtenAtMs : false;
    const asks = question?.kind === 'open' && question.optional ? null : question;
    if (dialog.preview && isOpen(dialog.preview)) {
      const { atMs } = dialog.preview;
      this.cancelPreview(turn);
      if (atMs !== writtenAtMs) return this.stillWritten(turn, targets);
    } else if (asks && isOpen(asks)) {
      this.drop(turn, asks);
      if (asks.atMs !== writtenAtMs) return this.stillWritten(turn, targets);
    }
    const done = await takeBack(this.parts.usecases, turn, targets);
    if (done) this.stillToConfirm(turn);
    return done;
  }

  /** Reminds of the preview that is still open. */
  stillToConfirm(turn: Turn): void {
    const { preview } = turn.dialog;
    if (preview) turn.reply(stillToConfirm(titlesOf(preview.items).map(({ title }) => title)));
  }

  /** 撤销 ended what was open; what was written before that stands. */
  private stillWritten(turn: Turn, targets: readonly unknown[]): true {
    if (targets.length > 0) turn.reply(earlierStands());
    return true;
  }

  private async meant(
    turn: Turn,
    { script }: Task,
    find: () => Promise<string | null>,
  ): Promise<string | null> {
    const { prompts } = this.parts;
    const { key, at } = turn.incoming;
    const id = derivedId('meant', key, script);
    const before = await prompts.find(id);
    if (before) return before.opportunityIds[0] ?? null;
    const meant = await find();
    if (meant === null) return null;
    await prompts.put({
      id,
      userid: turn.by.userid,
      kind: 'meaning',
      at,
      opportunityIds: [meant],
      answeredAt: at,
    });
    return meant;
  }

  private async talk(turn: Turn, task: Task): Promise<Talk> {
    const { usecases, names, scripts } = this.parts;
    const leads = await this.parts.leadsSomeone(turn.by.userid);
    return {
      by: turn.by,
      at: turn.incoming.at,
      today: turn.today,
      said: task.said,
      usecases,
      policies: turn.policies,
      view: turn.view,
      cause: () => turn.cause(task.said),
      reply: (message) => turn.reply(message),
      refuse: (refusal) => refuseChange(turn, refusal, [], task),
      ask: (ask: Ask) => turn.ask(ask, task),
      change: async (wish) => {
        await writeChange(usecases, turn, wish, task);
        if (wish.followUp) await this.answerReminders(turn, wish.opportunity.id);
      },
      create: (wish) => writeCreation(usecases, turn, wish, task),
      spokeOf: (opportunity) => turn.spokeOf(opportunity),
      undo: (targets) => (targets ? takeBack(usecases, turn, targets) : this.undoLast(turn)),
      numbered: (opportunityIds) =>
        this.parts.prompts.put({
          id: derivedId('list', turn.incoming.key),
          userid: turn.by.userid,
          kind: 'numbered-list',
          at: turn.incoming.at,
          opportunityIds: [...opportunityIds],
          answeredAt: null,
        }),
      meant: (find) => this.meant(turn, task, find),
      abilities: () => scripts.for(turn.by, leads),
      nameOf: (userid) => names.nameOf(userid),
    };
  }
}

/** The other reading of an ambiguous date was tapped. */
function redate(turn: Turn, day: string): void {
  for (const item of turn.dialog.preview?.items ?? []) {
    if (item.patch.closeOn) item.patch = { ...item.patch, closeOn: day };
    else if (item.patch.nextFollowUp)
      item.patch = { ...item.patch, nextFollowUp: { ...item.patch.nextFollowUp, day } };
  }
}
