import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ApiAnswer } from './testing/company.js';
import { approvalCard, Company, CORP, fieldOf, noticeCard, sealReply } from './testing/company.js';

const HOUR_MS = 3_600_000;
let company: Company;

beforeEach(async () => {
  company = await Company.open();
});
afterEach(() => company.close());

function update(more: Record<string, unknown>): Promise<ApiAnswer> {
  return company.post('message/update_template_card', {
    userids: ['lisi'],
    agentid: CORP.agentId,
    button: { replace_name: '已由王敏同意' },
    ...more,
  });
}

function passive(type: string, inner: string): (xml: string) => { xml: string } {
  return (xml) => ({
    xml:
      `<xml><ToUserName>${fieldOf(xml, 'FromUserName')}</ToUserName>` +
      `<FromUserName>${CORP.corpId}</FromUserName><CreateTime>1</CreateTime>` +
      `<MsgType><![CDATA[${type}]]></MsgType>${inner}</xml>`,
  });
}

describe('a tap on a card', () => {
  test('reaches the app as a template_card_event with everything it needs', async () => {
    await company.sendCard(
      approvalCard({
        button_selection: {
          question_key: 'why',
          option_list: [
            { id: 'r0', text: '无' },
            { id: 'r1', text: '价格' },
          ],
        },
      }),
    );
    const tapped = await company.wecom.member('zhangsan').taps('同意', { select: { why: 'r1' } });
    expect(tapped).toMatchObject({ httpStatuses: [200], passive: null });
    expect(company.app.last('Event')).toBe('template_card_event');
    expect(company.app.last('FromUserName')).toBe('ZhangSan');
    expect(company.app.last('EventKey')).toBe('approve');
    expect(company.app.last('TaskId')).toBe('task_1');
    expect(company.app.last('CardType')).toBe('button_interaction');
    expect(company.app.last('ResponseCode')).not.toBe('');
    expect(company.app.last('QuestionKey')).toBe('why');
    expect(company.app.last('OptionId')).toBe('r1');
    expect(company.app.last('AgentID')).toBe(String(CORP.agentId));
  });

  test('of the action menu is a template_card_menu_event without selections', async () => {
    await company.sendCard(
      noticeCard({ task_id: 't', action_menu: { action_list: [{ text: '静音', key: 'mute' }] } }),
    );
    await company.wecom.member('zhangsan').taps('静音');
    expect(company.app.last('Event')).toBe('template_card_menu_event');
    expect(company.app.received.at(-1)?.xml).not.toContain('SelectedItems');
  });

  test('on a link button opens the page and tells the app nothing', async () => {
    const link = { type: 1, text: '打开', url: 'https://example.com/o/1' };
    await company.sendCard(approvalCard({ button_list: [link] }));
    const tapped = await company.wecom.member('zhangsan').taps('打开');
    expect(tapped).toMatchObject({ opened: 'https://example.com/o/1' });
    expect(company.app.received).toEqual([]);
  });

  test('answered with update_button greys the buttons of the one who tapped only', async () => {
    await company.sendCard(approvalCard(), 'zhangsan|lisi');
    company.app.answerWith = passive(
      'update_button',
      '<Button><ReplaceName><![CDATA[已同意]]></ReplaceName></Button>',
    );
    const tapped = await company.wecom.member('zhangsan').taps('approve');
    expect(tapped.passive).toMatchObject({ kind: 'card-update' });
    expect(company.wecom.member('zhangsan').latestCard()?.greyedWith).toBe('已同意');
    expect(company.wecom.member('lisi').latestCard()?.greyedWith).toBeUndefined();
    await expect(company.wecom.member('zhangsan').taps('同意')).rejects.toThrow('同意');
    await company.wecom.member('zhangsan').taps('同意', { stale: true });
    expect(company.app.received).toHaveLength(2);
  });

  test('answered with update_template_card shows another card that still has its task_id', async () => {
    await company.sendCard(approvalCard());
    company.app.answerWith = passive(
      'update_template_card',
      '<TemplateCard><CardType>button_interaction</CardType>' +
        '<MainTitle><Title><![CDATA[已受理]]></Title></MainTitle>' +
        '<HorizontalContentList><KeyName>审批人</KeyName><Value>张三</Value></HorizontalContentList>' +
        '<HorizontalContentList><KeyName>时间</KeyName><Value>10:00</Value></HorizontalContentList>' +
        '<ButtonList><Text>撤回</Text><Style>2</Style><Key>withdraw</Key></ButtonList></TemplateCard>',
    );
    await company.wecom.member('zhangsan').taps('同意');
    expect(company.wecom.member('zhangsan').latestCard()?.card).toEqual({
      card_type: 'button_interaction',
      main_title: { title: '已受理' },
      horizontal_content_list: [
        { keyname: '审批人', value: '张三' },
        { keyname: '时间', value: '10:00' },
      ],
      button_list: [{ text: '撤回', style: 2, key: 'withdraw' }],
      task_id: 'task_1',
    });
    company.app.answerWith = () => ({});
    await company.wecom.member('zhangsan').taps('撤回');
    expect(company.app.last('TaskId')).toBe('task_1');
    expect(company.wecom.warnings()).toEqual([]);
  });

  test('with ReplaceText the new card cannot be tapped', async () => {
    await company.sendCard(approvalCard());
    company.app.answerWith = passive(
      'update_template_card',
      '<TemplateCard><CardType>button_interaction</CardType><MainTitle><Title>完</Title></MainTitle>' +
        '<ButtonList><Text>同意</Text><Key>approve</Key></ButtonList><ReplaceText>已同意</ReplaceText></TemplateCard>',
    );
    await company.wecom.member('zhangsan').taps('同意');
    expect(company.wecom.member('zhangsan').latestCard()?.greyedWith).toBe('已同意');
    await expect(company.wecom.member('zhangsan').taps('同意')).rejects.toThrow('同意');
  });

  test.each([
    [
      'an unknown element',
      'update_template_card',
      '<TemplateCard><CardType>text_notice</CardType><Titel>a</Titel></TemplateCard>',
    ],
    [
      'a wrapped list',
      'update_template_card',
      '<TemplateCard><CardType>button_interaction</CardType><MainTitle><Title>a</Title></MainTitle><ButtonList><Item><Text>a</Text><Key>k</Key></Item></ButtonList></TemplateCard>',
    ],
    [
      'a card that breaks the rules',
      'update_template_card',
      '<TemplateCard><CardType>text_notice</CardType><MainTitle><Title>a</Title></MainTitle></TemplateCard>',
    ],
    ['an empty ReplaceName', 'update_button', '<Button><ReplaceName></ReplaceName></Button>'],
    ['a text', 'text', '<Content>好的</Content>'],
    ['a markdown', 'markdown', '<Content>好的</Content>'],
  ])('answered with %s changes nothing and is warned about', async (_what, type, inner) => {
    await company.sendCard(approvalCard());
    company.app.answerWith = passive(type, inner);
    const before = company.wecom.member('zhangsan').inbox();
    const tapped = await company.wecom.member('zhangsan').taps('同意');
    expect(tapped.passive).toMatchObject({ kind: 'rejected' });
    expect(company.wecom.member('zhangsan').inbox()).toEqual(before);
    expect(company.wecom.warnings()).toMatchObject([{ endpoint: 'callback', path: 'passive' }]);
  });

  test.each([
    ['with a wrong signature', { token: 'other' }],
    ['for another company', { receiveId: 'ww-other' }],
  ])('answered %s changes nothing', async (_what, spoiled) => {
    await company.sendCard(approvalCard());
    const answer = passive('update_button', '<Button><ReplaceName>好</ReplaceName></Button>');
    company.app.answerWith = (xml) => ({ body: sealReply(answer(xml).xml, spoiled) });
    await company.wecom.member('zhangsan').taps('同意');
    expect(company.wecom.member('zhangsan').latestCard()?.greyedWith).toBeUndefined();
  });
});

