import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { approvalCard, Company, noticeCard } from './testing/company.js';

let company: Company;

beforeEach(async () => {
  company = await Company.open();
});
afterEach(() => company.close());

const GROUP = { name: '华东销售群', userlist: ['zhangsan', 'lisi', 'wangmin'], chatid: 'east' };

describe('appchat', () => {
  test('a group is created with our own chatid, read, and written to', async () => {
    expect(await company.post('appchat/create', GROUP)).toMatchObject({
      errcode: 0,
      chatid: 'east',
    });
    expect(await company.get('appchat/get?chatid=east')).toMatchObject({
      chat_info: { name: '华东销售群', owner: 'zhangsan', userlist: GROUP.userlist },
    });
    const sent = await company.post('appchat/send', {
      chatid: 'east',
      msgtype: 'text',
      text: { content: '日报', mentioned_list: ['@all'] },
    });
    expect(sent).toEqual({ errcode: 0, errmsg: 'ok' });
    expect(company.wecom.group('华东销售群').messages()).toMatchObject([
      { kind: 'text', content: '日报', mentioned: ['@all'], via: 'appchat/send' },
    ]);
  });

  test.each([
    ['a chatid that exists', { ...GROUP }, 86215],
    ['a chatid with an underscore', { ...GROUP, chatid: 'a_b' }, 86001],
    ['a chatid of 33 letters', { ...GROUP, chatid: 'a'.repeat(33) }, 86001],
    ['a name of 51 characters', { ...GROUP, chatid: 'b', name: '长'.repeat(51) }, 86004],
    ['one member', { ...GROUP, chatid: 'b', userlist: ['lisi'] }, 86006],
    [
      'an owner outside the group',
      { ...GROUP, chatid: 'b', userlist: ['lisi', 'zhangsan'], owner: 'wangmin' },
      86005,
    ],
    ['an unknown member', { ...GROUP, chatid: 'b', userlist: ['lisi', 'nobody'] }, 86216],
    ['a member who left', { ...GROUP, chatid: 'b', userlist: ['lisi', 'gone'] }, 86216],
  ])('creating with %s is refused', async (_what, body, errcode) => {
    await company.post('appchat/create', GROUP);
    expect((await company.post('appchat/create', body)).errcode).toBe(errcode);
  });

  test('members come and go; taking the owner out needs another one', async () => {
    await company.post('appchat/create', GROUP);
    const update = (more: object) => company.post('appchat/update', { chatid: 'east', ...more });
    expect((await update({ del_user_list: ['zhangsan'] })).errcode).toBe(86005);
    const changed = await update({ del_user_list: ['zhangsan'], owner: 'lisi', name: '新群名' });
    expect(changed.errcode).toBe(0);
    expect(await company.get('appchat/get?chatid=east')).toMatchObject({
      chat_info: { name: '新群名', owner: 'lisi', userlist: ['lisi', 'wangmin'] },
    });
    expect((await update({ add_user_list: ['nobody'] })).errcode).toBe(86216);
    expect((await update({ del_user_list: ['wangmin'] })).errcode).toBe(86006);
  });

  test.each([
    ['a template card', { msgtype: 'template_card', template_card: approvalCard() }, 40008],
    ['markdown_v2', { msgtype: 'markdown_v2', markdown_v2: { content: 'a' } }, 40008],
    [
      'an over-long markdown',
      { msgtype: 'markdown', markdown: { content: '长'.repeat(683) } },
      45002,
    ],
    [
      'a textcard title over 128 bytes',
      {
        msgtype: 'textcard',
        textcard: { title: '长'.repeat(43), description: 'a', url: 'https://a' },
      },
      45002,
    ],
    ['an unknown chatid', { chatid: 'west', msgtype: 'text', text: { content: 'a' } }, 86003],
    ['an impossible chatid', { chatid: '', msgtype: 'text', text: { content: 'a' } }, 86001],
  ])('sending %s is refused', async (_what, body, errcode) => {
    await company.post('appchat/create', GROUP);
    expect((await company.post('appchat/send', { chatid: 'east', ...body })).errcode).toBe(errcode);
    expect(company.wecom.group('east').messages()).toEqual([]);
  });

  test('fields a group message does not have are warned about', async () => {
    await company.post('appchat/create', GROUP);
    await company.post('appchat/send', {
      chatid: 'east',
      msgtype: 'text',
      text: { content: 'a' },
      enable_duplicate_check: 1,
    });
    expect(company.wecom.warnings()).toMatchObject([{ path: 'enable_duplicate_check' }]);
  });

  test('needs the whole company in the visible range', async () => {
    const narrow = await Company.open({ visibleToAll: false });
    expect((await narrow.post('appchat/create', GROUP)).errcode).toBe(48002);
    await narrow.close();
  });

  test('a webhook group is no group of the app', async () => {
    company.wecom.registerWebhook({ name: '外部群', key: 'abc' });
    const { chatid } = company.wecom.group('abc').chat;
    expect((await company.get(`appchat/get?chatid=${chatid}`)).errcode).toBe(86008);
  });
});

