import { expect, test } from '@jest/globals';
import { createCalendar } from '../domain/index.js';
import { createReader } from '../shorthand/index.js';
import type { OpportunityName } from '../usecases/index.js';
import { resolveOpportunity } from './resolve.js';

const AT = new Date('2026-03-11T10:00:00+08:00');

const name = (id: string, title: string, customerName: string, open = true): OpportunityName => ({
  id,
  title,
  customerName,
  ownerId: 'zhangsan',
  collaboratorIds: [],
  stage: 'contact',
  amountFen: null,
  closeOn: null,
  open,
  archived: false,
  updatedAt: AT,
});

const all = [
  name('h2', '华为二期', '华为'),
  name('h2x', '华为二期扩容', '华为'),
  name('h1', '华为一期', '华为', false),
  name('hz', '终端商城', '华为终端'),
  name('mi', '小米MES', '小米'),
  name('old', '中兴机房', '中兴', false),
];

const reader = createReader({
  lexicon: {
    customers: ['华为', '华为终端', '小米', '中兴'].map((id) => ({ id, name: id })),
    people: [],
    opportunities: all.map(({ id, title, customerName }) => ({
      id,
      name: title,
      customerId: customerName,
    })),
  },
  calendar: createCalendar([]),
  stages: [{ id: 'negotiate', name: '商务谈判', alsoSaid: ['谈判'] }],
});

function resolved(text: string, visible: readonly OpportunityName[] = all): string[] | string {
  const [update] = reader.read(text, { now: AT }).updates;
  if (!update) return 'nothing read';
  const resolution = resolveOpportunity(update, text, visible);
  if (resolution.kind === 'one') return [resolution.opportunity.id];
  if (resolution.kind === 'several') return resolution.opportunities.map(({ id }) => id).sort();
  return resolution.kind;
}

const without = (...ids: string[]) => all.filter(({ id }) => !ids.includes(id));

test.each<[string, string[] | string, OpportunityName[]]>([
  ['华为二期 谈判', ['h2'], all],
  ['华为二期扩容 谈判', ['h2x'], all],
  ['小米 谈判', ['mi'], all],
  ['MES 谈判', ['mi'], all],
  // A customer with several open ones: all of them, the closed one left out.
  ['华为 谈判', ['h2', 'h2x'], all],
  // Nothing open fits: the closed one.
  ['中兴 谈判', ['old'], all],
  ['谈判', 'unnamed', all],
  // Only what the asker may see is weighed.
  ['华为 谈判', ['h2'], without('h2x')],
  ['小米 谈判', 'unknown', without('mi')],
  ['小米MES 谈判', 'unknown', without('mi')],
  // What is exact for others is a part of a name for this asker.
  ['华为 谈判', ['hz'], without('h2', 'h2x', 'h1')],
])('“%s” means %j', (text, expected, visible) => {
  expect(resolved(text, visible)).toEqual(expected);
});
