import Router from '@koa/router';
import Koa from 'koa';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { AppError, type Logger } from '../kernel/index.js';

export type Routes = (router: Router) => void;

export interface WebServer {
  port: number;
  /** Stops listening, lets requests under way end for some seconds, closes the connections. */
  close(): Promise<void>;
}

/** The application: routes inside one error boundary. */
export function createWebApp(routes: readonly Routes[], log: Logger): Koa {
  const app = new Koa();
  const router = new Router();
  routes.forEach((add) => add(router));

  app.use(async (context, next) => {
    try {
      await next();
    } catch (error) {
      // A refused request is answered with its status and nothing else; nobody outside learns why.
      const status = statusOf(error);
      context.status = status;
      context.body = '';
      const fields = { error, method: context.method, path: context.path, status };
      if (status >= 500) log.error(fields, 'request failed');
      else log.warn(fields, 'request refused');
    }
  });
  app.use(router.routes());
  app.use(router.allowedMethods());
  app.on('error', (error: unknown) => log.warn({ error }, 'connection trouble'));
  return app;
}

function statusOf(error: unknown): number {
  const details = error instanceof AppError ? error.details : (error as { status?: unknown });
  const status = details?.['status' as keyof typeof details];
  if (typeof status === 'number' && status >= 400 && status < 600) return status;
  return error instanceof AppError && error.retryable ? 503 : 500;
}

/** WeCom gives up after 5 s; whoever sends more slowly only holds a connection. */
const REQUEST_WITHIN_MS = 15_000;
/** Longer than any answer takes; what is still open then is cut, or a stalled client would keep us from stopping. */
const CLOSE_WITHIN_MS = 6_000;

export async function listen(app: Koa, port: number, host?: string): Promise<WebServer> {
  const server: Server = app.listen(port, host);
  await once(server, 'listening');
  // A little longer than common proxies keep theirs, so that none reuses a connection we just closed.
  server.keepAliveTimeout = 65_000;
  server.requestTimeout = REQUEST_WITHIN_MS;
  server.headersTimeout = REQUEST_WITHIN_MS;
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const impatience = setTimeout(() => server.closeAllConnections(), CLOSE_WITHIN_MS);
      await closed;
      clearTimeout(impatience);
    },
  };
}
