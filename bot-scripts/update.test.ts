import { describe, expect, test } from '@jest/globals';
import { MEMBERS } from '../src/usecases/testing/index.js';
import { startChat } from '../test/support/chat-harness.js';

// Wednesday 11 March 2026; 张三 owns 华为二期: ¥3,000,000 at 需求确认.

describe('an update', () => {
  test('safe changes are written at once, old → new, with absolute days', async () => {
    const chat = await startChat();
    await chat.has({ stage: 'propose', closeOn: '2026-03-31' });
    const zhangsan = chat.person('zhangsan');

    expect(await zhangsan.says('华为二期 谈判 320万 下周五签')).toBe(
      [
        '【华为二期】已更新',
        '阶段 方案呈现 → 商务谈判',
        '金额 ¥3,000,000 → ¥3,200,000',
        '预计签约 3月31日 周二 → 3月20日 周五',
        '不对？回复“撤销”。',
      ].join('\n'),
    );
    expect(await chat.opportunity('华为二期')).toMatchObject({
      stage: 'negotiate',
      amountFen: 320_000_000,
      closeOn: '2026-03-20',
    });
  });

  test('二期 may be typed 2期', async () => {
    const chat = await startChat();
    await chat.has();
    expect(await chat.person('zhangsan').says('华为2期 320万')).toContain(
      '¥3,000,000 → ¥3,200,000',
    );
  });

  test('words that only lead to an amount are not called unread', async () => {
    const chat = await startChat();
    await chat.has();
    const zhangsan = chat.person('zhangsan');

    expect(await zhangsan.says('华为二期 涨到320万')).not.toContain('没用上');
    expect(await zhangsan.says('华为二期 降到200万')).not.toContain('没用上');
  });

  test('a difference is added, and 撤销 takes the last message back with all its fields', async () => {
    const chat = await startChat();
    await chat.has();
    const zhangsan = chat.person('zhangsan');

    expect(await zhangsan.says('华为二期 方案 加10万')).toContain('¥3,000,000 → ¥3,100,000');
    expect(await zhangsan.says('撤销')).toBe(
      ['已撤销：华为二期', '阶段 方案呈现 → 需求确认', '金额 ¥3,100,000 → ¥3,000,000'].join('\n'),
    );
    expect(await chat.opportunity('华为二期')).toMatchObject({
      stage: 'qualify',
      amountFen: 300_000_000,
    });
    expect(await zhangsan.says('撤销')).toContain('没有可以撤销的改动');
  });

  test('撤销 works by its button, once', async () => {
    const chat = await startChat();
    await chat.has();
    const zhangsan = chat.person('zhangsan');
    await zhangsan.says('华为二期 加10万');

    const key = zhangsan.lastCard()?.buttons[0]?.key ?? '';
    expect((await zhangsan.tapsKey(key)).card).toMatchObject({
      title: '华为二期',
      settled: '已撤销',
    });
    expect((await chat.opportunity('华为二期'))?.amountFen).toBe(300_000_000);
    expect((await zhangsan.tapsKey(key)).card).toMatchObject({ settled: '不能撤销' });
    expect((await chat.opportunity('华为二期'))?.amountFen).toBe(300_000_000);
  });

  test.each([
    ['a falling amount', '华为二期 250万', '金额变小了'],
    ['a later close date', '华为二期 年底签', '签约日往后推了'],
    ['an owner change', '华为二期 转给李四', '要换负责人'],
    ['a day with two readings', '华为二期 周末签', '日期有几种理解'],
  ])('%s is previewed, and 取消 writes nothing', async (_, sentence, why) => {
    const chat = await startChat();
    const before = await chat.has();
    const zhangsan = chat.person('zhangsan');

    const preview = await zhangsan.says(sentence);
    expect(preview).toContain(why);
    expect(preview).toContain('回复“是”写入');
    expect(await chat.opportunity('华为二期')).toEqual(before);
    expect(await zhangsan.says('取消')).toBe('好的，没有写入：华为二期。');
    expect(await chat.opportunity('华为二期')).toEqual(before);
  });

  test('是 by text writes what was shown, even when the amount moved meanwhile', async () => {
    const chat = await startChat();
    await chat.has();
    const zhangsan = chat.person('zhangsan');

    expect(await zhangsan.says('华为二期 减20万')).toContain('¥3,000,000 → ¥2,800,000');
    await chat.person('lei').says('华为二期 400万');
    expect(await zhangsan.says('好的')).toContain('¥4,000,000 → ¥2,800,000');
  });

  test('是 by tap writes, the card says so, and a second tap changes nothing', async () => {
    const chat = await startChat();
    await chat.has();
    const zhangsan = chat.person('zhangsan');
    await zhangsan.says('华为二期 250万');
    const yes = zhangsan.lastCard()?.buttons.find(({ text }) => text === '是')?.key ?? '';

    expect((await zhangsan.tapsKey(yes)).card).toMatchObject({ settled: '已确认', buttons: [] });
    const { rev } = (await chat.opportunity('华为二期')) ?? {};
    const again = await zhangsan.tapsKey(yes);
    expect(again.card).toMatchObject({ settled: '已确认' });
    expect(again.reply).toBe('');
    expect((await chat.opportunity('华为二期'))?.rev).toBe(rev);
  });

  test('修改 takes the next words into the preview', async () => {
    const chat = await startChat();
    await chat.has();
    const zhangsan = chat.person('zhangsan');
    await zhangsan.says('华为二期 250万 下周五签');

    expect(await zhangsan.says('修改')).toContain('改成什么');
    const preview = await zhangsan.says('金额260万');
    expect(preview).toContain('¥3,000,000 → ¥2,600,000');
    expect(preview).toContain('3月20日 周五');
    await zhangsan.says('是');
    expect(await chat.opportunity('华为二期')).toMatchObject({
      amountFen: 260_000_000,
      closeOn: '2026-03-20',
    });
  });

  test('the other reading of a day is one tap', async () => {
    const chat = await startChat();
    await chat.has();
    const zhangsan = chat.person('zhangsan');
    await zhangsan.says('华为二期 周末签');

    await zhangsan.taps('3月15日 周日');
    expect((await chat.opportunity('华为二期'))?.closeOn).toBe('2026-03-15');
  });

  test('a new preview takes the place of the old one, and says so', async () => {
    const chat = await startChat();
    await chat.has();
    await chat.has({ id: 'opp_mi', title: '小米MES', customerName: '小米' });
    const zhangsan = chat.person('zhangsan');
    await zhangsan.says('华为二期 250万');
    const old = zhangsan.lastCard()?.buttons[0]?.key ?? '';

    expect(await zhangsan.says('小米MES 200万')).toContain('上一条待确认的“华为二期”没有写入');
    expect((await zhangsan.tapsKey(old)).card).toMatchObject({ settled: '已作废' });
    expect((await chat.opportunity('华为二期'))?.amountFen).toBe(300_000_000);
  });

  test('an ambiguous name gives a pick list, by number, by name or by tap', async () => {
    const chat = await startChat();
    await chat.has();
    await chat.has({ id: 'opp_3', title: '华为三期' });
    const zhangsan = chat.person('zhangsan');

    expect(await zhangsan.says('华为 加10万')).toContain('说的是哪一个？');
    const options = zhangsan.lastCard()?.select?.options.map(({ text }) => text) ?? [];
    const third = options.findIndex((text) => text.includes('华为三期')) + 1;
    expect(await zhangsan.says(String(third))).toContain('【华为三期】已更新');
    await zhangsan.says('华为 加10万');
    expect(await zhangsan.says('华为二期')).toContain('【华为二期】已更新');
    await zhangsan.says('华为 加10万');
    expect((await zhangsan.taps('确定', '1')).card?.settled).toMatch(/^华为/);
    await zhangsan.says('华为 加10万');
    expect(await zhangsan.says('取消')).toBe('好的，先不处理。');
    const sums = ['华为二期', '华为三期'].map(async (t) => (await chat.opportunity(t))?.amountFen);
    expect((await Promise.all(sums)).reduce<number>((sum, fen) => sum + (fen ?? 0), 0)).toBe(
      630_000_000,
    );
  });

  test('它 and 这单 are the last one spoken of; “50万”, then “不对，60万”', async () => {
    const chat = await startChat();
    await chat.has({ amountFen: null });
    const zhangsan = chat.person('zhangsan');

    await zhangsan.says('华为二期进展');
    expect(await zhangsan.says('50万')).toContain('未定 → ¥500,000');
    expect(await zhangsan.says('不对，60万')).toContain('¥500,000 → ¥600,000');
    expect(await zhangsan.says('这单到方案了')).toContain('阶段 需求确认 → 方案呈现');
  });

  test('one message about two updates both, in one reply; the risky one is previewed', async () => {
    const chat = await startChat();
    await chat.has();
    await chat.has({ id: 'opp_mi', title: '小米MES', customerName: '小米' });
    const zhangsan = chat.person('zhangsan');

    const reply = await zhangsan.says('华为二期 加10万；小米MES 200万');
    expect(reply).toContain('【华为二期】已更新\n金额 ¥3,000,000 → ¥3,100,000');
    expect(reply).toContain('请确认：\n【小米MES】\n金额 ¥3,000,000 → ¥2,000,000');
    await zhangsan.says('是');
    expect((await chat.opportunity('小米MES'))?.amountFen).toBe(200_000_000);

    await zhangsan.says('华为二期 加10万；小米MES 加10万');
    await zhangsan.says('撤销');
    expect((await chat.opportunity('华为二期'))?.amountFen).toBe(310_000_000);
    expect((await chat.opportunity('小米MES'))?.amountFen).toBe(200_000_000);
  });

  test('what cannot be a value is left out and said', async () => {
    const chat = await startChat();
    await chat.has();
    const reply = await chat.person('zhangsan').says('华为二期 4月31号签 320万');
    expect(reply).toContain('“4月31号”不是有效日期，没有写入。');
    expect(await chat.opportunity('华为二期')).toMatchObject({
      amountFen: 320_000_000,
      closeOn: '2026-04-30',
    });
  });

  test('words that are nowhere kept are said, not dropped', async () => {
    const chat = await startChat();
    await chat.has();
    expect(await chat.person('zhangsan').says('华为二期 320万 走特批通道')).toContain(
      '没用上的话：“走特批通道”。',
    );
  });

  test('required criteria are asked for, and the answer alone goes on with the move', async () => {
    const chat = await startChat();
    await chat.has({ amountFen: null, closeOn: null });
    const zhangsan = chat.person('zhangsan');

    const asked = await zhangsan.says('华为二期 谈判');
    expect(asked).toContain('进入商务谈判前还差');
    expect((await chat.opportunity('华为二期'))?.stage).toBe('qualify');
    expect(await zhangsan.says('50万 下月底签')).toContain('阶段 需求确认 → 商务谈判');
    expect(await chat.opportunity('华为二期')).toMatchObject({
      stage: 'negotiate',
      amountFen: 50_000_000,
      closeOn: '2026-04-30',
    });
  });

  test('somebody else’s change minutes ago is shown first', async () => {
    const chat = await startChat();
    await chat.has();
    await chat.person('lei').says('华为二期 加10万');
    const reply = await chat.person('zhangsan').says('华为二期 320万');
    expect(reply).toContain('雷经理');
    expect(reply).toContain('你仍要改吗？');
  });

  test.each([
    'X 加10万',
    'X 谈判 320万',
    'X 50万',
    'X 赢了',
    'X进展',
    'X 谁改的金额',
    'X那单丢了，价格',
    'X 转给李四',
  ])('a colleague’s deal is as unknown as one that does not exist: %s', async (sentence) => {
    const chat = await startChat();
    const before = await chat.has();
    const wangwu = chat.person('wangwu');
    const secret = await wangwu.says(sentence.replace('X', '华为二期'));
    const nothing = await wangwu.says(sentence.replace('X', '特斯拉二期'));
    expect(secret).toContain('没找到“华为二期”');
    expect(secret.replaceAll('华为二期', 'X')).toBe(nothing.replaceAll('特斯拉二期', 'X'));
    expect(await chat.opportunity('华为二期')).toEqual(before);
  });

  test('an unknown name is never taken for what was last spoken of', async () => {
    const chat = await startChat();
    const before = await chat.has();
    const zhangsan = chat.person('zhangsan');
    await zhangsan.says('华为二期进展');
    for (const sentence of ['特斯拉二期 350万', '特斯拉二期 加10万', '今天电话特斯拉张总，嫌贵'])
      expect(await zhangsan.says(sentence)).toContain('没找到“特斯拉');
    expect(await chat.opportunity('华为二期')).toEqual(before);
  });

  test('the same message handled again from the same conversation changes nothing more', async () => {
    const chat = await startChat();
    await chat.has();
    const zhangsan = chat.person('zhangsan');
    const first = await zhangsan.says('华为二期 加10万');
    const again = await zhangsan.repeatsLast();
    expect(again.reply?.text).toBe(first);
    expect((await chat.opportunity('华为二期'))?.amountFen).toBe(310_000_000);
  });

  test('a question answered later joins the preview of the same message: one 是 for both', async () => {
    const chat = await startChat();
    await chat.has();
    await chat.has({ id: 'opp_mi', title: '小米MES', customerName: '小米' });
    const zhangsan = chat.person('zhangsan');
    expect(await zhangsan.says('华为二期 250万；小米MES 丢了')).toContain('输单的原因是？');
    expect(await zhangsan.says('1')).toContain('和前面待确认的“华为二期”一起');
    await zhangsan.says('是');
    expect((await chat.opportunity('华为二期'))?.amountFen).toBe(250_000_000);
    expect((await chat.opportunity('小米MES'))?.stage).toBe('lost');
  });

  test('撤销 after a preview drops the preview, not the change before it', async () => {
    const chat = await startChat();
    await chat.has();
    const zhangsan = chat.person('zhangsan');
    await zhangsan.says('华为二期 加10万');
    await zhangsan.says('华为二期 250万');
    expect(await zhangsan.says('撤销')).toBe(
      '好的，没有写入：华为二期。\n在它之前写入的改动没有动，要撤回请再回复“撤销”。',
    );
    expect((await chat.opportunity('华为二期'))?.amountFen).toBe(310_000_000);
  });

  test('an unread word between two values is asked about: it may name another deal', async () => {
    const chat = await startChat();
    const before = await chat.has({ stage: 'propose' });
    const reply = await chat.person('zhangsan').says('华为二期 谈判；特斯拉 500万');
    expect(reply).toContain('没有十足把握');
    expect(await chat.opportunity('华为二期')).toEqual(before);
  });

  test('推进 moves to the next stage', async () => {
    const chat = await startChat();
    await chat.has();
    expect(await chat.person('zhangsan').says('推进 华为二期')).toContain('需求确认 → 方案呈现');
  });

  test('跟进 with nothing but a name asks what was said', async () => {
    const chat = await startChat();
    await chat.has();
    const zhangsan = chat.person('zhangsan');
    expect(await zhangsan.says('跟进 华为二期')).toContain('客户怎么说？');
    expect(await zhangsan.says('嫌贵，下周三再约')).toContain('下次跟进 未定 → 3月18日 周三');
    expect((await chat.opportunity('华为二期'))?.lastFollowUp?.summary).toBe('嫌贵，下周三再约');
  });
});

