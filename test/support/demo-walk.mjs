// Walks the demo through all eight journeys by its page, as a newcomer would, and leaves a picture of every
// stop in docs/demo/. Run after `npm run build`: node test/support/demo-walk.mjs [folder for the pictures]
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { DemoPage, startBrowser, startDemo } from './demo-page.mjs';

const folder = path.resolve(process.argv[2] ?? 'docs/demo');
const EAST = '华东销售群';
const LONGEST_HOLIDAY_DAYS = 12;

const dataDir = await mkdtemp(path.join(tmpdir(), 'demo-walk-'));
const browser = await startBrowser();
let demo = await startDemo({ dataDir });
let desk = await DemoPage.open(browser, demo.url);

async function picture(name) {
  await desk.page.evaluate(() => {
    const messages = globalThis.document.getElementById('messages');
    // The empty strip below the last bubble shows nothing.
    messages.scrollTop = messages.scrollHeight - messages.clientHeight - 26;
    globalThis.document.activeElement?.blur();
  });
  await desk.page.screenshot({ path: path.join(folder, `${name}.png`) });
  process.stdout.write(`${name}.png\n`);
}

/** To the next morning on which people work: the group hears its digest. */
async function toAWorkingMorning() {
  await desk.watch(EAST);
  const heard = await desk.bubbles.count();
  for (let day = 0; day < LONGEST_HOLIDAY_DAYS; day++) {
    await desk.forwards('到明早');
    if ((await desk.bubbles.count()) > heard) return;
  }
  throw new Error('no digest came');
}

async function create() {
  await desk.be('zhangwei');
  await desk.says('新建 华为二期 客户华为 300万 需求确认 9月底签');
  await desk.sees('已新建：华为二期', '¥3,000,000');
  await picture('1-create');
  await desk.says('新建商机 50万');
  await desk.says('星野食品门店系统');
  await desk.sees('李娜');
  await picture('1-clash');
  await desk.says('取消');
}

async function update() {
  await desk.says('华为二期 谈判 320万 下周五签');
  await desk.sees('¥3,000,000 → ¥3,200,000');
  await desk.says('降到200万');
  await desk.sees('金额变小了');
  await picture('2-update');
  await desk.says('取消');
  await desk.says('华为二期 加10万');
  await desk.says('撤销');
  await desk.sees('已撤销：华为二期', '¥3,300,000 → ¥3,200,000');
  await desk.be('lina');
  await desk.says('北辰 加10万');
  await desk.sees('北辰汽车售后知识库');
  await picture('2-which-one');
  await desk.says('2');
}

async function followUp() {
  await desk.be('zhangwei');
  await desk.says('今天电话华为张总，嫌贵，下周三再约');
  await desk.sees('已记录');
  await picture('3-follow-up');
}

async function approve() {
  await desk.says('蓝湾 谈判');
  await desk.sees('已提交审批', '陈静');
  await desk.be('chenjing');
  await desk.sees('蓝湾银行风控平台', '同意');
  await picture('4-approval-asked');
  await desk.taps('同意', '蓝湾银行风控平台');
  await desk.sees('陈静 已同意');
  await picture('4-approval-decided');
  await desk.be('zhangwei');
  await desk.sees('蓝湾银行风控平台', '陈静');
  await picture('4-rep-told');
}

async function winAndLose() {
  await desk.says('远航 赢了');
  await desk.taps('是', '远航物流WMS二期');
  await desk.sees('远航物流WMS二期', '审批');
  await desk.says('青禾那单丢了');
  await desk.says('价格');
  await desk.taps('是', '青禾教育直播系统 输单？');
  await desk.sees('已记为输单：青禾教育直播系统');
  await picture('5-lose');
  await desk.be('chenjing');
  await desk.sees('远航物流WMS二期', '同意');
  await desk.taps('同意', '远航物流WMS二期');
  await desk.sees('远航物流WMS二期', '已同意');
  await desk.watch(EAST);
  await desk.sees('远航物流WMS二期', '赢');
  await picture('5-win-celebrated');
}

async function ask() {
  await desk.be('chenjing');
  await desk.says('谈判阶段有哪些');
  await desk.says('本月预测');
  await picture('6-ask');
  await desk.says('华为进展');
  await desk.says('华为二期 谁改的金额');
  await picture('6-history');
}

async function morning() {
  await toAWorkingMorning();
  await picture('7-group-digest');
  await desk.be('zhangwei');
  await desk.sees('按序号回复');
  await desk.says('1 推到周五');
  await picture('7-personal-digest');
}

async function remind() {
  await desk.be('lina');
  await desk.sees('该跟进了', '北辰汽车数据中台');
  await picture('3-reminder');
  await desk.taps('已跟进', '该跟进了', '北辰汽车数据中台');
  await desk.sees('客户怎么说');
  await desk.says('魏总同意分三期，下周二去签合同');
  await desk.sees('已记录');
  await picture('3-reply');
}

async function newGroup() {
  await desk.be('chenjing');
  await desk.says('建群 大客户攻坚群 @张伟 @李娜');
  await desk.watch('大客户攻坚群');
}

async function everythingElse() {
  await desk.be('wangqiang');
  await desk.says('今天天气不错');
  await desk.attaches('voice');
  await desk.says('{"$gt":""}');
  await desk.page.locator('#log-toggle').click();
  await desk.page.locator('#log-entries li').first().waitFor();
  await picture('8-everything-else');
}

async function restart() {
  await desk.page.close();
  await demo.stop();
  demo = await startDemo({ dataDir });
  desk = await DemoPage.open(browser, demo.url);
  await desk.sees('已更新：晨光制造MES');
  await desk.says('华为二期进展');
  await desk.sees('华为二期', '¥3,200,000');
}

await mkdir(folder, { recursive: true });
try {
  await toAWorkingMorning();
  for (const journey of [
    create,
    update,
    followUp,
    approve,
    winAndLose,
    ask,
    morning,
    remind,
    newGroup,
    everythingElse,
    restart,
  ]) {
    await journey();
  }
} catch (error) {
  await desk.page.screenshot({ path: path.join(folder, 'failed.png') }).catch(() => undefined);
  process.stderr.write(`${demo.printed()}\n`);
  throw error;
} finally {
  await browser.close();
  await demo.stop();
  await rm(dataDir, { recursive: true, force: true });
}
