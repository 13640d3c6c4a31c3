import { isSameCustomer } from '../../domain/index.js';
import type { Opportunity, Pipeline } from '../../domain/index.js';
import type {
  OpportunityFilter,
  OpportunityName,
  OpportunityOrder,
  OpportunityStore,
} from '../ports.js';

/**
 * The opportunity store in memory, keeping the contract of the real one: whole documents in and out
 * by value, compare-and-set on `rev`, `pullPending` leaving `rev` alone.
 */
export class MemoryOpportunities implements OpportunityStore {
  readonly #byId = new Map<string, Opportunity>();
  readonly #updatedAt = new Map<string, Date>();
  #interruption: (() => Promise<unknown>) | null = null;
  replaces = 0;

  constructor(
    private readonly now: () => Date,
    private readonly pipeline: () => Pipeline,
  ) {}

  /** Runs `meddle` just before the next save lands: someone else was quicker. */
  interruptNextReplace(meddle: () => Promise<unknown>): void {
    this.#interruption = meddle;
  }

  /** Puts a document there as it is. */
  seed(...opportunities: Opportunity[]): void {
    for (const opportunity of opportunities) this.#keep(opportunity);
  }

  all(): Opportunity[] {
    return [...this.#byId.values()].map((opportunity) => structuredClone(opportunity));
  }

  async load(id: string): Promise<Opportunity | null> {
    const found = this.#byId.get(id);
    return found ? structuredClone(found) : null;
  }

  async loadMany(ids: readonly string[]): Promise<Opportunity[]> {
    return this.all().filter(({ id }) => ids.includes(id));
  }

  async insert(opportunity: Opportunity): Promise<boolean> {
    if (this.#byId.has(opportunity.id)) return false;
    this.#keep(opportunity);
    return true;
  }

  async replace(next: Opportunity): Promise<boolean> {
    const meddle = this.#interruption;
    this.#interruption = null;
    if (meddle) await meddle();
    if (this.#byId.get(next.id)?.rev !== next.rev - 1) return false;
    this.replaces++;
    this.#keep(next);
    return true;
  }

  async find(
    filter: OpportunityFilter,
    page: { limit: number; order: OpportunityOrder },
  ): Promise<{ items: Opportunity[]; total: number }> {
    const items = this.#matching(filter).sort((a, b) => this.#compare(a, b, page.order));
    return { items: items.slice(0, page.limit), total: items.length };
  }

  async sumByStage(
    filter: OpportunityFilter,
  ): Promise<{ stage: string; count: number; amountFen: number; weightedFen: number }[]> {
    const sums = new Map<
      string,
      { stage: string; count: number; amountFen: number; weightedFen: number }
    >();
    for (const { stage, amountFen, probability } of this.#matching(filter)) {
      const sum = sums.get(stage) ?? { stage, count: 0, amountFen: 0, weightedFen: 0 };
      const own = this.pipeline().stages.find(({ id }) => id === stage)?.probability ?? 0;
      sum.count++;
      sum.amountFen += amountFen ?? 0;
      sum.weightedFen += Math.round((amountFen ?? 0) * (probability ?? own));
      sums.set(stage, sum);
    }
    return [...sums.values()];
  }

  async names(): Promise<OpportunityName[]> {
    return this.#names().filter(({ archived }) => !archived);
  }

  async namesSince(since: Date): Promise<OpportunityName[]> {
    return this.#names().filter(({ updatedAt }) => updatedAt >= since);
  }

  async needingAttention(now: Date, limit: number): Promise<{ id: string; at: Date }[]> {
    return this.#attentions()
      .filter(({ at }) => at <= now)
      .slice(0, limit);
  }

  async nextAttentionAt(): Promise<Date | null> {
    return this.#attentions()[0]?.at ?? null;
  }

  async withPending(limit: number): Promise<{ id: string; pending: Opportunity['pending'] }[]> {
    return this.all()
      .filter(({ pending }) => pending.length > 0)
      .slice(0, limit)
      .map(({ id, pending }) => ({ id, pending }));
  }

  async pullPending(id: string, pendingIds: string[]): Promise<void> {
    const found = this.#byId.get(id);
    if (found) found.pending = found.pending.filter((item) => !pendingIds.includes(item.id));
  }

  async withApproval(approvalId: string): Promise<Opportunity | null> {
    const all = this.all();
    const isIt = (approval: { id: string; ref: number } | null): boolean =>
      approval?.id === approvalId || `#${approval?.ref}` === `#${approvalId.replace('#', '')}`;
    return (
      all.find(({ approval }) => isIt(approval)) ??
      all.find(({ settledApprovals }) => settledApprovals.some(isIt)) ??
      null
    );
  }

  async approvalsWaitingFor(userid: string): Promise<Opportunity[]> {
    return this.all().filter(
      ({ approval }) =>
        approval?.requestedBy === userid ||
        approval?.approvers.some((approver) => approver.userid === userid),
    );
  }

  async approvalsWithoutApprover(): Promise<Opportunity[]> {
    return this.all().filter(({ approval }) => approval?.approvers.length === 0);
  }

  #keep(opportunity: Opportunity): void {
    assertStorable(opportunity, opportunity.id);
    this.#byId.set(opportunity.id, structuredClone(opportunity));
    this.#updatedAt.set(opportunity.id, this.now());
  }

  #attentions(): { id: string; at: Date }[] {
    return this.all()
      .flatMap(({ id, attention, archivedAt }) =>
        attention && !archivedAt ? [{ id, at: attention.at }] : [],
      )
      .sort((a, b) => a.at.getTime() - b.at.getTime());
  }

  #names(): OpportunityName[] {
    return this.all().map((opportunity) => ({
      id: opportunity.id,
      title: opportunity.title,
      customerName: opportunity.customerName,
      ownerId: opportunity.ownerId,
      collaboratorIds: opportunity.collaboratorIds,
      stage: opportunity.stage,
      amountFen: opportunity.amountFen,
      closeOn: opportunity.closeOn,
      open: opportunity.outcome === null,
      archived: opportunity.archivedAt !== null,
      updatedAt: this.#updatedAt.get(opportunity.id) ?? opportunity.createdAt,
    }));
  }

