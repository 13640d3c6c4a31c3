// `npm run bench [-- --json]`: everything side by side in one run, so that only ratios matter.
import { benchCallbacks } from './callbacks.mjs';
import { table } from './measure.mjs';
import { benchReplies } from './replies.mjs';
import { benchSentences } from './sentences.mjs';

const json = process.argv.includes('--json');
const say = (text) => {
  if (!json) process.stdout.write(text);
};

const callbacks = await benchCallbacks();
const { bare, decrypt, callback, syncedPut } = callbacks;
say(
  table(`Callbacks, ${callbacks.connections} connections`, [
    { what: 'bare Koa POST', ...bare, ofDecrypt: (bare.perSecond / decrypt.perSecond).toFixed(2) },
    { what: 'Koa + signature + decrypt', ...decrypt, ofDecrypt: '1.00' },
    {
      what: 'full callback (verified, stored, answered)',
      ...callback,
      ofDecrypt: callbacks.fullOfDecrypt,
    },
    { what: 'one synced put of the same bytes', perSecond: syncedPut.alonePerSecond },
    { what: '50 synced puts at once', perSecond: syncedPut.fiftyAtOncePerSecond },
  ]),
);
say(`full ÷ decrypt-only = ${callbacks.fullOfDecrypt} (bar: ≥ 0.25)\n`);

const replies = await benchReplies();
say(table('Callback → reply on the screen', [replies]));
say(`p99 = ${replies.p99Ms} ms (bar: ≤ 500 ms at ${replies.offeredPerSecond}/s)\n`);

const sentences = [];
for (const customers of [10, 1_000, 10_000]) sentences.push(await benchSentences({ customers }));
say(table('Sentences read', sentences));

if (json) process.stdout.write(`${JSON.stringify({ callbacks, replies, sentences }, null, 2)}\n`);