describe('two of the same title and customer', () => {
  async function twins() {
    const chat = await startChat();
    await chat.has({
      id: 'opp_a',
      title: '数据中台',
      customerName: '中石油',
      amountFen: 50_000_000,
    });
    await chat.has({
      id: 'opp_b',
      title: '数据中台',
      customerName: '中石油',
      stage: 'propose',
      amountFen: 80_000_000,
      closeOn: null,
    });
    return { chat, zhangsan: chat.person('zhangsan') };
  }
  const stages = async ({ chat }: Awaited<ReturnType<typeof twins>>) =>
    Promise.all(
      ['opp_a', 'opp_b'].map(async (id) => (await chat.world.opportunities.load(id))?.stage),
    );

  test('are told apart by what differs', async () => {
    const { zhangsan } = await twins();
    expect(await zhangsan.says('数据中台 90万')).toBe(
      [
        '说的是哪一个？',
        '1. 数据中台 中石油（需求确认，¥500,000，4月30日 周四 签）',
        '2. 数据中台 中石油（方案呈现，¥800,000，签约日未定）',
        '回复序号即可，“取消”放弃。',
      ].join('\n'),
    );
    expect(await zhangsan.says('2')).toContain('¥800,000 → ¥900,000');
  });

  test('the stage is answer enough, and is not written', async () => {
    const all = await twins();
    await all.zhangsan.says('数据中台 90万');
    expect(await all.zhangsan.says('方案')).toContain('¥800,000 → ¥900,000');
    expect(await stages(all)).toEqual(['qualify', 'propose']);
  });

  test('a value is no word about the one spoken of before: the list is put again', async () => {
    const all = await twins();
    await all.zhangsan.says('数据中台进展');
    await all.zhangsan.says('1');
    await all.zhangsan.says('数据中台 90万');
    const again = await all.zhangsan.says('谈判');
    expect(again).toContain('还没选是哪一个，这句先没有写入。');
    expect(again).toContain('1. 数据中台 中石油（');
    expect(await stages(all)).toEqual(['qualify', 'propose']);
    expect(await all.zhangsan.says('1')).toContain('¥500,000 → ¥900,000');
  });
});

