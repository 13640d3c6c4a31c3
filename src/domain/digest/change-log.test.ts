import { describe, expect, test } from '@jest/globals';

import type { DomainEvent, Happening } from '../event.js';
import type { FieldChange } from '../opportunity/opportunity.js';
import type { Pipeline } from '../pipeline/pipeline.js';
import { changeLog } from './change-log.js';

const pipeline: Pipeline = {
  stages: [
    ['qualify', 'open'],
    ['propose', 'open'],
    ['negotiate', 'open'],
    ['won', 'won'],
    ['lost', 'lost'],
  ].map(([id, kind]) => ({
    id: id as string,
    name: id as string,
    alsoSaid: [],
    kind: kind as 'open' | 'won' | 'lost',
    probability: 0.5,
    criteria: [],
    maxDays: null,
  })),
  lossReasons: [],
};

const stage = (from: string, to: string): FieldChange => ({ field: 'stage', from, to });
const amount = (from: number | null, to: number | null): FieldChange => ({
  field: 'amountFen',
  from,
  to,
});
const close = (from: string | null, to: string | null): FieldChange => ({
  field: 'closeOn',
  from,
  to,
});
const ended = (kind: 'won' | 'lost', reason: string | null): FieldChange => ({
  field: 'outcome',
  from: null,
  to: { kind, on: '2026-09-09', reason },
});

let count = 0;
function event(happening: Happening, changes: Partial<DomainEvent> = {}): DomainEvent {
  count++;
  return {
    ...happening,
    id: `evt_${count}`,
    opportunityId: 'opp_1',
    title: '华为二期',
    customerName: '华为',
    ownerId: 'zhangsan',
    by: 'zhangsan',
    at: new Date(Date.UTC(2026, 8, 9, 1, count)),
    causeId: `cause_${count}`,
    said: '',
    ...changes,
  } as DomainEvent;
}
const changed = (changes: FieldChange[], more: Partial<DomainEvent> = {}): DomainEvent =>
  event({ type: 'changed', changes }, more);
const created = (more: Partial<DomainEvent> = {}): DomainEvent =>
  event({ type: 'created', changes: [] }, more);

/** `section: title field from→to, …` per line. */
function told(events: DomainEvent[], amounts: Record<string, number> = {}): string[] {
  const log = changeLog(events, {
    pipeline,
    nameOf: (userid) => userid,
    amountOf: (id) => amounts[id] ?? null,
  });
  return log.flatMap(({ section, lines }) =>
    lines.map(({ title, changes, reason }) => {
      const what = changes.map(
        ({ field, from, to }) => `${field} ${JSON.stringify(from)}→${JSON.stringify(to)}`,
      );
      return [`${section}: ${title}`, ...what, ...(reason ? [reason] : [])].join(' ');
    }),
  );
}

describe('the change log', () => {
  test('a quiet day has no sections', () => {
    expect(told([])).toEqual([]);
    expect(told([event({ type: 'reminded', key: 'k', step: 1 })])).toEqual([]);
  });

  test('every kind of news has its section, in reading order', () => {
    const other = (id: string): Partial<DomainEvent> => ({ opportunityId: id, title: id });
    expect(
      told([
        changed([ended('lost', '价格'), stage('propose', 'lost')], other('丢')),
        changed([ended('won', null), stage('negotiate', 'won')], other('赢')),
        changed([amount(100, 200)], other('加')),
        changed([close('2026-09-30', '2026-10-31')], other('延')),
        changed([stage('negotiate', 'propose')], other('退')),
        changed([stage('qualify', 'propose')], other('进')),
        created(other('新')),
      ]),
    ).toEqual([
      'created: 新',
      'advanced: 进 stage "qualify"→"propose"',
      'backward: 退 stage "negotiate"→"propose"',
      'postponed: 延 closeOn "2026-09-30"→"2026-10-31"',
      'amount: 加 amountFen 100→200',
      'won: 赢 outcome null→{"kind":"won","on":"2026-09-09","reason":null}',
      'lost: 丢 outcome null→{"kind":"lost","on":"2026-09-09","reason":"价格"} 价格',
    ]);
  });

  test('several changes of one opportunity become first old → last new', () => {
    expect(
      told([
        changed([stage('qualify', 'propose'), amount(100, 200)]),
        changed([stage('propose', 'negotiate')]),
        changed([amount(200, 150)]),
      ]),
    ).toEqual([
      'advanced: 华为二期 stage "qualify"→"negotiate"',
      'amount: 华为二期 amountFen 100→150',
    ]);
  });

  test('there and back again is no news', () => {
    expect(told([changed([amount(100, 200)]), changed([amount(200, 100)])])).toEqual([]);
  });

  test('what was taken back never happened', () => {
    const slip = changed([amount(100, 900), stage('qualify', 'propose')]);
    const undone = event({
      type: 'undone',
      undoneCauseId: slip.causeId,
      changes: [amount(900, 100), stage('propose', 'qualify')],
    });
    expect(told([changed([amount(50, 100)]), slip, undone])).toEqual([
      'amount: 华为二期 amountFen 50→100',
    ]);
  });

  test('a new opportunity taken back never was', () => {
    const slip = created();
    const undone = event({ type: 'undone', undoneCauseId: slip.causeId, changes: [] });
    expect(told([slip, undone])).toEqual([]);
  });

  test('taking back what an earlier digest told is news itself', () => {
    const undone = event({
      type: 'undone',
      undoneCauseId: 'of yesterday',
      changes: [amount(900, 100)],
    });
    expect(told([undone])).toEqual(['amount: 华为二期 amountFen 900→100']);
  });

  test('a new opportunity is told once, whatever was done to it since', () => {
    expect(told([created(), changed([stage('qualify', 'propose'), amount(null, 100)])])).toEqual([
      'created: 华为二期',
    ]);
  });

  test('created and won between two digests is both', () => {
    const told2 = told([created(), changed([stage('qualify', 'won'), ended('won', null)])]);
    expect(told2.map((line) => line.split(':')[0])).toEqual(['created', 'won']);
  });

  test.each([
    ['pulled in', close('2026-10-31', '2026-09-30')],
    ['set for the first time', close(null, '2026-09-30')],
  ])('a close date %s is not a postponement', (_how, change) => {
    expect(told([changed([change])])).toEqual([]);
  });

  test('the largest come first, under the latest title and owner', () => {
    const small = { opportunityId: 'small', title: '小单' };
    const big = { opportunityId: 'big', title: '大单' };
    const log = changeLog(
      [
        changed([stage('qualify', 'propose')], small),
        changed([stage('qualify', 'propose')], { ...big, title: '旧名', ownerId: 'lisi' }),
        changed([stage('propose', 'negotiate')], { ...big, ownerId: 'wangwu' }),
      ],
      { pipeline, nameOf: (id) => `${id}!`, amountOf: (id) => (id === 'big' ? 900 : 100) },
    );
    expect(log).toHaveLength(1);
    expect(log[0]?.lines.map(({ title, ownerName }) => [title, ownerName])).toEqual([
      ['大单', 'wangwu!'],
      ['小单', 'zhangsan!'],
    ]);
  });
});
