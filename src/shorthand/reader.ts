import { fold, lex, spanOf, wordsAt } from './lexer.js';
import type { Lexed } from './lexer.js';
import { findAttack } from './guard.js';
import { NameIndex } from './name-index.js';
import type {
  Known,
  KnownOpportunity,
  Lexicon,
  NameChanges,
  Reader,
  Reading,
  ReadingCalendar,
  ReadOptions,
  ReadUpdate,
  StageWords,
} from './reading.js';
import { readWholeMessage } from './whole-message.js';
import { readSegment } from './segment-reader.js';
import type { Knowledge } from './segment-reader.js';
import { segments } from './segment.js';
import { findCustomers } from './slots/customer.js';
import { momentOf } from './slots/moment.js';
import { peopleIndex } from './slots/person.js';
import { createStageGrammar } from './slots/stage.js';

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
  const customers = new NameIndex();
  const people = createPeople();
  const knowledge: Knowledge = {
    customers,
    people: people.lookup,
    stages: createStageGrammar(stages),
    stageWords: stages,
  };
  const names = nameChanges(customers, people);
  for (const customer of lexicon.customers) names.putCustomer(customer);
  for (const person of lexicon.people) names.putPerson(person);
  for (const opportunity of lexicon.opportunities ?? []) names.putOpportunity(opportunity);
  for (const alias of lexicon.aliases ?? []) names.putAlias(alias);
  return {
    names,
    read: (text, options) => readMessage(text, options, knowledge, calendar),
  };
}

interface People {
  readonly lookup: ReturnType<typeof peopleIndex>;
  put(person: Known): void;
  drop(id: string): void;
  readonly index: NameIndex;
}

/** Colleagues by full name, given name, pinyin; and by surname for 小王 and 王哥. */
function createPeople(): People {
  const index = new NameIndex((name) => {
    const full = fold(name);
    const given = /^\p{Script=Han}{3}$/u.test(full)
      ? [{ form: full.slice(1), how: 'part' as const }]
      : [];
    return [{ form: full, how: 'exact' as const }, ...given];
  });
  const bySurname = new Map<string, Map<string, string>>();
  const names = new Set<string>();
  const surnameOf = new Map<string, { surname: string; name: string }>();
  const drop = (id: string): void => {
    index.drop(id);
    const known = surnameOf.get(id);
    if (!known) return;
    bySurname.get(known.surname)?.delete(id);
    names.delete(known.name);
    surnameOf.delete(id);
  };
  return {
    index,
    lookup: peopleIndex(index, bySurname, names),
    drop,
    put: (person) => {
      drop(person.id);
      index.put(person.id, person.name, person.alsoSaid);
      const name = fold(person.name);
      const surname = name.slice(0, 1);
      surnameOf.set(person.id, { surname, name });
      names.add(name);
      const namesakes = bySurname.get(surname) ?? new Map<string, string>();
      namesakes.set(person.id, person.name);
      bySurname.set(surname, namesakes);
    },
  };
}

function nameChanges(customers: NameIndex, people: People): NameChanges {
  const nameOf = new Map<string, string>();
  const opportunities = new Map<string, KnownOpportunity>();
  return {
    putCustomer: (customer) => {
      nameOf.set(`customer ${customer.id}`, customer.name);
      customers.put(customer.id, customer.name, customer.alsoSaid);
    },
    dropCustomer: (id) => customers.drop(id),
    putPerson: (person) => {
      nameOf.set(`person ${person.id}`, person.name);
      people.put(person);
    },
    dropPerson: (id) => people.drop(id),
    putOpportunity: (opportunity) => void opportunities.set(opportunity.id, opportunity),
    dropOpportunity: (id) => void opportunities.delete(id),
    putAlias: ({ words, kind, id }) => {
      const name = nameOf.get(`${kind} ${id}`);
      if (name === undefined) return;
      if (kind === 'customer') customers.putAlias(words, id, name);
      else if (kind === 'person') people.index.putAlias(words, id, name);
    },
    dropAlias: ({ words, kind, id }) => {
      if (kind === 'customer') customers.dropAlias(words, id);
      else if (kind === 'person') people.index.dropAlias(words, id);
    },
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
  if (whole) return { ...base, updates: [whole], unread: [] };
  const moment = momentOf(options.now, calendar);
  const customers = findCustomers(lexed.text, knowledge.customers);
  const updates: ReadUpdate[] = [];
  const unread: string[] = [];
  for (const segment of segments(lexed.text, customers, options.numbered ?? false)) {
    const read = readSegment(lexed, segment, knowledge, moment);
    if (read.length > 0) updates.push(...read);
    else unread.push(wordsOf(lexed, segment.start, segment.end));
  }
  return { ...base, updates, unread };
}

function wordsOf(lexed: Lexed, start: number, end: number): string {
  return wordsAt(lexed, spanOf(lexed, start, end)).trim();
}
