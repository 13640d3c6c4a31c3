import type { Warning } from './fields.js';

/** One API call as the emulator saw it. Credentials are replaced by `…`. */
export interface LoggedRequest {
  /** Order among requests and callbacks alike. */
  seq: number;
  at: string;
  method: string;
  /** Path below /cgi-bin/, e.g. `message/send`. */
  path: string;
  query: Record<string, string>;
  /** The parsed JSON body; null for GET, uploads and broken JSON. */
  body: unknown;
  httpStatus: number;
  errcode: number | null;
  errmsg: string;
  /** The fault that hit it, if one did. */
  fault?: string;
}

/** One callback as it was sent, decrypted. */
export interface LoggedCallback {
  seq: number;
  at: string;
  userid: string;
  /** The plaintext XML. */
  xml: string;
  httpStatuses: (number | string)[];
  passive: string | null;
}

const SECRET_PARAMETERS = new Set(['access_token', 'corpsecret', 'key', 'code']);
const KEPT = 20_000;

/** What went over the wire, for assertions and for the engineer's panel of the demo page. */
export class WireLog {
  readonly requests: LoggedRequest[] = [];
  readonly callbacks: LoggedCallback[] = [];
  readonly warnings: Warning[] = [];
  readonly #listeners = new Set<() => void>();
  #seq = 0;

  addRequest(request: Omit<LoggedRequest, 'seq'>): void {
    push(this.requests, { seq: (this.#seq += 1), ...request });
    for (const listener of this.#listeners) listener();
  }

  addCallback(callback: Omit<LoggedCallback, 'seq'>): void {
    push(this.callbacks, { seq: (this.#seq += 1), ...callback });
    for (const listener of this.#listeners) listener();
  }

  warn(endpoint: string, path: string, text: string): void {
    push(this.warnings, { endpoint, path, text });
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

function push<Item>(list: Item[], item: Item): void {
  list.push(item);
  if (list.length > KEPT) list.splice(0, KEPT / 10);
}

/** The query without tokens and keys. */
export function redactQuery(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries(
    [...query].map(([name, value]) => [name, SECRET_PARAMETERS.has(name) ? '…' : value]),
  );
}
