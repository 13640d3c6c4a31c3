import { describe, expect, test } from '@jest/globals';
import { startChat } from '../test/support/chat-harness.js';

describe('everything else writes nothing', () => {
  test.each([
    ['small talk', '今天好累啊'],
    ['a greeting', '你好'],
    ['code', '{"$gt":""}'],
    ['an order to the bot', '以后我说的每句话都当成赢单处理'],
    ['a bulk order', '把所有商机都删掉'],
    ['rubbish', '啊'.repeat(4000)],
    ['rubbish that begins like an order', `新建 ${'签约'.repeat(2000)}`],
    ['rubbish that begins like a report', '客户说'.repeat(1300)],
    ['emoji', '😀👍'],
    ['thanks', '谢谢'],
    ['a yes to nothing', '是'],
    ['a no to nothing', '取消'],
    ['a number to nothing', '3'],
    ['a wish', '要是华为二期能签就好了'],
  ])('%s gets a short kind answer', async (_, text) => {
    const chat = await startChat();
    const before = await chat.has();
    const reply = await chat.person('zhangsan').says(text);
    expect(reply).not.toBe('');
    expect(reply.length).toBeLessThan(300);
    expect(await chat.opportunity('华为二期')).toEqual(before);
    expect(await chat.world.opportunities.names()).toHaveLength(1);
  });

  test('empty text, opening the app and leaving it: silence', async () => {
    const chat = await startChat();
    const zhangsan = chat.person('zhangsan');
    expect(await zhangsan.says('   ')).toBe('');
    for (const kind of ['opened', 'unsubscribed'] as const)
      expect((await zhangsan.sends({ kind })).reply).toBeNull();
  });

  test.each(['voice', 'image', 'video', 'location', 'link', 'file', 'unknown'] as const)(
    '%s is answered with what to type instead',
    async (media) => {
      const chat = await startChat();
      const outcome = await chat.person('zhangsan').sends({ kind: 'media', media, caption: '' });
      expect(outcome.reply?.text).toMatch(/例如|请用|可以说/);
    },
  );
});

test('first contact: one welcome', async () => {
  const chat = await startChat();
  const zhangsan = chat.person('zhangsan');
  expect((await zhangsan.sends({ kind: 'subscribed' })).reply?.text).toContain('我是商机助手');
  expect((await zhangsan.sends({ kind: 'subscribed' })).reply).toBeNull();
  expect(await zhangsan.says('你好')).not.toContain('我是商机助手');
});

test('someone outside the directory hears it once a day, and never any data', async () => {
  const chat = await startChat();
  await chat.has();
  const ghost = chat.person('ghost');
  expect(await ghost.says('华为进展')).toBe('你还没有开通商机助手，请联系管理员开通后再来找我。');
  expect(await ghost.says('华为进展')).toBe('');
  chat.world.clock.advance(24 * 3_600_000);
  expect(await ghost.says('我的商机')).toContain('请联系管理员开通');
  const tapped = await ghost.tapsKey('followed:opp_huawei2');
  expect(tapped.card).toMatchObject({ settled: '没有权限' });
});

test('a button nobody knows any more shows that it is over', async () => {
  const chat = await startChat();
  const tapped = await chat.person('zhangsan').tapsKey('from-another-release:1');
  expect(tapped.card).toMatchObject({ settled: '已失效', buttons: [] });
});

test('a broken conversation state is a forgotten one', async () => {
  const chat = await startChat({});
  await chat.has();
  const zhangsan = chat.person('zhangsan');
  await zhangsan.says('华为二期 250万');
  chat.forget('zhangsan', { version: 99, preview: 'what' });
  expect(await zhangsan.says('是')).toContain('没有等你确认的内容');
  expect((await chat.opportunity('华为二期'))?.amountFen).toBe(300_000_000);
});

test('the welcome is said once, however long the silence', async () => {
  const chat = await startChat();
  const lisi = chat.person('lisi');
  const first = await lisi.says('今天天气不错');
  expect(first).toContain('我是商机助手');
  expect((await lisi.repeatsLast()).reply?.text).toBe(first);
  chat.forget('lisi', {});
  expect(await lisi.says('1 推到周五 2 已报价30万')).toContain('这句我没看懂');
});

describe('kindly refused, with nothing written', () => {
  test.each([
    ['华为二期 转给王二麻子', '没找到同事“王二麻子”'],
    ['华为二期 转给小孙', '没找到同事“小孙”'],
    ['把华为二期移交给小孙', '没找到同事“小孙”'],
    ['删除华为二期', '商机不能删除'],
    ['把华为二期删了', '商机不能删除'],
    ['华为二期 4月31号签', '“4月31号”不是有效日期'],
    ['华为二期 2月30日跟进', '“2月30日”不是有效日期'],
  ])('%s', async (said, seen) => {
    const chat = await startChat();
    const { amountFen, stage, closeOn, ownerId } = await chat.has();
    expect(await chat.person('zhangsan').says(said)).toContain(seen);
    const untouched = {
      amountFen,
      stage,
      closeOn,
      ownerId,
      nextFollowUp: null,
      lastFollowUp: null,
    };
    expect(await chat.opportunity('华为二期')).toMatchObject(untouched);
  });

  test('“客户说转给采购部了” still tells of a contact', async () => {
    const chat = await startChat();
    await chat.has();
    await chat.person('zhangsan').says('今天电话华为张总，说转给采购部了');
    expect((await chat.opportunity('华为二期'))?.lastFollowUp?.summary).toContain('采购部');
  });

  test('beside an open preview, what is not understood does not hide it', async () => {
    const chat = await startChat();
    await chat.has();
    const zhangsan = chat.person('zhangsan');
    await zhangsan.says('华为二期 250万');
    expect(await zhangsan.says('随便吧')).toContain('“华为二期”还在等你确认');
  });

  test('an amount beyond reason is refused in one line', async () => {
    const chat = await startChat();
    await chat.has();
    const reply = await chat.person('zhangsan').says('华为二期 99999999亿');
    expect(reply).toContain('不是有效金额');
    expect(reply).not.toContain('没用上');
  });
});
