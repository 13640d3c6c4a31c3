import { closedCard, mediaReceived, outsider, welcome } from '../chat/index.js';
import type { Incoming, ViewContext } from '../chat/index.js';
import type { Member } from '../domain/index.js';
import { dayOf } from '../kernel/index.js';
import type { Clock, Logger } from '../kernel/index.js';
import type {
  Directory,
  InboxOutcome,
  OpportunityStore,
  Policies,
  PromptStore,
  UseCases,
} from '../usecases/index.js';
import { mayTellOutsider, parseDialog } from './dialog.js';
import type { Dialog } from './dialog.js';
import { Engine } from './engine.js';
import { Hearing } from './hearing.js';
import { NameIndex } from './names.js';
import type { MakeReader } from './names.js';
import { outcomeOf } from './replying.js';
import { Scripts } from './scripts.js';
import type { LoadedScript } from './scripts.js';
import { Turn } from './turn.js';

export interface BotParts {
  usecases: UseCases;
  directory: Directory;
  /** Read here; saved by whoever keeps the outcome, together with it. */
  dialogs: { load(userid: string): Promise<object | null> };
  prompts: PromptStore;
  opportunities: Pick<OpportunityStore, 'names' | 'namesSince'>;
  policies(): Policies;
  makeReader: MakeReader;
  clock: Clock;
  log: Logger;
  scripts: readonly LoadedScript[];
  /** The signed page of an opportunity for one reader; null without PUBLIC_URL. */
  link?(opportunityId: string, userid: string, at: Date): string | null;
}

export interface Bot {
  /**
   * One incoming → one outcome. Nothing of the conversation is saved here: the same incoming with the same
   * stored dialog has the same effects, so it may be repeated after a crash.
   *
   * A broken world is thrown: the inbox repeats what may pass and apologises for the rest.
   */
  handle(incoming: Incoming): Promise<InboxOutcome>;
}

const SILENCE: InboxOutcome = { reply: null, passive: { kind: 'none' }, dialog: null };

/** @throws AppError when two scripts claim the same word. */
export function createBot(parts: BotParts): Bot {
  const scripts = new Scripts(parts.scripts);
  const names = new NameIndex(parts);
  const engine = new Engine({
    usecases: parts.usecases,
    prompts: parts.prompts,
    names,
    scripts,
    leadsSomeone: async (userid) =>
      (await parts.directory.reportsOf(userid)).some((report) => report !== userid),
  });
  const hearing = new Hearing(engine, scripts);

  async function handle(incoming: Incoming): Promise<InboxOutcome> {
    if (SILENT.has(incoming.kind)) return SILENCE;
    const dialog = parseDialog(await parts.dialogs.load(incoming.from));
    const member = await parts.directory.member(incoming.from);
    if (!member?.isActive) return toOutsider(incoming, dialog);
    const reader = await names.reader();
    const policies = parts.policies();
    const turn = new Turn(incoming, member, dialog, viewOf(incoming, policies), policies);
    await engine.settlePrompts(turn);
    // A conversation is forgotten after a day; that we have met is not.
    dialog.welcomed ||= !(await parts.usecases.firstContact(member.userid, incoming.at));
    switch (incoming.kind) {
      case 'text':
        await hearing.hear(turn, incoming.text, reader);
        break;
      case 'menu':
        await hearing.hear(turn, scripts.menuSentence(incoming.item), reader);
        break;
      case 'tap':
        await tap(turn, incoming);
        break;
      case 'media':
        turn.reply(mediaReceived(incoming.media));
        break;
      case 'subscribed':
        greet(turn, member);
        break;
      case 'opened':
      case 'unsubscribed':
      case 'ignored':
        break;
    }
    parts.log.debug(
      { key: incoming.key, kind: incoming.kind, writes: turn.written.length },
      'handled an incoming',
    );
    return outcomeOf(turn);
  }

  async function tap(turn: Turn, incoming: Extract<Incoming, { kind: 'tap' }>): Promise<void> {
    const at = incoming.button.indexOf(':');
    const verb = at < 0 ? incoming.button : incoming.button.slice(0, at);
    const argument = at < 0 ? '' : incoming.button.slice(at + 1);
    if (await engine.tapDialog(turn, verb, argument, incoming.chosen)) return;
    const script = scripts.button(verb);
    if (script)
      await engine.tap(turn, script.command, script.run, { argument, said: incoming.button });
    // Every tap is answered by the card's true state; a button nobody knows is from another release.
    turn.passive ??= closedCard('商机助手', '这张卡片', '已失效');
  }

  function viewOf(incoming: Incoming, policies: Policies): ViewContext {
    return {
      pipeline: policies.pipeline,
      today: dayOf(incoming.at),
      link: (opportunityId) => parts.link?.(opportunityId, incoming.from, incoming.at) ?? null,
      nameOf: (userid) => names.nameOf(userid),
    };
  }

  return { handle };
}

/** Nothing is said and nothing is remembered about these. */
const SILENT: ReadonlySet<Incoming['kind']> = new Set(['opened', 'unsubscribed', 'ignored']);

function greet(turn: Turn, member: Member): void {
  if (turn.dialog.welcomed) return;
  turn.dialog.welcomed = true;
  turn.reply(welcome(member.name));
}

/** One short answer a day, and never any data (decisions 43). */
function toOutsider(incoming: Incoming, dialog: Dialog): InboxOutcome {
  const today = dayOf(incoming.at);
  const passive: InboxOutcome['passive'] =
    incoming.kind === 'tap'
      ? { kind: 'card', card: closedCard('商机助手', '请联系管理员开通', '没有权限') }
      : { kind: 'none' };
  if (!mayTellOutsider(dialog, today)) return { reply: null, passive, dialog: null };
  return { reply: outsider(), passive, dialog: { ...dialog, outsiderToldOn: today } };
}
