import type { Member } from '../../domain/index.js';
import { MovableClock, silentLogger } from '../../kernel/index.js';
import type { Policies, World } from '../ports.js';
import { MEMBERS, WEDNESDAY, policies } from './company.js';
import { MemoryOpportunities } from './memory-opportunities.js';
import {
  MemoryAliases,
  MemoryCounters,
  MemoryDigests,
  MemoryDirectory,
  MemoryEvents,
  MemoryGroupChats,
  MemoryGroups,
  MemoryOutbox,
  MemoryPrompts,
} from './memory-stores.js';

/** A World in memory that keeps the ports' contracts, with what tests want to look at within reach. */
export interface MemoryWorld extends World {
  opportunities: MemoryOpportunities;
  events: MemoryEvents;
  directory: MemoryDirectory;
  outbox: MemoryOutbox;
  prompts: MemoryPrompts;
  groups: MemoryGroups;
  digests: MemoryDigests;
  groupChats: MemoryGroupChats;
  clock: MovableClock;
  /** Opportunities whose relay was woken, in order. */
  relaysNudged: string[];
}

export function memoryWorld(
  options: {
    now?: Date;
    members?: readonly Member[];
    policies?: Partial<Policies>;
    hasAlarmChannel?: boolean;
  } = {},
): MemoryWorld {
  const clock = new MovableClock(options.now ?? WEDNESDAY);
  const snapshot = policies(options.policies);
  const relaysNudged: string[] = [];
  let fresh = 0;
  return {
    opportunities: new MemoryOpportunities(
      () => clock.now(),
      () => snapshot.pipeline,
    ),
    events: new MemoryEvents(),
    directory: new MemoryDirectory(options.members ?? MEMBERS),
    outbox: new MemoryOutbox(),
    prompts: new MemoryPrompts(),
    aliases: new MemoryAliases(),
    groups: new MemoryGroups(),
    digests: new MemoryDigests(),
    counters: new MemoryCounters(),
    groupChats: new MemoryGroupChats(),
    hasAlarmChannel: options.hasAlarmChannel ?? false,
    policies: () => snapshot,
    clock,
    ids: { fresh: (prefix) => `${prefix}_${++fresh}` },
    log: silentLogger,
    nudge: {
      inbox: () => undefined,
      relay: (opportunityId) => void relaysNudged.push(opportunityId),
      outbox: () => undefined,
    },
    relaysNudged,
  };
}
