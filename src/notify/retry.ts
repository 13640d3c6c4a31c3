import { AppError, MINUTE_MS, fractionOf, isRetryable, messageOf } from '../kernel/index.js';

/** What to do after a sending failed. */
export type Verdict =
  /** Not a failure: there is no room now. Does not count as a try. */
  | { kind: 'wait'; until: Date }
  | { kind: 'retry'; at: Date }
  | { kind: 'dead'; why: string }
  /** It may have arrived, and sending it again would show it twice. */
  | { kind: 'unknown'; why: string };

const FIRST_MS = 1_000;
const LONGEST_MS = MINUTE_MS;

/**
 * About three hours of trying. WeCom recognises a repeated message for four; after that a repeat
 * would be shown twice.
 */
export const MOST_ATTEMPTS = 180;

/**
 * @param attempts how many there were, this one included
 * @param isRepeatable whether the far side shows a repeated body only once: a person, not a group
 */
export function verdictOn(
  error: unknown,
  facts: { id: string; attempts: number; isRepeatable: boolean; now: Date },
): Verdict {
  const { id, attempts, isRepeatable, now } = facts;
  const code = error instanceof AppError ? error.code : 'unexpected';
  const until = error instanceof AppError ? error.details['until'] : undefined;
  if (code === 'wecom.paced' && until instanceof Date) return { kind: 'wait', until };
  // An error nobody foresaw says nothing of whether the message went out before it.
  const mayHaveArrived = code === 'wecom.unknown-outcome' || !(error instanceof AppError);
  if (mayHaveArrived && !isRepeatable)
    return { kind: 'unknown', why: `${code}: ${messageOf(error)}` };
  if (!isRetryable(error) || attempts >= MOST_ATTEMPTS) {
    return { kind: 'dead', why: `${code}: ${messageOf(error)}` };
  }
  const at = new Date(now.getTime() + pauseMs(id, attempts));
  return { kind: 'retry', at: until instanceof Date && until > at ? until : at };
}

/** Doubles up to a minute; half of it is jitter, so that a thousand lanes do not knock together. */
function pauseMs(id: string, attempts: number): number {
  const most = Math.min(FIRST_MS * 2 ** (attempts - 1), LONGEST_MS);
  return Math.round(most / 2 + (most / 2) * fractionOf(`${id}|${attempts}`));
}
