import { isDoc, type Doc } from '../bson/value.js';
import { DbError, notSupported } from '../errors.js';
import { collect, finish, flowOf, type Flow } from '../work.js';
import type { ExpressionOptions } from './expression.js';
import { combiningStages } from './stages/combining.js';
import { groupingStages } from './stages/grouping.js';
import { orderingStages } from './stages/ordering.js';
import { shapingStages } from './stages/shaping.js';

/** One compiled stage. */
export type Stage = (docs: Flow<Doc>) => Flow<Doc>;

export interface PipelineOptions extends ExpressionOptions {
  /** The documents of another collection of the database, already in memory. */
  readonly collection?: ((name: string) => Flow<Doc>) | undefined;
}

export interface StageContext {
  readonly options: PipelineOptions;
  readonly compilePipeline: (stages: unknown, options?: Partial<PipelineOptions>) => Stage;
}

export type StageOperator = (operand: unknown, context: StageContext) => Stage;

const STAGES: Readonly<Record<string, StageOperator>> = {
  ...shapingStages,
  ...orderingStages,
  ...groupingStages,
  ...combiningStages,
};

const REFUSED: Readonly<Record<string, number>> = {
  $geoNear: 115,
  $search: 115,
  $searchMeta: 115,
  $vectorSearch: 115,
  $planCacheStats: 115,
  $listSessions: 115,
  $changeStream: 40573,
};

/** Compiles the stages of a pipeline into one. @throws DbError 40324 for an unknown stage */
export function compileStages(stages: unknown, options: PipelineOptions): Stage {
  if (!Array.isArray(stages)) throw new DbError(14, "'pipeline' must be specified as an array");
  const compiled = stages.map((stage) => compileStage(stage, options));
  return (docs) => compiled.reduce((flow, stage) => stage(flow), docs);
}

/** A pipeline that is run in one go, for a few documents. */
export function compilePipeline(
  stages: readonly Doc[],
  options: PipelineOptions,
): (docs: readonly Doc[]) => readonly Doc[] {
  const stage = compileStages(stages, options);
  return (docs) => finish(collect(stage(flowOf(docs))));
}

function compileStage(stage: unknown, options: PipelineOptions): Stage {
  const names = isDoc(stage) ? Object.keys(stage) : [];
  const name = names[0];
  if (!isDoc(stage) || name === undefined) {
    throw new DbError(14, "Each element of the 'pipeline' array must be an object");
  }
  if (names.length !== 1) {
    throw new DbError(
      40323,
      'A pipeline stage specification object must contain exactly one field.',
    );
  }
  if (Object.hasOwn(REFUSED, name)) {
    throw name === '$changeStream'
      ? new DbError(40573, 'The $changeStream stage is only supported on replica sets')
      : notSupported(`${name} is`);
  }
  const operator = Object.hasOwn(STAGES, name) ? STAGES[name] : undefined;
  if (!operator) throw new DbError(40324, `Unrecognized pipeline stage name: '${name}'`);
  return operator(stage[name], {
    options,
    compilePipeline: (inner, more) => compileStages(inner, { ...options, ...more }),
  });
}
