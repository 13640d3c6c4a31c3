import { once } from 'node:events';
import { rm } from 'node:fs/promises';

export default async function stopDatabase() {
  const database = globalThis.testDatabase;
  if (!database) return;
  if (database.child.exitCode === null) {
    database.child.kill('SIGTERM');
    await once(database.child, 'exit');
  }
  await rm(database.data, { recursive: true, force: true });
}
