import { hash, timingSafeEqual } from 'node:crypto';

/**
 * The signature of a callback (消息体签名): SHA-1, in lower-case hex, of the four values sorted and joined.
 * `encrypt` is `echostr` for URL verification, the text of `<Encrypt>` otherwise.
 *
 * @see https://developer.work.weixin.qq.com/document/path/90968
 */
export function signatureOf(
  token: string,
  timestamp: string,
  nonce: string,
  encrypt: string,
): string {
  return hash('sha1', [token, timestamp, nonce, encrypt].sort().join(''), 'hex');
}

/** Compares in constant time, so that timing tells nothing about how much of a guess was right. */
export function isSameSignature(claimed: string, computed: string): boolean {
  const left = Buffer.from(claimed);
  const right = Buffer.from(computed);
  return left.length === right.length && timingSafeEqual(left, right);
}
