import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { approvalCard, Company, noticeCard } from './testing/company.js';

let company: Company;
let taskNumber = 0;

beforeAll(async () => {
  company = await Company.open();
});
beforeEach(() => {
  // Keeps the member below 30 messages a minute.
  company.clock.advance(60_001);
});
afterAll(() => company.close());

function freshTask(card: Record<string, unknown>): Record<string, unknown> {
  taskNumber += 1;
  return card['task_id'] === 'task_1' ? { ...card, task_id: `task_${taskNumber}` } : card;
}

function voteCard(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    card_type: 'vote_interaction',
    main_title: { title: '周会时间' },
    checkbox: { question_key: 'when', mode: 1, option_list: [{ id: 'a', text: '周一' }] },
    submit_button: { text: '提交', key: 'vote' },
    task_id: 'task_1',
    ...more,
  };
}

function multipleCard(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    card_type: 'multiple_interaction',
    main_title: { title: '补充信息' },
    select_list: [{ question_key: 'stage', option_list: [{ id: '1', text: '谈判' }] }],
    submit_button: { text: '提交', key: 'fill' },
    task_id: 'task_1',
    ...more,
  };
}

function newsCard(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    card_type: 'news_notice',
    main_title: { title: '本月漏斗' },
    card_image: { url: 'https://example.com/funnel.png', aspect_ratio: 1.5 },
    card_action: { type: 1, url: 'https://example.com' },
    ...more,
  };
}

const many = (count: number, item: (index: number) => unknown) =>
  Array.from({ length: count }, (_, index) => item(index));

describe('a full card of each kind is accepted without a warning', () => {
  test.each([
    [
      'text_notice',
      noticeCard({
        source: { desc: '商机', desc_color: 3 },
        emphasis_content: { title: '¥300万', desc: '预计金额' },
        quote_area: { type: 1, url: 'https://a.cn', title: '张三', quote_text: '客户嫌贵' },
        sub_title_text: '下周三再约',
        horizontal_content_list: [
          { keyname: '负责人', value: '李四', type: 3, userid: 'lisi' },
          { keyname: '官网', value: '打开', type: 1, url: 'https://a.cn' },
        ],
        jump_list: [{ type: 1, title: '查看', url: 'https://a.cn' }],
        action_menu: { desc: '更多', action_list: [{ text: '静音', key: 'mute' }] },
        task_id: 'task_1',
      }),
    ],
    ['news_notice', newsCard({ vertical_content_list: [{ title: '谈判', desc: '3 个' }] })],
    [
      'button_interaction',
      approvalCard({
        card_action: { type: 1, url: 'https://a.cn' },
        button_selection: {
          question_key: 'why',
          title: '原因',
          option_list: [{ id: '1', text: '价格' }],
          selected_id: '1',
        },
      }),
    ],
    [
      'the documented approval example',
      {
        card_type: 'button_interaction',
        source: { desc: '商机', desc_color: 0 },
        main_title: { title: '阶段变更审批', desc: 'XX项目 方案→商务' },
        horizontal_content_list: [
          { keyname: '负责人', value: '$userName=zhangsan$' },
          { keyname: '金额', value: '￥120万' },
        ],
        button_selection: {
          question_key: 'reason',
          title: '备注',
          option_list: [
            { id: 'r0', text: '无' },
            { id: 'r1', text: '需补材料' },
          ],
        },
        button_list: [
          { text: '同意', style: 1, key: 'approve' },
          { text: '驳回', style: 2, key: 'reject' },
        ],
        task_id: 'opp_65f0_stage_3_1714440000',
      },
    ],
    ['vote_interaction', voteCard()],
    ['multiple_interaction', multipleCard()],
  ])('%s', async (_type, card) => {
    expect(await company.sendCard(freshTask(card))).toMatchObject({ errcode: 0, errmsg: 'ok' });
    expect(company.wecom.warnings()).toEqual([]);
  });
});

