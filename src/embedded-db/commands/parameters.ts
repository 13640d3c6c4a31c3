import { isNumeric, toDouble } from '../bson/value.js';
import { DbError, notSupported } from '../errors.js';
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

/** Profiling is off and stays off; shells ask for it. @throws DbError 115 when it is to be turned on */
export const profile: Command = ({ command }) => {
  const level = command['profile'];
  if (!isNumeric(level) || toDouble(level) > 0) throw notSupported('profiling is');
  return ok({ was: 0, slowms: 100, sampleRate: 1 });
};
