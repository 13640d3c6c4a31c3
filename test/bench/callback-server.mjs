// One of the servers the callback benchmark compares, in a process of its own. Prints its port.
//   bare      Koa answers a POST
//   decrypt   Koa, signature checked, body decrypted and parsed
//   callback  our full callback: verified, stored durably, answered; working it off is measured elsewhere
import { randomUUID } from 'node:crypto';

import Koa from 'koa';
import getRawBody from 'raw-body';

import { createInbox } from '../../dist/src/inbox/index.js';
import { silentLogger, systemClock } from '../../dist/src/kernel/index.js';
import { connectStore } from '../../dist/src/store/index.js';
import { callbackRoutes, createWebApp, listen } from '../../dist/src/web/index.js';
import { createCallbackDoor } from '../../dist/src/wecom/index.js';

const [kind = '', keys = '{}', uri = ''] = process.argv.slice(2);
const door = createCallbackDoor(JSON.parse(keys));

function bareApp(answer) {
  const app = new Koa();
  app.use(async (context) => {
    const body = await getRawBody(context.req, { encoding: 'utf8' });
    answer(context, body);
    context.status = 200;
    context.body = '';
  });
  return app;
}

async function callbackApp() {
  const store = await connectStore({
    uri,
    clock: systemClock,
    log: silentLogger,
    pipeline: () => ({ stages: [], lossReasons: [] }),
  });
  const inbox = createInbox({
    store: store.inbox,
    dialogs: store.dialogs,
    outbox: store.outbox,
    // Nobody gets a lease: rows are stored and stay.
    leases: { acquire: async () => null, release: async () => undefined },
    instanceId: randomUUID(),
    clock: systemClock,
    log: silentLogger,
    handle: async () => ({ reply: null, passive: { kind: 'none' }, dialog: null }),
    apology: () => ({ kind: 'text', text: '' }),
    onReply: () => undefined,
    onFailed: async () => undefined,
  });
  return createWebApp([callbackRoutes({ door, inbox, clock: systemClock })], silentLogger);
}

const apps = {
  bare: async () => bareApp(() => undefined),
  decrypt: async () =>
    bareApp((context, rawBody) =>
      door.open({ query: context.query, rawBody, now: systemClock.now() }),
    ),
  callback: callbackApp,
};

const server = await listen(await apps[kind](), 0, '127.0.0.1');
process.stdout.write(`${server.port}\n`);
process.on('disconnect', () => process.exit(0));
