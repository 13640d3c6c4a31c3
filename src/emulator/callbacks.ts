import { setTimeout as wait } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { Server } from './call.js';
import type { CallbackKeys, SealedCallback } from './envelope.js';
import { seal, sealEcho } from './envelope.js';
import type { Asked, Passive } from './passive-reply.js';
import { applyPassive, readPassive } from './passive-reply.js';
import type { WireLog } from './wire-log.js';

/** How the emulator behaves as a caller; defaults are the documented ones. */
export interface CallbackTiming {
  /** The answer must be there within this many ms of real time; default 5000. */
  timeoutMs?: number;
  /** How often a failed callback is repeated; default 3. */
  retries?: number;
  /** Real pause before each repetition; not documented, default 200 ms. */
  retryDelayMs?: number;
  /** Whether a status other than 200 counts as failed (90238 says so, 90930 not); default true. */
  retryOnStatus?: boolean;
  /** Whether a repetition is signed anew; not documented, default false: the same bytes. */
  resignRetries?: boolean;
}

/** An HTTP status, or why there was none. */
export type Outcome = number | 'timeout' | 'unreachable';

/** A callback as it went out, kept so that the same bytes can be posted again. */
export interface SentCallback {
  url: string;
  body: string;
  asked: Asked;
}

/** What became of a callback. */
export interface Delivered {
  /** One per attempt. */
  httpStatuses: Outcome[];
  /** The decrypted answer of the last attempt; null for an empty one. */
  passive: Passive | null;
  callback: SentCallback;
}

/** What one repetition of a callback was answered. */
export interface Replayed {
  outcome: Outcome;
  passive: Passive | null;
}

export interface DeliverOptions {
  /** Changes the sealed callback before it goes out, e.g. to break the signature. */
  tamper?: (sealed: SealedCallback) => SealedCallback;
  /** Another receiveid inside the encryption than the CorpID. */
  receiveId?: string;
  /** Another signing time than the emulated now. */
  signedAt?: Date;
  /** Overrides the configured number of repetitions. */
  retries?: number;
}

const VERIFY_TIMEOUT_MS = 1000;

/** Posts callbacks to the app and shows the effect of its passive replies. */
export class CallbackSender {
  readonly #agent = new Agent({ connections: 64 });
  readonly #stopping = new AbortController();
  readonly #timing: Required<CallbackTiming>;
  #url: string | undefined;

  constructor(
    private readonly server: Server,
    private readonly keys: CallbackKeys,
    private readonly log: WireLog,
    timing: CallbackTiming = {},
    url?: string,
  ) {
    this.#url = url;
    this.#timing = {
      timeoutMs: 5000,
      retries: 3,
      retryDelayMs: 200,
      retryOnStatus: true,
      resignRetries: false,
      ...timing,
    };
  }

  get url(): string | undefined {
    return this.#url;
  }

  /** Takes a callback URL without asking it anything, or forgets it. */
  useUrl(url: string | undefined): void {
    this.#url = url;
  }

  /**
   * What happens when the administrator saves a callback URL: a GET that must return the decrypted
   * echo, bare, within one second. Throws when it does not, and the old URL stays.
   */
  async verifyUrl(url: string): Promise<void> {
    const { query, expected } = sealEcho(this.keys, this.server.clock.now());
    const response = await request(withQuery(url, query), {
      method: 'GET',
      dispatcher: this.#agent,
      signal: this.signalFor(VERIFY_TIMEOUT_MS),
    });
    const body = await response.body.text();
    if (response.statusCode !== 200 || body !== expected) {
      throw new Error(
        `callback URL verification failed: HTTP ${response.statusCode}, ` +
          `body ${JSON.stringify(body.slice(0, 80))} instead of ${JSON.stringify(expected)}`,
      );
    }
    this.#url = url;
  }

  /** Sends one callback, repeating it as WeCom does, and applies the passive reply. */
  async deliver(xml: string, asked: Asked, options: DeliverOptions = {}): Promise<Delivered> {
    const url = this.#url;
    if (url === undefined) throw new Error('the app has no callback URL');
    let callback = this.sealFor(url, xml, asked, options);
    const httpStatuses: Outcome[] = [];
    let passive: Passive | null = null;
    const retries = options.retries ?? this.#timing.retries;
    for (let attempt = 0; attempt <= retries; attempt += 1) {
      if (attempt > 0) {
        await wait(this.#timing.retryDelayMs, undefined, { signal: this.#stopping.signal });
        if (this.#timing.resignRetries) callback = this.sealFor(url, xml, asked, options);
      }
      const { outcome, body } = await this.post(callback);
      httpStatuses.push(outcome);
      if (outcome === 200) {
        passive = await this.read(body, asked);
        if (passive) applyPassive(this.server, asked, passive);
      }
      if (!this.hasFailed(outcome)) break;
    }
    this.log.addCallback({
      at: this.server.clock.now().toISOString(),
      userid: asked.userid,
      xml,
      httpStatuses,
      passive: passive === null ? null : passive.kind === 'rejected' ? passive.reason : passive.xml,
    });
    return { httpStatuses, passive, callback };
  }

  /** Posts the same bytes again; the answer is read but shows nobody anything. */
  async replay(callback: SentCallback): Promise<Replayed> {
    const { outcome, body } = await this.post(callback);
    return { outcome, passive: outcome === 200 ? await this.read(body, callback.asked) : null };
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#agent.destroy();
  }

  private sealFor(url: string, xml: string, asked: Asked, options: DeliverOptions): SentCallback {
    const at = options.signedAt ?? this.server.clock.now();
    const sealed = seal(this.keys, xml, this.server.app.agentId, at, options.receiveId);
    const { query, body } = options.tamper ? options.tamper(sealed) : sealed;
    return { url: withQuery(url, query), body, asked };
  }

  private async post(callback: SentCallback): Promise<{ outcome: Outcome; body: string }> {
    const signal = this.signalFor(this.#timing.timeoutMs);
    try {
      const response = await request(callback.url, {
        method: 'POST',
        headers: { 'content-type': 'text/xml' },
        body: callback.body,
        dispatcher: this.#agent,
        signal,
      });
      return { outcome: response.statusCode, body: await response.body.text() };
    } catch (error) {
      if (this.#stopping.signal.aborted) throw error;
      // No answer is an ordinary outcome here: it is what the repetitions are for.
      return { outcome: signal.aborted ? 'timeout' : 'unreachable', body: '' };
    }
  }

  private read(body: string, asked: Asked): Promise<Passive | null> {
    return readPassive(this.keys, body, asked, this.server, (path, text) =>
      this.log.warn('callback', path, text),
    );
  }

  private hasFailed(outcome: Outcome): boolean {
    return typeof outcome === 'string' || (this.#timing.retryOnStatus && outcome !== 200);
  }

  private signalFor(timeoutMs: number): AbortSignal {
    return AbortSignal.any([AbortSignal.timeout(timeoutMs), this.#stopping.signal]);
  }
}

function withQuery(url: string, query: Record<string, string>): string {
  const full = new URL(url);
  for (const [name, value] of Object.entries(query)) full.searchParams.set(name, value);
  return full.href;
}
