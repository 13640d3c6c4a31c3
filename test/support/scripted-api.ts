import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  method: string;
  /** Under /cgi-bin/. */
  path: string;
  query: URLSearchParams;
  body: string;
}

/** What the far side does: answer JSON, another status, cut the line, or say nothing. */
export type Reaction =
  Record<string, unknown> | { status: number; text?: string } | 'cut' | 'silence';

/**
 * A WeCom that does exactly what the test says, request by request: for the failures that an emulator following
 * the documents would not show. Unscripted paths answer errcode 0; gettoken gives `token-1`, `token-2`, ….
 */
export class ScriptedApi {
  readonly requests: SeenRequest[] = [];
  readonly #scripts = new Map<string, Reaction[]>();
  readonly #rules = new Map<string, (request: SeenRequest) => Reaction>();
  readonly #server: Server;
  #tokens = 0;

  private constructor() {
    this.#server = createServer((request, response) => void this.serve(request, response));
  }

  static async start(): Promise<ScriptedApi> {
    const api = new ScriptedApi();
    api.#server.listen(0, '127.0.0.1');
    await once(api.#server, 'listening');
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** The next requests to `path` are answered so, in this order; afterwards as if unscripted. */
  on(path: string, ...reactions: Reaction[]): void {
    this.#scripts.set(path, [...(this.#scripts.get(path) ?? []), ...reactions]);
  }

  /** Every request to `path` is answered by this rule. */
  always(path: string, rule: (request: SeenRequest) => Reaction): void {
    this.#rules.set(path, rule);
  }

  to(path: string): SeenRequest[] {
    return this.requests.filter((request) => request.path === path);
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const path = url.pathname.replace('/cgi-bin/', '');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const seen = { method: request.method ?? '', path, query: url.searchParams, body };
    this.requests.push(seen);
    const rule = this.#rules.get(path);
    this.react(rule?.(seen) ?? this.#scripts.get(path)?.shift() ?? this.usual(path), response);
  }

  private usual(path: string): Reaction {
    if (path !== 'gettoken') return {};
    return { access_token: `token-${++this.#tokens}`, expires_in: 7200 };
  }

  private react(reaction: Reaction, response: ServerResponse): void {
    if (reaction === 'silence') return;
    if (reaction === 'cut') {
      response.destroy();
      return;
    }
    if (typeof reaction['status'] === 'number') {
      response.writeHead(reaction['status']).end(reaction['text'] ?? '');
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ errcode: 0, errmsg: 'ok', ...reaction }));
  }
}
