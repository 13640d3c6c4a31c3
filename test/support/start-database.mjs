import { spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * One database for the whole run: `MONGODB_URI` when it is set, else the embedded one, built to dist
 * and started as the child process it always is. Each harness takes a database name of its own.
 */
export default async function startDatabase() {
  if (process.env.MONGODB_URI) {
    process.env.TEST_MONGODB_URI = process.env.MONGODB_URI;
    return;
  }
  const data = await mkdtemp(path.join(tmpdir(), 'opportunity-test-'));
  const child = spawn(
    process.execPath,
    ['dist/src/embedded-db/main.js', '--port', '0', '--data', data],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  globalThis.testDatabase = { child, data };
  process.env.TEST_MONGODB_URI = await new Promise((resolve, reject) => {
    let seen = '';
    child.stdout.on('data', (chunk) => {
      seen += chunk;
      const uri = /mongodb:\/\/[^\s"]+/.exec(seen)?.[0];
      if (uri) resolve(uri);
    });
    child.once('exit', (code) =>
      reject(new Error(`embedded database ended with ${code}; run \`npm run build\` first?`)),
    );
  });
}
