import type { Dispatcher, FormData } from 'undici';
import { Agent, EnvHttpProxyAgent, request } from 'undici';

export interface HttpRequest {
  method: 'GET' | 'POST';
  /** Under /cgi-bin/, e.g. `message/send`. */
  path: string;
  query: Record<string, string>;
  /** JSON text, or a file. */
  body?: string | FormData;
}

export interface HttpAnswer {
  json: Record<string, unknown>;
  /** The far side's clock, from the Date header; whole seconds. */
  serverDate: Date | null;
}

/** One HTTP exchange with WeCom; throws TransportError when no JSON came back. */
export type Transport = (request: HttpRequest) => Promise<HttpAnswer>;

/** No answer to judge by. Carries neither the URL (its query holds secrets) nor a body. */
export class TransportError extends Error {
  /**
   * @param reason e.g. `ECONNREFUSED`, `HTTP 502`, `timeout`
   * @param mayHaveArrived whether WeCom may have acted on the request all the same
   */
  constructor(
    readonly reason: string,
    readonly mayHaveArrived: boolean,
  ) {
    super(`no answer from WeCom: ${reason}`);
    this.name = 'TransportError';
  }
}

export interface TransportOptions {
  /** e.g. https://qyapi.weixin.qq.com */
  baseUrl: string;
  timeoutMs: number;
  dispatcher?: Dispatcher;
}

export interface ProxySettings {
  httpProxy?: string;
  httpsProxy?: string;
  /** Hosts reached directly, separated by commas. */
  noProxy?: string;
}

/** Connections kept alive; through the proxies when some are set (HTTPS_PROXY, for a fixed egress address). */
export function createDispatcher(proxy: ProxySettings = {}): Dispatcher {
  return proxy.httpProxy || proxy.httpsProxy ? new EnvHttpProxyAgent({ ...proxy }) : new Agent();
}

const PROXY_REFUSED = 'the proxy refused the tunnel';

/** The request never left: these come from looking up, connecting and greeting. */
const NEVER_SENT = new Set([
  PROXY_REFUSED,
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

export function createTransport({ baseUrl, timeoutMs, dispatcher }: TransportOptions): Transport {
  const root = baseUrl.replace(/\/+$/, '');
  return async ({ method, path, query, body }) => {
    const url = `${root}/cgi-bin/${path}?${new URLSearchParams(query).toString()}`;
    const answer = await exchange(url, {
      method,
      signal: AbortSignal.timeout(timeoutMs),
      ...(dispatcher && { dispatcher }),
      ...(body !== undefined && { body }),
      ...(typeof body === 'string' && {
        headers: { 'content-type': 'application/json; charset=utf-8' },
      }),
    });
    if (answer.status !== 200) {
      // A gateway's 5xx may follow a request that went through; anything else was turned away.
      throw new TransportError(`HTTP ${answer.status}`, answer.status >= 500);
    }
    return { json: parsed(answer.text), serverDate: answer.date };
  };
}

interface RawAnswer {
  status: number;
  text: string;
  date: Date | null;
}

type RequestOptions = NonNullable<Parameters<typeof request>[1]>;

async function exchange(url: string, options: RequestOptions): Promise<RawAnswer> {
  try {
    const { statusCode, headers, body } = await request(url, options);
    const text = await body.text();
    const date = typeof headers['date'] === 'string' ? new Date(headers['date']) : null;
    return { status: statusCode, text, date };
  } catch (error) {
    const reason = reasonOf(error);
    throw new TransportError(reason, !NEVER_SENT.has(reason));
  }
}

/** A short, safe name for what went wrong: error messages of the network may quote the URL. */
function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  const { name, code, cause, message } = error as Record<
    'name' | 'code' | 'cause' | 'message',
    unknown
  >;
  if (name === 'TimeoutError') return 'timeout';
  // undici tells this apart by its words only.
  if (typeof message === 'string' && message.startsWith('Proxy response')) return PROXY_REFUSED;
  if (typeof code === 'string') return code;
  if (cause !== undefined) return reasonOf(cause);
  return typeof name === 'string' ? name : 'unknown';
}

function parsed(text: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) {
      return json as Record<string, unknown>;
    }
  } catch {
    // Told below, without the text: a login page of a proxy is nothing for a log.
  }
  throw new TransportError('the answer is not a JSON object', true);
}
