import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { approvalCard, Company, CORP, noticeCard } from './testing/company.js';

const HOUR_MS = 3_600_000;
let company: Company;

beforeEach(async () => {
  company = await Company.open();
});
afterEach(() => company.close());

describe('gettoken', () => {
  const gettoken = (secret: string, corpId = CORP.corpId) =>
    company.call('GET', `gettoken?corpid=${corpId}&corpsecret=${secret}`);

  test('gives a token for 7200 seconds', async () => {
    const answer = await gettoken(CORP.secret);
    expect(answer).toMatchObject({ errcode: 0, expires_in: 7200 });
    expect(String(answer['access_token']).length).toBeGreaterThan(30);
  });

  test('a wrong corpid is 40013, a wrong secret 40001, a missing one 41002 or 41004', async () => {
    expect((await gettoken('x', 'other')).errcode).toBe(40013);
    expect((await gettoken('x')).errcode).toBe(40001);
    expect((await company.call('GET', 'gettoken?corpsecret=x')).errcode).toBe(41002);
    expect((await company.call('GET', `gettoken?corpid=${CORP.corpId}`)).errcode).toBe(41004);
  });

  test('repeated wrong secrets lock the caller out for an hour, right secret or not', async () => {
    for (let i = 0; i < 5; i += 1) await gettoken('wrong');
    expect((await gettoken(CORP.secret)).errcode).toBe(45009);
    company.clock.advance(HOUR_MS + 1);
    expect((await gettoken(CORP.secret)).errcode).toBe(0);
  });

  test('a token is refused as missing, unknown, expired or revoked', async () => {
    const body = {
      touser: 'lisi',
      agentid: CORP.agentId,
      msgtype: 'text',
      text: { content: '嗨' },
    };
    const send = (query: string) => company.call('POST', `message/send${query}`, body);
    expect((await send('')).errcode).toBe(41001);
    expect((await send('?access_token=nonsense')).errcode).toBe(40014);
    const token = await company.token();
    expect((await send(`?access_token=${token}`)).errcode).toBe(0);
    company.clock.advance(2 * HOUR_MS);
    expect((await send(`?access_token=${token}`)).errcode).toBe(42001);
    const next = await company.token();
    company.wecom.revokeTokens();
    expect((await send(`?access_token=${next}`)).errcode).toBe(40014);
  });

  test('how a second gettoken treats the first token can be chosen', async () => {
    const other = await Company.open({ tokenRepeat: 'new-kills-old' });
    const first = await other.token();
    const second = await other.token();
    const get = (token: string) => other.call('GET', `getcallbackip?access_token=${token}`);
    expect((await get(first)).errcode).toBe(40014);
    expect((await get(second)).errcode).toBe(0);
    await other.close();
    const same = await Company.open({ tokenRepeat: 'same' });
    expect(await same.token()).toBe(await same.token());
    await same.close();
  });
});

