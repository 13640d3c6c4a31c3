import { isDoc, isNumeric, toDouble, type Doc } from '../bson/value.js';
import { DbError } from '../errors.js';
import { ok, type Command } from './command.js';

interface FailPoint {
  readonly data: Doc;
  /** How many commands it still hits. */
  left: number;
}

/** What a fail point does to a command. */
export interface Fault {
  readonly closeConnection: boolean;
  readonly error: DbError | undefined;
  /** Added to the answer of a command that otherwise succeeds. */
  readonly writeConcernError: Doc | undefined;
  readonly delayMs: number;
}

/**
 * MongoDB's `failCommand`, for tests that need a server to fail: only in a server started with
 * `--test-commands`.
 */
export class FailPoints {
  private active: FailPoint | undefined;

  set(command: Doc): void {
    const { mode, data } = command;
    if (mode === 'off') {
      this.active = undefined;
      return;
    }
    const times = isDoc(mode) && isNumeric(mode['times']) ? toDouble(mode['times']) : undefined;
    this.active = { data: isDoc(data) ? data : {}, left: times ?? Number.POSITIVE_INFINITY };
  }

  /** The fault for a command, if there is one; it counts down. */
  hit(name: string): Fault | undefined {
    const point = this.active;
    const names: unknown = point?.data['failCommands'];
    if (!point || point.left <= 0 || !Array.isArray(names) || !names.includes(name))
      return undefined;
    point.left--;
    const { data } = point;
    const code = data['errorCode'];
    const labels = Array.isArray(data['errorLabels']) ? { errorLabels: data['errorLabels'] } : {};
    return {
      closeConnection: data['closeConnection'] === true,
      error: isNumeric(code)
        ? new DbError(toDouble(code), `Failing command via 'failCommand' failpoint`, labels)
        : undefined,
      writeConcernError: isDoc(data['writeConcernError']) ? data['writeConcernError'] : undefined,
      delayMs: data['blockConnection'] === true ? Number(data['blockTimeMS'] ?? 0) : 0,
    };
  }
}

export const configureFailPoint: Command = ({ command, context }) => {
  if (!context.failPoints) throw new DbError(59, "no such command: 'configureFailPoint'");
  if (command['configureFailPoint'] !== 'failCommand') {
    throw new DbError(9, 'the embedded database only knows the fail point failCommand');
  }
  context.failPoints.set(command);
  return ok();
};
