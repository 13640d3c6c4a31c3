import { expect } from '@jest/globals';

import type {
  CardMessage,
  Delivered,
  Member,
  ShownMessage,
  TapOptions,
  Tapped,
} from '../../src/emulator/index.js';
import type { MovableClock } from '../../src/kernel/index.js';

/** Everything a person reads on one bubble, card rows and buttons included. */
export function wordsOf(message: ShownMessage): string {
  switch (message.kind) {
    case 'text':
    case 'markdown':
      return message.content;
    case 'textcard':
      return `${message.title}\n${message.description}`;
    case 'card':
      return cardWords(message);
    default:
      return `[${message.kind}]`;
  }
}

function cardWords({ card, greyedWith }: CardMessage): string {
  const lines = [
    card.source?.desc,
    card.main_title?.title,
    card.main_title?.desc,
    card.quote_area?.title,
    card.quote_area?.quote_text,
    card.sub_title_text,
    ...(card.horizontal_content_list ?? []).map(
      ({ keyname, value }) => `${keyname}：${value ?? ''}`,
    ),
    card.button_selection &&
      `[选择 ${card.button_selection.option_list.map(({ text }) => text).join(' / ')}]`,
    greyedWith
      ? `〔${greyedWith}〕`
      : (card.button_list ?? []).map(({ text }) => `[${text}]`).join(' '),
    (card as { replace_text?: string }).replace_text &&
      `〔${(card as { replace_text?: string }).replace_text}〕`,
  ];
  return lines.filter(Boolean).join('\n');
}

/** A person in a test: says things, taps cards, and sees what comes back. Each act takes a second. */
export class TestMember {
  #seen = 0;

  constructor(
    readonly emulated: Member,
    private readonly clock: MovableClock,
    private readonly settle: () => Promise<void>,
  ) {}

  /** Types a line and waits until all it causes has happened. */
  async says(text: string): Promise<Delivered> {
    return this.act(() => this.emulated.says(text));
  }

  async taps(button: string, options?: TapOptions): Promise<Tapped> {
    return this.act(() => this.emulated.taps(button, options));
  }

  async opens(): Promise<Delivered> {
    return this.act(() => this.emulated.opens());
  }

  async presses(menuItem: string): Promise<Delivered> {
    return this.act(() => this.emulated.menu(menuItem));
  }

  async act<T>(what: () => Promise<T>): Promise<T> {
    this.#seen = this.received().length;
    this.clock.advance(1_000);
    const result = await what();
    await this.settle();
    return result;
  }

  /** All the app has sent to this person, oldest first, as it looks now. */
  received(): ShownMessage[] {
    return this.emulated.inbox().filter(({ from }) => from === 'app');
  }

  /** What came since this person last did something. */
  fresh(): string[] {
    return this.received().slice(this.#seen).map(wordsOf);
  }

  /** Forgets what came so far: the next `shouldSee` looks only at what comes after. */
  reads(): this {
    this.#seen = this.received().length;
    return this;
  }

  last(): string {
    const newest = this.received().at(-1);
    return newest ? wordsOf(newest) : '';
  }

  /** Something that came since the last act says all of this. */
  shouldSee(...words: (string | RegExp)[]): void {
    const fresh = this.fresh();
    const fits = fresh.some((text) =>
      words.every((word) => (typeof word === 'string' ? text.includes(word) : word.test(text))),
    );
    if (!fits) {
      throw new Error(
        `${this.emulated.userid} should see ${words.map(String).join(' · ')}, but saw:\n${fresh.join('\n———\n') || '(nothing)'}`,
      );
    }
    expect(fits).toBe(true);
  }

  shouldSeeNothing(): void {
    expect(this.fresh()).toEqual([]);
  }

  shouldNotSee(word: string | RegExp): void {
    for (const text of this.fresh()) expect(text).not.toMatch(word);
  }
}
