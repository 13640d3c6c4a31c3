import { describe, expect, test } from '@jest/globals';
import { ownerOf, shortReply, tellsOfContact } from './short-reply.js';
import type { OpenThings, Owner, ReplyKind } from './short-reply.js';

const nothing: OpenThings = {
  preview: false,
  question: null,
  options: 0,
  listed: 0,
  reminders: 0,
  it: false,
};
const asks = { takesWords: false, takesNames: false, optional: false, named: false };
const asksName = { takesWords: true, takesNames: true, optional: false, named: false };
const asksWords = { takesWords: true, takesNames: false, optional: true, named: false };
const all: OpenThings = {
  preview: true,
  question: null,
  options: 3,
  listed: 5,
  reminders: 1,
  it: true,
};

const owner = (
  kind: ReplyKind,
  open: Partial<OpenThings>,
  extra: { named?: boolean; number?: number } = {},
): Owner =>
  ownerOf(
    { kind, named: extra.named ?? false, number: extra.number ?? null },
    { ...nothing, ...open },
  );

describe('who owns a short reply (decisions 12)', () => {
  test.each<[string, ReplyKind, Partial<OpenThings>, { named?: boolean; number?: number }, Owner]>([
    // An explicit name comes first, whatever stands open.
    ['华为二期 50万, all open', 'update', all, { named: true }, 'message'],
    ['华为, all open', 'name', all, { named: true }, 'message'],
    ['我的商机, all open', 'command', all, {}, 'message'],
    // Unless it names the very one that something is asked of.
    [
      '比亚迪产线 12月底签, asked for its day',
      'update',
      { question: { takesWords: false, takesNames: false, optional: false, named: true } },
      { named: true },
      'question',
    ],
    // Then the open preview.
    ['是, all open', 'yes', all, {}, 'preview'],
    ['取消, all open', 'no', all, {}, 'preview'],
    ['修改, all open', 'edit', all, {}, 'preview'],
    ['50万, all open', 'value', all, {}, 'preview'],
    ['金额改50万, all open', 'update', all, {}, 'preview'],
    // A preview takes no numbers and no reports.
    ['1, all open', 'number', all, { number: 1 }, 'pick'],
    ['电话聊过了, all open', 'report', all, {}, 'reminder'],
    // Then the open question or pick list.
    ['2, pick list and list', 'number', { options: 3, listed: 5 }, { number: 2 }, 'pick'],
    [
      '4, beyond the pick list, in the list',
      'number',
      { options: 3, listed: 5 },
      { number: 4 },
      'list',
    ],
    ['4, beyond the pick list alone', 'number', { options: 3 }, { number: 4 }, 'pick'],
    ['价格, an option of it', 'option', { options: 3, it: true }, { number: 1 }, 'pick'],
    ['取消, pick list', 'no', { options: 3, it: true }, {}, 'pick'],
    ['50万, question', 'value', { question: asks, reminders: 1, it: true }, {}, 'question'],
    ['取消, question', 'no', { question: asks }, {}, 'question'],
    ['随便说说, question for a value', 'talk', { question: asks }, {}, 'nobody'],
    ['价格没谈清, question for words', 'talk', { question: asksWords }, {}, 'question'],
    [
      '聊了付款, question for words',
      'report',
      { question: asksWords, reminders: 1 },
      {},
      'question',
    ],
    ['华为, question for a name', 'name', { question: asksName }, { named: true }, 'question'],
    ['大唐, question for a name', 'talk', { question: asksName }, {}, 'question'],
    [
      '小米MES 50万, question for a name',
      'update',
      { question: asksName },
      { named: true },
      'message',
    ],
    ['特斯拉二期 50万, question for a name', 'strange', { question: asksName }, {}, 'question'],
    ['特斯拉二期 50万, 它', 'strange', { preview: true, reminders: 1, it: true }, {}, 'message'],
    ['我的商机, question for a name', 'command', { question: asksName }, {}, 'message'],
    // Then the numbered list.
    ['1 推到周五 2 输单, list', 'numbered', { listed: 3, reminders: 2, it: true }, {}, 'list'],
    ['2, list', 'number', { listed: 3, reminders: 1, it: true }, { number: 2 }, 'list'],
    // Then the last reminder: only for what reads as an update or a report.
    ['聊过了, one reminder', 'report', { reminders: 1, it: true }, {}, 'reminder'],
    ['金额改50万, one reminder', 'update', { reminders: 1, it: true }, {}, 'reminder'],
    ['聊过了, two reminders', 'report', { reminders: 2, it: true }, {}, 'which-reminder'],
    ['在吗, one reminder', 'talk', { reminders: 1, it: true }, {}, 'nobody'],
    ['好, one reminder', 'yes', { reminders: 1, it: true }, {}, 'nobody'],
    // Then 它.
    ['50万, one reminder', 'value', { reminders: 1, it: true }, {}, 'it'],
    ['50万, nothing but 它', 'value', { it: true }, {}, 'it'],
    ['加10万, nothing but 它', 'update', { it: true }, {}, 'it'],
    // Nothing open: asked which one, or left alone.
    ['加10万, nothing', 'update', {}, {}, 'message'],
    ['50万, nothing', 'value', {}, {}, 'nobody'],
    ['1, nothing', 'number', {}, { number: 1 }, 'nobody'],
    ['好, nothing', 'yes', {}, {}, 'nobody'],
  ])('%s → %#', (_, kind, open, extra, expected) => {
    expect(owner(kind, open, extra)).toBe(expected);
  });
});

test.each([
  ['是', 'yes', null],
  ['好的。', 'yes', null],
  ['OK', 'yes', null],
  ['确认！', 'yes', null],
  ['取消', 'no', null],
  ['算了吧', 'no', null],
  ['修改', 'edit', null],
  ['１', 'number', 1],
  ['第二个', 'number', 2],
  ['选3', 'number', 3],
  ['10', 'number', 10],
])('“%s” is a short reply: %s', (text, kind, number) => {
  expect(shortReply(text)).toEqual({ kind, number });
});

test.each(['50万', '是不是签了', '好的我改成50万', '1 推到周五', '不对，60万'])(
  '“%s” is more than a short reply',
  (text) => {
    expect(shortReply(text)).toBeNull();
  },
);

test.each([
  ['聊过了', true],
  ['电话聊过，下周三再约', true],
  ['今天拜访了，客户挺满意', true],
  ['客户说考虑一下', true],
  ['张总说要等预算', true],
  ['跟进了', true],
  ['聊过了吗？', false],
  ['在吗', false],
  ['今天好累啊', false],
  ['好的', false],
])('“%s” tells of a contact: %s', (text, expected) => {
  expect(tellsOfContact(text)).toBe(expected);
});
