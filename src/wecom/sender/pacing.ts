import type { Recipient } from '../../chat/index.js';
import type { CapWindow, Clock, RateLimiter } from '../../kernel/index.js';
import { AppError, derivedId, HOUR_MS, MINUTE_MS } from '../../kernel/index.js';

/**
 * WeCom takes 30 messages a minute and 1,000 an hour for one member, and drops what exceeds them without a word; a
 * webhook takes 20 a minute. We stay somewhat below, since its windows need not begin where ours do.
 * @see https://developer.work.weixin.qq.com/document/path/90312
 */
const PERSON_PER_MINUTE = 28;
const PERSON_PER_HOUR = 950;
const WEBHOOK_PER_MINUTE = 18;
/** A member sees 200 group messages of the app a minute, from all its groups. */
const APPCHAT_PER_MINUTE = 60;

/** Keeps sendings below the limits, for all instances together. */
export class Pacing {
  constructor(
    private readonly limiter: RateLimiter,
    private readonly clock: Clock,
  ) {}

  /**
   * Counts this sending before it happens; a repeat of the same body to a person counts once.
   * @returns how to take it back, for a sending that surely did not happen.
   * @throws AppError `wecom.paced`, retryable; `details.until` says when there is room again.
   */
  async reserve(to: Recipient, body: string): Promise<() => Promise<void>> {
    const now = this.clock.now();
    const windows = windowsOf(to);
    const once = to.kind === 'person' ? body : `${now.getTime()} ${body}`;
    const reservation = derivedId('snd', once);
    const result = await this.limiter.reserve(reservation, windows, now);
    if (result.ok) return () => this.limiter.release(reservation, windows, now);
    throw new AppError('more messages than WeCom shows; waiting for room', {
      code: 'wecom.paced',
      retryable: true,
      details: { full: result.full, until: result.until },
    });
  }
}

function windowsOf(to: Recipient): CapWindow[] {
  switch (to.kind) {
    case 'person': {
      const person = `wecom:person:${to.userid.toLowerCase()}`;
      return [
        { key: `${person}:minute`, windowMs: MINUTE_MS, limit: PERSON_PER_MINUTE },
        { key: `${person}:hour`, windowMs: HOUR_MS, limit: PERSON_PER_HOUR },
      ];
    }
    case 'appchat':
      return [
        { key: `wecom:appchat:${to.chatId}`, windowMs: MINUTE_MS, limit: APPCHAT_PER_MINUTE },
      ];
    case 'webhook':
      return [
        { key: `wecom:webhook:${to.keyEnv}`, windowMs: MINUTE_MS, limit: WEBHOOK_PER_MINUTE },
      ];
  }
}
