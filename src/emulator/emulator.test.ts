import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { approvalCard, Company, CORP } from './testing/company.js';

let company: Company;

beforeEach(async () => {
  company = await Company.open();
});
afterEach(() => company.close());

describe('contacts', () => {
  test('user/get tells name, departments, leadership and direct leader', async () => {
    expect(await company.get('user/get?userid=zhangsan')).toMatchObject({
      errcode: 0,
      userid: 'ZhangSan',
      name: '张三',
      department: [2],
      main_department: 2,
      is_leader_in_dept: [0],
      direct_leader: ['wangmin'],
      status: 1,
    });
    expect(await company.get('user/get?userid=wangmin')).toMatchObject({ is_leader_in_dept: [1] });
  });

  test('a stranger is 60111, a member out of range 60011', async () => {
    expect((await company.get('user/get?userid=nobody')).errcode).toBe(60111);
    expect((await company.get('user/get?userid=gone')).errcode).toBe(60111);
    expect((await company.get('user/get?userid=outside')).errcode).toBe(60011);
  });

  test('lists of members do not go into sub-departments', async () => {
    expect(await company.get('user/simplelist?department_id=1')).toMatchObject({ userlist: [] });
    const east = await company.get('user/simplelist?department_id=2');
    expect(east['userlist']).toMatchObject([
      { userid: 'ZhangSan' },
      { userid: 'lisi' },
      { userid: 'wangmin' },
    ]);
    const north = await company.get('user/list?department_id=3');
    expect(north['userlist']).toMatchObject([{ userid: 'nolicence', name: '未授权' }]);
    expect((await company.get('user/list?department_id=9')).errcode).toBe(60003);
  });

  test('departments are listed with everything below them', async () => {
    expect(await company.get('department/simplelist?id=1')).toMatchObject({
      department_id: [{ id: 1 }, { id: 2, parentid: 1 }, { id: 3, parentid: 1 }],
    });
    expect(await company.get('department/get?id=2')).toMatchObject({
      department: { name: '华东销售部', department_leader: ['wangmin'] },
    });
    expect((await company.get('department/list?id=3'))['department']).toHaveLength(1);
    expect((await company.get('department/list'))['department']).toHaveLength(3);
  });

  test('people can be renamed, disabled and removed while it runs', async () => {
    company.wecom.putPerson({ userid: 'lisi', name: '李四改', department: [2], status: 2 });
    expect(await company.get('user/get?userid=lisi')).toMatchObject({ name: '李四改', status: 2 });
    expect((await company.send({ msgtype: 'text', text: { content: '嗨' } }, 'lisi')).errcode).toBe(
      81013,
    );
    company.wecom.removePerson('lisi');
    expect((await company.get('user/get?userid=lisi')).errcode).toBe(60111);
  });

  test('a login code names its member once, within five minutes', async () => {
    const read = (code: string) => company.get(`auth/getuserinfo?code=${code}`);
    const code = company.wecom.authorize('lisi');
    expect(await read(code)).toMatchObject({ errcode: 0, userid: 'lisi' });
    expect((await read(code)).errcode).toBe(42022);
    expect((await read('nonsense')).errcode).toBe(40029);
    const late = company.wecom.authorize('lisi');
    company.clock.advance(300_001);
    expect((await read(late)).errcode).toBe(42003);
  });
});

describe('the app menu', () => {
  const create = (button: unknown, agentId: number | string = CORP.agentId) =>
    company.post(`menu/create?agentid=${agentId}`, { button });

  test('is created, read and deleted', async () => {
    const button = [
      { type: 'click', name: '我的商机', key: 'mine' },
      { name: '更多', sub_button: [{ type: 'view', name: '帮助', url: 'https://example.com' }] },
    ];
    expect((await create(button)).errcode).toBe(0);
    expect(await company.get(`menu/get?agentid=${CORP.agentId}`)).toMatchObject({ button });
    await company.get(`menu/delete?agentid=${CORP.agentId}`);
    expect(await company.get(`menu/get?agentid=${CORP.agentId}`)).toMatchObject({ button: [] });
    expect(await company.get(`agent/get?agentid=${CORP.agentId}`)).toMatchObject({ errcode: 0 });
  });

  test.each([
    ['no button', [], 40016],
    ['four buttons', Array(4).fill({ type: 'click', name: 'a', key: 'a' }), 40016],
    [
      'six sub buttons',
      [{ name: 'a', sub_button: Array(6).fill({ type: 'click', name: 'a', key: 'a' }) }],
      40023,
    ],
    ['an unknown type', [{ type: 'shout', name: 'a' }], 40017],
    ['a name over 16 bytes', [{ type: 'click', name: '六个汉字太长', key: 'a' }], 40018],
    [
      'a sub name over 40 bytes',
      [{ name: 'a', sub_button: [{ type: 'click', name: '长'.repeat(14), key: 'a' }] }],
      40025,
    ],
    ['a click without key', [{ type: 'click', name: 'a' }], 40019],
    ['a view without url', [{ type: 'view', name: 'a' }], 40020],
  ])('%s is refused', async (_what, button, errcode) => {
    expect((await create(button)).errcode).toBe(errcode);
  });

  test('the agent in the query must be the token’s', async () => {
    expect((await create([], 7)).errcode).toBe(301002);
    expect((await create([], '')).errcode).toBe(40056);
  });
});

test('answers carry the emulated time, for those who compare clocks', async () => {
  const response = await fetch(`${company.wecom.url}/cgi-bin/getcallbackip`);
  expect(response.headers.get('date')).toBe('Wed, 11 Mar 2026 02:00:00 GMT');
});