  #matching(filter: OpportunityFilter): Opportunity[] {
    return this.all().filter((opportunity) => matches(opportunity, filter));
  }

  #compare(a: Opportunity, b: Opportunity, order: OpportunityOrder): number {
    const late = '9999-12-31';
    switch (order) {
      case 'close-date':
        return compareText(a.closeOn ?? late, b.closeOn ?? late);
      case 'next-follow-up':
        return compareText(a.nextFollowUp?.day ?? late, b.nextFollowUp?.day ?? late);
      case 'amount':
        return (b.amountFen ?? -1) - (a.amountFen ?? -1);
      case 'last-touched':
        return (
          (this.#updatedAt.get(b.id)?.getTime() ?? 0) - (this.#updatedAt.get(a.id)?.getTime() ?? 0)
        );
    }
  }
}

/** A database keeps no `undefined` (it would come back as null) and no class but Date. */
function assertStorable(value: unknown, path: string): void {
  if (value === undefined || typeof value === 'function') {
    throw new TypeError(`${path} is ${typeof value}: it cannot be stored`);
  }
  if (typeof value !== 'object' || value === null || value instanceof Date) return;
  for (const [key, inner] of Object.entries(value)) assertStorable(inner, `${path}.${key}`);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function matches(opportunity: Opportunity, filter: OpportunityFilter): boolean {
  const { ownerId, collaboratorIds, stage, outcome, closeOn, nextFollowUp } = opportunity;
  const { visibleTo, ownerIds, stages, lastContactBefore } = filter;
  const within = (
    day: string | null | undefined,
    from: string | undefined,
    to: string | undefined,
  ): boolean =>
    (from === undefined && to === undefined) ||
    (!!day && (from === undefined || day >= from) && (to === undefined || day <= to));
  return (
    opportunity.archivedAt === null &&
    (visibleTo === 'all' ||
      [ownerId, ...collaboratorIds].some((userid) => visibleTo.includes(userid))) &&
    (ownerIds === undefined || ownerIds.includes(ownerId)) &&
    (stages === undefined || stages.includes(stage)) &&
    (filter.open === undefined || filter.open === (outcome === null)) &&
    (filter.customerName === undefined ||
      isSameCustomer(filter.customerName, opportunity.customerName)) &&
    within(closeOn, filter.closeFrom, filter.closeTo) &&
    within(nextFollowUp?.day, undefined, filter.nextFollowUpTo) &&
    (lastContactBefore === undefined ||
      (opportunity.lastContactAt ?? opportunity.createdAt) < lastContactBefore) &&
    within(outcome?.on, filter.outcomeFrom, filter.outcomeTo)
  );
}
