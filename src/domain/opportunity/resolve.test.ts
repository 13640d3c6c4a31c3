import { describe, expect, test } from '@jest/globals';

import { MAX_AMOUNT_FEN } from '../../kernel/index.js';
import { PIPELINE, anOpportunity } from '../testing/index.js';
import type { FieldChange, LastChange, Opportunity } from './opportunity.js';
import type { Patch } from './patch.js';
import { resolvePatch } from './resolve.js';

const resolve = (patch: Patch, opportunity: Partial<Opportunity> = {}) =>
  resolvePatch(anOpportunity(opportunity), patch, { pipeline: PIPELINE, on: '2026-03-11' });

/** “field: from → to”, one per change. */
function changes(patch: Patch, opportunity: Partial<Opportunity> = {}): string[] {
  const resolved = resolve(patch, opportunity);
  if (!resolved.ok) return [resolved.refusal.code];
  return resolved.value.map(
    ({ field, from, to }: FieldChange) =>
      `${field}: ${JSON.stringify(from)} → ${JSON.stringify(to)}`,
  );
}

const closed = (kind: 'won' | 'lost'): Partial<Opportunity> => ({
  stage: kind,
  outcome: { kind, on: '2026-03-01', reason: null },
  probability: kind === 'won' ? 1 : 0,
});

describe('amounts', () => {
  test.each<[string, Patch, Partial<Opportunity>, string[]]>([
    ['a total', { amountFen: 5 }, { amountFen: 3 }, ['amountFen: 3 → 5']],
    ['more by', { amountChangeFen: 2 }, { amountFen: 3 }, ['amountFen: 3 → 5']],
    ['less by', { amountChangeFen: -2 }, { amountFen: 3 }, ['amountFen: 3 → 1']],
    ['less by all of it', { amountChangeFen: -3 }, { amountFen: 3 }, ['amountFen: 3 → 0']],
    ['more by, from nothing', { amountChangeFen: 2 }, { amountFen: null }, ['amountFen: null → 2']],
    [
      'a total wins over a difference',
      { amountFen: 9, amountChangeFen: 2 },
      {},
      ['amountFen: 300000000 → 9'],
    ],
    ['fractions of a fen are rounded', { amountFen: 4.4 }, { amountFen: 3 }, ['amountFen: 3 → 4']],
    ['none any more', { amountFen: null }, { amountFen: 3 }, ['amountFen: 3 → null']],
    ['the same', { amountFen: 3 }, { amountFen: 3 }, []],
    [
      'the most there can be',
      { amountFen: MAX_AMOUNT_FEN },
      { amountFen: null },
      [`amountFen: null → ${MAX_AMOUNT_FEN}`],
    ],
    ['below nothing', { amountChangeFen: -4 }, { amountFen: 3 }, ['amount-out-of-range']],
    [
      'less than nothing, from nothing',
      { amountChangeFen: -1 },
      { amountFen: null },
      ['amount-out-of-range'],
    ],
    ['too much', { amountFen: MAX_AMOUNT_FEN + 1 }, {}, ['amount-out-of-range']],
    ['too much by adding', { amountChangeFen: MAX_AMOUNT_FEN }, {}, ['amount-out-of-range']],
    ['no number', { amountFen: Number.NaN }, { amountFen: 1 }, ['amount-out-of-range']],
  ])('%s', (_what, patch, opportunity, expected) => {
    expect(changes(patch, opportunity)).toEqual(expected);
  });
});

