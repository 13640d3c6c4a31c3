import type { IncomingMessage, ServerResponse } from 'node:http';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { readBody } from './api-server.js';
import type { Server } from './call.js';
import type { Delivered } from './callbacks.js';
import type { Faults } from './faults.js';
import type { Member } from './member.js';
import type { WireLog } from './wire-log.js';
import type { GroupChat, WorldEvent } from './world.js';

/** A button of the page that moves the emulated clock. */
export interface TimeControl {
  /** e.g. 到下次提醒 */
  label: string;
  /** Moves the clock and resolves once everything due has happened. */
  run(): Promise<void>;
}

const FILES: Record<string, { file: string; type: string }> = {
  '/chat': { file: 'index.html', type: 'text/html; charset=utf-8' },
  '/chat/style.css': { file: 'style.css', type: 'text/css; charset=utf-8' },
  '/chat/app.js': { file: 'app.js', type: 'text/javascript; charset=utf-8' },
  '/chat/cards.js': { file: 'cards.js', type: 'text/javascript; charset=utf-8' },
  '/chat/markup.js': { file: 'markup.js', type: 'text/javascript; charset=utf-8' },
};

/** What the page may do, always as one of the people. */
const act = z.discriminatedUnion('do', [
  z.object({ do: z.literal('say'), userid: z.string(), text: z.string().min(1).max(20_000) }),
  z.object({
    do: z.literal('tap'),
    userid: z.string(),
    card: z.string(),
    key: z.string(),
    select: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
  }),
  z.object({ do: z.literal('menu'), userid: z.string(), key: z.string() }),
  z.object({ do: z.literal('open'), userid: z.string() }),
  z.object({
    do: z.literal('attach'),
    userid: z.string(),
    kind: z.enum(['image', 'voice', 'video', 'location', 'link']),
  }),
  z.object({ do: z.literal('outage'), on: z.boolean() }),
  z.object({ do: z.literal('time'), index: z.number().int().nonnegative() }),
]);
type Act = z.infer<typeof act>;

const SHOWN_MESSAGES = 300;
const SHOWN_LOG = 60;
const CLOCK_CHECK_MS = 250;
const LOG_PAUSE_MS = 100;

