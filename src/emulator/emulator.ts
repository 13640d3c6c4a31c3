import type { AddressInfo } from 'node:net';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { Clock } from '../kernel/index.js';
import { serveApi } from './api-server.js';
import type { DroppedMessage, Server, TokenRepeat } from './call.js';
import type {
  CallbackTiming,
  Delivered,
  DeliverOptions,
  Replayed,
  SentCallback,
} from './callbacks.js';
import { CallbackSender } from './callbacks.js';
import type { Department, Person } from './directory.js';
import { ChatPage } from './chat-page.js';
import type { TimeControl } from './chat-page.js';
import { Directory } from './directory.js';
import { Faults } from './faults.js';
import type { Warning } from './fields.js';
import { opaqueId } from './ids.js';
import { Limits } from './limits.js';
import { Member } from './member.js';
import type { Asked } from './passive-reply.js';
import { parseState, Storage } from './storage.js';
import { revokeTokens } from './tokens.js';
import { groupWithKey, registerWebhook } from './webhooks.js';
import type { LoggedCallback, LoggedRequest } from './wire-log.js';
import { WireLog } from './wire-log.js';
import type { GroupChat, ShownMessage, WorldState } from './world.js';
import { World } from './world.js';

export interface EmulatorOptions {
  clock: Clock;
  corpId: string;
  agentId: number;
  secret: string;
  /** Token of the callback configuration. */
  token: string;
  /** 43 characters. */
  encodingAesKey: string;
  /** Taken as it is; `setCallbackUrl` verifies one. */
  callbackUrl?: string;
  people: readonly Person[];
  departments: readonly Department[];
  /** Default: a free one. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** Where to remember conversations across restarts; in memory only when absent. */
  dataDir?: string;
  callbacks?: CallbackTiming;
  /** Default `new-keeps-old`: every gettoken gives a fresh token and old ones live out their time. */
  tokenRepeat?: TokenRepeat;
  /** Buttons of the demo page that move the clock, e.g. 到明早; the caller moves its own clock. */
  timeControls?: readonly TimeControl[];
  /** What the demo page calls the app; default 商机助手. */
  appName?: string;
  /** Whether the visible range is the root department; default true. appchat needs it (48002). */
  visibleToAll?: boolean;
}

/** A group as a test or the demo page looks at it. */
export interface GroupView {
  readonly chat: Omit<GroupChat, 'messages' | 'webhookKey'>;
  messages(): ShownMessage[];
}

export interface Emulator {
  /** Base URL, e.g. `http://127.0.0.1:41234`: what WECOM_API_BASE_URL is set to. */
  readonly url: string;
  stop(): Promise<void>;

  /** Saves a callback URL as an administrator would: verified by GET first; throws when that fails. */
  setCallbackUrl(url: string): Promise<void>;
  /** Takes a callback URL unverified, or none. */
  useCallbackUrl(url: string | undefined): void;

  /** Throws for an unknown userid. */
  member(userid: string): Member;
  people(): Person[];
  /** Adds a member, or changes one: renamed, disabled, without licence. */
  putPerson(person: Person): void;
  removePerson(userid: string): void;

  /** A group by its chatid, webhook key or name. Throws when there is none. */
  group(wanted: string): GroupView;
  groups(): GroupView[];
  /** Puts a webhook into a group of its own and gives its key. */
  registerWebhook(group: { name: string; members?: readonly string[]; key?: string }): string;

  /** Failures to switch on. */
  readonly faults: Faults;
  /** All API calls so far, or those to one path such as `message/send`. */
  requests(path?: string): LoggedRequest[];
  callbackLog(): LoggedCallback[];
  /** Things the real WeCom accepts but advises against; tests assert there are none. */
  warnings(): Warning[];
  /** Messages swallowed because their receiver had too many. */
  dropped(): DroppedMessage[];

  /** Sends any plaintext XML as a callback; see DeliverOptions for ways to break it. */
  deliver(xml: string, options?: DeliverOptions): Promise<Delivered>;
  /** Posts the same bytes `times` more, at once or one after the other. */
  replay(
    callback: SentCallback,
    times?: number,
    options?: { atOnce?: boolean },
  ): Promise<Replayed[]>;

  /** Makes every access_token invalid at once (40014), as WeCom may do. */
  revokeTokens(): void;
  /** A login code for auth/getuserinfo, good once within five minutes. */
  authorize(userid: string): string;

  snapshot(): WorldState;
  restore(state: WorldState): void;
}

/** Starts a pretend WeCom on its own port. */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const running = new RunningEmulator(options);
  await running.listen(options.port ?? 0, options.host ?? '127.0.0.1');
  return running;
}

class RunningEmulator implements Emulator {
  readonly faults = new Faults();
  readonly #log = new WireLog();
  readonly #world: World;
  readonly #server: Server;
  readonly #callbacks: CallbackSender;
  readonly #storage: Storage | undefined;
  readonly #page: ChatPage;
  readonly #http = createServer((request, response) => void this.serve(request, response));
  #url = '';

