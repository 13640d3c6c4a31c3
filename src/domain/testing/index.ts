import { newOpportunity } from '../opportunity/new-opportunity.js';
import type { Opportunity } from '../opportunity/opportunity.js';
import type { Criterion, Pipeline, Stage } from '../pipeline/pipeline.js';

/** For tests of the rules: four open stages with 商务谈判 not the last, so that it can be jumped. */
const stage = (id: string, kind: Stage['kind'] = 'open', criteria: Criterion[] = []): Stage => ({
  id,
  name: id,
  alsoSaid: [],
  kind,
  probability: 0.5,
  criteria,
  maxDays: null,
});

export const PIPELINE: Pipeline = {
  stages: [
    stage('contact'),
    stage('qualify'),
    stage('negotiate'),
    stage('contract'),
    stage('won', 'won'),
    stage('lost', 'lost'),
  ],
  lossReasons: [
    { name: '价格', alsoSaid: ['太贵', '嫌贵'] },
    { name: '竞品', alsoSaid: ['对手'] },
  ],
};

const CREATED_AT = new Date('2026-03-02T10:00:00+08:00');

/** 华为二期 of 张三 at 需求确认, ¥3,000,000, to be signed on 30 April 2026. */
export function anOpportunity(changes: Partial<Opportunity> = {}): Opportunity {
  const said = {
    id: 'opp_1',
    title: '华为二期',
    customerName: '华为',
    by: 'zhangsan',
    at: CREATED_AT,
  };
  return {
    ...newOpportunity(said, PIPELINE),
    stage: 'qualify',
    amountFen: 300_000_000,
    closeOn: '2026-04-30',
    ...changes,
  };
}
