import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { startHarness, type Harness } from '../support/harness.js';

// Decisions 30: alarms also reach a channel that is not WeCom.

interface Posted {
  id: string;
  title: string;
  detail: string;
  action: string;
  at: string;
  text: { content: string };
}

let server: Server;
let posted: Posted[];
let answers: number[];
let harness: Harness;
let url: string;

beforeEach(async () => {
  posted = [];
  answers = [];
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (part: string) => (body += part));
    request.on('end', () => {
      posted.push(JSON.parse(body) as Posted);
      response.writeHead(answers.shift() ?? 200).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?key=SecretOfTheHook`;
});
afterEach(async () => {
  await harness.stop();
  server.closeAllConnections();
  server.close();
});

const alarm = (key: string) => ({
  key,
  title: '一条消息没有送达',
  detail: 'reply:lisi：out-of-range',
  action: '把成员加入可见范围',
  at: harness.clock.now(),
});

test('an alarm goes to the webhook once, with what happened and what to do, and to the administrators', async () => {
  harness = await startHarness({ alertWebhookUrl: url });
  await harness.app.usecases.tellAdmins(alarm('a'));
  await harness.app.usecases.tellAdmins(alarm('a'));
  await harness.settle();
  expect(posted).toEqual([
    expect.objectContaining({
      title: '一条消息没有送达',
      detail: 'reply:lisi：out-of-range',
      action: '把成员加入可见范围',
      at: '2026-11-18T02:00:00.000Z',
      msgtype: 'text',
      text: {
        content:
          '【系统提醒】一条消息没有送达\nreply:lisi：out-of-range\n请处理：把成员加入可见范围',
      },
    }),
  ]);
  harness.member('guanli').shouldSee('一条消息没有送达');
});

test('a webhook that fails is tried again with the same id; its address is in no log', async () => {
  harness = await startHarness({ alertWebhookUrl: url });
  answers = [503, 502];
  await harness.app.usecases.tellAdmins(alarm('b'));
  await harness.goTo('2026-11-18', '10:10');
  expect(posted.map(({ title }) => title)).toEqual(Array(3).fill('一条消息没有送达'));
  expect(new Set(posted.map(({ id }) => id)).size).toBe(1);
  expect(harness.logLines.join('')).not.toContain('SecretOfTheHook');
});

test('when this server is no longer trusted by WeCom, the webhook knows at once and once', async () => {
  harness = await startHarness({ alertWebhookUrl: url });
  harness.wecom.faults.add({ kind: 'errcode', errcode: 60020 }, { endpoint: 'message/send' });
  await harness.member('zhangsan').says('我的商机');
  await harness.member('lisi').says('我的商机');
  expect(posted.map(({ title }) => title)).toEqual(['消息暂时发不出去，正在重试']);
  expect(posted[0]?.action).toContain('企业可信IP');
});

test('without a webhook nothing waits for one', async () => {
  harness = await startHarness();
  await harness.app.usecases.tellAdmins(alarm('c'));
  await harness.settle();
  expect(await harness.app.world.outbox.find('alarm')).toBeNull();
  expect(await harness.app.world.outbox.nextDueAt(harness.clock.now())).toBeNull();
});
