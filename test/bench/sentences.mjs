import { createCalendar } from '../../dist/src/domain/index.js';
import { createReader } from '../../dist/src/shorthand/index.js';
import { readConfig } from '../../dist/src/settings/index.js';
import { percentile, round } from './measure.mjs';

const LINES = [
  '华东零号推进到谈判 50万 下周三签',
  '今天电话华东七号的张总，嫌贵，下周三再约',
  '华东三号加10万，月底签',
  '新建 华东九号MES二期 300万 需求确认 9月底签',
  '华东五号丢了，价格太高',
  '谈判阶段有哪些',
  '1 推到周五 2 已报价30万 3 输单 价格高',
  '明天下午三点提醒我给华东八号发方案',
];
const ROUNDS = 400;

/** Sentences read a second, all slots, with this many customers known. */
export async function benchSentences({ customers = 1_000 } = {}) {
  const { pipeline } = await readConfig('config');
  const digits = [...'零一二三四五六七八九'];
  const name = (n) => `华东${[...String(n)].map((digit) => digits[digit]).join('')}号科技有限公司`;
  const reader = createReader({
    lexicon: {
      customers: Array.from({ length: customers }, (_, n) => ({ id: `c${n}`, name: name(n) })),
      people: [{ id: 'zhangsan', name: '张三' }],
    },
    calendar: createCalendar([]),
    stages: pipeline.stages,
  });
  const now = new Date('2026-11-18T10:00:00+08:00');
  for (const line of LINES) reader.read(line, { now });
  const waits = [];
  const began = performance.now();
  for (let round = 0; round < ROUNDS; round++) {
    for (const line of LINES) {
      const at = performance.now();
      reader.read(line, { now });
      waits.push(performance.now() - at);
    }
  }
  const took = (performance.now() - began) / 1000;
  return {
    customers,
    perSecond: round(waits.length / took, 0),
    p50Ms: round(percentile(waits, 0.5), 3),
    p99Ms: round(percentile(waits, 0.99), 3),
  };
}
