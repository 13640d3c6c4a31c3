import { expect, test } from '@jest/globals';

import { createOpportunityLinks } from './opportunity-link.js';

const links = createOpportunityLinks('https://bot.example.com', 'secret');
const sentAt = new Date('2026-11-18T10:00:00+08:00');
const tokenOf = (link: string): string => link.slice('https://bot.example.com/o/'.length);

test('a link opens the opportunity it was made for, for the person it was made for', () => {
  const token = tokenOf(links.make('opp_1', 'zhangsan', sentAt));
  expect(links.read(token, sentAt)).toEqual({ opportunityId: 'opp_1', userid: 'zhangsan' });
});

test('a link dies after thirty days', () => {
  const token = tokenOf(links.make('opp_1', 'zhangsan', sentAt));
  expect(links.read(token, new Date('2026-12-17T10:00:00+08:00'))).not.toBeNull();
  expect(links.read(token, new Date('2026-12-20T10:00:00+08:00'))).toBeNull();
});

test('the same card built twice has the same link', () => {
  const later = new Date(sentAt.getTime() + 60_000);
  expect(links.make('opp_1', 'zhangsan', later)).toBe(links.make('opp_1', 'zhangsan', sentAt));
});

test.each(['', '.', 'abc', 'abc.def', '..', 'e30.AAAA'])(
  'the forged token “%s” opens nothing',
  (token) => {
    expect(links.read(token, sentAt)).toBeNull();
  },
);

test('a link made with another secret, or for another opportunity, opens nothing', () => {
  const foreign = createOpportunityLinks('https://bot.example.com', 'other');
  expect(links.read(tokenOf(foreign.make('opp_1', 'zhangsan', sentAt)), sentAt)).toBeNull();
  const [, signature] = tokenOf(links.make('opp_1', 'zhangsan', sentAt)).split('.');
  const other = Buffer.from(JSON.stringify(['opp_2', 'zhangsan', 99_999])).toString('base64url');
  expect(links.read(`${other}.${signature}`, sentAt)).toBeNull();
});
