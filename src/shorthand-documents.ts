import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { parse } from 'yaml';

import { phrasingPages, shortened } from './shorthand/index.js';
import type { Corpus, PhrasingPage } from './shorthand/index.js';

/*
 * docs/shorthand.md and the phrasing pages of 帮助 come from the corpus, so that what people are told
 * is what the tests read. `node src/launch.mjs shorthand-documents` writes both; a test compares them.
 */

const FOLDER = 'src/shorthand/corpus';
const GUIDE = 'docs/shorthand.md';
const HELP_PAGES = 'src/shorthand/help-pages.ts';

/** So much of a topic fits one chat message. */
const ROWS_IN_CHAT = 12;
const PHRASINGS_IN_CHAT = 3;

function readCorpus(): Corpus & { readonly nothing: readonly string[] } {
  const file = (name: string): unknown => parse(readFileSync(`${FOLDER}/${name}.yaml`, 'utf8'));
  return {
    amounts: file('amounts') as Corpus['amounts'],
    days: file('days') as Corpus['days'],
    followUps: file('follow-ups') as Corpus['followUps'],
    messages: file('messages') as Corpus['messages'],
    nothing: file('nothing') as string[],
  };
}

/** The texts of both files, by path. */
export function documents(): ReadonlyMap<string, string> {
  const corpus = readCorpus();
  const pages = phrasingPages(corpus);
  return new Map([
    [GUIDE, guide(pages, corpus.nothing)],
    [HELP_PAGES, module(pages.map((page) => shortened(page, ROWS_IN_CHAT, PHRASINGS_IN_CHAT)))],
  ]);
}

function module(pages: readonly PhrasingPage[]): string {
  return [
    "import type { PhrasingPage } from './phrasing-pages.js';",
    '',
    '/** What 帮助 shows of each topic. Written by `node src/launch.mjs shorthand-documents`; edit the corpus. */',
    'export const HELP_PAGES: readonly PhrasingPage[] = [',
    ...pages.flatMap(({ topic, rows }) => [
      `  { topic: ${JSON.stringify(topic)}, rows: [`,
      ...rows.map((row) => `    ${JSON.stringify(row)},`),
      '  ] },',
    ]),
    '];',
    '',
  ].join('\n');
}

function guide(pages: readonly PhrasingPage[], nothing: readonly string[]): string {
  const count = pages.flatMap(({ rows }) => rows.flatMap(({ said }) => said)).length;
  return [
    '# What reps may type',
    '',
    '<!-- Written by `node src/launch.mjs shorthand-documents` from src/shorthand/corpus; edit the corpus. -->',
    '',
    `The ${count} phrasings below, and ${nothing.length} messages that write nothing, are read by the tests on every run.`,
    'They are read as if typed at 10:00 on Wednesday 18 November 2026. Amounts, days and follow-ups stand',
    'behind a customer’s name (永辉 50万); the other lines are whole messages. Where words have two readings',
    '(周末; 下周三 said on a Sunday) the bot asks which is meant.',
    '',
    ...pages.flatMap(({ topic, rows }) => [
      `## ${topic}`,
      '',
      '| typed | read as |',
      '| --- | --- |',
      ...rows.map(({ said, means }) => `| ${said.map(cell).join('<br>')} | ${cell(means)} |`),
      '',
    ]),
    '## Nothing is written',
    '',
    nothing.map(cell).join(' · '),
    '',
  ].join('\n');
}

const cell = (text: string): string =>
  text.replace(/\\/g, '\\\\').replace(/\|/g, '\\|').replace(/\n/g, ' ⏎ ').replace(/</g, '&lt;');

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [path, text] of documents()) writeFileSync(path, text);
