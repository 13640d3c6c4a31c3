import { AppError } from '../../kernel/index.js';
import type { Pipeline, Stage, StageId } from './pipeline.js';

/** Which way a move goes. Leaving won or lost for an open stage is backward (重新打开). */
export type Direction = 'forward' | 'backward' | 'none';

/** @throws AppError `pipeline.unknown-stage`: pipeline.yaml dropped a stage that opportunities still are in. */
export function stageOf(pipeline: Pipeline, id: StageId): Stage {
  const stage = pipeline.stages.find((known) => known.id === id);
  if (stage) return stage;
  throw new AppError(`no stage ${id} in the pipeline`, {
    code: 'pipeline.unknown-stage',
    hint: `put the stage ${id} back into pipeline.yaml, or move its opportunities first`,
    details: { stage: id },
  });
}

/** The stage of an ending: 赢单, 输单. */
export function closingStage(pipeline: Pipeline, kind: 'won' | 'lost'): Stage {
  const stage = pipeline.stages.find((known) => known.kind === kind);
  if (stage) return stage;
  throw new AppError(`the pipeline has no ${kind} stage`, {
    code: 'pipeline.unknown-stage',
    hint: `pipeline.yaml needs a stage of kind ${kind}`,
  });
}

export function firstStage(pipeline: Pipeline): Stage {
  const stage = openStages(pipeline)[0];
  if (stage) return stage;
  throw new AppError('the pipeline has no open stage', {
    code: 'pipeline.unknown-stage',
    hint: 'pipeline.yaml needs a stage of kind open',
  });
}

export function openStages(pipeline: Pipeline): Stage[] {
  return pipeline.stages.filter(({ kind }) => kind === 'open');
}

/** Place among the open stages, 0 first; -1 for won and lost. */
export function placeOf(pipeline: Pipeline, id: StageId): number {
  return openStages(pipeline).findIndex((stage) => stage.id === id);
}

/**
 * The open stage before or after; null where there is none. 赢单 is not “next”: it is said outright.
 */
export function neighbourOf(
  pipeline: Pipeline,
  id: StageId,
  move: 'next' | 'prev',
): StageId | null {
  const place = placeOf(pipeline, id);
  if (place < 0) return null;
  return openStages(pipeline)[place + (move === 'next' ? 1 : -1)]?.id ?? null;
}

export function directionOf(pipeline: Pipeline, from: StageId, to: StageId): Direction {
  if (from === to) return 'none';
  if (stageOf(pipeline, to).kind !== 'open') return 'forward';
  if (stageOf(pipeline, from).kind !== 'open') return 'backward';
  return placeOf(pipeline, to) > placeOf(pipeline, from) ? 'forward' : 'backward';
}

/** The listed reason (输单原因) that `words` name, by its name or another word for it; null for none. */
export function lossReasonOf(pipeline: Pipeline, words: string | null): string | null {
  const said = words?.trim() ?? '';
  if (!said) return null;
  const { lossReasons } = pipeline;
  const exact = lossReasons.find(({ name }) => name === said);
  const part = lossReasons.find(({ name, alsoSaid }) =>
    [name, ...alsoSaid].some((word) => said.includes(word)),
  );
  return (exact ?? part)?.name ?? null;
}