describe('faults', () => {
  const get = async () => {
    const url = `${company.wecom.url}/cgi-bin/getcallbackip?access_token=x`;
    const response = await fetch(url);
    return { status: response.status, text: await response.text() };
  };

  test('a status, an errcode and broken JSON take the place of the answer', async () => {
    company.wecom.faults.add({ kind: 'http', status: 502 }, { times: 1 });
    expect((await get()).status).toBe(502);
    company.wecom.faults.add({ kind: 'errcode', errcode: -1 }, { times: 1 });
    expect(JSON.parse((await get()).text)).toMatchObject({ errcode: -1 });
    company.wecom.faults.add({ kind: 'wrong-json' }, { times: 1 });
    const broken = await get();
    expect(() => JSON.parse(broken.text) as unknown).toThrow(SyntaxError);
    expect(JSON.parse((await get()).text)).toMatchObject({ errcode: 40014 });
  });

  test('a cut before the work leaves nothing, one after it leaves the effect', async () => {
    const text = () => company.sendText('嗨');
    company.wecom.faults.add({ kind: 'cut' }, { endpoint: 'message/send', times: 1 });
    await expect(text()).rejects.toThrow('fetch failed');
    expect(company.wecom.member('zhangsan').inbox()).toEqual([]);
    company.wecom.faults.add(
      { kind: 'cut', when: 'after' },
      { endpoint: 'message/send', times: 1 },
    );
    await expect(text()).rejects.toThrow('fetch failed');
    expect(company.wecom.member('zhangsan').inbox()).toHaveLength(1);
    expect(company.wecom.requests('message/send')).toMatchObject([
      { fault: 'cut', errcode: null },
      { fault: 'cut', errcode: 0 },
    ]);
  });

  test('an errcode after the work is answered although it took effect', async () => {
    company.wecom.faults.add(
      { kind: 'errcode', errcode: -1, when: 'after' },
      { endpoint: 'message/send', times: 1 },
    );
    expect((await company.sendText('嗨')).errcode).toBe(-1);
    expect(company.wecom.member('zhangsan').inbox()).toHaveLength(1);
  });

  test('slowness delays but answers; a fault can be switched off; an outage ends', async () => {
    const off = company.wecom.faults.add({ kind: 'http', status: 500 });
    company.wecom.faults.add({ kind: 'slow', ms: 5 });
    expect((await get()).status).toBe(500);
    off();
    expect((await get()).status).toBe(200);
    company.wecom.faults.outage(true);
    await expect(get()).rejects.toThrow('fetch failed');
    company.wecom.faults.outage(false);
    company.wecom.faults.clear();
    expect((await get()).status).toBe(200);
  });
});

describe('what it remembers', () => {
  test('the request log names path, body and errcode, without credentials', async () => {
    await company.sendText('嗨');
    const log = company.wecom.requests();
    expect(log.map((request) => request.path)).toEqual(['gettoken', 'message/send']);
    expect(log[1]).toMatchObject({ method: 'POST', errcode: 0, body: { touser: 'zhangsan' } });
    const text = JSON.stringify(log);
    expect(text).not.toContain(CORP.secret);
    for (const token of Object.keys(company.wecom.snapshot().tokens)) {
      expect(text).not.toContain(token);
    }
  });

  test('the callback log shows the plaintext and the outcome', async () => {
    await company.wecom.member('lisi').says('你好');
    expect(company.wecom.callbackLog()).toMatchObject([
      { userid: 'lisi', httpStatuses: [200], passive: null },
    ]);
    expect(company.wecom.callbackLog()[0]?.xml).toContain('你好');
  });

  test('a listener and a waiting look both hear of new messages', async () => {
    const li = company.wecom.member('lisi');
    const heard: string[] = [];
    const stop = li.onMessage((message) => heard.push(message.kind));
    const waiting = li.sees((message) => message.kind === 'text' && message.content === '第二条');
    await company.send({ msgtype: 'text', text: { content: '第一条' } }, 'lisi');
    await company.send({ msgtype: 'text', text: { content: '第二条' } }, 'lisi');
    stop();
    await company.send({ msgtype: 'text', text: { content: '第三条' } }, 'lisi');
    expect(await waiting).toMatchObject({ content: '第二条' });
    expect(heard).toEqual(['text', 'text']);
    await expect(li.sees(() => false, { timeoutMs: 1 })).rejects.toThrow('saw no such message');
  });

  test('a snapshot brings another emulator to the same state', async () => {
    await company.sendCard(approvalCard());
    const other = await Company.open();
    other.wecom.restore(company.wecom.snapshot());
    expect(other.wecom.member('zhangsan').inbox()).toEqual(
      company.wecom.member('zhangsan').inbox(),
    );
    expect((await other.sendCard(approvalCard())).errcode).toBe(42014);
    await other.close();
    expect(() => company.wecom.restore({ version: 2 } as never)).toThrow('snapshot');
  });

  test('with a data folder it takes up where it stopped', async () => {
    const dataDir = await mkdtemp(path.join(os.tmpdir(), 'emulator-'));
    const first = await Company.open({ dataDir });
    const { response_code } = await first.sendCard(approvalCard());
    await first.close();
    const second = await Company.open({ dataDir });
    expect(second.wecom.member('zhangsan').inbox()).toMatchObject([{ kind: 'card' }]);
    const updated = await second.post('message/update_template_card', {
      userids: ['zhangsan'],
      agentid: CORP.agentId,
      response_code,
      button: { replace_name: '已处理' },
    });
    expect(updated.errcode).toBe(0);
    await second.close();
    await rm(dataDir, { recursive: true });
  });
});
