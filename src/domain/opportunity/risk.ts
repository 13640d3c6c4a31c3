import { changeOf, isPushedOut } from './changes.js';
import type { FieldChange } from './opportunity.js';
import { directionOf } from '../pipeline/stage.js';
import type { Pipeline } from '../pipeline/pipeline.js';

/** What makes a change worth a second look before it is written (decisions 9). */
export type Risk = 'amount-down' | 'close-pushed' | 'backward' | 'win' | 'lose' | 'owner';

/** The risks of a change, in the order of its fields. Notes, next dates and forward moves carry none. */
export function risksOf(changes: readonly FieldChange[], pipeline: Pipeline): Risk[] {
  const stage = changeOf(changes, 'stage');
  const amount = changeOf(changes, 'amountFen');
  const close = changeOf(changes, 'closeOn');
  const ending = changeOf(changes, 'outcome')?.to?.kind;
  const risks: [Risk, boolean | undefined][] = [
    ['backward', stage && directionOf(pipeline, stage.from, stage.to) === 'backward'],
    ['win', ending === 'won'],
    ['lose', ending === 'lost'],
    ['amount-down', amount && amount.from !== null && (amount.to ?? -1) < amount.from],
    ['close-pushed', close && isPushedOut(close)],
    ['owner', changeOf(changes, 'ownerId') !== undefined],
  ];
  return risks.flatMap(([risk, isThere]) => (isThere ? [risk] : []));
}
