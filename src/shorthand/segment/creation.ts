import { readCreate } from '../intent.js';
import type { IntentHit } from '../intent.js';
import type { ReadUpdate } from '../reading.js';
import { MARK } from '../scene.js';
import { readCompetitors } from '../slots/competitor.js';
import { dictated, isLabelledOtherwise, labelledCustomer } from '../slots/opportunity.js';
import type { Draft } from './draft.js';
import { takeAmount, takeCustomer, takeDays, takeLabels, takePeople, takeStage } from './fields.js';

/** An explicit label wins over a known name that is only part of it. Before anything is claimed. */
export function heedLabel(draft: Draft): void {
  const { text } = draft.scene;
  const misnamed = draft.mentions.find(
    (known) =>
      known.mention.kind !== 'unknown' &&
      known.mention.how !== 'exact' &&
      isLabelledOtherwise(text, known),
  );
  if (!misnamed || !readCreate(text)) return;
  draft.mentions = draft.mentions.filter(
    ({ mention }) => mention.kind !== 'unknown' && mention.how === 'exact',
  );
}

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
    draft.slots.customer = draft.unknown(customer);
    draft.doubts.add('unknown-customer');
  }
  takePeople(draft);
  takeLabels(draft);
  const { competitors } = readCompetitors(draft.reasonText(), false);
  draft.slots.competitors = competitors.map((name) => draft.words(name));
  draft.scene.claim(competitors, MARK.other);
  takeDays(draft, { create: true, reported: false, won: false });
  const { opportunity } = dictated(draft.scene.marked, true);
  if (opportunity && !draft.slots.opportunity) {
    draft.slots.opportunity = draft.unknown(opportunity);
  }
  return draft.finish('create');
}
