import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseStringPromise } from 'xml2js';

import type { Card } from '../../chat/index.js';
import { AppError } from '../../kernel/index.js';
import { cutToBytes, cutToChars, fittingStart } from './limits.js';
import { cdata, passiveUpdateXml } from './passive-xml.js';
import { canBeSent, cardToSend, cardToUpdate } from './template-card.js';

const APPROVAL: Card = {
  source: '商机审批',
  title: '华为二期 → 商务谈判',
  subtitle: '李四 发起',
  body: '✓ 金额\n✗ 预算确认',
  rows: [
    { label: '金额', value: '¥3,000,000' },
    { label: '负责人', value: '李四' },
  ],
  quote: { title: '理由', text: '客户已确认预算' },
  buttons: [
    { key: 'approve:apv_1', text: '同意', style: 'primary' },
    { key: 'reject:apv_1', text: '驳回', style: 'danger' },
    { key: 'later:apv_1', text: '稍后', style: 'plain' },
  ],
  select: { key: 'reason', title: '原因', options: [{ id: 'price', text: '价格' }] },
};
const NOTICE: Card = {
  source: '商机',
  title: '华为二期 已赢单',
  rows: [],
  buttons: [],
  link: 'https://crm.example.com/o/1?s=x',
};

describe('a card to send', () => {
  test('with buttons becomes a button_interaction with our task_id', () => {
    expect(cardToSend(APPROVAL, 'ntc_1')).toEqual({
      card_type: 'button_interaction',
      source: { desc: '商机审批', desc_color: 0 },
      main_title: { title: '华为二期 → 商务谈判', desc: '李四 发起' },
      quote_area: { type: 0, title: '理由', quote_text: '客户已确认预算' },
      sub_title_text: '✓ 金额\n✗ 预算确认',
      horizontal_content_list: [
        { keyname: '金额', value: '¥3,000,000' },
        { keyname: '负责人', value: '李四' },
      ],
      button_selection: {
        question_key: 'reason',
        title: '原因',
        option_list: [{ id: 'price', text: '价格' }],
      },
      button_list: [
        { text: '同意', style: 1, key: 'approve:apv_1' },
        { text: '驳回', style: 2, key: 'reject:apv_1' },
        { text: '稍后', style: 3, key: 'later:apv_1' },
      ],
      task_id: 'ntc_1',
    });
  });

  test('without buttons becomes a text_notice that leads somewhere, without task_id', () => {
    expect(cardToSend(NOTICE, 'ntc_1')).toEqual({
      card_type: 'text_notice',
      source: { desc: '商机', desc_color: 0 },
      main_title: { title: '华为二期 已赢单' },
      card_action: { type: 1, url: 'https://crm.example.com/o/1?s=x' },
    });
  });

  test('needs a button or a link', () => {
    expect(canBeSent(APPROVAL)).toBe(true);
    expect(canBeSent(NOTICE)).toBe(true);
    expect(canBeSent({ ...NOTICE, link: undefined as unknown as string })).toBe(false);
  });

  test.each([
    ['an empty button key', { buttons: [{ key: '', text: 'a', style: 'plain' as const }] }],
    ['a button key over 1024 bytes', button('汉'.repeat(342))],
    ['two buttons with one key', { buttons: [...APPROVAL.buttons, ...APPROVAL.buttons] }],
    ['an option id over 128 bytes', option('a'.repeat(129))],
    ['an empty option id', option('')],
  ])('with %s is refused', (_name, change) => {
    expect(() => cardToSend({ ...APPROVAL, ...change }, 't')).toThrow(AppError);
  });
});

function button(key: string): Pick<Card, 'buttons'> {
  return { buttons: [{ key, text: 'a', style: 'plain' }] };
}

function option(id: string): Pick<Card, 'select'> {
  return { select: { key: 'q', title: '', options: [{ id, text: 'a' }] } };
}