  constructor(options: EmulatorOptions) {
    const { clock, corpId, agentId, secret, token, encodingAesKey } = options;
    this.#world = new World(() => clock.now());
    this.#server = {
      app: { corpId, agentId, secret },
      clock,
      directory: new Directory(options.people, options.departments),
      world: this.#world,
      limits: new Limits(),
      tokenRepeat: options.tokenRepeat ?? 'new-keeps-old',
      visibleToAll: options.visibleToAll ?? true,
      loginCodes: new Map(),
      failedLogins: new Map(),
      dropped: [],
      callbackUrl: () => this.#callbacks.url,
    };
    this.#callbacks = new CallbackSender(
      this.#server,
      { corpId, token, encodingAesKey },
      this.#log,
      options.callbacks,
      options.callbackUrl,
    );
    if (options.dataDir !== undefined) {
      const storage = new Storage(options.dataDir, this.#world);
      storage.load();
      this.#log.onChange(() => storage.scheduleSave());
      this.#world.onNews(() => storage.scheduleSave());
      this.#storage = storage;
    }
    this.#page = new ChatPage(
      this.#server,
      this.#log,
      this.faults,
      (userid) => this.member(userid),
      {
        appName: options.appName ?? '商机助手',
        timeControls: options.timeControls ?? [],
      },
    );
  }

  async listen(port: number, host: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#http.once('error', reject).listen(port, host, resolve);
    });
    const address = this.#http.address() as AddressInfo;
    this.#url = `http://${address.family === 'IPv6' ? `[${host}]` : host}:${address.port}`;
  }

  get url(): string {
    return this.#url;
  }

  async stop(): Promise<void> {
    this.#page.stop();
    const closed = new Promise((resolve) => this.#http.close(resolve));
    this.#http.closeAllConnections();
    await this.#callbacks.stop();
    await closed;
    await this.#storage?.close();
  }

  setCallbackUrl(url: string): Promise<void> {
    return this.#callbacks.verifyUrl(url);
  }

  useCallbackUrl(url: string | undefined): void {
    this.#callbacks.useUrl(url);
  }

  member(userid: string): Member {
    const person = this.#server.directory.find(userid);
    if (!person) throw new Error(`nobody is called ${userid} in the emulated company`);
    return new Member(person, this.#server, this.#callbacks);
  }

  people(): Person[] {
    return this.#server.directory.all();
  }

  putPerson(person: Person): void {
    this.#server.directory.put(person);
  }

  removePerson(userid: string): void {
    this.#server.directory.remove(userid);
  }

  group(wanted: string): GroupView {
    const groups = this.#world.state.groups;
    const chat =
      groups[wanted] ??
      groupWithKey(this.#server, wanted) ??
      Object.values(groups).find(({ name }) => name === wanted);
    if (!chat) throw new Error(`there is no group ${wanted}`);
    return viewOf(chat);
  }

  groups(): GroupView[] {
    return Object.values(this.#world.state.groups).map(viewOf);
  }

  registerWebhook(group: { name: string; members?: readonly string[]; key?: string }): string {
    return registerWebhook(this.#server, group);
  }

  requests(path?: string): LoggedRequest[] {
    return this.#log.requests.filter((request) => path === undefined || request.path === path);
  }

  callbackLog(): LoggedCallback[] {
    return [...this.#log.callbacks];
  }

  warnings(): Warning[] {
    return [...this.#log.warnings];
  }

  dropped(): DroppedMessage[] {
    return [...this.#server.dropped];
  }

  deliver(xml: string, options: DeliverOptions = {}): Promise<Delivered> {
    return this.#callbacks.deliver(xml, askedBy(xml, this.#world), options);
  }

  async replay(callback: SentCallback, times = 1, { atOnce = false } = {}): Promise<Replayed[]> {
    const post = () => this.#callbacks.replay(callback);
    if (atOnce) return Promise.all(Array.from({ length: times }, post));
    const results: Replayed[] = [];
    for (let i = 0; i < times; i += 1) results.push(await post());
    return results;
  }

  revokeTokens(): void {
    revokeTokens(this.#server);
  }

  authorize(userid: string): string {
    const code = opaqueId();
    const issuedAt = this.#server.clock.now().getTime();
    this.#server.loginCodes.set(code, { userid, issuedAt, used: false });
    return code;
  }

  snapshot(): WorldState {
    return structuredClone(this.#world.state);
  }

  restore(state: WorldState): void {
    this.#world.state = parseState(JSON.stringify(state));
    this.#world.tell({ type: 'groups-changed' });
    this.#world.tell({ type: 'menu-changed' });
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const path = new URL(request.url ?? '/', 'http://emulator').pathname;
      if (path.startsWith('/cgi-bin/')) {
        await serveApi(this.#server, this.faults, this.#log, request, response);
      } else {
        await this.#page.serve(path, request, response);
      }
    } catch (error) {
      // A mistake of the emulator itself, or a caller that went away: never an answer of WeCom.
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(text);
    }
  }
}

function viewOf(group: GroupChat): GroupView {
  const { chatid, name, owner, members, kind } = group;
  return {
    chat: { chatid, name, owner, members, kind },
    messages: () => structuredClone(group.messages),
  };
}

/** Who a hand-made callback claims to come from, and which card it claims to tap. */
function askedBy(xml: string, world: World): Asked {
  const read = (name: string) =>
    new RegExp(`<${name}>(?:<!\\[CDATA\\[)?([^\\]<]*)`).exec(xml)?.[1] ?? '';
  const msgid = world.state.tasks[read('TaskId')];
  return {
    userid: read('FromUserName'),
    onlyCardUpdates: read('Event') === 'template_card_event',
    ...(msgid === undefined ? {} : { tap: { msgid, responseCode: read('ResponseCode') } }),
  };
}