describe('撤销 beside an open preview', () => {
  test('drops the newer preview, says that the change before it stands, and takes that back next', async () => {
    const chat = await startChat();
    await chat.has();
    const zhangsan = chat.person('zhangsan');
    await zhangsan.says('华为二期 320万');
    await zhangsan.says('新建 华为云 客户华为 50万');
    expect(await zhangsan.says('撤销')).toBe(
      '好的，没有写入：华为云。\n在它之前写入的改动没有动，要撤回请再回复“撤销”。',
    );
    expect((await chat.opportunity('华为二期'))?.amountFen).toBe(320_000_000);
    expect(await zhangsan.says('撤销')).toContain('¥3,200,000 → ¥3,000,000');
    expect(await zhangsan.says('是')).toContain('没有等你确认');
  });

  test('takes back the newer change, and says what still waits', async () => {
    const chat = await startChat();
    await chat.has();
    const zhangsan = chat.person('zhangsan');
    await zhangsan.says('华为二期 250万');
    await zhangsan.says('新建 小米空调 客户小米 20万');
    const reply = await zhangsan.says('撤销');
    expect(reply).toContain('新建的“小米空调”已收回');
    expect(reply).toContain('“华为二期”还在等你确认，回复“是”或“取消”。');
    expect(await zhangsan.says('取消')).toContain('没有写入：华为二期');
  });

  test('alone, it says only what was not written', async () => {
    const chat = await startChat();
    await chat.has();
    const zhangsan = chat.person('zhangsan');
    await zhangsan.says('华为二期 250万');
    expect(await zhangsan.says('撤销')).toBe('好的，没有写入：华为二期。');
  });
});

