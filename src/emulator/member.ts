import type { Server } from './call.js';
import type { CallbackSender, Delivered } from './callbacks.js';
import type { CardButton, TemplateCard } from './card.js';
import type { Person } from './directory.js';
import { messageId, opaqueId } from './ids.js';
import type { CardTap, MemberMessage, Origin } from './incoming-xml.js';
import { cardTapXml, eventXml, messageXml } from './incoming-xml.js';
import type { MenuButton } from './menu.js';
import { issueResponseCode } from './messages.js';
import type { CardMessage, MessageBody, ShownMessage } from './world.js';

/** What a tap came to: a callback, or the page its button opens. */
export type Tapped = Delivered | { httpStatuses: []; passive: null; opened: string };

export interface TapOptions {
  /** The card: by bubble id, msgid or task_id. The latest one that shows the button when absent. */
  card?: string;
  /** Answers by question_key; what the card preselects counts where nothing is given. */
  select?: Record<string, string | string[]>;
  /**
   * Taps the button as the card was first sent, like a phone that has not heard of an update yet.
   * Without it a greyed or replaced button cannot be tapped.
   */
  stale?: boolean;
}

/** A person of the pretend company who writes to the app, taps its cards and reads its messages. */
export class Member {
  constructor(
    private readonly person: Person,
    private readonly server: Server,
    private readonly callbacks: CallbackSender,
  ) {}

  get userid(): string {
    return this.person.userid;
  }

  /** Types a line into the app's conversation. */
  says(content: string): Promise<Delivered> {
    return this.send({ type: 'text', content }, { kind: 'text', content });
  }

  sendsImage(): Promise<Delivered> {
    const mediaId = opaqueId();
    return this.send(
      { type: 'image', picUrl: `https://wework.qpic.cn/${mediaId}`, mediaId },
      { kind: 'image', mediaId },
    );
  }

  sendsVoice(): Promise<Delivered> {
    const mediaId = opaqueId();
    return this.send({ type: 'voice', mediaId, format: 'amr' }, { kind: 'voice', mediaId });
  }

  sendsVideo(): Promise<Delivered> {
    const mediaId = opaqueId();
    return this.send(
      { type: 'video', mediaId, thumbMediaId: opaqueId() },
      { kind: 'video', mediaId },
    );
  }

  sendsLocation(label: string, latitude = 31.2304, longitude = 121.4737): Promise<Delivered> {
    return this.send(
      { type: 'location', latitude, longitude, scale: 15, label },
      { kind: 'location', latitude, longitude, label },
    );
  }

  sendsLink(title: string, url: string, description = ''): Promise<Delivered> {
    return this.send(
      { type: 'link', title, description, url, picUrl: '' },
      { kind: 'link', title, description, url },
    );
  }

  /** Enters the app's visible range: the subscribe event, sent once by WeCom. */
  subscribes(): Promise<Delivered> {
    return this.notify('subscribe');
  }

  /** Opens the app's conversation: enter_agent, as often as it is opened. */
  opens(): Promise<Delivered> {
    return this.notify('enter_agent');
  }

  /** Presses a button of the app's menu, named by its key, its name or, for links, its URL. */
  menu(keyOrName: string): Promise<Delivered> {
    const buttons = (this.server.world.state.menu ?? []).flatMap((button): MenuButton[] =>
      button.sub_button ? button.sub_button : [button],
    );
    const button = buttons.find(({ key, name, url }) => [key, name, url].includes(keyOrName));
    if (!button) throw new Error(`the app menu has no button ${keyOrName}`);
    return button.type === 'view'
      ? this.notify('view', button.url)
      : this.notify('click', button.key);
  }

  /** Taps a button, the submit button or an item of the action menu, by its caption or its key. */
  async taps(captionOrKey: string, options: TapOptions = {}): Promise<Tapped> {
    const card = this.findCard(captionOrKey, options);
    const face = this.faceOf(card, options);
    if (!face) throw new Error(`the card of ${card.at} has greyed its buttons`);
    const target = findTarget(face, captionOrKey);
    if (!target) throw new Error(`the card of ${card.at} has no button ${captionOrKey}`);
    if ('opens' in target) return { httpStatuses: [], passive: null, opened: target.opens };
    return this.sendTap(card, face, target, options.select ?? {});
  }

  /** What the app has sent this person, oldest first; cards as they look now. */
  inbox(): ShownMessage[] {
    return this.conversation().filter((message) => message.from === 'app');
  }

  /** Both sides of the conversation. */
  conversation(): ShownMessage[] {
    return structuredClone([...this.server.world.conversation(this.userid)]);
  }

  /** The latest card in the inbox that was not recalled. */
  latestCard(): CardMessage | undefined {
    return this.inbox().findLast(isOpenCard);
  }

  /**
   * Calls `listener` for every message from the app from now on.
   * @returns a function that stops it.
   */
  onMessage(listener: (message: ShownMessage) => void): () => void {
    const own = this.userid.toLowerCase();
    return this.server.world.onNews((event) => {
      if (event.type === 'message' && event.conversation === own && event.message.from === 'app') {
        listener(structuredClone(event.message));
      }
    });
  }