describe('webhook/send', () => {
  const send = (body: unknown, key = 'key-1') =>
    company.call('POST', `webhook/send?key=${key}`, body);

  beforeEach(() => {
    company.wecom.registerWebhook({ name: '华北战报', key: 'key-1' });
  });

  test('text, both markdowns, news and notice cards reach the group', async () => {
    const messages = [
      { msgtype: 'text', text: { content: '日报', mentioned_list: ['lisi'] } },
      { msgtype: 'markdown', markdown: { content: '**新增** <@lisi>' } },
      { msgtype: 'markdown_v2', markdown_v2: { content: '| a | b |\n| - | - |\n| 1 | 2 |' } },
      { msgtype: 'news', news: { articles: [{ title: '图', url: 'https://a.cn' }] } },
      { msgtype: 'template_card', template_card: noticeCard() },
    ];
    for (const message of messages) expect((await send(message)).errcode).toBe(0);
    expect(company.wecom.group('华北战报').messages()).toMatchObject([
      { kind: 'text' },
      { kind: 'markdown' },
      { kind: 'markdown', version: 2 },
      { kind: 'news' },
      { kind: 'card' },
    ]);
    expect(company.wecom.warnings()).toEqual([]);
  });

  test.each([
    ['an unknown key', { msgtype: 'text', text: { content: 'a' } }, 'other', 93000],
    ['an empty text', { msgtype: 'text', text: { content: '' } }, 'key-1', 93017],
    ['a button card', { msgtype: 'template_card', template_card: approvalCard() }, 'key-1', 42031],
    [
      'a notice with action_menu',
      { msgtype: 'template_card', template_card: noticeCard({ action_menu: {} }) },
      'key-1',
      40058,
    ],
    [
      'a news_notice without picture',
      {
        msgtype: 'template_card',
        template_card: {
          ...noticeCard(),
          card_type: 'news_notice',
          image_text_area: { image_url: 'https://a' },
        },
      },
      'key-1',
      42044,
    ],
    [
      'markdown over 4096 bytes',
      { msgtype: 'markdown', markdown: { content: '长'.repeat(1366) } },
      'key-1',
      45002,
    ],
    [
      'markdown_v2 over 4096 bytes',
      { msgtype: 'markdown_v2', markdown_v2: { content: '长'.repeat(1366) } },
      'key-1',
      45002,
    ],
    ['a textcard', { msgtype: 'textcard', textcard: {} }, 'key-1', 40008],
    [
      'an image with a wrong md5',
      { msgtype: 'image', image: { base64: 'YWJj', md5: 'x' } },
      'key-1',
      40058,
    ],
    [
      'an image over 2 MB',
      { msgtype: 'image', image: { base64: 'A'.repeat(2_800_000), md5: 'x' } },
      'key-1',
      93018,
    ],
    ['an unknown file', { msgtype: 'file', file: { media_id: 'x' } }, 'key-1', 40007],
  ])('%s is refused', async (_what, body, key, errcode) => {
    expect((await send(body, key)).errcode).toBe(errcode);
    expect(company.wecom.group('华北战报').messages()).toEqual([]);
  });

  test('an inline image with its md5 is shown', async () => {
    const bytes = Buffer.from('a picture');
    const md5 = createHash('md5').update(bytes).digest('hex');
    const sent = await send({ msgtype: 'image', image: { base64: bytes.toString('base64'), md5 } });
    expect(sent.errcode).toBe(0);
  });

  test('the 21st message within a minute is refused', async () => {
    const text = { msgtype: 'text', text: { content: '嗨' } };
    for (let i = 0; i < 20; i += 1) expect((await send(text)).errcode).toBe(0);
    expect((await send(text)).errcode).toBe(45009);
    company.clock.advance(60_001);
    expect((await send(text)).errcode).toBe(0);
  });

  test('its shorter recommended lengths are warned about', async () => {
    await send({
      msgtype: 'template_card',
      template_card: noticeCard({ main_title: { title: '长'.repeat(27) } }),
    });
    expect(company.wecom.warnings()).toMatchObject([
      { endpoint: 'webhook/send', path: 'template_card.main_title.title' },
    ]);
  });
});
