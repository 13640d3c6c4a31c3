import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, jest, test } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { createEmbeddedServer, type EmbeddedServer } from './server.js';

let server: EmbeddedServer;
const sockets: Socket[] = [];

afterEach(async () => {
  jest.useRealTimers();
  jest.restoreAllMocks();
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.close();
});

async function aClient(): Promise<Socket> {
  const { hostname, port } = new URL(server.uri);
  const socket = connect(Number(port), hostname);
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

test('clients beyond the limit are turned away, those before it stay', async () => {
  server = await createEmbeddedServer({ mostConnections: 2 });
  const [first] = [await aClient(), await aClient()];
  const third = await aClient();
  await once(third, 'close');
  expect(first?.destroyed).toBe(false);
});

test('a message longer than any may be ends the conversation', async () => {
  server = await createEmbeddedServer({});
  const client = await aClient();
  const header = Buffer.alloc(16);
  header.writeInt32LE(48_000_001, 0);
  client.write(header);
  await once(client, 'close');
});

test('it tells its memory, and warns on stderr when that comes near the limit', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'performance', 'queueMicrotask'] });
  const said: string[] = [];
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  server = await createEmbeddedServer({ memoryLimitBytes: 1024 * 1024 });
  jest.advanceTimersByTime(60_000);
  expect(said.join('')).toMatch(/uses \d+ MB of memory \(limit 1 MB\).*MONGODB_URI/);
  jest.useRealTimers();
  const client = await MongoClient.connect(server.uri);
  const { mem } = await client.db('admin').command({ serverStatus: 1 });
  await client.close();
  expect(mem).toMatchObject({ limit: 1, resident: expect.any(Number) });
});