test('what a move still lacks may be said with the name again', async () => {
  const chat = await startChat();
  await chat.has({ closeOn: null, amountFen: 100_000_000, stage: 'propose' });
  await chat.has({ id: 'opp_mi', title: '小米MES', customerName: '小米', closeOn: null });
  const zhangsan = chat.person('zhangsan');
  expect(await zhangsan.says('华为二期 谈判')).toContain('进入商务谈判前还差');
  const reply = await zhangsan.says('华为二期 下月底签');
  expect(reply).toContain('阶段 方案呈现 → 商务谈判');
  expect(reply).toContain('预计签约 未定 → 4月30日 周四');

  // Another name is another matter.
  await zhangsan.says('小米MES 谈判');
  expect(await zhangsan.says('华为二期 加10万')).toContain('【华为二期】');
  expect((await chat.opportunity('小米MES'))?.stage).toBe('qualify');
});

test('the word beside a chance is not called unread', async () => {
  const chat = await startChat();
  await chat.has();
  const zhangsan = chat.person('zhangsan');
  await zhangsan.says('华为二期进展');
  expect(await zhangsan.says('它 赢率70%')).not.toContain('没用上');
});

test('of two colleagues of one name the preview says which', async () => {
  const lisi = MEMBERS.find(({ userid }) => userid === 'lisi');
  if (!lisi) throw new Error('the test company changed');
  const twin = { ...lisi, userid: 'lisi2', departmentName: '华南组' };
  const chat = await startChat({ members: [...MEMBERS, twin] });
  await chat.has();
  const zhangsan = chat.person('zhangsan');
  await zhangsan.says('华为二期 转给李四');
  expect(await zhangsan.says('2')).toContain('负责人 张三 → 李四（华南组）');
});

