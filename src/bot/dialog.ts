import { z } from 'zod';
import type { Patch } from '../domain/index.js';
import type { Day } from '../kernel/index.js';
import { INTENTS } from '../shorthand/index.js';
import type { ReadUpdate } from '../shorthand/index.js';
import type { FollowUpInput } from '../usecases/index.js';

/*
 * What a conversation remembers between two messages (X07), saved with the reply that caused it and
 * forgotten after a day. Plain JSON; instants are epoch milliseconds.
 */

const record = z.record(z.string(), z.unknown());

const readUpdate = z.custom<ReadUpdate>(
  (value) =>
    record.safeParse(value).success &&
    (INTENTS as readonly unknown[]).includes((value as ReadUpdate).intent) &&
    Array.isArray((value as ReadUpdate).contacts),
);
const patch = z.custom<Patch>((value) => record.safeParse(value).success);
const followUp = z.custom<FollowUpInput>((value) => record.safeParse(value).success);

/** Something a script is to do, resumable with the answers it still lacks. */
const task = z.object({
  /** The script's name. */
  script: z.string(),
  update: readUpdate,
  /** The sentence that started it, and when: later answers do not move its dates. */
  said: z.string(),
  atMs: z.number(),
  /** What was picked or answered since, by what was asked for. */
  answers: z.record(z.string(), z.string()),
});
export type Task = z.infer<typeof task>;

const openQuestion = z.object({
  kind: z.literal('open'),
  id: z.string(),
  atMs: z.number(),
  /** Which answer of the task it fills; `slots` merges whatever fields are said. */
  about: z.string(),
  /** The question as it was put. */
  words: z.string(),
  /** Free words are an answer, not only values. */
  takesWords: z.boolean(),
  /** May be left unanswered: anything that looks like something else is something else. */
  optional: z.boolean(),
  task,
});

const pickQuestion = z.object({
  kind: z.literal('pick'),
  id: z.string(),
  atMs: z.number(),
  about: z.string(),
  words: z.string(),
  options: z.array(
    z.object({
      value: z.string(),
      label: z.string(),
      /** Tells it from another of the same label. */
      detail: z.string().exactOptional(),
    }),
  ),
  task,
});

const question = z.discriminatedUnion('kind', [openQuestion, pickQuestion]);
export type Question = z.infer<typeof question>;

const previewItem = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('change'),
    opportunityId: z.string(),
    title: z.string(),
    patch,
    followUp: followUp.nullable(),
    said: z.string(),
    /** The task behind it, for what a 是 may still lack (criteria, a reason). */
    task,
  }),
  z.object({
    kind: z.literal('create'),
    title: z.string(),
    customerName: z.string(),
    patch,
    said: z.string(),
    task,
  }),
]);
export type PreviewItem = z.infer<typeof previewItem>;

const dialog = z.object({
  version: z.literal(1),
  welcomed: z.boolean(),
  /** The day an outsider was last told whom to ask. */
  outsiderToldOn: z.string().nullable(),
  /** 它 / 这单: what was last spoken of. */
  it: z.object({ opportunityId: z.string(), title: z.string(), atMs: z.number() }).nullable(),
  preview: z
    .object({
      id: z.string(),
      atMs: z.number(),
      items: z.array(previewItem).min(1),
    })
    .nullable(),
  /** The first one is open, the others wait behind it. */
  questions: z.array(question),
  /** What 撤销 takes back: everything the last message changed. */
  lastWrite: z
    .object({
      atMs: z.number(),
      targets: z.array(z.object({ opportunityId: z.string(), causeId: z.string() })),
    })
    .nullable(),
  /** Previews and pick lists that are over, so that a later tap sees what became of them. */
  settled: z.array(z.object({ id: z.string(), title: z.string(), outcome: z.string() })),
  /** Reminders answered by the last message; marked so in the store with the next one. */
  answeredPrompts: z.array(z.string()),
});
export type Dialog = z.infer<typeof dialog>;

const emptyDialog = (): Dialog => ({
  version: 1,
  welcomed: false,
  outsiderToldOn: null,
  it: null,
  preview: null,
  questions: [],
  lastWrite: null,
  settled: [],
  answeredPrompts: [],
});

/** A stored dialog of another version, or a broken one, is a forgotten conversation: never an error. */
export function parseDialog(stored: object | null): Dialog {
  const parsed = dialog.safeParse(stored);
  return parsed.success ? structuredClone(parsed.data) : emptyDialog();
}

const MAX_SETTLED = 10;

/** Remembers how a preview or pick list ended. */
export function settle(state: Dialog, id: string, title: string, outcome: string): void {
  state.settled = [...state.settled.filter((one) => one.id !== id), { id, title, outcome }].slice(
    -MAX_SETTLED,
  );
}

/** An outsider hears it once a day. */
export function mayTellOutsider(state: Dialog, today: Day): boolean {
  return state.outsiderToldOn !== today;
}