describe('message/update_template_card', () => {
  test('works once with the code of the sending', async () => {
    const { response_code } = await company.sendCard(approvalCard(), 'zhangsan|lisi');
    expect(await update({ response_code })).toMatchObject({ errcode: 0, invaliduser: [] });
    expect(company.wecom.member('lisi').latestCard()?.greyedWith).toBe('已由王敏同意');
    expect(company.wecom.member('zhangsan').latestCard()?.greyedWith).toBeUndefined();
    expect((await update({ response_code })).errcode).toBe(60140);
    expect((await update({})).errcode).toBe(60140);
  });

  test('each tap brings a new code; a passive update uses it up', async () => {
    await company.sendCard(approvalCard(), 'zhangsan|lisi');
    const li = company.wecom.member('lisi');
    await li.taps('驳回');
    const response_code = company.app.last('ResponseCode');
    expect((await update({ response_code })).errcode).toBe(0);
    company.app.answerWith = passive(
      'update_button',
      '<Button><ReplaceName>好</ReplaceName></Button>',
    );
    await li.taps('驳回', { stale: true });
    const used = company.app.last('ResponseCode');
    expect(used).not.toBe(response_code);
    expect((await update({ response_code: used })).errcode).toBe(60140);
  });

  test('a code is good for 72 hours', async () => {
    const late = await company.sendCard(approvalCard(), 'lisi');
    const inTime = await company.sendCard(approvalCard({ task_id: 'task_2' }), 'lisi');
    company.clock.advance(72 * HOUR_MS);
    expect((await update({ response_code: inTime['response_code'] })).errcode).toBe(0);
    company.clock.advance(1);
    expect((await update({ response_code: late['response_code'] })).errcode).toBe(60140);
  });

  test.each([
    ['nobody is named', { userids: [] }, 82101],
    ['nobody named got the card', { userids: ['wangmin'] }, 82102],
    ['the agent is another', { agentid: 7 }, 301002],
    ['the agent is missing', { agentid: undefined }, 40056],
    ['the new caption is empty', { button: {} }, 42020],
    ['neither button nor card is given', { button: undefined }, 40063],
    [
      'the new card breaks the rules',
      { template_card: noticeCard({ card_action: undefined }) },
      42045,
    ],
  ])('when %s it is refused and the code stays good', async (_what, spoiled, errcode) => {
    const { response_code } = await company.sendCard(approvalCard(), 'zhangsan|lisi');
    expect((await update({ response_code, ...spoiled })).errcode).toBe(errcode);
    expect((await update({ response_code })).errcode).toBe(0);
  });

  test('a notice card has no button to grey, but can be replaced by any card', async () => {
    const notice = noticeCard({
      task_id: 't',
      action_menu: { action_list: [{ text: '静音', key: 'mute' }] },
    });
    const { response_code } = await company.sendCard(notice, 'lisi');
    expect((await update({ response_code })).errcode).toBe(40058);
    const replacement = approvalCard({ task_id: undefined });
    const answer = await update({ response_code, button: undefined, template_card: replacement });
    expect(answer.errcode).toBe(0);
    expect(company.wecom.member('lisi').latestCard()?.card).toMatchObject({
      card_type: 'button_interaction',
      task_id: 't',
    });
    expect(company.wecom.warnings()).toEqual([]);
  });

  test('those who did not get the card are listed; atall means all who did', async () => {
    const first = await company.sendCard(approvalCard(), 'zhangsan|lisi');
    const partly = await update({
      response_code: first['response_code'],
      userids: ['lisi', 'wangmin'],
    });
    expect(partly).toMatchObject({ errcode: 0, invaliduser: ['wangmin'] });
    const second = await company.sendCard(approvalCard({ task_id: 'task_2' }), 'zhangsan|lisi');
    await update({ response_code: second['response_code'], userids: undefined, atall: 1 });
    for (const userid of ['zhangsan', 'lisi']) {
      expect(company.wecom.member(userid).latestCard()?.greyedWith).toBe('已由王敏同意');
    }
  });
});
