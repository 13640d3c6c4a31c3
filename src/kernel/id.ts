import { createHash } from 'node:crypto';

/** Where fresh ids come from, handed out by the composition root so that tests can hold them still. */
export interface IdSource {
  /** A new, unguessable id such as `opp_9f8c…`. */
  fresh(prefix: string): string;
}

/**
 * An id derived from its cause: the same parts give the same id, so doing a thing twice is seen.
 * Letters and digits only, 32 of them after the prefix: fits a WeCom task_id and an appchat chatid.
 */
export function derivedId(prefix: string, ...parts: (string | number)[]): string {
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  return `${prefix}_${hash.slice(0, 24)}`;
}

/** A number in [0, 1) fixed by `key`: jitter that every instance computes alike. */
export function fractionOf(key: string): number {
  return createHash('sha256').update(key).digest().readUInt32BE(0) / 2 ** 32;
}
