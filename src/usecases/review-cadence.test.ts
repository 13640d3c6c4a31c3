import { expect, test } from '@jest/globals';

import type { CadencePolicy } from '../domain/index.js';
import { Scene, anOpportunity, policies } from './testing/index.js';

const at = (text: string): Date => new Date(`${text.replace(' ', 'T')}:00+08:00`);

/** One that was spoken to on Tuesday 10 March, saved under the rhythm of tier C: 60 days. */
async function saved(): Promise<Scene> {
  const scene = new Scene({
    opportunities: [anOpportunity({ lastContactAt: at('2026-03-10 10:00') })],
    policies: { cadence: { ...policies().cadence, jitterMinutes: 0 } },
  });
  await scene.wrote('zhangsan', { nextStep: '等答复' });
  return scene;
}

function change(scene: Scene, cadence: Partial<CadencePolicy>): void {
  const policy = scene.world.policies();
  scene.world.policies = () => ({
    ...policy,
    version: 'edited',
    cadence: { ...policy.cadence, ...cadence },
  });
}

test('a shorter rhythm takes effect without anybody touching the opportunity', async () => {
  const scene = await saved();
  expect((await scene.opportunity()).attention?.at).toEqual(at('2026-05-09 09:10'));
  change(scene, { contactEveryDays: { A: 7, B: 7, C: 14 } });
  expect(await scene.verbs.reviewCadence(scene.world.clock.now())).toBe(1);
  expect((await scene.opportunity()).attention?.at).toEqual(at('2026-03-24 09:10'));
  expect(await scene.happened()).toEqual(['changed']);
});

test('nothing is saved when nothing moves, and not twice', async () => {
  const scene = await saved();
  expect(await scene.verbs.reviewCadence(scene.world.clock.now())).toBe(0);
  change(scene, { contactEveryDays: { A: 7, B: 7, C: 14 } });
  await scene.verbs.reviewCadence(scene.world.clock.now());
  expect(await scene.verbs.reviewCadence(scene.world.clock.now())).toBe(0);
});

test('closed opportunities are left alone', async () => {
  const scene = await saved();
  await scene.wrote('zhangsan', { outcome: { kind: 'lost', reason: '价格' } });
  change(scene, { contactEveryDays: { A: 7, B: 7, C: 14 } });
  expect(await scene.verbs.reviewCadence(scene.world.clock.now())).toBe(0);
});

test('one opportunity that cannot be attended to keeps no other waiting', async () => {
  const due = { nextFollowUp: { day: '2026-03-12' } };
  const scene = new Scene({
    opportunities: [anOpportunity({ id: 'opp_a', title: '甲' }), anOpportunity({ id: 'opp_b' })],
  });
  for (const opportunityId of ['opp_a', 'opp_b']) {
    await scene.wrote('zhangsan', due, { opportunityId });
  }
  scene.world.clock.advanceTo(at('2026-03-12 10:00'));
  const load = scene.world.opportunities.load.bind(scene.world.opportunities);
  scene.world.opportunities.load = (id) =>
    id === 'opp_a' ? Promise.reject(new Error('unreadable')) : load(id);
  await expect(scene.verbs.attendAll(scene.world.clock.now(), 10)).rejects.toThrow('1 of 2');
  scene.world.opportunities.load = load;
  expect(await scene.told()).toEqual(['reminder → zhangsan']);
});
