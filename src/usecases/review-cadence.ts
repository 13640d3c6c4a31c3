import { nextAttention } from '../domain/index.js';
import type { Opportunity } from '../domain/index.js';
import { derivedId } from '../kernel/index.js';
import { commitChange } from './commit.js';
import type { World } from './ports.js';

/** Opportunities held in memory at a time. */
const PAGE = 200;

/**
 * Asks of every open opportunity anew when it next needs something, after cadence.yaml, approval.yaml or
 * the calendar changed (复核节奏). What needs nothing new is not touched; answers how many were saved.
 */
export async function reviewCadence(world: World, now: Date): Promise<number> {
  const names = await world.opportunities.names();
  const ids = names.flatMap(({ id, open, archived }) => (open && !archived ? [id] : []));
  let saved = 0;
  for (let start = 0; start < ids.length; start += PAGE) {
    for (const opportunity of await world.opportunities.loadMany(ids.slice(start, start + PAGE))) {
      if (isAsComputed(world, opportunity, now)) continue;
      await saveAgain(world, opportunity, now);
      saved++;
    }
  }
  return saved;
}

/** What is due already is left to the heartbeat: asking again would only move it to this moment. */
function isAsComputed(world: World, opportunity: Opportunity, now: Date): boolean {
  const { attention } = opportunity;
  if (attention && attention.at <= now) return true;
  const wanted = nextAttention(opportunity, world.policies(), now);
  return attention?.at.getTime() === wanted?.at.getTime() && attention?.kind === wanted?.kind;
}

/** Saving computes it. Whoever saved in between has done the same; `busy` means that several did. */
async function saveAgain(world: World, opportunity: Opportunity, now: Date): Promise<void> {
  const { id: opportunityId, rev } = opportunity;
  const cause = {
    causeId: derivedId('review', opportunityId, world.policies().version, rev),
    opportunityId,
    by: 'system',
    at: now,
    said: '',
  };
  await commitChange<null>(world, cause, (current) => ({
    ok: true,
    value:
      current.rev === rev
        ? { next: current, result: null, happenings: [], notices: [] }
        : { unsaved: null },
  }));
}
