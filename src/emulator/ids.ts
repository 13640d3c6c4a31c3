import { randomBytes, randomInt } from 'node:crypto';

/** A random opaque id such as a token, a msgid or a response_code. */
export function opaqueId(bytes = 24): string {
  return randomBytes(bytes).toString('base64url');
}

const COUNTER_BITS = 22n;
let counter = BigInt(randomInt(1 << 21));

/**
 * A 64-bit MsgId, above 2^53 as WeCom's are, so a reader that parses it as a number loses digits.
 * Unique across restarts of the emulator: the emulated instant leads, a counter follows.
 */
export function messageId(now: Date): string {
  counter = (counter + 1n) % (1n << COUNTER_BITS);
  return ((BigInt(now.getTime()) << COUNTER_BITS) + counter).toString();
}
