import { MAX_AMOUNT_FEN, allow, refuse } from '../../kernel/index.js';
import type { Day, Decision, Fen } from '../../kernel/index.js';
import { closingStage, lossReasonOf, neighbourOf, openStages, stageOf } from '../pipeline/stage.js';
import type { Pipeline, Stage } from '../pipeline/pipeline.js';
import { changeOf, changesTo } from './changes.js';
import type {
  Contact,
  FieldChange,
  FieldName,
  Opportunity,
  OpportunityFields,
} from './opportunity.js';
import type { Patch } from './patch.js';

export type PatchRefusal =
  | { code: 'amount-out-of-range'; limitFen: Fen }
  | { code: 'no-next-stage'; direction: 'next' | 'prev' };

/**
 * What a sentence would change, old → new, in the fixed order of fields; what is already so is left out.
 *
 * Differences, “next stage”, endings and lists are resolved against the opportunity as it is now.
 * `on` is the day it was said, which becomes the day of an ending.
 */
export function resolvePatch(
  opportunity: Opportunity,
  patch: Patch,
  { pipeline, on }: { pipeline: Pipeline; on: Day },
): Decision<FieldChange[], PatchRefusal> {
  const target = targetStage(opportunity, patch, pipeline);
  if (target === 'none') {
    return refuse({ code: 'no-next-stage', direction: patch.stageMove ?? 'next' });
  }
  const amountFen = wantedAmount(opportunity, patch);
  if (amountFen !== null && amountFen !== undefined) {
    const isSound = Number.isFinite(amountFen) && amountFen >= 0 && amountFen <= MAX_AMOUNT_FEN;
    if (!isSound) return refuse({ code: 'amount-out-of-range', limitFen: MAX_AMOUNT_FEN });
  }
  const wanted: Partial<OpportunityFields> = {
    ...plainFields(patch),
    ...(amountFen !== undefined && { amountFen }),
    ...(patch.addContacts && { contacts: mergeContacts(opportunity.contacts, patch.addContacts) }),
    ...(patch.addCompetitors && {
      competitors: union(opportunity.competitors, patch.addCompetitors),
    }),
    ...(patch.addTags && { tags: union(opportunity.tags, patch.addTags) }),
    ...(target && movedTo(target, opportunity, patch, pipeline, on)),
  };
  return allow(changesTo(opportunity, { ...wanted, ...wantedTeam(opportunity, wanted) }));
}

/** Fields that are taken as said. */
const PLAIN = [
  'title',
  'customerName',
  'closeOn',
  'nextFollowUp',
  'probability',
  'ownerId',
  'collaboratorIds',
  'nextStep',
  'priority',
  'tier',
] as const satisfies readonly (FieldName & keyof Patch)[];

function plainFields(patch: Patch): Partial<OpportunityFields> {
  return Object.fromEntries(
    PLAIN.flatMap((field) => (patch[field] === undefined ? [] : [[field, patch[field]]])),
  );
}

function wantedAmount(opportunity: OpportunityFields, patch: Patch): Fen | null | undefined {
  if (patch.amountFen !== undefined) return patch.amountFen && Math.round(patch.amountFen);
  if (patch.amountChangeFen === undefined) return undefined;
  return (opportunity.amountFen ?? 0) + Math.round(patch.amountChangeFen);
}

/** Where the sentence wants it; undefined when it does not say, `none` when there is no such stage. */
function targetStage(
  opportunity: Opportunity,
  patch: Patch,
  pipeline: Pipeline,
): Stage | undefined | 'none' {
  if (patch.outcome) return closingStage(pipeline, patch.outcome.kind);
  if (patch.stage !== undefined) return stageOf(pipeline, patch.stage);
  if (patch.stageMove === undefined) return undefined;
  const id =
    patch.stageMove === 'prev' && opportunity.outcome
      ? stageBeforeEnding(opportunity, pipeline)
      : neighbourOf(pipeline, opportunity.stage, patch.stageMove);
  return id ? stageOf(pipeline, id) : 'none';
}

/** Where it stood before it was won or lost, as far as it remembers; else the last open stage. */
function stageBeforeEnding(opportunity: Opportunity, pipeline: Pipeline): string | undefined {
  const left = changeOf(opportunity.lastChange?.changes ?? [], 'stage');
  return left?.to === opportunity.stage ? left.from : openStages(pipeline).at(-1)?.id;
}

/** A move takes the ending with it: in, with its day and reason; or out, when it is opened again. */
function movedTo(
  target: Stage,
  opportunity: OpportunityFields,
  patch: Patch,
  pipeline: Pipeline,
  on: Day,
): Partial<OpportunityFields> {
  if (target.kind === 'open') {
    if (!opportunity.outcome) return { stage: target.id };
    return { stage: target.id, outcome: null, probability: patch.probability ?? null };
  }
  const said = patch.outcome?.reason ?? null;
  const reason = target.kind === 'lost' ? lossReasonOf(pipeline, said) : said;
  return {
    stage: target.id,
    outcome: { kind: target.kind, on, reason },
    probability: target.kind === 'won' ? 1 : 0,
  };
}

/** Nobody is the owner and a collaborator at once. */
function wantedTeam(
  opportunity: OpportunityFields,
  wanted: Partial<OpportunityFields>,
): Partial<OpportunityFields> {
  if (wanted.ownerId === undefined && wanted.collaboratorIds === undefined) return {};
  const ownerId = wanted.ownerId ?? opportunity.ownerId;
  const collaboratorIds = wanted.collaboratorIds ?? opportunity.collaboratorIds;
  return { collaboratorIds: union([], collaboratorIds).filter((userid) => userid !== ownerId) };
}

/** A contact of the same name is completed; what is newly said of them wins. */
function mergeContacts(known: readonly Contact[], said: readonly Contact[]): Contact[] {
  const merged = known.map((contact) => ({ ...contact }));
  for (const contact of said) {
    const same = merged.find(({ name }) => name === contact.name);
    if (same) Object.assign(same, contact);
    else merged.push({ ...contact });
  }
  return merged;
}

const union = (known: readonly string[], added: readonly string[]): string[] => [
  ...new Set([...known, ...added]),
];