const button = (more: Record<string, unknown>) => ({
  button_list: [{ text: '同意', key: 'approve', ...more }],
});
const question = (more: Record<string, unknown>) => ({
  select_list: [{ question_key: 'q', option_list: [{ id: '1', text: '一' }], ...more }],
});
const row = (more: Record<string, unknown>) => ({
  horizontal_content_list: [{ keyname: '金额', value: '1', ...more }],
});

describe('a card is refused with the documented code', () => {
  test.each<[string, Record<string, unknown>, number]>([
    ['an unknown card_type', noticeCard({ card_type: 'poster' }), 42031],
    ['no task_id on a button card', approvalCard({ task_id: undefined }), 42014],
    ['a task_id with a space', approvalCard({ task_id: 'a b' }), 42014],
    ['a task_id of 129 bytes', approvalCard({ task_id: 'a'.repeat(129) }), 42014],
    [
      'no task_id beside an action_menu',
      noticeCard({ action_menu: { action_list: [{ text: 'a', key: 'a' }] } }),
      42014,
    ],
    ['no title', approvalCard({ main_title: { desc: '说明' } }), 40058],
    ['a text_notice without title and sub_title_text', noticeCard({ main_title: {} }), 40058],
    ['a text_notice without card_action', noticeCard({ card_action: undefined }), 42045],
    ['a text_notice with card_action type 0', noticeCard({ card_action: { type: 0 } }), 42045],
    ['a news_notice without card_action', newsCard({ card_action: undefined }), 42045],
    ['card_action without url', noticeCard({ card_action: { type: 1 } }), 42028],
    ['card_action without appid', noticeCard({ card_action: { type: 2 } }), 42030],
    [
      'seven rows',
      approvalCard({ horizontal_content_list: many(7, () => ({ keyname: 'a' })) }),
      42035,
    ],
    ['a row without keyname', approvalCard(row({ keyname: '' })), 42027],
    ['a link row without url', approvalCard(row({ type: 1 })), 42028],
    ['a file row without media_id', approvalCard(row({ type: 2 })), 42029],
    ['a member row without userid', approvalCard(row({ type: 3 })), 42050],
    ['four jumps', noticeCard({ jump_list: many(4, () => ({ title: 'a' })) }), 42042],
    ['a jump without title', noticeCard({ jump_list: [{ type: 0 }] }), 42033],
    ['a jump without url', noticeCard({ jump_list: [{ type: 1, title: 'a' }] }), 42028],
    ['a quote without url', noticeCard({ quote_area: { type: 1 } }), 42028],
    ['no button', approvalCard({ button_list: [] }), 40058],
    [
      'seven buttons',
      approvalCard({ button_list: many(7, (i) => ({ text: 'a', key: `k${i}` })) }),
      40058,
    ],
    ['a button without text', approvalCard(button({ text: '' })), 42038],
    ['a button without key', approvalCard(button({ key: '' })), 42039],
    ['a button key over 1024 bytes', approvalCard(button({ key: 'k'.repeat(1025) })), 42018],
    [
      'two buttons with one key',
      approvalCard({ button_list: many(2, () => ({ text: 'a', key: 'k' })) }),
      42018,
    ],
    ['a link button without url', approvalCard(button({ type: 1 })), 42028],
    [
      'a selection without question_key',
      approvalCard({ button_selection: { option_list: [] } }),
      42043,
    ],
    [
      'a selection of eleven options',
      approvalCard({
        button_selection: {
          question_key: 'q',
          option_list: many(11, (i) => ({ id: `${i}`, text: 'a' })),
        },
      }),
      42037,
    ],
    [
      'a vote without options',
      voteCard({ checkbox: { question_key: 'q', option_list: [] } }),
      42037,
    ],
    [
      'a vote of 21 options',
      voteCard({
        checkbox: { question_key: 'q', option_list: many(21, (i) => ({ id: `${i}`, text: 'a' })) },
      }),
      42037,
    ],
    ['a vote without submit_button', voteCard({ submit_button: undefined }), 42046],
    ['a submit_button without key', voteCard({ submit_button: { text: '好' } }), 42046],
    [
      'a submit_button with an empty text',
      voteCard({ submit_button: { text: '', key: 'k' } }),
      42049,
    ],
    ['no question', multipleCard({ select_list: [] }), 42047],
    ['four questions', multipleCard({ select_list: many(4, () => ({})) }), 42047],
    ['an option without id', multipleCard(question({ option_list: [{ text: '一' }] })), 42040],
    [
      'two options with one id',
      multipleCard(question({ option_list: many(2, () => ({ id: '1', text: '一' })) })),
      42040,
    ],
    [
      'an option id over 128 bytes',
      multipleCard(question({ option_list: [{ id: 'i'.repeat(129), text: '一' }] })),
      42040,
    ],
    ['an option without text', multipleCard(question({ option_list: [{ id: '1' }] })), 42041],
    ['a news_notice without picture', newsCard({ card_image: undefined }), 40058],
    ['a picture without url', newsCard({ card_image: {} }), 42044],
    [
      'five paragraphs',
      newsCard({ vertical_content_list: many(5, () => ({ title: 'a' })) }),
      42036,
    ],
    ['a paragraph without title', newsCard({ vertical_content_list: [{ desc: 'a' }] }), 42033],
    [
      'two actions with one key',
      approvalCard({ action_menu: { action_list: many(2, () => ({ text: 'a', key: 'a' })) } }),
      42051,
    ],
    ['a list that is an object', approvalCard({ button_list: { text: 'a' } }), 40058],
  ])('%s', async (_what, card, errcode) => {
    const before = company.wecom.member('zhangsan').inbox().length;
    expect((await company.sendCard(freshTask(card))).errcode).toBe(errcode);
    expect(company.wecom.member('zhangsan').inbox()).toHaveLength(before);
  });
});

