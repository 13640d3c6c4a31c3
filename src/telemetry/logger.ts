import { pino, stdSerializers } from 'pino';

import type { Logger } from '../kernel/index.js';
import { redact } from './redaction.js';

export interface LoggerOptions {
  level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Where whole lines go; standard output unless told otherwise. */
  write?: (line: string) => void;
}

/** One JSON object per line, redacted as a whole before it leaves the process. */
export function createLogger({
  level,
  write = (line) => process.stdout.write(line),
}: LoggerOptions): Logger {
  return pino(
    {
      level,
      base: null,
      serializers: { error: stdSerializers.errWithCause, err: stdSerializers.errWithCause },
    },
    { write: (line: string) => write(redact(line)) },
  );
}
