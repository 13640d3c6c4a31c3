import { z } from 'zod';

import { createCalendar } from '../domain/index.js';
import { CONTRACT_STAGES, toContract } from './contract.js';
import { createReader } from './reader.js';
import type { Reader } from './reading.js';

const Line = z.object({
  id: z.union([z.string(), z.number()]),
  text: z.string(),
  now: z.string(),
  known: z
    .object({ customers: z.array(z.string()).default([]), people: z.array(z.string()).default([]) })
    .default({ customers: [], people: [] }),
});
type Known = z.infer<typeof Line>['known'];

/** Lines of one conversation know the same names; building an index once for them is enough. */
const MOST_READERS = 64;

/** One line of the contract answered; `problem` says why a line was not read. */
export interface LineAnswer {
  readonly out?: string;
  readonly problem?: string;
}

/** Answers lines of the contract one by one, keeping a reader per set of known names. Never throws. */
export function createLineAnswerer(): (line: string) => LineAnswer {
  const calendar = createCalendar([]);
  const readers = new Map<string, Reader>();
  const readerFor = (known: Known): Reader => {
    const key = JSON.stringify(known);
    let reader = readers.get(key);
    if (!reader) {
      reader = createReader({
        lexicon: { customers: named(known.customers), people: named(known.people) },
        calendar,
        stages: CONTRACT_STAGES,
      });
      if (readers.size >= MOST_READERS) readers.delete(readers.keys().next().value ?? '');
      readers.set(key, reader);
    }
    return reader;
  };
  return (line) => {
    let id: string | number | undefined;
    try {
      const raw: unknown = JSON.parse(line);
      id = idOf(raw);
      const { text, now, known } = Line.parse(raw);
      const at = new Date(now);
      if (Number.isNaN(at.getTime())) throw new Error(`not a time: ${now}`);
      const { updates } = readerFor(known).read(text, { now: at });
      return { out: JSON.stringify({ id, updates: updates.map(toContract) }) };
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      return { problem, ...(id === undefined ? {} : { out: JSON.stringify({ id, updates: [] }) }) };
    }
  };
}

const named = (names: readonly string[]): { id: string; name: string }[] =>
  [...new Set(names)].map((name) => ({ id: name, name }));

/** The line's id even when the rest of it is broken, so that an answer can be given. */
function idOf(raw: unknown): string | number | undefined {
  if (typeof raw !== 'object' || raw === null || !('id' in raw)) return undefined;
  return typeof raw.id === 'string' || typeof raw.id === 'number' ? raw.id : undefined;
}