/** The chat window of the demo under /chat: the people's side of the pretend WeCom. */
export class ChatPage {
  readonly #listeners = new Set<ServerResponse>();
  readonly #stopNews: (() => void)[];
  readonly #ticker: NodeJS.Timeout;
  #shownMinute = '';
  #logTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly server: Server,
    private readonly log: WireLog,
    private readonly faults: Faults,
    private readonly member: (userid: string) => Member,
    private readonly options: { appName: string; timeControls: readonly TimeControl[] },
  ) {
    this.#stopNews = [
      server.world.onNews((event) => this.push(this.describe(event))),
      log.onChange(() => this.scheduleLog()),
    ];
    // The clock belongs to the caller and may be moved at any time, so it is looked at.
    this.#ticker = setInterval(() => this.pushClock(), CLOCK_CHECK_MS).unref();
  }

  async serve(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const file = FILES[path];
    if (file && request.method === 'GET') return sendFile(file, response);
    if (path === '/') {
      response.writeHead(302, { location: '/chat' }).end();
    } else if (path === '/chat/state' && request.method === 'GET') {
      sendJson(response, 200, this.state());
    } else if (path === '/chat/events' && request.method === 'GET') {
      this.listen(response);
    } else if (path === '/chat/act' && request.method === 'POST') {
      await this.serveAct(request, response);
    } else {
      response.writeHead(404).end();
    }
  }

  stop(): void {
    clearInterval(this.#ticker);
    clearTimeout(this.#logTimer);
    for (const stop of this.#stopNews) stop();
    for (const listener of this.#listeners) listener.end();
  }

  private async serveAct(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // JSON is not a “simple” content type, so another site cannot post here from a browser.
    if (request.headers['content-type'] !== 'application/json') {
      return sendJson(response, 415, { error: '只接受 application/json' });
    }
    const parsed = act.safeParse(parseJson(await readBody(request)));
    if (!parsed.success) return sendJson(response, 400, { error: '看不懂这个请求' });
    try {
      sendJson(response, 200, await this.perform(parsed.data));
    } catch (error) {
      // What the page asked for cannot be done, e.g. a button greyed a moment ago: shown to the user.
      sendJson(response, 409, { error: error instanceof Error ? error.message : String(error) });
    }
  }

  private async perform(wish: Act): Promise<unknown> {
    switch (wish.do) {
      case 'say':
        return summary(await this.member(wish.userid).says(wish.text));
      case 'tap':
        return summary(
          await this.member(wish.userid).taps(wish.key, {
            card: wish.card,
            ...(wish.select ? { select: wish.select } : {}),
          }),
        );
      case 'menu':
        return summary(await this.member(wish.userid).menu(wish.key));
      case 'open':
        return summary(await this.member(wish.userid).opens());
      case 'attach':
        return summary(await attach(this.member(wish.userid), wish.kind));
      case 'outage':
        this.faults.outage(wish.on);
        return { outage: wish.on };
      case 'time': {
        const control = this.options.timeControls[wish.index];
        if (!control) throw new Error('没有这个时间按钮');
        await control.run();
        this.pushClock();
        return { now: this.now() };
      }
    }
  }

  private state() {
    const { directory, world } = this.server;
    return {
      appName: this.options.appName,
      now: this.now(),
      timeControls: this.options.timeControls.map(({ label }) => label),
      people: directory
        .all()
        .filter(({ status }) => status !== 5)
        .map(({ userid, name, role, position, department, examples }) => ({
          userid,
          key: userid.toLowerCase(),
          name,
          role: role ?? position ?? '',
          department: department
            .map((id) => directory.department(id)?.name ?? '')
            .filter(Boolean)
            .join('、'),
          examples: examples ?? [],
        })),
      groups: this.groups(),
      menu: world.state.menu ?? [],
      conversations: Object.fromEntries(
        Object.entries(world.state.conversations).map(([key, messages]) => [
          key,
          messages.slice(-SHOWN_MESSAGES),
        ]),
      ),
      groupMessages: Object.fromEntries(
        Object.values(world.state.groups).map(({ chatid, messages }) => [
          chatid,
          messages.slice(-SHOWN_MESSAGES),
        ]),
      ),
      log: this.recentLog(),
      outage: this.faults.isOutage,
    };
  }

  private groups() {
    return Object.values(this.server.world.state.groups).map(
      ({ chatid, name, members, kind }: GroupChat) => ({ chatid, name, kind, members }),
    );
  }

  private recentLog() {
    return [
      ...this.log.requests
        .slice(-SHOWN_LOG)
        .map((entry) => ({ direction: 'api' as const, ...entry })),
      ...this.log.callbacks
        .slice(-SHOWN_LOG)
        .map((entry) => ({ direction: 'callback' as const, ...entry })),
    ]
      .sort((a, b) => a.seq - b.seq)
      .slice(-SHOWN_LOG);
  }

  private describe(event: WorldEvent): object {
    switch (event.type) {
      case 'groups-changed':
        return { type: 'groups', groups: this.groups() };
      case 'menu-changed':
        return { type: 'menu', menu: this.server.world.state.menu ?? [] };
      case 'message':
      case 'message-changed':
      case 'group-message':
        return event;
    }
  }

  private now(): string {
    return this.server.clock.now().toISOString();
  }

  private pushClock(): void {
    const minute = this.now().slice(0, 16);
    if (minute === this.#shownMinute) return;
    this.#shownMinute = minute;
    this.push({ type: 'clock', now: this.now() });
  }

  /** Many log lines in a burst are shown together. */
  private scheduleLog(): void {
    if (this.#listeners.size === 0) return;
    this.#logTimer ??= setTimeout(() => {
      this.#logTimer = undefined;
      this.push({ type: 'log', log: this.recentLog() });
    }, LOG_PAUSE_MS);
  }

  private listen(response: ServerResponse): void {
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
    });
    response.write('retry: 1000\n\n');
    this.#listeners.add(response);
    response.on('close', () => this.#listeners.delete(response));
  }

  private push(news: object): void {
    for (const listener of this.#listeners) listener.write(`data: ${JSON.stringify(news)}\n\n`);
  }
}

/** Something other than text, as a person would send it while out visiting. */
function attach(
  member: Member,
  kind: 'image' | 'voice' | 'video' | 'location' | 'link',
): Promise<Delivered> {
  switch (kind) {
    case 'image':
      return member.sendsImage();
    case 'voice':
      return member.sendsVoice();
    case 'video':
      return member.sendsVideo();
    case 'location':
      return member.sendsLocation('上海市黄浦区人民大道 200 号');
    case 'link':
      return member.sendsLink('客户官网', 'https://example.com', '公司介绍');
  }
}

function summary(result: { httpStatuses: unknown[]; passive: unknown; opened?: string }) {
  return { httpStatuses: result.httpStatuses, opened: result.opened ?? null };
}

function parseJson(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8')) as unknown;
  } catch {
    // Answered as a request that cannot be understood.
    return null;
  }
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

async function sendFile(
  { file, type }: { file: string; type: string },
  response: ServerResponse,
): Promise<void> {
  const content = await readFile(new URL(`./page/${file}`, import.meta.url));
  response.writeHead(200, {
    'content-type': type,
    'cache-control': 'no-cache',
    'content-security-policy': "default-src 'self'; img-src 'self' https: data:",
  });
  response.end(content);
}
