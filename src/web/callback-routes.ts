import type Koa from 'koa';
import getRawBody from 'raw-body';

import type { Incoming, PassiveAnswer } from '../chat/index.js';
import { AppError, type Clock } from '../kernel/index.js';
import { MAX_BODY_BYTES, type CallbackDoor } from '../wecom/index.js';
import type { Routes } from './server.js';

export interface Acceptance {
  /** Durable when it resolves. */
  accept(incoming: Incoming): Promise<unknown>;
  /** The answer to a tap; null when it is not ready in time. A repeat gets the first one's. */
  passiveAnswer(key: string, timeoutMs: number): Promise<PassiveAnswer | null>;
}

export interface CallbackOptions {
  door: CallbackDoor;
  inbox: Acceptance;
  clock: Clock;
}

/** WeCom hangs up after 5 s; the rest is for the way back. */
const PASSIVE_WITHIN_MS = 4_000;

export const CALLBACK_PATH = '/wecom/callback';

/**
 * The callback of a self-built app (接收消息, path 90930): verified, stored, then answered. A valid one is
 * always 200; 503 when it cannot be stored, so that WeCom sends it again; 4xx and nothing written otherwise.
 */
export function callbackRoutes({ door, inbox, clock }: CallbackOptions): Routes {
  return (router) => {
    router.get(CALLBACK_PATH, (context) => {
      context.type = 'text/plain';
      context.body = door.verifyUrl(context.query);
    });

    router.post(CALLBACK_PATH, async (context) => {
      const rawBody = await readBody(context);
      const incoming = door.open({ query: context.query, rawBody, now: clock.now() });
      await inbox.accept(incoming);
      context.status = 200;
      context.body = '';
      if (incoming.kind !== 'tap') return;

      const passive = await inbox.passiveAnswer(incoming.key, PASSIVE_WITHIN_MS);
      const answer = passive ? door.answer(passive, incoming, clock.now()) : '';
      if (answer) context.type = 'application/xml';
      context.body = answer;
    });
  };
}

async function readBody(context: Koa.Context): Promise<string> {
  try {
    const length = context.request.length;
    return await getRawBody(context.req, {
      limit: MAX_BODY_BYTES,
      encoding: 'utf8',
      ...(length !== undefined && { length }),
    });
  } catch (error) {
    // What is left of the body stays unread: the next request on this connection would wait behind it.
    context.set('Connection', 'close');
    const status = (error as { status?: number }).status ?? 400;
    throw new AppError('callback body could not be read', {
      code: 'callback.body',
      details: { status },
      cause: error,
    });
  }
}