describe('an open pick list', () => {
  async function asked() {
    const chat = await startChat();
    await chat.has();
    await chat.has({ id: 'opp_af', title: '华为安防', amountFen: 100_000_000 });
    const zhangsan = chat.person('zhangsan');
    expect(await zhangsan.says('华为 谈判')).toContain('说的是哪一个？');
    return { chat, zhangsan };
  }

  test.each(['安防那个', '安防的', '安防', '华为安防那单'])('is answered by “%s”', async (said) => {
    const { zhangsan } = await asked();
    expect(await zhangsan.says(said)).toContain('【华为安防】已更新');
  });

  test.each(['两个都是', '不知道啊'])('is put again after “%s”', async (said) => {
    const { zhangsan } = await asked();
    expect(await zhangsan.says(said)).toMatch(/还没选是哪一个[\s\S]*说的是哪一个？\n1\. /);
    expect(await zhangsan.says('取消')).toContain('先不处理');
  });
});

test('another reason, said while a loss waits for its yes, is its reason', async () => {
  const chat = await startChat();
  await chat.has();
  const zhangsan = chat.person('zhangsan');
  await zhangsan.says('华为二期 丢了 价格');
  await zhangsan.says('修改');
  expect(await zhangsan.says('竞品')).toContain('输单（竞品）');
  await zhangsan.says('是');
  expect((await chat.opportunity('华为二期'))?.outcome).toMatchObject({ reason: '竞品' });
});

