import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { approvalCard, Company, CORP } from './testing/company.js';

const HOUR_MS = 3_600_000;
let company: Company;

beforeEach(async () => {
  company = await Company.open({
    timeControls: [
      {
        label: '+1小时',
        run: async () => {
          company.clock.advance(HOUR_MS);
        },
      },
    ],
  });
});
afterEach(() => company.close());

async function act(wish: unknown, type = 'application/json') {
  const response = await fetch(`${company.wecom.url}/chat/act`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: JSON.stringify(wish),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** The news of the page's event stream, one at a time. */
async function openNews() {
  const response = await fetch(`${company.wecom.url}/chat/events`);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!reader) throw new Error('no event stream');
  let buffered = '';
  return {
    async next(type: string): Promise<Record<string, unknown>> {
      for (;;) {
        for (const line of buffered.split('\n').filter((text) => text.startsWith('data: '))) {
          const news = JSON.parse(line.slice(6)) as Record<string, unknown>;
          if (news['type'] === type) return news;
        }
        const chunk = await reader.read();
        if (chunk.done) throw new Error('the stream ended');
        buffered += chunk.value;
      }
    },
    close: () => reader.cancel(),
  };
}

describe('the chat page', () => {
  test.each([
    ['/chat', 'text/html'],
    ['/chat/app.js', 'text/javascript'],
    ['/chat/cards.js', 'text/javascript'],
    ['/chat/markup.js', 'text/javascript'],
    ['/chat/style.css', 'text/css'],
  ])('serves %s', async (path, type) => {
    const response = await fetch(company.wecom.url + path);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain(type);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect((await response.text()).length).toBeGreaterThan(500);
  });

  test('is where the bare address leads, and nothing else is served', async () => {
    expect((await fetch(company.wecom.url)).url).toBe(`${company.wecom.url}/chat`);
    expect((await fetch(`${company.wecom.url}/chat/../emulator.js`)).status).toBe(404);
  });

  test('knows people, groups, messages and time, and no credentials', async () => {
    company.wecom.registerWebhook({ name: '华北战报', key: 'secret-key-of-the-webhook' });
    await company.sendText('你好');
    const response = await fetch(`${company.wecom.url}/chat/state`);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({
      appName: '商机助手',
      now: '2026-03-11T02:00:00.000Z',
      timeControls: ['+1小时'],
      groups: [{ name: '华北战报', kind: 'webhook' }],
      conversations: { zhangsan: [{ content: '你好' }] },
    });
    expect(text).toContain('张三');
    expect(text).not.toContain('离职');
    for (const secret of ['secret-key-of-the-webhook', CORP.secret, CORP.encodingAesKey]) {
      expect(text).not.toContain(secret);
    }
    for (const token of Object.keys(company.wecom.snapshot().tokens)) {
      expect(text).not.toContain(token);
    }
  });

  test('says, taps, presses the menu and opens the conversation as a person', async () => {
    expect((await act({ do: 'open', userid: 'lisi' })).body['httpStatuses']).toEqual([200]);
    expect(company.app.last('Event')).toBe('enter_agent');
    await act({ do: 'say', userid: 'lisi', text: '我的商机' });
    expect(company.app.last('Content')).toBe('我的商机');
    await company.sendCard(approvalCard(), 'lisi');
    const card = company.wecom.member('lisi').latestCard()?.id;
    await act({ do: 'tap', userid: 'lisi', card, key: 'approve' });
    expect(company.app.last('EventKey')).toBe('approve');
    const button = [{ type: 'click', name: '帮助', key: 'help' }];
    await company.post(`menu/create?agentid=${CORP.agentId}`, { button });
    await act({ do: 'menu', userid: 'lisi', key: 'help' });
    expect(company.app.last('EventKey')).toBe('help');
  });

  test.each(['image', 'voice', 'video', 'location', 'link'])('sends a %s', async (kind) => {
    await act({ do: 'attach', userid: 'lisi', kind });
    expect(company.app.last('MsgType')).toBe(kind);
  });

  test('switches an outage of the API on and off', async () => {
    await act({ do: 'outage', on: true });
    await expect(company.token()).rejects.toThrow('fetch failed');
    await act({ do: 'outage', on: false });
    expect(await company.token()).not.toBe('');
  });

  test('moves the clock by the given buttons', async () => {
    const answer = await act({ do: 'time', index: 0 });
    expect(answer.body).toEqual({ now: '2026-03-11T03:00:00.000Z' });
    expect((await act({ do: 'time', index: 7 })).status).toBe(409);
  });

  test('hears of messages, changed cards, groups, the menu and the clock at once', async () => {
    const news = await openNews();
    await company.sendCard(approvalCard(), 'lisi');
    expect(await news.next('message')).toMatchObject({
      conversation: 'lisi',
      message: { kind: 'card', from: 'app' },
    });
    company.wecom.registerWebhook({ name: '华北战报' });
    expect(await news.next('groups')).toMatchObject({ groups: [{ name: '华北战报' }] });
    company.clock.advance(HOUR_MS);
    expect(await news.next('clock')).toHaveProperty('now');
    expect(await news.next('log')).toHaveProperty('log');
    await news.close();
  });

  test('refuses what is not JSON, not understood or not possible', async () => {
    const say = { do: 'say', userid: 'lisi', text: '嗨' };
    expect((await act(say, 'text/plain')).status).toBe(415);
    expect((await act({ do: 'shout' })).status).toBe(400);
    expect((await act({ ...say, userid: 'nobody' })).status).toBe(409);
    expect((await act({ do: 'tap', userid: 'lisi', card: 'm9', key: 'x' })).status).toBe(409);
    expect(company.app.received).toEqual([]);
  });
});
