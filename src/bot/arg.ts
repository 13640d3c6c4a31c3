import { z } from 'zod';
import type { Message } from '../chat/index.js';
import type { NameAlias, OpportunityName } from '../usecases/index.js';
import type { Task } from './dialog.js';
import type { NameIndex } from './names.js';
import type { Ask, Turn } from './turn.js';

/*
 * Typed arguments of scripts. Each helper is a zod schema that also knows where its value comes from:
 * the Reading, an answer given since, or the words after a command.
 */

export interface ArgInput {
  task: Task;
  turn: Turn;
  names: NameIndex;
  visible: () => Promise<OpportunityName[]>;
  /** What this person means by the words, once picked or told (N7). */
  meantBy: (words: string) => Promise<NameAlias | null>;
}

/** What was found for one argument. */
export type Found<T> =
  | { found: T }
  /** Not said. `ask` is how to ask when the script cannot do without. */
  | { absent: true; ask?: Ask; say?: Message }
  /** Said, but it needs settling first, needed or not. */
  | { ask: Ask }
  | { say: Message };

type Source<T> = (input: ArgInput) => Found<T> | Promise<Found<T>>;

const sources = new WeakMap<z.ZodType, Source<unknown>>();

/** A schema of `T` whose value `source` finds. */
export function arg<T>(source: Source<T>): z.ZodType<T> {
  const schema = z.custom<T>((value) => value !== undefined);
  sources.set(schema, source);
  return schema;
}

export const absent = { absent: true } as const;

/** Not said, and asked for: the next words of the person are taken as the answer to `about`. */
export const askedInWords = (about: string, words: string): Found<never> => ({
  absent: true,
  ask: { kind: 'open', about, words, takesWords: true },
});

/** Reads a script's arguments; stops at the first one that must be asked for. */
export async function readArgs(
  shape: z.ZodObject,
  input: ArgInput,
): Promise<{ args: unknown } | { ask: Ask } | { say: Message } | { missing: string }> {
  const raw: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(shape.shape)) {
    const optional = schema instanceof z.ZodOptional;
    const inner: unknown = optional ? schema.unwrap() : schema;
    const found = await sources.get(inner as z.ZodType)?.(input);
    if (!found) continue;
    if ('found' in found) raw[name] = found.found;
    else if (!('absent' in found)) return found;
    else if (!optional) {
      if (found.ask) return { ask: found.ask };
      return found.say ? { say: found.say } : { missing: name };
    }
  }
  const parsed = shape.safeParse(raw);
  return parsed.success ? { args: parsed.data } : { missing: Object.keys(raw).join() };
}
