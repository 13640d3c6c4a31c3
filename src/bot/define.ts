import type { z } from 'zod';
import type { Member, Refusal } from '../domain/index.js';
import type { Card, Message, ViewContext } from '../chat/index.js';
import type { Day } from '../kernel/index.js';
import type { Intent, QueryKind } from '../shorthand/index.js';
import type { Cause, FollowUpInput, Policies, UseCases } from '../usecases/index.js';
import type { Stated } from './patch.js';
import type { Ask } from './turn.js';

/** What the reader understood that a script takes on. */
export type Claim = Intent | `query:${QueryKind}`;

/** What someone must be to use it; those who may not are not offered it in 帮助. */
export type Permission = 'anyone' | 'leader';

/** What a script may do, whether it was typed to or tapped. */
export interface Talk {
  by: Member;
  /** When it was said, and the day that was. */
  at: Date;
  today: Day;
  /** The exact sentence. */
  said: string;
  usecases: UseCases;
  policies: Policies;
  view: ViewContext;
  /** A fresh cause for one write. */
  cause: () => Cause;
  reply: (message: Message) => void;
  /** Words a refusal kindly, or asks for what would lift it. */
  refuse: (refusal: Refusal) => void;
  /** Asks something short; the answer runs this script again with it. */
  ask: (ask: Ask) => void;
  /** Writes, previews or refuses a change, and says which. */
  change: (change: ChangeWish) => Promise<void>;
  create: (creation: CreateWish) => Promise<void>;
  /** “它” means this one from now on. */
  spokeOf: (opportunity: { id: string; title: string }) => void;
  /** Takes back what the last message changed, or what `targets` name. */
  undo: (targets?: { opportunityId: string; causeId: string }[]) => Promise<boolean>;
  /** Remembers a numbered list, so that “1 推到周五” finds its items. */
  numbered: (opportunityIds: readonly string[]) => Promise<void>;
  /**
   * What this message means, where it names nothing: found once and remembered, so that a repeat after a
   * crash means the same although its effect has changed what `find` would find. Null is not remembered.
   */
  meant: (find: () => Promise<string | null>) => Promise<string | null>;
  /** The abilities this person has, for 帮助. */
  abilities: () => Ability[];
  nameOf: (userid: string) => string;
}

export interface ChangeWish {
  opportunity: { id: string; title: string };
  stated: Stated;
  followUp?: FollowUpInput;
  /** The script goes on to ask for more itself: the next date is not asked for beside it. */
  asksMore?: boolean;
}

export interface CreateWish {
  title: string;
  customerName: string;
  stated: Stated;
}

export interface RunContext<Args> extends Talk {
  args: Args;
}

export interface ButtonContext extends Talk {
  /** What follows the verb in the button's key. */
  argument: string;
  /** Rewrites the tapped card; every tap shows the true state. */
  show: (card: Card) => void;
  /** Asks, to be answered by running `script` for this opportunity. */
  askThen: (ask: Ask, answers: Record<string, string>) => void;
}

export interface Ability {
  name: string;
  aliases: string[];
  summary: string;
  usage: string;
  examples: string[];
}

/** One ability, whole: its words, its help, its buttons (style 2.3). */
export interface Command<Args = unknown> extends Ability {
  /** Its place in 帮助: what is needed most comes first. */
  rank: number;
  permission: Permission;
  /** Understood sentences that are its business. */
  claims: Claim[];
  /** Without a name it is about the reminder that waits, not about what was spoken of last. */
  ofReminder: boolean;
  /** Words that claim a question, or what was not understood otherwise, wherever they stand: 谁改的. */
  phrases: string[];
  /** Menu items, each with the sentence it stands for. */
  menu: Record<string, string>;
  args: z.ZodObject;
  run: (context: RunContext<Args>) => Promise<void>;
  buttons: Record<string, (context: ButtonContext) => Promise<void>>;
}

type Definition<Shape extends z.ZodObject> = Pick<
  Command,
  'name' | 'summary' | 'usage' | 'examples'
> &
  Partial<
    Pick<
      Command,
      'rank' | 'aliases' | 'permission' | 'claims' | 'ofReminder' | 'phrases' | 'menu' | 'buttons'
    >
  > & {
    args: Shape;
    run(context: RunContext<z.infer<Shape>>): Promise<void>;
  };

/**
 * Defines a bot script. `args` types `run`; `examples` are read by a test and shown by 帮助.
 *
 * @example export default defineCommand({ name: '推进', …, args: z.object({ opportunity: opportunityRef() }), async run({ args, change }) { … } })
 */
export function defineCommand<Shape extends z.ZodObject>(definition: Definition<Shape>): Command {
  return {
    rank: 50,
    aliases: [],
    permission: 'anyone',
    claims: [],
    ofReminder: false,
    phrases: [],
    menu: {},
    buttons: {},
    ...definition,
    // Args were parsed by the very schema that types them.
    run: (context) => definition.run(context as RunContext<z.infer<Shape>>),
  };
}
