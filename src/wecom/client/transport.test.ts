import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Dispatcher } from 'undici';

import { ScriptedApi } from '../../../test/support/scripted-api.js';
import { createDispatcher, createTransport, TransportError } from './transport.js';

let api: ScriptedApi;
let open: { close(): unknown }[];

beforeEach(async () => {
  api = await ScriptedApi.start();
  open = [];
});

afterEach(async () => {
  for (const one of open) await one.close();
  await api.stop();
});

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** An HTTP proxy that tunnels (CONNECT), or turns everybody away with `refusal`. */
async function startProxy(refusal?: string): Promise<{ url: string; tunnels: string[] }> {
  const tunnels: string[] = [];
  const proxy = createServer();
  proxy.on('connect', (request, socket) => {
    tunnels.push(request.url ?? '');
    if (refusal !== undefined) {
      socket.end(`HTTP/1.1 ${refusal}\r\n\r\n`);
      return;
    }
    const { hostname, port } = new URL(`http://${request.url ?? ''}`);
    const upstream = connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    for (const end of [socket, upstream]) end.on('error', () => undefined);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  open.push(proxy);
  return { url: `http://127.0.0.1:${portOf(proxy)}`, tunnels };
}

function dispatcherFor(proxy: Parameters<typeof createDispatcher>[0]): Dispatcher {
  const dispatcher = createDispatcher(proxy);
  open.unshift(dispatcher);
  return dispatcher;
}

const send = (dispatcher: Dispatcher, baseUrl = api.url, timeoutMs = 5000) =>
  createTransport({ baseUrl, timeoutMs, dispatcher })({
    method: 'POST',
    path: 'appchat/send',
    query: { access_token: 'a+b/c=' },
    body: '{"chatid":"x"}',
  });

async function failure(attempt: Promise<unknown>): Promise<TransportError> {
  const error: unknown = await attempt.catch((thrown: unknown) => thrown);
  if (error instanceof TransportError) return error;
  throw new Error('it did not fail', { cause: error });
}

test('a request arrives as it was meant, its query encoded', async () => {
  const answer = await send(dispatcherFor({}));
  expect(answer.json).toMatchObject({ errcode: 0 });
  expect(answer.serverDate).toBeInstanceOf(Date);
  const [request] = api.requests;
  expect(request).toMatchObject({ method: 'POST', path: 'appchat/send', body: '{"chatid":"x"}' });
  expect(request?.query.get('access_token')).toBe('a+b/c=');
});

describe('through a proxy', () => {
  test('calls leave by its address', async () => {
    const proxy = await startProxy();
    await send(dispatcherFor({ httpProxy: proxy.url }));
    expect(proxy.tunnels).toEqual([new URL(api.url).host]);
    expect(api.requests).toHaveLength(1);
  });

  test('hosts of NO_PROXY are reached directly', async () => {
    const proxy = await startProxy();
    await send(dispatcherFor({ httpProxy: proxy.url, noProxy: '127.0.0.1' }));
    expect(proxy.tunnels).toEqual([]);
    expect(api.requests).toHaveLength(1);
  });

  test('that is down or turns us away, nothing was sent', async () => {
    const closed = await startProxy();
    await (open.pop() as Server)[Symbol.asyncDispose]();
    for (const httpProxy of [closed.url, (await startProxy('407 Proxy Authentication')).url]) {
      const error = await failure(send(dispatcherFor({ httpProxy })));
      expect(error.mayHaveArrived).toBe(false);
    }
    expect(api.requests).toHaveLength(0);
  });
});

describe('whether a request may have arrived', () => {
  test.each([
    ['the line is cut', 'cut' as const, true],
    ['nothing comes back in time', 'silence' as const, true],
    ['HTTP 500', { status: 500 }, true],
    ['HTTP 504', { status: 504 }, true],
    ['HTTP 403', { status: 403 }, false],
    ['HTTP 302', { status: 302 }, false],
    ['a page instead of JSON', { status: 200, text: '<html>login</html>' }, true],
    ['JSON that is no object', { status: 200, text: '[]' }, true],
  ])('%s', async (_name, reaction, mayHaveArrived) => {
    api.on('appchat/send', reaction);
    const error = await failure(send(dispatcherFor({}), api.url, 300));
    expect(error.mayHaveArrived).toBe(mayHaveArrived);
    expect(error.message).not.toContain('login');
  });

  test('not when the name cannot be resolved', async () => {
    const error = await failure(send(dispatcherFor({}), 'http://wecom.invalid'));
    expect(error.mayHaveArrived).toBe(false);
    expect(error.message).not.toContain('a+b');
  });
});
