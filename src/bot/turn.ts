import type { Member } from '../domain/index.js';
import type { Card, Incoming, Message, PreviewFacts, ViewContext } from '../chat/index.js';
import { derivedId } from '../kernel/index.js';
import type { Cause, Policies } from '../usecases/index.js';
import type { Dialog, PreviewItem, Question, Task } from './dialog.js';

/** What a script asks for, before it is numbered and kept. */
export type Ask =
  | {
      kind: 'open';
      about: string;
      words: string;
      takesWords?: boolean;
      optional?: boolean;
      /** The card that was tapped asks it already: it is kept, not said. */
      silent?: boolean;
    }
  | {
      kind: 'pick';
      about: string;
      words: string;
      options: { value: string; label: string; detail?: string }[];
    };

/**
 * One incoming being handled: what it has said so far, and the conversation as it will be afterwards.
 * Nothing here is saved until the whole turn is, so that a repeat begins from the same state.
 */
export class Turn {
  readonly parts: Message[] = [];
  readonly previews: { item: PreviewItem; facts: PreviewFacts }[] = [];
  readonly asked: Question[] = [];
  /** Ids of questions that a card asks already. */
  readonly silent = new Set<string>();
  readonly written: { opportunityId: string; causeId: string }[] = [];
  /** Contacts recorded without a next date: a day said next is that date. */
  readonly undated: Task[] = [];
  /** This turn goes on with an earlier message: its previews join the one that message left open. */
  joins = false;
  /** The card's new face, for taps. */
  passive: Card | null = null;
  #causes = 0;

  constructor(
    readonly incoming: Incoming,
    readonly by: Member,
    readonly dialog: Dialog,
    readonly view: ViewContext,
    readonly policies: Policies,
  ) {}

  get today(): string {
    return this.view.today;
  }

  /** The cause of the next write of this turn; numbered, so a repeat numbers alike. */
  cause(said: string): Cause {
    return {
      causeId: `${this.incoming.key}#${this.#causes++}`,
      by: this.by,
      at: this.incoming.at,
      said,
    };
  }

  reply(message: Message): void {
    this.parts.push(message);
  }

  ask(ask: Ask, task: Task): void {
    const frame = {
      id: derivedId('q', this.incoming.key, this.asked.length),
      atMs: this.incoming.at.getTime(),
      about: ask.about,
      words: ask.words,
      task,
    };
    if (ask.kind === 'open' && ask.silent) this.silent.add(frame.id);
    this.asked.push(
      ask.kind === 'pick'
        ? { ...frame, kind: 'pick', options: ask.options }
        : {
            ...frame,
            kind: 'open',
            takesWords: ask.takesWords ?? false,
            optional: ask.optional ?? false,
          },
    );
  }

  preview(item: PreviewItem, facts: PreviewFacts): void {
    this.previews.push({ item, facts });
  }

  wrote(opportunityId: string, causeId: string): void {
    this.written.push({ opportunityId, causeId });
  }

  /** “它” means this one from now on. */
  spokeOf(opportunity: { id: string; title: string }): void {
    this.dialog.it = {
      opportunityId: opportunity.id,
      title: opportunity.title,
      atMs: this.incoming.at.getTime(),
    };
  }
}
