import type { Collection } from 'mongodb';

import type { Opportunity, Pending, Pipeline, StageId } from '../domain/index.js';
import { DAY_MS, dayOf } from '../kernel/index.js';
import type { Clock, Fen } from '../kernel/index.js';
import type {
  OpportunityFilter,
  OpportunityName,
  OpportunityOrder,
  OpportunityStore,
} from '../usecases/index.js';
import type { OpportunityDocument } from './documents.js';
import { isDuplicateKey } from './duplicate-key.js';
import { WITHOUT_LOOKUP, fromDocument, toDocument } from './opportunity-document.js';
import { SORTS, queryOf } from './opportunity-query.js';

/** Closed opportunities can be spoken of by name for so long. */
const NAMES_KEPT_DAYS = 90;

/**
 * A change is stamped by its writer's clock and seen a moment after; clocks of instances differ by
 * seconds. Looking back this far repeats a few names and misses none.
 */
const NAMES_OVERLAP_MS = 10_000;

const NAME_FIELDS = {
  title: 1,
  customerName: 1,
  ownerId: 1,
  collaboratorIds: 1,
  stage: 1,
  amountFen: 1,
  closeOn: 1,
  'lookup.state': 1,
  'lookup.updatedAt': 1,
} as const;

/**
 * The aggregates. Saved whole by the driver's own replaceOne, not through mongoose documents:
 * this is the hottest write of the product and the domain types already say what is in it.
 */
export class Opportunities implements OpportunityStore {
  constructor(
    private readonly documents: Collection<OpportunityDocument>,
    private readonly clock: Clock,
    private readonly pipeline: () => Pipeline,
  ) {}

  async load(id: string): Promise<Opportunity | null> {
    const document = await this.documents.findOne({ _id: id }, WITHOUT_LOOKUP);
    return document && fromDocument(document);
  }

  async loadMany(ids: readonly string[]): Promise<Opportunity[]> {
    if (ids.length === 0) return [];
    const found = await this.documents.find({ _id: { $in: [...ids] } }, WITHOUT_LOOKUP).toArray();
    const byId = new Map(found.map((document) => [document._id, document]));
    return [...new Set(ids)].flatMap((id) => {
      const document = byId.get(id);
      return document ? [fromDocument(document)] : [];
    });
  }

