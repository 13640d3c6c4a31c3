import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';

import { DemoPage, startBrowser, startDemo, type Demo } from '../support/demo-page.mjs';

/** A browser, the product and a pretend WeCom on one slow machine. */
jest.setTimeout(180_000);

const EAST = '华东销售群';
/** A week of holidays and the weekends around it. */
const LONGEST_REST_DAYS = 12;

let dataDir: string;
let browser: Browser;
let demo: Demo;
let desk: DemoPage;

beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'demo-page-'));
  browser = await startBrowser();
  demo = await startDemo({ dataDir });
  desk = await DemoPage.open(browser, demo.url);
});

afterAll(async () => {
  await browser?.close();
  await demo?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Mornings pass until `happened`; the demo may be started on any day, before any holiday. */
async function morningsUntil(happened: () => Promise<boolean>): Promise<void> {
  for (let day = 0; day < LONGEST_REST_DAYS; day++) {
    if (await happened()) return;
    await desk.forwards('到明早');
  }
  expect(await happened()).toBe(true);
}

test('a rep types a line and sees on a card what changed, old and new', async () => {
  await desk.be('zhangwei');
  await desk.says('晨光 方案 130万');
  const card = await desk.sees('已更新：晨光制造MES');
  expect(card).toContain('需求确认 → 方案呈现');
  expect(card).toContain('¥1,200,000 → ¥1,300,000');
});

test('one manager taps 同意: every approver’s card changes, and the rep is told', async () => {
  await desk.be('zhangwei');
  await desk.says('蓝湾 谈判');
  await desk.sees('已提交审批：蓝湾银行风控平台', '陈静');

  await desk.be('chenjing');
  const asked = await desk.sees('蓝湾银行风控平台', '等你审批');
  expect(asked).toContain('✓');
  expect(asked).toContain('方案呈现 → 商务谈判');

  // Nobody decides for a working day: the next level is asked as well.
  await desk.be('sunlei');
  await morningsUntil(async () => (await desk.saying('蓝湾银行风控平台').count()) > 0);
  await desk.sees('蓝湾银行风控平台', '等你审批');

  await desk.be('chenjing');
  await desk.taps('同意', '蓝湾银行风控平台');
  const decided = await desk.sees('蓝湾银行风控平台', '陈静 已同意');
  expect(decided).not.toContain('驳回');

  await desk.be('sunlei');
  const elsewhere = await desk.sees('蓝湾银行风控平台', '陈静 已同意');
  expect(elsewhere).not.toContain('驳回');

  await desk.be('zhangwei');
  await desk.sees('已同意：蓝湾银行风控平台', '陈静', '方案呈现 → 商务谈判');
});

test('on the next working morning the sales group gets its digest', async () => {
  await desk.watch(EAST);
  await morningsUntil(async () => (await desk.saying('商机日报').count()) > 0);
  const digest = await desk.sees(`${EAST} 商机日报`);
  expect(digest).toContain('今天要处理');
  await desk.page.getByTestId('group-hint').waitFor();
});

test('a restart loses neither the conversation nor the data nor the time of day', async () => {
  await desk.be('zhangwei');
  await desk.says('松果 32万');
  await desk.sees('已更新：松果连锁会员系统', '¥320,000');
  const [before] = (await desk.clock()).split(' ');

  await desk.page.close();
  expect(await demo.stop()).toBe(0);
  demo = await startDemo({ dataDir });
  desk = await DemoPage.open(browser, demo.url);

  await desk.be('zhangwei');
  await desk.sees('已更新：松果连锁会员系统', '¥320,000');
  expect(await desk.clock()).toContain(before);
  await desk.says('松果进展');
  await desk.sees('松果连锁会员系统', '初步接洽', '¥320,000');
});
