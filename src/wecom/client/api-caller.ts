import type { FormData } from 'undici';
import { z } from 'zod';

import type { Clock, Logger } from '../../kernel/index.js';
import { AppError, MINUTE_MS } from '../../kernel/index.js';
import type { AccessToken } from './access-token.js';
import { errcodeError, ruleOf } from './errcodes.js';
import type { HttpAnswer, Transport } from './transport.js';
import { TransportError } from './transport.js';

/** Tries after errcodes that pass by themselves, and after a reading call found nobody. */
const TRIES = 3;
const FIRST_PAUSE_MS = 200;
const MAX_ERRMSG_CHARS = 200;
/** WeCom blocks for as long as the exceeded window; the shortest is a minute. */
const TOO_OFTEN_PAUSE_MS = MINUTE_MS;

export interface ApiCall {
  method: 'GET' | 'POST';
  path: string;
  query?: Record<string, string>;
  body?: string | FormData;
  /** How the call proves who is asking. `query` holds the proof already for gettoken and webhooks. */
  access: 'token' | 'query';
  /**
   * - `freely`: it only reads
   * - `checked`: whoever calls us may repeat it, WeCom recognises the repeat
   * - `once`: WeCom would do it twice, so a lost answer leaves the outcome unknown
   */
  repeat: 'freely' | 'checked' | 'once';
}

export interface ApiCallerOptions {
  transport: Transport;
  clock: Clock;
  sleep: (ms: number) => Promise<void>;
  /** In [0, 1), for jitter. */
  chance: () => number;
  log: Logger;
  /** Never to be seen in an error or a log. */
  secrets: readonly string[];
}

const head = z.looseObject({ errcode: z.number().default(0), errmsg: z.string().default('') });

/** Calls WeCom and deals with everything that is alike for all methods: tokens, errcodes, retries. */
export class ApiCaller {
  readonly #options: ApiCallerOptions;
  /** Methods WeCom told us to leave alone for a while (45009). */
  readonly #pausedUntil = new Map<string, Date>();

  constructor(options: ApiCallerOptions) {
    this.#options = options;
  }

  /** @throws AppError `wecom.<errcode>`, `wecom.unreachable`, `wecom.unknown-outcome`. */
  async call<T>(call: ApiCall, shape: z.ZodType<T>, token?: AccessToken): Promise<T> {
    const { json } = await this.exchange(call, token);
    const result = shape.safeParse(json);
    if (result.success) return result.data;
    throw new AppError(`WeCom answered ${call.path} in an unknown shape`, {
      code: 'wecom.unexpected-answer',
      details: {
        method: call.path,
        problems: result.error.issues.map(({ path }) => path.join('.')),
      },
    });
  }

  /** The answer of a call that worked. */
  async exchange(call: ApiCall, token?: AccessToken): Promise<HttpAnswer> {
    let renewed = false;
    for (let tried = 1; ; tried++) {
      this.refuseWhilePaused(call);
      const value = await token?.get();
      const answer = await this.attempt(call, value, tried);
      if (answer === null) continue;
      const verdict = head.safeParse(answer.json);
      if (!verdict.success) throw unanswered(call, new TransportError('no errcode', true));
      const { errcode, errmsg } = verdict.data;
      if (errcode === 0) return answer;

      const { remedy } = ruleOf(errcode);
      if (remedy === 'token' && token && value !== undefined && !renewed) {
        renewed = true;
        await token.forget(value);
      } else if (remedy === 'soon' && tried < TRIES) {
        await this.pause(call, tried, String(errcode));
      } else {
        throw this.refusal(call, errcode, this.scrubbed(errmsg, call, value));
      }
    }
  }

  /** Null when it should be tried again. */
  private async attempt(
    call: ApiCall,
    token: string | undefined,
    tried: number,
  ): Promise<HttpAnswer | null> {
    const query = { ...(token !== undefined && { access_token: token }), ...call.query };
    const { method, path, body } = call;
    try {
      return await this.#options.transport({
        method,
        path,
        query,
        ...(body !== undefined && { body }),
      });
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      if (call.repeat !== 'freely' || tried >= TRIES) throw unanswered(call, error);
      await this.pause(call, tried, error.reason);
      return null;
    }
  }

  private async pause(call: ApiCall, tried: number, reason: string): Promise<void> {
    const { log, sleep, chance } = this.#options;
    const ms = Math.round(FIRST_PAUSE_MS * 2 ** (tried - 1) * (0.5 + chance()));
    log.warn({ method: call.path, reason, tried, ms }, 'WeCom call failed, trying again');
    await sleep(ms);
  }

  private refusal(call: ApiCall, errcode: number, errmsg: string): AppError {
    if (errcode !== 45009) return errcodeError(errcode, call.path, errmsg);
    const until = new Date(this.#options.clock.now().getTime() + TOO_OFTEN_PAUSE_MS);
    this.#pausedUntil.set(pauseKey(call), until);
    return errcodeError(errcode, call.path, errmsg, until);
  }

  private refuseWhilePaused(call: ApiCall): void {
    const until = this.#pausedUntil.get(pauseKey(call));
    if (until === undefined) return;
    if (until > this.#options.clock.now()) {
      throw errcodeError(45009, call.path, 'resting since the last refusal', until);
    }
    this.#pausedUntil.delete(pauseKey(call));
  }

  /** errmsg may echo what we sent. */
  private scrubbed(errmsg: string, call: ApiCall, token: string | undefined): string {
    return [...this.#options.secrets, call.query?.['key'], token]
      .filter((secret): secret is string => secret !== undefined && secret !== '')
      .reduce((text, secret) => text.replaceAll(secret, '***'), errmsg)
      .slice(0, MAX_ERRMSG_CHARS);
  }
}

/** The webhook limit counts per webhook. */
function pauseKey({ path, query }: ApiCall): string {
  return `${path} ${query?.['key'] ?? ''}`;
}

function unanswered(call: ApiCall, error: TransportError): AppError {
  const details = {
    method: call.path,
    reason: error.reason,
    mayHaveArrived: error.mayHaveArrived,
  };
  if (call.repeat === 'once' && error.mayHaveArrived) {
    return new AppError(`no answer to ${call.path}: it may have been done`, {
      code: 'wecom.unknown-outcome',
      hint: 'Look into the group whether the message is there before sending it again.',
      retryable: false,
      details,
      cause: error,
    });
  }
  return new AppError(`WeCom could not be reached for ${call.path}`, {
    code: 'wecom.unreachable',
    hint: 'Check WECOM_API_BASE_URL, DNS, the proxy and the firewall.',
    retryable: true,
    details,
    cause: error,
  });
}