describe('a card as an update', () => {
  test('has no task_id', () => {
    expect(cardToUpdate(APPROVAL)).not.toHaveProperty('task_id');
    expect(cardToUpdate(APPROVAL)).toMatchObject({ card_type: 'button_interaction' });
  });

  test('that is settled shows one grey word and offers no choice', () => {
    const update = cardToUpdate({ ...APPROVAL, settled: '王五 已同意 3-12 10:00' });
    expect(update).toMatchObject({
      card_type: 'button_interaction',
      replace_text: '王五 已同意 3-12 10:00',
    });
    expect(update.button_list).toHaveLength(1);
    expect(update).not.toHaveProperty('button_selection');
  });

  test('may turn a button card into a notice', () => {
    expect(cardToUpdate(NOTICE)).toMatchObject({ card_type: 'text_notice' });
  });

  test('with neither buttons, link nor outcome still is a card WeCom takes', () => {
    const bare: Card = { source: '', title: '', rows: [], buttons: [] };
    expect(cardToUpdate(bare)).toMatchObject({
      card_type: 'button_interaction',
      main_title: { title: '—' },
      replace_text: '已更新',
    });
  });
});

const anyText = fc.string({ unit: 'grapheme', maxLength: 200 });
const anyCard: fc.Arbitrary<Card> = fc.record(
  {
    source: anyText,
    title: anyText,
    subtitle: anyText,
    body: anyText,
    rows: fc.array(fc.record({ label: anyText, value: anyText }), { maxLength: 9 }),
    quote: fc.record({ title: anyText, text: anyText }),
    buttons: fc.array(
      fc.record({
        key: fc.uuid(),
        text: anyText,
        style: fc.constantFrom('primary' as const, 'danger' as const, 'plain' as const),
      }),
      { maxLength: 9 },
    ),
    select: fc.record({
      key: fc.uuid(),
      title: anyText,
      options: fc.array(fc.record({ id: fc.uuid(), text: anyText }), { maxLength: 14 }),
    }),
    settled: anyText,
    link: fc.webUrl(),
  },
  { requiredKeys: ['source', 'title', 'rows', 'buttons'] },
);

test('whatever the card, every text and list is within WeCom’s limits', () => {
  const chars = (text: string | undefined): number => Array.from(text ?? '').length;
  fc.assert(
    fc.property(anyCard, (card) => {
      for (const wire of [cardToSend(card, 't'), cardToUpdate(card)]) {
        expect(chars(wire.source?.desc)).toBeLessThanOrEqual(20);
        expect(chars(wire.main_title.title)).toBeLessThanOrEqual(36);
        expect(wire.main_title.title).not.toBe('');
        expect(chars(wire.main_title.desc)).toBeLessThanOrEqual(44);
        expect(chars(wire.sub_title_text)).toBeLessThanOrEqual(160);
        expect((wire.horizontal_content_list ?? []).length).toBeLessThanOrEqual(6);
        for (const { keyname, value } of wire.horizontal_content_list ?? []) {
          expect(keyname).not.toBe('');
          expect(chars(keyname)).toBeLessThanOrEqual(5);
          expect(chars(value)).toBeLessThanOrEqual(30);
        }
        expect((wire.button_list ?? []).length).toBeLessThanOrEqual(6);
        for (const { text } of wire.button_list ?? []) {
          expect(chars(text)).toBeLessThanOrEqual(10);
        }
        expect((wire.button_selection?.option_list ?? []).length).toBeLessThanOrEqual(10);
        for (const { text } of wire.button_selection?.option_list ?? []) {
          expect(chars(text)).toBeLessThanOrEqual(16);
        }
      }
    }),
  );
});

