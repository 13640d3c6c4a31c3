import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

import { Deframer, parseRequest } from '../../src/embedded-db/wire/message.js';

/** A command as it went over the wire, `$db` included. */
export type SentCommand = Readonly<Record<string, unknown>>;

export interface WireTap {
  /** The database behind the tap, without a database name; one server, whatever it is part of. */
  readonly uri: string;
  /** Everything asked so far, by whoever was given {@link uri}: no query can go round it. */
  commands(): readonly SentCommand[];
  stop(): Promise<void>;
}

/** Stands between clients and a database and notes every command. */
export async function startWireTap(databaseUri: string): Promise<WireTap> {
  const target = new URL(databaseUri);
  const commands: SentCommand[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const database = connect(Number(target.port || 27017), target.hostname);
    const deframer = new Deframer();
    client.on('data', (chunk: Buffer) => {
      for (const message of deframer.push(chunk)) commands.push(parseRequest(message).command);
    });
    client.pipe(database).pipe(client);
    for (const socket of [client, database]) {
      sockets.add(socket);
      // Either side may hang up at any time; the other one is told by hanging up on it.
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        client.destroy();
        database.destroy();
        sockets.delete(socket);
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const tapped = new URL(databaseUri);
  tapped.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  tapped.searchParams.set('directConnection', 'true');
  return {
    uri: tapped.href,
    commands: () => commands,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
