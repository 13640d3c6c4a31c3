import type { Dispatcher } from 'undici';
import { request } from 'undici';
import { AppError } from '../kernel/index.js';

/** Something an administrator has to look at. */
export interface Alarm {
  /** The same however often it is sent. */
  id: string;
  title: string;
  detail: string;
  /** What to do about it. */
  action: string;
  at: Date;
}

/** The way for alarms that is not WeCom (decisions 30). */
export interface AlarmChannel {
  /** @throws AppError; `retryable` says whether to try again. */
  raise(alarm: Alarm): Promise<void>;
}

/** Shorter than the lease of an outbox lane. */
const TIMEOUT_MS = 8_000;

/**
 * Posts alarms as JSON: the facts, and beside them the `msgtype: text` that chat robots show. A repeat after a
 * lost answer has the same `id` and the same bytes.
 *
 * @param url may hold a key: it appears in no error.
 */
export function createAlarmWebhook(url: string, dispatcher?: Dispatcher): AlarmChannel {
  return {
    async raise(alarm) {
      const status = await post(url, bodyOf(alarm), dispatcher);
      if (status >= 200 && status < 300) return;
      throw new AppError(`the alarm webhook answered ${status}`, {
        code: 'notify.alarm-webhook',
        hint: 'check ALERT_WEBHOOK_URL and the service behind it',
        retryable: status >= 500 || status === 408 || status === 429,
        details: { status },
      });
    },
  };
}

function bodyOf({ id, title, detail, action, at }: Alarm): string {
  const content = [`【系统提醒】${title}`, detail, `请处理：${action}`].join('\n');
  return JSON.stringify({
    msgtype: 'text',
    text: { content },
    id,
    title,
    detail,
    action,
    at: at.toISOString(),
  });
}

async function post(url: string, body: string, dispatcher?: Dispatcher): Promise<number> {
  try {
    const answer = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(dispatcher && { dispatcher }),
    });
    await answer.body.dump();
    return answer.statusCode;
  } catch (error) {
    // Without the cause: messages of the network may quote the URL.
    const { code, name } = error as { code?: unknown; name?: unknown };
    throw new AppError(`the alarm webhook gave no answer: ${String(code ?? name)}`, {
      code: 'notify.alarm-webhook',
      hint: 'check ALERT_WEBHOOK_URL and the service behind it',
      retryable: true,
    });
  }
}
