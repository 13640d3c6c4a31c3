/**
 * The shorthand command line: JSONL `{"id","text","now","known"}` on stdin, one JSONL line
 * `{"id","updates"}` per input line on stdout, logs on stderr. One bad line never stops the stream.
 */
import { createInterface } from 'node:readline';

import { createLineAnswerer } from './line.js';

const answer = createLineAnswerer();
// The reader of our output may leave early (head); that is no error of ours.
process.stdout.on('error', () => process.exit(0));
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  if (line.trim() === '') continue;
  const { out, problem } = answer(line);
  if (problem !== undefined) process.stderr.write(`shorthand: a line was not read: ${problem}\n`);
  if (out !== undefined) process.stdout.write(`${out}\n`);
}