  async insert(opportunity: Opportunity): Promise<boolean> {
    try {
      await this.documents.insertOne(toDocument(opportunity, this.clock.now()));
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async replace(next: Opportunity): Promise<boolean> {
    const { _id, ...document } = toDocument(next, this.clock.now());
    const { matchedCount } = await this.documents.replaceOne({ _id, rev: next.rev - 1 }, document);
    return matchedCount === 1;
  }

  async find(
    filter: OpportunityFilter,
    page: { limit: number; order: OpportunityOrder },
  ): Promise<{ items: Opportunity[]; total: number }> {
    const query = queryOf(filter);
    const found = await this.documents
      .find(query, WITHOUT_LOOKUP)
      .sort(SORTS[page.order])
      .limit(page.limit)
      .toArray();
    const total =
      found.length < page.limit ? found.length : await this.documents.countDocuments(query);
    return { items: found.map(fromDocument), total };
  }

  async sumByStage(
    filter: OpportunityFilter,
  ): Promise<{ stage: StageId; count: number; amountFen: Fen; weightedFen: Fen }[]> {
    const groups = await this.documents
      .aggregate<{ _id: { stage: StageId; probability: number | null }; count: number; fen: Fen }>([
        { $match: queryOf(filter) },
        {
          $group: {
            _id: { stage: '$stage', probability: '$probability' },
            count: { $sum: 1 },
            fen: { $sum: '$amountFen' },
          },
        },
      ])
      .toArray();
    // Few groups come back: one per stage and probability somebody chose. Weighing them here keeps
    // the stages' own probabilities, which are configuration, out of the database.
    const sums = new Map<
      StageId,
      { stage: StageId; count: number; amountFen: Fen; weightedFen: Fen }
    >();
    const stages = this.pipeline().stages;
    for (const { _id, count, fen } of groups) {
      const sum = sums.get(_id.stage) ?? {
        stage: _id.stage,
        count: 0,
        amountFen: 0,
        weightedFen: 0,
      };
      const own = stages.find(({ id }) => id === _id.stage)?.probability ?? 0;
      sum.count += count;
      sum.amountFen += fen;
      sum.weightedFen += Math.round(fen * (_id.probability ?? own));
      sums.set(_id.stage, sum);
    }
    return [...sums.values()];
  }

  async names(): Promise<OpportunityName[]> {
    const closedSince = dayOf(new Date(this.clock.now().getTime() - NAMES_KEPT_DAYS * DAY_MS));
    const [open, closed] = await Promise.all([
      this.documents.find({ 'lookup.state': 'open' }, { projection: NAME_FIELDS }).toArray(),
      this.documents
        .find(
          { 'outcome.on': { $gte: closedSince }, 'lookup.state': 'closed' },
          { projection: NAME_FIELDS },
        )
        .toArray(),
    ]);
    return [...open, ...closed].map(nameOf);
  }

  /** Repeats those of the last seconds before `since`; includes the archived, so that they can be forgotten. */
  async namesSince(since: Date): Promise<OpportunityName[]> {
    const from = new Date(since.getTime() - NAMES_OVERLAP_MS);
    const found = await this.documents
      .find({ 'lookup.updatedAt': { $gte: from } }, { projection: NAME_FIELDS })
      .toArray();
    return found.map(nameOf);
  }

  async needingAttention(now: Date, limit: number): Promise<{ id: string; at: Date }[]> {
    const found = await this.documents
      .find({ 'attention.at': { $lte: now }, archivedAt: null }, { projection: { attention: 1 } })
      .sort({ 'attention.at': 1 })
      .limit(limit)
      .toArray();
    return found.flatMap(({ _id, attention }) =>
      attention ? [{ id: _id, at: attention.at }] : [],
    );
  }

  async nextAttentionAt(): Promise<Date | null> {
    const next = await this.documents.findOne(
      { 'attention.at': { $gt: new Date(0) }, archivedAt: null },
      { projection: { attention: 1 }, sort: { 'attention.at': 1 } },
    );
    return next?.attention?.at ?? null;
  }

  async withPending(limit: number): Promise<{ id: string; pending: Pending[] }[]> {
    const found = await this.documents
      .find({ 'lookup.pendingAt': { $gt: new Date(0) } }, { projection: { pending: 1 } })
      .sort({ 'lookup.pendingAt': 1 })
      .limit(limit)
      .toArray();
    // Emptied, but stopped before it could be noted: note it now, or it would be found for ever.
    const emptied = found.filter(({ pending }) => pending.length === 0).map(({ _id }) => _id);
    if (emptied.length > 0) await this.#noteEmptied(emptied);
    return found.flatMap(({ _id, pending }) => (pending.length > 0 ? [{ id: _id, pending }] : []));
  }

  /** Leaves `rev` alone: a relay never makes somebody's change fail. */
  async pullPending(id: string, pendingIds: string[]): Promise<void> {
    const emptied = await this.documents.updateOne(
      { _id: id, pending: { $size: pendingIds.length }, 'pending.id': { $all: pendingIds } },
      { $set: { pending: [] }, $unset: { 'lookup.pendingAt': '' } },
    );
    if (emptied.matchedCount === 1) return;
    // Something was added meanwhile, or a part was pulled before: take ours out one by one.
    await this.documents.updateOne(
      { _id: id },
      { $pull: { pending: { id: { $in: pendingIds } } } },
    );
    await this.#noteEmptied([id]);
  }

  async #noteEmptied(ids: string[]): Promise<void> {
    await this.documents.updateMany(
      { _id: { $in: ids }, pending: { $size: 0 } },
      { $unset: { 'lookup.pendingAt': '' } },
    );
  }

  /** The open one first; a late tap or word then finds the opportunity among whose settled ones it is. */
  async withApproval(approvalId: string): Promise<Opportunity | null> {
    const ref = /^#?(\d{1,9})$/.exec(approvalId)?.[1];
    const [field, value] = ref === undefined ? ['id', approvalId] : ['ref', Number(ref)];
    const document =
      (await this.documents.findOne({ [`approval.${field}`]: value }, WITHOUT_LOOKUP)) ??
      (await this.documents.findOne({ [`settledApprovals.${field}`]: value }, WITHOUT_LOOKUP));
    return document && fromDocument(document);
  }

  async approvalsWaitingFor(userid: string): Promise<Opportunity[]> {
    const found = await this.documents
      .find(
        { $or: [{ 'approval.approvers.userid': userid }, { 'approval.requestedBy': userid }] },
        WITHOUT_LOOKUP,
      )
      .toArray();
    return found.map(fromDocument).sort((a, b) => (a.approval?.ref ?? 0) - (b.approval?.ref ?? 0));
  }

  async approvalsWithoutApprover(): Promise<Opportunity[]> {
    const found = await this.documents
      .find({ 'approval.ref': { $gt: 0 }, 'approval.approvers': { $size: 0 } }, WITHOUT_LOOKUP)
      .toArray();
    return found.map(fromDocument);
  }
}

type Named = Pick<OpportunityDocument, '_id' | 'lookup'> & Partial<OpportunityDocument>;

function nameOf(document: Named): OpportunityName {
  return {
    id: document._id,
    title: document.title ?? '',
    customerName: document.customerName ?? '',
    ownerId: document.ownerId ?? '',
    collaboratorIds: document.collaboratorIds ?? [],
    stage: document.stage ?? '',
    amountFen: document.amountFen ?? null,
    closeOn: document.closeOn ?? null,
    open: document.lookup.state === 'open',
    archived: document.lookup.state === 'archived',
    updatedAt: document.lookup.updatedAt,
  };
}
