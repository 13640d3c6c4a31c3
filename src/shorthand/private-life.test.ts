import { describe, expect, test } from '@jest/globals';

import { isPrivateLife } from './private-life.js';
import { MARK } from './scene.js';

const customer = MARK.customer.repeat(2);
const withCustomer = (words: string): string => words.replace('某某', customer);

describe('talk of private life', () => {
  test.each([
    '某某的信用卡这个月要还8600',
    '跟房东签了合同，就在某某旁边',
    '我在某某买的羽绒服打7折 399',
    '表弟在某某上班，12月结婚',
    '某某今天跌了5个点',
  ])('%s is no deal', (words) => {
    expect(isPrivateLife(withCustomer(words))).toBe(true);
  });

  test.each([
    ['a topic that names a product', '某某 体检系统 80万'],
    ['a topic that names a department', '某某信用卡中心 200万'],
    ['a plain word of a deal beside one’s family', '老婆生孩子，某某的单子先放放'],
    ['an appointment beside the talk of the day', '我感冒了，某某约到下周三'],
    ['a clause of its own that tells of a signing', '今天儿子生日，某某签了50万'],
    ['a longer word that begins like a topic', '某某老公司搬了'],
    ['nothing of private life', '某某 50万'],
  ])('%s outweighs or is no talk of it', (_, words) => {
    expect(isPrivateLife(withCustomer(words))).toBe(false);
  });

  test('four thousand characters of topics are looked through once', () => {
    expect(isPrivateLife('体检系统'.repeat(1_000))).toBe(false);
  });
});
