import type { Opportunity, Patch, Refusal } from '../../domain/index.js';
import type { Decision } from '../../kernel/index.js';
import { createUseCases } from '../create-use-cases.js';
import type {
  Cause,
  ChangeCommand,
  ChangeResult,
  CreateCommand,
  CreateResult,
  DecideCommand,
  Decided,
  Undone,
} from '../verbs.js';
import { anOpportunity } from './company.js';
import { memoryWorld } from './memory-world.js';
import type { MemoryWorld } from './memory-world.js';

type Options = Parameters<typeof memoryWorld>[0] & { opportunities?: Opportunity[] };

/** People saying things to a World in memory: every call is a new message unless its `causeId` is given. */
export class Scene {
  readonly world: MemoryWorld;
  readonly verbs: ReturnType<typeof createUseCases>;
  #messages = 0;

  constructor({ opportunities = [anOpportunity()], ...options }: Options = {}) {
    this.world = memoryWorld(options);
    this.world.opportunities.seed(...opportunities);
    this.verbs = createUseCases(this.world);
  }

  cause(userid: string, more: Partial<Cause> = {}): Cause {
    const causeId = `m${++this.#messages}`;
    const by = this.world.directory.who(userid);
    return { causeId, by, at: this.world.clock.now(), said: `${by.name}说的话`, ...more };
  }

  change(
    userid: string,
    patch: Patch,
    more: Partial<ChangeCommand> = {},
  ): Promise<Decision<ChangeResult, Refusal>> {
    const opportunityId = anOpportunity().id;
    return this.verbs.changeOpportunity({
      ...this.cause(userid),
      opportunityId,
      patch,
      confirmed: false,
      ...more,
    });
  }

  /** A change that is confirmed and must be written. */
  async wrote(
    userid: string,
    patch: Patch,
    more: Partial<ChangeCommand> = {},
  ): Promise<Extract<ChangeResult, { kind: 'written' }>> {
    const result = must(await this.change(userid, patch, { confirmed: true, ...more }));
    if (result.kind !== 'written') throw new Error(`expected it written, got a ${result.kind}`);
    return result;
  }

  /** A confirmed change that is held for a yes; answers the approval's id. */
  async heldAs(userid: string, patch: Patch, more: Partial<ChangeCommand> = {}): Promise<string> {
    const { held } = await this.wrote(userid, patch, more);
    if (!held) throw new Error('expected it to be held');
    return held.approval.id;
  }

  create(
    userid: string,
    fields: Patch = {},
    more: Partial<CreateCommand> = {},
  ): Promise<Decision<CreateResult, Refusal>> {
    return this.verbs.createOpportunity({
      ...this.cause(userid),
      title: '小米一期',
      customerName: '小米',
      fields,
      confirmed: false,
      ...more,
    });
  }

  decide(
    userid: string,
    approvalId: string,
    verdict: DecideCommand['verdict'],
    more: Partial<DecideCommand> = {},
  ): Promise<Decision<Decided, Refusal>> {
    return this.verbs.decideApproval({
      ...this.cause(userid),
      approvalId,
      verdict,
      reason: null,
      ...more,
    });
  }

  undo(
    userid: string,
    causeId: string,
    opportunityIds: string[] = [anOpportunity().id],
    more: Partial<Cause> = {},
  ): Promise<Decision<Undone[], Refusal>> {
    const targets = opportunityIds.map((opportunityId) => ({ opportunityId, causeId }));
    return this.verbs.undoChange({ ...this.cause(userid, more), targets });
  }

  async opportunity(id = anOpportunity().id): Promise<Opportunity> {
    const found = await this.world.opportunities.load(id);
    if (!found) throw new Error(`no such opportunity: ${id}`);
    return found;
  }

  /** “code → recipient” of everything on its way out, after the relay has run. */
  async told(): Promise<string[]> {
    await this.verbs.relayAll(100);
    return this.world.outbox.all().map(({ content, to, updatesCardId }) => {
      const what = content.kind === 'notice' ? content.notice.code : 'message';
      const whom =
        to.kind === 'person' ? to.userid : to.kind === 'group' ? `group ${to.groupId}` : to.kind;
      return `${what} → ${whom}${updatesCardId ? ' (card)' : ''}`;
    });
  }

  /** The types of what has happened, after the relay has run. */
  async happened(): Promise<string[]> {
    await this.verbs.relayAll(100);
    return this.world.events.all().map(({ type }) => type);
  }
}

/** The value of a decision that must be a yes. */
export function must<T>(decision: Decision<T, Refusal>): T {
  if (!decision.ok) throw new Error(`refused: ${decision.refusal.code}`);
  return decision.value;
}

/** The code of a decision that must be a no. */
export function refusalOf(decision: Decision<unknown, Refusal>): Refusal {
  if (decision.ok) throw new Error('expected a refusal');
  return decision.refusal;
}
