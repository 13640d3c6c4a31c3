import { changeOf } from '../opportunity/changes.js';
import type { FieldChange, FieldName, OpportunityFields } from '../opportunity/opportunity.js';
import { directionOf, placeOf } from '../pipeline/stage.js';
import type { Pipeline } from '../pipeline/pipeline.js';
import type { ApprovalCause, ApprovalPolicy, ApprovalRule } from './approval.js';

/** What of a change may take effect now, and what waits for a yes, and why. */
export interface Gated {
  causes: ApprovalCause[];
  now: FieldChange[];
  held: FieldChange[];
}

/**
 * Splits a change at the gate (审批策略). Only what needs the yes waits: the stage with its ending, or the
 * amount. On a closed opportunity everything waits, since nothing else may change while it is closed.
 */
export function gateOf(
  opportunity: OpportunityFields,
  changes: readonly FieldChange[],
  policy: ApprovalPolicy,
  pipeline: Pipeline,
): Gated {
  const applies = (rule: ApprovalRule): boolean => isMetBy(rule, opportunity, changes, pipeline);
  const causes = [...new Set(policy.rules.filter(applies).map(({ cause }) => cause))];
  if (causes.length === 0) return { causes, now: [...changes], held: [] };
  const waiting = heldFields(causes, changes);
  const isHeld = ({ field }: FieldChange): boolean =>
    opportunity.outcome !== null || waiting.has(field);
  return {
    causes,
    now: changes.filter((change) => !isHeld(change)),
    held: changes.filter(isHeld),
  };
}

function heldFields(
  causes: readonly ApprovalCause[],
  changes: readonly FieldChange[],
): Set<FieldName> {
  const held = new Set<FieldName>();
  if (causes.includes('amount-raised')) held.add('amountFen');
  if (causes.some((cause) => cause !== 'amount-raised')) {
    held.add('stage').add('outcome');
    // An ending brings its own probability; one that was said by itself takes effect now.
    if (changeOf(changes, 'outcome')) held.add('probability');
  }
  return held;
}

function isMetBy(
  rule: ApprovalRule,
  opportunity: OpportunityFields,
  changes: readonly FieldChange[],
  pipeline: Pipeline,
): boolean {
  const stage = changeOf(changes, 'stage');
  const amount = changeOf(changes, 'amountFen');
  const amountFen = (amount ? amount.to : opportunity.amountFen) ?? 0;
  if (amountFen < rule.fromFen) return false;
  const gate = rule.stage === undefined ? 0 : placeOf(pipeline, rule.stage);
  switch (rule.cause) {
    case 'win':
      return changeOf(changes, 'outcome')?.to?.kind === 'won';
    case 'backward':
      return !!stage && directionOf(pipeline, stage.from, stage.to) === 'backward';
    case 'into-stage':
      // Jumping past the gated stage enters it too: the gate cannot be walked around.
      return !!stage && placeOf(pipeline, stage.from) < gate && placeOf(pipeline, stage.to) >= gate;
    case 'amount-raised':
      return (
        !!amount && amountFen > (amount.from ?? 0) && placeOf(pipeline, opportunity.stage) >= gate
      );
  }
}