  /**
   * The first message of the inbox after `afterSeq` that satisfies `isWanted`, waiting for it when
   * it is not there yet. Changed cards count too. Rejects after `timeoutMs` of real time.
   */
  sees(
    isWanted: (message: ShownMessage) => boolean,
    { afterSeq = 0, timeoutMs = 5000 }: { afterSeq?: number; timeoutMs?: number } = {},
  ): Promise<ShownMessage> {
    const find = () => this.inbox().find((message) => message.seq > afterSeq && isWanted(message));
    const already = find();
    if (already) return Promise.resolve(already);
    return new Promise((resolve, reject) => {
      const stop = this.server.world.onNews(() => {
        const found = find();
        if (!found) return;
        clearTimeout(timer);
        stop();
        resolve(found);
      });
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`${this.userid} saw no such message within ${timeoutMs} ms`));
      }, timeoutMs);
    });
  }

  private send(message: MemberMessage, shown: MessageBody): Promise<Delivered> {
    this.server.world.show(this.userid, shown, { from: 'member', via: 'typed' });
    const origin = this.origin();
    const xml = messageXml(origin, messageId(origin.now), message);
    return this.callbacks.deliver(xml, { userid: this.userid, onlyCardUpdates: false });
  }

  private notify(event: string, eventKey?: string): Promise<Delivered> {
    const xml = eventXml(this.origin(), event, eventKey);
    return this.callbacks.deliver(xml, { userid: this.userid, onlyCardUpdates: false });
  }

  private sendTap(
    card: CardMessage,
    face: TemplateCard,
    target: TapTarget & { key: string },
    select: Record<string, string | string[]>,
  ): Promise<Delivered> {
    const origin = this.origin();
    const msgid = card.msgid ?? '';
    const responseCode = issueResponseCode(this.server, msgid, origin.now);
    const tap: CardTap = {
      event: target.isMenu ? 'template_card_menu_event' : 'template_card_event',
      eventKey: target.key,
      taskId: face.task_id ?? card.card.task_id ?? '',
      cardType: face.card_type,
      responseCode,
      selected: selectedItems(face, select),
    };
    return this.callbacks.deliver(cardTapXml(origin, tap), {
      userid: this.userid,
      tap: { msgid, responseCode },
      onlyCardUpdates: !target.isMenu,
    });
  }

  private findCard(captionOrKey: string, options: TapOptions): CardMessage {
    const cards = this.server.world.conversation(this.userid).filter(isOpenCard);
    if (options.card !== undefined) {
      const wanted = options.card;
      const named = cards.findLast((message) =>
        [message.id, message.msgid, message.card.task_id].includes(wanted),
      );
      if (!named) throw new Error(`${this.userid} has no card ${wanted}`);
      return named;
    }
    const tappable = cards.findLast((card) => {
      const face = this.faceOf(card, options);
      return face !== null && findTarget(face, captionOrKey) !== undefined;
    });
    if (!tappable) throw new Error(`${this.userid} sees no card with a button ${captionOrKey}`);
    return tappable;
  }

  /** The card whose buttons can be tapped; null when they are greyed. */
  private faceOf(message: CardMessage, options: TapOptions): TemplateCard | null {
    if (options.stale) return this.server.world.state.sent[message.msgid ?? '']?.card ?? null;
    return message.greyedWith === undefined ? message.card : withoutDisabled(message.card);
  }

  private origin(): Origin {
    const { app, clock } = this.server;
    return { corpId: app.corpId, agentId: app.agentId, userid: this.userid, now: clock.now() };
  }
}

type TapTarget = { isMenu: boolean; key: string } | { isMenu: boolean; opens: string };

function isOpenCard(message: ShownMessage): message is CardMessage {
  return message.kind === 'card' && message.recalled !== true;
}

/** A greyed card keeps only its action menu. */
function withoutDisabled(card: TemplateCard): TemplateCard | null {
  if (!card.action_menu) return null;
  return { card_type: card.card_type, action_menu: card.action_menu };
}

function findTarget(
  card: TemplateCard,
  captionOrKey: string,
): (TapTarget & { key: string }) | { isMenu: boolean; opens: string } | undefined {
  const isNamed = (text: string | undefined, key: string | undefined) =>
    text === captionOrKey || key === captionOrKey;
  const button = card.button_list?.find(({ text, key }) => isNamed(text, key));
  if (button) return targetOf(button);
  const submit = card.submit_button;
  if (submit && isNamed(submit.text ?? '提交', submit.key)) {
    return { isMenu: false, key: submit.key };
  }
  const action = card.action_menu?.action_list.find(({ text, key }) => isNamed(text, key));
  return action ? { isMenu: true, key: action.key } : undefined;
}

function targetOf(button: CardButton) {
  return button.type === 1
    ? { isMenu: false, opens: button.url ?? '' }
    : { isMenu: false, key: button.key ?? '' };
}

function selectedItems(card: TemplateCard, select: Record<string, string | string[]>) {
  const questions = [
    ...(card.button_selection ? [card.button_selection] : []),
    ...(card.select_list ?? []),
  ].map(({ question_key, selected_id, option_list }) => ({
    questionKey: question_key,
    preselected: [selected_id ?? option_list[0]?.id ?? ''],
  }));
  const votes = card.checkbox
    ? [
        {
          questionKey: card.checkbox.question_key,
          preselected: card.checkbox.option_list
            .filter(({ is_checked }) => is_checked)
            .map(({ id }) => id),
        },
      ]
    : [];
  return [...questions, ...votes].map(({ questionKey, preselected }) => {
    const chosen = select[questionKey];
    return {
      questionKey,
      optionIds:
        chosen === undefined ? preselected : typeof chosen === 'string' ? [chosen] : chosen,
    };
  });
}