describe('what WeCom merely advises against is accepted with a warning', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['a long title', approvalCard({ main_title: { title: '长'.repeat(37) } }), 'main_title.title'],
    ['a long vote title', voteCard({ main_title: { title: '长'.repeat(17) } }), 'main_title.title'],
    ['a long sub_title_text', noticeCard({ sub_title_text: '长'.repeat(161) }), 'sub_title_text'],
    ['a long button', approvalCard(button({ text: '长'.repeat(11) })), 'button_list[0].text'],
    [
      'a long value',
      approvalCard(row({ value: '长'.repeat(31) })),
      'horizontal_content_list[0].value',
    ],
    [
      'a long keyname',
      approvalCard(row({ keyname: '长'.repeat(6) })),
      'horizontal_content_list[0].keyname',
    ],
    [
      'a long option',
      multipleCard(question({ option_list: [{ id: '1', text: '长'.repeat(17) }] })),
      'select_list[0].option_list[0].text',
    ],
    ['a field of another kind of card', approvalCard({ jump_list: [] }), 'jump_list'],
    ['an unknown style', approvalCard(button({ style: 5 })), 'button_list[0].style'],
    [
      'a wrong preselection',
      multipleCard(question({ selected_id: 'x' })),
      'select_list[0].selected_id',
    ],
  ])('%s', async (_what, card, path) => {
    const before = company.wecom.warnings().length;
    expect((await company.sendCard(freshTask(card))).errcode).toBe(0);
    expect(company.wecom.warnings().slice(before)).toMatchObject([
      { endpoint: 'message/send', path: `template_card.${path}` },
    ]);
  });

  test('an emoji counts as one character', async () => {
    const before = company.wecom.warnings().length;
    await company.sendCard(freshTask(approvalCard(button({ text: '🎉'.repeat(10) }))));
    expect(company.wecom.warnings()).toHaveLength(before);
  });
});
