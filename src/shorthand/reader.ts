import { holdsLetter } from './characters.js';
import { findAttack } from './guard.js';
import { isNews } from './intent.js';
import { lex, spanOf, wordsAt } from './lexer.js';
import type { Lexed } from './lexer.js';
import { createNames } from './lexicon.js';
import type {
  Lexicon,
  Reader,
  Reading,
  ReadingCalendar,
  ReadOptions,
  ReadUpdate,
  StageWords,
} from './reading.js';
import { readAnswer } from './segment/answer.js';
import { isHeadline, segments } from './segment/cut.js';
import type { Knowledge } from './segment/draft.js';
import { readSegment } from './segment/read.js';
import { momentOf } from './slots/moment.js';
import { createStageGrammar } from './slots/stage.js';
import { findSubjects } from './slots/subject.js';
import { isForAnotherPurpose } from './unsaid.js';
import { readWholeMessage } from './whole-message.js';

export interface ReaderParts {
  readonly lexicon: Lexicon;
  readonly calendar: ReadingCalendar;
  readonly stages: readonly StageWords[];
}

/**
 * A reader of sales shorthand for these names, stages and holidays.
 *
 * @example
 * createReader(parts).read('华为二期 300w 谈判 周五签', { now }).updates[0]?.amount?.value.fen // 300_000_000
 */
export function createReader({ lexicon, calendar, stages }: ReaderParts): Reader {
  const names = createNames(lexicon);
  const knowledge: Knowledge = { names, stages: createStageGrammar(stages) };
  return {
    names: names.changes,
    read: (text, options) => readMessage(text, options, knowledge, calendar),
  };
}

/** What a terminal is told (`ESC [31m`: red), not what a person says: 31m would be 31 million. */
const TERMINAL = /[\u001b\u009b]/;

function readMessage(
  typed: string,
  options: ReadOptions,
  knowledge: Knowledge,
  calendar: ReadingCalendar,
): Reading {
  const lexed = lex(typed);
  const base = { text: lexed.source, cut: lexed.cut };
  const blocked = TERMINAL.test(lexed.source) ? 'code' : findAttack(lexed.text);
  if (blocked === 'code') {
    const honest = withoutObjects(lexed);
    const rest =
      honest && findAttack(honest.text) === undefined
        ? readUpdates(honest, options, knowledge, calendar)
        : undefined;
    if (rest?.updates.some(setsField))
      return { ...base, updates: rest.updates.filter(setsField), unread: rest.unread };
  }
  if (blocked) return { ...base, updates: [], unread: [lexed.source], blocked };
  if (!holdsLetter(lexed.text)) {
    return { ...base, updates: [], unread: lexed.source.trim() === '' ? [] : [lexed.source] };
  }
  const whole = readWholeMessage(lexed);
  if (whole) return { ...base, updates: [whole], unread: [], answer: whole };
  return new MessageReading(lexed, readUpdates(lexed, options, knowledge, calendar));
}

/** Small talk is read a second time, for an answer, only when a question is open. */
class MessageReading implements Reading {
  readonly text: string;
  readonly cut: boolean;
  readonly updates: readonly ReadUpdate[];
  readonly unread: readonly string[];
  #readLoosely: (() => ReadUpdate | undefined) | undefined;
  #loose: ReadUpdate | undefined;

  constructor(lexed: Lexed, { updates, unread, readLoosely }: UpdatesRead) {
    this.text = lexed.source;
    this.cut = lexed.cut;
    this.updates = updates;
    this.unread = unread;
    this.#readLoosely = readLoosely;
  }

  get answer(): ReadUpdate | undefined {
    const [said] = this.updates;
    if (said) return said;
    this.#loose = this.#readLoosely?.() ?? this.#loose;
    this.#readLoosely = undefined;
    return this.#loose;
  }
}

/** Nobody reports on more opportunities in one message; what follows is left unread and said so. */
const MOST_SEGMENTS = 60;

interface UpdatesRead {
  readonly updates: readonly ReadUpdate[];
  readonly unread: readonly string[];
  readonly readLoosely: () => ReadUpdate | undefined;
}

function readUpdates(
  lexed: Lexed,
  options: ReadOptions,
  knowledge: Knowledge,
  calendar: ReadingCalendar,
): UpdatesRead {
  if (isNews(lexed.text) || isForAnotherPurpose(lexed.text))
    return { updates: [], unread: [lexed.source.trim()], readLoosely: () => undefined };
  const moment = momentOf(options.now, calendar);
  const subjects = findSubjects(lexed.text, knowledge.names);
  const updates: ReadUpdate[] = [];
  const unread: string[] = [];
  const found = segments(lexed.text, subjects, options.numbered ?? false);
  for (const segment of found.slice(0, MOST_SEGMENTS)) {
    const read = isHeadline(lexed.text, segment, found)
      ? []
      : readSegment(lexed, segment, knowledge, moment);
    if (read.length > 0) updates.push(...read);
    else unread.push(wordsOf(lexed, segment.start, segment.end));
  }
  const rest = found[MOST_SEGMENTS];
  if (rest) unread.push(wordsOf(lexed, rest.start, lexed.text.length));
  return { updates, unread, readLoosely: () => readAnswer(lexed, subjects, knowledge, moment) };
}

/**
 * The message with objects such as `{"$gt":0}` blotted out, when that is all the code in it: an
 * ordinary order stays an order, and only the value that is none is not written.
 */
function withoutObjects(lexed: Lexed): Lexed | undefined {
  const text = lexed.text.replace(/\$?\{[^{}\n]{0,80}\}/g, (object) => ' '.repeat(object.length));
  return text === lexed.text ? undefined : { ...lexed, text };
}

/** Does the update name its customer and state at least one field of its own? */
function setsField(update: ReadUpdate): boolean {
  const fields = [
    update.stage,
    update.stageMove,
    update.amount,
    update.amountChange,
    update.closeOn,
    update.nextFollowUp,
    update.probability,
  ];
  return (
    (update.customer ?? update.opportunity) !== undefined &&
    fields.some((slot) => slot !== undefined)
  );
}

function wordsOf(lexed: Lexed, start: number, end: number): string {
  return wordsAt(lexed, spanOf(lexed, start, end)).trim();
}
