import { messageOf } from '../kernel/index.js';
import { attend } from './attend.js';
import type { World } from './ports.js';

/**
 * Attends to every opportunity whose time has come, earliest first, up to `limit`. One that fails keeps no
 * other waiting; it is tried again by the next heartbeat.
 *
 * @throws AggregateError when some failed, once all were tried.
 */
export async function attendAll(world: World, now: Date, limit: number): Promise<void> {
  const failures: unknown[] = [];
  const due = await world.opportunities.needingAttention(now, limit);
  for (const { id } of due) {
    try {
      await attend(world, id, now);
    } catch (cause) {
      failures.push(cause);
      world.log.warn({ opportunityId: id, error: messageOf(cause) }, 'could not be attended to');
    }
  }
  if (failures.length > 0) {
    throw new AggregateError(failures, `${failures.length} of ${due.length} not attended to`);
  }
}
