import { expect, test } from '@jest/globals';

import type { ShownMessage } from '../../src/emulator/index.js';
import type { Harness } from '../support/harness.js';
import { PEOPLE } from '../support/company.js';
import { shareHarness } from '../support/shared-harness.js';
import type { TestMember } from '../support/test-member.js';

// The signed, expiring, read-only page behind a card (decisions 14). Wednesday 18 November 2026.

let harness: Harness;
let zhang: TestMember;

shareHarness(
  async (started) => {
    harness = started;
    zhang = harness.member('zhangsan');
    await zhang.says('新建 京东仓配 客户京东 30万');
  },
  { publicUrl: 'https://bot.example.com' },
);

/** The path behind the newest card of this person. */
function linkOf(member: TestMember): string {
  const newest: ShownMessage | undefined = member.received().at(-1);
  const url = newest?.kind === 'card' ? newest.card.card_action?.url : undefined;
  if (!url) throw new Error('the newest message leads nowhere');
  expect(url).toMatch(/^https:\/\/bot\.example\.com\/o\//);
  return new URL(url).pathname;
}

const get = (path: string, init?: RequestInit): Promise<Response> =>
  fetch(`http://127.0.0.1:${harness.app.port}${path}`, init);

async function linkTo(title: string, member: TestMember = zhang): Promise<string> {
  await member.says(`${title}进展`);
  return linkOf(member);
}

test('shows what the reader may see, as text, to be framed and kept by nobody', async () => {
  await zhang.says('新建 华为&二期 客户华为 300万 12月底签');
  const answer = await get(await linkTo('华为&二期'));
  expect(answer.status).toBe(200);
  const html = await answer.text();
  expect(html).toContain('<h1>华为&amp;二期</h1>');
  expect(html).toContain('¥3,000,000');
  expect(html).not.toContain('<script');
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
});

test('permission is asked for when it is opened: after a handover it shows nothing', async () => {
  await zhang.says('新建 小米门店 客户小米 80万');
  const link = await linkTo('小米门店');
  expect((await get(link)).status).toBe(200);
  await zhang.says('小米门店 转给李四');
  await zhang.says('是');
  const after = await get(link);
  expect(after.status).toBe(404);
  expect(await after.text()).not.toMatch(/小米|80/);
});

test('whoever left the company sees nothing any more', async () => {
  const wang = harness.member('wangwu');
  await wang.says('新建 美的空调 客户美的 90万');
  const link = await linkTo('美的空调', wang);
  expect((await get(link)).status).toBe(200);
  await harness.app.world.directory.replaceAll(
    (await harness.app.world.directory.everyone()).filter(({ userid }) => userid !== 'wangwu'),
    harness.clock.now(),
  );
  expect((await get(link)).status).toBe(404);
  await harness.app.syncDirectory();
  expect((await harness.app.world.directory.everyone()).length).toBe(PEOPLE.length);
});

test.each([
  ['tampered with', (link: string) => `${link.slice(0, -2)}xx`],
  ['cut', (link: string) => link.slice(0, 20)],
  ['much too long', (link: string) => `${link}${'a'.repeat(2_000)}`],
  ['no text at all', () => '/o/%E0%A4%A'],
])('a link %s opens nothing, and the process is fine', async (_, spoil) => {
  const answer = await get(spoil(await linkTo('京东仓配')));
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
  expect(await answer.text()).not.toContain('京东');
  expect((await get('/healthz')).status).toBe(200);
});

test('it is read-only', async () => {
  const link = await linkTo('京东仓配');
  for (const method of ['POST', 'PUT', 'DELETE'])
    expect((await get(link, { method })).status).toBeGreaterThanOrEqual(404);
});

test('it dies after thirty days, and no log line holds a link that works', async () => {
  await zhang.says('新建 海尔冷柜 客户海尔 50万');
  const link = await linkTo('海尔冷柜');
  harness.clock.advance(32 * 86_400_000);
  const answer = await get(link);
  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain('链接已失效');
  expect(harness.logLines.join('')).not.toContain(link.slice('/o/'.length));
});
