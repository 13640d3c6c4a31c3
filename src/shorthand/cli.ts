/**
 * The shorthand command line: JSONL `{"id","text","now","known"}` on stdin, one JSONL line
 * `{"id","updates"}` per input line on stdout, logs on stderr. One bad line never stops the stream.
 */
import { createInterface } from 'node:readline';
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
const readers = new Map<string, Reader>();
const calendar = createCalendar([]);

function readerFor(known: Known): Reader {
  const key = JSON.stringify(known);
  let reader = readers.get(key);
  if (!reader) {
    const named = (names: readonly string[]): { id: string; name: string }[] =>
      [...new Set(names)].map((name) => ({ id: name, name }));
    reader = createReader({
      lexicon: { customers: named(known.customers), people: named(known.people) },
      calendar,
      stages: CONTRACT_STAGES,
    });
    if (readers.size >= MOST_READERS) readers.delete(readers.keys().next().value ?? '');
    readers.set(key, reader);
  }
  return reader;
}

function answer(line: string): string | undefined {
  let id: string | number | undefined;
  try {
    const raw: unknown = JSON.parse(line);
    if (
      raw &&
      typeof raw === 'object' &&
      'id' in raw &&
      (typeof raw.id === 'string' || typeof raw.id === 'number')
    )
      id = raw.id;
    const { text, now, known } = Line.parse(raw);
    const at = new Date(now);
    if (Number.isNaN(at.getTime())) throw new Error(`not a time: ${now}`);
    const reading = readerFor(known).read(text, { now: at });
    return JSON.stringify({ id, updates: reading.updates.map(toContract) });
  } catch (error) {
    process.stderr.write(
      `shorthand: a line was not read: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    return id === undefined ? undefined : JSON.stringify({ id, updates: [] });
  }
}

process.stdout.on('error', () => process.exit(0));
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  if (line.trim() === '') continue;
  const out = answer(line);
  if (out !== undefined) process.stdout.write(`${out}\n`);
}
