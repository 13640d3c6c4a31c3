// Starts one of the programs below from dist/, building first when dist is missing or older than the
// sources, so that `npm ci` is the only step before `npm start` and `npm run demo`.
// In the container image only dist exists; there the program is started directly.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const programs = {
  main: 'dist/src/main.js',
  demo: 'dist/src/demo.js',
  'embedded-db': 'dist/src/embedded-db/main.js',
  shorthand: 'dist/src/shorthand/cli.js',
  'shorthand-documents': 'dist/src/shorthand-documents.js',
  doctor: 'dist/src/doctor.js',
  'config-check': 'dist/src/config-check.js',
  bench: 'test/bench/main.mjs',
};
const assets = ['src/emulator/page'];

/** Newest modification time, in ms, of any file under `folder`. */
function newestIn(folder) {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile() && !entry.name.endsWith('.test.ts')) {
      newest = Math.max(newest, statSync(path.join(entry.parentPath, entry.name)).mtimeMs);
    }
  }
  return newest;
}

function isStale() {
  const stamp = path.join(root, 'dist/.tsbuildinfo');
  if (!existsSync(stamp)) return true;
  const builtAt = statSync(stamp).mtimeMs;
  return ['src', 'bot-scripts'].some((folder) => newestIn(path.join(root, folder)) > builtAt);
}

function copyAssets() {
  for (const asset of assets) {
    const from = path.join(root, asset);
    if (existsSync(from)) cpSync(from, path.join(root, 'dist', asset), { recursive: true });
  }
}

function build() {
  process.stderr.write('building …\n');
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  copyAssets();
  // tsc leaves its stamp alone when nothing it reads has changed.
  const now = new Date();
  utimesSync(path.join(root, 'dist/.tsbuildinfo'), now, now);
}

const [name = '', ...rest] = process.argv.slice(2);
if (name === '--copy-assets') {
  copyAssets();
} else {
  const program = programs[name];
  if (!program) {
    process.stderr.write(`usage: node src/launch.mjs ${Object.keys(programs).join('|')}\n`);
    process.exit(2);
  }
  if (isStale()) build();
  const entry = path.join(root, program);
  process.argv = [process.argv[0], entry, ...rest];
  await import(pathToFileURL(entry).href);
}
