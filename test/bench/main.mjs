// `npm run bench [-- callbacks|replies|shorthand|embedded-db …] [-- --json]`: things measured side by side in one
// run, so that only ratios matter. Without names, all of them.
import { benchCallbacks } from './callbacks.mjs';
import { benchEmbeddedDb } from './embedded-db.mjs';
import { table } from './measure.mjs';
import { benchReplies } from './replies.mjs';
import { benchShorthand } from './shorthand.mjs';

/** Each measures and words what it found. */
const benches = {
  async callbacks() {
    const result = await benchCallbacks();
    const { bare, decrypt, callback, syncedPut } = result;
    const rows = [
      {
        what: 'bare Koa POST',
        ...bare,
        ofDecrypt: (bare.perSecond / decrypt.perSecond).toFixed(2),
      },
      { what: 'Koa + signature + decrypt', ...decrypt, ofDecrypt: '1.00' },
      {
        what: 'full callback (verified, stored, answered)',
        ...callback,
        ofDecrypt: result.fullOfDecrypt,
      },
      { what: 'one synced put of the same bytes', perSecond: syncedPut.alonePerSecond },
      { what: '50 synced puts at once', perSecond: syncedPut.fiftyAtOncePerSecond },
    ];
    say(table(`Callbacks, ${result.connections} connections`, rows));
    say(`full ÷ decrypt-only = ${result.fullOfDecrypt} (bar: ≥ 0.25)\n`);
    return result;
  },

  async replies() {
    const result = await benchReplies();
    say(table('Callback → reply on the screen', [result]));
    say(`p99 = ${result.p99Ms} ms (bar: ≤ 500 ms at ${result.offeredPerSecond}/s)\n`);
    return result;
  },

  async shorthand() {
    const result = await benchShorthand();
    const { sentences, ofChrono, lines } = result;
    say(table(`${lines} lines of the corpus`, sentences));
    say(`÷ chrono-node = ${ofChrono.ten} with 10 customers (bar: ≥ 0.3), `);
    say(`${ofChrono.tenThousand} with 10,000 (bar: ≥ 0.1)\n`);
    say(`4,000 characters ≤ ${result.longestMs} ms (bar: ≤ 20 ms)\n`);
    say(`command line: first answer after ${result.startUpMs} ms, ${result.memoryMb} MB\n`);
    return result;
  },

  async 'embedded-db'() {
    const result = await benchEmbeddedDb();
    const { start, operations, manners, documents } = result;
    say(table(`Embedded database: filling, starting with ${documents} documents, memory`, [start]));
    say(table('Operations, each beside the layer under it', operations));
    say(table('Ping while others have long work done (bar: p99 ≤ 5 × idle)', manners));
    return result;
  },
};

const json = process.argv.includes('--json');
const named = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const unknown = named.filter((name) => !(name in benches));
if (unknown.length > 0) {
  process.stderr.write(
    `no bench called ${unknown.join(', ')}: ${Object.keys(benches).join(', ')}\n`,
  );
  process.exit(2);
}

function say(text) {
  if (!json) process.stdout.write(text);
}

const results = {};
for (const name of named.length > 0 ? named : Object.keys(benches))
  results[name] = await benches[name]();
if (json) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
