import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { zh } from 'chrono-node';
import { parse } from 'yaml';

import { createCalendar } from '../../dist/src/domain/index.js';
import { readConfig } from '../../dist/src/settings/index.js';
import { createReader } from '../../dist/src/shorthand/index.js';
import { percentile, round } from './measure.mjs';

const CLI = 'dist/src/shorthand/cli.js';
const now = new Date('2026-11-18T10:00:00+08:00');
const WARM_UP_ROUNDS = 10;
const ROUNDS = 60;

/** Whole messages of the corpus, as typed. */
const lines = parse(readFileSync('src/shorthand/corpus/messages.yaml', 'utf8')).flatMap(
  ({ said }) => said,
);
/** The customers most of those lines speak of, and invented ones up to the number wanted. */
const KNOWN =
  '农夫山泉 永辉超市 浦发银行 安踏体育 福耀玻璃 紫金矿业 恒生电子 先导智能 绿城服务 大华技术';
const digits = [...'零一二三四五六七八九'];
const invented = (n) =>
  `华东${[...String(n)].map((digit) => digits[digit]).join('')}号科技有限公司`;

async function readerOf(customers) {
  const { pipeline } = await readConfig('config');
  const names = [...KNOWN.split(' '), ...Array.from({ length: customers }, (_, n) => invented(n))];
  return createReader({
    lexicon: {
      customers: names.slice(0, customers).map((name, n) => ({ id: `c${n}`, name })),
      people: [{ id: 'luyuan', name: '陆远' }],
    },
    calendar: createCalendar([]),
    stages: pipeline.stages,
  });
}

/**
 * The same lines read whole by us (all slots, 10 and 10,000 customers known) and searched for dates only
 * by chrono-node, round by round in turn so that a busy machine slows both.
 */
export async function benchShorthand() {
  const ten = await readerOf(10);
  const many = await readerOf(10_000);
  const subjects = [
    { what: 'full reading, 10 customers', read: (text) => ten.read(text, { now }) },
    { what: 'full reading, 10,000 customers', read: (text) => many.read(text, { now }) },
    { what: 'chrono-node zh.hans, dates only', read: (text) => zh.hans.parse(text, now) },
  ].map((subject) => ({ ...subject, rounds: [], waits: [] }));
  for (let turn = 0; turn < WARM_UP_ROUNDS + ROUNDS; turn++)
    for (const subject of subjects) measureRound(subject, turn >= WARM_UP_ROUNDS);
  const sentences = subjects.map(({ what, rounds, waits }) => ({
    what,
    perSecond: round(lines.length / (percentile(rounds, 0.5) / 1000), 0),
    p50Ms: round(percentile(waits, 0.5), 3),
    p99Ms: round(percentile(waits, 0.99), 3),
  }));
  const [withTen, withMany, chrono] = sentences;
  return {
    lines: lines.length,
    sentences,
    ofChrono: {
      ten: round(withTen.perSecond / chrono.perSecond, 2),
      tenThousand: round(withMany.perSecond / chrono.perSecond, 2),
    },
    longestMs: longest(ten),
    ...startUp(),
  };
}

function measureRound({ read, rounds, waits }, counts) {
  const began = performance.now();
  for (const line of lines) {
    const at = performance.now();
    read(line);
    if (counts) waits.push(performance.now() - at);
  }
  if (counts) rounds.push(performance.now() - began);
}

/** The slowest of several kinds of 4,000 characters, each the best of five readings. */
function longest(reader) {
  const kinds = [
    '永辉超市推进到谈判50万下周三签，',
    '1',
    '周',
    '(',
    '😀',
    '二十',
    'a1',
    ' ',
    '签了没签',
  ];
  const best = kinds.map((kind) => {
    const text = kind.repeat(4_000 / kind.length);
    return Math.min(
      ...Array.from({ length: 5 }, () => {
        const began = performance.now();
        reader.read(text, { now });
        return performance.now() - began;
      }),
    );
  });
  return round(Math.max(...best), 1);
}

/** The command line from its start to its first answer, and what it holds in memory then. */
function startUp() {
  const line = JSON.stringify({ id: 1, text: '永辉 50万', now: '2026-11-18T10:00:00+08:00' });
  const took = Array.from({ length: 5 }, () => {
    const began = performance.now();
    execFileSync(process.execPath, [CLI], { input: `${line}\n` });
    return performance.now() - began;
  });
  const { stderr } = spawnSync(
    process.execPath,
    [
      '--import',
      'data:text/javascript,process.on("exit",()=>console.error("rss",process.memoryUsage.rss()))',
      CLI,
    ],
    { input: `${line}\n`, encoding: 'utf8' },
  );
  return {
    startUpMs: round(percentile(took, 0.5), 0),
    memoryMb: round(Number(/rss (\d+)/.exec(stderr)?.[1]) / 1e6, 0),
  };
}
