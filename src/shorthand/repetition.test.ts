import { readFileSync } from 'node:fs';

import { expect, test } from '@jest/globals';
import { parse } from 'yaml';

import { createCalendar } from '../domain/index.js';
import { CONTRACT_STAGES } from './contract.js';
import { MAX_CHARACTERS } from './lexer.js';
import { createReader } from './reader.js';

/*
 * A pattern that can be cut in several ways takes for ever on a long run of its own words: “12月预计签约的”
 * sixty times once did. Every phrasing of the corpus is therefore read over and over up to the limit; a
 * pattern that does not come back fails by the test's time limit.
 */
const EVERY = process.env['DEEP'] ? 1 : 9;
const TIMEOUT_MS = process.env['DEEP'] ? 300_000 : 60_000;

const reader = createReader({
  lexicon: {
    customers: [{ id: 'yonghui', name: '永辉超市' }],
    people: [{ id: 'luyuan', name: '陆远' }],
  },
  calendar: createCalendar([]),
  stages: CONTRACT_STAGES,
});
const now = new Date('2026-11-18T10:00:00+08:00');

type Entry = string | { said: (string | number)[] };
const phrasings = ['messages', 'nothing', 'amounts', 'days', 'follow-ups'].flatMap((file) =>
  (
    parse(readFileSync(new URL(`./corpus/${file}.yaml`, import.meta.url), 'utf8')) as Entry[]
  ).flatMap((entry) => (typeof entry === 'string' ? [entry] : entry.said.map(String))),
);

test(
  'what people say is read however often it is repeated',
  () => {
    const some = phrasings.filter((_, i) => i % EVERY === 0);
    for (const words of ['12月预计签约的', '不要把', ...some]) {
      for (const part of [words, words.slice(0, Math.ceil(words.length / 2))]) {
        const text = part.repeat(Math.ceil(MAX_CHARACTERS / part.length)).slice(0, MAX_CHARACTERS);
        const { answer, updates } = reader.read(text, { now });
        expect(updates.length + Number(answer !== undefined)).toBeGreaterThanOrEqual(0);
      }
    }
  },
  TIMEOUT_MS,
);
