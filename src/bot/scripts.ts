import type { Member } from '../domain/index.js';
import { AppError } from '../kernel/index.js';
import type { ReadUpdate } from '../shorthand/index.js';
import type { ButtonContext, Claim, Command } from './define.js';

/** A script and the file it came from, for error messages. */
export interface LoadedScript {
  file: string;
  command: Command;
}

/** Words before a command's rest: 帮助 审批, 建群：…, 同意#12. */
const REST = /^[\s:：,，#@＠]/u;

/** Who claims which words, understood sentences, menu items and buttons. */
export class Scripts {
  readonly #byWord = new Map<string, Command>();
  readonly #byName = new Map<string, Command>();
  readonly #byClaim = new Map<Claim, Command>();
  readonly #byButton = new Map<string, (context: ButtonContext) => Promise<void>>();
  readonly #buttonOwner = new Map<string, Command>();
  readonly #menu = new Map<string, string>();
  readonly #commands: Command[];

  /** @throws AppError when two scripts claim the same thing, naming both files. */
  constructor(loaded: readonly LoadedScript[]) {
    const owners = new Map<string, string>();
    const claim = (what: string, file: string) => {
      const other = owners.get(what);
      if (other !== undefined)
        throw new AppError(`two bot scripts claim ${what}: ${other} and ${file}`, {
          code: 'bot.script-conflict',
          hint: 'rename one of them, or remove its alias, claim or button',
        });
      owners.set(what, file);
    };
    for (const { file, command } of loaded) {
      for (const word of [command.name, ...command.aliases]) {
        claim(`the word ${word}`, file);
        this.#byWord.set(word, command);
      }
      for (const one of command.claims) {
        claim(`the intent ${one}`, file);
        this.#byClaim.set(one, command);
      }
      for (const [verb, handler] of Object.entries(command.buttons)) {
        claim(`the button ${verb}`, file);
        this.#byButton.set(verb, handler);
        this.#buttonOwner.set(verb, command);
      }
      for (const [item, sentence] of Object.entries(command.menu)) {
        claim(`the menu item ${item}`, file);
        this.#menu.set(item, sentence);
      }
      this.#byName.set(command.name, command);
    }
    this.#commands = loaded.map(({ command }) => command);
  }

  named(name: string): Command | undefined {
    return this.#byName.get(name);
  }

  /** A message that begins or ends with a command's word, and the rest of it. */
  byWord(text: string): { command: Command; rest: string } | null {
    const said = text.normalize('NFKC').trim();
    let best: { command: Command; word: string } | null = null;
    for (const [word, command] of this.#byWord) {
      const fits = said === word || (said.startsWith(word) && REST.test(said.slice(word.length)));
      if (fits && word.length > (best?.word.length ?? 0)) best = { command, word };
    }
    if (!best) return this.byLastWord(said);
    const rest = said.slice(best.word.length).replace(/^[\s:：,，]+/u, '');
    return { command: best.command, rest };
  }

  /** 华为二期 撤回申请 */
  private byLastWord(said: string): { command: Command; rest: string } | null {
    const at = said.search(/\s\S+$/u);
    const command = at < 0 ? undefined : this.#byWord.get(said.slice(at).trim());
    return command ? { command, rest: said.slice(0, at).trim() } : null;
  }

  /** The script whose business an understood update is. */
  byUpdate(update: ReadUpdate): Command | undefined {
    if (handsOver(update)) return this.#byClaim.get('assign');
    if (update.intent !== 'query') return this.#byClaim.get(update.intent);
    const kind = update.queryKind?.value;
    return (kind && this.#byClaim.get(`query:${kind}`)) ?? this.#byClaim.get('query');
  }

  /** A question that holds a claimed phrase: 华为二期 谁改的金额. */
  byPhrase(text: string): Command | undefined {
    return this.#commands.find(({ phrases }) => phrases.some((phrase) => text.includes(phrase)));
  }

  button(
    verb: string,
  ): { command: Command; run: (context: ButtonContext) => Promise<void> } | null {
    const run = this.#byButton.get(verb);
    const command = this.#buttonOwner.get(verb);
    return run && command ? { run, command } : null;
  }

  /** The sentence a menu item stands for; its own label when no script names it. */
  menuSentence(item: string): string {
    return this.#menu.get(item) ?? item;
  }

  /** What 帮助 offers this person. */
  for(member: Member, leadsSomeone: boolean): Command[] {
    return this.#commands
      .filter(({ permission }) => permission === 'anyone' || leadsSomeone || member.isAdmin)
      .sort((a, b) => a.rank - b.rank);
  }
}

/** “谈判 50万 转给李四”: among other changes, somebody else gets it. */
const handsOver = ({ intent, assignee, note }: ReadUpdate): boolean =>
  intent === 'update' && assignee !== undefined && /转给|转派|移交|交给/u.test(note);