test.each(['进展如何', '现在怎么样了？', '情况呢'])(
  '“%s” is about the one last spoken of',
  async (said) => {
    const chat = await startChat();
    await chat.has();
    const zhangsan = chat.person('zhangsan');
    expect(await zhangsan.says(said)).not.toMatch(/【华为二期】|没找到/);
    await zhangsan.says('华为二期 320万');
    expect(await zhangsan.says(said)).toContain('【华为二期】\n客户：华为');
  },
);

test('of many contacts the new one is shown', async () => {
  const chat = await startChat();
  await chat.has({ contacts: [{ name: '王总', phone: '13812345678', title: '采购总监' }] });
  const zhangsan = chat.person('zhangsan');
  await zhangsan.says('华为二期 联系人 李总 采购经理');
  const rows = JSON.stringify(zhangsan.lastCard()?.rows);
  expect(rows).toContain('新增 李总');
  expect(rows).not.toContain('…');
});

test('a handover among other changes is not lost', async () => {
  const chat = await startChat();
  await chat.has();
  const zhangsan = chat.person('zhangsan');
  const reply = await zhangsan.says('华为二期 320万，转给李四');
  expect(reply).toContain('负责人 张三 → 李四');
  expect(reply).toContain('金额 ¥3,000,000 → ¥3,200,000');
  expect(reply).not.toContain('没用上');
  await zhangsan.says('是');
  expect(await chat.opportunity('华为二期')).toMatchObject({
    ownerId: 'lisi',
    amountFen: 320_000_000,
  });
});
