import { dayOf } from '../kernel/index.js';
import type { World } from './ports.js';

/**
 * Whether this is the first time somebody is spoken with: they are welcomed once, however long they are
 * silent afterwards (decisions 33). The same instant answers the same, so a repeat after a crash welcomes again.
 */
export async function firstContact(world: World, userid: string, at: Date): Promise<boolean> {
  const reader = `welcome:${userid}`;
  const before = await world.digests.last(reader);
  if (before) return before.until.getTime() === at.getTime();
  await world.digests.record({ reader, on: dayOf(at), until: at });
  return true;
}
