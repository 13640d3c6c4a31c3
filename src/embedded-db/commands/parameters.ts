import { isNumeric, toDouble } from '../bson/value.js';
import { DbError } from '../errors.js';
import { ok, type Command } from './command.js';

/** The one parameter that can be set: how often expired documents are deleted. */
export const setParameter: Command = ({ command, context }) => {
  const seconds = command['ttlMonitorSleepSecs'];
  if (!isNumeric(seconds) || !(toDouble(seconds) > 0)) {
    throw new DbError(72, 'the embedded database only knows the parameter ttlMonitorSleepSecs');
  }
  const was = context.server.ttlEveryMs();
  context.server.setTtlEveryMs(toDouble(seconds) * 1000);
  return ok({ was: was / 1000 });
};
