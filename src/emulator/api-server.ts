import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Answer, Api, Call, Server } from './call.js';
import { cardUpdateApis } from './card-updates.js';
import { contactApis } from './contacts.js';
import { ApiRefusal, Errcode, refuse } from './errcodes.js';
import type { Fault, Faults } from './faults.js';
import { Fields, isObject } from './fields.js';
import { groupChatApis } from './group-chats.js';
import { mediaApis } from './media.js';
import { appApis } from './menu.js';
import { messageApis } from './messages.js';
import { checkToken, tokenApis } from './tokens.js';
import { webhookApis } from './webhooks.js';
import type { LoggedRequest, WireLog } from './wire-log.js';
import { redactQuery } from './wire-log.js';

/** Room for a webhook's 2 MB image in base64. */
const MAX_JSON_BYTES = 4 * 1024 * 1024;
const MAX_UPLOAD_BYTES = 21 * 1024 * 1024;

const APIS = new Map<string, Api>(
  [
    ...tokenApis,
    ...messageApis,
    ...cardUpdateApis,
    ...groupChatApis,
    ...webhookApis,
    ...mediaApis,
    ...contactApis,
    ...appApis,
  ].map((api) => [api.path, api]),
);

/** What goes back over HTTP: normally 200 with an errcode inside. */
interface Reply {
  status: number;
  body: string;
  errcode: number | null;
  errmsg: string;
}

/**
 * Answers one request below /cgi-bin/ as qyapi.weixin.qq.com would, suffering the faults that are
 * switched on. Every request is logged, those that were cut as well.
 */
export async function serveApi(
  server: Server,
  faults: Faults,
  log: WireLog,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://emulator');
  const path = url.pathname.replace(/^\/cgi-bin\//, '');
  const raw = await readBody(request);
  const active = faults.take(path);
  for (const fault of active) if (fault.kind === 'slow') await wait(fault.ms);
  const fault = active.find((candidate) => candidate.kind !== 'slow');
  const logged = describeRequest(server, request, path, url.searchParams, raw);
  const reply =
    fault && (!('when' in fault) || fault.when !== 'after')
      ? { status: 0, body: '', errcode: null, errmsg: '' }
      : await answer(server, log, request, path, url.searchParams, raw);
  const final = fault ? spoil(fault, reply) : reply;
  log.addRequest({
    ...logged,
    httpStatus: final?.status ?? 0,
    errcode: reply.errcode ?? final?.errcode ?? null,
    errmsg: final?.errmsg ?? '',
    ...(active.length > 0 ? { fault: active.map(({ kind }) => kind).join('+') } : {}),
  });
  if (!final) {
    response.socket?.destroy();
    return;
  }
  response.writeHead(final.status, {
    'content-type': 'application/json; charset=UTF-8',
    // Callers compare it with their own clock.
    date: server.clock.now().toUTCString(),
  });
  response.end(final.body);
}

async function answer(
  server: Server,
  log: WireLog,
  request: IncomingMessage,
  path: string,
  query: URLSearchParams,
  raw: Buffer,
): Promise<Reply> {
  const api = APIS.get(path);
  if (!api) return { status: 404, body: '', errcode: null, errmsg: 'no such API' };
  try {
    const call = readCall(server, log, request, api, query, raw);
    return replyWith(Errcode.ok, 'ok', await api.handle(call));
  } catch (error) {
    if (error instanceof ApiRefusal) return replyWith(error.errcode, error.errmsg, {});
    throw error;
  }
}

/** Checks in the order of the real server: method, token, then the body. */
function readCall(
  server: Server,
  log: WireLog,
  request: IncomingMessage,
  api: Api,
  query: URLSearchParams,
  raw: Buffer,
): Call {
  const now = server.clock.now();
  const isUpload = api.access === 'upload' || api.access === 'open-upload';
  if (api.access === 'token' || api.access === 'upload') checkToken(server, query, now);
  if (api.method === 'POST' && request.method !== 'POST') {
    refuse(Errcode.emptyParameter, 'POST required, empty post data');
  }
  if (raw.length > (isUpload ? MAX_UPLOAD_BYTES : MAX_JSON_BYTES)) {
    refuse(Errcode.bodyTooLarge, 'body too large');
  }
  const values = api.method === 'POST' && !isUpload ? parseJson(raw) : {};
  return {
    server,
    query,
    body: new Fields(values, '', (at, text) => log.warn(api.path, at, text)),
    raw,
    contentType: request.headers['content-type'] ?? '',
    callerIp: request.socket.remoteAddress ?? '',
    now,
  };
}

function parseJson(raw: Buffer): Record<string, unknown> {
  if (raw.length === 0) refuse(Errcode.emptyParameter, 'empty post data');
  const value = tryParse(raw);
  if (!isObject(value)) {
    return refuse(
      Errcode.invalidParameter,
      'Warning: wrong json format. invalid Request Parameter',
    );
  }
  return value;
}

function tryParse(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8')) as unknown;
  } catch {
    // Not JSON: the caller answers with the documented warning.
    return undefined;
  }
}

function replyWith(errcode: number, errmsg: string, more: Answer): Reply {
  return { status: 200, body: JSON.stringify({ errcode, errmsg, ...more }), errcode, errmsg };
}

/** What the caller gets to see of `reply` under a fault; null when the connection is cut. */
function spoil(fault: Fault, reply: Reply): Reply | null {
  switch (fault.kind) {
    case 'slow':
      return reply;
    case 'http':
      return { status: fault.status, body: 'fault', errcode: null, errmsg: '' };
    case 'errcode':
      return replyWith(fault.errcode, fault.errmsg ?? 'fault switched on in the emulator', {});
    case 'cut':
      return null;
    case 'wrong-json':
      return { status: 200, body: '{"errcode":0,"errmsg":"o', errcode: null, errmsg: '' };
  }
}

function describeRequest(
  server: Server,
  request: IncomingMessage,
  path: string,
  query: URLSearchParams,
  raw: Buffer,
): Omit<LoggedRequest, 'seq' | 'httpStatus' | 'errcode' | 'errmsg'> {
  const isJson = request.method === 'POST' && raw.length > 0 && raw.length <= MAX_JSON_BYTES;
  return {
    at: server.clock.now().toISOString(),
    method: request.method ?? '',
    path,
    query: redactQuery(query),
    body: isJson ? (tryParse(raw) ?? null) : null,
  };
}

/** The whole body, cut a little beyond the largest that is ever accepted. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_UPLOAD_BYTES + 1024) chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