describe('message/send', () => {
  test('a text reaches its receivers, whatever the case of their userids', async () => {
    const answer = await company.send(
      { msgtype: 'text', text: { content: '第一行\n第二行' } },
      'ZHANGSAN|lisi',
    );
    expect(answer).toMatchObject({ errcode: 0, invaliduser: '' });
    for (const userid of ['zhangsan', 'LiSi']) {
      expect(company.wecom.member(userid).inbox()).toMatchObject([
        { kind: 'text', content: '第一行\n第二行', from: 'app', msgid: answer['msgid'] },
      ]);
    }
  });

  test('invalid receivers are listed in lower case; when all are, it is 81013', async () => {
    const answer = await company.send(
      { msgtype: 'text', text: { content: '嗨' } },
      'lisi|NoBody|gone|outside|nolicence',
    );
    expect(answer).toMatchObject({
      errcode: 0,
      invaliduser: 'nobody|gone|outside',
      unlicenseduser: 'nolicence',
    });
    expect(company.wecom.member('nolicence').inbox()).toEqual([]);
    const none = await company.send({ msgtype: 'text', text: { content: '嗨' } }, 'nobody|gone');
    expect(none.errcode).toBe(81013);
  });

  test('departments and @all are reached', async () => {
    await company.post('message/send', {
      toparty: '2',
      agentid: CORP.agentId,
      msgtype: 'text',
      text: { content: '部门' },
    });
    await company.send({ msgtype: 'text', text: { content: '全员' } }, '@all');
    for (const userid of ['zhangsan', 'lisi', 'wangmin']) {
      const contents = company.wecom.member(userid).inbox();
      expect(contents).toMatchObject([{ content: '部门' }, { content: '全员' }]);
    }
  });

  test.each([
    ['nobody named', { touser: '' }, 82001],
    ['too many userids', { touser: Array(1001).fill('a').join('|') }, 40032],
    ['too many departments', { touser: '', toparty: Array(101).fill('2').join('|') }, 82002],
    ['too many tags', { touser: '', totag: Array(101).fill('2').join('|') }, 82003],
    ['no agentid', { agentid: undefined }, 40056],
    ['an agentid in quotes', { agentid: '1000002' }, 40056],
    ['another agentid', { agentid: 1000009 }, 301002],
    ['an unknown msgtype', { msgtype: 'markdown_v2' }, 40008],
    ['an empty text', { text: { content: '' } }, 44004],
    ['a text that is no object', { text: '嗨' }, 40058],
    [
      'an over-long markdown',
      { msgtype: 'markdown', markdown: { content: '长'.repeat(683) } },
      45002,
    ],
    [
      'nine articles',
      { msgtype: 'news', news: { articles: Array(9).fill({ title: 'a', url: 'https://a' }) } },
      45008,
    ],
    ['an article without url', { msgtype: 'news', news: { articles: [{ title: 'a' }] } }, 40058],
    [
      'a textcard whose url has no scheme',
      { msgtype: 'textcard', textcard: { title: 'a', description: 'b', url: 'a.cn' } },
      40058,
    ],
    [
      'a textcard with a long title',
      {
        msgtype: 'textcard',
        textcard: { title: '长'.repeat(129), description: 'b', url: 'https://a.cn' },
      },
      45002,
    ],
    ['an unknown media_id', { msgtype: 'image', image: { media_id: 'x' } }, 40007],
  ])('%s is refused', async (_what, spoiled, errcode) => {
    const answer = await company.sendText('嗨', spoiled);
    expect(answer.errcode).toBe(errcode);
    expect(company.wecom.member('zhangsan').inbox()).toEqual([]);
  });

  test('GET instead of POST, an empty body, no JSON and a huge body are refused', async () => {
    const path = `message/send?access_token=${await company.token()}`;
    expect((await company.call('GET', path)).errcode).toBe(40063);
    expect((await company.call('POST', path)).errcode).toBe(40063);
    const broken = await company.call('POST', path, '{"touser":');
    expect(broken.errcode).toBe(40058);
    expect(broken.errmsg).toContain('Warning: wrong json format.');
    expect((await company.call('POST', path, '"'.padEnd(4_200_000, 'x'))).errcode).toBe(40206);
  });

  test('a text over 2048 bytes is cut between characters, with a warning', async () => {
    await company.sendText('长'.repeat(700));
    expect(company.wecom.member('zhangsan').inbox()).toMatchObject([{ content: '长'.repeat(682) }]);
    expect(company.wecom.warnings()).toMatchObject([
      { endpoint: 'message/send', path: 'text.content' },
    ]);
  });

  test('markdown, textcard and news are shown', async () => {
    await company.send({
      msgtype: 'markdown',
      markdown: { content: '**粗** <font color="info">绿</font>' },
    });
    await company.send({
      msgtype: 'textcard',
      textcard: { title: '标题', description: '说明', url: 'https://a.cn' },
    });
    await company.send({
      msgtype: 'news',
      news: { articles: [{ title: '图文', url: 'https://a.cn' }] },
    });
    expect(company.wecom.member('zhangsan').inbox()).toMatchObject([
      { kind: 'markdown' },
      { kind: 'textcard', title: '标题', btntxt: '详情' },
      { kind: 'news', articles: [{ title: '图文' }] },
    ]);
    expect(company.wecom.warnings()).toEqual([]);
  });

  test('ids are translated to names only with enable_id_trans', async () => {
    await company.sendText('$userName=lisi$ 来自 $departmentName=2$', { enable_id_trans: 1 });
    await company.sendText('$userName=lisi$');
    expect(company.wecom.member('zhangsan').inbox()).toMatchObject([
      { content: '李四 来自 华东销售部' },
      { content: '$userName=lisi$' },
    ]);
  });

  test('with duplicate check the same body within the interval is shown once', async () => {
    const twice = { enable_duplicate_check: 1, duplicate_check_interval: 600 };
    const first = await company.sendText('嗨', twice);
    const second = await company.sendText('嗨', twice);
    expect(second).toEqual(first);
    await company.sendText('嗨嗨', twice);
    company.clock.advance(600_000);
    await company.sendText('嗨', twice);
    const contents = company.wecom.member('zhangsan').inbox();
    expect(contents).toMatchObject([{ content: '嗨' }, { content: '嗨嗨' }, { content: '嗨' }]);
  });

  test('without duplicate check the same body is shown twice', async () => {
    await company.sendText('嗨');
    await company.sendText('嗨');
    expect(company.wecom.member('zhangsan').inbox()).toHaveLength(2);
  });

  test('the 31st message to one person within a minute vanishes without an error', async () => {
    const token = await company.token();
    const send = (touser: string) =>
      company.call('POST', `message/send?access_token=${token}`, {
        touser,
        agentid: CORP.agentId,
        msgtype: 'text',
        text: { content: '嗨' },
      });
    for (let i = 0; i < 30; i += 1) await send('lisi');
    expect(await send('lisi')).toMatchObject({ errcode: 0, invaliduser: '' });
    expect(company.wecom.member('lisi').inbox()).toHaveLength(30);
    expect(company.wecom.dropped()).toMatchObject([{ userid: 'lisi', endpoint: 'message/send' }]);
    await send('zhangsan');
    expect(company.wecom.member('zhangsan').inbox()).toHaveLength(1);
    company.clock.advance(60_001);
    await send('lisi');
    expect(company.wecom.member('lisi').inbox()).toHaveLength(31);
  });

  test('a member gets at most 1000 messages an hour', async () => {
    const token = await company.token();
    for (let i = 0; i < 1002; i += 1) {
      company.clock.advance(2100);
      await company.call('POST', `message/send?access_token=${token}`, {
        touser: 'lisi',
        agentid: CORP.agentId,
        msgtype: 'text',
        text: { content: String(i) },
      });
    }
    expect(company.wecom.member('lisi').inbox()).toHaveLength(1000);
    expect(company.wecom.dropped()).toHaveLength(2);
  });

  test('an uploaded file can be sent for three days', async () => {
    const form = new FormData();
    form.append('media', new Blob(['0123456789']), '报价单.pdf');
    const path = `media/upload?type=file&access_token=${await company.token()}`;
    const response = await fetch(`${company.wecom.url}/cgi-bin/${path}`, {
      method: 'POST',
      body: form,
    });
    const uploaded = (await response.json()) as { media_id: string; errcode: number };
    expect(uploaded.errcode).toBe(0);
    const send = () => company.send({ msgtype: 'file', file: { media_id: uploaded.media_id } });
    expect((await send()).errcode).toBe(0);
    expect(company.wecom.member('zhangsan').inbox()).toMatchObject([
      { kind: 'file', title: '报价单.pdf' },
    ]);
    company.clock.advance(3 * 24 * HOUR_MS + 1);
    expect((await send()).errcode).toBe(40007);
  });

  test('an upload of five bytes, of no file or of an unknown type is refused', async () => {
    const token = await company.token();
    const upload = async (type: string, body: FormData | string) => {
      const url = `${company.wecom.url}/cgi-bin/media/upload?type=${type}&access_token=${token}`;
      const response = await fetch(url, { method: 'POST', body });
      return ((await response.json()) as { errcode: number }).errcode;
    };
    const tiny = new FormData();
    tiny.append('media', new Blob(['01234']), 'a.txt');
    expect(await upload('file', tiny)).toBe(40006);
    expect(await upload('poster', tiny)).toBe(40004);
    expect(await upload('file', new FormData())).toBe(40063);
    expect(await upload('file', 'not a form')).toBe(40063);
  });
});

