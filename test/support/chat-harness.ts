import type { Card, Incoming, Message } from '../../src/chat/index.js';
import { wordNotice } from '../../src/chat/index.js';
import { dayOf } from '../../src/kernel/index.js';
import { createBot, loadScripts } from '../../src/bot/index.js';
import type { Bot } from '../../src/bot/index.js';
import { createReader } from '../../src/shorthand/index.js';
import { createUseCases } from '../../src/usecases/index.js';
import type { InboxOutcome, UseCases } from '../../src/usecases/index.js';
import { anOpportunity, memoryWorld } from '../../src/usecases/testing/index.js';
import type { MemoryWorld } from '../../src/usecases/testing/index.js';
import type { Opportunity } from '../../src/domain/index.js';

const ALSO_SAID: Record<string, string[]> = {
  qualify: ['需求'],
  propose: ['方案'],
  negotiate: ['谈判', '商务'],
};

/** What is sent, without the frame every incoming has. */
type Said = Incoming extends infer Each
  ? Each extends Incoming
    ? Omit<Each, 'key' | 'from' | 'at'>
    : never
  : never;

/** A person in the chat: says things, taps buttons, reads answers. */
export interface Person {
  /** Sends a text and answers the reply's words; '' for silence. */
  says(text: string): Promise<string>;
  /** Taps a button of the last card by its text; `chosen` picks from its drop-down. */
  taps(buttonText: string, chosen?: string): Promise<{ card: Card | null; reply: string }>;
  tapsKey(key: string, cardId?: string): Promise<{ card: Card | null; reply: string }>;
  sends(incoming: Said): Promise<InboxOutcome>;
  /** The newest notice waiting for this person, worded; its card is then the last one. */
  receives(): string;
  /** The last card received, as a reply or a notice. */
  lastCard(): Card | null;
  /** Handles the last incoming once more from the conversation as it was before it. */
  repeatsLast(): Promise<InboxOutcome>;
}

export interface Chat {
  world: MemoryWorld;
  usecases: UseCases;
  bot: Bot;
  person(userid: string): Person;
  has(changes?: Partial<Opportunity>): Promise<Opportunity>;
  opportunity(title: string): Promise<Opportunity | undefined>;
  /** Replaces what the conversation remembers. */
  forget(userid: string, dialog: object): void;
}

/** The engine with the shipped scripts, the real reader and the real verbs over a world in memory. */
export async function startChat(options: Parameters<typeof memoryWorld>[0] = {}): Promise<Chat> {
  const world = memoryWorld(options);
  const usecases = createUseCases(world);
  const dialogs = new Map<string, object>();
  const bot = createBot({
    usecases,
    directory: world.directory,
    dialogs: { load: async (userid) => dialogs.get(userid) ?? null },
    prompts: world.prompts,
    opportunities: world.opportunities,
    policies: () => world.policies(),
    makeReader: (lexicon, { pipeline, calendar }) =>
      createReader({
        lexicon,
        calendar,
        stages: pipeline.stages.map(({ id, name }) => ({
          id: id,
          name,
          alsoSaid: ALSO_SAID[id] ?? [],
        })),
      }),
    clock: world.clock,
    log: world.log,
    scripts: await loadScripts(['bot-scripts']),
  });
  let count = 0;

  function person(userid: string): Person {
    let card: Card | null = null;
    let last: { incoming: Incoming; dialog: object | undefined } | null = null;
    const receive = (message: Message | null): string => {
      if (message?.kind === 'card') card = message.card;
      return message?.text ?? '';
    };
    async function handle(body: Said): Promise<InboxOutcome> {
      world.clock.advance(1000);
      const incoming = {
        ...body,
        key: `m${++count}`,
        from: userid,
        at: world.clock.now(),
      };
      last = { incoming, dialog: structuredClone(dialogs.get(userid)) };
      const outcome = await bot.handle(incoming);
      if (outcome.dialog) dialogs.set(userid, JSON.parse(JSON.stringify(outcome.dialog)) as object);
      await usecases.relayAll(100);
      return outcome;
    }
    async function tapsKey(
      button: string,
      cardId = 'card',
      chosen: Record<string, string[]> = {},
    ): Promise<{ card: Card | null; reply: string }> {
      const tap = { kind: 'tap', button, cardId, chosen, responseCode: 'r' } as const;
      const outcome = await handle(tap);
      return {
        card: outcome.passive.kind === 'card' ? outcome.passive.card : null,
        reply: receive(outcome.reply),
      };
    }
    return {
      tapsKey,
      says: async (text) => receive((await handle({ kind: 'text', text })).reply),
      async taps(buttonText, chosen) {
        const button = card?.buttons.find(({ text }) => text === buttonText);
        if (!button) throw new Error(`no button ${buttonText} on ${JSON.stringify(card)}`);
        const tapped = await tapsKey(
          button.key,
          'card',
          chosen === undefined ? {} : { choice: [chosen] },
        );
        if (tapped.card) card ??= tapped.card;
        return tapped;
      },
      sends: handle,
      receives() {
        const row = world.outbox
          .all()
          .filter(
            ({ to, content, updatesCardId }) =>
              to.kind === 'person' &&
              to.userid === userid &&
              content.kind === 'notice' &&
              !updatesCardId,
          )
          .at(-1);
        if (row?.content.kind !== 'notice') return '';
        return receive(
          wordNotice(row.content.notice, {
            pipeline: world.policies().pipeline,
            today: dayOf(world.clock.now()),
            link: () => null,
          }),
        );
      },
      lastCard: () => card,
      async repeatsLast() {
        if (!last) throw new Error('nothing was said yet');
        if (last.dialog) dialogs.set(userid, last.dialog);
        else dialogs.delete(userid);
        return bot.handle(last.incoming);
      },
    };
  }

  return {
    world,
    usecases,
    bot,
    person,
    async has(changes = {}) {
      const opportunity = anOpportunity(changes);
      await world.opportunities.insert(opportunity);
      return opportunity;
    },
    forget(userid, dialog) {
      dialogs.set(userid, dialog);
    },
    async opportunity(title) {
      const name = (await world.opportunities.names()).find((one) => one.title === title);
      return name ? ((await world.opportunities.load(name.id)) ?? undefined) : undefined;
    },
  };
}
