import { findAttack } from './guard.js';
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
import { readAnswer, readSegment } from './segment-reader.js';
import type { Knowledge } from './segment-reader.js';
import { segments } from './segment.js';
import { momentOf } from './slots/moment.js';
import { createStageGrammar } from './slots/stage.js';
import { findSubjects } from './slots/subject.js';
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

function readMessage(
  typed: string,
  options: ReadOptions,
  knowledge: Knowledge,
  calendar: ReadingCalendar,
): Reading {
  const lexed = lex(typed);
  const base = { text: lexed.source, cut: lexed.cut };
  const blocked = findAttack(lexed.text);
  if (blocked) return { ...base, updates: [], unread: [lexed.source], blocked };
  if (!/[\p{L}\p{N}]/u.test(lexed.text)) {
    return { ...base, updates: [], unread: lexed.source.trim() === '' ? [] : [lexed.source] };
  }
  const whole = readWholeMessage(lexed);
  if (whole) return { ...base, updates: [whole], unread: [], answer: whole };
  const moment = momentOf(options.now, calendar);
  const subjects = findSubjects(lexed.text, knowledge.names);
  const updates: ReadUpdate[] = [];
  const unread: string[] = [];
  for (const segment of segments(lexed.text, subjects, options.numbered ?? false)) {
    const read = readSegment(lexed, segment, knowledge, moment);
    if (read.length > 0) updates.push(...read);
    else unread.push(wordsOf(lexed, segment.start, segment.end));
  }
  const answer = updates[0] ?? readAnswer(lexed, subjects, knowledge, moment);
  return { ...base, updates, unread, ...(answer ? { answer } : {}) };
}

function wordsOf(lexed: Lexed, start: number, end: number): string {
  return wordsAt(lexed, spanOf(lexed, start, end)).trim();
}
