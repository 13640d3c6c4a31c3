import type { Socket } from 'node:net';
import { DbError } from '../errors.js';
import { errorReply, HANG_UP } from '../commands/dispatch.js';
import type { Doc } from '../bson/value.js';
import { Deframer, frameReply, parseRequest, type Request } from './message.js';

/** Answers one request. */
export type Handler = (request: Request) => Promise<Doc | typeof HANG_UP>;

let replies = 0;

/**
 * One client. Its requests are answered one after the other, in order; while one is being worked on, nothing
 * more is read, so that a client can not fill the memory with requests.
 */
export function serveConnection(socket: Socket, handle: Handler): void {
  const deframer = new Deframer();
  socket.setNoDelay(true);
  const waiting: Buffer[] = [];
  let busy = false;

  const work = async (): Promise<void> => {
    busy = true;
    for (let message = waiting.shift(); message; message = waiting.shift()) {
      await answer(socket, message, handle);
    }
    busy = false;
    socket.resume();
  };

  socket.on('data', (chunk: Buffer) => {
    try {
      waiting.push(...deframer.push(chunk));
    } catch {
      // Bytes that are no messages: there is nothing to answer to.
      socket.destroy();
      return;
    }
    if (waiting.length === 0) return;
    if (waiting.length > 16) socket.pause();
    if (!busy) void work();
  });
  // A client that went away needs no answer; the socket closes by itself.
  socket.on('error', () => socket.destroy());
}

async function answer(socket: Socket, message: Buffer, handle: Handler): Promise<void> {
  const requestId = message.readInt32LE(4);
  let reply: Doc;
  let legacy = false;
  let silent = false;
  try {
    const request = parseRequest(message);
    ({ legacy, silent } = request);
    const handled = await handle(request);
    if (handled === HANG_UP) {
      socket.destroy();
      return;
    }
    reply = handled;
  } catch (error) {
    if (error instanceof DbError && error.code === 17) {
      socket.destroy();
      return;
    }
    reply = errorReply(error);
  }
  if (silent || socket.destroyed) return;
  replies = (replies + 1) & 0x7fffffff;
  send(socket, frameReply(requestId, reply, legacy, replies));
}

/** Up to here copying the parts together is cheaper than handing them over one by one. */
const COPIED_BYTES = 64 * 1024;

function send(socket: Socket, parts: readonly Buffer[]): void {
  const bytes = parts.reduce((sum, part) => sum + part.length, 0);
  if (bytes <= COPIED_BYTES) {
    socket.write(Buffer.concat(parts, bytes));
    return;
  }
  socket.cork();
  for (const part of parts) socket.write(part);
  socket.uncork();
}
