import type { Member } from '../domain/index.js';
import { openStages } from '../domain/index.js';
import type { Day } from '../kernel/index.js';
import type { World } from './ports.js';
import type { Forecast } from './verbs.js';
import { visibleTo } from './visible.js';

/**
 * What is likely to be signed in a period (预测): open opportunities expected to close in it, by stage and
 * weighted by their probability, beside what was won in it. Only what the asker may see.
 */
export async function forecastPipeline(
  world: World,
  member: Member,
  { from, to }: { from: Day; to: Day },
): Promise<Forecast> {
  const { pipeline } = world.policies();
  const visible = await visibleTo(world, member);
  const won = pipeline.stages.filter(({ kind }) => kind === 'won').map(({ id }) => id);
  const [open, closed] = await Promise.all([
    world.opportunities.sumByStage({
      visibleTo: visible,
      open: true,
      closeFrom: from,
      closeTo: to,
    }),
    world.opportunities.sumByStage({
      visibleTo: visible,
      open: false,
      stages: won,
      outcomeFrom: from,
      outcomeTo: to,
    }),
  ]);
  // In the order of the pipeline; a stage that was dropped from it comes last rather than not at all.
  const order = openStages(pipeline).map(({ id }) => id);
  const placeOf = (stage: string): number => (order.indexOf(stage) + 1 || order.length + 1) - 1;
  const stages = [...open].sort((a, b) => placeOf(a.stage) - placeOf(b.stage));
  return {
    from,
    to,
    stages,
    weightedFen: sum(stages, ({ weightedFen }) => weightedFen),
    openFen: sum(stages, ({ amountFen }) => amountFen),
    wonFen: sum(closed, ({ amountFen }) => amountFen),
    wonCount: sum(closed, ({ count }) => count),
  };
}

function sum<T>(rows: readonly T[], of: (row: T) => number): number {
  return rows.reduce((total, row) => total + of(row), 0);
}