describe('stages', () => {
  test.each<[string, Patch, Partial<Opportunity>, string[]]>([
    ['named', { stage: 'contract' }, {}, ['stage: "qualify" → "contract"']],
    ['the next', { stageMove: 'next' }, {}, ['stage: "qualify" → "negotiate"']],
    ['the one before', { stageMove: 'prev' }, {}, ['stage: "qualify" → "contact"']],
    ['where it is', { stage: 'qualify' }, {}, []],
    ['beyond the last', { stageMove: 'next' }, { stage: 'contract' }, ['no-next-stage']],
    ['before the first', { stageMove: 'prev' }, { stage: 'contact' }, ['no-next-stage']],
    ['after the end', { stageMove: 'next' }, closed('won'), ['no-next-stage']],
    [
      'won, by its name',
      { stage: 'won' },
      {},
      [
        'stage: "qualify" → "won"',
        'probability: null → 1',
        'outcome: null → {"kind":"won","on":"2026-03-11","reason":null}',
      ],
    ],
    [
      'lost, whatever else is said of the stage',
      { outcome: { kind: 'lost', reason: '客户嫌贵' }, stage: 'contract' },
      { probability: 0.3 },
      [
        'stage: "qualify" → "lost"',
        'probability: 0.3 → 0',
        'outcome: null → {"kind":"lost","on":"2026-03-11","reason":"价格"}',
      ],
    ],
    [
      'opened again',
      { stage: 'contact' },
      closed('lost'),
      [
        'stage: "lost" → "contact"',
        'probability: 0 → null',
        'outcome: {"kind":"lost","on":"2026-03-01","reason":null} → null',
      ],
    ],
  ])('%s', (_what, patch, opportunity, expected) => {
    expect(changes(patch, opportunity)).toEqual(expected);
  });

  test('back from an ending leads where it came from, as far as that is remembered', () => {
    const lastChange: LastChange = {
      causeId: 'm1',
      by: 'zhangsan',
      at: new Date(0),
      changes: [{ field: 'stage', from: 'contact', to: 'lost' }],
      followUp: null,
      created: false,
      gated: false,
      stageSinceBefore: null,
    };
    const back: Patch = { stageMove: 'prev' };
    expect(changes(back, { ...closed('lost'), lastChange })[0]).toBe('stage: "lost" → "contact"');
    expect(changes(back, closed('lost'))[0]).toBe('stage: "lost" → "contract"');
  });

  test('a stage pipeline.yaml no longer has is a broken world', () => {
    expect(() => changes({ stage: 'gone' })).toThrow('no stage gone');
  });

  test.each([
    ['价格', '价格'],
    ['他们说太贵了', '价格'],
    ['输给对手', '竞品'],
    ['客户倒闭', null],
    ['  ', null],
    [null, null],
  ])('lost because of %s is listed as %s', (words, reason) => {
    const resolved = resolve({ outcome: { kind: 'lost', reason: words } });
    expect(resolved.ok && resolved.value.at(-1)?.to).toMatchObject({ reason });
  });
});

describe('people and lists', () => {
  const contacts = [{ name: '张总', phone: '1' }];

  test.each<[string, Patch, Partial<Opportunity>, string[]]>([
    [
      'a contact of the same name is completed',
      { addContacts: [{ name: '张总', title: '总监' }] },
      { contacts },
      ['contacts: [{"name":"张总","phone":"1"}] → [{"name":"张总","phone":"1","title":"总监"}]'],
    ],
    [
      'another is added',
      { addContacts: [{ name: '李总' }] },
      { contacts },
      ['contacts: [{"name":"张总","phone":"1"}] → [{"name":"张总","phone":"1"},{"name":"李总"}]'],
    ],
    ['one that is known changes nothing', { addContacts: [{ name: '张总' }] }, { contacts }, []],
    [
      'competitors and tags are added once',
      { addCompetitors: ['用友', '金蝶'], addTags: ['重点', '重点'] },
      { competitors: ['用友'] },
      ['competitors: ["用友"] → ["用友","金蝶"]', 'tags: [] → ["重点"]'],
    ],
    [
      'the new owner is no collaborator',
      { ownerId: 'lisi' },
      { collaboratorIds: ['lisi', 'wangwu'] },
      ['ownerId: "zhangsan" → "lisi"', 'collaboratorIds: ["lisi","wangwu"] → ["wangwu"]'],
    ],
    [
      'neither is the owner, nor anybody twice',
      { collaboratorIds: ['zhangsan', 'lisi', 'lisi'] },
      {},
      ['collaboratorIds: [] → ["lisi"]'],
    ],
  ])('%s', (_what, patch, opportunity, expected) => {
    expect(changes(patch, opportunity)).toEqual(expected);
  });
});

test('an absent clock time and an undefined one are the same day', () => {
  const stored = JSON.parse('{"day":"2026-03-18"}') as { day: string };
  expect(changes({ nextFollowUp: { day: '2026-03-18' } }, { nextFollowUp: stored })).toEqual([]);
  expect(changes({ nextFollowUp: { time: '15:00', day: '2026-03-18' } })).toHaveLength(1);
});

test('changes come in the fixed order of fields, however they were said', () => {
  const patch: Patch = { tier: 'A', nextStep: '报价', closeOn: '2026-04-01', title: '华为三期' };
  const fields = resolve(patch);
  expect(fields.ok && fields.value.map(({ field }) => field)).toEqual([
    'title',
    'closeOn',
    'nextStep',
    'tier',
  ]);
});
