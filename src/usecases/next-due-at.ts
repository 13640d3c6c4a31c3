import type { World } from './ports.js';
import { digestsAhead } from './send-digests.js';

/**
 * When the clock's verbs next have something to do: a reminder, an approval, a digest, or a message that
 * waits for its hour. Never before `now`; null when nothing lies ahead. For the demo's fast-forward.
 */
export async function nextDueAt(world: World, now: Date): Promise<Date | null> {
  const [attention, message, digests] = await Promise.all([
    world.opportunities.nextAttentionAt(),
    world.outbox.nextDueAt(now),
    digestsAhead(world, now),
  ]);
  const ahead = [attention, message, ...digests].flatMap((at) => (at ? [at.getTime()] : []));
  return ahead.length > 0 ? new Date(Math.max(now.getTime(), Math.min(...ahead))) : null;
}
