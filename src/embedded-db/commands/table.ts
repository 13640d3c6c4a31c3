import { DbError } from '../errors.js';
import * as auth from './authentication.js';
import { aggregate } from './aggregate.js';
import {
  create,
  drop,
  dropDatabase,
  listCollections,
  listDatabases,
  renameCollection,
} from './collections.js';
import { collMod } from './coll-mod.js';
import type { Command } from './command.js';
import { count, distinct } from './count-distinct.js';
import { getMore, killCursors } from './cursor-commands.js';
import { deleteCommand } from './delete.js';
import { explain } from './explain.js';
import { find } from './find.js';
import { findAndModify } from './find-and-modify.js';
import { createIndexes, dropIndexes, listIndexes } from './indexes.js';
import { insert } from './insert.js';
import * as info from './server-info.js';
import { collStats, dbStats } from './stats.js';
import { configureFailPoint } from './fail-point.js';
import { profile, setParameter } from './parameters.js';
import { update } from './update.js';

function refusedTransaction(): never {
  // 115 and not 20: drivers rewrite 20 into a message about replica sets and storage engines.
  throw new DbError(
    115,
    'Transactions are not supported by the embedded database; set MONGODB_URI to use a replica set',
  );
}

/** Every command by the name it is called by. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  abortTransaction: refusedTransaction,
  aggregate,
  buildInfo: info.buildInfo,
  buildinfo: info.buildInfo,
  collMod,
  collStats,
  collstats: collStats,
  commitTransaction: refusedTransaction,
  configureFailPoint,
  connectionStatus: auth.connectionStatus,
  count,
  create,
  createIndexes,
  dbStats,
  dbstats: dbStats,
  delete: deleteCommand,
  deleteIndexes: dropIndexes,
  distinct,
  drop,
  dropDatabase,
  dropIndexes,
  endSessions: info.acknowledge,
  explain,
  find,
  findAndModify,
  findandmodify: findAndModify,
  getCmdLineOpts: info.getCmdLineOpts,
  getLog: info.getLog,
  getMore,
  getParameter: info.getParameter,
  hello: info.hello,
  hostInfo: info.hostInfo,
  insert,
  isMaster: info.hello,
  ismaster: info.hello,
  killAllSessions: info.acknowledge,
  killAllSessionsByPattern: info.acknowledge,
  killCursors,
  killSessions: info.acknowledge,
  listCollections,
  listDatabases,
  listIndexes,
  logout: auth.logout,
  ping: info.acknowledge,
  profile,
  refreshSessions: info.acknowledge,
  renameCollection,
  saslContinue: auth.saslContinue,
  saslStart: auth.saslStart,
  serverStatus: info.serverStatus,
  setParameter,
  startSession: info.startSession,
  update,
  whatsmyuri: info.whatsmyuri,
};
