import { firstStage } from '../pipeline/stage.js';
import type { Pipeline } from '../pipeline/pipeline.js';
import type { Opportunity } from './opportunity.js';

/** A new opportunity before anything is said of it: first stage, tier C, owned by who creates it. */
export function newOpportunity(
  said: { id: string; title: string; customerName: string; by: string; at: Date },
  pipeline: Pipeline,
): Opportunity {
  return {
    id: said.id,
    rev: 0,
    title: said.title,
    customerName: said.customerName,
    stage: firstStage(pipeline).id,
    amountFen: null,
    closeOn: null,
    nextFollowUp: null,
    probability: null,
    ownerId: said.by,
    collaboratorIds: [],
    contacts: [],
    competitors: [],
    nextStep: null,
    priority: null,
    tier: 'C',
    tags: [],
    outcome: null,
    createdAt: said.at,
    createdBy: said.by,
    stageSince: said.at,
    lastContactAt: null,
    lastFollowUp: null,
    chase: null,
    snoozedUntil: null,
    nodesDone: [],
    closePushes: 0,
    approval: null,
    settledApprovals: [],
    lastChange: null,
    archivedAt: null,
    attention: null,
    applied: [],
    pending: [],
  };
}
