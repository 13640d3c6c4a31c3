import { isDoc, type Doc } from '../bson/value.js';
import { DbError } from '../errors.js';
import { ok, type Call, type Command, type CommandContext } from './command.js';

/** What a client may ask before it has proved who it is. */
const OPEN_COMMANDS = new Set([
  'hello',
  'isMaster',
  'ismaster',
  'ping',
  'buildInfo',
  'buildinfo',
  'saslStart',
  'saslContinue',
  'logout',
  'connectionStatus',
  'endSessions',
  'whatsmyuri',
]);

/** @throws DbError 13 */
export function requireAuthentication(name: string, context: CommandContext): void {
  if (context.authentication.authenticated || OPEN_COMMANDS.has(name)) return;
  throw new DbError(13, `Command ${name} requires authentication`);
}

export const saslStart: Command = ({ command, context }) =>
  ok(context.authentication.start(command));

export const saslContinue: Command = ({ command, context }) =>
  ok(context.authentication.proceed(command));

export const logout: Command = ({ context }) => {
  context.authentication.logout();
  return ok();
};

export const connectionStatus: Command = ({ context }) => {
  const { user } = context.authentication;
  const authenticatedUsers = user === undefined ? [] : [{ user, db: 'admin' }];
  const authenticatedUserRoles = user === undefined ? [] : [{ role: 'root', db: 'admin' }];
  return ok({ authInfo: { authenticatedUsers, authenticatedUserRoles } });
};

/** A hello may ask which mechanisms there are, and begin with one to save a round trip. */
export function helloAuthentication({ command, context }: Call): Doc {
  const { authentication } = context;
  const asked = command['saslSupportedMechs'];
  const speculative = command['speculativeAuthenticate'];
  const reply: Doc =
    asked === undefined ? {} : { saslSupportedMechs: [...authentication.mechanisms] };
  if (isDoc(speculative) && authentication.mechanisms.length > 0) {
    try {
      reply['speculativeAuthenticate'] = authentication.start(speculative);
    } catch (error) {
      // A failed guess is left out of the answer; the client then asks in so many words.
      if (!(error instanceof DbError)) throw error;
    }
  }
  return reply;
}
