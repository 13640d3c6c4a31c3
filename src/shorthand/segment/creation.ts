import type { IntentHit } from '../intent.js';
import type { ReadUpdate } from '../reading.js';
import { MARK } from '../scene.js';
import { readCompetitors } from '../slots/competitor.js';
import { dictated, labelledCustomer } from '../slots/opportunity.js';
import type { Draft } from './draft.js';
import { takeAmount, takeCustomer, takeDays, takeLabels, takePeople, takeStage } from './fields.js';

export function readCreation(draft: Draft, cue: IntentHit): ReadUpdate | undefined {
  draft.scene.claim([cue], MARK.other);
  draft.cues.push(cue);
  takeAmount(draft);
  takeStage(draft);
  takeCustomer(draft);
  const known = draft.mentions.length > 0;
  const customer = known
    ? undefined
    : (labelledCustomer(draft.scene.marked) ?? dictated(draft.scene.marked, false).customer);
  if (customer) {
    draft.scene.claim([customer], MARK.customer);
    const slot = draft.words(customer);
    draft.slots.customer = { ...slot, value: { kind: 'unknown', words: slot.words } };
    draft.doubts.add('unknown-customer');
  }
  takePeople(draft);
  takeLabels(draft);
  const { competitors } = readCompetitors(draft.reasonText(), false);
  draft.slots.competitors = competitors.map((name) => draft.words(name));
  draft.scene.claim(competitors, MARK.other);
  takeDays(draft, true, false, false);
  const { opportunity } = dictated(draft.scene.marked, true);
  if (opportunity && !draft.slots.opportunity) {
    draft.slots.opportunity = draft.unknownTitle(opportunity);
  }
  return draft.finish('create');
}