describe('message/recall', () => {
  test('hides the message within 24 hours and answers 42052 later', async () => {
    const first = await company.sendText('写错了');
    const second = await company.sendText('也写错了');
    expect((await company.post('message/recall', { msgid: first['msgid'] })).errcode).toBe(0);
    expect(company.wecom.member('zhangsan').inbox()).toMatchObject([
      { recalled: true },
      { content: '也写错了' },
    ]);
    company.clock.advance(24 * HOUR_MS + 1);
    expect((await company.post('message/recall', { msgid: second['msgid'] })).errcode).toBe(42052);
    expect((await company.post('message/recall', { msgid: 'x' })).errcode).toBe(40058);
  });
});

describe('template cards by message/send', () => {
  test('an interactive card and a notice with action_menu get a response_code, a plain notice none', async () => {
    const withMenu = noticeCard({
      task_id: 'task_2',
      action_menu: { desc: '更多', action_list: [{ text: '静音', key: 'mute' }] },
    });
    expect(await company.sendCard(approvalCard())).toHaveProperty('response_code');
    expect(await company.sendCard(withMenu)).toHaveProperty('response_code');
    expect(await company.sendCard(noticeCard())).not.toHaveProperty('response_code');
    expect(company.wecom.warnings()).toEqual([]);
  });

  test('a card that calls back needs a callback URL', async () => {
    company.wecom.useCallbackUrl(undefined);
    expect((await company.sendCard(approvalCard())).errcode).toBe(43012);
    expect((await company.sendCard(noticeCard())).errcode).toBe(0);
  });

  test('a task_id is never free again, unless the duplicate check recognises the request', async () => {
    expect((await company.sendCard(approvalCard())).errcode).toBe(0);
    expect((await company.sendCard(approvalCard())).errcode).toBe(42014);
    const body = {
      msgtype: 'template_card',
      template_card: approvalCard({ task_id: 'task_3' }),
      enable_duplicate_check: 1,
    };
    const first = await company.send(body);
    expect(await company.send(body)).toEqual(first);
  });
});