describe('the passive form', () => {
  const to = { userid: 'zhangsan', corpId: 'corp', createTime: 1773280800 };

  test('has PascalCase names, repeated elements and user text in CDATA', () => {
    const card: Card = {
      ...APPROVAL,
      select: {
        key: 'q',
        title: '原因',
        options: [
          { id: '1', text: '价格' },
          { id: '2', text: '其他' },
        ],
      },
    };
    expect(passiveUpdateXml(card, to)).toBe(
      '<xml><ToUserName><![CDATA[zhangsan]]></ToUserName><FromUserName><![CDATA[corp]]></FromUserName>' +
        '<CreateTime>1773280800</CreateTime><MsgType><![CDATA[update_template_card]]></MsgType><TemplateCard>' +
        '<CardType><![CDATA[button_interaction]]></CardType>' +
        '<Source><Desc><![CDATA[商机审批]]></Desc><DescColor>0</DescColor></Source>' +
        '<MainTitle><Title><![CDATA[华为二期 → 商务谈判]]></Title><Desc><![CDATA[李四 发起]]></Desc></MainTitle>' +
        '<QuoteArea><Type>0</Type><Title><![CDATA[理由]]></Title><QuoteText><![CDATA[客户已确认预算]]></QuoteText></QuoteArea>' +
        '<SubTitleText><![CDATA[✓ 金额\n✗ 预算确认]]></SubTitleText>' +
        '<HorizontalContentList><KeyName><![CDATA[金额]]></KeyName><Value><![CDATA[¥3,000,000]]></Value></HorizontalContentList>' +
        '<HorizontalContentList><KeyName><![CDATA[负责人]]></KeyName><Value><![CDATA[李四]]></Value></HorizontalContentList>' +
        '<ButtonSelection><QuestionKey><![CDATA[q]]></QuestionKey><Title><![CDATA[原因]]></Title>' +
        '<OptionList><Id><![CDATA[1]]></Id><Text><![CDATA[价格]]></Text></OptionList>' +
        '<OptionList><Id><![CDATA[2]]></Id><Text><![CDATA[其他]]></Text></OptionList></ButtonSelection>' +
        '<ButtonList><Text><![CDATA[同意]]></Text><Style>1</Style><Key><![CDATA[approve:apv_1]]></Key></ButtonList>' +
        '<ButtonList><Text><![CDATA[驳回]]></Text><Style>2</Style><Key><![CDATA[reject:apv_1]]></Key></ButtonList>' +
        '<ButtonList><Text><![CDATA[稍后]]></Text><Style>3</Style><Key><![CDATA[later:apv_1]]></Key></ButtonList>' +
        '</TemplateCard></xml>',
    );
  });

  test('says the same as the JSON form, whatever people typed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 30 }), async (typed) => {
        const xml = passiveUpdateXml({ ...NOTICE, title: `x${typed}` }, to);
        const { xml: read } = (await parseStringPromise(xml, { explicitArray: false })) as {
          xml: { TemplateCard: { MainTitle: { Title: string } } };
        };
        const shown = cutToChars(`x${typed}`, 36).replace(
          /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g,
          '',
        );
        expect(read.TemplateCard.MainTitle.Title).toBe(shown);
      }),
    );
  });

  test.each([
    ['a]]>b', '<![CDATA[a]]]]><![CDATA[>b]]>'],
    ['a\u0000b\ud800c', '<![CDATA[abc]]>'],
    ['<b>&amp;', '<![CDATA[<b>&amp;]]>'],
    ['', '<![CDATA[]]>'],
  ])('%j cannot break out of its CDATA', (text, expected) => {
    expect(cdata(text)).toBe(expected);
  });
});

describe('cutting', () => {
  test.each([
    ['商机', 2, '商机'],
    ['商机助手', 3, '商机…'],
    ['😀😀😀', 3, '😀😀😀'],
    ['😀😀😀😀', 3, '😀😀…'],
    ['', 3, ''],
  ])('%j to %i characters is %j', (text, max, expected) => {
    expect(cutToChars(text, max)).toBe(expected);
  });

  test.each([
    ['商机', 6, '商机'],
    ['商机', 5, '商'],
    ['a😀', 4, 'a'],
    ['商', 2, ''],
  ])('the start of %j that fits %i bytes is %j', (text, max, expected) => {
    expect(fittingStart(text, max)).toBe(expected);
  });

  test('a long text ends at a line, and says that it was cut', () => {
    const text = Array.from({ length: 100 }, (_, index) => `${index + 1}. 华为二期`).join('\n');
    const cut = cutToBytes(text, 200, '…（已截断）');
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(200);
    expect(cut.split('\n').slice(-2)).toEqual(['11. 华为二期', '…（已截断）']);
  });

  test('a long text of one line is cut inside it', () => {
    const cut = cutToBytes(`第一行\n${'字'.repeat(500)}`, 300, '…');
    expect(Buffer.byteLength(cut)).toBeGreaterThan(250);
  });

  test('nothing exceeds its bytes or splits a character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: 20, max: 80 }),
        (text, max) => {
          const cut = cutToBytes(text, max, '…（已截断）');
          expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(max);
          // What is kept is the text's own beginning, character by character.
          const kept = [...(cut === text ? text : cut.slice(0, -'\n…（已截断）'.length))];
          expect(kept).toEqual([...text].slice(0, kept.length));
        },
      ),
    );
  });
});
